package jinja

// Set is Python's set, ordered by insertion so that output is the same every time.
type Set struct{ d Dict }

// NewSet makes a set of the values; an unhashable one is an error.
func NewSet(items ...Value) (*Set, error) {
	s := &Set{}
	for _, v := range items {
		if err := s.d.Store(v, None); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// TypeName is Python's name of the type.
func (*Set) TypeName() string { return "set" }

// Len counts the members.
func (s *Set) Len() int { return s.d.live }

// Each yields the members.
func (s *Set) Each(yield func(Value) bool) {
	for k := range s.d.Entries {
		if !yield(k) {
			return
		}
	}
}

func (s *Set) items() []Value {
	out := make([]Value, 0, s.d.live)
	for k := range s.d.Entries {
		out = append(out, k)
	}
	return out
}

func (s *Set) has(v Value) bool {
	_, ok, _ := s.d.Lookup(v)
	return ok
}

func (s *Set) subset(o *Set) bool {
	for k := range s.d.Entries {
		if !o.has(k) {
			return false
		}
	}
	return true
}

// combine is the operations | & - ^ under the names of their methods.
func (s *Set) combine(op string, o *Set) *Set {
	out := &Set{}
	for k := range s.d.Entries {
		if op == "union" || op == "intersection" == o.has(k) {
			_ = out.d.Store(k, None) // members are hashable
		}
	}
	if op == "union" || op == "symmetric_difference" {
		for k := range o.d.Entries {
			if !s.has(k) {
				_ = out.d.Store(k, None)
			}
		}
	}
	return out
}

type viewKind uint8

const (
	viewKeys viewKind = iota
	viewValues
	viewItems
)

// View is what a dict's keys(), values() and items() give: it shows the dict as it is now.
type View struct {
	d    *Dict
	kind viewKind
}

// TypeName is Python's name of the type.
func (v *View) TypeName() string {
	return [...]string{"dict_keys", "dict_values", "dict_items"}[v.kind]
}

// Len counts the entries of the dict.
func (v *View) Len() int { return v.d.live }

func (v *View) items() []Value {
	out := make([]Value, 0, v.d.live)
	for k, val := range v.d.Entries {
		switch v.kind {
		case viewKeys:
			out = append(out, k)
		case viewValues:
			out = append(out, val)
		default:
			out = append(out, Tuple{k, val})
		}
	}
	return out
}

// Contains is `item in view`.
func (v *View) Contains(item Value) (bool, error) {
	if v.kind == viewKeys {
		_, ok, err := v.d.Lookup(item)
		return ok, err
	}
	for _, have := range v.items() {
		if Equal(have, item) {
			return true, nil
		}
	}
	return false, nil
}

func (v *View) set() *Set {
	s := &Set{}
	for _, item := range v.items() {
		_ = s.d.Store(item, None) // an unhashable item is left out
	}
	return s
}

// asSet gives the set that a value is in a set operation, or nil.
func asSet(v Value) *Set {
	switch v := v.(type) {
	case *Set:
		return v
	case *View:
		if v.kind != viewValues {
			return v.set()
		}
	}
	return nil
}
