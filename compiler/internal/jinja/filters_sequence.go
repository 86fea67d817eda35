package jinja

import (
	"strconv"
	"strings"
)

// sequenceFilters work on sequences. Those that Python writes as generators are lazy here too.
func sequenceFilters() map[string]*builtin {
	return map[string]*builtin{
		"batch":      define("linecount, fill_with=", filterBatch),
		"slice":      define("slices, fill_with=", filterSlice),
		"dictsort":   define("case_sensitive=, by=, reverse=", filterDictsort),
		"first":      define("", filterFirst),
		"last":       define("", filterLast),
		"random":     define("", filterRandom),
		"groupby":    define("attribute, default=, case_sensitive=", filterGroupby),
		"items":      define("", filterItems),
		"join":       define("d=, attribute=", filterJoin),
		"list":       define("", func(c invocation) (Value, error) { items, err := c.x.collect(c.v); return &List{items}, err }),
		"map":        define("*, **", filterMap),
		"max":        define("case_sensitive=, attribute=", extreme(OpGt)),
		"min":        define("case_sensitive=, attribute=", extreme(OpLt)),
		"reject":     define("*, **", selector(false, false)),
		"rejectattr": define("*, **", selector(false, true)),
		"select":     define("*, **", selector(true, false)),
		"selectattr": define("*, **", selector(true, true)),
		"reverse":    define("", filterReverse),
		"sort":       define("reverse=, case_sensitive=, attribute=", filterSort),
		"sum":        define("attribute=, start=", filterSum),
		"unique":     define("case_sensitive=, attribute=", filterUnique),
	}
}

// getter looks up an attribute path in an item: 'a.b.0'.
type getter struct {
	x        *exec
	parts    []Value
	fold     bool  // lower-case strings
	fallback Value // for what is undefined, or nil
}

func (x *exec) getter(attribute Value, fold bool, fallback Value) *getter {
	g := &getter{x: x, fold: fold}
	if fallback != nil && fallback != None {
		g.fallback = fallback
	}
	if attribute == nil || attribute == None {
		return g
	}
	path, ok := asString(attribute)
	if !ok {
		g.parts = []Value{attribute}
		return g
	}
	for _, part := range strings.Split(path, ".") {
		g.parts = append(g.parts, attributePart(part))
	}
	return g
}

func attributePart(part string) Value {
	if part != "" && strings.IndexFunc(part, func(r rune) bool { return !isDigitRune(r) }) < 0 {
		if i, err := strconv.Atoi(asciiDigits(part)); err == nil {
			return Int(i)
		}
	}
	return boxString(part)
}

func (g *getter) get(v Value) (Value, error) {
	var err error
	for _, part := range g.parts {
		if v, err = g.x.getitem(v, part); err != nil {
			return nil, err
		}
		if g.fallback != nil && isUndefined(v) {
			v = g.fallback
		}
	}
	if g.fold {
		if s, ok := asString(v); ok {
			return boxString(lower(s)), nil
		}
	}
	return v, nil
}

// generate makes the generator of a lazy filter. begin runs when the first item is asked for.
func generate(c *invocation, begin func() (func() (Value, bool, error), error)) (Value, error) {
	depth := 1
	if source, ok := c.v.(*Generator); ok {
		if depth = source.depth + 1; depth > maxRepr {
			return nil, limitErrorf("maximum recursion depth exceeded: a generator draws from %d others", source.depth)
		}
	}
	var next func() (Value, bool, error)
	done := false
	return &Generator{name: "generator", depth: depth, it: nextFunc(func() (Value, bool, error) {
		if done {
			return nil, false, nil
		}
		if next == nil {
			var err error
			if next, err = begin(); err != nil {
				done = true
				return nil, false, err
			}
		}
		v, ok, err := next()
		done = !ok || err != nil
		return v, ok, err
	})}, nil
}

func filterBatch(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		ended := false
		var ahead Value
		return func() (Value, bool, error) {
			var row []Value
			if ahead != nil {
				row, ahead = append(row, ahead), nil
			}
			for !ended {
				v, ok, err := it.next()
				if err == nil {
					err = c.x.charge(1)
				}
				if err != nil {
					return nil, false, err
				}
				if !ok {
					ended = true
					break
				}
				if Equal(Int(len(row)), c.arg(0)) {
					ahead = v
					return &List{row}, true, nil
				}
				row = append(row, v)
			}
			if len(row) == 0 {
				return nil, false, nil
			}
			if fill := c.or(1, None); fill != None {
				less, err := c.x.compare(OpLt, Int(len(row)), c.arg(0))
				if err != nil {
					return nil, false, err
				}
				if less {
					n, err := needInt(c.arg(0))
					if err != nil {
						return nil, false, err
					}
					if err := c.x.charge(n); err != nil {
						return nil, false, err
					}
					for len(row) < n {
						row = append(row, fill)
					}
				}
			}
			return &List{row}, true, nil
		}, nil
	})
}

func filterSlice(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		seq, err := c.x.collect(c.v)
		if err != nil {
			return nil, err
		}
		slices, err := needInt(c.arg(0))
		if err != nil {
			return nil, err
		}
		if slices == 0 {
			return nil, &pyError{zeroDivision, "integer division or modulo by zero"}
		}
		per, extra := 0, 0
		if slices > 0 {
			per, extra = len(seq)/slices, len(seq)%slices
		}
		offset, n := 0, 0
		return func() (Value, bool, error) {
			if n >= slices {
				return nil, false, nil
			}
			if err := c.x.charge((1 + per) * itemCost); err != nil {
				return nil, false, err
			}
			start := offset + n*per
			if n < extra {
				offset++
			}
			end := offset + (n+1)*per
			row := append([]Value(nil), seq[start:end]...)
			if fill := c.or(1, None); fill != None && n >= extra {
				row = append(row, fill)
			}
			n++
			return &List{row}, true, nil
		}, nil
	})
}

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

func filterFirst(c invocation) (Value, error) {
	it, err := c.x.iterate(c.v)
	if err != nil {
		return nil, err
	}
	v, ok, err := it.next()
	if err == nil && !ok {
		v = c.x.emptySequence("No first item, sequence was empty.")
	}
	return v, err
}

func (x *exec) emptySequence(message string) Value {
	return &Undefined{Message: message, sink: x.sink}
}

// reversible gives the items of what Python's reversed() takes.
func (x *exec) reversible(v Value) ([]Value, bool, error) {
	switch v.(type) {
	case *List, Tuple, *Dict, *View, *Range, *groupTuple:
	case *Undefined:
		return nil, false, nil
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

func filterLast(c invocation) (Value, error) {
	switch v := c.v.(type) { // no copy of the whole
	case *List:
		if n := len(v.Items); n > 0 {
			return v.Items[n-1], nil
		}
	case Tuple:
		if n := len(v); n > 0 {
			return v[n-1], nil
		}
	}
	items, ok, err := c.x.reversible(c.v)
	if err != nil {
		return nil, err
	}
	if !ok {
		if isUndefined(c.v) { // it has a length and items as far as Python's reversed() can see
			return c.x.emptySequence("No last item, sequence was empty."), nil
		}
		return nil, typeErrorf("'%s' object is not reversible", c.v.TypeName())
	}
	if len(items) == 0 {
		return c.x.emptySequence("No last item, sequence was empty."), nil
	}
	return items[0], nil
}

// filterRandom picks by a sequence that is the same in every run, so that output is.
func filterRandom(c invocation) (Value, error) {
	n, err := length(c.v)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return c.x.emptySequence("No random item, sequence was empty."), nil
	}
	th := c.x.th
	th.random = th.random*6364136223846793005 + 1442695040888963407
	return c.x.getitem(c.v, Int(int64(th.random>>33)%int64(n)))
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

func filterItems(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		switch v := c.v.(type) {
		case *Undefined:
			return (&sliceIterator{}).next, nil
		case *Dict:
			return (&dictIterator{d: v, kind: viewItems, live: v.live}).next, nil
		}
		if entries, ok := entriesOf(c.v); ok {
			var pairs []Value
			for k, val := range entries {
				pairs = append(pairs, Tuple{k, val})
			}
			return (&sliceIterator{items: pairs}).next, nil
		}
		return nil, typeErrorf("Can only get item pairs from a mapping.")
	})
}

func filterJoin(c invocation) (Value, error) {
	sep, err := textOf(c.or(0, emptyStr))
	if err != nil {
		return nil, err
	}
	it, err := c.x.iterate(c.v)
	if err != nil {
		return nil, err
	}
	get := (*getter)(nil)
	if a := c.or(1, None); a != None {
		get = c.x.getter(a, false, nil)
	}
	th := c.x.th
	start := len(th.buf)
	defer func() { th.buf = th.buf[:start] }()
	for first := true; ; first = false {
		v, ok, err := it.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if get != nil {
			if v, err = get.get(v); err != nil {
				return nil, err
			}
		}
		if !first {
			th.buf = append(th.buf, sep...)
		}
		if th.buf, err = appendText(th.buf, v); err != nil {
			return nil, err
		}
		if err := c.x.charge(1); err != nil {
			return nil, err
		}
		if len(th.buf)-start > th.Limits.Output {
			break
		}
	}
	if err := c.x.grow(len(th.buf) - start); err != nil {
		return nil, err
	}
	return boxString(string(th.buf[start:])), nil
}

// callFilter applies a filter by name.
func (x *exec) callFilter(name, v Value, args []Value, kwargs []Kwarg) (Value, error) {
	s, ok := asString(name)
	if ok && x.tmpl != nil {
		if host := x.tmpl.opts.Filters[s]; host != nil {
			return x.call(host, append([]Value{v}, args...), kwargs, x.tmpl.span)
		}
		if b := x.lang.filters[s]; b != nil {
			return b.invoke(invocation{x: x, v: v}, args, kwargs)
		}
	}
	return nil, &pyError{filterError, "No filter named " + Repr(name) + "."}
}

func (x *exec) callTest(name, v Value, args []Value, kwargs []Kwarg) (bool, error) {
	s, ok := asString(name)
	if ok && x.tmpl != nil {
		if host := x.tmpl.opts.Tests[s]; host != nil {
			v, err := x.call(host, append([]Value{v}, args...), kwargs, x.tmpl.span)
			return err == nil && Truth(v), err
		}
		if b := x.lang.tests[s]; b != nil {
			v, err := b.invoke(invocation{x: x, v: v}, args, kwargs)
			return err == nil && Truth(v), err
		}
	}
	return false, &pyError{filterError, "No test named " + Repr(name) + "."}
}

func filterMap(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		if !Truth(c.v) {
			return (&sliceIterator{}).next, nil
		}
		var apply func(Value) (Value, error)
		if len(c.extra) == 0 && hasKey(c.kwargs, "attribute") {
			var attribute, fallback Value
			for _, k := range c.kwargs {
				switch k.Name {
				case "attribute":
					attribute = k.Value
				case "default":
					fallback = k.Value
				default:
					return nil, typeErrorf("Unexpected keyword argument %s", quote(k.Name))
				}
			}
			apply = c.x.getter(attribute, false, fallback).get
		} else {
			if len(c.extra) == 0 {
				return nil, typeErrorf("map requires a filter argument")
			}
			apply = func(v Value) (Value, error) { return c.x.callFilter(c.extra[0], v, c.extra[1:], c.kwargs) }
		}
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		return func() (Value, bool, error) {
			v, ok, err := it.next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := c.x.charge(1); err != nil {
				return nil, false, err
			}
			v, err = apply(v)
			return v, err == nil, err
		}, nil
	})
}

func hasKey(kwargs []Kwarg, name string) bool {
	for _, k := range kwargs {
		if k.Name == name {
			return true
		}
	}
	return false
}

// selector is select, reject and their variants on an attribute.
func selector(keep, byAttr bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		return generate(&c, func() (func() (Value, bool, error), error) {
			if !Truth(c.v) {
				return (&sliceIterator{}).next, nil
			}
			args := c.extra
			var attribute *getter
			if byAttr {
				if len(args) == 0 {
					return nil, typeErrorf("Missing parameter for attribute name")
				}
				attribute = c.x.getter(args[0], false, nil)
				args = args[1:]
			}
			it, err := c.x.iterate(c.v)
			if err != nil {
				return nil, err
			}
			return func() (Value, bool, error) {
				for {
					item, ok, err := it.next()
					if err != nil || !ok {
						return nil, false, err
					}
					if err := c.x.charge(1); err != nil {
						return nil, false, err
					}
					v := item
					if attribute != nil {
						if v, err = attribute.get(item); err != nil {
							return nil, false, err
						}
					}
					pass := false
					if len(args) > 0 {
						if pass, err = c.x.callTest(args[0], v, args[1:], c.kwargs); err != nil {
							return nil, false, err
						}
					} else {
						pass = Truth(v)
					}
					if pass == keep {
						return item, true, nil
					}
				}
			}, nil
		})
	}
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

func filterUnique(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		get := c.x.getter(c.arg(1), !c.flag(0), nil)
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		seen := &Dict{}
		return func() (Value, bool, error) {
			for {
				v, ok, err := it.next()
				if err == nil {
					err = c.x.charge(1)
				}
				if err != nil || !ok {
					return nil, false, err
				}
				k, err := get.get(v)
				if err != nil {
					return nil, false, err
				}
				_, known, err := seen.Lookup(k)
				if err != nil {
					return nil, false, err
				}
				if !known {
					_ = seen.Store(k, None) // Lookup has shown that it can be hashed
					return v, true, nil
				}
			}
		}, nil
	})
}
