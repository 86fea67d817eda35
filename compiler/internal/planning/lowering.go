package planning

import (
	"context"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// lower makes a node's batches. The texts of its hooks are rendered on the way.
func (pl *Planned) lower(ctx context.Context, n *resource.Node, s *plan.Step, t *compile.Text, w warehouse.Warehouse, index plan.Index) diag.List {
	if s.Silent {
		return nil
	}
	p := pl.project
	ln := lower.Node{
		ID: n.ID, Kind: n.Kind, Language: n.Language, Materialization: s.Materialization, Relation: n.Relation(),
		FullRefresh: pl.fullRefresh(n),
	}
	c := n.Settings()
	if t != nil {
		ln.SQL = t.Code
	}
	if n.Kind != node.Test || resource.SettingsOf(p.Set.Root.Config.Flags).Truth("require_sql_header_in_test_configs") {
		ln.Header = c.Text("sql_header")
	}
	ln.Incremental = incremental(c)
	ln.Indexes = indexes(c)
	batch := batchOf(ctx)
	if batch != nil {
		index = pl.forBatch(n, &ln, batch, index)
	}
	var diags diag.List
	if n.Kind == node.Model || n.Kind == node.Seed || n.Kind == node.Snapshot {
		ln.PreHooks, ln.PostHooks, diags = pl.nodeHooks(underItsName(ctx), n, ln.SQL)
		if diags.HasErrors() {
			s.Refusal = pl.refusal(diags)
			return diags
		}
		if batch != nil && !batch.First {
			ln.PreHooks = nil
		}
		if batch != nil && !batch.Last {
			ln.PostHooks = nil
		}
	}
	promise, list := pl.promises(ctx, n, &ln, index, w)
	if diags = append(diags, list...); list.HasErrors() {
		s.Refusal = pl.refusal(list)
		return diags
	}
	ln.Contract = promise
	if batch == nil || batch.Last {
		ln.Pointer, list = pl.pointer(ctx, n, w)
	}
	if diags = append(diags, list...); list.HasErrors() {
		s.Refusal = pl.refusal(list)
		return diags
	}
	switch n.Kind {
	case node.Test:
		ln.Test = test(n)
		if as := ln.Test.StoreAs; ln.Test.Store && as != "table" && as != "view" {
			d := diag.Diagnostic{Severity: diag.Error, Code: diag.WrongConfig, Span: n.Code, Node: string(n.ID),
				Detail: "'" + as + "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']"}
			s.Refusal = &plan.Refusal{Code: string(d.Code), Message: pl.failure(d)}
			return append(diags, d)
		}
	case node.Seed:
		seed, list := p.seed(n, pl.options.Empty)
		if seed != nil {
			pl.seeds.Store(n.ID, seed)
		}
		if diags = append(diags, list...); list.HasErrors() {
			s.Refusal = pl.refusal(list)
			return diags
		}
		ln.Seed, s.Doubts = seed, seed.Doubts
	}
	if list = append(pl.refusedSettings(n), pl.refusedDatabase(n, s.Materialization)...); list.HasErrors() {
		s.Refusal = pl.refusal(list)
		return append(diags, list...)
	}
	if data := p.dialectData(n); data.Build.Lake && s.Materialization != "view" {
		if ln.Storage, list = pl.storage(n, batch); list.HasErrors() {
			s.Refusal = pl.refusal(list)
			return append(diags, list...)
		}
	}
	if p.dialectData(n).Build.Lake && n.Kind != node.Test && n.Kind != node.UnitTest && (batch == nil || batch.First) {
		if ln.Tags, ln.Filters, list = pl.governance(n); list.HasErrors() {
			s.Refusal = pl.refusal(list)
			return append(diags, list...)
		}
	}
	list = pl.strategy(ctx, n, &ln, w, index)
	if diags = append(diags, list...); list.HasErrors() {
		s.Refusal = pl.refusal(list)
		return diags
	}
	if batch == nil || batch.Last {
		if list := pl.docs(ctx, n, &ln, index, w); list.HasErrors() {
			s.Refusal = pl.refusal(list)
			return append(diags, list...)
		}
	}
	ln.Applied = pl.options.Applied[n.ID] && batch == nil
	var out lower.Lowered
	switch {
	case batch == nil || !batch.aside:
		out = lower.Lower(ln, p.lowerDialect(n), index)
	case batch.First:
		out = lower.AsideFirst(ln, p.lowerDialect(n), index)
	default:
		out = lower.AsideNext(ln, n.Relation(), batch.Last, p.lowerDialect(n), index)
	}
	s.Batches, s.Recover, s.Test, s.Report, s.Publish, s.Refusal = out.Batches, out.Recover, out.Test, out.Report, out.Publish, headed(n, out.Refusal)
	return diags
}

// refuseEngine refuses a node that does not belong to the target's own engine, or whose text would have to be translated for it.
func (p *Project) refuseEngine(n *resource.Node) *plan.Refusal {
	own := p.Set.Profile.Type
	switch {
	case n.Engine != "":
		return &plan.Refusal{Code: string(diag.NotRunYet), Message: "the node runs on the engine `" + n.Engine + "`, and weft runs only the target's own engine; it compiles the node"}
	case p.DialectOf(n) != own && n.Language != "python":
		return &plan.Refusal{Code: string(diag.NotRunYet), Message: "the node is written for " + p.DialectOf(n) + ", the target is " + own + ", and weft does not translate; it compiles the node"}
	}
	return nil
}

func (pl *Planned) fullRefresh(n *resource.Node) bool {
	c := n.Settings()
	if c.Has("full_refresh") {
		return c.Truth("full_refresh")
	}
	return pl.options.FullRefresh
}

func incremental(c resource.Settings) lower.Incremental {
	out := lower.Incremental{Strategy: c.Text("incremental_strategy"), OnSchemaChange: c.Text("on_schema_change")}
	out.UniqueKey, out.KeyIsList = c.Texts("unique_key")
	if out.Predicates, _ = c.Texts("predicates"); out.Predicates == nil {
		out.Predicates, _ = c.Texts("incremental_predicates")
	}
	out.UpdateColumns, _ = c.Texts("merge_update_columns")
	out.ExcludeColumns, _ = c.Texts("merge_exclude_columns")
	return out
}

func indexes(c resource.Settings) []lower.Index {
	l, ok := c.Value("indexes").(*jinja.List)
	if !ok {
		return nil
	}
	var out []lower.Index
	for _, x := range l.Items {
		d, ok := x.(*jinja.Dict)
		if !ok {
			continue
		}
		ix := resource.SettingsOf(d)
		columns, _ := ix.Texts("columns")
		out = append(out, lower.Index{Columns: columns, Unique: ix.Truth("unique"), Type: ix.Text("type")})
	}
	return out
}

func test(n *resource.Node) *lower.Test {
	c := n.Settings()
	t := &lower.Test{Severity: c.Text("severity"), WarnIf: c.Text("warn_if"), ErrorIf: c.Text("error_if"), FailCalc: c.Text("fail_calc"), Limit: c.Int("limit", -1)}
	t.Store, t.StoreAs = n.StoresFailures(), c.Text("store_failures_as")
	if t.Store && t.StoreAs == "" {
		t.StoreAs = "table"
	}
	return t
}

func (p *Project) dialectData(n *resource.Node) *dialect.Dialect {
	data, _ := dialect.Get(p.DialectOf(n))
	return data
}

// lowerDialect is the node's dialect as lowering sees it; nil stands for the project as a whole.
func (p *Project) lowerDialect(n *resource.Node) lower.Dialect {
	name := p.Set.Profile.Type
	quoting := warehouse.QuotingOf(p.Set.Root.Config.Quoting)
	if n != nil {
		name = p.DialectOf(n)
		quoting = quoting.Merge(warehouse.QuotingOf(n.Settings().Dict("quoting")))
	}
	data, _ := dialect.Get(name)
	return lower.NewDialect(data,
		func(r node.Relation) string {
			rel, err := warehouse.NewRelation(data, warehouse.RelationPath(r), warehouse.RelationOptions{Quoting: quoting})
			if err != nil {
				return r.String()
			}
			return rel.String()
		},
		func(name string) string {
			if quoting.Over(data.Relation.Quoting).Identifier {
				return data.EscapeIdentifier(name)
			}
			return name
		})
}
