package project

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// catalogsReader reads catalogs.yml for the engines of the profile.
type catalogsReader struct {
	*loader
	render *basecontext.Renderer
	// engines are those of the profile, the target's own first; v2 says that the file is of dbt's second version.
	engines []*dialect.Dialect
	v2      bool
	list    []dialect.Catalog
	// places are where the names of the list stand.
	places map[string]source.Span
}

// catalogsFile reads catalogs.yml: with the flag use_catalogs_v2 in dbt's second version, else in the first.
func (l *loader) catalogsFile(s *Set) error {
	f, n, err := l.readYAML(filepath.Join(l.root, "catalogs.yml"))
	if err != nil || f == nil || n == nil {
		return err
	}
	if falsy(n) {
		d := l.diags.Add(diag.CatalogsInvalid, source.Whole(f), "catalogs.yml is empty")
		d.Hint = "take the file away, or write `catalogs: []`"
		return nil
	}
	v2, _ := s.Root.Config.Flags.Get("use_catalogs_v2")
	r := &catalogsReader{loader: l, render: l.secretRenderer(s.CLIVars), engines: enginesOf(s.Profile), v2: v2 != nil && jinja.Truth(v2), places: map[string]source.Span{}}
	if n.Kind != yamldoc.Mapping {
		r.bad(n.Span, "list them below it", "expected catalogs.yml to be a mapping with the key `catalogs`, found %s", n.Kind)
		return nil
	}
	r.file(n)
	s.Catalogs = r.list
	return nil
}

// enginesOf are the engines that a profile's nodes run on, the target's own first.
func enginesOf(p *Profile) []*dialect.Dialect {
	types := []string{p.Type}
	for _, name := range p.EngineNames {
		if e := p.EngineProfiles[name]; e != nil && !slices.Contains(types, e.Type) {
			types = append(types, e.Type)
		}
	}
	var out []*dialect.Dialect
	for _, t := range types {
		if d, ok := dialect.Get(t); ok {
			out = append(out, d)
		}
	}
	return out
}

func (r *catalogsReader) bad(at source.Span, hint, format string, args ...any) {
	r.diags.Add(diag.CatalogsInvalid, at, format, args...).Hint = hint
}

func (r *catalogsReader) file(n *yamldoc.Node) {
	if r.v2 {
		for i := range n.Pairs {
			if p := &n.Pairs[i]; p.Name != "catalogs" {
				r.bad(p.Key.Span, "name the list `catalogs`, and take out what is no list of catalogs", "catalogs.yml has no key `%s`", p.Name)
			}
		}
	}
	p := n.Pair("catalogs")
	switch {
	case p == nil:
		return
	case p.Value.Kind == yamldoc.Sequence:
	case !r.v2 && p.Value.Kind != yamldoc.Null && falsy(p.Value):
		return // dbt's first version takes any empty value for an empty list
	default:
		r.bad(p.Value.Span, "write each catalog as an item of a list, or `catalogs: []` for none", "expected `catalogs` to be a list, found %s", p.Value.Kind)
		return
	}
	if len(p.Value.Items) > 0 && !slices.ContainsFunc(r.engines, func(d *dialect.Dialect) bool { return len(d.CatalogTypes) > 0 }) {
		d := r.diags.Add(diag.CatalogsUnsupported, p.Key.Span, "catalogs.yml lists catalogs, and there are none for %s", r.engines[0].Name)
		d.Hint = "take the file away, or the list out of it: models are then made in the target's own database"
		return
	}
	for _, item := range p.Value.Items {
		r.entry(item)
	}
}

// entry reads one catalog, as dbt does after rendering its texts, which see variables of the command line and the environment, secrets too.
func (r *catalogsReader) entry(n *yamldoc.Node) {
	if n.Kind != yamldoc.Mapping {
		r.bad(n.Span, "write a mapping with the key `name`", "expected a catalog to be a mapping, found %s", n.Kind)
		return
	}
	rendered, diags := r.render.Dict(n)
	if r.diags = append(r.diags, diags...); diags.HasErrors() {
		return
	}
	if r.v2 {
		r.second(n, rendered)
	} else {
		r.first(n, rendered)
	}
}

// add keeps a catalog of a known type whose name is new.
func (r *catalogsReader) add(c dialect.Catalog, name, kind *yamldoc.Node) {
	var types []string
	for _, d := range r.engines {
		for _, own := range d.Catalogs {
			if own.Name == c.Name {
				r.bad(name.Span, "choose another name, or name `"+own.Name+"` in models without an entry here", "%s has a catalog `%s` of its own", d.Name, c.Name)
				return
			}
		}
		for _, t := range d.CatalogTypes {
			types = append(types, t.Name)
			if !strings.EqualFold(t.Name, c.Type) {
				continue
			}
			c.Type = t.Name
			if c.TableFormat == "" {
				c.TableFormat = t.TableFormat
			}
			if before, twice := r.places[c.Name]; twice {
				r.bad(name.Span, "give each catalog a name of its own", "there are two catalogs `%s`", c.Name)
				r.diags[len(r.diags)-1].Related = []diag.Related{{Span: before, Message: "the first is here"}}
				return
			}
			r.places[c.Name] = name.Span
			r.list = append(r.list, c)
			return
		}
	}
	hint := "the types are " + strings.Join(types, ", ")
	if best := nearest(strings.ToLower(c.Type), types); best != "" {
		hint = "Did you mean `" + best + "`? " + strings.ToUpper(hint[:1]) + hint[1:]
	}
	r.bad(kind.Span, hint, "%s has no catalogs of the type `%s`", r.engines[0].Name, c.Type)
}

// keys refuses keys that are not known and misses those that are required.
func (r *catalogsReader) keys(n *yamldoc.Node, what string, known map[string]bool) bool {
	ok := true
	for i := range n.Pairs {
		if p := &n.Pairs[i]; !hasName(known, p.Name) {
			hint := didYouMean(p.Name, known)
			switch {
			case r.v2 && (p.Name == "write_integrations" || p.Name == "active_write_integration"):
				hint = "with the flag use_catalogs_v2 a catalog has the keys name, type, table_format and config"
			case !r.v2 && (p.Name == "type" || p.Name == "config" || p.Name == "table_format"):
				hint = "catalogs of this form need the flag use_catalogs_v2: true in dbt_project.yml"
			}
			r.bad(p.Key.Span, hint, "%s has no key `%s`", what, p.Name)
			ok = false
		}
	}
	var missing []string
	for name, required := range known {
		if required && n.Pair(name) == nil {
			missing = append(missing, "`"+name+"`")
		}
	}
	if slices.Sort(missing); len(missing) > 0 && ok {
		r.bad(n.Span, "", "%s needs %s", what, strings.Join(missing, ", "))
		ok = false
	}
	return ok
}

func hasName(known map[string]bool, name string) bool { _, ok := known[name]; return ok }
