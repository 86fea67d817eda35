package resolve

import (
	"math/big"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// reader reads the entries of one properties file. Strings are rendered natively where dbt renders them; where it does not
// (descriptions, tests, hooks, filters of metrics) depends on the path of keys from the entry, kept in path.
type reader struct {
	b       *binder
	pkg     *packageState
	file    *project.PropertiesFile
	section string // "models", "sources", …
	path    []string
	out     *diag.List
	failed  bool
}

func (r *reader) push(key string) { r.path = append(r.path, key) }
func (r *reader) pop()            { r.path = r.path[:len(r.path)-1] }

// value converts with rendering.
func (r *reader) value(n *yamldoc.Node) jinja.Value { return r.convert(n, true) }

// raw converts without rendering.
func (r *reader) raw(n *yamldoc.Node) jinja.Value { return r.convert(n, false) }

func (r *reader) convert(n *yamldoc.Node, render bool) jinja.Value {
	if n == nil {
		return jinja.None
	}
	switch n.Kind {
	case yamldoc.Null:
		return jinja.None
	case yamldoc.Bool:
		return jinja.Bool(n.Bool)
	case yamldoc.Int:
		if n.Big {
			if i, ok := new(big.Int).SetString(n.Str, 10); ok {
				return &jinja.BigInt{Int: i}
			}
		}
		return jinja.Int(n.Int)
	case yamldoc.Float:
		return jinja.Float(n.Float)
	case yamldoc.Sequence:
		out := make([]jinja.Value, len(n.Items))
		for i, item := range n.Items {
			if render {
				r.push("0")
			}
			out[i] = r.convert(item, render)
			if render {
				r.pop()
			}
		}
		return jinja.NewList(out...)
	case yamldoc.Mapping:
		d := jinja.NewDict(len(n.Pairs))
		for i := range n.Pairs {
			p := &n.Pairs[i]
			if render {
				r.push(p.Name)
			}
			_ = d.Store(keyValue(p), r.convert(p.Value, render))
			if render {
				r.pop()
			}
		}
		return d
	case yamldoc.Date, yamldoc.DateTime:
		return jinja.Str(isoTime(n))
	}
	if render && needsRender(n.Str) && r.rendersHere() {
		return r.render(n)
	}
	return jinja.Str(n.Str)
}

// isoTime is a date as Python's isoformat() writes it.
func isoTime(n *yamldoc.Node) string { return n.ISOFormat() }

func keyValue(p *yamldoc.Pair) jinja.Value {
	if p.Key != nil {
		switch p.Key.Kind {
		case yamldoc.Bool:
			return jinja.Bool(p.Key.Bool)
		case yamldoc.Int:
			if !p.Key.Big {
				return jinja.Int(p.Key.Int)
			}
		case yamldoc.Float:
			return jinja.Float(p.Key.Float)
		case yamldoc.Null:
			return jinja.None
		}
	}
	return jinja.Str(p.Name)
}

// needsRender says whether rendering could change a text: it has a tag, or a line end that Jinja normalises.
func needsRender(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '{' && (s[i+1] == '{' || s[i+1] == '%' || s[i+1] == '#') || s[i] == '\r' {
			return true
		}
	}
	return s != "" && (s[len(s)-1] == '\n' || s[len(s)-1] == '\r')
}

func (r *reader) render(n *yamldoc.Node) jinja.Value {
	v, problems := r.pkg.yaml.Scalar(n)
	*r.out = append(*r.out, problems...)
	if problems.HasErrors() {
		r.failed = true
	}
	return v
}

func (r *reader) span(n *yamldoc.Node) source.Span {
	if n == nil {
		return source.Span{}
	}
	return n.Span
}

// rendersHere is dbt's rule which strings of an entry are rendered when the file is read.
func (r *reader) rendersHere() bool {
	p := r.path
	if len(p) == 0 {
		return true
	}
	last := p[len(p)-1]
	filter := last == "filter" || len(p) > 1 && p[len(p)-2] == "filter"
	switch r.section {
	case "sources":
		if p[0] == "description" || p[0] == "loaded_at_query" || len(p) >= 2 && p[0] == "config" && p[1] == "loaded_at_query" {
			return false
		}
		return p[0] != "tables" || len(p) < 2 || !renderedLate(p[2:])
	case "macros":
		if p[0] == "arguments" {
			return !renderedLate(p[1:])
		}
		return !renderedLate(p)
	case "metrics":
		return !filter && !renderedLate(p)
	case "saved_queries":
		return !(p[0] == "query_params" && len(p) > 1 && p[1] == "where") && !renderedLate(p)
	}
	return !(p[0] == "metrics" && filter) && !renderedLate(p)
}

func renderedLate(p []string) bool {
	tests := func(s string) bool { return s == "tests" || s == "data_tests" || s == "description" }
	is := func(s string) bool { return tests(s) || s == "loaded_at_query" }
	n := len(p)
	if n == 0 {
		return false
	}
	switch {
	case is(p[0]), n == 2 && is(p[1]):
		return true
	case n >= 2 && p[0] == "config" && (p[1] == "pre_hook" || p[1] == "post_hook" || p[1] == "loaded_at_query"):
		return true
	case n == 5 && p[4] == "description":
		return true
	case n >= 3 && p[0] == "versions" && tests(p[2]):
		return true
	case n >= 5 && p[0] == "versions" && p[2] == "columns" && tests(p[4]):
		return true
	case n >= 4 && p[0] == "derived_semantics" && (p[1] == "dimensions" || p[1] == "entities") && tests(p[3]):
		return true
	case n >= 3 && tests(p[2]):
		switch p[0] {
		case "columns", "dimensions", "measures", "entities", "metrics":
			return true
		}
	}
	return false
}

// renderValue renders a text natively with the names that properties files have. The place of a scalar in its file is its
// text in most cases; where YAML's quoting makes a difference, messages point at the whole scalar.
func (b *binder) renderValue(p *packageState, at source.Span, text string, out *diag.List) (jinja.Value, bool) {
	src, exact := templateSpan(at, text)
	t, problems := jinja.Parse(src, jinja.Options{})
	if problems.HasErrors() {
		b.addTemplate(out, problems, at, exact)
		return jinja.Str(text), false
	}
	v, err := t.RenderNative(&jinja.Thread{}, p.scope)
	if err != nil {
		b.addRenderError(out, err, at, exact, text)
		return jinja.Str(text), false
	}
	return v, true
}

// renderText renders a text as text, with further names before those of properties files.
func (b *binder) renderText(scope jinja.Scope, at source.Span, text string, out *diag.List) string {
	if !hasTags(text) {
		return text
	}
	src, exact := templateSpan(at, text)
	t, problems := jinja.Parse(src, jinja.Options{})
	if problems.HasErrors() {
		b.addTemplate(out, problems, at, exact)
		return text
	}
	o, err := t.Render(&jinja.Thread{}, scope)
	if err != nil {
		b.addRenderError(out, err, at, exact, text)
		return text
	}
	return o.Text
}

// hasTags says whether a text has anything that looks like a tag, opening or closing; dbt renders no other text.
func hasTags(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		switch s[i] {
		case '{':
			if c := s[i+1]; c == '{' || c == '%' || c == '#' {
				return true
			}
		case '#', '}', '%':
			if s[i+1] == '}' {
				return true
			}
		}
	}
	return false
}

// templateSpan finds the text within the span of its scalar; else it stands in a file of its own.
func templateSpan(at source.Span, text string) (src source.Span, exact bool) {
	if !at.IsZero() {
		if i := strings.Index(at.Text(), text); i >= 0 {
			return at.Sub(i, i+len(text)), true
		}
		return source.Whole(source.NewFile(at.File.Path, text)), false
	}
	return source.Whole(source.NewFile("", text)), false
}

func (b *binder) addTemplate(out *diag.List, problems diag.List, at source.Span, exact bool) {
	for _, d := range problems {
		if !exact {
			d.Span = at
		}
		*out = append(*out, d)
	}
}

func (b *binder) addRenderError(out *diag.List, err error, at source.Span, exact bool, text string) {
	code, span, msg := diag.BadProperty, at, err.Error()
	if e, ok := err.(*jinja.Error); ok {
		if e.Code != "" {
			code = e.Code
		}
		if exact && !e.Span.IsZero() {
			span = e.Span
		}
	}
	out.Add(code, span, "Could not render %s: %s", text, msg)
}
