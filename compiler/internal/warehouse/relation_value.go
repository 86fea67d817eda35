package warehouse

import (
	"maps"
	"slices"

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
		if !r.d.Relation.Hive || r.info {
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

// InformationSchema is the information schema of the relation's database.
func (r *Relation) InformationSchema() jinja.Value { return r.informationSchema("") }
