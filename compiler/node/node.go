// Package node names nodes and relations.
//
// Both names cross every border of weft: artifacts, plans, journals, lineage and templates all say "model.shop.orders" and
// "orders in schema marts". They are small comparable values with one string form each, so that a map key, a log line and a
// unique id are the same thing.
package node

import "strings"

// ID is dbt's unique id of a resource: "<kind>.<package>.<name>", for tests with a hash behind.
type ID string

// Kind is dbt's resource type.
type Kind string

// The kinds that dbt 1.12 knows.
const (
	Model         Kind = "model"
	Test          Kind = "test"
	Seed          Kind = "seed"
	Snapshot      Kind = "snapshot"
	Analysis      Kind = "analysis"
	Operation     Kind = "operation"
	SQLOperation  Kind = "sql_operation"
	Source        Kind = "source"
	Exposure      Kind = "exposure"
	Metric        Kind = "metric"
	SemanticModel Kind = "semantic_model"
	SavedQuery    Kind = "saved_query"
	UnitTest      Kind = "unit_test"
	Function      Kind = "function"
	Group         Kind = "group"
	Macro         Kind = "macro"
	Doc           Kind = "doc"
)

// Kind is the part of an id before its first dot.
func (id ID) Kind() Kind {
	kind, _, _ := strings.Cut(string(id), ".")
	return Kind(kind)
}

// Make joins the parts of an id as dbt does.
func Make(kind Kind, pkg string, name ...string) ID {
	return ID(string(kind) + "." + pkg + "." + strings.Join(name, "."))
}

// Relation is the logical name of a table or view: not quoted, not spelled for an engine (dialect does that).
// Database is empty where the engine has none.
type Relation struct {
	Database, Schema, Identifier string
}

// String joins the parts with dots, for keys and messages; it is not SQL.
func (r Relation) String() string {
	if r.Database == "" {
		return r.Schema + "." + r.Identifier
	}
	return r.Database + "." + r.Schema + "." + r.Identifier
}

// Fold is the relation in lower case: engines fold names, and dbt compares them folded.
func (r Relation) Fold() Relation {
	return Relation{Database: strings.ToLower(r.Database), Schema: strings.ToLower(r.Schema), Identifier: strings.ToLower(r.Identifier)}
}
