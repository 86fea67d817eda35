package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// testArguments is the name under which a generic test's text finds its arguments.
const testArguments = "_dbt_generic_test_kwargs"

// testFile is the name of the texts that make up a generic test. They are written by weft from a properties file, so a message
// that would point into one points at the test's declaration instead.
const testFile = "<generic test>"

// testTemplate is the text of a generic test as a template. Few texts serve all tests, so each is read once.
func (e *Engine) testTemplate(n *resource.Node) (*jinja.Template, diag.List) {
	if t, ok := e.testTexts.Load(n.RawCode); ok {
		return t.(*jinja.Template), nil
	}
	t, diags := jinja.Parse(source.Whole(source.NewFile(testFile, n.RawCode)), dialectOfDbt)
	if t == nil || len(diags) > 0 {
		for i := range diags {
			diags[i].Span = n.Declared
		}
		return t, ofNode(diags, n)
	}
	e.testTexts.Store(n.RawCode, t)
	return t, nil
}

// addTestArguments renders the arguments of a generic test to values and puts them into the context.
func (c *nodeContext) addTestArguments(thread *jinja.Thread) error {
	kwargs := jinja.NewDict(0)
	if given := c.node.Test.Kwargs; given != nil {
		kwargs = jinja.NewDict(given.Len())
		for k, v := range given.Entries {
			if jinja.Text(k) == "column_name" {
				kwargs.Set("column_name", v)
				continue
			}
			rendered, err := c.testArgument(thread, v)
			if err != nil {
				return err
			}
			if err := kwargs.Store(k, rendered); err != nil {
				return err
			}
		}
	}
	if c.extra == nil {
		c.extra = map[string]jinja.Value{}
	}
	c.extra[testArguments] = kwargs
	return nil
}

// testArgument renders one argument: texts as templates that give values, lists and dicts item by item.
func (c *nodeContext) testArgument(thread *jinja.Thread, v jinja.Value) (jinja.Value, error) {
	switch v := v.(type) {
	case *jinja.List:
		out := jinja.NewList()
		for _, item := range v.Items {
			r, err := c.testArgument(thread, item)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, r)
		}
		return out, nil
	case *jinja.Dict:
		out := jinja.NewDict(v.Len())
		for k, item := range v.Entries {
			r, err := c.testArgument(thread, item)
			if err != nil {
				return nil, err
			}
			if err := out.Store(k, r); err != nil {
				return nil, err
			}
		}
		return out, nil
	case jinja.Str:
		return c.testText(thread, string(v))
	}
	return v, nil
}

func (c *nodeContext) testText(thread *jinja.Thread, text string) (jinja.Value, error) {
	if v, known, err := c.plainReference(thread, text); known {
		return v, err
	}
	if looksLikeCall(text) {
		text = "{{ " + text + " }}"
	}
	if !strings.Contains(text, "{") {
		return jinja.Str(text), nil
	}
	t, diags := jinja.Parse(source.Whole(source.NewFile(testFile, text)), dialectOfDbt)
	if t == nil {
		if len(diags) > 0 {
			d := diags[0]
			d.Span = c.node.Declared
			return nil, d
		}
		return jinja.Str(text), nil
	}
	return t.RenderNative(thread, c)
}

// plainReference evaluates the two texts that nearly all tests have as arguments, ref('x') and the call that wraps the model,
// without a template: tests are many. known is false for any other text.
func (c *nodeContext) plainReference(thread *jinja.Thread, text string) (v jinja.Value, known bool, err error) {
	inner, where := strings.CutPrefix(text, "{{ get_where_subquery(")
	if where {
		inner, where = strings.CutSuffix(inner, ") }}")
	}
	switch {
	case where:
	case looksLikeCall(text):
		inner = strings.TrimSpace(text)
	default:
		return nil, false, nil
	}
	wrap := c.names.entries["get_where_subquery"].macro
	if c.names.entries["ref"].macro != nil || c.names.entries["source"].macro != nil || where && wrap == nil {
		return nil, false, nil
	}
	var found resource.Scan
	if !staticReference(inner, &found) {
		return nil, false, nil
	}
	call := jinja.Call{Thread: thread, Scope: c, Span: c.node.Declared}
	if len(found.Sources) == 1 {
		call.Args = []jinja.Value{jinja.Str(found.Sources[0].Source), jinja.Str(found.Sources[0].Table)}
		v, err = c.callSource(&call)
	} else {
		ref := found.Refs[0]
		if ref.Package != "" {
			call.Args = append(call.Args, jinja.Str(ref.Package))
		}
		call.Args = append(call.Args, jinja.Str(ref.Name))
		if !isNone(ref.Version) {
			call.Kwargs = []jinja.Kwarg{{Name: "version", Value: ref.Version}}
		}
		v, err = c.callRef(&call)
	}
	if err != nil || !where {
		return v, true, err
	}
	v, err = c.bindMacro(wrap).Call(&jinja.Call{Thread: thread, Scope: c, Args: []jinja.Value{v}, Span: c.node.Declared})
	return v, true, err
}

// looksLikeCall says whether a test's argument is the text of a call that dbt takes without braces: ref('x').
func looksLikeCall(text string) bool {
	s := strings.TrimSpace(text)
	if !strings.HasSuffix(s, ")") {
		return false
	}
	for _, name := range []string{"env_var", "ref", "var", "source", "doc"} {
		rest, ok := strings.CutPrefix(s, name)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " \t\r\n\f\v")
		// the dot of dbt's pattern does not match a line end
		return len(rest) > 2 && rest[0] == '(' && !strings.Contains(rest, "\n")
	}
	return false
}
