package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
)

// The grammar below is Jinja2's, level by level; a chain of operators nests to the left.

// Each level is handed the operand it begins with, if that is read already; most expressions are just that operand, and
// need none of the levels.

func (p *parser) expression() Expr {
	p.enter()
	e := p.condition()
	p.leave()
	return e
}

// operand reads the first operand of an expression. ended says that nothing follows it that an operator could be.
func (p *parser) operand() (first Expr, ended bool) {
	if p.tok.is("not") {
		return nil, false
	}
	first = p.unary(true)
	switch p.tok.kind {
	case tokVariableEnd, tokBlockEnd, tokComma, tokRParen, tokRBracket, tokRBrace, tokColon, tokEOF:
		return first, true
	}
	return first, false
}

func (p *parser) condition() Expr {
	first, ended := p.operand()
	if ended {
		return first
	}
	then := p.or(first)
	for p.tok.is("if") {
		p.next()
		test := p.or(nil)
		var other Expr
		if p.tok.is("else") {
			p.next()
			p.enter()
			other = p.condition()
			p.leave()
		}
		n := &Cond{Test: test, Then: then, Else: other}
		n.place = p.from(then)
		if other == nil {
			n.missing = &Undefined{conditional: p.span(n)}
		}
		then = n
	}
	return then
}

func (p *parser) or(first Expr) Expr {
	left := p.and(first)
	for i := 0; p.tok.is("or"); i++ {
		p.chain(i)
		p.next()
		right := p.and(nil)
		left = &Logic{place: p.from(left), Or: true, Left: left, Right: right}
	}
	return left
}

func (p *parser) and(first Expr) Expr {
	left := p.not(first)
	for i := 0; p.tok.is("and"); i++ {
		p.chain(i)
		p.next()
		right := p.not(nil)
		left = &Logic{place: p.from(left), Left: left, Right: right}
	}
	return left
}

func (p *parser) not(first Expr) Expr {
	if first != nil || !p.tok.is("not") {
		return p.compare(first)
	}
	start := p.tok.start
	p.enter()
	p.next()
	n := &Unary{Op: '!', Expr: p.not(nil)}
	p.leave()
	n.place = place{start, p.last}
	return n
}

func (p *parser) compare(first Expr) Expr {
	expr := p.sum(first)
	var ops []Comparison
	for {
		var op CompareOp
		switch {
		case p.tok.kind == tokEq:
			op = OpEq
		case p.tok.kind == tokNe:
			op = OpNe
		case p.tok.kind == tokLt:
			op = OpLt
		case p.tok.kind == tokLtEq:
			op = OpLe
		case p.tok.kind == tokGt:
			op = OpGt
		case p.tok.kind == tokGtEq:
			op = OpGe
		case p.tok.kind != tokName:
			op = 99
		case p.tok.text == "in":
			op = OpIn
		case p.tok.text == "not" && p.look().is("in"):
			p.next()
			op = OpNotIn
		default:
			op = 99
		}
		if op == 99 {
			break
		}
		p.next()
		ops = append(ops, Comparison{Op: op, Expr: p.sum(nil)})
	}
	if ops == nil {
		return expr
	}
	return &Compare{place: p.from(expr), Expr: expr, Ops: ops}
}

func (p *parser) binary(i int, op BinaryOp, left Expr, operand func(Expr) Expr) Expr {
	p.chain(i)
	p.next()
	right := operand(nil)
	return &Binary{place: p.from(left), Op: op, Left: left, Right: right}
}

func (p *parser) sum(first Expr) Expr {
	left := p.concat(first)
	for i := 0; ; i++ {
		switch p.tok.kind {
		case tokAdd:
			left = p.binary(i, OpAdd, left, p.concat)
		case tokSub:
			left = p.binary(i, OpSub, left, p.concat)
		default:
			return left
		}
	}
}

func (p *parser) concat(first Expr) Expr {
	first = p.product(first)
	if p.tok.kind != tokTilde {
		return first
	}
	mark := len(p.exprs)
	p.exprs = append(p.exprs, first)
	for p.tok.kind == tokTilde {
		p.next()
		p.exprs = append(p.exprs, p.product(nil))
	}
	return &Concat{place: p.from(first), Items: p.takeExprs(mark)}
}

func (p *parser) product(first Expr) Expr {
	left := p.power(first)
	for i := 0; ; i++ {
		switch p.tok.kind {
		case tokMul:
			left = p.binary(i, OpMul, left, p.power)
		case tokDiv:
			left = p.binary(i, OpDiv, left, p.power)
		case tokFloorDiv:
			left = p.binary(i, OpFloorDiv, left, p.power)
		case tokMod:
			left = p.binary(i, OpMod, left, p.power)
		default:
			return left
		}
	}
}

func (p *parser) power(first Expr) Expr {
	left := first
	if left == nil {
		left = p.unary(true)
	}
	for i := 0; p.tok.kind == tokPow; i++ {
		left = p.binary(i, OpPow, left, func(Expr) Expr { return p.unary(true) })
	}
	return left
}

func (p *parser) filters(n Expr) Expr {
	for i := 0; ; i++ {
		p.chain(i)
		switch {
		case p.tok.kind == tokPipe:
			p.next()
			n = p.filter(n)
		case p.tok.is("is"):
			n = p.test(n)
		case p.tok.kind == tokLParen:
			n = p.call(n)
		default:
			return n
		}
	}
}

func (p *parser) arguments(a *Arguments) {
	p.enter()
	defer p.leave()
	open := place{p.tok.start, p.tok.end}
	p.expect(tokLParen)
	ensure := func(ok bool) {
		if !ok {
			p.failAt(diag.TemplateSyntax, open, "invalid syntax for function call expression")
		}
	}
	mark := len(p.exprs)
	for comma := false; p.tok.kind != tokRParen; comma = true {
		if comma {
			p.expect(tokComma)
			if p.tok.kind == tokRParen {
				break
			}
		}
		switch {
		case p.tok.kind == tokMul:
			ensure(a.DynArgs == nil && a.DynKw == nil)
			p.next()
			a.DynArgs = p.expression()
		case p.tok.kind == tokPow:
			ensure(a.DynKw == nil)
			p.next()
			a.DynKw = p.expression()
		case p.tok.kind == tokName && p.look().kind == tokAssign:
			ensure(a.DynKw == nil)
			key, start := p.tok.text, p.tok.start
			for i := range a.Kwargs {
				if a.Kwargs[i].Name == key {
					p.fail(diag.TemplateSyntax, "keyword argument repeated: %s", key)
				}
			}
			p.next()
			p.next()
			v := p.expression()
			if len(a.Kwargs) >= maxNames {
				p.fail(diag.TemplateLimit, "a call has more than %d keyword arguments", maxNames)
			}
			a.Kwargs = append(a.Kwargs, Keyword{place: place{start, p.last}, Name: key, Value: v})
		default:
			ensure(a.DynArgs == nil && a.DynKw == nil && a.Kwargs == nil)
			p.exprs = append(p.exprs, p.expression())
		}
	}
	a.Args = p.takeExprs(mark)
	p.expect(tokRParen)
}

func (p *parser) call(n Expr) Expr {
	c := p.calls.new()
	c.Func = n
	p.arguments(&c.Arguments)
	c.place = p.from(n)
	return c
}

// filter reads one or more filters that follow n; the pipe of the first is read already.
func (p *parser) filter(n Expr) *Filter {
	for i := 0; ; i++ {
		p.chain(i)
		f := p.filterNodes.new()
		f.place.start = p.tok.start
		f.Expr = n
		f.Name = p.dotted()
		if p.tok.kind == tokLParen {
			p.arguments(&f.Arguments)
		}
		if n != nil {
			f.place = p.from(n)
		}
		f.place.end = p.last
		if p.tok.kind != tokPipe {
			return f
		}
		p.next()
		n = f
	}
}

func (p *parser) dotted() string {
	name := p.tok.text
	p.expect(tokName)
	for p.tok.kind == tokDot {
		p.next()
		name += "." + p.tok.text
		p.expect(tokName)
	}
	return name
}

func (p *parser) test(n Expr) Expr {
	p.next()
	negated := false
	if p.tok.is("not") {
		p.next()
		negated = true
	}
	t := &Test{Expr: n, Name: p.dotted()}
	switch p.tok.kind {
	case tokLParen:
		p.arguments(&t.Arguments)
	case tokName, tokString, tokInteger, tokFloat, tokLBracket, tokLBrace:
		if p.tok.is("else") || p.tok.is("or") || p.tok.is("and") {
			break
		}
		if p.tok.is("is") {
			p.fail(diag.TemplateSyntax, "You cannot chain multiple tests with is")
		}
		t.Args = []Expr{p.postfix(p.primary(false))}
	}
	t.place = p.from(n)
	if negated {
		return &Unary{place: t.place, Op: '!', Expr: t}
	}
	return t
}
