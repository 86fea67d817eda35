package render

import (
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// MacroFile is one file that holds macros, with its path as the manifest shows it ("macros/money.sql").
type MacroFile struct {
	Text *source.File
	Path string
}

// Library is the macros of a project and its packages, over those that weft brings along for each dialect.
type Library struct {
	root     string
	packages map[string]*macroPackage
	order    []string
	builtins builtins
}

// macroPackage is the macros of one package by name and in the order of their files.
type macroPackage struct {
	name   string
	byName map[string]*macro
	order  []*macro
}

// macro is a macro of the library. The macros of a project are parsed when they are loaded, because their mistakes must be
// told; the built-in ones, of which a run calls few, when they are first called.
type macro struct {
	res  resource.Macro
	span source.Span

	once  sync.Once
	def   *jinja.Macro
	diags diag.List
}

// NewLibrary makes a library that holds the built-in macros only; root is the name of the root project.
func NewLibrary(root string) *Library {
	return &Library{root: root, packages: map[string]*macroPackage{}}
}

// LoadMacros adds the macros, materializations and generic tests that are defined in files of a package's macro paths.
func (l *Library) LoadMacros(pkg string, files []MacroFile) diag.List {
	return l.load(pkg, files, true, "macro", "materialization", "test", "data_test")
}

// LoadGenericTests adds the generic tests that are defined in files below a package's test paths ("tests/generic").
func (l *Library) LoadGenericTests(pkg string, files []MacroFile) diag.List {
	return l.load(pkg, files, false, "test", "data_test")
}

func (l *Library) load(pkg string, files []MacroFile, listArguments bool, tags ...string) diag.List {
	p := l.packages[pkg]
	if p == nil {
		p = &macroPackage{name: pkg, byName: map[string]*macro{}}
		l.packages[pkg] = p
		l.order = append(l.order, pkg)
	}
	var diags diag.List
	for _, f := range files {
		blocks, d := jinja.Blocks(source.Whole(f.Text), tags...)
		diags = append(diags, d...)
		for _, b := range blocks {
			m := newMacro(pkg, f.Path, b)
			def := m.definition()
			if def == nil {
				diags = append(diags, m.diags...)
				continue
			}
			m.res.Def, m.res.Arguments = def, []*jinja.Dict{}
			if listArguments {
				m.res.Arguments = arguments(def)
			}
			if first := p.byName[m.res.Name]; first != nil {
				dup := diags.Add(diag.DuplicateMacro, m.span,
					"dbt found two macros named %q in the project %q.\nTo fix this error, rename or remove one of the following macros:\n    - %s\n    - %s",
					m.res.Name, pkg, first.res.Path, m.res.Path)
				dup.Related = []diag.Related{{Span: first.span, Message: "the other macro of this name"}}
				continue
			}
			p.add(m)
		}
	}
	return diags
}

func (p *macroPackage) add(m *macro) {
	p.byName[m.res.Name] = m
	p.order = append(p.order, m)
}

// newMacro makes the macro of a block, without parsing it.
func newMacro(pkg, path string, b jinja.Block) *macro {
	name := macroName(b)
	return &macro{
		span: b.Span,
		res: resource.Macro{
			ID: "macro." + pkg + "." + name, Name: name, Package: pkg, Path: path, OriginalPath: path,
			Text: b.Span.Text(), Docs: resource.Docs{Show: true}, Meta: jinja.NewDict(0),
			Materialization:    b.Tag == "materialization",
			SupportedLanguages: supportedLanguages(b),
		},
	}
}

// macroName is the name under which dbt files a block: a test "test_x", a materialization "materialization_x_<adapter>".
func macroName(b jinja.Block) string {
	switch b.Tag {
	case "test", "data_test":
		return "test_" + b.Name
	case "materialization":
		return "materialization_" + b.Name + "_" + materializationAdapter(openingTag(b))
	}
	return b.Name
}

// openingTag is the text of a block's first tag.
func openingTag(b jinja.Block) string {
	text := b.Span.Text()
	return text[:min(len(text), max(0, b.Body.Start-b.Span.Start))]
}

// materializationAdapter reads `adapter='x'` of {% materialization name, adapter='x' %}; without it the adapter is "default".
func materializationAdapter(tag string) string {
	_, rest, found := strings.Cut(tag, "adapter")
	if !found {
		return "default"
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || rest[0] != '\'' && rest[0] != '"' {
		return "default"
	}
	name, _, found := strings.Cut(rest[1:], rest[:1])
	if !found {
		return "default"
	}
	return name
}

// supportedLanguages reads `supported_languages=['sql', 'python']`; a materialization without it supports SQL.
func supportedLanguages(b jinja.Block) []string {
	if b.Tag != "materialization" {
		return nil
	}
	_, rest, found := strings.Cut(openingTag(b), "supported_languages")
	if !found {
		return []string{"sql"}
	}
	rest, _, _ = strings.Cut(rest, "]")
	var out []string
	for {
		i := strings.IndexAny(rest, `'"`)
		if i < 0 {
			return out
		}
		name, after, found := strings.Cut(rest[i+1:], rest[i:i+1])
		if !found {
			return out
		}
		out, rest = append(out, name), after
	}
}

// definition parses the macro once. It is nil if the text is wrong; diags then says why.
func (m *macro) definition() *jinja.Macro {
	m.once.Do(func() {
		t, diags := jinja.Parse(m.span, dialectOfDbt)
		m.diags = diags
		if t == nil {
			return
		}
		if found := t.Macros(); len(found) == 1 {
			m.def = found[0]
			m.def.Host = m
			return
		}
		m.diags.Add(diag.MacroBlock, m.span, "expected one macro in this block, found %d", len(t.Macros()))
	})
	return m.def
}

// Macros are all macros that a project in the dialect can call: those of the packages in the order they were loaded, then the
// built-in ones. The caller may complete the entries (descriptions); the built-in ones are not parsed for this.
func (l *Library) Macros(dialect string) []*resource.Macro {
	var out []*resource.Macro
	for _, p := range l.inDialect(familyOf(dialect)) {
		for _, m := range p.order {
			out = append(out, &m.res)
		}
	}
	return out
}

// inDialect are the packages of macros that nodes of a dialect see.
func (l *Library) inDialect(f family) []*macroPackage {
	var out []*macroPackage
	for _, name := range l.order {
		out = append(out, l.packages[name])
	}
	for _, name := range f.packages {
		out = append(out, l.builtins.get(name))
	}
	return out
}
