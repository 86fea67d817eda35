package jinja

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// Options of parsing. The zero value is Jinja2 itself.
type Options struct {
	// Filters and Tests are the host's, by name; they hide the language's own. A filter gets the value as its first argument.
	Filters, Tests map[string]Callable
	// MacroPrefix is put before the name under which a template's own macros are stored, so that a call by the bare name
	// goes to the host's scope: dbt uses "dbt_macro__".
	MacroPrefix string
	// TypedMacros allows `{% macro m(a: str) %}`, as dbt does.
	TypedMacros bool
}

// Template is a parsed template: immutable, safe for concurrent use.
type Template struct {
	file   *source.File
	opts   Options
	span   source.Span
	body   []Stmt
	fn     *function
	self   int32
	macros []*Macro
	blocks map[string]*BlockDef
	// size is a guess of how long the output gets, pieces how many segments its map has.
	size, pieces int
}

// Parse reads a template. The diagnostics' spans lie in src.File. A template with errors is nil.
func Parse(src source.Span, o Options) (*Template, diag.List) {
	p := &parser{file: src.File, opts: &o, lex: newLexer(src.File.Text, src.Start, src.End)}
	p.stmts = make([]Stmt, 0, 16)
	p.hasCR = strings.IndexByte(p.lex.src[min(src.Start, len(p.lex.src)):], '\r') >= 0
	return p.parse(src, func() []Stmt {
		p.next()
		return p.statements(nil)
	})
}

// ParseExpression reads a bare expression, as NativeEnvironment.compile_expression does. Rendered natively, the template
// gives the expression's value.
func ParseExpression(src source.Span, o Options) (*Template, diag.List) {
	p := &parser{file: src.File, opts: &o, lex: lexer{src: src.File.Text[:src.End], pos: src.Start, tag: '{'}}
	return p.parse(src, func() []Stmt {
		p.next()
		e := p.expression()
		if p.tok.kind != tokEOF {
			p.fail(diag.TemplateSyntax, "chunk after expression")
		}
		return []Stmt{&Print{place: p.from(e), Expr: e, expression: true}}
	})
}

// parse runs the parser and turns what it throws into a diagnostic.
func (p *parser) parse(src source.Span, read func() []Stmt) (t *Template, list diag.List) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		err, ok := r.(*syntaxError)
		if !ok {
			panic(r)
		}
		end := max(err.start, min(err.end, src.End))
		d := list.Add(err.code, source.Span{File: src.File, Start: err.start, End: end}, "%s", err.message)
		d.Hint = err.hint
		t = nil
	}()
	body := read()
	t = &Template{file: src.File, opts: *p.opts, span: src, body: body}
	b := binder{p: p}
	b.template(t, body)
	for _, m := range p.macros {
		macro := &Macro{Name: m.Name, Span: p.span(m), tmpl: t, def: m}
		if len(m.Params) > 0 {
			macro.Params = make([]MacroParam, len(m.Params))
			for i := range m.Params {
				macro.Params[i] = MacroParam{Name: m.Params[i].Name, Default: m.Params[i].Default}
			}
		}
		t.macros = append(t.macros, macro)
	}
	if len(p.blocks) > 0 {
		t.blocks = map[string]*BlockDef{}
		for _, b := range p.blocks {
			t.blocks[b.Name] = b
		}
	}
	for _, s := range body {
		if d, ok := s.(*Data); ok {
			t.size += len(d.Text)
		}
	}
	t.pieces = len(body)
	return t, list
}

// run executes the template on a thread.
func (t *Template) run(x *exec) error {
	th := x.th
	th.start()
	outer := th.base
	th.base = len(th.buf)
	if free := cap(th.buf) - len(th.buf); free < t.size {
		th.buf = append(make([]byte, 0, len(th.buf)+t.size*2+256), th.buf...)
	}
	defer func() { th.base = outer }()
	x.tmpl, x.file, x.blocks = t, t.file, t.blocks
	f := x.push(t.fn, nil)
	x.root = f
	if t.self >= 0 {
		f.slots[t.self] = &templateReference{x}
	}
	_, err := f.run(t.body)
	if err == nil {
		f.pop()
	}
	if r, ok := err.(*returnSignal); ok {
		err = &Error{Code: diag.TemplateCall, Message: r.Error(), Span: t.span, Chain: th.chain()}
	}
	return err
}

// Render runs the template and gives its text.
func (t *Template) Render(th *Thread, scope Scope) (Output, error) {
	x := &exec{th: th, lang: python, scope: scope, sink: th.UndefinedSink, mapping: !th.NoMap}
	if x.mapping {
		x.segments = make([]Segment, 0, t.pieces+8)
	}
	start := len(th.buf)
	err := t.run(x)
	if err != nil {
		th.buf = th.buf[:start]
		return Output{}, err
	}
	out := Output{Text: string(th.buf[start:]), Map: x.segments}
	th.buf = th.buf[:start]
	return out, nil
}

// Run runs the template for what it calls; its text is dropped.
func (t *Template) Run(th *Thread, scope Scope) error {
	start := len(th.buf)
	err := t.run(&exec{th: th, lang: python, scope: scope, sink: th.UndefinedSink})
	th.buf = th.buf[:start]
	return err
}

// RenderNative runs the template as dbt's native environment does: a template that is a single expression gives the
// expression's value unchanged, or read as a literal if a filter has marked it; several pieces are joined to a Str.
func (t *Template) RenderNative(th *Thread, scope Scope) (Value, error) {
	x := &exec{th: th, lang: python, scope: scope, sink: th.UndefinedSink, native: true}
	start := len(th.buf)
	err := t.run(x)
	th.buf = th.buf[:start]
	if err != nil {
		return nil, err
	}
	v, err := x.nativeResult()
	if err != nil {
		return nil, &Error{Code: hostCode(err), Message: err.Error(), Span: t.span, Chain: th.chain()}
	}
	return v, nil
}

// Constant says that the template has no tags or expressions at all (its text is its output).
func (t *Template) Constant() bool {
	for _, s := range t.body {
		if _, ok := s.(*Data); !ok {
			return false
		}
	}
	return true
}

// Macros are the macros defined at the top level of the template, materializations, tests and docs blocks among them.
func (t *Template) Macros() []*Macro { return t.macros }

// Body is the template's syntax tree.
func (t *Template) Body() []Stmt { return t.body }

// Walk calls fn for all nodes of the template, in order, as Walk does.
func (t *Template) Walk(fn func(Node) bool) {
	for _, s := range t.body {
		Walk(s, fn)
	}
}

// SpanOf is the place of a node of the template.
func (t *Template) SpanOf(n Node) source.Span {
	start, end := n.Range()
	return source.Span{File: t.file, Start: start, End: end}
}

// Free are the names that the template, or a macro in it, asks its scope for, each once, in the order of their first use.
func (t *Template) Free() []string {
	var out []string
	seen := map[string]bool{}
	add := func(fn *function) {
		for _, s := range fn.slots {
			if s.resolve && !seen[s.name] {
				seen[s.name] = true
				out = append(out, s.name)
			}
		}
	}
	add(t.fn)
	t.Walk(func(n Node) bool {
		switch n := n.(type) {
		case *MacroDef:
			add(n.fn)
		case *CallBlock:
			add(n.Def.fn)
		case *For:
			if n.fn != nil {
				add(n.fn)
			}
		case *BlockDef:
			add(n.fn)
		}
		return true
	})
	return out
}

func (t *Template) String() string {
	return fmt.Sprintf("template %s", t.file.Path)
}
