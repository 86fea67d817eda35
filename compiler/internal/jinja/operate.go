package jinja

import (
	"strings"
)

// binaryOp is a op b for any operands.
func (x *exec) binaryOp(op BinaryOp, a, b Value) (Value, error) {
	if isNumber(a) && isNumber(b) {
		return x.numbers(op, a, b)
	}
	if s, ok := a.(Str); ok && op == OpAdd {
		if t, ok := b.(Str); ok {
			return x.concat(string(s), string(t))
		}
	}
	if v, done, err := x.stringOp(op, a, b); done {
		return v, err
	}
	switch op {
	case OpAdd:
		if l, ok := a.(*List); ok {
			if r, ok := b.(*List); ok {
				return x.joinItems(l.Items, r.Items, func(v []Value) Value { return &List{v} })
			}
		}
		if l, ok := asTuple(a); ok {
			if r, ok := asTuple(b); ok {
				return x.joinItems(l, r, func(v []Value) Value { return Tuple(v) })
			}
		}
	case OpMul:
		if v, done, err := x.repeat(a, b); done {
			return v, err
		}
		if v, done, err := x.repeat(b, a); done {
			return v, err
		}
	case OpSub:
		if l, r := asSet(a), asSet(b); l != nil && r != nil {
			return l.combine("difference", r), nil
		}
	}
	if o, ok := a.(Operand); ok {
		if v, ok, err := o.Binary(op.String(), b, false); ok || err != nil {
			return v, err
		}
	}
	if o, ok := b.(Operand); ok {
		if v, ok, err := o.Binary(op.String(), a, true); ok || err != nil {
			return v, err
		}
	}
	for _, v := range [2]Value{a, b} {
		if u, ok := v.(*Undefined); ok {
			return nil, undefinedFailure(u)
		}
	}
	return nil, unsupported(op, a, b)
}

func unsupported(op BinaryOp, a, b Value) error {
	if _, ok := asString(a); ok && op == OpAdd {
		return typeErrorf(`can only concatenate str (not "%s") to str`, b.TypeName())
	}
	switch a.(type) {
	case *List:
		if op == OpAdd {
			return typeErrorf(`can only concatenate list (not "%s") to list`, b.TypeName())
		}
	case Tuple:
		if op == OpAdd {
			return typeErrorf(`can only concatenate tuple (not "%s") to tuple`, b.TypeName())
		}
	}
	word := op.String()
	if op == OpPow {
		word = "** or pow()"
	}
	return typeErrorf("unsupported operand type(s) for %s: '%s' and '%s'", word, a.TypeName(), b.TypeName())
}

func (x *exec) numbers(op BinaryOp, a, b Value) (Value, error) {
	v, err := arithmetic(op, a, b)
	if err != nil {
		return nil, err
	}
	return v, x.charge((bigSize(a) + bigSize(b) + bigSize(v)) / 8)
}

// bigSize is the length of a big integer in bits, 0 for all else.
func bigSize(v Value) int {
	if n, ok := v.(*BigInt); ok {
		return n.Int.BitLen()
	}
	return 0
}

// stringOp is the operations of str; Markup escapes what it meets.
func (x *exec) stringOp(op BinaryOp, a, b Value) (v Value, done bool, err error) {
	s, okA := asString(a)
	t, okB := asString(b)
	_, markA := a.(Markup)
	_, markB := b.(Markup)
	switch {
	case op == OpAdd && okA && okB && (markA || markB):
		if !markA {
			s = escapeHTML(s)
		}
		if !markB {
			t = escapeHTML(t)
		}
		v, err = x.concat(s, t)
		return asMarkup(v), true, err
	case op == OpAdd && okA && okB:
		v, err = x.concat(s, t)
		return v, true, err
	case op == OpMod && okA:
		if markA {
			v, err = x.percent(s, escapeArguments(b))
			return asMarkup(v), true, err
		}
		v, err = x.percent(s, b)
		return v, true, err
	}
	return nil, false, nil
}

func asMarkup(v Value) Value {
	if s, ok := v.(Str); ok {
		return Markup(s)
	}
	return v
}

func (x *exec) concat(s, t string) (Value, error) {
	if err := x.grow(len(s) + len(t)); err != nil {
		return nil, err
	}
	return boxString(s + t), nil
}

func (x *exec) joinItems(a, b []Value, wrap func([]Value) Value) (Value, error) {
	if err := x.charge((len(a) + len(b)) * itemCost); err != nil {
		return nil, err
	}
	return wrap(append(append(make([]Value, 0, len(a)+len(b)), a...), b...)), nil
}

// repeat is sequence * count.
func (x *exec) repeat(seq, count Value) (Value, bool, error) {
	s, isString := asString(seq)
	tuple, isTuple := asTuple(seq)
	list, isList := seq.(*List)
	if !isString && !isTuple && !isList {
		return nil, false, nil
	}
	n, big, ok := asInt(count)
	if !ok {
		if u, undef := count.(*Undefined); undef {
			return nil, true, undefinedFailure(u)
		}
		if _, custom := count.(Operand); custom {
			return nil, false, nil
		}
		return nil, true, typeErrorf("can't multiply sequence by non-int of type '%s'", count.TypeName())
	}
	if big != nil {
		return nil, true, &pyError{overflowError, "cannot fit 'int' into an index-sized integer"}
	}
	n = max(n, 0)
	if isString {
		if err := x.growBy(len(s), n); err != nil {
			return nil, true, err
		}
		var v Value = boxString(strings.Repeat(s, int(n)))
		if _, mark := seq.(Markup); mark {
			v = asMarkup(v)
		}
		return v, true, nil
	}
	items := []Value(tuple)
	if isList {
		items = list.Items
	}
	if len(items) == 0 {
		n = 0
	}
	if n > 0 && int64(len(items)) > maxItems/n {
		return nil, true, limitErrorf("the sequence is longer than %d items", maxItems)
	}
	if err := x.charge(len(items) * int(n) * itemCost); err != nil {
		return nil, true, err
	}
	out := make([]Value, 0, len(items)*int(n))
	for range n {
		out = append(out, items...)
	}
	if isList {
		return &List{out}, true, nil
	}
	return Tuple(out), true, nil
}

// maxItems is how long a list or tuple may get by multiplication.
const maxItems = 10_000_000
