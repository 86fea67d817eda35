package resolve

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// nameIndex finds models, seeds and snapshots by name. A version of a model stands under "name.v1"; the latest under the
// plain name too.
type nameIndex struct {
	byName map[string][]*draft // at most one of a package
}

func (x *nameIndex) add(d *draft) {
	n := d.n
	switch {
	case isNone(n.Version):
		x.put(n.Name, d)
	default:
		x.put(n.Name+"."+versionText(n.Version), d)
		if jinja.Equal(n.Version, n.LatestVersion) {
			x.put(n.Name, d)
		}
	}
}

func (x *nameIndex) put(name string, d *draft) {
	list := x.byName[name]
	for i := range list {
		if list[i].n.Package == d.n.Package {
			list[i] = d
			return
		}
	}
	x.byName[name] = append(list, d)
}

// rename takes drafts out under all their names and puts them in under those they have now.
func (x *nameIndex) rename(moved []*draft) {
	for _, d := range moved {
		old := baseName(d.n.Path)
		list := x.byName[old]
		for i := range list {
			if list[i] == d {
				x.byName[old] = append(list[:i:i], list[i+1:]...)
				break
			}
		}
	}
	for _, d := range moved {
		x.add(d)
	}
}

func (x *nameIndex) find(name, pkg string) *draft {
	for _, d := range x.byName[name] {
		if d.n.Package == pkg {
			return d
		}
	}
	return nil
}

// only is the first node of that name in any package.
func (x *nameIndex) only(name string) *draft { return first(x.byName[name]) }

// all are the names of nodes of a kind, for hints.
func (x *nameIndex) all(kind node.Kind) []string {
	var out []string
	for name, list := range x.byName {
		for _, d := range list {
			if kind == "" || d.n.Kind == kind {
				out = append(out, name)
				break
			}
		}
	}
	sortStrings(out)
	return out
}

func refable(kind node.Kind) bool {
	return kind == node.Model || kind == node.Seed || kind == node.Snapshot
}

func (b *binder) indexNames() {
	b.names = &nameIndex{byName: make(map[string][]*draft, len(b.nodes.order))}
	for _, d := range b.nodes.order {
		if refable(d.n.Kind) {
			b.names.add(d)
		}
	}
	b.indexDisabled()
}

// searchName is what dbt looks a resource up by.
func searchName(d *draft) string {
	n := d.n
	switch {
	case n.Kind == node.Source:
		return n.Source.Name + "." + n.Name
	case n.Version != nil && !isNone(n.Version):
		return n.Name + "." + versionText(n.Version)
	}
	return n.Name
}

func (b *binder) indexDisabled() {
	b.disabledNames = make(map[string][]*draft, len(b.disabled))
	for _, d := range b.disabled {
		name := searchName(d)
		b.disabledNames[name] = append(b.disabledNames[name], d)
	}
}

// disabledNamed finds disabled resources by name: those of the package, or with pkg "" those of the first package that has
// any. Without kinds, any kind will do.
func (b *binder) disabledNamed(name, pkg string, kinds ...node.Kind) []*draft {
	var out []*draft
	for _, d := range b.disabledNames[name] {
		if pkg == "" {
			pkg = d.n.Package
		}
		if d.n.Package != pkg {
			continue
		}
		fits := len(kinds) == 0
		for _, k := range kinds {
			fits = fits || d.n.Kind == k
		}
		if fits {
			out = append(out, d)
		}
	}
	return out
}

func (b *binder) functionsNamed(name string) []*draft {
	var out []*draft
	for _, d := range b.functions.order {
		if d.n.Name == name {
			out = append(out, d)
		}
	}
	return out
}

// duplicate reports two resources with one id.
func (b *binder) duplicate(d, other *draft) {
	n, o := d.n, other.n
	shown := n.Name
	formatted := n.Name
	switch {
	case refable(n.Kind):
		formatted = `ref("` + n.Name + `")`
	case n.Kind == node.Source:
		shown = n.Source.Name + "_" + n.Name
		formatted = `source("` + n.Source.Name + `", "` + n.Name + `")`
	case n.Kind == node.Test && n.Test != nil && n.Test.Generic:
		column := ""
		if n.Test.ColumnName != "" {
			column = `column "` + n.Test.ColumnName + `" in `
		}
		shown = n.Name + `" defined on ` + column + `"` + n.Test.FileKeyName
		formatted = "tests"
	}
	b.duplicateNames(plural(n.Kind, o.Kind), shown, formatted, string(n.ID), n.OriginalPath, placeOf(d), string(o.ID), o.OriginalPath, placeOf(other))
}

func (b *binder) duplicateNames(kinds, shown, formatted, id, file string, at source.Span, otherID, otherFile string, otherAt source.Span) {
	x := b.diags.Add(diag.DuplicateResource, at, "dbt found two %s with the name \"%s\". Since these resources have the same name, dbt will be unable to find the correct resource when looking for %s: %s (%s) and %s (%s)",
		kinds, shown, formatted, id, file, otherID, otherFile)
	x.Hint = "Rename one of the two."
	if !otherAt.IsZero() {
		x.Related = []diag.Related{{Span: otherAt, Message: "the other one"}}
	}
}

func plural(a, b node.Kind) string {
	if a != b {
		return "resources"
	}
	switch a {
	case node.Analysis:
		return "analyses"
	case node.Test:
		return "data_tests"
	}
	if s, ok := strings.CutSuffix(string(a), "y"); ok {
		return s + "ies"
	}
	return string(a) + "s"
}

func placeOf(d *draft) source.Span {
	if !d.n.Declared.IsZero() && d.n.Kind != node.Model {
		return d.n.Declared
	}
	if !d.n.Code.IsZero() {
		return d.n.Code.Sub(0, 0)
	}
	return d.n.Declared
}
