// Package lineage is what a project knows of the datasets that its nodes read and make: plain data for those who publish lineage.
//
// Records say what happened; which tables it happened to is known before the run and does not change in it. The two meet in a
// publisher, and neither the compiler nor the runner needs to know of any format of lineage.
package lineage

// Dataset is a table, view or file, named as OpenLineage names it.
type Dataset struct {
	// Namespace is where it lives ("duckdb:///data/shop.duckdb"), Name its name there ("shop.main.orders").
	Namespace, Name string
	Description     string
	// Kind is what the engine says that it is ("TABLE", "VIEW"), "" while nobody has looked.
	Kind string
	// Columns are those that the engine has, or those that are declared while nobody has looked; none if nothing is known of them.
	Columns []Column
	// Links are other names that it has. Format is how its files are kept ("iceberg"), Version the commit that it is at, "" if there is no
	// such thing or nobody has looked.
	Links           []Link
	Format, Version string
	// Written is what the commit at which it is added, nil while nobody has looked.
	Written *Written
	// Owners are the names under `owner` of its meta.
	Owners []string
	// Model is how the node that makes it is configured, nil for sources.
	Model *Model
	// Exposures are those that depend on it, in the order of their ids.
	Exposures []Exposure
}

// Link is another name of a dataset, and what has that name ("TABLE", "LOCATION").
type Link struct{ Namespace, Name, Type string }

// Written is what a commit added to a dataset, -1 where the engine does not say.
type Written struct{ Rows, Bytes, Files int64 }

// Column is a column of a dataset; Type is "" where it is not known.
type Column struct{ Name, Type, Description string }

// Model is what catalogs want to know of a node's config; what is not set is "".
type Model struct {
	Materialized, Access, Owner, Group string
	// Incremental is set for incremental models.
	Incremental *Incremental
}

// Incremental says how an incremental model adds to its table.
type Incremental struct {
	Strategy, OnSchemaChange           string
	UniqueKey, Predicates, PartitionBy []string
	// EventTime, BatchSize, Begin and Lookback are of the strategy microbatch.
	EventTime, BatchSize, Begin string
	Lookback                    *int64
	// FullRefresh is the model's own config, nil if it has none.
	FullRefresh *bool
}

// Exposure is what reads a dataset outside of the project.
type Exposure struct{ ID, Name, Type, URL string }

// Tag is an entry of a node's meta.
type Tag struct{ Key, Value string }

// What a build does to the dataset that it makes.
const (
	Create    = "CREATE"
	Overwrite = "OVERWRITE"
	Alter     = "ALTER"
)

// Node is one node's place in the lineage.
type Node struct {
	// File is where the node is declared, below its package's folder.
	File                    string
	Database, Schema, Alias string
	Description             string
	Tags                    []string
	Meta                    []Tag
	// Inputs are what it reads, in the order of the nodes' ids; inputs through ephemeral models are those that the models read.
	Inputs []Dataset
	// Output is what it makes, nil for operations, and for tests that keep no rows.
	Output *Dataset
	// Change is what making it does to a dataset of that name: Create, Overwrite, or "" if it only adds to it.
	Change string
	// Test says what a data test asserts, nil for other nodes.
	Test *Assertion
}

// Assertion is what a data test asserts of a dataset.
type Assertion struct {
	// Name is the generic test's name ("not_null") or the singular test's own, Test the name of the node.
	Name, Test string
	Column     string
	Severity   string // "error" or "warn"
	// Generic tests have Params, the arguments that they were given, but for the model.
	Generic bool
	Params  map[string]any
	// Expected is how many failing rows are no failure: "0", or the test's own condition (">10").
	Expected string
	// Of is the place among the node's inputs of the dataset that is tested, -1 if the test is about no single one.
	Of int
}
