package warehouse

import (
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

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
