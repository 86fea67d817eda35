package project

import (
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Weft is weft.yml: what weft has and dbt does not.
type Weft struct {
	File *source.File
	// Strict turns the warnings on what dbt merely tolerates into errors.
	Strict bool
	// Dialect is the default dialect of all nodes, "" for the engine's own.
	Dialect string
	// Dialects maps engine names to the dialect that their nodes are written in.
	Dialects map[string]string
	// LineageFile is where OpenLineage events go, as written; "" for nowhere.
	LineageFile string
	// LineageNoStatements leaves single statements out of it.
	LineageNoStatements bool
}

// weftKeys are the keys of weft.yml that are read; later ones come with what they govern.
var weftKeys = map[string]bool{"version": true, "strict": true, "dialect": true, "dialects": true, "lineage": true}

func (l *loader) weft(root *Package) (*Weft, error) {
	w := &Weft{Dialects: map[string]string{}}
	f, n, err := l.readYAML(filepath.Join(root.Dir, "weft.yml"))
	if err != nil || n.IsNull() {
		return w, err
	}
	w.File = f
	if n.Kind != yamldoc.Mapping {
		l.diags.Add(diag.WeftConfig, n.Span, "weft.yml must hold a mapping, found %s", n.Kind)
		return w, nil
	}
	for i := range n.Pairs {
		p := &n.Pairs[i]
		switch p.Name {
		case "version":
			if p.Value.Kind != yamldoc.Int || p.Value.Int != 1 {
				l.diags.Add(diag.WeftConfig, p.Value.Span, "expected `version` to be 1, found %s", p.Value.Span.Text())
			}
		case "strict":
			if p.Value.Kind != yamldoc.Bool {
				l.diags.Add(diag.WeftConfig, p.Value.Span, "expected `strict` to be true or false, found %s", p.Value.Kind)
			}
			w.Strict = p.Value.Bool
		case "dialect":
			w.Dialect = l.dialectName(p.Value)
		case "dialects":
			if p.Value.Kind != yamldoc.Mapping {
				l.diags.Add(diag.WeftConfig, p.Value.Span, "expected `dialects` to be a mapping of engine names to dialects, found %s", p.Value.Kind)
				continue
			}
			for _, e := range p.Value.Pairs {
				if name := l.dialectName(e.Value); name != "" {
					w.Dialects[e.Name] = name
				}
			}
		case "lineage":
			l.lineage(w, p.Value)
		default:
			d := l.diags.Add(diag.YAMLUnknownKey, p.Key.Span, "weft.yml has no key `%s`", p.Name)
			d.Hint = didYouMean(p.Name, weftKeys)
		}
	}
	return w, nil
}

// lineageKeys are the keys of `lineage`.
var lineageKeys = map[string]bool{"file": true, "statements": true}

// lineage reads `lineage: {file: path, statements: false}`.
func (l *loader) lineage(w *Weft, n *yamldoc.Node) {
	if n.Kind != yamldoc.Mapping {
		l.diags.Add(diag.WeftConfig, n.Span, "expected `lineage` to be a mapping with the key `file`, found %s", n.Kind)
		return
	}
	for i := range n.Pairs {
		p := &n.Pairs[i]
		switch p.Name {
		case "file":
			if p.Value.Kind != yamldoc.String || p.Value.Str == "" {
				l.diags.Add(diag.WeftConfig, p.Value.Span, "expected `file` to be a path, found %s", p.Value.Span.Text())
				continue
			}
			w.LineageFile = p.Value.Str
		case "statements":
			if p.Value.Kind != yamldoc.Bool {
				l.diags.Add(diag.WeftConfig, p.Value.Span, "expected `statements` to be true or false, found %s", p.Value.Span.Text())
				continue
			}
			w.LineageNoStatements = !p.Value.Bool
		default:
			d := l.diags.Add(diag.YAMLUnknownKey, p.Key.Span, "`lineage` of weft.yml has no key `%s`", p.Name)
			d.Hint = didYouMean(p.Name, lineageKeys)
		}
	}
}

func (l *loader) dialectName(n *yamldoc.Node) string {
	if n.Kind == yamldoc.String {
		if _, ok := dialect.Get(n.Str); ok {
			return n.Str
		}
	}
	names := dialect.Names()
	d := l.diags.Add(diag.WeftConfig, n.Span, "there is no dialect %s", n.Span.Text())
	d.Hint = "weft knows " + strings.Join(names, ", ")
	if best := nearest(n.Str, names); best != "" {
		d.Hint = "Did you mean `" + best + "`? " + d.Hint
	}
	return ""
}
