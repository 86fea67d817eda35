package render

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// dispatch picks the implementation of a macro for the dialect: in each package to search, first the macro prefixed with the
// dialect's name, then with its parents', then default__.
func (n *names) dispatch(order map[string][]string, name string, namespace jinja.Value) (*macro, error) {
	packages := []string{""}
	shown := "None"
	switch ns := namespace.(type) {
	case nil, jinja.NoneType:
	case jinja.Str:
		shown = string(ns)
		if o := order[shown]; len(o) > 0 {
			packages = o
		} else if n.isPackage(shown) {
			packages = []string{n.lib.root, shown}
		}
	default:
		return nil, failf(diag.MacroNotFound,
			"In adapter.dispatch, got a <class '%s'> macro_namespace argument (\"%s\"), but macro_namespace should be None or a string.",
			namespace.TypeName(), jinja.Text(namespace))
	}
	if pkg, macro, dotted := strings.Cut(name, "."); dotted {
		return nil, failf(diag.MacroNotFound,
			"In adapter.dispatch, got a macro name of \"%s\", but \".\" is not a valid macro name component. Did you mean `adapter.dispatch(\"%s\", macro_namespace=\"%s\")`?",
			name, macro, pkg)
	}
	for _, pkg := range packages {
		for _, prefix := range n.family.prefixes {
			if m := n.fromPackage(pkg, prefix+"__"+name); m != nil {
				return m, nil
			}
		}
	}
	var tried []string
	for _, pkg := range packages {
		for _, prefix := range n.family.prefixes {
			attempt := prefix + "__" + name
			if pkg != "" {
				attempt = pkg + "." + attempt
			}
			tried = append(tried, "'"+attempt+"'")
		}
	}
	return nil, failf(diag.MacroNotFound, "In dispatch: No macro named '%s' found within namespace: '%s'\n    Searched for: %s",
		name, shown, strings.Join(tried, ", "))
}

// callDispatch is adapter.dispatch(macro_name, macro_namespace=None, packages=None).
func (c *nodeContext) callDispatch(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "dispatch", "macro_name", "macro_namespace=", "packages=")
	if err != nil {
		return nil, err
	}
	name, ok := args[0].(jinja.Str)
	if !ok {
		return nil, failf(diag.TemplateArguments, "The macro_name parameter (%s) to adapter.dispatch was not a string", jinja.Text(args[0]))
	}
	if !isNone(args[2]) {
		return nil, fail(diag.TemplateArguments, fmt.Sprintf(
			"The \"packages\" argument of adapter.dispatch() has been deprecated.\nUse the \"macro_namespace\" argument instead.\nRaised during dispatch for: %s", name))
	}
	m, err := c.names.dispatch(c.engine.options.Dispatch, string(name), args[1])
	if err != nil {
		return nil, err
	}
	return c.bindMacro(m), nil
}
