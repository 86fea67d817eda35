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
	// Columns are those that are declared, in their order; none if nothing is known of them.
	Columns []Column
}

// Column is a column of a dataset; Type is "" where it is not known.
type Column struct{ Name, Type, Description string }

// Node is one node's place in the lineage.
type Node struct {
	// Inputs are what it reads, in the order of the nodes' ids; inputs through ephemeral models are those that the models read.
	Inputs []Dataset
	// Output is what it makes, nil for tests and operations.
	Output *Dataset
	// Test says what a data test asserts, nil for other nodes.
	Test *Assertion
}

// Assertion is what a data test asserts of a dataset.
type Assertion struct {
	// Name is the generic test's name ("not_null", "dbt_utils.at_least_one") or the singular test's own.
	Name     string
	Column   string
	Severity string // "error" or "warn"
	// Of is the place among the node's inputs of the dataset that is tested, -1 if the test is about no single one.
	Of int
}
