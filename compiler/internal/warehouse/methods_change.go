package warehouse

import (
	"errors"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// change does what a method of the adapter does to the warehouse: by the macro of that name where the host can call macros, so
// that a project's own goes first, else by the statements. Commands that only look refuse it.
func (a *Adapter) change(c *jinja.Call, macro string, statements []string, kwargs ...jinja.Kwarg) (jinja.Value, error) {
	if a.o.ReadOnly {
		return nil, looksOnly(c, macro)
	}
	if a.o.RunMacro != nil {
		_, err := a.o.RunMacro(c, macro, kwargs)
		var d diag.Diagnostic
		if err == nil || !errors.As(err, &d) || d.Code != diag.MacroNotFound || !strings.Contains(d.Detail, `"`+macro+`"`) {
			return jinja.None, err
		}
	}
	if statements == nil {
		return nil, fail(c, diag.EngineOnly, "%s() is not available for %s here", macro, a.o.Dialect.Name)
	}
	for _, s := range statements {
		if _, err := a.run(c, s, false, -1); err != nil {
			return nil, err
		}
	}
	return jinja.None, nil
}

// looksOnly is the error of a change in a command that only looks.
func looksOnly(c *jinja.Call, name string) error {
	return fail(c, diag.ReadOnly, "%s() would change the warehouse, and this command only looks: use it under `{%% if execute %%}` in hooks, operations or materializations", name)
}

// cascade is the end of a DROP statement.
func (a *Adapter) cascade() string {
	how := &a.o.Dialect.Change
	if !how.DropCascades || how.DropCascadesUnless != "" && jinja.Truth(a.credential(how.DropCascadesUnless)) {
		return ""
	}
	return " cascade"
}

func (a *Adapter) dropRelation(c *jinja.Call) (jinja.Value, error) {
	r, err := onlyRelation(c, "drop_relation", "relation")
	if err != nil {
		return nil, err
	}
	if r.kind == "" {
		return nil, fail(c, diag.AdapterMethod, "Tried to drop relation %s, but its type is null.", r)
	}
	name, err := r.Render()
	if err != nil {
		return nil, err
	}
	kind := r.kind
	if kind == "materialized_view" {
		kind = "materialized view"
	}
	if _, err := a.change(c, "drop_relation", []string{"drop " + kind + " if exists " + name + a.cascade()}, jinja.Kwarg{Name: "relation", Value: r}); err != nil {
		return nil, err
	}
	a.forget(r.Name())
	return jinja.None, nil
}

func (a *Adapter) truncateRelation(c *jinja.Call) (jinja.Value, error) {
	r, err := onlyRelation(c, "truncate_relation", "relation")
	if err != nil {
		return nil, err
	}
	name, err := r.Render()
	if err != nil {
		return nil, err
	}
	verb := "truncate table "
	if a.o.Dialect.Change.TruncateByDelete {
		verb = "delete from "
	}
	return a.change(c, "truncate_relation", []string{verb + name}, jinja.Kwarg{Name: "relation", Value: r})
}

func (a *Adapter) renameRelation(c *jinja.Call) (jinja.Value, error) {
	from, to, err := pair(c, "rename_relation")
	if err != nil {
		return nil, err
	}
	old, err := from.Render()
	if err != nil {
		return nil, err
	}
	var statements []string
	if how := &a.o.Dialect.Change; how.Rename && to.path.Identifier != nil {
		kind := "table"
		if from.kind == "view" && !how.RenameViewAsTable {
			kind = "view"
		}
		name := a.o.Dialect.QuoteIdentifier(*to.path.Identifier)
		if how.RenameToFullName {
			name = to.String()
		}
		statements = []string{"alter " + kind + " " + old + " rename to " + name}
	}
	if _, err := a.change(c, "rename_relation", statements, jinja.Kwarg{Name: "from_relation", Value: from}, jinja.Kwarg{Name: "to_relation", Value: to}); err != nil {
		return nil, err
	}
	if k, ok := a.warehouse().(Cacher); ok {
		k.CacheRenamed(from.Name(), to.Name())
	}
	return jinja.None, nil
}

func (a *Adapter) createSchema(c *jinja.Call) (jinja.Value, error) {
	return a.schemaChange(c, "create_schema", "create schema if not exists ", "")
}

func (a *Adapter) dropSchema(c *jinja.Call) (jinja.Value, error) {
	return a.schemaChange(c, "drop_schema", "drop schema if exists ", " cascade")
}

func (a *Adapter) schemaChange(c *jinja.Call, fn, before, after string) (jinja.Value, error) {
	r, err := onlyRelation(c, fn, "relation")
	if err != nil {
		return nil, err
	}
	r = r.withoutIdentifier()
	name, err := r.Render()
	if err != nil {
		return nil, err
	}
	if a.o.Dialect.Relation.Hive {
		name = r.RenderHive()
	}
	return a.change(c, fn, []string{before + name + after}, jinja.Kwarg{Name: "relation", Value: r})
}
