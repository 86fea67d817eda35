package jinja

import (
	"strings"
)

func filterDictsort(c invocation) (Value, error) {
	by, _ := asString(c.or(1, Str("key")))
	if by != "key" && by != "value" {
		return nil, valueErrorf(`You can only sort by either "key" or "value"`)
	}
	entries, ok := entriesOf(c.v)
	if !ok {
		if u, undef := c.v.(*Undefined); undef {
			return nil, undefinedFailure(u)
		}
		return nil, typeErrorf("'%s' object has no attribute 'items'", c.v.TypeName())
	}
	var pairs []Value
	for k, v := range entries {
		pairs = append(pairs, Tuple{k, v})
	}
	fold := !c.flag(0)
	items, err := c.x.sorted(pairs, func(p Value) (Value, error) {
		v := p.(Tuple)[0]
		if by == "value" {
			v = p.(Tuple)[1]
		}
		if s, ok := asString(v); ok && fold {
			return boxString(lower(s)), nil
		}
		return v, nil
	}, c.flag(2))
	return &List{items}, err
}

// reversible gives the items of what Python's reversed() takes.
func (x *exec) reversible(v Value) ([]Value, bool, error) {
	switch v.(type) {
	case *List, Tuple, *Dict, *View, *Range, *groupTuple:
	case *Undefined: // it has a length and items as far as Python's reversed() can see
		return nil, true, nil
	default:
		_, text := asString(v)
		if _, indexed := v.(Indexed); !text && !indexed {
			return nil, false, nil
		}
	}
	items, err := x.collect(v)
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
	return items, true, err
}

func filterReverse(c invocation) (Value, error) {
	if s, ok := asString(c.v); ok {
		r := []rune(s)
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		_, mark := c.v.(Markup)
		return wrap(string(r), mark), c.x.grow(len(s))
	}
	items, ok, err := c.x.reversible(c.v)
	if err != nil {
		return nil, err
	}
	if ok {
		name := "reversed"
		if _, list := c.v.(*List); list {
			name = "list_reverseiterator"
		}
		return &Generator{name: name, it: &sliceIterator{items: items}}, nil
	}
	if items, err = c.x.collect(c.v); err != nil {
		return nil, typeErrorf("argument must be iterable")
	}
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
	return &List{items}, nil
}

func filterGroupby(c invocation) (Value, error) {
	items, err := c.x.collect(c.v)
	if err != nil {
		return nil, err
	}
	key := c.x.getter(c.arg(0), !c.flag(2), c.arg(1))
	if items, err = c.x.sorted(items, key.get, false); err != nil {
		return nil, err
	}
	shown := c.x.getter(c.arg(0), false, c.arg(1))
	var out []Value
	var group *groupTuple
	var last Value
	for _, item := range items {
		k, err := key.get(item)
		if err != nil {
			return nil, err
		}
		if group == nil || !Equal(last, k) {
			group = &groupTuple{grouper: k, list: &List{}}
			if !c.flag(2) {
				if group.grouper, err = shown.get(item); err != nil {
					return nil, err
				}
			}
			out = append(out, group)
			last = k
		}
		group.list.Items = append(group.list.Items, item)
	}
	return &List{out}, nil
}

func extreme(op CompareOp) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		get := c.x.getter(c.arg(1), !c.flag(0), nil)
		var best, bestKey Value
		for {
			v, ok, err := it.next()
			if err == nil {
				err = c.x.charge(1)
			}
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			k, err := get.get(v)
			if err != nil {
				return nil, err
			}
			if best == nil {
				best, bestKey = v, k
				continue
			}
			better, err := c.x.compare(op, k, bestKey)
			if err != nil {
				return nil, err
			}
			if better {
				best, bestKey = v, k
			}
		}
		if best == nil {
			return c.x.emptySequence("No aggregated item, sequence was empty."), nil
		}
		return best, nil
	}
}

func filterSort(c invocation) (Value, error) {
	items, err := c.x.collect(c.v)
	if err != nil {
		return nil, err
	}
	// The key is a list, one entry for each attribute.
	var getters []*getter
	fold := !c.flag(1)
	if path, ok := asString(c.or(2, None)); ok {
		for _, p := range strings.Split(path, ",") {
			getters = append(getters, c.x.getter(Str(p), fold, nil))
		}
	} else {
		getters = append(getters, c.x.getter(c.arg(2), fold, nil))
	}
	key := func(v Value) (Value, error) {
		keys := make([]Value, len(getters))
		for i, g := range getters {
			k, err := g.get(v)
			if err != nil {
				return nil, err
			}
			keys[i] = k
		}
		return &List{keys}, nil
	}
	items, err = c.x.sorted(items, key, c.flag(0))
	return &List{items}, err
}

func filterSum(c invocation) (Value, error) {
	it, err := c.x.iterate(c.v)
	if err != nil {
		return nil, err
	}
	total := c.or(1, Int(0))
	if _, text := asString(total); text {
		return nil, typeErrorf("sum() can't sum strings [use ''.join(seq) instead]")
	}
	get := c.x.getter(c.arg(0), false, nil)
	for {
		v, ok, err := it.next()
		if err == nil {
			err = c.x.charge(1)
		}
		if err != nil || !ok {
			return total, err
		}
		if v, err = get.get(v); err != nil {
			return nil, err
		}
		if total, err = c.x.binaryOp(OpAdd, total, v); err != nil {
			return nil, err
		}
	}
}
