package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
)

// binder gives every variable of a parsed template its slot, and finds what Jinja2 refuses when it compiles.
type binder struct {
	p     *parser
	depth int // of the expression that is being bound

}

// place of the statement in its surroundings, as far as it matters for what is allowed.
type surroundings struct {
	soft   bool // inside an if: an unknown filter fails only when it is reached
	inLoop bool // break and continue have a loop to act on
}

func (b *binder) template(t *Template, body []Stmt) {
	t.fn = &function{}
	root := b.open(nil, t.fn)
	t.self = -1
	if b.p.special&nameSelf != 0 && undeclared(body, nameSelf) != 0 {
		t.self = root.declare("self")
	}
	root.collectAll(body)
	for i := range root.syms {
		if sym := &root.syms[i]; sym.stored {
			t.fn.slots[sym.slot].exports = true
		}
	}
	b.all(root, body, surroundings{})
	seen := map[string]bool{}
	for _, block := range b.p.blocks {
		if seen[block.Name] {
			b.p.failAt(diag.TemplateTag, block.place, "block %s defined twice", quote(block.Name))
		}
		seen[block.Name] = true
		block.fn = &function{block: true}
		s := b.open(nil, block.fn)
		special := undeclared(block.Body, nameSelf|nameSuper)
		block.self, block.super = -1, -1
		if special&nameSelf != 0 {
			block.self = s.declare("self")
		}
		if special&nameSuper != 0 {
			block.super = s.declare("super")
		}
		s.collectAll(block.Body)
		b.all(s, block.Body, surroundings{})

	}
}

func (b *binder) all(s *scope, body []Stmt, at surroundings) {
	for _, n := range body {
		b.stmt(s, n, at)
	}
}

// inner opens a scope inside the same function, or in a new one.
func (b *binder) inner(s *scope, fn *function) *scope {
	if fn == nil {
		fn = s.fn
	} else {
		fn.depth = s.fn.depth + 1
		fn.block = s.fn.block
	}
	return b.open(s, fn)
}

// open takes a symbol table; close gives it back once nothing will be looked up in it.
func (b *binder) open(parent *scope, fn *function) *scope {
	free := b.p.scopes
	if len(free) == 0 {
		return &scope{parent: parent, fn: fn, syms: make([]symbol, 0, 8)}
	}
	s := free[len(free)-1]
	b.p.scopes = free[:len(free)-1]
	*s = scope{parent: parent, fn: fn, syms: s.syms[:0]}
	return s
}

func (b *binder) close(s *scope) { b.p.scopes = append(b.p.scopes, s) }

func (b *binder) stmt(s *scope, n Stmt, at surroundings) {
	switch n := n.(type) {
	case *Print:
		b.expr(s, n.Expr, at.soft)
		n.constant = !n.expression && foldable(n.Expr)
	case *If:
		soft := at
		soft.soft = true
		b.expr(s, n.Test, true)
		b.all(s, n.Body, soft)
		for i := range n.Elif {
			b.expr(s, n.Elif[i].Test, true)
			b.all(s, n.Elif[i].Body, soft)
		}
		b.all(s, n.Else, soft)
	case *For:
		b.loop(s, n, at)
	case *Assign:
		b.expr(s, n.Value, at.soft)
		b.expr(s, n.Target, at.soft)
		n.refs = namespaceRefs(n.Target, nil)
	case *AssignBlock:
		in := b.inner(s, nil)
		in.collectAll(n.Body)
		b.all(in, n.Body, surroundings{inLoop: at.inLoop})
		b.expr(s, n.Target, at.soft)
		if n.Filter != nil {
			b.expr(in, n.Filter, false)
		}
		n.scope = in.info()
		b.close(in)
	case *MacroDef:
		sym, _ := s.find(n.symbol)
		n.slot = sym.slot
		b.macro(s, n)
	case *CallBlock:
		b.macro(s, n.Def)
		b.expr(s, n.Call, at.soft)
	case *FilterBlock:
		in := b.inner(s, nil)
		in.collectAll(n.Body)
		in.names(n.Filter)
		b.all(in, n.Body, surroundings{inLoop: at.inLoop})
		b.expr(in, n.Filter, false)
		n.scope = in.info()
		b.close(in)
	case *With:
		in := b.inner(s, nil)
		for _, t := range n.Targets {
			in.names(t)
		}
		in.collectAll(n.Body)
		for i, t := range n.Targets {
			b.expr(s, n.Values[i], at.soft)
			b.expr(in, t, false)
		}
		b.all(in, n.Body, surroundings{inLoop: at.inLoop})
		n.scope = in.info()
		b.close(in)
	case *Scoped:
		in := b.inner(s, nil)
		if n.Option != nil {
			in.names(n.Option)
			b.expr(in, n.Option, false)
		}
		in.collectAll(n.Body)
		b.all(in, n.Body, surroundings{inLoop: at.inLoop})
		n.scope = in.info()
		b.close(in)
	case *Do:
		b.expr(s, n.Expr, at.soft)
	case *Break:
		if !at.inLoop {
			b.p.failAt(diag.TemplateTag, n.place, "'break' outside loop")
		}
	case *Continue:
		if !at.inLoop {
			b.p.failAt(diag.TemplateTag, n.place, "'continue' not properly in loop")
		}
	case *BlockDef:
		if n.Scoped {
			n.visible = s.stores()
		}
	}
}

func namespaceRefs(n Expr, out []*NamespaceRef) []*NamespaceRef {
	switch n := n.(type) {
	case *NamespaceRef:
		return append(out, n)
	case *TupleExpr:
		for _, item := range n.Items {
			out = namespaceRefs(item, out)
		}
	}
	return out
}

func (b *binder) loop(s *scope, n *For, at surroundings) {
	if b.p.setsLoop {
		Walk(n, func(c Node) bool {
			if name, ok := c.(*Name); ok && name.store && !name.param && name.Name == "loop" {
				b.p.failAt(diag.TemplateSyntax, name.place, "Can't assign to special loop variable in for-loop target")
			}
			return true
		})
	}
	extended := n.Recursive || n.special&nameLoop != 0 && undeclared(n.Body, nameLoop) != 0
	if !extended && len(b.p.blocks) > 0 {
		Walk(n, func(c Node) bool {
			block, ok := c.(*BlockDef)
			extended = extended || ok && block.Scoped
			return true
		})
	}
	if n.Recursive {
		n.fn = &function{}
	}
	body := b.inner(s, n.fn)
	n.loopSlot = -1
	if extended {
		n.loopSlot = body.declare("loop")
	}
	declareTargets(body, n.Target)
	body.collectAll(n.Body)
	b.expr(s, n.Iter, at.soft)
	if n.Test != nil {
		test := b.inner(s, nil)
		if n.Recursive {
			test.fn = n.fn
		}
		n.testTarget = copyTarget(n.Target)
		declareTargets(test, n.testTarget)
		test.names(n.Test)
		b.expr(test, n.testTarget, false)
		b.expr(test, n.Test, false)
		n.testScope = test.info()
		b.close(test)
	}
	b.expr(body, n.Target, false)
	b.all(body, n.Body, surroundings{inLoop: true})
	n.scope = body.info()
	b.close(body)
	if n.Else != nil {
		other := b.inner(s, nil)
		if n.Recursive {
			other.fn = n.fn
		}
		other.collectAll(n.Else)
		b.all(other, n.Else, surroundings{inLoop: at.inLoop && !n.Recursive})
		n.elseScope = other.info()
		b.close(other)
	}
}

func declareTargets(s *scope, n Expr) {
	switch n := n.(type) {
	case *Name:
		s.declare(n.Name)
	case *TupleExpr:
		for _, item := range n.Items {
			declareTargets(s, item)
		}
	}
}

func copyTarget(n Expr) Expr {
	switch n := n.(type) {
	case *Name:
		c := *n
		return &c
	case *TupleExpr:
		c := &TupleExpr{place: n.place}
		for _, item := range n.Items {
			c.Items = append(c.Items, copyTarget(item))
		}
		return c
	}
	return n
}

func (b *binder) macro(s *scope, m *MacroDef) {
	m.fn = &function{}
	in := b.inner(s, m.fn)
	for i := range m.Params {
		m.Params[i].slot = in.declare(m.Params[i].Name)
	}
	for i := range m.Params {
		if d := m.Params[i].Default; d != nil {
			in.names(d)
		}
	}
	var wanted specialNames
	m.caller, m.kwargs, m.varargs = -1, -1, -1
	if used := m.special & (nameCaller | nameKwargs | nameVarargs); used != 0 {
		wanted = undeclared(m.Body, nameCaller|nameKwargs|nameVarargs)
	}
	for i := range m.Params {
		switch m.Params[i].Name {
		case "caller":
			m.explicitCaller = true
			if wanted&nameCaller != 0 && m.Params[i].Default == nil {
				b.p.failAt(diag.TemplateSyntax, m.Params[i].place,
					`When defining macros or call blocks the special "caller" argument must be omitted or be given a default.`)
			}
			wanted &^= nameCaller
		case "kwargs":
			wanted &^= nameKwargs
		case "varargs":
			wanted &^= nameVarargs
		}
	}
	if wanted&nameCaller != 0 {
		m.caller = in.declare("caller")
	}
	if wanted&nameKwargs != 0 {
		m.kwargs = in.declare("kwargs")
	}
	if wanted&nameVarargs != 0 {
		m.varargs = in.declare("varargs")
	}
	in.collectAll(m.Body)
	for i := range m.Params {
		if d := m.Params[i].Default; d != nil {
			b.expr(in, d, false)
		}
	}
	b.all(in, m.Body, surroundings{})
	m.aliases = in.info().aliases
	b.close(in)
}

// expr binds the names of an expression or target to slots.
func (b *binder) expr(s *scope, n Node, soft bool) {
	if b.depth++; b.depth > maxTree {
		start, end := n.Range()
		b.p.failAt(diag.TemplateLimit, place{int32(start), int32(end)}, "the expression nests deeper than %d levels", maxTree)
	}
	b.operands(s, n, soft)
	b.depth--
}

func (b *binder) operands(s *scope, n Node, soft bool) {
	switch n := n.(type) {
	case *Const:
	case *Name:
		n.slot, n.hops = b.ref(s, n.place, n.Name)
	case *NamespaceRef:
		n.slot, n.hops = b.ref(s, n.place, n.Name)
	case *Getattr:
		b.expr(s, n.Expr, soft)
	case *CallExpr:
		b.expr(s, n.Func, soft)
		b.arguments(s, &n.Arguments, soft)
	case *Cond:
		b.expr(s, n.Test, true)
		b.expr(s, n.Then, true)
		if n.Else != nil {
			b.expr(s, n.Else, true)
		}
	case *Filter:
		if f, ok := b.p.opts.Filters[n.Name]; ok {
			n.host = f
		} else if n.builtin = python.filters[n.Name]; n.builtin == nil && !soft {
			b.unknown(n.place, "filter", n.Name)
		}
		if n.Expr != nil {
			b.expr(s, n.Expr, soft)
		}
		b.arguments(s, &n.Arguments, soft)
	case *Test:
		if f, ok := b.p.opts.Tests[n.Name]; ok {
			n.host = f
		} else if n.builtin = python.tests[n.Name]; n.builtin == nil && !soft {
			b.unknown(n.place, "test", n.Name)
		}
		b.expr(s, n.Expr, soft)
		b.arguments(s, &n.Arguments, soft)
	default:
		children(n, func(c Node) { b.expr(s, c, soft) })
	}
}

func (b *binder) arguments(s *scope, a *Arguments, soft bool) {
	for _, e := range a.Args {
		b.expr(s, e, soft)
	}
	for i := range a.Kwargs {
		b.expr(s, a.Kwargs[i].Value, soft)
	}
	if a.DynArgs != nil {
		b.expr(s, a.DynArgs, soft)
	}
	if a.DynKw != nil {
		b.expr(s, a.DynKw, soft)
	}
}

func (b *binder) ref(s *scope, at place, name string) (int32, uint8) {
	sym, hops := s.find(name)
	if sym == nil {
		// Jinja2 does not look at the arguments of a set block's filter when it resolves names, and then fails on them.
		b.p.failAt(diag.TemplateSyntax, at, "the name %s cannot be used here: Tried to resolve a name to a reference that was unknown to the frame (%s)",
			quote(name), quote(name))
	}
	return sym.slot, hops
}

func (b *binder) unknown(at place, what, name string) {
	panic(&syntaxError{code: diag.TemplateFilter, start: int(at.start), end: int(at.end),
		message: "No " + what + " named " + quote(name) + ".", hint: suggest(what, name)})
}

// foldable says that Jinja2 could compute the expression when it compiles: it holds no names, calls or context filters.
func foldable(n Node) bool {
	switch n := n.(type) {
	case *Name, *CallExpr, *NamespaceRef:
		return false
	case *Filter:
		if n.host != nil || n.builtin == nil || n.builtin.context {
			return false
		}
	case *Test:
		if n.host != nil || n.builtin == nil {
			return false
		}
	case *Cond:
		if n.Else == nil {
			return false
		}
	}
	ok := true
	children(n, func(c Node) { ok = ok && foldable(c) })
	return ok
}
