package jinja

import (
	"math"
	"unicode"
)

// testTable are the tests of Jinja2 3.1.
func testTable() map[string]*builtin {
	simple := func(f func(v Value) bool) *builtin {
		return define("", func(c invocation) (Value, error) { return Bool(f(c.v)), nil })
	}
	compare := func(op CompareOp) *builtin {
		return define("/, other", func(c invocation) (Value, error) {
			ok, err := c.x.compare(op, c.v, c.arg(0))
			return Bool(ok), err
		})
	}
	remainder := func(want int64) *builtin {
		return define("", func(c invocation) (Value, error) {
			v, err := c.x.binaryOp(OpMod, c.v, Int(2))
			if err != nil {
				return nil, err
			}
			return Bool(Equal(v, Int(want))), nil
		})
	}
	t := map[string]*builtin{
		"odd":  remainder(1),
		"even": remainder(0),
		"divisibleby": define("num", func(c invocation) (Value, error) {
			v, err := c.x.binaryOp(OpMod, c.v, c.arg(0))
			if err != nil {
				return nil, err
			}
			return Bool(Equal(v, Int(0))), nil
		}),
		"defined":   simple(func(v Value) bool { return !isUndefined(v) }),
		"undefined": simple(isUndefined),
		"none":      simple(func(v Value) bool { return v == None }),
		"boolean":   simple(func(v Value) bool { _, ok := v.(Bool); return ok }),
		"true":      simple(func(v Value) bool { b, ok := v.(Bool); return ok && bool(b) }),
		"false":     simple(func(v Value) bool { b, ok := v.(Bool); return ok && !bool(b) }),
		"integer": simple(func(v Value) bool {
			switch v.(type) {
			case Int, *BigInt:
				return true
			}
			return false
		}),
		"float":    simple(func(v Value) bool { _, ok := v.(Float); return ok }),
		"string":   simple(func(v Value) bool { _, ok := asString(v); return ok }),
		"number":   simple(func(v Value) bool { _, host := v.(Numeric); return host || isNumber(v) }),
		"mapping":  simple(func(v Value) bool { _, ok := v.(Mapping); return ok }),
		"sequence": simple(isSequence),
		"escaped":  simple(func(v Value) bool { _, ok := v.(Markup); return ok }),
		"callable": simple(func(v Value) bool {
			if isUndefined(v) {
				return true // Jinja2's Undefined has a __call__, which fails
			}
			_, ok := v.(Callable)
			return ok
		}),
		"iterable": define("", func(c invocation) (Value, error) {
			if _, host := c.v.(Iterable); host {
				return Bool(true), nil
			}
			_, err := c.x.iterate(c.v)
			return Bool(err == nil), nil
		}),
		"lower": define("", func(c invocation) (Value, error) {
			s, err := c.text()
			return Bool(isCased(s, unicode.IsLower, unicode.IsUpper)), err
		}),
		"upper": define("", func(c invocation) (Value, error) {
			s, err := c.text()
			return Bool(isCased(s, unicode.IsUpper, unicode.IsLower)), err
		}),
		"sameas": define("other", func(c invocation) (Value, error) { return Bool(sameAs(c.v, c.arg(0))), nil }),
		"in": define("seq", func(c invocation) (Value, error) {
			ok, err := c.x.contains(c.arg(0), c.v)
			return Bool(ok), err
		}),
		"filter": define("", func(c invocation) (Value, error) { return Bool(c.x.known(c.v, true)), nil }),
		"test":   define("", func(c invocation) (Value, error) { return Bool(c.x.known(c.v, false)), nil }),
	}
	for name, op := range map[string]CompareOp{
		"eq": OpEq, "equalto": OpEq, "==": OpEq, "ne": OpNe, "!=": OpNe, "lt": OpLt, "lessthan": OpLt, "<": OpLt,
		"le": OpLe, "<=": OpLe, "gt": OpGt, "greaterthan": OpGt, ">": OpGt, "ge": OpGe, ">=": OpGe,
	} {
		t[name] = compare(op)
	}
	return named(t)
}

func isUndefined(v Value) bool {
	_, ok := v.(*Undefined)
	return ok
}

// isSequence says whether a value has a length and items.
func isSequence(v Value) bool {
	switch v.(type) {
	case *List, Tuple, *Dict, Str, Markup, *Marked, *Range, *groupTuple, *Undefined:
		return true
	case *Set, *View, *loopValue:
		return false
	}
	_, sized := v.(Sized)
	_, indexed := v.(Indexed)
	return sized && indexed
}

// sameAs is Python's `is`: small integers and short strings are one object each there.
func sameAs(a, b Value) bool {
	switch x := a.(type) {
	case Tuple:
		y, ok := b.(Tuple)
		return ok && len(x) == len(y) && (len(x) == 0 || &x[0] == &y[0])
	case Float:
		y, ok := b.(Float)
		return ok && math.Float64bits(float64(x)) == math.Float64bits(float64(y))
	}
	return same(a, b)
}

// known says whether a filter or test of the name exists.
func (x *exec) known(v Value, filter bool) bool {
	name, ok := asString(v)
	if !ok {
		return false
	}
	if x.tmpl == nil {
		return false
	}
	if filter {
		_, host := x.tmpl.opts.Filters[name]
		return host || x.lang.filters[name] != nil
	}
	_, host := x.tmpl.opts.Tests[name]
	return host || x.lang.tests[name] != nil
}
