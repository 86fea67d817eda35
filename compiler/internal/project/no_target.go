package project

import "github.com/weft-data/weft/compiler/internal/jinja"

// noTarget is `target` for commands that need no profile, deps and clean: whatever is asked of it is an empty text, so that a project
// file that looks at target.type can still be read.
type noTarget struct{}

// TypeName is what Python calls such a dict.
func (noTarget) TypeName() string { return "DictDefaultEmptyStr" }

// IsMapping makes `target is mapping` true.
func (noTarget) IsMapping() {}

// Len is that of an empty dict.
func (noTarget) Len() int { return 0 }

// Each yields nothing.
func (noTarget) Each(func(jinja.Value) bool) {}

func (noTarget) String() string { return "{}" }

// Repr is Python's repr of an empty dict.
func (noTarget) Repr() string { return "{}" }

// Index gives the empty text for every key.
func (noTarget) Index(jinja.Value) (jinja.Value, bool, error) { return jinja.Str(""), true, nil }

// Attr gives the methods of an empty dict. All else is found by Index.
func (noTarget) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "get":
		return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
			if len(c.Args) > 1 {
				return c.Args[1], nil
			}
			return jinja.None, nil
		}), true, nil
	case "keys", "values", "items":
		return jinja.NewFunc(name, func(*jinja.Call) (jinja.Value, error) { return jinja.NewList(), nil }), true, nil
	}
	return nil, false, nil
}
