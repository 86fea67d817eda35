package warehouse

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/seedcsv"
)

// sequence is agate's MappedSequence, Row or Column: values, perhaps with keys.
type sequence struct {
	class  string
	values []jinja.Value
	keys   []string
	// table and index are set for a column.
	table *Table
	index int
}

// TypeName is Python's.
func (s *sequence) TypeName() string { return s.class }

// Len counts the values.
func (s *sequence) Len() int { return len(s.values) }

// Each goes through the values.
func (s *sequence) Each(yield func(jinja.Value) bool) {
	for _, v := range s.values {
		if !yield(v) {
			return
		}
	}
}

// Index is a value by number or key.
func (s *sequence) Index(key jinja.Value) (jinja.Value, bool, error) {
	switch k := key.(type) {
	case jinja.Int:
		if k < 0 {
			k += jinja.Int(len(s.values))
		}
		if k < 0 || int(k) >= len(s.values) {
			return nil, false, nil
		}
		return s.values[k], true, nil
	case jinja.Str:
		if i := slices.Index(s.keys, string(k)); i >= 0 {
			return s.values[i], true, nil
		}
	}
	return nil, false, nil
}

// Slice is a tuple of some of the values.
func (s *sequence) Slice(start, stop, step jinja.Value) (jinja.Value, error) {
	by := 1
	if n, ok := step.(jinja.Int); ok {
		by = int(n)
	}
	if by == 0 {
		return nil, fail(nil, diag.TableOperation, "slice step cannot be zero")
	}
	n := len(s.values)
	bound := func(v jinja.Value, otherwise, low, high int) int {
		i, ok := v.(jinja.Int)
		if !ok {
			return otherwise
		}
		if i < 0 {
			i += jinja.Int(n)
		}
		return int(max(jinja.Int(low), min(i, jinja.Int(high))))
	}
	out := jinja.Tuple{}
	if by > 0 {
		for i, end := bound(start, 0, 0, n), bound(stop, n, 0, n); i < end; i += by {
			out = append(out, s.values[i])
		}
		return out, nil
	}
	for i, end := bound(start, n-1, -1, n-1), bound(stop, -1, -1, n-1); i > end; i += by {
		out = append(out, s.values[i])
	}
	return out, nil
}

// Contains says whether a value is in the sequence.
func (s *sequence) Contains(item jinja.Value) (bool, error) {
	return slices.ContainsFunc(s.values, func(v jinja.Value) bool { return jinja.Equal(v, item) }), nil
}

// Equal compares with any sequence.
func (s *sequence) Equal(other jinja.Value) bool {
	var values []jinja.Value
	switch o := other.(type) {
	case *sequence:
		values = o.values
	case jinja.Tuple:
		values = o
	case *jinja.List:
		values = o.Items
	default:
		return false
	}
	return slices.EqualFunc(s.values, values, jinja.Equal)
}

// String and Repr show the first values, as agate does.
func (s *sequence) String() string {
	var b strings.Builder
	b.WriteString("<agate." + s.class + ": (")
	for i, v := range s.values {
		if i == 5 {
			b.WriteString(", ...")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(jinja.Repr(v))
	}
	b.WriteString(")>")
	return b.String()
}

// Repr is what String gives.
func (s *sequence) Repr() string { return s.String() }

// Attr finds a method, or a column's property. A row's cell is found as an item, which Jinja tries next.
func (s *sequence) Attr(name string) (jinja.Value, bool, error) {
	if s.table != nil {
		switch name {
		case "name":
			return jinja.Str(s.table.names[s.index]), true, nil
		case "index":
			return jinja.Int(s.index), true, nil
		case "data_type":
			return dataType(s.table.types[s.index]), true, nil
		}
	}
	give := func(f func() jinja.Value) (jinja.Value, bool, error) {
		return method(name, func(c *jinja.Call) (jinja.Value, error) {
			_, _, err := bind(c, name)
			return f(), err
		}), true, nil
	}
	switch name {
	case "values":
		return give(func() jinja.Value { return jinja.Tuple(s.values) })
	case "keys":
		return give(func() jinja.Value {
			if s.keys == nil {
				return jinja.None
			}
			return textTuple(s.keys)
		})
	case "items":
		return give(func() jinja.Value {
			items := make(jinja.Tuple, len(s.keys))
			for i, k := range s.keys {
				items[i] = jinja.Tuple{jinja.Str(k), s.values[i]}
			}
			return items
		})
	case "dict":
		return give(func() jinja.Value {
			d := jinja.NewDict(len(s.keys))
			for i, k := range s.keys {
				d.Set(k, s.values[i])
			}
			return d
		})
	case "get":
		return method(name, func(c *jinja.Call) (jinja.Value, error) {
			args, _, err := bind(c, name, "key", "default?")
			if err != nil {
				return nil, err
			}
			if k, ok := args[0].(jinja.Str); ok {
				if v, ok, _ := s.Index(k); ok {
					return v, nil
				}
			}
			if args[1] == nil || !jinja.Truth(args[1]) {
				return jinja.None, nil
			}
			return args[1], nil
		}), true, nil
	}
	if s.table != nil {
		switch name {
		case "values_without_nulls":
			return give(func() jinja.Value { return s.withoutNulls() })
		case "values_distinct":
			return give(func() jinja.Value { return distinctValues(s.values) })
		case "values_sorted":
			return give(func() jinja.Value { return sortedValues(s.values) })
		case "values_without_nulls_sorted":
			return give(func() jinja.Value { return sortedValues(s.withoutNulls()) })
		}
	}
	return nil, false, nil
}

func (s *sequence) withoutNulls() jinja.Tuple {
	out := jinja.Tuple{}
	for _, v := range s.values {
		if v != jinja.None {
			out = append(out, v)
		}
	}
	return out
}

func distinctValues(values []jinja.Value) jinja.Tuple {
	out, seen := jinja.Tuple{}, map[string]bool{}
	for _, v := range values {
		if r := jinja.Repr(v); !seen[r] {
			seen[r] = true
			out = append(out, v)
		}
	}
	return out
}

func sortedValues(values []jinja.Value) *jinja.List {
	out := slices.Clone(values)
	slices.SortStableFunc(out, compareCells)
	return jinja.NewList(out...)
}

// dataType is a column's agate type.
type dataType seedcsv.Kind

// TypeName is agate's name of the type.
func (k dataType) TypeName() string { return seedcsv.Kind(k).String() }

// String is like Python's.
func (k dataType) String() string { return "<agate." + k.TypeName() + ">" }

// Repr is like Python's.
func (k dataType) Repr() string { return k.String() }
