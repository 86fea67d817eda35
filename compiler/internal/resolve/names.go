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

	// known are the names of each kind in order; they are put together when the first hint wants them.
	known map[node.Kind][]string
	// near are the hints that were asked for, and compared how many words it took to find them.
	near     map[nearKey]string
	compared int
}

type nearKey struct {
	kind node.Kind
	name string
}

// mostCompared bounds what hints may cost: with it 10,000 missing names among 10,000 known ones take a second. Those that come later get no
// hint.
const mostCompared = 2_000_000

// nearest is the name of a node of a kind ("" for any) that somebody who wrote this name may have meant. It is for one goroutine at a time.
func (x *nameIndex) nearest(name string, kind node.Kind) string {
	key := nearKey{kind, name}
	if best, ok := x.near[key]; ok {
		return best
	}
	known := x.all(kind)
	if x.compared += len(known); x.compared > mostCompared {
		return ""
	}
	if x.near == nil {
		x.near = map[nearKey]string{}
	}
	best := nearest(name, known)
	x.near[key] = best
	return best
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

// changed forgets what hints were made of.
func (x *nameIndex) changed() { x.known, x.near = nil, nil }

func (x *nameIndex) put(name string, d *draft) {
	x.changed()
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
	x.changed()
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

// all are the names of nodes of a kind, in order, for hints.
func (x *nameIndex) all(kind node.Kind) []string {
	if out, ok := x.known[kind]; ok {
		return out
	}
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
	if x.known == nil {
		x.known = map[node.Kind][]string{}
	}
	x.known[kind] = out
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
