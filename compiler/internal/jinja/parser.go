package jinja

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// maxNesting is how deep expressions and blocks may nest, and maxChain how long one chain of operators may be; both far
// beyond what Jinja2 itself survives, and small enough for the evaluator's stack.
const (
	maxNesting = 250
	maxChain   = 1000
	maxTree    = 1200 // both together
	maxNames   = 500  // parameters of a macro, or keyword arguments of a call
)

// parser turns tokens into a tree. Errors leave it as a *syntaxError panic that parse recovers.
type parser struct {
	lex   lexer
	file  *source.File
	opts  *Options
	tok   token
	ahead token
	has   bool  // ahead is filled
	last  int32 // where the token before tok ended
	depth int

	tags     []string   // the blocks that are open, for messages
	ends     [][]string // what would close them
	macros   []*MacroDef
	blocks   []*BlockDef
	hasCR    bool
	special  specialNames // those seen since the innermost macro or loop began
	setsLoop bool         // some name `loop` is assigned to
	names    arena[Name]
	consts   arena[Const]
	getattrs arena[Getattr]
	calls    arena[CallExpr]
	datas    arena[Data]
	prints   arena[Print]

	filterNodes arena[Filter]
	ifs         arena[If]

	// Lists grow on these stacks and are copied when their length is known.
	stmts []Stmt
	exprs []Expr
	// scopes are symbol tables for reuse.
	scopes []*scope
}

func (p *parser) next() {
	p.last = p.tok.end
	if p.has {
		p.tok, p.has = p.ahead, false
		return
	}
	if err := p.lex.next(&p.tok); err != nil {
		panic(err)
	}
}

func (p *parser) look() *token {
	if !p.has {
		if err := p.lex.next(&p.ahead); err != nil {
			panic(err)
		}
		p.has = true
	}
	return &p.ahead
}

// from is the place from the beginning of n to the end of the last token read.
func (p *parser) from(n Node) place {
	start, _ := n.Range()
	return place{int32(start), p.last}
}

func (p *parser) span(n Node) source.Span {
	start, end := n.Range()
	return source.Span{File: p.file, Start: start, End: end}
}

func (p *parser) fail(code diag.Code, format string, args ...any) {
	p.failAt(code, place{p.tok.start, p.tok.end}, format, args...)
}

func (p *parser) failAt(code diag.Code, at place, format string, args ...any) {
	panic(&syntaxError{code: code, start: int(at.start), end: int(at.end), message: fmt.Sprintf(format, args...)})
}

func (p *parser) enter() {
	p.depth++
	if p.depth > maxNesting {
		p.fail(diag.TemplateLimit, "the template nests deeper than %d levels", maxNesting)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) chain(i int) {
	if i > maxChain {
		p.fail(diag.TemplateLimit, "more than %d operations follow one another in one expression", maxChain)
	}
}

func (p *parser) expect(k tokenKind) {
	if p.tok.kind != k {
		p.unexpected(tokenWords[k])
	}
	p.next()
}

func (p *parser) expectWord(word string) {
	if !p.tok.is(word) {
		p.unexpected(word)
	}
	p.next()
}

func (p *parser) unexpected(want string) {
	if p.tok.kind == tokEOF {
		p.fail(diag.TemplateSyntax, "unexpected end of template, expected %s.", quote(want))
	}
	p.fail(diag.TemplateSyntax, "expected token %s, got %s", quote(want), quote(p.tok.describe()))
}

func (p *parser) skip(word string) bool {
	if p.tok.is(word) {
		p.next()
		return true
	}
	return false
}

// body reads statements and text up to a tag that begins with one of ends, which stays the current token.
func (p *parser) body(ends ...string) []Stmt {
	if p.tok.kind == tokColon {
		p.next()
	}
	p.expect(tokBlockEnd)
	return p.statements(ends)
}

// closed is body for one possible end, which is read too.
func (p *parser) closed(end string) []Stmt {
	b := p.body(end)
	p.next()
	return b
}

func (p *parser) statements(ends []string) []Stmt {
	p.enter()
	defer p.leave()
	if ends != nil {
		p.ends = append(p.ends, ends)
		defer func() { p.ends = p.ends[:len(p.ends)-1] }()
	}
	mark := len(p.stmts)
	for {
		switch p.tok.kind {
		case tokEOF:
			if ends != nil {
				p.unclosed("")
			}
			return p.takeStmts(mark)
		case tokData:
			p.data()
			p.next()
		case tokVariableBegin:
			n := p.prints.new()
			n.start = p.tok.start
			p.next()
			n.Expr = p.tuple(tupleOptions{conditional: true})
			p.expect(tokVariableEnd)
			n.end = p.last
			p.stmts = append(p.stmts, n)
		case tokBlockBegin:
			start := p.tok.start
			p.next()
			if p.tok.kind == tokName && slices.Contains(ends, p.tok.text) {
				return p.takeStmts(mark)
			}
			p.statement(start)
			p.expect(tokBlockEnd)
		}
	}
}

// takeStmts cuts the statements from mark on off the stack.
func (p *parser) takeStmts(mark int) []Stmt {
	if len(p.stmts) == mark {
		return nil
	}
	out := make([]Stmt, len(p.stmts)-mark)
	copy(out, p.stmts[mark:])
	p.stmts = p.stmts[:mark]
	return out
}

// takeExprs cuts the expressions from mark on off the stack.
func (p *parser) takeExprs(mark int) []Expr {
	if len(p.exprs) == mark {
		return nil
	}
	out := make([]Expr, len(p.exprs)-mark)
	copy(out, p.exprs[mark:])
	p.exprs = p.exprs[:mark]
	return out
}

// data appends template text; text with carriage returns is cut so that every piece is what the file holds, byte for byte.
func (p *parser) data() {
	text, at := p.tok.text, p.tok.start
	add := func(s string, start, end int32) {
		n := p.datas.new()
		n.place, n.Text = place{start, end}, s
		p.stmts = append(p.stmts, n)
	}
	if !p.hasCR || strings.IndexByte(text, '\r') < 0 {
		add(text, at, p.tok.end)
		return
	}
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\r' {
			continue
		}
		if i > from {
			add(text[from:i], at+int32(from), at+int32(i))
		}
		from = i + 1
		if i+1 < len(text) && text[i+1] == '\n' {
			continue // the newline itself begins the next piece
		}
		add("\n", at+int32(i), at+int32(i+1))
	}
	if from < len(text) {
		add(text[from:], at+int32(from), p.tok.end)
	}
}

func (p *parser) unclosed(tag string) {
	var b strings.Builder
	if tag == "" {
		b.WriteString("Unexpected end of template.")
	} else {
		fmt.Fprintf(&b, "Encountered unknown tag %s.", quote(tag))
	}
	if n := len(p.ends); n > 0 {
		words := make([]string, len(p.ends[n-1]))
		for i, w := range p.ends[n-1] {
			words[i] = quote(w)
		}
		looking := strings.Join(words, " or ")
		nested := tag != "" && slices.ContainsFunc(p.ends, func(e []string) bool { return slices.Contains(e, tag) })
		if nested {
			b.WriteString(" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " + looking + ".")
		} else {
			b.WriteString(" Jinja was looking for the following tags: " + looking + ".")
		}
	}
	if n := len(p.tags); n > 0 {
		b.WriteString(" The innermost block that needs to be closed is " + quote(p.tags[n-1]) + ".")
	}
	p.fail(diag.TemplateTag, "%s", b.String())
}

// statement reads one tag, and the block it opens.
func (p *parser) statement(start int32) {
	if p.tok.kind != tokName {
		p.fail(diag.TemplateSyntax, "tag name expected")
	}
	tag := p.tok.text
	p.tags = append(p.tags, tag)
	var s Stmt
	switch tag {
	case "if":
		s = p.parseIf()
	case "for":
		s = p.parseFor()
	case "set":
		s = p.parseSet()
	case "do":
		p.next()
		n := &Do{Expr: p.tuple(tupleOptions{conditional: true})}
		s = n
	case "macro":
		s = p.parseMacro()
	case "call":
		s = p.parseCallBlock()
	case "filter":
		s = p.parseFilterBlock()
	case "with":
		s = p.parseWith()
	case "block":
		s = p.parseBlock()
	case "print":
		p.next()
		for first := true; p.tok.kind != tokBlockEnd; first = false {
			if !first {
				p.expect(tokComma)
			}
			e := p.expression()
			p.stmts = append(p.stmts, &Print{place: p.from(e), Expr: e})
		}
		p.tags = p.tags[:len(p.tags)-1]
		return
	case "break":
		p.next()
		s = &Break{}
	case "continue":
		p.next()
		s = &Continue{}
	case "autoescape":
		p.next()
		s = &Scoped{Option: p.expression(), Body: p.closed("endautoescape")}
	case "materialization":
		s = p.parseMaterialization()
	case "test", "data_test":
		s = p.parseTestBlock(tag)
	case "docs":
		s = p.parseDocs()
	case "snapshot":
		s = p.parseSnapshot()
	case "include", "import", "from", "extends":
		p.failLoader(tag)
	default:
		p.tags = p.tags[:len(p.tags)-1]
		p.unclosed(tag)
	}
	p.tags = p.tags[:len(p.tags)-1]
	setPlace(s, place{start, p.tok.end})
	if p.tok.kind != tokBlockEnd {
		setPlace(s, place{start, p.last})
	}
	p.stmts = append(p.stmts, s)
}

func (p *parser) failLoader(tag string) {
	panic(&syntaxError{code: diag.TemplateLoader, start: int(p.tok.start), end: int(p.tok.end),
		message: fmt.Sprintf("{%% %s %%} is not available: templates of a project cannot load other templates", tag),
		hint:    "put what is shared into a macro and call it by its name"})
}

// setPlace gives a statement the range of all its tags.
func setPlace(s Stmt, at place) {
	switch n := s.(type) {
	case *If:
		n.place = at
	case *For:
		n.place = at
	case *Assign:
		n.place = at
	case *AssignBlock:
		n.place = at
	case *Do:
		n.place = at
	case *MacroDef:
		n.place = at
	case *CallBlock:
		n.place, n.Def.place = at, at
	case *FilterBlock:
		n.place = at
	case *With:
		n.place = at
	case *BlockDef:
		n.place = at
	case *Break:
		n.place = at
	case *Continue:
		n.place = at
	case *Scoped:
		n.place = at
	}
}
