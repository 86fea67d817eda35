package render

import (
	"sync"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render/macros"
	"github.com/weft-data/weft/compiler/source"
)

// builtins are the packages of macros that weft brings along, each read when a dialect first needs it, so that a command that
// renders nothing pays nothing and a DuckDB project never reads Athena's macros.
type builtins struct {
	mu       sync.Mutex
	packages map[string]*macroPackage
}

// get reads a built-in package; one that does not exist is empty.
func (b *builtins) get(name string) *macroPackage {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.packages[name]; p != nil {
		return p
	}
	p := &macroPackage{name: name, byName: map[string]*macro{}}
	if b.packages == nil {
		b.packages = map[string]*macroPackage{}
	}
	b.packages[name] = p
	for _, text := range macros.Files(name) {
		path := "macros/" + text.Path
		// Messages show a built-in macro's place as package:path, which no file of a project can be called.
		file := source.NewFile(name+":"+path, text.SQL)
		blocks, _ := jinja.Blocks(source.Whole(file), "macro", "materialization", "test", "data_test")
		for _, block := range blocks {
			m := newMacro(name, path, block)
			m.res.BuiltIn = true
			p.add(m)
		}
	}
	return p
}

// familyOf is a dialect with its ancestors.
func familyOf(name string) family {
	prefixes := []string{name, "default"}
	if d, ok := dialect.Get(name); ok {
		prefixes = d.Prefixes()
	}
	return family{dialect: name, prefixes: prefixes, packages: macros.Packages(name)}
}
