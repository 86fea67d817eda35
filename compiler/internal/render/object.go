package render

import (
	"fmt"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// object is a value of the host with a fixed set of attributes that are made when they are asked for: `config`, `exceptions`,
// `builtins`. kind is Python's name of its type.
type object struct {
	kind string
	attr func(name string) (jinja.Value, bool)
	keys func() []string
}

func (o *object) TypeName() string { return o.kind }

func (o *object) Attr(name string) (jinja.Value, bool, error) {
	v, ok := o.attr(name)
	return v, ok, nil
}

func (o *object) Index(key jinja.Value) (jinja.Value, bool, error) {
	name, ok := key.(jinja.Str)
	if !ok {
		return nil, false, nil
	}
	v, ok := o.attr(string(name))
	return v, ok, nil
}

func (o *object) Each(yield func(jinja.Value) bool) {
	if o.keys == nil {
		return
	}
	for _, k := range o.keys() {
		if !yield(jinja.Str(k)) {
			return
		}
	}
}

func (o *object) String() string { return o.Repr() }
func (o *object) Repr() string   { return fmt.Sprintf("<%s object>", o.kind) }

// lookupMethods adds what Python's mappings have to an attribute function: get, keys, items, values.
func lookupMethods(o *object, name string) (jinja.Value, bool) {
	switch name {
	case "get":
		return function("get", func(call *jinja.Call) (jinja.Value, error) {
			args, err := bind(call, "get", "key", "default=")
			if err != nil {
				return nil, err
			}
			if key, ok := args[0].(jinja.Str); ok {
				if v, ok := o.attr(string(key)); ok {
					return v, nil
				}
			}
			return args[1], nil
		}), true
	case "keys", "items", "values":
		return function(name, func(*jinja.Call) (jinja.Value, error) {
			out := jinja.NewList()
			for _, key := range o.keys() {
				v, _ := o.attr(key)
				switch name {
				case "keys":
					v = jinja.Str(key)
				case "items":
					v = jinja.Tuple{jinja.Str(key), v}
				}
				out.Items = append(out.Items, v)
			}
			return out, nil
		}), true
	}
	return nil, false
}
