package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// scanStaticTest reads a built-in generic test without running it, where running can be seen to give the same: the arguments
// are plain, and neither the test, what it dispatches to, nor get_where_subquery is overridden. None of them refers to
// anything but their arguments.
func (e *Engine) scanStaticTest(n *resource.Node, test *macro, d *dialectContext, found *resource.Scan) bool {
	config, ok := strings.CutPrefix(n.RawCode, "{{ "+test.res.Name+"(**"+testArguments+") }}")
	if !ok || n.Test.Kwargs == nil {
		return false
	}
	names := e.scope(n.Package, d)
	switch test.res.Name {
	case "test_not_null", "test_unique":
		// dbt has this shortcut itself: it takes the model's ref and looks at nothing else.
		model, _ := n.Test.Kwargs.Get("model")
		text, ok := model.(jinja.Str)
		return ok && staticWhereSubquery(string(text), found)
	case "test_accepted_values", "test_relationships":
	default:
		return false
	}
	for _, name := range []string{"get_where_subquery", test.res.Name} {
		if m := names.entries[name].macro; m == nil || !m.res.BuiltIn {
			return false
		}
		m, err := names.dispatch(e.options.Dispatch, name, jinja.Str("dbt"))
		if err != nil || !m.res.BuiltIn {
			return false
		}
	}
	for _, name := range []string{"ref", "source", "config"} {
		if names.entries[name].macro != nil {
			return false
		}
	}
	refs, sources := len(found.Refs), len(found.Sources)
	undo := func() bool {
		found.Refs, found.Sources = found.Refs[:refs], found.Sources[:sources]
		return false
	}
	for k, v := range n.Test.Kwargs.Entries {
		switch v := v.(type) {
		case jinja.Str:
			text := string(v)
			switch {
			case jinja.Text(k) == "column_name":
			case jinja.Text(k) == "model":
				if !staticWhereSubquery(text, found) {
					return undo()
				}
			case looksLikeCall(text):
				if !staticReference(strings.TrimSpace(text), found) {
					return undo()
				}
			case strings.Contains(text, "{"):
				return undo()
			}
		case *jinja.List:
			for _, item := range v.Items {
				if !plainScalar(item) {
					return undo()
				}
			}
		case *jinja.Dict:
			return undo()
		}
	}
	macros := len(found.Macros)
	found.Macros = append(found.Macros, "macro.dbt.get_where_subquery")
	if config == "" {
		return true
	}
	// A test with a config has its call of config() behind the call of the test; only that is run.
	text := n.Code
	if text.IsZero() {
		text = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	}
	t, diags := jinja.Parse(text.Sub(len(n.RawCode)-len(config), len(n.RawCode)), dialectOfDbt)
	c := e.context(n, modeParse)
	c.scan, c.macros = found, found.Macros
	if t == nil || len(diags) > 0 || c.capture(t, c.thread()) != nil {
		found.Macros = found.Macros[:macros]
		return undo()
	}
	found.Macros = c.macros
	return true
}

// plainScalar says whether a test's argument has nothing to render in it.
func plainScalar(v jinja.Value) bool {
	switch v := v.(type) {
	case jinja.Str:
		return !strings.Contains(string(v), "{") && !looksLikeCall(string(v))
	case *jinja.List, *jinja.Dict, jinja.Tuple:
		return false
	}
	return true
}

// staticWhereSubquery reads "{{ get_where_subquery(ref('x')) }}", which is how dbt writes the model of a test.
func staticWhereSubquery(text string, found *resource.Scan) bool {
	inner, ok := strings.CutPrefix(text, "{{ get_where_subquery(")
	if !ok {
		return false
	}
	inner, ok = strings.CutSuffix(inner, ") }}")
	return ok && staticReference(inner, found)
}

// staticReference reads ref('x'), ref('p', 'x'), ref('x', version='2') and source('s', 't') with plain quoted texts.
func staticReference(call string, found *resource.Scan) bool {
	if inner, ok := callOf(call, "ref"); ok {
		first, rest, ok := quoted(inner)
		if !ok {
			return false
		}
		ref := resource.Ref{Name: first, Version: jinja.None}
		if rest == "" {
			found.Refs = append(found.Refs, ref)
			return true
		}
		rest = strings.TrimLeft(rest[1:], " ")
		version := false
		for _, name := range []string{"version=", "v="} {
			if after, is := strings.CutPrefix(rest, name); is {
				rest, version = after, true
				break
			}
		}
		second, rest, ok := quoted(rest)
		if !ok || rest != "" {
			return false
		}
		if version {
			ref.Version = jinja.Str(second)
		} else {
			ref.Package, ref.Name = first, second
		}
		found.Refs = append(found.Refs, ref)
		return true
	}
	if inner, ok := callOf(call, "source"); ok {
		first, rest, ok := quoted(inner)
		if !ok || rest == "" {
			return false
		}
		second, rest, ok := quoted(strings.TrimLeft(rest[1:], " "))
		if !ok || rest != "" {
			return false
		}
		found.Sources = append(found.Sources, resource.SourceRef{Source: first, Table: second})
		return true
	}
	return false
}

// callOf is what stands between the parentheses of name(...).
func callOf(text, name string) (string, bool) {
	inner, ok := strings.CutPrefix(text, name+"(")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, ")")
}

// quoted reads a quoted text without escapes; rest is empty or begins with a comma.
func quoted(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return "", "", false
	}
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return "", "", false
	}
	text, rest = s[1:1+end], s[end+2:]
	if strings.ContainsAny(text, "\\\n") || rest != "" && rest[0] != ',' {
		return "", "", false
	}
	return text, rest, true
}
