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
