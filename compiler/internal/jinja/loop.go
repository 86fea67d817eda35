package jinja

// loopValue is the variable `loop`.
type loopValue struct {
	x        *exec
	it       iterator
	iterable Value
	index0   int
	depth0   int
	length   int // -1 until it is known

	current, before Value
	after           Value // the item after the current one, if it was looked at
	peeked          bool  // after holds an item
	ended           bool
	changed         Value // what loop.changed saw last, or nil
	recurse         func(Value) (Value, error)
}

func (*loopValue) TypeName() string { return "LoopContext" }

func (l *loopValue) next() (Value, bool, error) {
	var v Value
	if l.peeked {
		v, l.peeked, l.after = l.after, false, nil
	} else {
		var ok bool
		var err error
		if v, ok, err = l.it.next(); err != nil || !ok {
			return nil, false, err
		}
	}
	l.index0++
	l.before, l.current = l.current, v
	return v, true, nil
}

func (l *loopValue) peek() (Value, bool, error) {
	if l.peeked {
		return l.after, true, nil
	}
	v, ok, err := l.it.next()
	if ok && err == nil {
		l.after, l.peeked = v, true
	}
	return v, ok, err
}

func (l *loopValue) len() (int, error) {
	if l.length >= 0 {
		return l.length, nil
	}
	if _, generator := l.iterable.(*Generator); !generator && l.iterable != nil {
		if n, err := length(l.iterable); err == nil {
			l.length = n
			return n, nil
		}
	}
	rest, err := l.x.drain(l.it)
	if err != nil {
		return 0, err
	}
	l.it = &sliceIterator{items: rest}
	l.length = len(rest) + l.index0 + 1
	if l.peeked {
		l.length++
	}
	return l.length, nil
}

// Len is loop|length.
func (l *loopValue) Len() int { n, _ := l.len(); return n }

func (l *loopValue) String() string { return l.Repr() }

func (l *loopValue) Repr() string {
	return "<LoopContext " + Text(Int(l.index0+1)) + "/" + Text(Int(l.Len())) + ">"
}

// Attr is an attribute of `loop`.
func (l *loopValue) Attr(name string) (Value, bool, error) {
	switch name {
	case "index":
		return Int(l.index0 + 1), true, nil
	case "index0":
		return Int(l.index0), true, nil
	case "first":
		return Bool(l.index0 == 0), true, nil
	case "last":
		_, ok, err := l.peek()
		return Bool(!ok), true, err
	case "depth":
		return Int(l.depth0 + 1), true, nil
	case "depth0":
		return Int(l.depth0), true, nil
	case "length":
		n, err := l.len()
		return Int(n), true, err
	case "revindex":
		n, err := l.len()
		return Int(n - l.index0), true, err
	case "revindex0":
		n, err := l.len()
		return Int(n - l.index0 - 1), true, err
	case "previtem":
		if l.index0 == 0 {
			return &Undefined{Message: "there is no previous item", sink: l.x.sink}, true, nil
		}
		return l.before, true, nil
	case "nextitem":
		v, ok, err := l.peek()
		if err == nil && !ok {
			v = &Undefined{Message: "there is no next item", sink: l.x.sink}
		}
		return v, true, err
	case "cycle":
		return NewFunc("cycle", func(c *Call) (Value, error) {
			if len(c.Kwargs) > 0 {
				return nil, callErrorf("LoopContext.cycle() got an unexpected keyword argument '%s'", c.Kwargs[0].Name)
			}
			if len(c.Args) == 0 {
				return nil, typeErrorf("no items for cycling given")
			}
			return c.Args[l.index0%len(c.Args)], nil
		}), true, nil
	case "changed":
		return NewFunc("changed", func(c *Call) (Value, error) {
			now := Tuple(append([]Value(nil), c.Args...))
			if l.changed != nil && Equal(l.changed, now) {
				return Bool(false), nil
			}
			l.changed = now
			return Bool(true), nil
		}), true, nil
	}
	return nil, false, nil
}

// Call is loop(...), which runs a recursive loop over a nested sequence.
func (l *loopValue) Call(c *Call) (Value, error) {
	if l.recurse == nil {
		return nil, typeErrorf("The loop must have the 'recursive' marker to be called recursively.")
	}
	if len(c.Args) != 1 || len(c.Kwargs) > 0 {
		return nil, callErrorf("LoopContext.__call__() takes one argument")
	}
	return l.recurse(c.Args[0])
}

func (n *For) exec(f *frame) (control, error) {
	items, err := n.Iter.eval(f)
	if err != nil {
		return proceed, err
	}
	if !n.Recursive {
		return n.run(f, items, 0)
	}
	v, err := n.nested(f, items, 0)
	if err != nil {
		return proceed, err
	}
	return proceed, f.write(n, v)
}

// nested runs one level of a recursive loop in a frame of its own, and gives its text.
func (n *For) nested(f *frame, items Value, depth int) (Value, error) {
	x := f.x
	if err := x.deeper(n); err != nil {
		return nil, err
	}
	in := x.push(n.fn, f)
	f.keep()
	start := len(x.th.buf)
	x.captures++
	_, err := n.run(in, items, depth)
	x.captures--
	x.th.depth--
	text := ""
	if err == nil {
		text = string(x.th.buf[start:])
	}
	x.th.buf = x.th.buf[:start]
	in.pop()
	return boxString(text), err
}

// run is the loop itself; f is the frame its body's variables live in.
func (n *For) run(f *frame, items Value, depth int) (control, error) {
	x := f.x
	it, err := x.iterate(items)
	if err != nil {
		return proceed, x.failure(n.Iter, err)
	}
	if n.Test != nil {
		it = &testIterator{n: n, f: f, it: it}
		items = nil
		f.enter(&n.testScope)
	}
	var loop *loopValue
	if n.loopSlot >= 0 {
		if n.Test != nil {
			f.keep() // the loop's value can be asked for the next item after the function has ended
		}
		loop = &loopValue{x: x, it: it, iterable: items, index0: -1, depth0: depth, length: -1}
		if n.Recursive {
			outer := f.parent
			loop.recurse = func(v Value) (Value, error) { return n.nested(outer, v, depth+1) }
		}
		it = loop
	}
	empty := true
	target, simple := n.Target.(*Name)
	for {
		v, ok, err := it.next()
		if err == nil {
			err = x.charge(1)
		}
		if err != nil {
			return proceed, x.failure(n.Iter, err)
		}
		if !ok {
			break
		}
		if simple {
			f.slots[target.slot] = v
		} else if err := f.assign(n.Target, v); err != nil {
			return proceed, err
		}
		if loop != nil {
			f.slots[n.loopSlot] = loop
		}
		f.enter(&n.scope)
		c, err := f.run(n.Body)
		if err != nil {
			return proceed, err
		}
		if c == breakLoop {
			// Jinja2 notes that the loop ran only at the end of its body.
			break
		}
		if c == proceed {
			empty = false
		}
	}
	f.leave(&n.scope)
	if !empty || n.Else == nil {
		return proceed, nil
	}
	f.enter(&n.elseScope)
	c, err := f.run(n.Else)
	f.leave(&n.elseScope)
	return c, err
}

// testIterator is the items of a loop that pass its `if`. It runs when an item is asked for, so the body may change what
// the test sees.
type testIterator struct {
	n  *For
	f  *frame
	it iterator
}

func (t *testIterator) next() (Value, bool, error) {
	for {
		v, ok, err := t.it.next()
		if err != nil || !ok {
			return nil, false, err
		}
		if err := t.f.assign(t.n.testTarget, v); err != nil {
			return nil, false, err
		}
		pass, err := t.f.test(t.n.Test)
		if err != nil {
			return nil, false, err
		}
		if err := t.f.x.charge(1); err != nil {
			return nil, false, err
		}
		if pass {
			if _, tuple := t.n.testTarget.(*TupleExpr); tuple {
				return t.f.targetValue(t.n.testTarget), true, nil
			}
			return v, true, nil
		}
	}
}

// targetValue reads back what was assigned to a target.
func (f *frame) targetValue(target Expr) Value {
	switch t := target.(type) {
	case *Name:
		return f.slots[t.slot]
	case *TupleExpr:
		out := make(Tuple, len(t.Items))
		for i, item := range t.Items {
			out[i] = f.targetValue(item)
		}
		return out
	}
	return None
}
