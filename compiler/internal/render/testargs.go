package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// testArguments is the name under which a generic test's text finds its arguments.
const testArguments = "_dbt_generic_test_kwargs"

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
	if looksLikeCall(text) {
		text = "{{ " + text + " }}"
	}
	if !strings.Contains(text, "{") {
		return jinja.Str(text), nil
	}
	t, diags := jinja.Parse(source.Whole(source.NewFile(c.node.OriginalPath, text)), dialectOfDbt)
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
