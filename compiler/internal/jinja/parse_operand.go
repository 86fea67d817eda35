package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
	"math/big"
	"strconv"
	"strings"
)

func (p *parser) unary(withFilter bool) Expr {
	var n Expr
	switch p.tok.kind {
	case tokSub, tokAdd:
		op := byte('-')
		if p.tok.kind == tokAdd {
			op = '+'
		}
		start := p.tok.start
		p.enter()
		p.next()
		u := &Unary{Op: op, Expr: p.unary(false)}
		p.leave()
		u.place = place{start, p.last}
		n = u
	default:
		n = p.primary(false)
	}
	n = p.postfix(n)
	if withFilter {
		n = p.filters(n)
	}
	return n
}

// primary reads a name, a literal or something in brackets. withNamespace allows `ns.attr` as a target.
func (p *parser) primary(withNamespace bool) Expr {
	at := place{p.tok.start, p.tok.end}
	text := p.tok.text
	switch p.tok.kind {
	case tokName:
		p.next()
		switch text {
		case "true", "True":
			return p.constant(at, Bool(true))
		case "false", "False":
			return p.constant(at, Bool(false))
		case "none", "None":
			return p.constant(at, None)
		}
		if withNamespace && p.tok.kind == tokDot {
			p.next()
			attr := p.tok.text
			p.expect(tokName)
			return &NamespaceRef{place: place{at.start, p.last}, Name: text, Attr: attr}
		}
		n := p.names.new()
		n.place, n.Name = at, text
		p.special |= specialName(text)
		return n
	case tokString:
		p.next()
		if p.tok.kind == tokString {
			var b strings.Builder
			b.WriteString(text)
			for p.tok.kind == tokString {
				b.WriteString(p.tok.text)
				p.next()
			}
			text = b.String()
			at.end = p.last
		}
		return p.constant(at, boxString(text))
	case tokInteger:
		p.next()
		return p.constant(at, p.integer(at, text))
	case tokFloat:
		p.next()
		f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
		_ = err // out of range is an infinity, as in Python
		return p.constant(at, Float(f))
	case tokLParen:
		p.enter()
		p.next()
		n := p.tuple(tupleOptions{conditional: true, parens: true})
		p.expect(tokRParen)
		p.leave()
		if t, ok := n.(*TupleExpr); ok {
			t.place = place{at.start, p.last}
		}
		return n
	case tokLBracket:
		return p.list()
	case tokLBrace:
		return p.dict()
	}
	p.fail(diag.TemplateSyntax, "unexpected %s", quote(p.tok.describe()))
	return nil
}

func (p *parser) constant(at place, v Value) Expr {
	n := p.consts.new()
	n.place, n.Value = at, v
	return n
}

func (p *parser) integer(at place, text string) Value {
	text = strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Int(i)
	}
	if len(text) > maxIntDigits && text[1] >= '0' && text[1] <= '9' {
		p.failAt(diag.TemplateSyntax, at, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits", maxIntDigits, len(text))
	}
	n, ok := new(big.Int).SetString(text, 0)
	if !ok {
		p.failAt(diag.TemplateSyntax, at, "invalid number %s", quote(text))
	}
	return normInt(n)
}

// tupleOptions are the ways in which parse_tuple of Jinja2 is used.
type tupleOptions struct {
	simple      bool   // only names and literals: a target
	conditional bool   // inline if is allowed
	parens      bool   // the tuple stands in parentheses, so it may be empty
	namespace   bool   // `ns.attr` is allowed
	end         string // a keyword that ends the tuple
}

func (p *parser) tuple(o tupleOptions) Expr {
	start := p.tok.start
	var first Expr
	var items []Expr
	isTuple := false
	for n := 0; ; n++ {
		if n > 0 {
			p.expect(tokComma)
		}
		if k := p.tok.kind; k == tokVariableEnd || k == tokBlockEnd || k == tokRParen || o.end != "" && p.tok.is(o.end) {
			break
		}
		var e Expr
		switch {
		case o.simple:
			e = p.primary(o.namespace)
		case o.conditional:
			e = p.expression()
		default:
			p.enter()
			var ended bool
			if e, ended = p.operand(); !ended {
				e = p.or(e)
			}
			p.leave()
		}
		if n == 0 {
			first = e
		} else {
			if n == 1 {
				items = append(items, first)
			}
			items = append(items, e)
		}
		if p.tok.kind != tokComma {
			break
		}
		isTuple = true
	}
	if !isTuple {
		if first != nil {
			return first
		}
		if !o.parens {
			p.fail(diag.TemplateSyntax, "Expected an expression, got %s", quote(p.tok.describe()))
		}
	}
	if items == nil && first != nil {
		items = []Expr{first}
	}
	return &TupleExpr{place: place{start, max(start, p.last)}, Items: items}
}

func (p *parser) list() Expr {
	start := p.tok.start
	p.enter()
	defer p.leave()
	p.expect(tokLBracket)
	mark := len(p.exprs)
	for p.tok.kind != tokRBracket {
		if len(p.exprs) > mark {
			p.expect(tokComma)
			if p.tok.kind == tokRBracket {
				break
			}
		}
		p.exprs = append(p.exprs, p.expression())
	}
	items := p.takeExprs(mark)
	p.expect(tokRBracket)
	return &ListExpr{place: place{start, p.last}, Items: items}
}

func (p *parser) dict() Expr {
	start := p.tok.start
	p.enter()
	defer p.leave()
	p.expect(tokLBrace)
	var items []Pair
	for p.tok.kind != tokRBrace {
		if items != nil {
			p.expect(tokComma)
			if p.tok.kind == tokRBrace {
				break
			}
		}
		key := p.expression()
		p.expect(tokColon)
		items = append(items, Pair{Key: key, Value: p.expression()})
	}
	p.expect(tokRBrace)
	return &DictExpr{place: place{start, p.last}, Items: items}
}

func (p *parser) postfix(n Expr) Expr {
	for i := 0; ; i++ {
		p.chain(i)
		switch p.tok.kind {
		case tokDot:
			n = p.attribute(n)
		case tokLBracket:
			n = p.subscript(n)
		case tokLParen:
			n = p.call(n)
		default:
			return n
		}
	}
}

func (p *parser) attribute(n Expr) Expr {
	p.next()
	at, text := place{p.tok.start, p.tok.end}, p.tok.text
	switch p.tok.kind {
	case tokName:
		p.next()
		g := p.getattrs.new()
		g.place, g.Expr, g.Name = p.from(n), n, text
		return g
	case tokInteger:
		p.next()
		return &Getitem{place: p.from(n), Expr: n, Key: p.constant(at, p.integer(at, text))}
	}
	p.fail(diag.TemplateSyntax, "expected name or number")
	return nil
}

func (p *parser) subscript(n Expr) Expr {
	p.enter()
	defer p.leave()
	p.next()
	start := p.tok.start
	var keys []Expr
	for p.tok.kind != tokRBracket {
		if keys != nil {
			p.expect(tokComma)
		}
		keys = append(keys, p.subscriptKey())
	}
	end := p.last
	p.expect(tokRBracket)
	if len(keys) == 1 {
		if s, ok := keys[0].(*sliceKey); ok {
			return &Slice{place: p.from(n), Expr: n, Start: s.Start, Stop: s.Stop, Step: s.Step}
		}
		return &Getitem{place: p.from(n), Expr: n, Key: keys[0]}
	}
	for _, k := range keys {
		if s, ok := k.(*sliceKey); ok {
			p.failAt(diag.TemplateSyntax, s.place, "invalid syntax: a slice cannot stand in a tuple")
		}
	}
	return &Getitem{place: p.from(n), Expr: n, Key: &TupleExpr{place: place{start, max(start, end)}, Items: keys}}
}

func (p *parser) subscriptKey() Expr {
	at := p.tok.start
	var start, stop, step Expr
	if p.tok.kind != tokColon {
		start = p.expression()
		if p.tok.kind != tokColon {
			return start
		}
	}
	p.next()
	ends := func() bool { return p.tok.kind == tokRBracket || p.tok.kind == tokComma }
	if p.tok.kind != tokColon && !ends() {
		stop = p.expression()
	}
	if p.tok.kind == tokColon {
		p.next()
		if !ends() {
			step = p.expression()
		}
	}
	return &sliceKey{place: place{at, p.last}, Start: start, Stop: stop, Step: step}
}
