package jinja

import (
	"strings"
	"unicode/utf8"
)

// getattr is `v.name`: an attribute, else an item.
func (x *exec) getattr(v Value, name string) (Value, error) {
	switch o := v.(type) {
	case *Undefined:
		return x.undefinedAttr(o, name)
	case *Dict:
		if m := x.lang.dict[name]; m != nil {
			return &boundMethod{o, m, x}, nil
		}
		if val, ok := o.Get(name); ok {
			return val, nil
		}
		return x.noAttr(v, name), nil
	case Attributed:
		val, ok, err := o.Attr(name)
		if err != nil {
			return nil, err
		}
		if ok {
			return orNone(val), nil
		}
	default:
		if val := x.method(v, name); val != nil {
			return val, nil
		}
	}
	if o, ok := v.(Indexed); ok {
		val, ok, err := o.Index(boxString(name))
		if err != nil {
			return nil, err
		}
		if ok {
			return orNone(val), nil
		}
	}
	return x.noAttr(v, name), nil
}

func orNone(v Value) Value {
	if v == nil {
		return None
	}
	return v
}

func (x *exec) undefinedAttr(u *Undefined, name string) (Value, error) {
	if u.sink {
		switch { // these are attributes that dbt's object really has
		case name == "name":
			return boxString(u.Name), nil
		case strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__"):
			return u, nil
		}
		return &Undefined{Name: name, Message: u.Message, sink: true}, nil
	}
	return nil, undefinedFailure(u)
}

func (x *exec) noAttr(v Value, name string) Value {
	u := &Undefined{Name: name, of: v, sink: x.sink}
	if strings.HasPrefix(name, "__") {
		u.Message = "access to attribute " + quote(name) + " of " + quote(v.TypeName()) + " object is unsafe."
		u.unsafe = true
	}
	return u
}

// method gives an attribute of one of Python's types, or nil.
func (x *exec) method(v Value, name string) Value {
	if m := x.methodOf(v, name); m != nil {
		return &boundMethod{v, m, x}
	}
	switch v := v.(type) {
	case *Namespace:
		if val, ok := v.attrs.Get(name); ok {
			return val
		}
	case *groupTuple:
		switch name {
		case "grouper":
			return v.grouper
		case "list":
			return v.list
		}
	case *Range:
		switch name {
		case "start":
			return Int(v.start)
		case "stop":
			return Int(v.stop)
		case "step":
			return Int(v.step)
		}
	case Int, Bool, *BigInt:
		switch name {
		case "real", "numerator":
			if b, ok := v.(Bool); ok {
				i, _, _ := asInt(b)
				return Int(i)
			}
			return v
		case "imag":
			return Int(0)
		case "denominator":
			return Int(1)
		}
	case Float:
		switch name {
		case "real":
			return v
		case "imag":
			return Float(0)
		}
	}
	return nil
}

// methodOf finds a method of one of Python's types.
func (x *exec) methodOf(v Value, name string) *builtin {
	switch v.(type) {
	case Str, *Marked:
		return x.lang.str[name]
	case *Dict:
		return x.lang.dict[name]
	case *List:
		return x.lang.list[name]
	case Markup:
		if m := x.lang.markup[name]; m != nil {
			return m
		}
		return x.lang.str[name]
	case Tuple, *groupTuple, *Range:
		return x.lang.tuple[name]
	case Int, Bool, *BigInt:
		return x.lang.integer[name]
	case Float:
		return x.lang.float[name]
	case *Set:
		return x.lang.set[name]
	case *View:
		return x.lang.view[name]
	}
	return nil
}

// getitem is `v[key]`: an item, else an attribute of that name.
func (x *exec) getitem(v, key Value) (Value, error) {
	switch o := v.(type) {
	case *Undefined:
		if o.sink {
			return o, nil
		}
		return nil, undefinedFailure(o)
	case *Dict:
		val, ok, err := o.Lookup(key)
		if ok {
			return val, nil
		}
		if err != nil && !isPy(err, typeError) {
			return nil, err
		}
	case *List:
		if i, ok := index(key, len(o.Items)); ok {
			return o.Items[i], nil
		}
	case Tuple:
		if i, ok := index(key, len(o)); ok {
			return o[i], nil
		}
	case *groupTuple:
		if i, ok := index(key, 2); ok {
			return o.tuple()[i], nil
		}
	case *Range:
		if i, ok := index(key, int(o.n)); ok {
			return Int(o.start + int64(i)*o.step), nil
		}
	case Indexed:
		val, ok, err := o.Index(key)
		if err != nil {
			return nil, err
		}
		if ok {
			return orNone(val), nil
		}
	default:
		if s, ok := asString(v); ok {
			if err := x.charge(len(s) >> textShift); err != nil {
				return nil, err
			}
			if c, ok := charAt(s, key); ok {
				if _, mark := v.(Markup); mark {
					return asMarkup(c), nil
				}
				return c, nil
			}
		}
	}
	if name, ok := asString(key); ok {
		if a, ok := v.(Attributed); ok {
			val, found, err := a.Attr(name)
			if err != nil {
				return nil, err
			}
			if found {
				return orNone(val), nil
			}
		} else if val := x.method(v, name); val != nil {
			return val, nil
		}
		return x.noAttr(v, name), nil
	}
	return &Undefined{Name: Text(key), of: v, key: key, sink: x.sink}, nil
}

// index turns a key into a position of a sequence of n items.
func index(key Value, n int) (int, bool) {
	i, big, ok := asInt(key)
	if !ok || big != nil {
		return 0, false
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), i >= 0 && i < int64(n)
}

func charAt(s string, key Value) (Value, bool) {
	if isASCII(s) {
		i, ok := index(key, len(s))
		if !ok {
			return nil, false
		}
		return boxString(s[i : i+1]), true
	}
	r := []rune(s)
	i, ok := index(key, len(r))
	if !ok {
		return nil, false
	}
	return boxString(string(r[i])), true
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// slice is `v[start:stop:step]`.
func (x *exec) slice(v Value, bounds [3]Value) (Value, error) {
	switch o := v.(type) {
	case *List:
		at, err := sliceIndexes(bounds, len(o.Items))
		if err != nil {
			return nil, err
		}
		return &List{pick(o.Items, at)}, x.charge(at.n * itemCost)
	case *Range:
		at, err := sliceIndexes(bounds, int(o.n))
		if err != nil {
			return nil, err
		}
		start := o.start + int64(at.start)*o.step
		return &Range{start: start, stop: o.start + int64(at.stop)*o.step, step: o.step * int64(at.step), n: int64(at.n)}, nil
	case *Undefined:
		if o.sink {
			return o, nil
		}
		return nil, undefinedFailure(o)
	case *Dict:
		return nil, typeErrorf("unhashable type: 'slice'")
	case Slicer:
		return o.Slice(bounds[0], bounds[1], bounds[2])
	}
	if t, ok := asTuple(v); ok {
		at, err := sliceIndexes(bounds, len(t))
		if err != nil {
			return nil, err
		}
		return Tuple(pick(t, at)), x.charge(at.n * itemCost)
	}
	s, ok := asString(v)
	if !ok {
		return nil, typeErrorf("'%s' object is not subscriptable", v.TypeName())
	}
	if err := x.grow(len(s)); err != nil {
		return nil, err
	}
	text, err := sliceString(s, bounds)
	if err != nil {
		return nil, err
	}
	if _, mark := v.(Markup); mark {
		return Markup(text), nil
	}
	return boxString(text), nil
}

func sliceString(s string, bounds [3]Value) (string, error) {
	if isASCII(s) {
		at, err := sliceIndexes(bounds, len(s))
		if err != nil {
			return "", err
		}
		if at.step == 1 {
			return s[at.start : at.start+at.n], nil
		}
		out := make([]byte, at.n)
		for i := range out {
			out[i] = s[at.start+i*at.step]
		}
		return string(out), nil
	}
	r := []rune(s)
	at, err := sliceIndexes(bounds, len(r))
	if err != nil {
		return "", err
	}
	out := make([]rune, at.n)
	for i := range out {
		out[i] = r[at.start+i*at.step]
	}
	return string(out), nil
}

type sliceRange struct{ start, stop, step, n int }

func pick(items []Value, at sliceRange) []Value {
	out := make([]Value, at.n)
	for i := range out {
		out[i] = items[at.start+i*at.step]
	}
	return out
}

// sliceIndexes is Python's slice.indices.
func sliceIndexes(bounds [3]Value, n int) (sliceRange, error) {
	bound := func(v Value, missing int) (int, bool, error) {
		if v == nil || v == None {
			return missing, false, nil
		}
		i, big, ok := asInt(v)
		if !ok {
			return 0, false, typeErrorf("slice indices must be integers or None or have an __index__ method")
		}
		if big != nil {
			if big.Sign() < 0 {
				return -1 << 40, true, nil
			}
			return 1 << 40, true, nil
		}
		return int(max(-1<<40, min(1<<40, i))), true, nil
	}
	step, _, err := bound(bounds[2], 1)
	if err != nil {
		return sliceRange{}, err
	}
	if step == 0 {
		return sliceRange{}, valueErrorf("slice step cannot be zero")
	}
	low, high := 0, n
	if step < 0 {
		low, high = -1, n-1
	}
	clamp := func(v Value, missing int) (int, error) {
		i, given, err := bound(v, missing)
		if err != nil || !given {
			return i, err
		}
		if i < 0 {
			i += n
		}
		return max(low, min(high, i)), nil
	}
	first, last := low, high
	if step < 0 {
		first, last = high, low
	}
	start, err := clamp(bounds[0], first)
	if err != nil {
		return sliceRange{}, err
	}
	stop, err := clamp(bounds[1], last)
	if err != nil {
		return sliceRange{}, err
	}
	r := sliceRange{start: start, stop: stop, step: step}
	switch {
	case step > 0 && stop > start:
		r.n = (stop-start-1)/step + 1
	case step < 0 && stop < start:
		r.n = (start-stop-1)/-step + 1
	}
	return r, nil
}
