package warehouse

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// fail is the error of a host function: a diagnostic at the place of the call.
func fail(c *jinja.Call, code diag.Code, format string, args ...any) error {
	d := diag.Diagnostic{Code: code, Detail: fmt.Sprintf(format, args...)}
	if c != nil {
		d.Span = c.Span
	}
	return d
}

// bind puts the arguments of a call into the order of params, as Python does. A param that ends in "?" may be left out and is
// then nil; a last param "**" takes every further keyword into extra.
func bind(c *jinja.Call, fn string, params ...string) (args []jinja.Value, extra []jinja.Kwarg, err error) {
	open := len(params) > 0 && params[len(params)-1] == "**"
	if open {
		params = params[:len(params)-1]
	}
	if len(c.Args) > len(params) {
		return nil, nil, fail(c, diag.CallArguments, "%s() takes %d positional argument%s but %d were given", fn, len(params), plural(len(params)), len(c.Args))
	}
	args = make([]jinja.Value, len(params))
	copy(args, c.Args)
next:
	for _, kw := range c.Kwargs {
		for i, p := range params {
			if strings.TrimSuffix(p, "?") == kw.Name {
				if args[i] != nil {
					return nil, nil, fail(c, diag.CallArguments, "%s() got multiple values for argument '%s'", fn, kw.Name)
				}
				args[i] = kw.Value
				continue next
			}
		}
		if !open {
			return nil, nil, fail(c, diag.CallArguments, "%s() got an unexpected keyword argument '%s'", fn, kw.Name)
		}
		extra = append(extra, kw)
	}
	var missing []string
	for i, p := range params {
		if args[i] == nil && !strings.HasSuffix(p, "?") {
			missing = append(missing, "'"+p+"'")
		}
	}
	if len(missing) > 0 {
		return nil, nil, fail(c, diag.CallArguments, "%s() missing %d required positional argument%s: %s", fn, len(missing), plural(len(missing)), strings.Join(missing, ", "))
	}
	return args, extra, nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// isNone says that an optional argument was left out or is None.
func isNone(v jinja.Value) bool { return v == nil || v == jinja.None }

// str is the text of a string argument; ok is false for any other type.
func str(v jinja.Value) (string, bool) {
	s, ok := v.(jinja.Str)
	return string(s), ok
}

// optBool reads an optional boolean argument: nil where it is None or left out.
func optBool(v jinja.Value) *bool {
	if isNone(v) {
		return nil
	}
	b := jinja.Truth(v)
	return &b
}

// method makes a value of a Go function, named as in Python.
func method(name string, f func(c *jinja.Call) (jinja.Value, error)) jinja.Value {
	return jinja.NewFunc(name, f)
}

// text makes a Str, or None of a nil.
func text(s *string) jinja.Value {
	if s == nil {
		return jinja.None
	}
	return jinja.Str(*s)
}
