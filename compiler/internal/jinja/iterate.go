package jinja

import (
	"unicode/utf8"
)

// iterator gives the items of something one by one. Python's iterators are lazy, and templates can see that: a generator is
// used up by the first loop over it, and a loop sees items appended to the list it runs over.
type iterator interface {
	next() (v Value, ok bool, err error)
}

// Generator is a value that can be iterated over once: what filters like map and select give.
type Generator struct {
	name  string // Python's name of the type
	it    iterator
	depth int // how many generators it draws from, one through the other
}

// NewGenerator makes a value that yields items until next answers ok=false.
func NewGenerator(typeName string, next func() (v Value, ok bool, err error)) *Generator {
	return &Generator{name: typeName, it: nextFunc(next)}
}

// TypeName is Python's name of the type.
func (g *Generator) TypeName() string { return g.name }

type nextFunc func() (Value, bool, error)

func (f nextFunc) next() (Value, bool, error) { return f() }

type sliceIterator struct {
	items []Value
	i     int
}

func (s *sliceIterator) next() (Value, bool, error) {
	if s.i >= len(s.items) {
		return nil, false, nil
	}
	s.i++
	return s.items[s.i-1], true, nil
}

type listIterator struct {
	list *List
	i    int
}

func (l *listIterator) next() (Value, bool, error) {
	if l.i >= len(l.list.Items) {
		return nil, false, nil
	}
	l.i++
	return l.list.Items[l.i-1], true, nil
}

type stringIterator struct{ s string }

func (s *stringIterator) next() (Value, bool, error) {
	if s.s == "" {
		return nil, false, nil
	}
	_, n := utf8.DecodeRuneInString(s.s)
	c := s.s[:n]
	s.s = s.s[n:]
	return boxString(c), true, nil
}

type rangeIterator struct {
	r *Range
	i int64
}

func (r *rangeIterator) next() (Value, bool, error) {
	if r.i >= r.r.n {
		return nil, false, nil
	}
	r.i++
	return Int(r.r.start + (r.i-1)*r.r.step), true, nil
}

type dictIterator struct {
	d    *Dict
	kind viewKind
	i    int
	live int
}

func (it *dictIterator) next() (Value, bool, error) {
	if it.d.live != it.live {
		return nil, false, runtimeErrorf("dictionary changed size during iteration")
	}
	for it.i < len(it.d.entries) {
		e := &it.d.entries[it.i]
		it.i++
		if e.key == nil {
			continue
		}
		switch it.kind {
		case viewKeys:
			return e.key, true, nil
		case viewValues:
			return e.value, true, nil
		}
		return Tuple{e.key, e.value}, true, nil
	}
	return nil, false, nil
}

// iterate begins an iteration, as Python's iter().
func (x *exec) iterate(v Value) (iterator, error) {
	switch v := v.(type) {
	case *List:
		return &listIterator{list: v}, nil
	case Tuple:
		return &sliceIterator{items: v}, nil
	case *Dict:
		return &dictIterator{d: v, live: v.live}, nil
	case *View:
		return &dictIterator{d: v.d, kind: v.kind, live: v.d.live}, nil
	case *Range:
		return &rangeIterator{r: v}, nil
	case *Generator:
		return v.it, nil
	case *Set:
		return &dictIterator{d: &v.d, live: v.d.live}, nil
	case *Undefined:
		return &sliceIterator{}, nil
	case *groupTuple:
		return &sliceIterator{items: v.tuple()}, nil
	case *loopValue:
		return nil, typeErrorf("'LoopContext' object cannot be iterated over again")
	case Iterable:
		items, err := x.gather(v)
		return &sliceIterator{items: items}, err
	}
	if s, ok := asString(v); ok {
		return &stringIterator{s}, nil
	}
	return nil, typeErrorf("'%s' object is not iterable", v.TypeName())
}

// gather collects what a host's value yields.
func (x *exec) gather(v Iterable) ([]Value, error) {
	var items []Value
	var err error
	v.Each(func(item Value) bool {
		items = append(items, item)
		err = x.charge(itemCost)
		return err == nil
	})
	return items, err
}

// collect gives all items of something; the slice is the caller's own.
func (x *exec) collect(v Value) ([]Value, error) {
	switch v := v.(type) {
	case *List:
		if err := x.charge(len(v.Items) * itemCost); err != nil {
			return nil, err
		}
		return append([]Value(nil), v.Items...), nil
	case Tuple:
		if err := x.charge(len(v) * itemCost); err != nil {
			return nil, err
		}
		return append([]Value(nil), v...), nil
	}
	it, err := x.iterate(v)
	if err != nil {
		return nil, err
	}
	return x.drain(it)
}

func (x *exec) drain(it iterator) ([]Value, error) {
	var items []Value
	for {
		v, ok, err := it.next()
		if err == nil {
			err = x.charge(itemCost)
		}
		if err != nil || !ok {
			return items, err
		}
		items = append(items, v)
	}
}

// items is collect without a copy where the value has a slice; the result must not be changed or kept.
func (x *exec) items(v Value) ([]Value, error) {
	switch v := v.(type) {
	case *List:
		return v.Items, x.charge(len(v.Items))
	case Tuple:
		return v, x.charge(len(v))
	}
	return x.collect(v)
}

// length is Python's len().
func length(v Value) (int, error) {
	switch v := v.(type) {
	case *List:
		return len(v.Items), nil
	case Tuple:
		return len(v), nil
	case *Dict:
		return v.live, nil
	case *Undefined:
		return 0, nil
	case *Range:
		return int(v.n), nil
	case *groupTuple:
		return 2, nil
	case Sized:
		return v.Len(), nil
	}
	if s, ok := asString(v); ok {
		return utf8.RuneCountInString(s), nil
	}
	return 0, typeErrorf("object of type '%s' has no len()", v.TypeName())
}

// Range is Python's range.
type Range struct{ start, stop, step, n int64 }

// maxRange is the longest range there is, as in Jinja2's sandbox.
const maxRange = 100000

func newRange(start, stop, step int64) (*Range, error) {
	r := &Range{start: start, stop: stop, step: step}
	var span, by uint64
	switch {
	case step == 0:
		return nil, valueErrorf("range() arg 3 must not be zero")
	case step > 0 && stop > start:
		span, by = uint64(stop)-uint64(start), uint64(step)
	case step < 0 && stop < start:
		span, by = uint64(start)-uint64(stop), uint64(-step)
	default:
		return r, nil
	}
	n := (span-1)/by + 1
	if n > maxRange {
		return nil, &pyError{overflowError, "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000)."}
	}
	r.n = int64(n)
	return r, nil
}

// TypeName is Python's name of the type.
func (*Range) TypeName() string { return "range" }

// Len counts the numbers.
func (r *Range) Len() int { return int(r.n) }

func (r *Range) repr() string {
	s := "range(" + Text(Int(r.start)) + ", " + Text(Int(r.stop))
	if r.step != 1 {
		s += ", " + Text(Int(r.step))
	}
	return s + ")"
}

func (r *Range) has(i int64) bool {
	if r.n == 0 {
		return false
	}
	last := r.start + (r.n-1)*r.step
	return i >= min(r.start, last) && i <= max(r.start, last) && (i-r.start)%r.step == 0
}

func (r *Range) equal(o *Range) bool {
	return r.n == o.n && (r.n == 0 || r.start == o.start && (r.n == 1 || r.step == o.step))
}
