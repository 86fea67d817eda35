package jinja

import (
	"math"
	"math/bits"
	"sort"
	"strconv"
)

// listTable are the methods of list.
func listTable() map[string]*builtin {
	return named(map[string]*builtin{
		"append": define("/, object", func(c invocation) (Value, error) {
			l := c.v.(*List)
			l.Items = append(l.Items, c.arg(0))
			return None, c.x.charge(itemCost)
		}),
		"extend": define("/, iterable", func(c invocation) (Value, error) {
			l := c.v.(*List)
			items, err := c.x.collect(c.arg(0))
			if err == nil {
				l.Items = append(l.Items, items...)
			}
			return None, err
		}),
		"insert": define("/, index, object", func(c invocation) (Value, error) {
			l := c.v.(*List)
			at, err := sliceIndexes([3]Value{c.arg(0), nil, nil}, len(l.Items))
			if err != nil {
				return nil, typeErrorf("'%s' object cannot be interpreted as an integer", c.arg(0).TypeName())
			}
			if err := c.x.charge(len(l.Items) / 64); err != nil {
				return nil, err
			}
			l.Items = append(l.Items, nil)
			copy(l.Items[at.start+1:], l.Items[at.start:])
			l.Items[at.start] = c.arg(1)
			return None, nil
		}),
		"pop": define("/, index=", func(c invocation) (Value, error) {
			l := c.v.(*List)
			n, err := c.int(0, -1)
			if err != nil {
				return nil, err
			}
			if len(l.Items) == 0 {
				return nil, lookupErrorf("pop from empty list")
			}
			i, ok := index(Int(n), len(l.Items))
			if !ok {
				return nil, lookupErrorf("pop index out of range")
			}
			v := l.Items[i]
			l.Items = append(l.Items[:i], l.Items[i+1:]...)
			return v, c.x.charge((len(l.Items) - i) / 64)
		}),
		"remove": define("/, value", func(c invocation) (Value, error) {
			l := c.v.(*List)
			for i, v := range l.Items {
				ok, err := c.x.equal(v, c.arg(0))
				if err != nil {
					return nil, err
				}
				if ok {
					l.Items = append(l.Items[:i], l.Items[i+1:]...)
					return None, c.x.charge(len(l.Items) / 8)
				}
			}
			return nil, valueErrorf("list.remove(x): x not in list")
		}),
		"clear": define("", func(c invocation) (Value, error) {
			c.v.(*List).Items = nil
			return None, nil
		}),
		"copy": define("", func(c invocation) (Value, error) {
			items, err := c.x.collect(c.v)
			return &List{items}, err
		}),
		"reverse": define("", func(c invocation) (Value, error) {
			l := c.v.(*List)
			for i, j := 0, len(l.Items)-1; i < j; i, j = i+1, j-1 {
				l.Items[i], l.Items[j] = l.Items[j], l.Items[i]
			}
			return None, c.x.charge(len(l.Items))
		}),
		"sort": define("key=, reverse=", func(c invocation) (Value, error) {
			l := c.v.(*List)
			var key func(Value) (Value, error)
			if k := c.or(0, None); k != None {
				key = func(v Value) (Value, error) { return c.x.call(k, []Value{v}, nil, c.at) }
			}
			items, err := c.x.sorted(l.Items, key, c.flag(1))
			if err == nil {
				l.Items = items
			}
			return None, err
		}),
		"index": define("/, value, start=, stop=", sequenceIndex),
		"count": define("/, value", sequenceCount),
	})
}

// tupleTable are the methods of tuple and range.
func tupleTable() map[string]*builtin {
	return named(map[string]*builtin{
		"index": define("/, value, start=, stop=", sequenceIndex),
		"count": define("/, value", sequenceCount),
	})
}

func sequenceIndex(c invocation) (Value, error) {
	items, err := c.x.items(c.v)
	if err != nil {
		return nil, err
	}
	at, err := sliceIndexes([3]Value{c.arg(1), c.arg(2), nil}, len(items))
	if err != nil {
		return nil, err
	}
	for i := at.start; i < at.stop; i++ {
		ok, err := c.x.equal(items[i], c.arg(0))
		if err != nil {
			return nil, err
		}
		if ok {
			return Int(i), nil
		}
	}
	if _, isList := c.v.(*List); isList {
		return nil, valueErrorf("%s is not in list", Repr(c.arg(0)))
	}
	return nil, valueErrorf("tuple.index(x): x not in tuple")
}

func sequenceCount(c invocation) (Value, error) {
	items, err := c.x.items(c.v)
	n := 0
	for _, v := range items {
		ok, bad := c.x.equal(v, c.arg(0))
		if bad != nil {
			return nil, bad
		}
		if ok {
			n++
		}
	}
	return Int(n), err
}

// sorted gives the items in order, stable, by key if there is one.
func (x *exec) sorted(items []Value, key func(Value) (Value, error), reverse bool) ([]Value, error) {
	type pair struct{ key, value Value }
	pairs := make([]pair, len(items))
	if err := x.charge(len(items) * (1 + bits.Len(uint(len(items))))); err != nil {
		return nil, err
	}
	for i, v := range items {
		k := v
		if key != nil {
			var err error
			if k, err = key(v); err != nil {
				return nil, err
			}
		}
		pairs[i] = pair{k, v}
	}
	var failed error
	sort.SliceStable(pairs, func(i, j int) bool {
		if failed != nil {
			return false
		}
		a, b := pairs[i].key, pairs[j].key
		if reverse {
			a, b = b, a
		}
		less, err := x.compare(OpLt, a, b)
		if err != nil {
			failed = err
		}
		return less
	})
	out := make([]Value, len(pairs))
	for i := range pairs {
		out[i] = pairs[i].value
	}
	return out, failed
}

// dictTable are the methods of dict.
func dictTable() map[string]*builtin {
	return named(map[string]*builtin{
		"get": define("/, key, default=", func(c invocation) (Value, error) {
			v, ok, err := c.v.(*Dict).Lookup(c.arg(0))
			if err != nil {
				return nil, err
			}
			if ok {
				return v, nil
			}
			return c.or(1, None), nil
		}),
		"keys":   define("", func(c invocation) (Value, error) { return &View{c.v.(*Dict), viewKeys}, nil }),
		"values": define("", func(c invocation) (Value, error) { return &View{c.v.(*Dict), viewValues}, nil }),
		"items":  define("", func(c invocation) (Value, error) { return &View{c.v.(*Dict), viewItems}, nil }),
		"update": define("/, other=, **", func(c invocation) (Value, error) {
			d := c.v.(*Dict)
			if err := c.x.update(d, c.arg(0)); err != nil {
				return nil, err
			}
			for _, k := range c.kwargs {
				d.Set(k.Name, k.Value)
			}
			return None, nil
		}),
		"setdefault": define("/, key, default=", func(c invocation) (Value, error) {
			d := c.v.(*Dict)
			v, ok, err := d.Lookup(c.arg(0))
			if err != nil || ok {
				return v, err
			}
			v = c.or(1, None)
			return v, d.Store(c.arg(0), v)
		}),
		"pop": define("/, key, default=", func(c invocation) (Value, error) {
			d := c.v.(*Dict)
			v, ok, err := d.Lookup(c.arg(0))
			if err != nil {
				return nil, err
			}
			if ok {
				return v, d.Remove(c.arg(0))
			}
			if v = c.arg(1); v == nil {
				return nil, lookupErrorf("%s", Repr(c.arg(0)))
			}
			return v, nil
		}),
		"popitem": define("", func(c invocation) (Value, error) {
			d := c.v.(*Dict)
			for i := len(d.entries) - 1; i >= 0; i-- {
				if e := d.entries[i]; e.key != nil {
					d.removeAt(i)
					return Tuple{e.key, e.value}, nil
				}
			}
			return nil, lookupErrorf("'popitem(): dictionary is empty'")
		}),
		"clear": define("", func(c invocation) (Value, error) {
			c.v.(*Dict).clear()
			return None, nil
		}),
		"copy": define("", func(c invocation) (Value, error) {
			d := c.v.(*Dict)
			return d.Copy(), c.x.charge(d.live * 2 * itemCost)
		}),
		"fromkeys": define("/, iterable, value=", func(c invocation) (Value, error) {
			return c.x.fromKeys(c.arg(0), c.or(1, None))
		}),
	})
}

func (x *exec) fromKeys(keys, v Value) (Value, error) {
	items, err := x.collect(keys)
	if err != nil {
		return nil, err
	}
	d := NewDict(len(items))
	for _, k := range items {
		if err := d.Store(k, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// update is dict.update with a mapping, or with pairs.
func (x *exec) update(d *Dict, v Value) error {
	if v == nil {
		return nil
	}
	if u, ok := v.(*Undefined); ok && !u.sink { // Python asks it for its keys
		return undefinedFailure(u)
	}
	if entries, ok := entriesOf(v); ok {
		var err error
		for k, val := range entries {
			if err = d.Store(k, val); err == nil {
				err = x.charge(itemCost)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	it, err := x.iterate(v)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		item, ok, err := it.next()
		if err != nil || !ok {
			return err
		}
		pair, err := x.collect(item)
		if err != nil {
			return typeErrorf("cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(pair) != 2 {
			return valueErrorf("dictionary update sequence element #%d has length %d; 2 is required", i, len(pair))
		}
		if err := d.Store(pair[0], pair[1]); err != nil {
			return err
		}
	}
}

// setTable are the methods of set; viewTable those of the views of a dict.
func setTable() map[string]*builtin {
	return named(map[string]*builtin{
		"add": define("/, elem", func(c invocation) (Value, error) { return None, c.v.(*Set).d.Store(c.arg(0), None) }),
		"discard": define("/, elem", func(c invocation) (Value, error) {
			return None, c.v.(*Set).d.Remove(c.arg(0))
		}),
		"remove": define("/, elem", func(c invocation) (Value, error) {
			s := c.v.(*Set)
			_, ok, err := s.d.Lookup(c.arg(0))
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, lookupErrorf("%s", Repr(c.arg(0)))
			}
			return None, s.d.Remove(c.arg(0))
		}),
		"pop": define("", func(c invocation) (Value, error) {
			s := c.v.(*Set)
			for k := range s.d.Entries {
				return k, s.d.Remove(k)
			}
			return nil, lookupErrorf("'pop from an empty set'")
		}),
		"clear": define("", func(c invocation) (Value, error) { c.v.(*Set).d.clear(); return None, nil }),
		"copy":  define("", func(c invocation) (Value, error) { return &Set{*c.v.(*Set).d.Copy()}, nil }),
		"update": define("*", func(c invocation) (Value, error) {
			for _, o := range c.extra {
				other, err := c.x.toSet(o)
				if err != nil {
					return nil, err
				}
				for k := range other.d.Entries {
					_ = c.v.(*Set).d.Store(k, None) // members are hashable
				}
			}
			return None, nil
		}),
		"union":                define("*", setOp("union")),
		"intersection":         define("*", setOp("intersection")),
		"difference":           define("*", setOp("difference")),
		"symmetric_difference": define("*", setOp("symmetric_difference")),
		"issubset":             define("/, other", setTest(func(a, b *Set) bool { return a.subset(b) })),
		"issuperset":           define("/, other", setTest(func(a, b *Set) bool { return b.subset(a) })),
		"isdisjoint":           define("/, other", setTest(func(a, b *Set) bool { return a.combine("intersection", b).d.live == 0 })),
	})
}

func viewTable() map[string]*builtin {
	return named(map[string]*builtin{
		"isdisjoint": define("/, other", setTest(func(a, b *Set) bool { return a.combine("intersection", b).d.live == 0 })),
	})
}

func (x *exec) toSet(v Value) (*Set, error) {
	if s := asSet(v); s != nil {
		return s, nil
	}
	items, err := x.items(v)
	if err != nil {
		return nil, err
	}
	return NewSet(items...)
}

func setOp(op string) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		out := &Set{*c.v.(*Set).d.Copy()}
		for _, o := range c.extra {
			other, err := c.x.toSet(o)
			if err != nil {
				return nil, err
			}
			if err := c.x.charge((out.d.live + other.d.live) * 2 * itemCost); err != nil {
				return nil, err
			}
			out = out.combine(op, other)
		}
		return out, nil
	}
}

func setTest(test func(a, b *Set) bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		other, err := c.x.toSet(c.arg(0))
		if err != nil {
			return nil, err
		}
		return Bool(test(asSet(c.v), other)), nil
	}
}

// intTable and floatTable are those of the numbers.
func intTable() map[string]*builtin {
	return named(map[string]*builtin{
		"bit_length": define("", func(c invocation) (Value, error) {
			i, b, _ := asInt(c.v)
			return Int(toBig(i, b).BitLen()), nil
		}),
		"conjugate":  define("", func(c invocation) (Value, error) { return c.v, nil }),
		"is_integer": define("", func(c invocation) (Value, error) { return Bool(true), nil }),
	})
}

func floatTable() map[string]*builtin {
	return named(map[string]*builtin{
		"is_integer": define("", func(c invocation) (Value, error) {
			f := float64(c.v.(Float))
			return Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
		}),
		"conjugate": define("", func(c invocation) (Value, error) { return c.v, nil }),
		"hex": define("", func(c invocation) (Value, error) {
			return Str(strconv.FormatFloat(float64(c.v.(Float)), 'x', -1, 64)), nil
		}),
	})
}
