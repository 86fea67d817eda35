package selector

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Definition is one selector of selectors.yml.
type Definition struct {
	Name, Description string
	Default           bool
	Spec              Spec
	Span              source.Span
}

// Definitions are the selectors of a project.
type Definitions struct {
	list []*Definition // by name
	// manifest is what manifest.json shows of them, by name in the order of the file.
	manifest *jinja.Dict
}

// Render renders a text of selectors.yml, as dbt renders its project files.
type Render func(text string, at source.Span) (jinja.Value, diag.List)

// Define reads selectors.yml. root may be nil or null: no selectors. The mode of indirect selection of the command line holds for
// criteria that do not name their own.
func Define(root *yamldoc.Node, indirect Indirect, render Render) (*Definitions, diag.List) {
	r := &reader{indirect: indirect, render: render}
	out := &Definitions{manifest: jinja.NewDict(0)}
	if root == nil || root.Kind == yamldoc.Null {
		return out, nil
	}
	file := r.value(root)
	if !r.isKind(file, yamldoc.Mapping, "selectors.yml") {
		return out, r.list
	}
	r.onlyKeys(file, "selectors.yml", "selectors", "version")
	entries := file.get("selectors")
	if entries == nil {
		r.list.Add(diag.SelectorFile, file.span, "'selectors' is a required property")
		return out, r.list
	}
	if !r.isKind(entries, yamldoc.Sequence, "selectors") {
		return out, r.list
	}
	var standard *Definition
	for _, e := range entries.items {
		d := r.definition(e)
		if d == nil {
			continue
		}
		if d.Default {
			if standard != nil {
				r.list.Add(diag.SelectorFile, d.Span, "Found multiple selectors with `default: true`: %s and %s", standard.Name, d.Name).Related =
					[]diag.Related{{Span: standard.Span, Message: standard.Name + " is the default too"}}
			}
			standard = d
		}
		// Of two selectors with one name the later holds, as in a dict.
		out.list = slices.DeleteFunc(out.list, func(o *Definition) bool { return o.Name == d.Name })
		out.list = append(out.list, d)
		out.manifest.Set(d.Name, shown(e))
	}
	slices.SortFunc(out.list, func(a, b *Definition) int { return strings.Compare(a.Name, b.Name) })
	return out, r.list
}

// Names are the names of all selectors, sorted.
func (d *Definitions) Names() []string {
	if d == nil {
		return nil
	}
	names := make([]string, len(d.list))
	for i, x := range d.list {
		names[i] = x.Name
	}
	return names
}

// Lookup is the spec of a selector, as --selector asks for it.
func (d *Definitions) Lookup(name string) (Spec, diag.List) {
	if d != nil {
		for _, x := range d.list {
			if x.Name == name {
				return x.Spec, nil
			}
		}
	}
	var list diag.List
	list.Add(diag.SelectorName, source.Whole(source.NewFile("--selector", name)), "Could not find selector named %s, expected one of [%s]",
		name, strings.Join(d.Names(), ", ")).Hint = suggestOrNone(name, d.Names())
	return nil, list
}

// Default is the selector that holds when a command names nothing, or nil.
func (d *Definitions) Default() *Definition {
	if d != nil {
		for _, x := range d.list {
			if x.Default {
				return x
			}
		}
	}
	return nil
}

// Manifest is what manifest.json shows under `selectors`: the definitions with every short form written out.
func (d *Definitions) Manifest() *jinja.Dict {
	if d == nil {
		return jinja.NewDict(0)
	}
	return d.manifest
}

// matching are the selectors whose names match a pattern, by name.
func (d *Definitions) matching(pattern string) []*Definition {
	var found []*Definition
	if d != nil {
		for _, x := range d.list {
			if match(x.Name, pattern) {
				found = append(found, x)
			}
		}
	}
	return found
}

// reader reads selectors.yml.
type reader struct {
	indirect Indirect
	render   Render
	list     diag.List
}

// value is a YAML value after rendering.
type value struct {
	kind  yamldoc.Kind
	span  source.Span
	plain jinja.Value // of a scalar
	items []*value
	pairs []entry
}

type entry struct {
	name  string
	value *value
}

func (v *value) get(name string) *value {
	for _, p := range v.pairs {
		if p.name == name {
			return p.value
		}
	}
	return nil
}

func (v *value) keys() string {
	names := make([]string, len(v.pairs))
	for i, p := range v.pairs {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// text is the text of a scalar that is one.
func (v *value) text() (string, bool) {
	if v == nil {
		return "", false
	}
	s, ok := v.plain.(jinja.Str)
	return string(s), ok
}

func (r *reader) value(n *yamldoc.Node) *value {
	v := &value{kind: n.Kind, span: n.Span}
	switch n.Kind {
	case yamldoc.Mapping:
		for _, p := range n.Pairs {
			v.pairs = append(v.pairs, entry{p.Name, r.value(p.Value)})
		}
	case yamldoc.Sequence:
		for _, item := range n.Items {
			v.items = append(v.items, r.value(item))
		}
	case yamldoc.Null:
		v.plain = jinja.None
	case yamldoc.Bool:
		v.plain = jinja.Bool(n.Bool)
	case yamldoc.Int:
		v.plain = jinja.Int(n.Int)
		if n.Big {
			v.plain = jinja.Str(n.Str)
		}
	case yamldoc.Float:
		v.plain = jinja.Float(n.Float)
	default:
		v.plain = jinja.Str(n.Str)
		if r.render != nil && (strings.Contains(n.Str, "{{") || strings.Contains(n.Str, "{%") || strings.Contains(n.Str, "{#")) {
			rendered, problems := r.render(n.Str, n.Span)
			r.list = append(r.list, problems...)
			if rendered != nil {
				v.plain = rendered
			}
		}
	}
	return v
}

var kindNames = map[yamldoc.Kind]string{yamldoc.Mapping: "a mapping", yamldoc.Sequence: "a list", yamldoc.String: "a text", yamldoc.Null: "nothing",
	yamldoc.Bool: "a boolean", yamldoc.Int: "a number", yamldoc.Float: "a number", yamldoc.Date: "a date", yamldoc.DateTime: "a date"}

func (r *reader) isKind(v *value, want yamldoc.Kind, what string) bool {
	if v.kind != want {
		r.list.Add(diag.SelectorFile, v.span, "%s must be %s, but is %s", what, kindNames[want], kindNames[v.kind])
	}
	return v.kind == want
}

func (r *reader) onlyKeys(v *value, what string, known ...string) {
	for _, p := range v.pairs {
		if !slices.Contains(known, p.name) {
			r.list.Add(diag.SelectorFile, p.value.span, "%s has a key that is not known: %q", what, p.name).Hint = suggest(p.name, known)
		}
	}
}

func (r *reader) definition(v *value) *Definition {
	if !r.isKind(v, yamldoc.Mapping, "a selector") {
		return nil
	}
	r.onlyKeys(v, "a selector", "name", "definition", "description", "default")
	d := &Definition{Span: v.span}
	var ok bool
	if d.Name, ok = v.get("name").text(); !ok {
		r.list.Add(diag.SelectorFile, v.span, "a selector needs a 'name', which is a text")
		return nil
	}
	d.Description, _ = v.get("description").text()
	if b := v.get("default"); b != nil {
		flag, isBool := b.plain.(jinja.Bool)
		if !isBool {
			r.list.Add(diag.SelectorFile, b.span, "'default' of selector %s must be true or false", d.Name)
		}
		d.Default = bool(flag)
	}
	def := v.get("definition")
	if def == nil {
		r.list.Add(diag.SelectorFile, v.span, "selector %s has no 'definition'", d.Name)
		return nil
	}
	_, isText := def.text()
	if !isText && def.kind != yamldoc.Mapping {
		r.list.Add(diag.SelectorFile, def.span, "the definition of selector %s is %s", d.Name, kindNames[def.kind]).Hint =
			"Valid root-level selector definitions: union, intersection, string, dictionary. No lists."
		return nil
	}
	if (def.get("union") != nil || def.get("intersection") != nil) && len(def.pairs) > 1 {
		r.list.Add(diag.SelectorFile, def.span, "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found %s", def.keys())
		return nil
	}
	if d.Spec = r.spec(def); d.Spec == nil {
		return nil
	}
	return d
}

// spec reads a definition: a text as on the command line, a set operation, or one criterion.
func (r *reader) spec(v *value) Spec {
	if text, ok := v.text(); ok {
		// A text is one criterion: neither blanks nor commas separate here.
		if c := parseCriterion(&r.list, text, v.span, r.indirect); c != nil {
			return c
		}
		return nil
	}
	if v.kind != yamldoc.Mapping {
		r.list.Add(diag.SelectorFile, v.span, "a definition is a text, a union, an intersection or one criterion, but this is %s", kindNames[v.kind])
		return nil
	}
	if parts := v.get("union"); parts != nil {
		return r.operation(Union, "union", parts, v)
	}
	if parts := v.get("intersection"); parts != nil {
		return r.operation(Intersection, "intersection", parts, v)
	}
	return r.criterion(v)
}

// operation reads a list of definitions, of which one may be an exclude.
func (r *reader) operation(op Operation, name string, parts, whole *value) Spec {
	if !r.isKind(parts, yamldoc.Sequence, name) {
		return nil
	}
	group := &Group{Operation: op, Span: whole.span}
	var minus Spec
	excluded := false
	for _, p := range parts.items {
		// With an exclude, whatever else the entry says does not count.
		if p.get("exclude") != nil {
			if excluded {
				r.list.Add(diag.SelectorFile, p.span, "You cannot provide multiple exclude arguments to the same selector set operator")
				continue
			}
			excluded = true
			minus = r.exclusions(p.get("exclude"))
			continue
		}
		if s := r.spec(p); s != nil {
			group.Parts = append(group.Parts, s)
		}
	}
	if minus == nil {
		return group
	}
	return &Group{Operation: Difference, Parts: []Spec{group, minus}, Span: whole.span}
}

func (r *reader) exclusions(v *value) Spec {
	if !r.isKind(v, yamldoc.Sequence, "exclude") {
		return nil
	}
	var parts []Spec
	for _, item := range v.items {
		if s := r.spec(item); s != nil {
			parts = append(parts, s)
		}
	}
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &Group{Operation: Union, Parts: parts, Span: v.span}
}

// criterion reads `{method: …, value: …, parents: true, …}` or the short form `{tag: nightly}`.
func (r *reader) criterion(v *value) Spec {
	c := &Criterion{Raw: v.span.Text(), Span: v.span, Indirect: r.indirect, ParentsDepth: graph.Unbounded, ChildrenDepth: graph.Unbounded}
	var minus Spec
	method, val := v.get("method"), v.get("value")
	switch {
	case len(v.pairs) == 1:
		method = &value{kind: yamldoc.String, span: v.span, plain: jinja.Str(v.pairs[0].name)}
		val = v.pairs[0].value
	case method == nil || val == nil:
		r.list.Add(diag.SelectorFile, v.span, `Expected either 1 key or else "method" and "value" keys, but got [%s]`, v.keys())
		return nil
	default:
		if e := v.get("exclude"); e != nil {
			minus = r.exclusions(e)
		}
		c.ChildrensParents, c.Parents, c.Children = v.get("childrens_parents").truth(), v.get("parents").truth(), v.get("children").truth()
		c.ParentsDepth, c.ChildrenDepth = r.depth(v.get("parents_depth")), r.depth(v.get("children_depth"))
		if mode := v.get("indirect_selection"); mode != nil {
			name, _ := mode.text()
			var ok bool
			if c.Indirect, ok = ParseIndirect(name); !ok {
				r.list.Add(diag.SelectorFile, mode.span, "%q is not a mode of indirect selection", name).Hint = suggest(name, indirectNames[:])
				return nil
			}
		}
	}
	name, isText := method.text()
	if !isText {
		r.list.Add(diag.SelectorFile, method.span, "'method' must be a text")
		return nil
	}
	var ok bool
	if c.Method, c.Arguments, ok = parseMethod(&r.list, name, method.span); !ok {
		return nil
	}
	if val.plain == nil {
		r.list.Add(diag.SelectorValue, val.span, "the value of %s: is %s", name, kindNames[val.kind])
		return nil
	}
	c.Value = val.plain
	if c.checked(&r.list) == nil {
		return nil
	}
	if minus == nil {
		return c
	}
	return &Group{Operation: Difference, Parts: []Spec{c, minus}, Span: v.span}
}

// truth is Python's bool() of a flag that may be absent.
func (v *value) truth() bool {
	if v == nil {
		return false
	}
	if v.plain == nil {
		return len(v.items)+len(v.pairs) > 0
	}
	return jinja.Truth(v.plain)
}

// depth reads parents_depth and children_depth; like nothing, 0 means no limit here.
func (r *reader) depth(v *value) int {
	if v == nil || !v.truth() {
		return graph.Unbounded
	}
	switch n := v.plain.(type) {
	case jinja.Int:
		return max(int(n), 0)
	case jinja.Bool:
		return 1
	case jinja.Float:
		return int(n)
	case jinja.Str:
		if digits := strings.TrimSpace(string(n)); digits != "" && leadingDigits(digits) == len(digits) {
			return depth(digits)
		}
	}
	r.list.Add(diag.SelectorFile, v.span, "Invalid node spec - could not handle depth %s", v.span.Text())
	return graph.Unbounded
}
