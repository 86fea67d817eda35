package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
)

func enforcesConstraints(r *Row) bool {
	m := r.materialized()
	return m == "table" || m == "incremental"
}

// sameContract compares a model's contract with what it was. breaking lists in words what readers of the model may stumble over.
func sameContract(a, b *Row, adapter string) (same bool, breaking []string) {
	switch {
	case !a.is(node.Model):
		return true, nil
	case !b.Contract.Enforced:
		return !a.Contract.Enforced, nil
	case a.Contract.Enforced && a.Contract.Checksum == b.Contract.Checksum:
		return true, nil
	}
	if !a.Contract.Enforced {
		breaking = append(breaking, "Contract enforcement was removed: the model had an enforced contract, and has none any more.")
	}
	var removed, types, columnConstraints, modelConstraints []string
	constrained := false
	for _, name := range slices.Sorted(maps.Keys(b.Columns)) {
		was := b.Columns[name]
		is, there := a.Columns[name]
		constrained = constrained || len(was.Constraints) > 0
		if !there {
			removed = append(removed, was.Name)
			continue
		}
		if was.DataType != is.DataType && baseType(was.DataType) != baseType(is.DataType) {
			types = append(types, fmt.Sprintf("%s (%s -> %s)", was.Name, was.DataType, is.DataType))
		}
		if enforcesConstraints(b) {
			for _, c := range lost(was.Constraints, is.Constraints, adapter) {
				columnConstraints = append(columnConstraints, fmt.Sprintf("'%s' constraint on column %s", c.title(), name))
			}
		}
	}
	if enforcesConstraints(b) {
		for _, c := range lost(b.Constraints, a.Constraints, adapter) {
			modelConstraints = append(modelConstraints, fmt.Sprintf("'%s' constraint on columns %s", c.title(), strings.Join(c.Columns, ", ")))
		}
	}
	for _, group := range []struct {
		title string
		items []string
	}{
		{"Columns were removed", removed}, {"Columns with data_type changes", types},
		{"Enforced column level constraints were removed", columnConstraints}, {"Enforced model level constraints were removed", modelConstraints},
	} {
		if len(group.items) > 0 {
			breaking = append(breaking, group.title+": \n    - "+strings.Join(group.items, "\n    - "))
		}
	}
	if enforcesConstraints(b) && !enforcesConstraints(a) && (len(b.Constraints) > 0 || constrained) {
		breaking = append(breaking, fmt.Sprintf("Materialization changed with enforced constraints: \n    - %s -> %s", b.materialized(), a.materialized()))
	}
	return false, breaking
}

func (c Constraint) title() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Type
}

// lost are the constraints that were there, are there no more, and are enforced by the engine.
func lost(was, is []Constraint, adapter string) []Constraint {
	d, known := dialect.Get(adapter)
	if !known {
		return nil
	}
	var out []Constraint
	for _, c := range was {
		if d.Constraints[c.Type] == dialect.Enforced && !slices.ContainsFunc(is, func(x Constraint) bool { return same(x, c) }) {
			out = append(out, c)
		}
	}
	return out
}

// removedContract says in words how the removal of a model breaks its contract; "" where it does not. disabled says that the model is
// still there, but disabled.
func removedContract(r *Row, disabled bool, now time.Time) string {
	if !r.is(node.Model) || !r.Contract.Enforced {
		return ""
	}
	if r.DeprecationDate != "" {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05-07:00", time.DateOnly} {
			if date, err := time.Parse(layout, r.DeprecationDate); err == nil {
				if date.Before(now) {
					return ""
				}
				break
			}
		}
	}
	if disabled {
		return fmt.Sprintf("Contracted model '%s' was disabled.", r.UniqueID)
	}
	return fmt.Sprintf("Contracted model '%s' was deleted or renamed.", r.UniqueID)
}
