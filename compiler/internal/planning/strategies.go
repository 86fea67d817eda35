package planning

import (
	"context"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// strategyHelpers are the macros of which the strategies of snapshots are made. A project that replaces one of them has its strategy's
// expressions made by the macros; every other replaced helper of a snapshot refuses it.
var strategyHelpers = map[string]bool{
	"snapshot_timestamp_strategy": true, "snapshot_check_strategy": true, "snapshot_hash_arguments": true, "strategy_dispatch": true,
	"snapshot_check_all_get_existing_columns": true, "get_true_sql": true,
}

// replaced says whether the project replaces one of the macros that the strategies of snapshots are made of.
func (p *Project) replaced(n *resource.Node) bool {
	for _, o := range p.Engine.Overrides(n) {
		if strategyHelpers[o.Helper] {
			return true
		}
	}
	return false
}

// text renders a text of ours in a node's context.
func (pl *Planned) text(ctx context.Context, n *resource.Node, w warehouse.Warehouse, what, text, code string, extra map[string]jinja.Value) (string, diag.List) {
	f := source.NewFile(n.OriginalPath+" ("+what+")", text)
	out, diags := pl.renderer(ctx, w).RenderText(n, source.Whole(f), &code, extra)
	return strings.TrimSpace(out.Text), diags
}

// strategy fills in what the strategy of an incremental model or a snapshot needs beyond the config.
func (pl *Planned) strategy(ctx context.Context, n *resource.Node, ln *lower.Node, w warehouse.Warehouse, index plan.Index) diag.List {
	var diags diag.List
	d := pl.project.lowerDialect(n)
	if ln.Materialization == "snapshot" {
		if ln.Snapshot, diags = pl.snapshot(ctx, n, ln, w, index); diags.HasErrors() {
			return diags
		}
	}
	if lower.NeedsQueryColumns(*ln, d, index) {
		columns, list := queryColumns(ctx, n, ln, d, w)
		if diags = append(diags, list...); list.HasErrors() {
			return diags
		}
		ln.QueryColumns = columns
	}
	if ln.Materialization == "incremental" {
		diags = append(diags, pl.scripted(ctx, n, ln, w, index)...)
	}
	return diags
}

// queryColumns asks the engine for the columns of the node's query.
func queryColumns(ctx context.Context, n *resource.Node, ln *lower.Node, d lower.Dialect, w warehouse.Warehouse) ([]plan.Column, diag.List) {
	var diags diag.List
	sql, described := lower.DescribeQuery(*ln, d)
	r, err := w.Execute(ctx, sql, true, -1)
	if err != nil {
		diags.Add(diag.StatementFailed, n.Code, "%s", err).Node = string(n.ID)
		return nil, diags
	}
	var out []plan.Column
	if !described {
		for i, name := range r.Columns {
			c := plan.Column{Name: name}
			if i < len(r.Types) {
				c.Type = d.Stored(r.Types[i])
			}
			out = append(out, c)
		}
		if slices.ContainsFunc(out, func(c plan.Column) bool { return lower.Nested(c.Type) }) && d.Lake && (ln.Storage == nil || !ln.Storage.Managed) {
			return wholeTypes(ctx, n, ln, d, w)
		}
		return out, nil
	}
	for _, row := range r.Rows {
		if len(row) < 2 {
			continue
		}
		name, _ := row[0].(string)
		kind, _ := row[1].(string)
		out = append(out, plan.Column{Name: name, Type: kind})
	}
	return out, nil
}

// wholeTypes asks for the columns of the node's query where some of them have parts, which the answer to a query does not tell: a view of the
// query, made aside, has them in the catalog.
func wholeTypes(ctx context.Context, n *resource.Node, ln *lower.Node, d lower.Dialect, w warehouse.Warehouse) ([]plan.Column, diag.List) {
	var diags diag.List
	_, err := w.Execute(ctx, lower.ProbeView(*ln, d), false, -1)
	var columns []warehouse.ColumnInfo
	if err == nil {
		columns, err = w.Columns(ctx, lower.Staged(ln.Relation))
	}
	if err == nil {
		_, err = w.Execute(ctx, "drop view if exists "+d.DDL(lower.Staged(ln.Relation)), false, -1)
	}
	if err != nil {
		diags.Add(diag.StatementFailed, n.Code, "%s", err).Node = string(n.ID)
		return nil, diags
	}
	out := make([]plan.Column, len(columns))
	for i, c := range columns {
		out[i] = plan.Column{Name: c.Name, Type: lower.StoredNested(c.Type, d)}
	}
	return out, nil
}

// snapshot reads a snapshot's config. What its expressions need of macros is rendered.
func (pl *Planned) snapshot(ctx context.Context, n *resource.Node, ln *lower.Node, w warehouse.Warehouse, index plan.Index) (*lower.Snapshot, diag.List) {
	c := n.Settings()
	s := &lower.Snapshot{Strategy: c.Text("strategy"), UpdatedAt: c.Text("updated_at"), ValidToCurrent: strings.TrimSpace(c.Text("dbt_valid_to_current")), Meta: snapshotMeta(c)}
	s.UniqueKey, s.KeyIsList = c.Texts("unique_key")
	s.CheckColumns, _ = c.Texts("check_cols")
	s.CheckAll = len(s.CheckColumns) == 1 && c.Text("check_cols") == "all"
	switch {
	case c.Has("hard_deletes") && c.Has("invalidate_hard_deletes"):
		s.HardDeletes = "both"
	case c.Truth("invalidate_hard_deletes"):
		s.HardDeletes = "invalidate"
	case c.Has("hard_deletes"):
		s.HardDeletes = c.Text("hard_deletes")
	default:
		s.HardDeletes = "ignore"
	}
	const left, right = "dbt_left_side", "dbt_right_side"
	texts, diags := pl.text(ctx, n, w, "snapshot", "{{ snapshot_get_time() }}\n;;\n{{ equals('"+left+"', '"+right+"') }}", ln.SQL, nil)
	if diags.HasErrors() {
		return nil, diags
	}
	now, equals, _ := strings.Cut(texts, ";;")
	s.Now, equals = strings.TrimSpace(now), strings.TrimSpace(equals)
	s.Equals = func(a, b string) string { return strings.NewReplacer(left, a, right, b).Replace(equals) }
	if s.UpdatedAt == "" {
		s.UpdatedAt = s.Now
	}
	if s.Strategy == "timestamp" || s.Strategy == "check" {
		if !pl.project.replaced(n) {
			return s, diags
		}
	}
	list := pl.customSnapshot(ctx, n, ln, s, w, index)
	return s, append(diags, list...)
}

func snapshotMeta(c resource.Settings) lower.SnapshotMeta {
	m := lower.SnapshotMeta{ValidTo: "dbt_valid_to", ValidFrom: "dbt_valid_from", ID: "dbt_scd_id", UpdatedAt: "dbt_updated_at", IsDeleted: "dbt_is_deleted"}
	d := c.Dict("snapshot_meta_column_names")
	if d == nil {
		return m
	}
	names := resource.SettingsOf(d)
	for key, to := range map[string]*string{"dbt_valid_to": &m.ValidTo, "dbt_valid_from": &m.ValidFrom, "dbt_scd_id": &m.ID, "dbt_updated_at": &m.UpdatedAt, "dbt_is_deleted": &m.IsDeleted} {
		if v := names.Text(key); v != "" {
			*to = v
		}
	}
	return m
}

// customSnapshot asks the macro of a snapshot's strategy for its expressions.
func (pl *Planned) customSnapshot(ctx context.Context, n *resource.Node, ln *lower.Node, s *lower.Snapshot, w warehouse.Warehouse, index plan.Index) diag.List {
	var given *jinja.Dict
	extra := map[string]jinja.Value{"weft_strategy": jinja.NewFunc("weft_strategy", func(call *jinja.Call) (jinja.Value, error) {
		if len(call.Args) == 1 {
			given, _ = call.Args[0].(*jinja.Dict)
		}
		return jinja.None, nil
	})}
	exists := "false"
	if index.Find(ln.Relation) != nil {
		exists = "true"
	}
	name := jinja.Repr(jinja.Str(s.Strategy))
	deleted, diags := pl.text(ctx, n, w, "snapshot strategy", "{% do weft_strategy(strategy_dispatch("+name+")(model, 'snapshotted_data', 'source_data', model['config'], "+exists+")) %}"+
		"{{ snapshot_hash_arguments(['snapshotted_data."+s.Meta.ID+"', snapshot_get_time()]) }}", ln.SQL, extra)
	if diags.HasErrors() {
		return diags
	}
	if given == nil {
		diags.Add(diag.SnapshotRefused, n.Code, "the macro of the snapshot strategy %s must return a dict with unique_key, updated_at, row_changed and scd_id", s.Strategy).Node = string(n.ID)
		return diags
	}
	answer := resource.SettingsOf(given)
	s.Strategy, s.DeletedID = "custom", deleted
	s.RowChanged, s.ID = strings.TrimSpace(answer.Text("row_changed")), strings.TrimSpace(answer.Text("scd_id"))
	if answer.Has("updated_at") {
		s.UpdatedAt = answer.Text("updated_at")
	}
	if answer.Has("unique_key") {
		s.UniqueKey, s.KeyIsList = answer.Texts("unique_key")
	}
	switch {
	case answer.Has("hard_deletes"):
		s.HardDeletes = answer.Text("hard_deletes")
	case answer.Truth("invalidate_hard_deletes"):
		s.HardDeletes = "invalidate"
	}
	return diags
}

// richMerge are dbt-duckdb's settings of MERGE beyond the columns to update; the macro library writes their text.
var richMerge = []string{"merge_on_using_columns", "merge_update_condition", "merge_insert_condition", "merge_update_set_expressions", "merge_returning_columns", "merge_clauses"}

// ownStrategies are those whose text lowering writes.
var ownStrategies = []string{"append", "delete+insert", "merge", "microbatch", "insert_overwrite"}

// scripted lets a macro write the statements of MERGE with dbt-duckdb's further settings. Strategies of a project do not come here:
// their whole materialization is run in Jinja.
func (pl *Planned) scripted(ctx context.Context, n *resource.Node, ln *lower.Node, w warehouse.Warehouse, index plan.Index) diag.List {
	d := pl.project.lowerDialect(n)
	c := n.Settings()
	strategy := lower.Strategy(*ln, d)
	rich := strategy == "merge" && slices.Contains(d.Strategies, "merge") && slices.ContainsFunc(richMerge, c.Has)
	own := slices.Contains(ownStrategies, strategy)
	if lower.Rebuilds(*ln, index) || own && !rich || own && !slices.Contains(d.Strategies, strategy) {
		return nil
	}
	columns := ln.QueryColumns
	if columns == nil {
		columns = index.Find(ln.Relation).Columns
	}
	data, _ := dialect.Get(pl.project.DialectOf(n))
	quoting := warehouse.QuotingOf(pl.project.Set.Root.Config.Quoting)
	var diags diag.List
	relation := func(r node.Relation) jinja.Value {
		v, err := warehouse.NewRelation(data, warehouse.RelationPath(r), warehouse.RelationOptions{Type: "table", Quoting: quoting})
		if err != nil {
			diags.Add(diag.Internal, n.Code, "%s", err).Node = string(n.ID)
			return jinja.None
		}
		return v
	}
	list := jinja.NewList()
	for _, col := range columns {
		list.Items = append(list.Items, warehouse.NewColumn(data, col.Name, col.Type, nil, nil, nil))
	}
	args := jinja.NewDict(5)
	args.Set("target_relation", relation(ln.Relation))
	args.Set("temp_relation", relation(lower.TemporaryRelation(*ln, d)))
	args.Set("unique_key", c.Value("unique_key"))
	args.Set("dest_columns", list)
	predicates := c.Value("predicates")
	if !jinja.Truth(predicates) {
		predicates = c.Value("incremental_predicates")
	}
	if !jinja.Truth(predicates) {
		predicates = jinja.None
	}
	args.Set("incremental_predicates", predicates)
	if diags.HasErrors() {
		return diags
	}
	sql, said := pl.text(ctx, n, w, "incremental strategy", "{{ adapter.get_incremental_strategy_macro(context, weft_strategy)(weft_arguments) }}", ln.SQL,
		map[string]jinja.Value{"weft_strategy": jinja.Str(strategy), "weft_arguments": args})
	if diags = append(diags, said...); said.HasErrors() {
		return diags
	}
	for _, s := range sqlsyntax.Statements(sql, sqlsyntax.LexiconOf(pl.project.DialectOf(n))) {
		ln.Incremental.Scripted = append(ln.Incremental.Scripted, sql[s.Start:s.End])
	}
	if len(ln.Incremental.Scripted) == 0 {
		diags.Add(diag.UnknownStrategy, n.Code, "the macro of the incremental strategy %s wrote no statement", strategy).Node = string(n.ID)
	}
	return diags
}
