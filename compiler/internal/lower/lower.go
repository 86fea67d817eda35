// Package lower turns a rendered node into the batches of statements that build it: materializations and incremental strategies,
// each written once.
//
// Engines differ by what they can do, which arrives as data (Dialect), never by a copy of a materialization. What is already in
// the warehouse arrives as data too (plan.Index), so that the same input always gives the same batches, and a plan can be printed
// and tested without an engine.
//
// A relation is built aside, under a staged name, and then put in the place of the old one by one atomic batch: a reader sees the
// old or the new, never neither. Statements have four phases for that (plan.Phase); Phase makes those of one.
package lower

import (
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Dialect is what lowering has to know of an engine.
type Dialect struct {
	// Name is dbt's adapter type, for messages.
	Name string
	// Render spells a relation for a statement, with the project's quoting; a relation without identifier is a schema.
	Render func(node.Relation) string
	// Identifier spells one name as the quoting config says, as a rename's new name needs it; Quote always quotes.
	Identifier, Quote func(string) string
	// Strategies are the incremental strategies that the engine has.
	Strategies []string
	// DefaultStrategy is the strategy where the config names none.
	DefaultStrategy string
	// Publish is the publish class of each materialization.
	Publish map[string]plan.Class
	// ReplaceView says that `create or replace view` exists and is atomic.
	ReplaceView bool
	// MergeByName says that MERGE can match columns by name.
	MergeByName bool
	// TemporaryTables says that sessions have temporary tables, which are spelled without schema.
	TemporaryTables bool
	// Transactions says that several statements can become visible at once.
	Transactions bool
	// DescribeQuery says that DESCRIBE takes a query; Hash and HashText make a row's hash (dialect.Build).
	DescribeQuery  bool
	Hash, HashText string
	// AlterType changes a column's type in one statement, if set (dialect.Build).
	AlterType string
	// Lake says that tables are files and entries of a catalog, changed by acts. DDL spells a relation for statements that define things.
	Lake bool
	DDL  func(node.Relation) string
	// Stored is a type as the catalog has it, given as queries have it.
	Stored func(string) string
	// Queried is the reverse: a type as queries have it, given as the catalog has it.
	Queried func(string) string
}

// NewDialect takes what lowering needs from an engine's data. How relations and names are spelled depends on the project's quoting too,
// and is given.
func NewDialect(d *dialect.Dialect, render func(node.Relation) string, identifier func(string) string) Dialect {
	classes := make(map[string]plan.Class, len(d.Publish))
	for m, c := range d.Publish {
		classes[m] = plan.Class(c)
	}
	strategies := d.Build.Strategies
	if strategies == nil {
		strategies = d.Strategies
	}
	return Dialect{Name: d.Name, Render: render, Identifier: identifier, Quote: d.EscapeIdentifier, Strategies: strategies,
		DefaultStrategy: d.Build.DefaultStrategy, Publish: classes, ReplaceView: d.Build.ReplaceView,
		MergeByName: d.Build.MergeByName, TemporaryTables: d.Build.TemporaryTables, Transactions: d.Transactions,
		DescribeQuery: d.Build.DescribeQuery, Hash: d.Build.Hash, HashText: d.Build.HashText, AlterType: d.Build.AlterType,
		Queried: func(t string) string {
			return queriedType(t, func(t string) string {
				for queried, stored := range d.Build.StoredTypes { // each name is there once
					if stored == t {
						return queried
					}
				}
				return t
			})
		},
		Stored: func(t string) string {
			// A text of bounded length is kept as a text.
			base, _, _ := strings.Cut(t, "(")
			if name, ok := d.Build.StoredTypes[strings.ToLower(base)]; ok {
				return name
			}
			return t
		},
		Lake: d.Build.Lake, DDL: func(r node.Relation) string {
			if !d.Relation.Hive {
				return render(r)
			}
			name := "`" + r.Schema + "`"
			if r.Identifier != "" {
				name += ".`" + r.Identifier + "`"
			}
			return name
		}}
}

// Node is a node as lowering needs it: names and texts are final.
type Node struct {
	ID   node.ID
	Kind node.Kind
	// Language is "sql" or "python".
	Language string
	// Materialization is the config `materialized`; of tests "test".
	Materialization string
	Relation        node.Relation
	// SQL is the compiled code with its ephemeral parents injected; Header the rendered sql_header.
	SQL, Header string
	// PreHooks and PostHooks are rendered or late; empty ones are left out.
	PreHooks, PostHooks []Hook
	// FullRefresh is the effective answer of flag and config.
	FullRefresh bool
	// Contract is the enforced contract of a table, nil if there is none. That the query keeps it was checked before.
	Contract *Contract
	// Docs are the descriptions that the engine is to keep as comments.
	Docs Docs

	// Pointer is a view that shows the newest version of a model under its plain name, nil if there is none.
	Pointer *node.Relation
	// Tags and Filters are what the governance of a lake is to know of the relation, nil if nothing is said about it.
	Tags    *plan.Tags
	Filters map[string]plan.Filter

	Indexes     []Index
	Seed        *Seed
	Test        *Test
	Incremental Incremental
	Snapshot    *Snapshot
	// Storage is set on a lake for what has files.
	Storage *Storage
	// QueryColumns are the columns of the query, where NeedsQueryColumns asks for them.
	QueryColumns []plan.Column
	// Applied says that readers see the node's new rows already: what is left is to clear away what was staged, and what comes after publishing.
	Applied bool
	// Tested is the compiled code of the model that a unit test runs, as it stands in SQL.
	Tested string
}

// Hook is a pre- or post-hook, rendered or late.
type Hook struct {
	SQL  string
	Late *plan.LateHook
	// Transaction says that it belongs into the transaction of its node.
	Transaction bool
}

// Index is an entry of the config `indexes`.
type Index struct {
	Columns []string
	Unique  bool
	Type    string
}

// Seed is a CSV file to load.
type Seed struct {
	// Path is where the engine finds the file.
	Path      string
	Delimiter string
	// Columns are spelled as the table is to be created.
	Columns []SeedColumn
	Rows    int64
	// Doubts say where the file is strange, should the engine not take it; "" if it is not.
	Doubts string
}

// SeedColumn is a column with its name quoted as configured, and its type in the engine's spelling.
type SeedColumn struct{ Name, Type string }

// Test is the configuration of a data test.
type Test struct {
	Severity, WarnIf, ErrorIf, FailCalc string
	// Limit is negative where there is none.
	Limit int64
	// Store says that failures are stored, as StoreAs ("table" or "view"), in the node's relation.
	Store   bool
	StoreAs string
}

// Incremental is the configuration of an incremental model.
type Incremental struct {
	Strategy       string // "" for the engine's default
	UniqueKey      []string
	KeyIsList      bool
	Predicates     []string
	OnSchemaChange string
	UpdateColumns  []string
	ExcludeColumns []string
	// Scripted are the statements that a macro of the project gave for its strategy.
	Scripted []string
	// Interval is the batch of a microbatch model, EventTime its column.
	Interval  *Interval
	EventTime string
}

// Interval is a batch of a microbatch model, as literals of its engine without quotes.
type Interval struct{ Start, End string }

// Lowered is a node as statements.
type Lowered struct {
	Batches []plan.Batch
	// Recover undoes what a failure between the batches leaves behind.
	Recover []plan.Batch
	Test    *plan.Test
	Report  *plan.Report
	Publish plan.Class
	// Refusal is set if the node cannot run; there are no batches then.
	Refusal *plan.Refusal
}

// Lower makes the batches of all phases, in order, on what was observed.
func Lower(n Node, d Dialect, found plan.Index) Lowered {
	if n.Applied && n.Storage != nil {
		return builder{Node: n, d: d, found: found}.applied()
	}
	if r := refuse(n, d, found); r != nil {
		return Lowered{Refusal: r}
	}
	out := Lowered{Publish: d.Publish[n.Materialization]}
	for _, phase := range []plan.Phase{plan.Stage, plan.Audit, plan.Publish, plan.Clean} {
		out.Batches = append(out.Batches, Phase(n, d, phase, found)...)
	}
	out.Recover = recovery(n, d, found)
	if weakly(n, d, found) {
		out.Publish = plan.Weak
	}
	switch {
	case n.Test != nil:
		out.Test = &plan.Test{Severity: n.Test.Severity, WarnIf: n.Test.WarnIf, ErrorIf: n.Test.ErrorIf}
	case n.Seed != nil:
		out.Report = seedReport(n)
	}
	return out
}

// Phase makes the batches of one phase. Nodes that refuse have none.
func Phase(n Node, d Dialect, phase plan.Phase, found plan.Index) []plan.Batch {
	var batches []plan.Batch
	if phase == plan.Stage {
		batches = append(batches, outside(n, n.PreHooks, "pre-hook")...)
	}
	b := builder{Node: n, d: d, found: found}
	if phase == plan.Clean {
		batches = append(batches, b.governed()...)
	}
	switch n.Materialization {
	case "view":
		batches = append(batches, b.view(phase)...)
	case "table":
		batches = append(batches, b.table(phase)...)
	case "incremental":
		batches = append(batches, b.incremental(phase)...)
	case "snapshot":
		batches = append(batches, b.snapshot(phase)...)
	case "seed":
		batches = append(batches, b.seed(phase)...)
	case "test":
		batches = append(batches, b.test(phase)...)
	case "unit":
		batches = append(batches, b.unit(phase)...)
	}
	if phase == plan.Clean && n.Pointer != nil {
		batches = append(batches, b.pointer())
	}
	if phase == plan.Clean {
		batches = append(batches, outside(n, n.PostHooks, "post-hook")...)
	}
	return batches
}

// Schemas makes the schemas that nodes need and that do not exist, in one batch each: two runs may race for one of them.
func Schemas(d Dialect, relations []node.Relation, found plan.Index) []plan.Batch {
	var batches []plan.Batch
	done := map[node.Relation]bool{}
	for _, r := range relations {
		schema := node.Relation{Database: r.Database, Schema: r.Schema}
		if done[schema] || schema.Schema == "" || found.HasSchema(schema) {
			continue
		}
		done[schema] = true
		batches = append(batches, plan.Batch{Phase: plan.Stage, Statements: []plan.Statement{{
			SQL: "create schema if not exists " + d.DDL(schema), Purpose: plan.CreateSchema, Cause: "the schema does not exist"}}})
	}
	return batches
}

// Operation is the batch of an on-run-start or on-run-end hook: its statement, outside every transaction.
func Operation(id node.ID, sql string) []plan.Batch {
	if sql == "" {
		return nil
	}
	return []plan.Batch{{Phase: plan.Publish, Statements: []plan.Statement{{
		SQL: sql, Node: id, Purpose: plan.Hook, Main: true, CodeEnd: len(sql)}}}}
}

func refuse(n Node, d Dialect, found plan.Index) *plan.Refusal {
	refusal := func(code diag.Code, message string) *plan.Refusal {
		return &plan.Refusal{Code: string(code), Message: message}
	}
	switch {
	case n.Language == "python":
		return refusal(diag.NotRunYet, "weft reads Python models but does not run them")
	}
	if d.Lake {
		if r := refuseLake(n, d, found); r != nil {
			return r
		}
	}
	switch n.Materialization {
	case "view", "table", "test", "unit":
		return nil
	case "seed":
		if o := found.Find(n.Relation); o != nil && o.Kind == plan.View {
			return refusal(diag.SeedIsView, "Cannot seed to '"+d.Render(n.Relation)+"', it is a view")
		}
		return nil
	case "incremental":
		return refuseIncremental(n, d, found)
	case "snapshot":
		return refuseSnapshot(n, d, found)
	case "materialized_view", "function", "clone", "external":
		return refusal(diag.NotRunYet, "weft reads the materialization `"+n.Materialization+"` but does not run it yet on "+d.Name)
	}
	return refusal(diag.UnknownMaterialization, "materialization `"+n.Materialization+"` does not exist for "+d.Name+
		": expected view, table, incremental, ephemeral, external, or one that a macro of the project defines")
}

// builder is one node in one phase.
type builder struct {
	Node
	d     Dialect
	found plan.Index
	// into is the table that statements change in place of Relation, if it is set.
	into node.Relation
}

// stagedName is where a relation is built aside. The suffix is dbt's: macros of packages that list relations leave such names
// out, and each tool clears away what the other one left when it was killed.
const stagedSuffix = "__dbt_tmp"

func (b builder) staged() node.Relation { return Staged(b.Relation) }

func (b builder) statement(purpose plan.Purpose, sql, cause string) plan.Statement {
	return plan.Statement{SQL: sql, Node: b.ID, Purpose: purpose, Cause: cause}
}

// code wraps the compiled code into a statement and remembers where it stands.
func (b builder) code(purpose plan.Purpose, before, after, cause string) plan.Statement {
	if b.Header != "" {
		before = b.Header + "\n" + before
	}
	s := b.statement(purpose, before+b.SQL+after, cause)
	s.CodeStart, s.CodeEnd = len(before), len(before)+len(b.SQL)
	return s
}

func (b builder) drop(r node.Relation, kind plan.Kind, cause string) plan.Statement {
	word := "table"
	switch kind {
	case plan.View:
		word = "view"
	case plan.MaterializedView:
		word = "materialized view"
	}
	return b.statement(plan.Drop, "drop "+word+" if exists "+b.d.DDL(r), cause)
}

func (b builder) hooks(hooks []Hook, what string) []plan.Statement {
	var out []plan.Statement
	for i, h := range hooks {
		if h.Transaction && (h.SQL != "" || h.Late != nil) {
			s := b.statement(plan.Hook, h.SQL, what+" "+strconv.Itoa(i+1))
			s.Late = h.Late
			out = append(out, s)
		}
	}
	return out
}

// outside makes the batches of the hooks that do not belong into the node's transaction: one each.
func outside(n Node, hooks []Hook, what string) []plan.Batch {
	var out []plan.Batch
	for i, h := range hooks {
		if !h.Transaction && (h.SQL != "" || h.Late != nil) {
			out = append(out, plan.Batch{Phase: plan.Publish, Statements: []plan.Statement{{
				SQL: h.SQL, Late: h.Late, Node: n.ID, Purpose: plan.Hook, Cause: what + " " + strconv.Itoa(i+1) + ", outside the transaction"}}})
		}
	}
	return out
}

// unit asks for the rows of both sides of a unit test; whoever runs it compares them.
func (b builder) unit(phase plan.Phase) []plan.Batch {
	if phase != plan.Audit {
		return nil
	}
	s := b.statement(plan.RunTest, b.SQL, "the rows of both sides of the unit test")
	s.Main, s.Fetch = true, true
	if at := strings.Index(b.SQL, b.Tested); at >= 0 && b.Tested != "" {
		s.CodeStart, s.CodeEnd = at, at+len(b.Tested)
	}
	return []plan.Batch{{Phase: plan.Audit, Statements: []plan.Statement{s}}}
}

// ProbeQuery is the statement of DescribeQuery for a unit test: it finds out the columns that the tested query gives.
func ProbeQuery(id node.ID, code string, d Dialect) plan.Statement {
	sql, _ := DescribeQuery(Node{SQL: code}, d)
	at := strings.Index(sql, code)
	return plan.Statement{SQL: sql, Node: id, Purpose: plan.Describe, Cause: "the columns of the query", Main: true, Fetch: true, CodeStart: at, CodeEnd: at + len(code)}
}

// StoredType is the type that a column has in a table, where a query has one that no table can have.
func StoredType(described string) string {
	return strings.ReplaceAll(described, `"NULL"`, "INTEGER")
}
