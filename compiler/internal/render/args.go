package render

import (
	"fmt"
	"iter"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// bind lays the arguments of a call on named parameters, as Python would. A parameter that ends in "=" may be left out and is
// None then; all others are required. The result has one value for each parameter.
func bind(call *jinja.Call, function string, params ...string) ([]jinja.Value, error) {
	out := make([]jinja.Value, len(params))
	if len(call.Args) > len(params) {
		return nil, failf(diag.TemplateArguments, "%s() takes at most %d arguments (%d given)", function, len(params), len(call.Args))
	}
	copy(out, call.Args)
next:
	for _, kw := range call.Kwargs {
		for i, p := range params {
			if strings.TrimSuffix(p, "=") != kw.Name {
				continue
			}
			if out[i] != nil {
				return nil, failf(diag.TemplateArguments, "%s() got multiple values for argument '%s'", function, kw.Name)
			}
			out[i] = kw.Value
			continue next
		}
		return nil, failf(diag.TemplateArguments, "%s() got an unexpected keyword argument '%s'", function, kw.Name)
	}
	for i, p := range params {
		if out[i] != nil {
			continue
		}
		if !strings.HasSuffix(p, "=") {
			return nil, failf(diag.TemplateArguments, "%s() missing 1 required positional argument: '%s'", function, p)
		}
		out[i] = jinja.None
	}
	return out, nil
}

// isNone says whether a value is None or was not given.
func isNone(v jinja.Value) bool {
	if v == nil {
		return true
	}
	_, none := v.(jinja.NoneType)
	return none
}

// className is Python's repr of a value's type.
func className(v jinja.Value) string { return fmt.Sprintf("<class '%s'>", v.TypeName()) }

// function makes a host function that is a value of the context.
func function(name string, f func(call *jinja.Call) (jinja.Value, error)) jinja.Value {
	return jinja.NewFunc(name, f)
}

// strings as Python shows an optional one: None where there is none.
func textOrNone(s string) jinja.Value {
	if s == "" {
		return jinja.None
	}
	return jinja.Str(s)
}

// textList is a list of strings.
func textList(items []string) *jinja.List {
	out := make([]jinja.Value, len(items))
	for i, s := range items {
		out[i] = jinja.Str(s)
	}
	return jinja.NewList(out...)
}

// items are the values that iterating a value gives; none where it cannot be iterated.
func items(v jinja.Value) iter.Seq[jinja.Value] {
	return func(yield func(jinja.Value) bool) {
		var list []jinja.Value
		switch v := v.(type) {
		case *jinja.List:
			list = v.Items
		case jinja.Tuple:
			list = v
		case jinja.Iterable:
			v.Each(yield)
			return
		}
		for _, item := range list {
			if !yield(item) {
				return
			}
		}
	}
}
