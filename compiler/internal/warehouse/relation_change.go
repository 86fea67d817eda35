package warehouse

import (
	"maps"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

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
