package jinja

func (n *Const) eval(*frame) (Value, error) { return n.Value, nil }

func (n *Name) eval(f *frame) (Value, error) {
	if n.hops == 0 {
		if v := f.slots[n.slot]; v != nil && v != missing {
			return v, nil
		}
	}
	v := f.read(n.slot, n.hops)
	if v != missing {
		return v, nil
	}
	if at := f.out(n.hops); !at.unbound && at.slots[n.slot] != nil && at.fn.slots[n.slot].param {
		return v, nil
	}
	return f.x.undefinedName(n.Name), nil
}

func (n *NamespaceRef) eval(f *frame) (Value, error) {
	return nil, f.x.failure(n, runtimeErrorf("a namespace attribute is not a value here"))
}

func (n *sliceKey) eval(f *frame) (Value, error) {
	return nil, f.x.failure(n, typeErrorf("a slice is not a value"))
}

func (f *frame) list(items []Expr) ([]Value, error) {
	if len(items) == 0 {
		return nil, nil
	}
	out := make([]Value, len(items))
	for i, e := range items {
		v, err := e.eval(f)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	if err := f.x.charge(len(items)); err != nil {
		return nil, err
	}
	return out, nil
}

func (n *TupleExpr) eval(f *frame) (Value, error) {
	items, err := f.list(n.Items)
	if err != nil {
		return nil, f.x.failure(n, err)
	}
	return Tuple(items), nil
}

func (n *ListExpr) eval(f *frame) (Value, error) {
	items, err := f.list(n.Items)
	if err != nil {
		return nil, f.x.failure(n, err)
	}
	return &List{items}, nil
}

func (n *DictExpr) eval(f *frame) (Value, error) {
	d := NewDict(len(n.Items))
	for i := range n.Items {
		k, err := n.Items[i].Key.eval(f)
		if err != nil {
			return nil, err
		}
		v, err := n.Items[i].Value.eval(f)
		if err != nil {
			return nil, err
		}
		if err := d.Store(k, v); err != nil {
			return nil, f.x.failure(n.Items[i].Key, err)
		}
	}
	if err := f.x.charge((len(n.Items) + 1) * itemCost); err != nil {
		return nil, f.x.failure(n, err)
	}
	return d, nil
}

func (n *Unary) eval(f *frame) (Value, error) {
	if n.Op == '!' {
		v, err := f.test(n.Expr)
		return Bool(!v), err
	}
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	if v, err = unary(n.Op, v); err != nil {
		return nil, f.x.failure(n, err)
	}
	return v, nil
}

func (n *Binary) eval(f *frame) (Value, error) {
	a, err := n.Left.eval(f)
	if err != nil {
		return nil, err
	}
	b, err := n.Right.eval(f)
	if err != nil {
		return nil, err
	}
	if err = f.x.charge(1); err == nil {
		var v Value
		if v, err = f.x.binaryOp(n.Op, a, b); err == nil {
			return v, nil
		}
	}
	return nil, f.x.failure(n, err)
}

func (n *Logic) eval(f *frame) (Value, error) {
	v, err := n.Left.eval(f)
	if err != nil || Truth(v) == n.Or {
		return v, err
	}
	return n.Right.eval(f)
}

func (n *Compare) eval(f *frame) (Value, error) {
	left, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	for i := range n.Ops {
		op := &n.Ops[i]
		right, err := op.Expr.eval(f)
		if err != nil {
			return nil, err
		}
		ok, err := f.x.compare(op.Op, left, right)
		if err != nil {
			return nil, f.x.failure(n, err)
		}
		if !ok {
			return Bool(false), nil
		}
		left = right
	}
	return Bool(true), nil
}

func (x *exec) compare(op CompareOp, a, b Value) (bool, error) {
	switch op {
	case OpEq:
		return x.equal(a, b)
	case OpNe:
		ok, err := x.equal(a, b)
		return !ok, err
	case OpIn:
		return x.contains(b, a)
	case OpNotIn:
		ok, err := x.contains(b, a)
		return !ok, err
	}
	if i, ok := a.(Int); ok {
		if j, ok := b.(Int); ok {
			switch op {
			case OpLt:
				return i < j, nil
			case OpLe:
				return i <= j, nil
			case OpGt:
				return i > j, nil
			}
			return i >= j, nil
		}
	}
	return order(op, a, b)
}

func (n *Concat) eval(f *frame) (Value, error) {
	th := f.x.th
	start := len(th.buf)
	for _, e := range n.Items {
		v, err := e.eval(f)
		if err == nil {
			if th.buf, err = appendText(th.buf, v); err == nil && len(th.buf)-start > th.Limits.Output {
				err = f.x.grow(len(th.buf) - start)
			}
			if err != nil {
				err = f.x.failure(n, err)
			}
		}
		if err != nil {
			th.buf = th.buf[:start]
			return nil, err
		}
	}
	text := string(th.buf[start:])
	th.buf = th.buf[:start]
	if err := f.x.grow(len(text)); err != nil {
		return nil, f.x.failure(n, err)
	}
	return boxString(text), nil
}

func (n *Cond) eval(f *frame) (Value, error) {
	ok, err := f.test(n.Test)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return n.Then.eval(f)
	case n.Else != nil:
		return n.Else.eval(f)
	}
	return n.missing, nil
}

func (n *Getattr) eval(f *frame) (Value, error) {
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	if v, err = f.x.getattr(v, n.Name); err != nil {
		return nil, f.x.failure(n, err)
	}
	return v, nil
}

func (n *Getitem) eval(f *frame) (Value, error) {
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	key, err := n.Key.eval(f)
	if err != nil {
		return nil, err
	}
	if v, err = f.x.getitem(v, key); err != nil {
		return nil, f.x.failure(n, err)
	}
	return v, nil
}

func (n *Slice) eval(f *frame) (Value, error) {
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	var bounds [3]Value
	for i, e := range [3]Expr{n.Start, n.Stop, n.Step} {
		if e == nil {
			continue
		}
		if bounds[i], err = e.eval(f); err != nil {
			return nil, err
		}
	}
	of := v
	if v, err = f.x.slice(v, bounds); err != nil {
		if f.x.folding && isPy(err, typeError) {
			return &Undefined{of: of, Name: "slice", sink: f.x.sink}, nil
		}
		return nil, f.x.failure(n, err)
	}
	return v, nil
}
