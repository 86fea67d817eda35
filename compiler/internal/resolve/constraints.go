package resolve

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
)

var constraintTypes = []string{"check", "not_null", "unique", "primary_key", "foreign_key", "custom"}

// fullConstraints gives constraints all their keys in the manifest's order.
func fullConstraints(list []*jinja.Dict, ofModel bool) []*jinja.Dict {
	if len(list) == 0 {
		return nil
	}
	out := make([]*jinja.Dict, len(list))
	for i, c := range list {
		d := dictOf("type", jinja.None, "name", jinja.None, "expression", jinja.None, "warn_unenforced", jinja.Bool(true), "warn_unsupported", jinja.Bool(true),
			"to", jinja.None, "to_columns", jinja.NewList())
		if ofModel {
			d.Set("columns", jinja.NewList())
		}
		filledInto(d, c)
		out[i] = d
	}
	return out
}

func filledInto(d, from *jinja.Dict) {
	for k := range d.Entries {
		name := jinja.Text(k)
		if x, ok := from.Get(name); ok {
			d.Set(name, x)
		}
	}
}

func textOf(d *jinja.Dict, key string) string {
	v, ok := d.Get(key)
	if !ok || isNone(v) {
		return ""
	}
	return jinja.Text(v)
}

// checkColumnTypes refuses constraints of types that there are not.
func (b *binder) checkColumnTypes(p *property, cols []columnProperty) {
	for i := range cols {
		for _, c := range cols[i].constraints {
			if !slices.Contains(constraintTypes, textOf(c, "type")) {
				x := b.diags.Add(diag.BadContract, cols[i].at, "Invalid constraint type on column %s (model %s in %s): %s is not one of %s", cols[i].name, p.name, p.path, quoted(textOf(c, "type")), strings.Join(constraintTypes, ", "))
				x.Hint = hintFor(textOf(c, "type"), constraintTypes)
			}
		}
	}
}

// applyConstraints writes the constraints of a model into its node, checks what an enforced contract asks for, and notes what
// foreign keys refer to.
func (b *binder) applyConstraints(d *draft, constraints []*jinja.Dict) {
	n := d.n
	at := d.prop.at.name
	bad := func(format string, args ...any) {
		b.diags.Add(diag.BadContract, at, format, args...).Node = string(n.ID)
	}
	if d.contractEnforced() {
		if len(n.Columns) == 0 {
			bad("Contract enforcement failed for: (%s) Constraints must be defined in a `yml` schema configuration file like `schema.yml`.", n.OriginalPath)
			b.diags[len(b.diags)-1].Hint = "List the model's columns under `columns:`, each with its `data_type`."
		}
		if n.Language != "sql" {
			bad("Contract enforcement failed for: (%s) Language Error: Expected 'sql' but found '%s'", n.OriginalPath, n.Language)
		}
		for _, c := range constraints {
			if !slices.Contains(constraintTypes, textOf(c, "type")) {
				bad("Invalid constraint type on model %s: Type must be one of %s", n.Name, strings.Join(constraintTypes, ", "))
				return
			}
		}
		b.warnUnsupported(d, constraints)
	}
	b.checkPrimaryKeys(d, constraints)
	n.Constraints = fullConstraints(constraints, true)
	refer := func(c *jinja.Dict) {
		to := textOf(c, "to")
		if textOf(c, "type") != "foreign_key" || to == "" {
			return
		}
		ref, src, ok := parseReference(to, at)
		switch {
		case !ok:
			bad("Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model %s: %s.", n.Name, to)
		case ref != nil:
			n.Refs = append(n.Refs, *ref)
		default:
			n.Sources = append(n.Sources, *src)
		}
	}
	for _, c := range n.Constraints {
		refer(c)
	}
	for i := range n.Columns {
		for _, c := range n.Columns[i].Constraints {
			refer(c)
		}
	}
}

func (d *draft) contractEnforced() bool {
	c, ok := d.state.get("contract").(*jinja.Dict)
	if !ok {
		return false
	}
	v, ok := c.Get("enforced")
	return ok && jinja.Truth(v)
}

// writesConstraints says that the materialization of a model puts constraints into its DDL.
func (d *draft) writesConstraints() bool {
	m := jinja.Text(d.state.get("materialized"))
	return m == "table" || m == "incremental"
}

func (b *binder) warnUnsupported(d *draft, constraints []*jinja.Dict) {
	if d.writesConstraints() {
		return
	}
	any := false
	see := func(c *jinja.Dict) {
		v, ok := c.Get("warn_unsupported")
		any = any || !ok || jinja.Truth(v)
	}
	for i := range d.n.Columns {
		for _, c := range d.n.Columns[i].Constraints {
			see(c)
		}
	}
	for _, c := range constraints {
		see(c)
	}
	if any {
		b.diags.Add(diag.ConstraintUnsupported, d.prop.at.name, "Constraint types are not supported for %s materializations and will be ignored. (%s) Set 'warn_unsupported: false' on this constraint to ignore this warning.",
			jinja.Text(d.state.get("materialized")), d.n.ID)
	}
}

func (b *binder) checkPrimaryKeys(d *draft, constraints []*jinja.Dict) {
	var keys []string
	for i := range d.n.Columns {
		for _, c := range d.n.Columns[i].Constraints {
			if textOf(c, "type") == "primary_key" {
				keys = append(keys, d.n.Columns[i].Name)
			}
		}
	}
	at := d.prop.at.name
	if len(keys) > 1 {
		b.diags.Add(diag.BadContract, at, "Primary key constraint error: (%s) Found %d columns (%s) with primary key constraints defined. Primary keys for multiple columns must be defined as a model level constraint.",
			d.n.OriginalPath, len(keys), strings.Join(keys, ", ")).Node = string(d.n.ID)
	}
	if len(keys) > 0 && slices.ContainsFunc(constraints, func(c *jinja.Dict) bool { return textOf(c, "type") == "primary_key" }) {
		b.diags.Add(diag.BadContract, at, "Primary key constraint error: (%s) Primary key constraints defined at the model level and the columns level. Primary keys can be defined at the model level or the column level, not both.",
			d.n.OriginalPath).Node = string(d.n.ID)
	}
}

// contractChecksum is the hash of what an enforced contract promises. It is made of Python's text of the constraints, because
// a change of it between two versions of a project is what counts as a breaking change.
func (d *draft) contractChecksum() string {
	n := d.n
	cols := slices.Clone(n.Columns)
	slices.SortStableFunc(cols, func(a, b resource.Column) int { return strings.Compare(a.Name, b.Name) })
	var sb strings.Builder
	for i := range cols {
		c := &cols[i]
		sb.WriteByte('|')
		sb.WriteString(c.Name)
		if c.DataType == "" {
			sb.WriteString("None")
		} else {
			sb.WriteString(c.DataType)
		}
		constraintsText(&sb, "ColumnLevelConstraint", c.Constraints)
	}
	if d.writesConstraints() {
		sb.WriteString(jinja.Text(d.state.get("materialized")))
		constraintsText(&sb, "ModelLevelConstraint", n.Constraints)
	}
	sum := sha256.Sum256([]byte(sb.String()))
	return hex.EncodeToString(sum[:])
}

func constraintsText(sb *strings.Builder, class string, list []*jinja.Dict) {
	sb.WriteByte('[')
	for i, c := range list {
		if i > 0 {
			sb.WriteString(", ")
		}
		sb.WriteString(class)
		sb.WriteByte('(')
		first := true
		for k, v := range c.Entries {
			if !first {
				sb.WriteString(", ")
			}
			first = false
			name := jinja.Text(k)
			sb.WriteString(name)
			sb.WriteByte('=')
			if name == "type" {
				t := jinja.Text(v)
				sb.WriteString("<ConstraintType." + t + ": '" + t + "'>")
			} else {
				sb.WriteString(jinja.Repr(v))
			}
		}
		sb.WriteByte(')')
	}
	sb.WriteByte(']')
}
