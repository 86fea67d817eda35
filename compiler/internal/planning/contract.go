package planning

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// promises holds a model's query to its enforced contract, and answers what the contract makes of its table. The engine is asked for the
// columns of both, which makes the node a late one.
func (pl *Planned) promises(ctx context.Context, n *resource.Node, ln *lower.Node, index plan.Index, w warehouse.Warehouse) (*lower.Contract, diag.List) {
	if n.Kind != node.Model || !n.ContractEnforced() || !slices.Contains([]string{"view", "table", "incremental"}, ln.Materialization) {
		return nil, nil
	}
	r := pl.renderer(ctx, w)
	text := func(template string) (string, diag.List) {
		f := source.NewFile(n.OriginalPath+" (contract)", template)
		out, diags := r.RenderText(n, source.Whole(f), &ln.SQL, nil)
		pl.tell(n.ID, out.Messages)
		for i := range diags {
			// The template is ours; what its author can mend is the model or its properties.
			if diags[i].Span.File == f {
				diags[i].Span, diags[i].Related = n.Code, nil
				if !n.Declared.IsZero() {
					diags[i].Related = []diag.Related{{Span: n.Declared, Message: "the contract stands here"}}
				}
			}
		}
		return strings.TrimSpace(out.Text), diags
	}
	if _, diags := text("{{ get_assert_columns_equivalent(sql) }}"); diags.HasErrors() || ln.Materialization == "view" {
		return nil, diags
	}
	if pl.project.dialectData(n).Lake {
		// A table of files is made by its query, which was just compared; CREATE TABLE AS takes no columns.
		return nil, nil
	}
	var parts [3]string
	for i, template := range []string{"{{ get_table_columns_and_constraints() }}", "{{ get_column_names() }}", "{{ get_select_subquery(sql) }}"} {
		out, diags := text(template)
		if diags.HasErrors() {
			return nil, diags
		}
		parts[i] = out
	}
	c := &lower.Contract{Columns: parts[0], Names: parts[1]}
	before, after, found := strings.Cut(parts[2], ln.SQL)
	if !found {
		before, after, found = strings.Cut(parts[2], strings.TrimSpace(ln.SQL))
	}
	if !found {
		var diags diag.List
		d := diags.Add(diag.Internal, n.Code, "get_select_subquery() gave a query without the model's own: %s", parts[2])
		d.Node = string(n.ID)
		return nil, diags
	}
	c.Before, c.After = before, after
	return c, nil
}

// docs finds the descriptions that persist_docs keeps in the engine. Only those of columns that are there can be kept, and an engine
// that is to know them is asked.
func (pl *Planned) docs(ctx context.Context, n *resource.Node, ln *lower.Node, index plan.Index, w warehouse.Warehouse) (diags diag.List) {
	data := pl.project.dialectData(n)
	if g := n.Settings().Dict("grants"); g != nil && g.Len() > 0 && !data.Grants && n.Kind != node.Test && ln.Materialization != "ephemeral" {
		pl.warnOnce(n.ID, "Grants for relations are not supported by "+data.Title)
	}
	persist := n.Settings().Dict("persist_docs")
	if persist == nil || ln.Materialization == "ephemeral" || n.Kind == node.Test {
		return nil
	}
	fail := func(code diag.Code, format string, args ...any) {
		d := diags.Add(code, n.Code, format, args...)
		d.Node = string(n.ID)
	}
	if resource.SettingsOf(persist).Truth("relation") {
		ln.Docs.Relation = n.Description
		if data.Lake {
			pl.entry(n, ln)
		}
	}
	if resource.SettingsOf(persist).Truth("columns") && len(n.Columns) > 0 {
		there, err := pl.columnsAfter(ctx, n, ln, index, w)
		if err != nil {
			fail(diag.StatementFailed, "%s", err)
			return diags
		}
		var absent []string
		for i := range n.Columns {
			c := &n.Columns[i]
			quoted := c.Quote != nil && jinja.Truth(c.Quote)
			if !there(c.Name, quoted) {
				absent = append(absent, c.Name)
			}
			if !there(c.Name, true) {
				continue
			}
			name := c.Name
			if quoted {
				name = pl.project.lowerDialect(n).Quote(name)
			}
			doc := lower.ColumnDoc{Name: name, Text: c.Description}
			if data.Lake && c.Meta != nil {
				for k, v := range c.Meta.Entries {
					if doc.Properties == nil {
						doc.Properties = map[string]string{}
					}
					doc.Properties[jinja.Text(k)] = parameter(v)
				}
			}
			ln.Docs.Columns = append(ln.Docs.Columns, doc)
		}
		if len(absent) > 0 {
			pl.tell(n.ID, []render.Message{{Warning: true, Text: "In relation " + pl.project.lowerDialect(n).Render(ln.Relation) +
				": The following columns are specified in the schema but are not present in the database: " + strings.Join(absent, ", ")}})
		}
	}
	for _, text := range append([]lower.ColumnDoc{{Text: ln.Docs.Relation}}, ln.Docs.Columns...) {
		if lower.Marked(text.Text) {
			fail(diag.RaisedError, "The string %s is not allowed in comments.", lower.CommentMark)
			return diags
		}
	}
	return nil
}

// warnOnce says something about the adapter that need not be said for every node.
func (pl *Planned) warnOnce(id node.ID, text string) {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if pl.warned == nil {
		pl.warned = map[string]bool{}
	}
	if !pl.warned[text] {
		pl.warned[text] = true
		pl.said(id, []render.Message{{Warning: true, Text: text}})
	}
}

// columnsAfter says which columns a node's relation will have: with their case, or whatever it is.
func (pl *Planned) columnsAfter(ctx context.Context, n *resource.Node, ln *lower.Node, index plan.Index, w warehouse.Warehouse) (func(name string, exact bool) bool, error) {
	names := map[string]bool{}
	has := func(name string, exact bool) bool {
		if exact || names[name] {
			return names[name]
		}
		for known := range names {
			if strings.EqualFold(known, name) {
				return true
			}
		}
		return false
	}
	old := index.Find(ln.Relation)
	grows := ""
	switch {
	case ln.Seed != nil:
		for _, c := range ln.Seed.Columns {
			names[strings.Trim(c.Name, `"`)] = true
		}
		return has, nil
	case ln.Materialization == "incremental" && old != nil && old.Kind != plan.View && !ln.FullRefresh:
		grows = ln.Incremental.OnSchemaChange
		if grows != "sync_all_columns" {
			for _, c := range old.Columns {
				names[c.Name] = true
			}
		}
		if grows != "sync_all_columns" && grows != "append_new_columns" {
			return has, nil
		}
	case ln.Contract != nil:
		for i := range n.Columns {
			names[n.Columns[i].Name] = true
		}
		return has, nil
	}
	if ln.Header != "" {
		if _, err := w.Execute(ctx, ln.Header, false, -1); err != nil {
			return nil, err
		}
	}
	r, err := w.Execute(ctx, fmt.Sprintf("select * from (\n%s\n) as __dbt_sbq\nwhere false\nlimit 0", ln.SQL), true, 0)
	if err != nil {
		return nil, err
	}
	for _, c := range r.Columns {
		names[c] = true
	}
	if n.Kind == node.Snapshot {
		return func(name string, exact bool) bool { return has(name, exact) || strings.HasPrefix(name, "dbt_") }, nil
	}
	return has, nil
}
