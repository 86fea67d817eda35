package warehouse

import (
	"maps"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// TypeName is the name of dbt's class.
func (r *Relation) TypeName() string {
	if r.info {
		return "InformationSchema"
	}
	return r.d.Relation.Class
}

// String is what the relation prints.
func (r *Relation) String() string {
	s, err := r.Text()
	if err != nil {
		return r.spell(r.quote(), r.include)
	}
	return s
}

// Repr is Python's repr().
func (r *Relation) Repr() string {
	name := r.options.External
	if name == "" {
		name = r.spell(r.quote(), r.include)
	}
	return "<" + r.TypeName() + " " + name + ">"
}

// Truth of a relation is always true.
func (r *Relation) Truth() bool { return true }

// IsMapping: dbt's relations are mappings, which is how packages tell them from texts.
func (r *Relation) IsMapping() {}

// HashKey is the rendered name, as in dbt.
func (r *Relation) HashKey() string { return r.spell(r.quote(), r.include) }

// Equal compares everything that the relation is made of.
func (r *Relation) Equal(other jinja.Value) bool {
	o, ok := other.(*Relation)
	if !ok || r.TypeName() != o.TypeName() {
		return false
	}
	return samePart(r.path.Database, o.path.Database) && samePart(r.path.Schema, o.path.Schema) &&
		samePart(r.path.Identifier, o.path.Identifier) && r.kind == o.kind && r.include == o.include && r.quoting == o.quoting &&
		samePart(r.options.Limit, o.options.Limit) && samePart(r.options.EventTime, o.options.EventTime) &&
		r.options.External == o.options.External && r.options.DbtCreated == o.options.DbtCreated && r.infoView == o.infoView &&
		maps.EqualFunc(r.extra, o.extra, jinja.Equal)
}

func samePart[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Index is Python's relation["schema"]: the same as the attribute.
func (r *Relation) Index(key jinja.Value) (jinja.Value, bool, error) {
	if s, ok := key.(jinja.Str); ok {
		return r.Attr(string(s))
	}
	return nil, false, nil
}

// relationTypes are dbt's types of relations, by the names of their constants.
var relationTypes = map[string]string{
	"Table": "table", "View": "view", "CTE": "cte", "MaterializedView": "materialized_view", "Ephemeral": "ephemeral",
	"External": "external", "PointerTable": "pointer_table", "Function": "function",
}

func knownType(s string) bool {
	for _, t := range relationTypes {
		if t == s {
			return true
		}
	}
	return false
}

// Attr finds an attribute or method.
func (r *Relation) Attr(name string) (jinja.Value, bool, error) {
	if v, ok := r.field(name); ok {
		return v, true, nil
	}
	if v, ok := r.method(name); ok {
		return v, true, nil
	}
	return Class{r.d}.static(name)
}

func (r *Relation) field(name string) (jinja.Value, bool) {
	switch name {
	case "database":
		return text(r.path.Database), true
	case "schema":
		return text(r.path.Schema), true
	case "identifier", "name", "table":
		return text(r.path.Identifier), true
	case "type":
		if r.kind == "" {
			return jinja.None, true
		}
		return jinja.Str(r.kind), true
	case "is_table", "is_view", "is_cte", "is_materialized_view", "is_function":
		return jinja.Bool(r.kind == name[len("is_"):]), true
	case "is_pointer":
		return jinja.Bool(r.kind == "pointer_table"), true
	case "can_be_renamed":
		return jinja.Bool(slices.Contains(r.d.Relation.Renameable, r.kind)), true
	case "can_be_replaced":
		return jinja.Bool(slices.Contains(r.d.Relation.Replaceable, r.kind)), true
	case "path":
		return r.pathValue(), true
	case "include_policy":
		return policyValue{r.include}, true
	case "quote_policy":
		return policyValue{r.quoting}, true
	case "quote_character":
		return jinja.Str(r.quote()), true
	case "dbt_created":
		return jinja.Bool(r.options.DbtCreated), true
	case "require_alias":
		return jinja.Bool(r.d.Relation.SubqueryAlias), true
	case "limit":
		if r.options.Limit == nil {
			return jinja.None, true
		}
		return jinja.Int(*r.options.Limit), true
	case "event_time_filter":
		e := r.options.EventTime
		if e == nil {
			return jinja.None, true
		}
		d := jinja.NewDict(3)
		d.Set("field_name", jinja.Str(e.Field))
		d.Set("start", orNone(e.Start))
		d.Set("end", orNone(e.End))
		return d, true
	case "catalog":
		return jinja.None, true
	case "renameable_relations":
		return texts(r.d.Relation.Renameable), true
	case "replaceable_relations":
		return texts(r.d.Relation.Replaceable), true
	case "information_schema_view":
		if r.info {
			return orNone(r.infoView), true
		}
	case "external":
		if slices.Contains(r.d.Relation.Extra, name) {
			return orNone(r.options.External), true
		}
	}
	if slices.Contains(r.d.Relation.Extra, name) {
		if v, ok := r.extra[name]; ok {
			return v, true
		}
		return jinja.None, true
	}
	return nil, false
}

func orNone(s string) jinja.Value {
	if s == "" {
		return jinja.None
	}
	return jinja.Str(s)
}

func texts(list []string) jinja.Value {
	l := jinja.NewList()
	for _, s := range list {
		l.Items = append(l.Items, jinja.Str(s))
	}
	return l
}

func (r *Relation) pathValue() jinja.Value { return pathValue{r.path} }

func (r *Relation) method(name string) (jinja.Value, bool) {
	var f func(c *jinja.Call) (jinja.Value, error)
	switch name {
	case "include":
		f = func(c *jinja.Call) (jinja.Value, error) {
			q, err := boundQuoting(c, name)
			if err != nil {
				return nil, err
			}
			n := *r
			n.include = q.Over(r.include)
			return n.checked(c)
		}
	case "quote":
		f = func(c *jinja.Call) (jinja.Value, error) {
			q, err := boundQuoting(c, name)
			if err != nil {
				return nil, err
			}
			n := *r
			n.quoting = q.Over(r.quoting)
			return n.checked(c)
		}
	case "quoted":
		f = func(c *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(c, name, "identifier")
			if err != nil {
				return nil, err
			}
			return jinja.Str(r.quote() + jinja.Text(a[0]) + r.quote()), nil
		}
	case "incorporate":
		f = r.incorporate
	case "replace":
		f = r.incorporate
	case "replace_path":
		f = func(c *jinja.Call) (jinja.Value, error) {
			if len(c.Args) > 0 {
				_, _, err := bind(c, name, "**")
				return nil, err
			}
			n := *r
			for _, kw := range c.Kwargs {
				if err := setPart(c, &n.path, kw.Name, kw.Value); err != nil {
					return nil, err
				}
			}
			return n.checked(c)
		}
	case "without_identifier":
		f = func(c *jinja.Call) (jinja.Value, error) {
			if _, _, err := bind(c, name); err != nil {
				return nil, err
			}
			return r.withoutIdentifier(), nil
		}
	case "information_schema":
		f = func(c *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(c, name, "view_name?")
			if err != nil {
				return nil, err
			}
			view, _ := str(a[0])
			return r.informationSchema(view), nil
		}
	case "information_schema_only":
		f = func(c *jinja.Call) (jinja.Value, error) {
			if _, _, err := bind(c, name); err != nil {
				return nil, err
			}
			return r.informationSchema(""), nil
		}
	case "render":
		f = func(c *jinja.Call) (jinja.Value, error) {
			if _, _, err := bind(c, name); err != nil {
				return nil, err
			}
			s, err := r.Render()
			return jinja.Str(s), err
		}
	case "render_limited", "render_event_time_filtered":
		f = func(c *jinja.Call) (jinja.Value, error) { return r.renderPart(c, name) }
	case "matches":
		f = r.matches
	case "get":
		f = r.get
	case "to_dict":
		f = func(c *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(c, name, "omit_none?", "validate?")
			if err != nil {
				return nil, err
			}
			return r.toDict(a[0] != nil && jinja.Truth(a[0])), nil
		}
	case "relation_max_name_length":
		if r.d.Relation.MaxIdentifier == 0 {
			return nil, false
		}
		f = func(*jinja.Call) (jinja.Value, error) { return jinja.Int(r.d.Relation.MaxIdentifier), nil }
	case "render_hive", "render_pure":
		if r.d.Name != "athena" || r.info {
			return nil, false
		}
		f = func(c *jinja.Call) (jinja.Value, error) {
			if _, _, err := bind(c, name); err != nil {
				return nil, err
			}
			if name == "render_pure" {
				return jinja.Str(r.RenderPure()), nil
			}
			return jinja.Str(r.RenderHive()), nil
		}
	default:
		return nil, false
	}
	return method(name, f), true
}

// RenderHive is the relation as Athena's Hive DDL spells it: two parts in backticks.
func (r *Relation) RenderHive() string {
	return r.spell("`", dialect.Policy{Schema: true, Identifier: true})
}

// RenderPure is the relation without quotes, as Athena's OPTIMIZE and VACUUM want it.
func (r *Relation) RenderPure() string { return r.spell("", r.include) }

// checked is what a change made, or why it must not be. Where dbt would refuse it only when it is printed, it is refused here,
// because printing cannot fail.
func (r *Relation) checked(c *jinja.Call) (jinja.Value, error) {
	if err := r.check(c); err != nil {
		return nil, err
	}
	if _, err := r.Render(); err != nil {
		return nil, at(c, err)
	}
	return r, nil
}

// With is the relation with another type, which checks the length of its name.
func (r *Relation) With(kind string) (*Relation, error) {
	n := *r
	n.kind = kind
	return &n, n.check(nil)
}

func (r *Relation) withoutIdentifier() *Relation {
	n := *r
	n.include.Identifier = false
	n.path.Identifier = nil
	return &n
}

// informationSchema is the relation's database's information schema, or a view in it.
func (r *Relation) informationSchema(view string) *Relation {
	name := "INFORMATION_SCHEMA"
	n := &Relation{d: r.d, kind: "view", info: true, infoView: view, include: r.include, quoting: r.quoting}
	n.path = Path{Database: r.path.Database, Identifier: &name}
	n.include.Database = r.path.Database != nil
	n.include.Schema, n.include.Identifier = false, true
	n.quoting.Identifier = false
	return n
}

func boundQuoting(c *jinja.Call, fn string) (Quoting, error) {
	a, _, err := bind(c, fn, "database?", "schema?", "identifier?")
	if err != nil {
		return Quoting{}, err
	}
	return Quoting{optBool(a[0]), optBool(a[1]), optBool(a[2])}, nil
}

func (r *Relation) renderPart(c *jinja.Call, name string) (jinja.Value, error) {
	params := []string{"rendered?"}
	if name == "render_limited" {
		params = nil
	}
	a, _, err := bind(c, name, params...)
	if err != nil {
		return nil, err
	}
	s, err := r.Render()
	if err != nil {
		return nil, err
	}
	if len(a) > 0 && !isNone(a[0]) && jinja.Truth(a[0]) {
		s = jinja.Text(a[0])
	}
	switch {
	case name == "render_limited" && r.options.Limit != nil:
		s = r.limited(s)
	case name != "render_limited" && r.options.EventTime != nil:
		s = r.filtered(s)
	}
	return jinja.Str(s), nil
}

// makePart sets a part of a path that is given when a relation is made: whatever it is becomes text there, and what is
// undefined becomes nothing.
func makePart(c *jinja.Call, p *Path, key string, v jinja.Value) error {
	switch v.(type) {
	case nil, jinja.NoneType, jinja.Str:
	case *jinja.Undefined:
		v = jinja.Str("")
	default:
		v = jinja.Str(jinja.Text(v))
	}
	return setPart(c, p, key, v)
}

// setPart sets a part of a path; anything but a text or None is refused, as dbt does for what is undefined.
func setPart(c *jinja.Call, p *Path, key string, v jinja.Value) error {
	var part *string
	switch v := v.(type) {
	case nil, jinja.NoneType:
	case jinja.Str:
		s := string(v)
		part = &s
	default:
		shown := ""
		if _, undefined := v.(*jinja.Undefined); !undefined {
			shown = jinja.Text(v)
		}
		return fail(c, diag.InvalidRelation, "Got an invalid path %s: %s", key, shown)
	}
	switch key {
	case "database":
		p.Database = part
	case "schema":
		p.Schema = part
	case "identifier":
		p.Identifier = part
	default:
		return fail(c, diag.CallArguments, "Path.__init__() got an unexpected keyword argument '%s'", key)
	}
	return nil
}

// incorporate is the relation with parts of it replaced; `path`, `quote_policy` and `include_policy` are merged.
func (r *Relation) incorporate(c *jinja.Call) (jinja.Value, error) {
	if len(c.Args) > 0 {
		_, _, err := bind(c, "incorporate", "**")
		return nil, err
	}
	n := *r
	for _, kw := range c.Kwargs {
		if err := n.set(c, kw.Name, kw.Value); err != nil {
			return nil, err
		}
	}
	return n.checked(c)
}

// set sets a field from a template's value.
func (r *Relation) set(c *jinja.Call, name string, v jinja.Value) error {
	switch name {
	case "path":
		return eachEntry(c, v, func(key string, v jinja.Value) error {
			if key != "database" && key != "schema" && key != "identifier" {
				return nil
			}
			return makePart(c, &r.path, key, v)
		})
	case "type":
		switch v := v.(type) {
		case jinja.NoneType, nil:
			r.kind = ""
		case jinja.Str:
			if !knownType(string(v)) {
				return fail(c, diag.InvalidRelation, "'%s' is not a valid RelationType", string(v))
			}
			r.kind = string(v)
		default:
			return fail(c, diag.InvalidRelation, "%s is not a valid RelationType", jinja.Repr(v))
		}
	case "quote_policy":
		return setPolicy(c, &r.quoting, v)
	case "include_policy":
		return setPolicy(c, &r.include, v)
	case "limit":
		r.options.Limit = nil
		if n, ok := v.(jinja.Int); ok {
			i := int(n)
			r.options.Limit = &i
		}
	case "dbt_created":
		r.options.DbtCreated = jinja.Truth(v)
	case "external":
		if slices.Contains(r.d.Relation.Extra, name) {
			r.options.External = ""
			if !isNone(v) {
				r.options.External = jinja.Text(v)
			}
		}
	default:
		// what dbt's classes do not know they leave out without a word
		if slices.Contains(r.d.Relation.Extra, name) {
			extra := maps.Clone(r.extra)
			if extra == nil {
				extra = map[string]jinja.Value{}
			}
			extra[name] = v
			r.extra = extra
		}
	}
	return nil
}

func setPolicy(c *jinja.Call, p *dialect.Policy, v jinja.Value) error {
	if pv, ok := v.(policyValue); ok {
		*p = pv.p
		return nil
	}
	return eachEntry(c, v, func(key string, v jinja.Value) error {
		switch key {
		case "database":
			p.Database = jinja.Truth(v)
		case "schema":
			p.Schema = jinja.Truth(v)
		case "identifier":
			p.Identifier = jinja.Truth(v)
		}
		return nil
	})
}

// eachEntry goes through a dict, or a path.
func eachEntry(c *jinja.Call, v jinja.Value, f func(key string, v jinja.Value) error) error {
	switch v := v.(type) {
	case *jinja.Dict:
		for k, e := range v.Entries {
			if s, ok := k.(jinja.Str); ok {
				if err := f(string(s), e); err != nil {
					return err
				}
			}
		}
	case pathValue:
		for _, k := range []string{"database", "schema", "identifier"} {
			part, _, _ := v.Attr(k)
			if err := f(k, part); err != nil {
				return err
			}
		}
	case jinja.NoneType, nil:
	default:
		return fail(c, diag.InvalidRelation, "expected a dict, got %s", v.TypeName())
	}
	return nil
}

// get is a mapping's get(); "metadata" is how packages ask whether a value is a relation.
func (r *Relation) get(c *jinja.Call) (jinja.Value, error) {
	a, _, err := bind(c, "get", "key", "default?")
	if err != nil {
		return nil, err
	}
	if key, ok := str(a[0]); ok {
		if key == "metadata" {
			d := jinja.NewDict(1)
			d.Set("type", jinja.Str(r.TypeName()))
			return d, nil
		}
		if v, found, err := r.Attr(key); found || err != nil {
			return v, err
		}
	}
	if a[1] == nil {
		return jinja.None, nil
	}
	return a[1], nil
}

// matches says whether the relation has the given name. A name that fits only when letter case is ignored is an error, because
// it is nearly always a mistake in a project's quoting.
func (r *Relation) matches(c *jinja.Call) (jinja.Value, error) {
	a, _, err := bind(c, "matches", "database?", "schema?", "identifier?")
	if err != nil {
		return nil, err
	}
	var search Path
	for i, key := range []string{"database", "schema", "identifier"} {
		if err := setPart(c, &search, key, a[i]); err != nil {
			return nil, err
		}
	}
	ok, err := r.Matches(search)
	return jinja.Bool(ok), at(c, err)
}

// at puts a diagnostic without a place at a call.
func at(c *jinja.Call, err error) error {
	if d, ok := err.(diag.Diagnostic); ok && c != nil && d.Span.IsZero() {
		d.Span = c.Span
		return d
	}
	return err
}

// Matches says whether the relation has the name, as far as that gives parts.
func (r *Relation) Matches(search Path) (bool, error) {
	if search.Database == nil && search.Schema == nil && search.Identifier == nil {
		return false, fail(nil, diag.CallArguments, "Tried to match relation, but no search path was passed!")
	}
	exact, approximate := true, true
	one := func(want, have *string, quoted bool) {
		if want == nil {
			return
		}
		lower := "none"
		if have != nil {
			lower = strings.ToLower(*have)
		}
		if r.options.DbtCreated && !quoted {
			exact = exact && have != nil && lower == strings.ToLower(*want)
		} else {
			exact = exact && have != nil && *have == *want
		}
		if strings.Trim(lower, r.quote()) != strings.Trim(strings.ToLower(*want), r.quote()) {
			approximate = false
		}
	}
	one(search.Database, r.path.Database, r.quoting.Database)
	one(search.Schema, r.path.Schema, r.quoting.Schema)
	one(search.Identifier, r.path.Identifier, r.quoting.Identifier)
	if approximate && !exact {
		target := &Relation{d: r.d, path: search, include: r.d.Relation.Include, quoting: r.d.Relation.Quoting}
		return false, fail(nil, diag.ApproximateMatch,
			"When searching for a relation, dbt found an approximate match. Instead of guessing \nwhich relation to use, dbt will move on. Please delete %s, or rename it to be less ambiguous.\nSearched for: %s\nFound: %s",
			r, target, r)
	}
	return exact, nil
}

// toDict is the relation as dbt's to_dict() gives it.
func (r *Relation) toDict(omitNone bool) *jinja.Dict {
	d := jinja.NewDict(16)
	put := func(key string, v jinja.Value) {
		if v == jinja.None && omitNone {
			return
		}
		d.Set(key, v)
	}
	p := jinja.NewDict(3)
	for _, k := range []string{"database", "schema", "identifier"} {
		if v, _, _ := (pathValue{r.path}).Attr(k); v != jinja.None || !omitNone {
			p.Set(k, v)
		}
	}
	put("path", p)
	for _, k := range []string{"type", "quote_character"} {
		v, _ := r.field(k)
		put(k, v)
	}
	put("include_policy", policyValue{r.include}.dict())
	put("quote_policy", policyValue{r.quoting}.dict())
	for _, k := range append([]string{"dbt_created", "limit", "event_time_filter", "require_alias", "catalog", "renameable_relations",
		"replaceable_relations"}, r.d.Relation.Extra...) {
		v, _ := r.field(k)
		put(k, v)
	}
	return d
}

// policyValue and pathValue are dbt's small classes Policy and Path.
type (
	policyValue struct{ p dialect.Policy }
	pathValue   struct{ p Path }
)

func (policyValue) TypeName() string { return "Policy" }
func (pathValue) TypeName() string   { return "Path" }
func (policyValue) IsMapping()       {}
func (pathValue) IsMapping()         {}

func (v policyValue) dict() *jinja.Dict {
	d := jinja.NewDict(3)
	d.Set("database", jinja.Bool(v.p.Database))
	d.Set("schema", jinja.Bool(v.p.Schema))
	d.Set("identifier", jinja.Bool(v.p.Identifier))
	return d
}

func (v policyValue) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "database":
		return jinja.Bool(v.p.Database), true, nil
	case "schema":
		return jinja.Bool(v.p.Schema), true, nil
	case "identifier":
		return jinja.Bool(v.p.Identifier), true, nil
	}
	return nil, false, nil
}

func (v pathValue) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "database":
		return text(v.p.Database), true, nil
	case "schema":
		return text(v.p.Schema), true, nil
	case "identifier":
		return text(v.p.Identifier), true, nil
	}
	return nil, false, nil
}
