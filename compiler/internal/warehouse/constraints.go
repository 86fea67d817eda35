package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// constraint is a constraint of a column or a model as dbt reads it.
type constraint struct {
	kind, name, expression, to string
	toColumns, columns         []string
	warnUnenforced             bool
	warnUnsupported            bool
}

var constraintTypes = []string{"check", "not_null", "unique", "primary_key", "foreign_key", "custom"}

// readConstraint checks a constraint's keys; one that does not fit is refused as a whole, as dbt does.
func readConstraint(c *jinja.Call, raw jinja.Value, model bool) (constraint, error) {
	bad := func() (constraint, error) {
		return constraint{}, fail(c, diag.InvalidConstraint, "Could not parse constraint: %s", jinja.Text(raw))
	}
	d, ok := raw.(*jinja.Dict)
	if !ok {
		return bad()
	}
	k := constraint{warnUnenforced: true, warnUnsupported: true}
	for key, v := range d.Entries {
		text, isText := str(v)
		switch jinja.Text(key) {
		case "type":
			k.kind = text
		case "name":
			k.name = text
			ok = ok && (isText || v == jinja.None)
		case "expression":
			k.expression = text
			ok = ok && (isText || v == jinja.None)
		case "to":
			k.to = text
			ok = ok && (isText || v == jinja.None)
		case "warn_unenforced", "warn_unsupported":
			b, isBool := v.(jinja.Bool)
			ok = ok && isBool
			if key == jinja.Str("warn_unenforced") {
				k.warnUnenforced = bool(b)
			} else {
				k.warnUnsupported = bool(b)
			}
		case "to_columns":
			k.toColumns, ok = textList(v, ok)
		case "columns":
			k.columns, ok = textList(v, ok && model)
		default:
			ok = false
		}
	}
	known := false
	for _, t := range constraintTypes {
		known = known || t == k.kind
	}
	if !ok || !known {
		return bad()
	}
	return k, nil
}

func textList(v jinja.Value, ok bool) ([]string, bool) {
	l, isList := v.(*jinja.List)
	if !isList {
		return nil, false
	}
	var out []string
	for _, e := range l.Items {
		s, isText := str(e)
		ok = ok && isText
		out = append(out, s)
	}
	return out, ok
}

// columnConstraints renders the columns of a contract with their constraints, for CREATE TABLE.
func (a *Adapter) columnConstraints(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "render_raw_columns_constraints", "raw_columns")
	if err != nil {
		return nil, err
	}
	columns, ok := args[0].(*jinja.Dict)
	if !ok {
		return nil, fail(c, diag.CallArguments, "render_raw_columns_constraints() expects a dict of columns, got %s", args[0].TypeName())
	}
	out := jinja.NewList()
	for key, column := range columns.Entries {
		name, ok := attr(column, "name")
		dtype, typed := attr(column, "data_type")
		if !ok || !typed {
			return nil, fail(c, diag.InvalidConstraint, "column %s needs a name and a data_type", jinja.Text(key))
		}
		text := jinja.Text(name)
		if q, ok := attr(column, "quote"); ok && jinja.Truth(q) {
			text = a.o.Dialect.QuoteIdentifier(text)
		}
		text += " " + jinja.Text(dtype)
		raw, _ := attr(column, "constraints")
		list, ok := raw.(*jinja.List)
		if !ok {
			return nil, fail(c, diag.InvalidConstraint, "the constraints of column %s are no list", jinja.Text(key))
		}
		for _, r := range list.Items {
			k, err := readConstraint(c, r, false)
			if err != nil {
				return nil, err
			}
			if s, ok := a.renderConstraint(c, k, a.columnConstraint); ok {
				text += " " + s
			}
		}
		out.Items = append(out.Items, jinja.Str(text))
	}
	return out, nil
}

func (a *Adapter) modelConstraints(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "render_raw_model_constraints", "raw_constraints")
	if err != nil {
		return nil, err
	}
	list, ok := args[0].(*jinja.List)
	if !ok {
		return nil, fail(c, diag.CallArguments, "render_raw_model_constraints() expects a list of constraints, got %s", args[0].TypeName())
	}
	out := jinja.NewList()
	for _, r := range list.Items {
		k, err := readConstraint(c, r, true)
		if err != nil {
			return nil, err
		}
		if s, ok := a.renderConstraint(c, k, a.modelConstraint); ok {
			out.Items = append(out.Items, jinja.Str(s))
		}
	}
	return out, nil
}

// renderConstraint renders a constraint if the engine takes it, with a warning where it does not hold it.
func (a *Adapter) renderConstraint(c *jinja.Call, k constraint, render func(constraint) (string, bool)) (string, bool) {
	if k.kind != "custom" {
		switch support := a.o.Dialect.Constraints[k.kind]; {
		case support == dialect.NotSupported:
			if k.warnUnsupported {
				a.warn(c, "Constraint types are not supported for %s adapters and will be ignored. Set 'warn_unsupported: false' on this %s constraint to ignore this warning.", a.o.Dialect.Name, k.kind)
			}
			return "", false
		case support == dialect.NotEnforced && k.warnUnenforced:
			a.warn(c, "While the constraint type %s is supported, it is not enforced for the %s adapter. Set 'warn_unenforced: false' on this constraint to ignore this warning.", k.kind, a.o.Dialect.Name)
		}
	}
	return render(k)
}

// target is the table a foreign key points at.
func (a *Adapter) target(to string) string {
	if a.o.Dialect.ForeignKeyWithoutDatabase {
		if parts := strings.Split(to, "."); len(parts) > 2 {
			return strings.Join(parts[1:], ".")
		}
	}
	return to
}

func (a *Adapter) columnConstraint(k constraint) (string, bool) {
	var s string
	switch k.kind {
	case "check":
		if k.expression == "" {
			return "", false
		}
		s = "check (" + k.expression + ")"
	case "not_null":
		s = "not null " + k.expression
	case "unique":
		s = "unique " + k.expression
	case "primary_key":
		s = "primary key " + k.expression
	case "foreign_key":
		switch {
		case k.to != "" && len(k.toColumns) > 0:
			s = "references " + a.target(k.to) + " (" + strings.Join(k.toColumns, ", ") + ")"
		case k.expression != "":
			s = "references " + k.expression
		case a.o.Dialect.ForeignKeyWithoutDatabase:
			s = "references None" // dbt-duckdb writes what it has, and DuckDB refuses it
		default:
			return "", false
		}
	case "custom":
		if k.expression == "" {
			return "", false
		}
		s = k.expression
	}
	if !a.o.Dialect.ForeignKeyWithoutDatabase || k.kind != "foreign_key" {
		s = strings.TrimSpace(s)
	}
	return s, true
}

func (a *Adapter) modelConstraint(k constraint) (string, bool) {
	prefix, expression := "", ""
	if k.name != "" {
		prefix = "constraint " + k.name + " "
	}
	if k.expression != "" {
		expression = " " + k.expression
	}
	columns := "(" + strings.Join(k.columns, ", ") + ")"
	switch k.kind {
	case "check":
		return prefix + "check (" + k.expression + ")", k.expression != ""
	case "unique":
		return prefix + "unique" + expression + " " + columns, true
	case "primary_key":
		return prefix + "primary key" + expression + " " + columns, true
	case "foreign_key":
		if k.to != "" && len(k.toColumns) > 0 {
			return prefix + "foreign key " + columns + " references " + a.target(k.to) + " (" + strings.Join(k.toColumns, ", ") + ")", true
		}
		return prefix + "foreign key " + columns + " references " + k.expression, k.expression != ""
	case "custom":
		return prefix + k.expression, k.expression != ""
	}
	return "", false
}
