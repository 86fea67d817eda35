package planning

import (
	"context"
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// scriptable are the materializations that weft also has in Jinja: where a project replaces a macro that one of them is made of, that
// text is run in place of lowering, and calls the project's macro.
var scriptable = []string{"view", "table", "incremental", "external", "test", "seed", "snapshot"}

// script finds the materialization in Jinja that has to build a node, by its id: one that the project or a package defines, or weft's
// own where a macro it is made of was replaced. It is "" for what is lowered; a node for which there is neither is refused.
func (pl *Planned) script(n *resource.Node) (string, *plan.Refusal) {
	p := pl.project
	if n.Kind != node.Model && n.Kind != node.Test && n.Kind != node.Seed && n.Kind != node.Snapshot || n.Language == "python" {
		return "", nil
	}
	if m := p.Engine.Materialization(n); m != nil {
		return m.ID, nil
	}
	kind := n.Materialized()
	own := ""
	if m := p.Engine.BuiltInMaterialization(n); m != nil && slices.Contains(scriptable, kind) {
		own = m.ID
	}
	found := p.Engine.Overrides(n)
	if n.Kind == node.Snapshot {
		found = slices.DeleteFunc(slices.Clone(found), func(o render.Override) bool { return strategyHelpers[o.Helper] })
	}
	if len(found) > 0 {
		if own == "" {
			return "", &plan.Refusal{Code: string(diag.MacroOverride), Message: "the macro " + found[0].Macro.Name + " (" + found[0].Macro.OriginalPath +
				") takes the place of dbt's " + found[0].Helper + ", and weft does not run the materialization `" + kind + "` with replaced macros yet"}
		}
		return own, nil
	}
	switch {
	case kind == "external", pl.keyed(n), n.Kind == node.Seed && p.boundRows(n):
		return own, nil
	case kind == "incremental":
		if s := n.Settings().Text("incremental_strategy"); s != "" && p.Engine.StrategyMacro(n, s) != nil {
			return own, nil
		}
	}
	return "", nil
}

// boundRows says whether a seed's rows go to the engine as the values that dbt has read, though it could read the file: `fast: false`.
func (p *Project) boundRows(n *resource.Node) bool {
	c := n.Settings()
	d := p.dialectData(n)
	return d != nil && d.Seed.ReadsFile && c.Has("fast") && !c.Truth("fast")
}

// keyed says whether the keys of a contract need care when the table is made as a whole. DuckDB takes a table with foreign keys under its
// final name only, and does not let go of one that others point at.
func (pl *Planned) keyed(n *resource.Node) bool {
	kind := n.Materialized()
	old := pl.index.Find(n.Relation())
	if pl.project.dialectData(n).Build.Lake || !n.ContractEnforced() || kind != "table" && kind != "incremental" || kind == "incremental" && old != nil && !pl.fullRefresh(n) {
		return false
	}
	care := func(c *jinja.Dict) bool {
		switch (resource.SettingsOf(c)).Text("type") {
		case "foreign_key":
			return true
		case "primary_key", "unique":
			return old != nil
		}
		return false
	}
	return slices.ContainsFunc(n.Constraints, care) ||
		slices.ContainsFunc(n.Columns, func(c resource.Column) bool { return slices.ContainsFunc(c.Constraints, care) })
}

// runScript runs a materialization written in Jinja on the node's session. What it sends is journalled statement by statement; there
// is no promise of what a reader sees meanwhile but that of the transaction that it opens itself.
func (pl *Planned) runScript(ctx context.Context, n *resource.Node, script string, t *compile.Text, w warehouse.Warehouse, diags diag.List) (Expansion, diag.List) {
	out := Expansion{}
	if t != nil {
		out.Compiled, out.CompiledCode = true, t.Code
	}
	session := &scriptSession{Warehouse: w}
	if d := pl.project.dialectData(n); d != nil && !d.Transactions {
		session.without = sqlsyntax.LexiconOf(d.Name)
	}
	done, list := pl.renderer(ctx, session).Materialize(n, script, out.CompiledCode)
	if list.HasErrors() {
		session.rollback(context.WithoutCancel(ctx))
		out.Refusal = pl.refusal(list)
	} else if err := session.rollback(ctx); err != nil {
		out.Refusal = &plan.Refusal{Code: string(diag.StatementFailed), Message: err.Error()}
	}
	if t == nil {
		t = &compile.Text{}
	}
	t.Rendered.Messages = append(t.Rendered.Messages, done.Messages...)
	pl.remember(ctx, n.ID, t)
	diags = append(diags, list...)
	if out.Refusal != nil {
		return out, diags
	}
	out.Report = &plan.Report{Message: done.Message, Code: done.Code}
	if done.Affected >= 0 && done.Code != "" {
		out.Report.RowsAffected = &done.Affected
	}
	pointer, list := pl.pointer(ctx, n, session)
	if diags = append(diags, list...); list.HasErrors() {
		out.Refusal = pl.refusal(list)
		return out, diags
	}
	if pointer != nil {
		out.Batches = lower.Pointer(n.ID, n.Relation(), *pointer, pl.project.lowerDialect(n), pl.index)
	}
	if n.Kind == node.Test {
		c := test(n)
		out.Test = &plan.Test{Severity: c.Severity, WarnIf: c.WarnIf, ErrorIf: c.ErrorIf}
		out.Answer = answer(done)
	}
	return out, diags
}

// answer is what a script's main statement fetched, as plain values.
func answer(done render.Materialized) *warehouse.Result {
	r := &warehouse.Result{Message: done.Message, Code: done.Code, Affected: done.Affected, Columns: done.Columns}
	for _, row := range done.Rows {
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = jinja.Plain(v)
		}
		r.Rows = append(r.Rows, cells)
	}
	return r
}

// scriptSession is a node's session with the transaction that dbt's materializations expect: the first statement that asks for one
// opens it, adapter.commit() ends it, and what was not committed when the script ends is undone. On an engine without transactions all of that
// does nothing, as if each statement were committed at once, which it is.
type scriptSession struct {
	warehouse.Warehouse
	// without is the lexicon of an engine that has no transactions, nil for one that has.
	without *sqlsyntax.Lexicon
	open    bool
}

func (s *scriptSession) Execute(ctx context.Context, sql string, fetch bool, limit int) (*warehouse.Result, error) {
	if s.without != nil {
		kept := sqlsyntax.WithoutTransactions(sql, s.without)
		if kept == "" && sql != "" {
			return &warehouse.Result{Message: "OK", Code: "OK", Affected: -1}, nil
		}
		sql = kept
	}
	return s.Warehouse.Execute(ctx, sql, fetch, limit)
}

func (s *scriptSession) Begin(ctx context.Context) error {
	if s.open {
		return nil
	}
	_, err := s.Execute(ctx, "begin transaction", false, -1)
	s.open = err == nil
	return err
}

func (s *scriptSession) Commit(ctx context.Context) error { return s.end(ctx, "commit") }

func (s *scriptSession) rollback(ctx context.Context) error { return s.end(ctx, "rollback") }

func (s *scriptSession) end(ctx context.Context, how string) error {
	if !s.open {
		return nil
	}
	s.open = false
	_, err := s.Execute(ctx, how, false, -1)
	return err
}
