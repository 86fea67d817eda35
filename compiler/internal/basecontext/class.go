package basecontext

import (
	"fmt"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// class is a Python class as templates see it: called to make a value, with attributes of its own.
type class struct {
	name  string // "datetime.datetime"
	make  func(c *jinja.Call) (jinja.Value, error)
	attrs map[string]jinja.Value
}

func (*class) TypeName() string { return "type" }
func (k *class) String() string { return "<class '" + k.name + "'>" }
func (k *class) Repr() string   { return k.String() }

// Call makes a value of the class.
func (k *class) Call(c *jinja.Call) (jinja.Value, error) { return k.make(c) }

// Attr finds what belongs to the class itself.
func (k *class) Attr(name string) (jinja.Value, bool, error) {
	v, ok := k.attrs[name]
	return v, ok, nil
}

// method makes a function of named arguments; see params for their form.
func method(name string, names []string, f func(a []jinja.Value) (jinja.Value, error)) *jinja.Func {
	return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, name, names...)
		if err != nil {
			return nil, err
		}
		return f(a)
	})
}

// getter makes a method without arguments.
func getter(name string, f func() jinja.Value) *jinja.Func {
	return method(name, nil, func([]jinja.Value) (jinja.Value, error) { return f(), nil })
}

// module is a Python module as templates see it in `modules`: a mapping of names.
func module(entries map[string]jinja.Value) *jinja.Dict {
	d := jinja.NewDict(len(entries))
	for _, name := range sortedKeys(entries) {
		d.Set(name, entries[name])
	}
	return d
}

// whole is the value of an integer argument; Python takes a bool for one.
func whole(fn string, v jinja.Value) (int, error) {
	switch v := v.(type) {
	case jinja.Int:
		if v > 1<<40 || v < -1<<40 {
			return 0, fmt.Errorf("Python int too large to convert to C int") //nolint:staticcheck // Python's text
		}
		return int(v), nil
	case jinja.Bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case reFlag:
		return int(v), nil
	}
	return 0, fmt.Errorf("'%s' object cannot be interpreted as an integer", v.TypeName())
}
