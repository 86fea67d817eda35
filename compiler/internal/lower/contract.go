package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Contract is what an enforced contract makes of a table: it is created with the promised columns and constraints, then filled.
type Contract struct {
	// Columns is the list of columns and constraints in parentheses, Names the columns' names as INSERT lists them.
	Columns, Names string
	// Before and After stand around the compiled code in the query that brings its columns into the promised order.
	Before, After string
}

// promised creates the staged table as its contract says and fills it.
func (b builder) promised() []plan.Statement {
	header := b.Header
	b.Header = ""
	create := "create table " + b.d.Render(b.staged()) + " " + b.Contract.Columns
	if header != "" {
		create = header + "\n" + create
	}
	fill := b.code(plan.Build, "insert into "+b.d.Render(b.staged())+" "+b.Contract.Names+" (\n"+b.Contract.Before, b.Contract.After+"\n)",
		"the table is filled aside")
	fill.Main = true
	return []plan.Statement{b.statement(plan.Build, create, "the contract says the columns and constraints"), fill}
}

// Docs are descriptions of a relation and its columns; those that the engine is not to keep are left out.
type Docs struct {
	Relation string
	Columns  []ColumnDoc
	// Properties are what else an entry of a catalog says of the relation, and Owner whose it is; Entry says that it is to be written
	// even where there is nothing to say.
	Properties map[string]string
	Owner      string
	Entry      bool
}

// ColumnDoc is the description of one column, whose name is spelled for a statement.
type ColumnDoc struct {
	Name, Text string
	// Properties are what else an entry of a catalog says of the column.
	Properties map[string]string
}

// CommentMark encloses comments, so that they may hold any quotes. It cannot stand in one.
const CommentMark = "$dbt_comment_literal_block$"

// docs keeps the descriptions as comments.
func (b builder) docs() []plan.Statement {
	var out []plan.Statement
	kind := "table"
	if b.Materialization == "view" {
		kind = "view"
	}
	target := b.d.Render(b.Relation)
	comment := func(what, text string) {
		out = append(out, b.statement(plan.Change, "comment on "+what+" is "+CommentMark+text+CommentMark, "the config `persist_docs` asks for it"))
	}
	if b.Docs.Relation != "" {
		comment(kind+" "+target, b.Docs.Relation)
	}
	for _, c := range b.Docs.Columns {
		comment("column "+target+"."+c.Name, c.Text)
	}
	return out
}

// after is what follows in the transaction that makes a relation visible: hooks and comments. Of incremental models dbt writes the
// comments first.
func (b builder) after() []plan.Statement {
	hooks, docs := b.hooks(b.PostHooks, "post-hook"), b.docs()
	if b.Materialization == "table" {
		return append(hooks, docs...)
	}
	return append(docs, hooks...)
}

// Marked says whether a text holds the mark that encloses comments.
func Marked(text string) bool { return strings.Contains(text, CommentMark) }

// pointer makes the view that stands for the newest version.
func (b builder) pointer() plan.Batch {
	var work []plan.Statement
	if old := b.found.Find(*b.Pointer); old != nil && (old.Kind != plan.View || !b.d.ReplaceView) {
		work = append(work, b.drop(*b.Pointer, old.Kind, "it has the name of the view of the newest version"))
	}
	create := "create view "
	if b.d.ReplaceView {
		create = "create or replace view "
	}
	work = append(work, b.statement(plan.Build, create+b.d.Render(*b.Pointer)+" as (\nselect * from "+b.d.Render(b.Relation)+"\n)", "the plain name shows the newest version"))
	return plan.Batch{Phase: plan.Clean, Atomic: len(work) > 1, Statements: work}
}

// Pointer makes the view of the newest version for a model that was not lowered.
func Pointer(id node.ID, of, view node.Relation, d Dialect, found plan.Index) []plan.Batch {
	return []plan.Batch{builder{Node: Node{ID: id, Relation: of, Pointer: &view}, d: d, found: found}.pointer()}
}
