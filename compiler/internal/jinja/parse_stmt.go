package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
)

func (p *parser) parseIf() Stmt {
	n := p.ifs.new()
	p.next()
	n.Test = p.tuple(tupleOptions{})
	n.Body = p.body("elif", "else", "endif")
	for {
		switch {
		case p.skip("elif"):
			test := p.tuple(tupleOptions{})
			n.Elif = append(n.Elif, ElifBranch{Test: test, Body: p.body("elif", "else", "endif")})
			continue
		case p.skip("else"):
			n.Else = p.closed("endif")
		default:
			p.next()
		}
		return n
	}
}

func (p *parser) parseFor() Stmt {
	n := &For{}
	p.next()
	n.Target = p.target(targetOptions{tuple: true, end: "in"})
	p.expectWord("in")
	n.Iter = p.tuple(tupleOptions{end: "recursive"})
	if p.skip("if") {
		n.Test = p.expression()
	}
	n.Recursive = p.skip("recursive")
	outer := p.special
	p.special = 0
	n.Body = p.body("endfor", "else")
	n.special = p.special
	p.special |= outer
	if p.skip("else") {
		n.Else = p.closed("endfor")
	} else {
		p.next()
	}
	return n
}

func (p *parser) parseSet() Stmt {
	p.next()
	target := p.target(targetOptions{tuple: true, namespace: true})
	if p.tok.kind == tokAssign {
		p.next()
		return &Assign{Target: target, Value: p.tuple(tupleOptions{conditional: true})}
	}
	n := &AssignBlock{Target: target}
	if p.tok.kind == tokPipe {
		p.next()
		n.Filter = p.filter(nil)
	}
	n.Body = p.closed("endset")
	return n
}

// targetOptions say what may be assigned to.
type targetOptions struct {
	tuple, namespace bool
	end              string
}

func (p *parser) target(o targetOptions) Expr {
	n := p.tuple(tupleOptions{simple: true, namespace: o.namespace, end: o.end})
	p.assignable(n)
	return n
}

func (p *parser) assignable(n Expr) {
	kind := ""
	switch n := n.(type) {
	case *Name:
		n.store = true
		p.setsLoop = p.setsLoop || n.Name == "loop"
		return
	case *NamespaceRef:
		return
	case *TupleExpr:
		for _, item := range n.Items {
			switch item.(type) {
			case *Name, *NamespaceRef, *TupleExpr:
				p.assignable(item)
			default:
				kind = "tuple"
			}
		}
	case *Const:
		kind = "const"
	case *ListExpr:
		kind = "list"
	case *DictExpr:
		kind = "dict"
	default:
		kind = "expression"
	}
	if kind != "" {
		start, end := n.Range()
		p.failAt(diag.TemplateSyntax, place{int32(start), int32(end)}, "can't assign to %s", quote(kind))
	}
}

// name reads the name of a macro, parameter or the like.
func (p *parser) name() string {
	text := p.tok.text
	if p.tok.kind != tokName {
		p.expect(tokName)
	}
	switch text {
	case "true", "false", "none", "True", "False", "None":
		p.fail(diag.TemplateSyntax, "can't assign to 'name'")
	}
	p.next()
	return text
}

// signature reads the parameters of a macro. dbt allows a type after each name; it is read and dropped.
func (p *parser) signature(m *MacroDef) {
	p.expect(tokLParen)
	for p.tok.kind != tokRParen {
		if m.Params != nil {
			p.expect(tokComma)
		}
		at := place{p.tok.start, p.tok.end}
		param := Param{place: at, Name: p.name()}
		for i := range m.Params {
			if m.Params[i].Name == param.Name {
				p.failAt(diag.TemplateSyntax, at, "duplicate argument %s in the signature of the macro", quote(param.Name))
			}
		}
		if p.tok.kind == tokColon && p.opts.TypedMacros {
			p.next()
			p.typeName()
		}
		if p.tok.kind == tokAssign {
			p.next()
			param.Default = p.expression()
		} else if n := len(m.Params); n > 0 && m.Params[n-1].Default != nil {
			p.fail(diag.TemplateSyntax, "non-default argument follows default argument")
		}
		m.Params = append(m.Params, param)
		if len(m.Params) > maxNames {
			p.fail(diag.TemplateLimit, "a macro has more than %d parameters", maxNames)
		}
	}
	p.next()
}

func (p *parser) typeName() {
	p.enter()
	defer p.leave()
	p.expect(tokName)
	if p.tok.kind != tokLBracket {
		return
	}
	p.next()
	for first := true; p.tok.kind != tokRBracket; first = false {
		if !first {
			p.expect(tokComma)
		}
		p.typeName()
	}
	p.next()
}

func (p *parser) macroBody(m *MacroDef, end string) {
	outer := p.special
	p.special = 0
	m.Body = p.closed(end)
	m.special = p.special
	p.special |= outer
}

// define registers a macro that stands in the template. Its symbol is what templates find it by.
func (p *parser) define(m *MacroDef, symbol string) *MacroDef {
	m.symbol = symbol
	p.macros = append(p.macros, m)
	return m
}

func (p *parser) parseMacro() Stmt {
	m := &MacroDef{}
	p.next()
	m.Name = p.name()
	p.signature(m)
	p.macroBody(m, "endmacro")
	return p.define(m, p.opts.MacroPrefix+m.Name)
}

func (p *parser) parseTestBlock(tag string) Stmt {
	m := &MacroDef{}
	p.next()
	m.Name = "test_" + p.name()
	p.signature(m)
	p.macroBody(m, "end"+tag)
	return p.define(m, p.opts.MacroPrefix+m.Name)
}

func (p *parser) parseDocs() Stmt {
	m := &MacroDef{}
	p.next()
	m.Name = p.name()
	p.macroBody(m, "enddocs")
	return p.define(m, "dbt_docs__"+m.Name)
}

// parseSnapshot reads a snapshot block, which dbt cuts out before Jinja sees it: here its body stands for the block.
func (p *parser) parseSnapshot() Stmt {
	p.next()
	p.name()
	return &Scoped{Body: p.closed("endsnapshot")}
}

func (p *parser) parseMaterialization() Stmt {
	m := &MacroDef{}
	p.next()
	name := p.name()
	adapter := "default"
	for p.tok.kind == tokComma {
		p.next()
		at := place{p.tok.start, p.tok.end}
		switch option := p.name(); option {
		case "default":
		case "adapter":
			p.expect(tokAssign)
			c, ok := p.expression().(*Const)
			text, isText := Value(nil), false
			if ok {
				text = c.Value
				_, isText = text.(Str)
			}
			if !isText {
				p.failAt(diag.TemplateSyntax, at, "the adapter of materialization %s must be a string", quote(name))
			}
			adapter = string(text.(Str))
		case "supported_languages":
			p.expect(tokAssign)
			m.Params = append(m.Params, Param{place: at, Name: option, Default: p.expression()})
		default:
			p.failAt(diag.TemplateSyntax, at, "materialization '%s' received unknown argument '%s'.", name, option)
		}
	}
	if m.Params == nil {
		at := place{p.tok.start, p.tok.start}
		m.Params = []Param{{place: at, Name: "supported_languages",
			Default: &ListExpr{place: at, Items: []Expr{&Const{place: at, Value: Str("sql")}}}}}
	}
	m.Name = "materialization_" + name + "_" + adapter
	p.macroBody(m, "endmaterialization")
	return p.define(m, p.opts.MacroPrefix+m.Name)
}

func (p *parser) parseCallBlock() Stmt {
	m := &MacroDef{}
	at := place{p.tok.start, p.tok.end}
	p.next()
	if p.tok.kind == tokLParen {
		p.signature(m)
	}
	call, ok := p.expression().(*CallExpr)
	if !ok {
		p.failAt(diag.TemplateSyntax, at, "expected call")
	}
	p.macroBody(m, "endcall")
	call.caller = m
	return &CallBlock{Call: call, Def: m}
}

func (p *parser) parseFilterBlock() Stmt {
	n := &FilterBlock{}
	p.next()
	n.Filter = p.filter(nil)
	n.Body = p.closed("endfilter")
	return n
}

func (p *parser) parseWith() Stmt {
	n := &With{}
	p.next()
	for p.tok.kind != tokBlockEnd {
		if n.Targets != nil {
			p.expect(tokComma)
		}
		t := p.target(targetOptions{tuple: true})
		markParams(t)
		n.Targets = append(n.Targets, t)
		p.expect(tokAssign)
		n.Values = append(n.Values, p.expression())
	}
	n.Body = p.closed("endwith")
	return n
}

func markParams(n Expr) {
	switch n := n.(type) {
	case *Name:
		n.param = true
	case *TupleExpr:
		for _, item := range n.Items {
			markParams(item)
		}
	}
}

func (p *parser) parseBlock() Stmt {
	n := &BlockDef{}
	p.next()
	n.Name = p.tok.text
	p.expect(tokName)
	n.Scoped = p.skip("scoped")
	n.Required = p.skip("required")
	if p.tok.kind == tokSub {
		p.fail(diag.TemplateSyntax, "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.")
	}
	n.Body = p.closed("endblock")
	if n.Required {
		for _, s := range n.Body {
			if d, ok := s.(*Data); !ok || skipSpace(d.Text, 0) != len(d.Text) {
				p.fail(diag.TemplateSyntax, "Required blocks can only contain comments or whitespace")
			}
		}
	}
	p.skip(n.Name)
	p.blocks = append(p.blocks, n)
	return n
}
