package jinja

import (
	"math"
	"math/big"
	"strings"
)

// effort bounds work on nested values: how deep, and how many values in all.
type effort struct{ depth, nodes int }

// maxNodes is how many values one comparison or hash looks at. A value that holds another one twice, and so on, has more
// parts than can ever be visited.
const maxNodes = 10_000_000

func newEffort() effort { return effort{nodes: maxNodes} }

// Equal is Python's ==.
func Equal(a, b Value) bool {
	work := newEffort()
	return equal(a, b, &work)
}

// equal is Equal within the steps that the thread has left.
func (x *exec) equal(a, b Value) (bool, error) {
	if i, ok := a.(Int); ok {
		if j, ok := b.(Int); ok {
			return i == j, nil
		}
	}
	if s, ok := a.(Str); ok {
		if t, ok := b.(Str); ok {
			if len(s) != len(t) {
				return false, nil
			}
			return s == t, x.charge(len(s) >> textShift)
		}
	}
	work := newEffort()
	same := equal(a, b, &work)
	if work.nodes < 0 {
		return false, limitErrorf("the values are too large to compare")
	}
	return same, x.charge(maxNodes - work.nodes)
}

func equal(a, b Value, work *effort) bool {
	switch x := a.(type) {
	case Str:
		if y, ok := b.(Str); ok {
			return x == y
		}
	case Int:
		if y, ok := b.(Int); ok {
			return x == y
		}
	case NoneType:
		return b == None
	case *Undefined:
		_, ok := b.(*Undefined)
		return ok
	case *List:
		y, ok := b.(*List)
		return ok && (x == y || equalItems(x.Items, y.Items, work))
	case *Dict:
		if y, ok := b.(*Dict); ok {
			return x == y || equalDicts(x, y, work)
		}
	case *Set:
		if y := asSet(b); y != nil {
			return x.d.live == y.d.live && x.subset(y)
		}
		return false
	case *Range:
		y, ok := b.(*Range)
		return ok && x.equal(y)
	case *View:
		if y := asSet(b); x.kind != viewValues && y != nil {
			return x.set().d.live == y.d.live && x.set().subset(y)
		}
		return a == b
	}
	if s, ok := asString(a); ok {
		t, ok := asString(b)
		return ok && s == t
	}
	if x, ok := asTuple(a); ok {
		y, ok := asTuple(b)
		return ok && equalItems(x, y, work)
	}
	if isNumber(a) && isNumber(b) {
		order, ok := compareNumbers(a, b)
		return ok && order == 0
	}
	if e, ok := a.(Equaler); ok {
		return e.Equal(b)
	}
	if e, ok := b.(Equaler); ok {
		return e.Equal(a)
	}
	return same(a, b)
}

// same is Python's `is`, for values that are not compared by content.
func same(a, b Value) (eq bool) {
	defer func() {
		if recover() != nil { // a host's type that cannot be compared
			eq = false
		}
	}()
	return a == b
}

func equalItems(a, b []Value, work *effort) bool {
	if len(a) != len(b) || !work.enter(len(a)) {
		return false
	}
	defer work.leave()
	for i := range a {
		if !equal(a[i], b[i], work) {
			return false
		}
	}
	return true
}

// enter counts n values of a container one level down; false means that the effort is used up.
func (e *effort) enter(n int) bool {
	e.nodes -= n + 1
	if e.depth++; e.depth > maxRepr {
		e.nodes = -1
	}
	return e.nodes >= 0
}

func (e *effort) leave() { e.depth-- }

func equalDicts(a, b *Dict, work *effort) bool {
	if a.live != b.live || !work.enter(a.live) {
		return false
	}
	defer work.leave()
	for i := range a.entries {
		e := &a.entries[i]
		if e.key == nil {
			continue
		}
		j := b.position(e.hash, e.key)
		if j < 0 || !equal(e.value, b.entries[j].value, work) {
			return false
		}
	}
	return true
}

// compareNumbers orders two numbers; ok=false where one is not a number (NaN).
func compareNumbers(a, b Value) (int, bool) {
	x, bx, okx := asInt(a)
	y, by, oky := asInt(b)
	if okx && oky {
		if bx == nil && by == nil {
			switch {
			case x < y:
				return -1, true
			case x > y:
				return 1, true
			}
			return 0, true
		}
		return toBig(x, bx).Cmp(toBig(y, by)), true
	}
	f, isF := a.(Float)
	g, isG := b.(Float)
	if isF && isG {
		switch {
		case f < g:
			return -1, true
		case f > g:
			return 1, true
		case f == g:
			return 0, true
		}
		return 0, false
	}
	if isF {
		order, ok := compareFloat(float64(f), toBig(y, by))
		return order, ok
	}
	order, ok := compareFloat(float64(g), toBig(x, bx))
	return -order, ok
}

func compareFloat(f float64, n *big.Int) (int, bool) {
	switch {
	case math.IsNaN(f):
		return 0, false
	case math.IsInf(f, 1):
		return 1, true
	case math.IsInf(f, -1):
		return -1, true
	}
	return new(big.Float).SetFloat64(f).Cmp(new(big.Float).SetPrec(0).SetInt(n)), true
}

// order answers a comparison by order: < <= > >=.
func order(op CompareOp, a, b Value) (bool, error) {
	work := newEffort()
	return orderWith(op, a, b, &work)
}

func orderWith(op CompareOp, a, b Value, work *effort) (bool, error) {
	if s, ok := asString(a); ok {
		if t, ok := asString(b); ok {
			return holds(op, strings.Compare(s, t)), nil
		}
	}
	if isNumber(a) && isNumber(b) {
		c, ok := compareNumbers(a, b)
		return ok && holds(op, c), nil
	}
	if x, ok := a.(*List); ok {
		if y, ok := b.(*List); ok {
			return orderItems(op, x.Items, y.Items, work)
		}
	}
	if x, ok := asTuple(a); ok {
		if y, ok := asTuple(b); ok {
			return orderItems(op, x, y, work)
		}
	}
	for _, v := range [2]Value{a, b} {
		if u, ok := v.(*Undefined); ok {
			return false, undefinedFailure(u)
		}
	}
	if x := asSet(a); x != nil {
		if y := asSet(b); y != nil {
			switch op {
			case OpLt:
				return x.d.live < y.d.live && x.subset(y), nil
			case OpLe:
				return x.subset(y), nil
			case OpGt:
				return y.d.live < x.d.live && y.subset(x), nil
			default:
				return y.subset(x), nil
			}
		}
	}
	if c, ok := a.(Comparer); ok {
		if n, ok := c.Compare(b); ok {
			return holds(op, n), nil
		}
	}
	if c, ok := b.(Comparer); ok {
		if n, ok := c.Compare(a); ok {
			return holds(op, -n), nil
		}
	}
	return false, typeErrorf("'%s' not supported between instances of '%s' and '%s'", op, a.TypeName(), b.TypeName())
}

func orderItems(op CompareOp, a, b []Value, work *effort) (bool, error) {
	if !work.enter(min(len(a), len(b))) {
		return false, limitErrorf("maximum recursion depth exceeded in comparison")
	}
	defer work.leave()
	for i := 0; i < len(a) && i < len(b); i++ {
		if !equal(a[i], b[i], work) {
			if work.nodes < 0 {
				return false, limitErrorf("the values are too large to compare")
			}
			return orderWith(op, a[i], b[i], work)
		}
	}
	return holds(op, len(a)-len(b)), nil
}

func holds(op CompareOp, c int) bool {
	switch op {
	case OpLt:
		return c < 0
	case OpLe:
		return c <= 0
	case OpGt:
		return c > 0
	}
	return c >= 0
}

// contains is Python's `item in container`.
func (x *exec) contains(container, item Value) (bool, error) {
	switch c := container.(type) {
	case *List:
		for i := 0; i < len(c.Items); i++ {
			if same(c.Items[i], item) {
				return true, nil
			}
			if ok, err := x.equal(c.Items[i], item); ok || err != nil {
				return ok, err
			}
		}
		return false, x.charge(len(c.Items))
	case *Dict:
		_, ok, err := c.Lookup(item)
		return ok, err
	case *Set:
		_, ok, err := c.d.Lookup(item)
		return ok, err
	case *Range:
		if i, b, ok := asInt(item); ok && b == nil {
			return c.has(i), nil
		}
	case Container:
		return c.Contains(item)
	}
	if s, ok := asString(container); ok {
		sub, ok := asString(item)
		if !ok {
			return false, typeErrorf("'in <string>' requires string as left operand, not %s", item.TypeName())
		}
		return strings.Contains(s, sub), x.charge(len(s) >> textShift)
	}
	if _, host := container.(Iterable); !host {
		if entries, ok := entriesOf(container); ok {
			for k := range entries {
				if Equal(k, item) {
					return true, nil
				}
			}
			return false, nil
		}
	}
	it, err := x.iterate(container)
	if err != nil {
		if _, undef := container.(*Undefined); !undef && isPy(err, typeError) {
			return false, typeErrorf("argument of type '%s' is not iterable", container.TypeName())
		}
		return false, err
	}
	for {
		v, ok, err := it.next()
		if err != nil || !ok {
			return false, err
		}
		if same(v, item) {
			return true, nil
		}
		if ok, err := x.equal(v, item); ok || err != nil {
			return ok, err
		}
	}
}
