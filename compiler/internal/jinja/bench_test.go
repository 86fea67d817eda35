package jinja

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/source"
)

// benchFile reads a file of the benchmarks' folder; benchmarks are skipped where there is none.
func benchFile(b *testing.B, name string) *source.File {
	b.Helper()
	shared := os.Getenv("SHARED")
	if shared == "" {
		b.Skip("SHARED names no folder with benchmarks")
	}
	text, err := os.ReadFile(filepath.Join(shared, "bench", name))
	if err != nil {
		b.Fatal(err)
	}
	return source.NewFile(name, string(text))
}

// benchScope is what the incremental model needs of its host.
func benchScope(macros *Template) Names {
	target := NewDict(2)
	target.Set("type", Str("duckdb"))
	target.Set("name", Str("dev"))
	relation := func(c *Call) (Value, error) { return Str(`"db"."s"."` + Text(c.Args[len(c.Args)-1]) + `"`), nil }
	scope := Names{
		"target": target, "this": Str(`"db"."s"."shipments"`),
		"config":         NewFunc("config", func(*Call) (Value, error) { return emptyStr, nil }),
		"ref":            NewFunc("ref", relation),
		"source":         NewFunc("source", relation),
		"is_incremental": NewFunc("is_incremental", func(*Call) (Value, error) { return Bool(true), nil }),
		"var":            NewFunc("var", func(c *Call) (Value, error) { return c.Args[1], nil }),
	}
	for _, m := range macros.Macros() {
		scope[m.Name] = m.Bind(scope)
	}
	return scope
}

// BenchmarkIncremental parses and renders a model of 61 lines together with its two macros, from nothing.
func BenchmarkIncremental(b *testing.B) {
	model, macros := benchFile(b, "incremental_61.sql"), benchFile(b, "incremental_61.macros.sql")
	b.ReportAllocs()
	for b.Loop() {
		m, diags := Parse(source.Whole(macros), Options{MacroPrefix: "dbt_macro__"})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		t, diags := Parse(source.Whole(model), Options{})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		out, err := t.Render(&Thread{}, benchScope(m))
		if err != nil || !strings.Contains(out.Text, "delivered_events") {
			b.Fatal(err)
		}
	}
}

// BenchmarkIncrementalParse and BenchmarkIncrementalRender are its halves.
func BenchmarkIncrementalParse(b *testing.B) {
	model, macros := benchFile(b, "incremental_61.sql"), benchFile(b, "incremental_61.macros.sql")
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range []*source.File{model, macros} {
			if _, diags := Parse(source.Whole(f), Options{}); diags.HasErrors() {
				b.Fatal(diags)
			}
		}
	}
}

func BenchmarkIncrementalRender(b *testing.B) {
	model, macros := benchFile(b, "incremental_61.sql"), benchFile(b, "incremental_61.macros.sql")
	m, _ := Parse(source.Whole(macros), Options{})
	t, _ := Parse(source.Whole(model), Options{})
	scope := benchScope(m)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Render(&Thread{}, scope); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMacros parses a file of 1,000 macros, the output of bench/macros_1000.py, which MACROS_1000 names.
func BenchmarkMacros(b *testing.B) {
	name := os.Getenv("MACROS_1000")
	if name == "" {
		b.Skip("MACROS_1000 names no file")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	f := source.NewFile("macros.sql", string(text))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		t, diags := Parse(source.Whole(f), Options{MacroPrefix: "dbt_macro__"})
		if diags.HasErrors() || len(t.Macros()) != 1000 {
			b.Fatal(diags)
		}
	}
}

// BenchmarkBlocks cuts the same file into its blocks.
func BenchmarkBlocks(b *testing.B) {
	name := os.Getenv("MACROS_1000")
	if name == "" {
		b.Skip("MACROS_1000 names no file")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	f := source.NewFile("macros.sql", string(text))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if blocks, diags := Blocks(source.Whole(f), "macro"); diags.HasErrors() || len(blocks) != 1000 {
			b.Fatal(diags, len(blocks))
		}
	}
}
