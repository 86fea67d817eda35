package warehouse

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Class is dbt's class of relations, without a project's quoting: what a relation's own class methods start from.
type Class struct{ d *dialect.Dialect }

// TypeName is Python's.
func (Class) TypeName() string { return "type" }

// Attr finds a class attribute or class method.
func (k Class) Attr(name string) (jinja.Value, bool, error) { return k.static(name) }

// Call makes a relation of fields.
func (k Class) Call(c *jinja.Call) (jinja.Value, error) {
	return k.create(c, Quoting{}, "path?", "type?", "**")
}

func (k Class) static(name string) (jinja.Value, bool, error) {
	if t, ok := relationTypes[name]; ok && name != "Ephemeral" {
		return jinja.Str(t), true, nil
	}
	var f func(c *jinja.Call) (jinja.Value, error)
	switch name {
	case "create":
		f = func(c *jinja.Call) (jinja.Value, error) {
			return k.create(c, Quoting{}, "database?", "schema?", "identifier?", "type?", "**")
		}
	case "add_ephemeral_prefix":
		f = func(c *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(c, name, "name")
			if err != nil {
				return nil, err
			}
			return jinja.Str(EphemeralPrefix + jinja.Text(a[0])), nil
		}
	case "get_default_quote_policy":
		f = func(c *jinja.Call) (jinja.Value, error) { return policyValue{k.d.Relation.Quoting}, nil }
	case "get_default_include_policy":
		f = func(c *jinja.Call) (jinja.Value, error) { return policyValue{k.d.Relation.Include}, nil }
	case "scd_args":
		f = func(c *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(c, name, "primary_key", "updated_at")
			if err != nil {
				return nil, err
			}
			l := jinja.NewList()
			if keys, ok := a[0].(*jinja.List); ok {
				l.Items = append(l.Items, keys.Items...)
			} else {
				l.Items = append(l.Items, a[0])
			}
			l.Items = append(l.Items, a[1])
			return l, nil
		}
	case "get_relation_type":
		return relationTypeClass{}, true, nil
	default:
		return nil, false, nil
	}
	return method(name, f), true, nil
}

// create makes a relation of a call's arguments. Quoting that a dict leaves out is as dbt's Policy has it: true.
func (k Class) create(c *jinja.Call, base Quoting, params ...string) (jinja.Value, error) {
	a, extra, err := bind(c, "create", params...)
	if err != nil {
		return nil, err
	}
	r := &Relation{d: k.d, include: k.d.Relation.Include, quoting: base.Over(k.d.Relation.Quoting)}
	for i, p := range params {
		if i >= len(a) || a[i] == nil {
			continue
		}
		switch p {
		case "database?", "schema?", "identifier?":
			err = makePart(c, &r.path, p[:len(p)-1], a[i])
		default:
			err = r.set(c, p[:len(p)-1], a[i])
		}
		if err != nil {
			return nil, err
		}
	}
	for _, kw := range extra {
		if kw.Name == "include_policy" {
			if _, ok := kw.Value.(*jinja.Dict); ok {
				r.include = dialect.Policy{Database: true, Schema: true, Identifier: true}
			}
		}
		if kw.Name == "quote_policy" && base == (Quoting{}) {
			if _, ok := kw.Value.(*jinja.Dict); ok {
				r.quoting = dialect.Policy{Database: true, Schema: true, Identifier: true}
			}
		}
		if err := r.set(c, kw.Name, kw.Value); err != nil {
			return nil, err
		}
	}
	return r.checked(c)
}

// Proxy is `api.Relation` and `adapter.Relation`: the class, with the project's quoting under what create() is given.
type Proxy struct {
	d       *dialect.Dialect
	quoting dialect.Policy
}

// TypeName is Python's.
func (Proxy) TypeName() string { return "RelationProxy" }

// Attr finds create() or an attribute of the class.
func (p Proxy) Attr(name string) (jinja.Value, bool, error) {
	if name == "create" {
		return method(name, func(c *jinja.Call) (jinja.Value, error) {
			return Class{p.d}.create(c, PolicyQuoting(p.quoting), "database?", "schema?", "identifier?", "type?", "**")
		}), true, nil
	}
	return Class{p.d}.static(name)
}

// relationTypeClass is the enumeration of relation types: called with a text it gives the text if it is one of them.
type relationTypeClass struct{}

func (relationTypeClass) TypeName() string { return "EnumMeta" }

func (relationTypeClass) Attr(name string) (jinja.Value, bool, error) {
	t, ok := relationTypes[name]
	return jinja.Str(t), ok, nil
}

func (relationTypeClass) Call(c *jinja.Call) (jinja.Value, error) {
	a, _, err := bind(c, "RelationType", "value")
	if err != nil {
		return nil, err
	}
	if s, ok := str(a[0]); ok && knownType(s) {
		return a[0], nil
	}
	return nil, fail(c, diag.InvalidRelation, "%s is not a valid RelationType", jinja.Repr(a[0]))
}
