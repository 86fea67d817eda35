package warehouse

import (
	"context"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Warehouse answers what only the warehouse knows. Its methods may be called from several goroutines at once. An error that
// is a diag.Diagnostic is shown as it is.
type Warehouse interface {
	// GetRelation finds a relation. nil without an error says that there is none.
	GetRelation(ctx context.Context, r node.Relation) (*Found, error)
	// Columns lists a relation's columns in order; none without an error where there is no such relation.
	Columns(ctx context.Context, r node.Relation) ([]ColumnInfo, error)
	// List lists the relations of a schema in a stable order.
	List(ctx context.Context, database, schema string) ([]Found, error)
	// Schemas lists the schemas of a database in a stable order.
	Schemas(ctx context.Context, database string) ([]string, error)
	// Execute runs one text, which may hold several statements. With fetch the result holds the rows of the last statement
	// that has any, at most limit of them (limit < 0: all).
	Execute(ctx context.Context, sql string, fetch bool, limit int) (*Result, error)
	// Act does what an engine does by a call of its catalog or its store, because no SQL of it can.
	Act(ctx context.Context, a plan.Act) error
}

// Transactional is a Warehouse with a transaction that a template opens and ends. Begin within one does nothing, as does Commit without.
type Transactional interface {
	Begin(ctx context.Context) error
	Commit(ctx context.Context) error
}

// Cacher is a Warehouse that wants to hear what a template says it made, dropped or renamed (adapter.cache_added and its kin),
// because it keeps its own list of what exists.
type Cacher interface {
	CacheAdded(f Found)
	CacheDropped(r node.Relation)
	CacheRenamed(from, to node.Relation)
}

// Found is a relation that exists.
type Found struct {
	node.Relation
	// Type is dbt's relation type: "table", "view", "materialized_view", "external", …
	Type string
	// Extra are further facts of the dialect, by the names of dialect.Relation.Extra: is_delta, detailed_table_type, ….
	Extra map[string]any
}

// ColumnInfo is a column as the engine describes it. Type may hold sizes ("numeric(18,2)"), or they stand in the other fields.
type ColumnInfo struct {
	Name, Type string
	// Size, Precision and Scale are given apart where the engine does so; nil where it does not.
	Size, Precision, Scale *int
	// Iceberg says that the column is one of an Iceberg table, whose timestamps have another type on Athena.
	Iceberg bool
	// Raw says that Type is the engine's whole type and must not be taken apart, as for a column that Spark describes.
	Raw bool
}

// Result is what a statement gave.
type Result struct {
	// Columns are the names of the columns, in order.
	Columns []string
	// Types are the engine's names of the columns' types; may be nil.
	Types []string
	// Rows hold, per cell, nil, bool, integers, *big.Int, floats, decimal.Decimal, string, []byte, Date, time.Time (a timestamp
	// without zone), Zoned, []any, or a jinja.Value.
	Rows [][]any
	// Message is the engine's answer ("SELECT 5"), Code its first word, Affected the number of rows it names (-1: none).
	Message, Code string
	Affected      int64
	// Extra are further fields of dbt's adapter_response (query_id, data_scanned_in_bytes, …).
	Extra map[string]any
}
