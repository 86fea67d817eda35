package resolve

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resource"
)

// macroIndex finds macros as dbt's resolver does: the node's own package, then the root project, then installed packages (the
// last one wins), then the embedded library.
type macroIndex struct {
	all      []*resource.Macro
	byID     map[string]*resource.Macro
	packages map[string]map[string]*resource.Macro
	anywhere map[string]*resource.Macro
}

func newMacroIndex(all []*resource.Macro, set *project.Set) *macroIndex {
	x := &macroIndex{all: all, byID: make(map[string]*resource.Macro, len(all)), packages: map[string]map[string]*resource.Macro{}, anywhere: make(map[string]*resource.Macro, len(all))}
	root, engine := "", ""
	if set.Root != nil {
		root = set.Root.Name
	}
	if set.Profile != nil {
		engine = "dbt_" + set.Profile.Type
	}
	rank := func(m *resource.Macro) int {
		switch {
		case m.Package == root && !m.BuiltIn:
			return 4
		case !m.BuiltIn:
			return 3
		case m.Package == engine:
			return 2
		case m.Package != "dbt":
			return 1
		}
		return 0
	}
	for _, m := range all {
		x.byID[m.ID] = m
		p := x.packages[m.Package]
		if p == nil {
			p = map[string]*resource.Macro{}
			x.packages[m.Package] = p
		}
		p[m.Name] = m
		if old, ok := x.anywhere[m.Name]; !ok || rank(m) >= rank(old) {
			x.anywhere[m.Name] = m
		}
	}
	return x
}

// find is the macro that a name means in a package, or nil.
func (x *macroIndex) find(pkg, name string) *resource.Macro {
	if m, ok := x.packages[pkg][name]; ok {
		return m
	}
	return x.anywhere[name]
}

// patchMacro writes an entry of `macros:` into its macro.
func (b *binder) patchMacro(p *property) {
	m := b.macros.byID["macro."+p.pkg.Name+"."+p.name]
	if m == nil {
		x := b.diags.Add(diag.EntryWithoutMacro, p.at.name, "Found patch for macro \"%s\" which was not found", p.name)
		var names []string
		for name := range b.macros.packages[p.pkg.Name] {
			names = append(names, name)
		}
		sortStrings(names)
		x.Hint = hintFor(p.name, names)
		return
	}
	if m.PatchPath != "" {
		_, other, _ := strings.Cut(m.PatchPath, "://")
		x := b.diags.Add(diag.DuplicateEntry, p.at.name, "dbt found two schema.yml entries for the same macro named %s in package %s. Macros may only be described a single time. Described in %s and in %s.", p.name, m.Package, other, p.path)
		x.Hint = "Remove one of the two entries."
		return
	}
	m.PatchPath = p.pkg.Name + "://" + p.path
	m.Description = p.description
	m.Meta = b.noMeta
	meta := p.meta
	docs := p.docs
	if p.config != nil {
		if v, ok := p.config.Get("meta"); ok {
			if d, ok := v.(*jinja.Dict); ok {
				if meta == nil {
					meta = d
				} else {
					meta = mergeDicts(meta, d).(*jinja.Dict)
				}
			}
		}
		if v, ok := p.config.Get("docs"); ok && jinja.Truth(v) {
			docs, _ = v.(*jinja.Dict)
		}
	}
	if meta != nil {
		m.Meta = meta
	}
	m.Docs = docsOf(docs)
	b.checkArguments(m, p)
	if len(p.arguments) > 0 || !b.flag("validate_macro_args", true) {
		m.Arguments = p.arguments
	}
}

func docsOf(d *jinja.Dict) resource.Docs {
	out := resource.Docs{Show: true}
	if d == nil {
		return out
	}
	if v, ok := d.Get("show"); ok {
		out.Show = jinja.Truth(v)
	}
	if v, ok := d.Get("node_color"); ok && !isNone(v) {
		out.NodeColor = jinja.Text(v)
	}
	return out
}

// checkArguments compares the documented arguments of a macro with those it has.
func (b *binder) checkArguments(m *resource.Macro, p *property) {
	if len(p.arguments) == 0 || !b.flag("validate_macro_args", true) {
		return
	}
	at := p.at.name
	warn := func(format string, args ...any) { b.diags.Add(diag.MacroArguments, at, format, args...) }
	for i, a := range p.arguments {
		name, _ := a.Get("name")
		if i < len(m.Arguments) {
			if have, _ := m.Arguments[i].Get("name"); have != nil && !jinja.Equal(have, name) {
				warn("Argument %s in yaml for macro %s does not match the jinja definition.", jinja.Text(name), m.Name)
			}
		}
		if t, _ := a.Get("type"); t != nil && !isNone(t) && strings.TrimSpace(jinja.Text(t)) != "" && !validType(jinja.Text(t)) {
			warn("Argument %s in the yaml for macro %s has an invalid type.", jinja.Text(name), m.Name)
		}
	}
	if len(p.arguments) != len(m.Arguments) {
		warn("The number of arguments in the yaml for macro %s does not match the jinja definition.", m.Name)
	}
}

// validType says whether a text is a type that macro arguments may have: a word, or one with parameters as in list[str].
func validType(text string) bool {
	rest, ok := typePrefix(strings.NewReplacer(" ", "", "\t", "").Replace(text))
	return ok && rest == ""
}

func typePrefix(s string) (rest string, ok bool) {
	end := 0
	for end < len(s) && s[end] >= 'a' && s[end] <= 'z' {
		end++
	}
	word, rest := s[:end], s[end:]
	params := 0
	switch word {
	case "str", "string", "bool", "int", "integer", "float", "any", "relation", "column":
	case "list", "optional":
		params = 1
	case "dict":
		params = 2
	default:
		return s, false
	}
	for i := range params {
		open := ","
		if i == 0 {
			open = "["
		}
		if rest, ok = strings.CutPrefix(rest, open); !ok {
			return s, false
		}
		if rest, ok = typePrefix(rest); !ok {
			return s, false
		}
	}
	if params > 0 {
		return strings.CutPrefix(rest, "]")
	}
	return rest, true
}

func sortStrings(s []string) { slices.Sort(s) }
