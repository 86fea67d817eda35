package jinja

import (
	"github.com/weft-data/weft/compiler/source"
)

// run executes a body.
func (f *frame) run(body []Stmt) (control, error) {
	for _, s := range body {
		if c, err := s.exec(f); c != proceed || err != nil {
			return c, err
		}
	}
	return proceed, nil
}

// capture executes a body and gives its text.
func (f *frame) capture(body []Stmt) (text string, c control, err error) {
	x := f.x
	start := len(x.th.buf)
	x.captures++
	c, err = f.run(body)
	x.captures--
	if err == nil {
		text = string(x.th.buf[start:])
	}
	x.th.buf = x.th.buf[:start]
	return text, c, err
}

// write puts out the value of an expression.
func (f *frame) write(n Node, v Value) error {
	x := f.x
	if x.native {
		return x.writeNative(n, v)
	}
	th := x.th
	start := len(th.buf)
	var err error
	if th.buf, err = appendText(th.buf, v); err == nil {
		err = x.wrote(len(th.buf) - start)
	}
	if err != nil {
		return x.failure(n, err)
	}
	if x.mapping && x.captures == 0 && len(th.buf) > start {
		from, to := n.Range()
		x.segments = append(x.segments, Segment{Out: start - th.base, Span: source.Span{File: x.file, Start: from, End: to}})
	}
	return nil
}

func (n *Data) exec(f *frame) (control, error) {
	x := f.x
	if x.native && x.captures == 0 {
		x.nodes = append(x.nodes, Str(n.Text))
		return proceed, nil
	}
	th := x.th
	if x.mapping && x.captures == 0 {
		x.segments = append(x.segments, Segment{Out: len(th.buf) - th.base,
			Span: source.Span{File: x.file, Start: int(n.start), End: int(n.end)}, Literal: true})
	}
	th.buf = append(th.buf, n.Text...)
	if err := x.wrote(len(n.Text)); err != nil {
		return proceed, x.failure(n, err)
	}
	return proceed, nil
}

func (n *Print) exec(f *frame) (control, error) {
	v, err := n.value(f)
	if err != nil {
		return proceed, err
	}
	return proceed, f.write(n.Expr, v)
}

// value evaluates the expression. A constant one is computed as Jinja2 does when it compiles, which is more forgiving, and
// in native rendering gives text.
func (n *Print) value(f *frame) (Value, error) {
	if !n.constant {
		return n.Expr.eval(f)
	}
	x := f.x
	x.folding = !x.native
	v, err := n.Expr.eval(f)
	x.folding = false
	if err != nil && !x.native {
		return n.Expr.eval(f)
	}
	if err == nil && x.native {
		v = x.foldedText(v)
	}
	return v, err
}

func (n *If) exec(f *frame) (control, error) {
	v, err := f.test(n.Test)
	if err != nil {
		return proceed, err
	}
	if v {
		return f.run(n.Body)
	}
	for i := range n.Elif {
		if v, err = f.test(n.Elif[i].Test); err != nil {
			return proceed, err
		}
		if v {
			return f.run(n.Elif[i].Body)
		}
	}
	return f.run(n.Else)
}

func (f *frame) test(e Expr) (bool, error) {
	v, err := e.eval(f)
	if err != nil {
		return false, err
	}
	if b, ok := v.(Bool); ok {
		return bool(b), nil
	}
	return Truth(v), nil
}

func (n *Do) exec(f *frame) (control, error) {
	_, err := n.Expr.eval(f)
	return proceed, err
}

func (n *Assign) exec(f *frame) (control, error) {
	for _, ref := range n.refs {
		if _, ok := f.read(ref.slot, ref.hops).(*Namespace); !ok {
			return proceed, f.x.failure(ref, runtimeErrorf("cannot assign attribute on non-namespace object"))
		}
	}
	v, err := n.Value.eval(f)
	if err != nil {
		return proceed, err
	}
	return proceed, f.assign(n.Target, v)
}

// assign stores a value in a target.
func (f *frame) assign(target Expr, v Value) error {
	switch t := target.(type) {
	case *Name:
		f.slots[t.slot] = v
		return nil
	case *NamespaceRef:
		ns, ok := f.read(t.slot, t.hops).(*Namespace)
		if !ok {
			return f.x.failure(t, runtimeErrorf("cannot assign attribute on non-namespace object"))
		}
		ns.attrs.Set(t.Attr, v)
		return nil
	case *TupleExpr:
		items, err := f.x.unpack(v, len(t.Items))
		if err != nil {
			return f.x.failure(t, err)
		}
		for i, item := range t.Items {
			if err := f.assign(item, items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// unpack gives exactly n items of a value.
func (x *exec) unpack(v Value, n int) ([]Value, error) {
	var items []Value
	switch v := v.(type) {
	case Tuple:
		items = v
	case *List:
		items = append(items, v.Items...)
	default:
		it, err := x.iterate(v)
		if err != nil {
			return nil, typeErrorf("cannot unpack non-iterable %s object", v.TypeName())
		}
		for len(items) <= n {
			item, ok, err := it.next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			items = append(items, item)
		}
	}
	switch {
	case len(items) > n:
		return nil, valueErrorf("too many values to unpack (expected %d)", n)
	case len(items) < n:
		return nil, valueErrorf("not enough values to unpack (expected %d, got %d)", n, len(items))
	}
	return items, nil
}

func (n *AssignBlock) exec(f *frame) (control, error) {
	f.enter(&n.scope)
	text, c, err := f.capture(n.Body)
	if err != nil || c != proceed {
		return c, err
	}
	v := boxString(text)
	if n.Filter != nil {
		if v, err = n.Filter.chain(f, v); err != nil {
			return proceed, err
		}
	}
	err = f.assign(n.Target, v)
	f.leave(&n.scope)
	return proceed, err
}

func (n *FilterBlock) exec(f *frame) (control, error) {
	f.enter(&n.scope)
	text, c, err := f.capture(n.Body)
	if err != nil || c != proceed {
		return c, err
	}
	v, err := n.Filter.chain(f, boxString(text))
	if err != nil {
		return proceed, err
	}
	f.leave(&n.scope)
	return proceed, f.writeText(n, v)
}

// writeText puts out the result of a filter block or call block, which has to be text: Jinja2 does not convert it.
func (f *frame) writeText(n Node, v Value) error {
	if _, ok := asString(v); !ok && !(f.x.native && f.x.captures == 0) {
		return f.x.failure(n, typeErrorf("sequence item: expected str instance, %s found", v.TypeName()))
	}
	return f.write(n, v)
}

func (n *With) exec(f *frame) (control, error) {
	f.enter(&n.scope)
	for i, t := range n.Targets {
		v, err := n.Values[i].eval(f)
		if err != nil {
			return proceed, err
		}
		if err := f.assign(t, v); err != nil {
			return proceed, err
		}
	}
	c, err := f.run(n.Body)
	f.leave(&n.scope)
	return c, err
}

func (n *Scoped) exec(f *frame) (control, error) {
	f.enter(&n.scope)
	if n.Option != nil {
		on, err := f.test(n.Option)
		if err != nil {
			return proceed, err
		}
		if on {
			return proceed, f.x.failure(n.Option, runtimeErrorf("autoescape is not available: templates write SQL, not HTML"))
		}
	}
	c, err := f.run(n.Body)
	f.leave(&n.scope)
	return c, err
}

func (n *MacroDef) exec(f *frame) (control, error) {
	f.keep()
	f.slots[n.slot] = &macroValue{def: n, parent: f}
	return proceed, nil
}

func (n *CallBlock) exec(f *frame) (control, error) {
	v, err := n.Call.eval(f)
	if err != nil {
		return proceed, err
	}
	return proceed, f.writeText(n, v)
}

func (n *BlockDef) exec(f *frame) (control, error) {
	if n.Required {
		return proceed, f.x.failure(n, runtimeErrorf("Required block %s not found", quote(n.Name)))
	}
	x := f.x
	outer := x.visible
	if n.Scoped {
		visible := Names{}
		for name, v := range outer {
			visible[name] = v
		}
		for _, s := range n.visible {
			if v := f.read(s.slot, s.hops); v != missing {
				visible[s.name] = v
			}
		}
		x.visible = visible
	}
	err := n.render(x)
	x.visible = outer
	return proceed, err
}

// render runs the block's body in a frame of its own.
func (n *BlockDef) render(x *exec) error {
	if err := x.deeper(n); err != nil {
		return err
	}
	b := x.push(n.fn, nil)
	if n.self >= 0 {
		b.slots[n.self] = &templateReference{x}
	}
	if n.super >= 0 {
		b.slots[n.super] = &Undefined{Name: "super", Message: "there is no parent block called " + quote(n.Name) + ".", sink: x.sink}
	}
	_, err := b.run(n.Body)
	b.pop()
	x.th.depth--
	return err
}

// deeper counts one more nested call.
func (x *exec) deeper(n Node) error {
	if x.th.depth++; x.th.depth > x.th.Limits.Depth {
		x.th.depth--
		return x.failure(n, limitErrorf("calls nest deeper than %d levels: maximum recursion depth exceeded", x.th.Limits.Depth))
	}
	return nil
}

// Both leave the bodies between them and their loop.

func (*Break) exec(*frame) (control, error)    { return breakLoop, nil }
func (*Continue) exec(*frame) (control, error) { return continueLoop, nil }
