package jinja

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// FuzzTemplate holds the promise that any bytes end in output or in a diagnostic with a place: no panic, no hang, no memory
// without bounds, and spans that lie in the file.
func FuzzTemplate(f *testing.F) {
	file, err := os.Open("testdata/probes.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for i, c := range readCases(f, file) {
		if i%4 == 0 {
			f.Add(c.Template)
		}
	}
	file.Close()
	for _, text := range []string{
		"{{ 'a' * 999999999 }}", "{{ [0] * 999999999 }}", "{{ 2 ** 10 ** 9 }}", "{{ '%999999999d' % 1 }}", "{{ '{:999999999}'.format(1) }}",
		"{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
		"{% set l = [] %}{% for i in range(9999) %}{% set l = [l] %}{% endfor %}{{ l }}", "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}{{ ns.l == ns.l }}{{ ns.l|tojson }}{{ ns.l|pprint }}",
		"{% set l = [] %}{% do l.append(l) %}{{ l }}{{ l == [l] }}{{ l|tojson }}{{ l|pprint }}", "{{ x.y.z }}{{ x() }}", "{% call(a) x() %}{% endcall %}", "{{ '\\ud800' }}",
	} {
		f.Add(text)
	}
	context := oracleContext(f)
	f.Fuzz(func(t *testing.T, text string) {
		begin := time.Now()
		src := source.Whole(source.NewFile("t.sql", text))
		inside := func(s source.Span, what string) {
			if s.File != src.File || s.Start < 0 || s.End > len(text) || s.Start > s.End {
				t.Fatalf("%s has the place %d-%d of %d", what, s.Start, s.End, len(text))
			}
		}
		for _, parse := range []func(source.Span, Options) (*Template, diag.List){Parse, ParseExpression} {
			tmpl, diags := parse(src, Options{Filters: MarkFilters(), TypedMacros: true})
			for _, d := range diags {
				inside(d.Span, d.Detail)
			}
			if tmpl == nil {
				if !diags.HasErrors() {
					t.Fatal("neither a template nor an error")
				}
				continue
			}
			tmpl.Walk(func(n Node) bool {
				inside(tmpl.SpanOf(n), "a node")
				return true
			})
			limits := Limits{Steps: 20000, Depth: 60, Output: 1 << 18}
			for _, sink := range []bool{false, true} {
				out, err := tmpl.Render(&Thread{Limits: limits, UndefinedSink: sink}, dictScope{context.DeepCopy()})
				fuzzError(t, err, inside)
				last := 0
				for _, s := range out.Map {
					inside(s.Span, "a segment")
					if s.Out < last || s.Out > len(out.Text) {
						t.Fatal("the segments are not in order")
					}
					last = s.Out
					if n := s.Span.End - s.Span.Start; s.Literal && src.File.Text[s.Span.Start] != '\r' && out.Text[s.Out:s.Out+n] != s.Span.Text() {
						t.Fatalf("%q maps to %q", out.Text[s.Out:s.Out+n], s.Span.Text())
					}
				}
			}
			_, err := tmpl.RenderNative(&Thread{Limits: limits}, dictScope{context.DeepCopy()})
			fuzzError(t, err, inside)
		}
		blocks, diags := Blocks(src, "macro", "test", "docs", "snapshot")
		for _, b := range blocks {
			inside(b.Span, "a block")
			inside(b.Body, "a body")
		}
		for _, d := range diags {
			inside(d.Span, d.Detail)
		}
		_, _ = Literal(text)
		if d := time.Since(begin); d > 4*time.Second {
			t.Fatalf("took %v", d)
		}
	})
}

func fuzzError(t *testing.T, err error, inside func(source.Span, string)) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	if e.Code == "" || e.Message == "" && e.Code != diag.TemplateType {
		t.Fatalf("the error says nothing: %+v", e)
	}
	inside(e.Span, e.Message)
}
