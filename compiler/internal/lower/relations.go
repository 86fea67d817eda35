package lower

import (
	"crypto/md5"
	"encoding/hex"
	"strings"

	"github.com/weft-data/weft/compiler/plan"
)

// view replaces a view in one statement where the engine can and no table stands in its way, else by drop and create in one
// transaction.
func (b builder) view(phase plan.Phase) []plan.Batch {
	if b.d.Lake {
		return b.lakeView(phase)
	}
	if phase != plan.Publish {
		return nil
	}
	var work []plan.Statement
	work = append(work, b.hooks(b.PreHooks, "pre-hook")...)
	old, create, cause := b.found.Find(b.Relation), "create view ", "the view is new"
	if old != nil {
		if old.Kind == plan.View && b.d.ReplaceView {
			create, cause = "create or replace view ", "the view exists"
		} else {
			work = append(work, b.drop(b.Relation, old.Kind, "a "+string(old.Kind)+" has the view's name"))
			cause = "the old relation was dropped in the same transaction"
		}
	} else if b.d.ReplaceView {
		create = "create or replace view "
	}
	main := b.code(plan.Build, create+b.d.Render(b.Relation)+" as (\n", "\n)", cause)
	main.Main = true
	work = append(work, main)
	if left := b.found.Find(b.staged()); left != nil {
		work = append(work, b.drop(b.staged(), left.Kind, "a run that was killed left it behind, when the view was a table"))
	}
	work = append(work, b.after()...)
	return []plan.Batch{{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work}}
}

// table builds aside and swaps.
func (b builder) table(phase plan.Phase) []plan.Batch {
	if b.managed() {
		return b.managedTable(phase, "", "")
	}
	if b.d.Lake {
		build := b.lakeBuild(*b.Storage, b.Storage.Place, "", "", "the table is built aside")
		build.Main = true
		return b.lakeTable(phase, []plan.Statement{build})
	}
	return b.buildAside(phase, b.build())
}

// build makes the staged table.
func (b builder) build() []plan.Statement {
	if b.Contract != nil {
		return b.promised()
	}
	build := b.code(plan.Build, "create table "+b.d.Render(b.staged())+" as (\n", "\n)", "the table is built aside")
	build.Main = true
	return []plan.Statement{build}
}

// stage is build after whatever stands in its way.
func (b builder) stage(build []plan.Statement) []plan.Statement {
	if left := b.found.Find(b.staged()); left != nil {
		return append([]plan.Statement{b.drop(b.staged(), left.Kind, "a run that was killed left it behind")}, build...)
	}
	return build
}

// buildAside stages what build makes under the staged name and puts it in the place of the target. Hooks inside the transaction
// before the build tie both phases together: there is one atomic batch then, and nothing to audit in between.
func (b builder) buildAside(phase plan.Phase, build []plan.Statement) []plan.Batch {
	before := b.hooks(b.PreHooks, "pre-hook")
	stage := b.stage(build)
	switch phase {
	case plan.Stage:
		if len(before) > 0 {
			return nil
		}
		return []plan.Batch{{Phase: plan.Stage, Atomic: len(stage) > 1, Statements: stage}}
	case plan.Publish:
		var work []plan.Statement
		if len(before) > 0 {
			work = append(before, stage...)
		}
		work = append(work, b.swap()...)
		work = append(work, b.indexes()...)
		work = append(work, b.after()...)
		return []plan.Batch{{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work}}
	}
	return nil
}

func (b builder) swap() []plan.Statement {
	var work []plan.Statement
	if old := b.found.Find(b.Relation); old != nil {
		work = append(work, b.drop(b.Relation, old.Kind, "the new table takes its place"))
	}
	return append(work, b.statement(plan.Swap,
		"alter table "+b.d.Render(b.staged())+" rename to "+b.d.Identifier(b.Relation.Identifier), "the new table becomes visible"))
}

// indexes are made after the swap: an engine may refuse to rename a table that has some. Their names are a function of the
// relation and the columns.
func (b builder) indexes() []plan.Statement {
	var work []plan.Statement
	for _, ix := range b.Indexes {
		unique := ""
		if ix.Unique {
			unique = "unique "
		}
		sum := md5.Sum([]byte(strings.Join(ix.Columns, "_") + "_" + b.Relation.String() + "_" + unique))
		work = append(work, b.statement(plan.Change, "create "+unique+"index "+b.d.Quote(hex.EncodeToString(sum[:]))+
			" on "+b.d.Render(b.Relation)+" ("+strings.Join(ix.Columns, ", ")+")", "the config `indexes` asks for it"))
	}
	return work
}

// recovery removes what was staged and not published. Where the hooks tie both into one transaction, that has done it.
func recovery(n Node, d Dialect, found plan.Index) []plan.Batch {
	b := builder{Node: n, d: d, found: found}
	if d.Lake {
		return b.lakeRecovery()
	}
	if len(b.hooks(n.PreHooks, "pre-hook")) > 0 {
		return nil
	}
	staged := b.drop(b.staged(), plan.Table, "it was built aside and not published")
	switch {
	case n.Materialization == "incremental" && !rebuilds(n, found), n.Materialization == "snapshot" && found.Find(n.Relation) != nil:
		staged.SQL = "drop table if exists " + b.temporary()
	case n.Materialization != "table" && n.Materialization != "incremental" && n.Materialization != "snapshot":
		return nil
	}
	return []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{staged}}}
}

// test asks the test's question; failures that are to be stored are stored first, and counted there.
func (b builder) test(phase plan.Phase) []plan.Batch {
	if phase != plan.Audit {
		return nil
	}
	t := b.Test
	limit := ""
	if t.Limit >= 0 {
		limit = "\nlimit " + itoa(t.Limit)
	}
	select1 := "select\n  " + t.FailCalc + " as failures,\n  " + t.FailCalc + " " + t.WarnIf + " as should_warn,\n  " +
		t.FailCalc + " " + t.ErrorIf + " as should_error\nfrom (\n"
	const select2 = "\n) dbt_internal_test"
	question := func(s plan.Statement) plan.Batch {
		s.Main, s.Fetch = true, true
		return plan.Batch{Phase: plan.Audit, Statements: []plan.Statement{s}}
	}
	if !t.Store {
		return []plan.Batch{question(b.code(plan.RunTest, select1, limit+select2, "the test counts its failures"))}
	}
	var store []plan.Statement
	kind := "table"
	if t.StoreAs == "view" {
		kind = "view"
	}
	if b.d.Lake {
		return append(b.lakeFailures(kind, limit), question(b.statement(plan.RunTest, select1+"select * from "+b.d.Render(b.Relation)+select2, "the stored failures are counted")))
	}
	if old := b.found.Find(b.Relation); old != nil {
		store = append(store, b.drop(b.Relation, old.Kind, "the failures of the last run go"))
	}
	store = append(store, b.code(plan.Build, "create "+kind+" "+b.d.Render(b.Relation)+" as (\n", limit+"\n)", "failures are stored"))
	return []plan.Batch{
		{Phase: plan.Publish, Atomic: len(store) > 1, Statements: store},
		question(b.statement(plan.RunTest, select1+"select * from "+b.d.Render(b.Relation)+select2, "the stored failures are counted")),
	}
}

// seed makes or empties the table and loads the file, in one transaction.
func (b builder) seed(phase plan.Phase) []plan.Batch {
	if b.d.Lake {
		return b.lakeSeed(phase)
	}
	if phase != plan.Publish {
		return nil
	}
	work := b.hooks(b.PreHooks, "pre-hook")
	old := b.found.Find(b.Relation)
	name := b.d.Render(b.Relation)
	if old != nil && !b.FullRefresh {
		work = append(work, b.statement(plan.Change, "delete from "+name, "the rows are loaded anew"))
	} else {
		if old != nil {
			work = append(work, b.drop(b.Relation, old.Kind, "--full-refresh"))
		}
		columns := make([]string, len(b.Seed.Columns))
		for i, c := range b.Seed.Columns {
			columns[i] = c.Name + " " + c.Type
		}
		work = append(work, b.statement(plan.Build, "create table "+name+" ("+strings.Join(columns, ", ")+")", "the table is new"))
	}
	if b.Seed.Rows > 0 {
		work = append(work, b.statement(plan.Load, "copy "+name+" from "+literal(b.Seed.Path)+
			" (format csv, header true, delimiter "+literal(b.Seed.Delimiter)+")", "the file's rows"))
	}
	work[len(work)-1].Main = true
	if old == nil || b.FullRefresh {
		work = append(work, b.indexes()...)
	}
	work = append(work, b.after()...)
	return []plan.Batch{{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work}}
}

func seedReport(n Node) *plan.Report {
	code := "INSERT"
	if n.FullRefresh {
		code = "CREATE"
	}
	rows := n.Seed.Rows
	return &plan.Report{Message: code + " " + itoa(rows), Code: code, RowsAffected: &rows}
}

// literal writes a string literal.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
