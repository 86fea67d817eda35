package compiler

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// RelationName is a node's relation as rendered for its engine.
func (p *Project) RelationName(id node.ID) string {
	if n := p.bound.ByID[id]; n != nil {
		return n.RelationName
	}
	return ""
}

// Ephemeral says whether a node is a model that becomes no relation.
func (p *Project) Ephemeral(id node.ID) bool {
	n := p.bound.ByID[id]
	return n != nil && n.Kind == node.Model && n.Materialized() == "ephemeral"
}

// ShowSQL is the query that gives at most limit rows of a node's text, all of them for a negative limit. Projects may replace its
// macros (get_show_sql, get_limit_sql). id is empty for a text that is no node's.
func (p *Project) ShowSQL(ctx context.Context, w Warehouse, id node.ID, code string, limit int) (string, diag.List) {
	kwargs := jinja.NewDict(3)
	kwargs.Set("compiled_code", jinja.Str(code))
	kwargs.Set("sql_header", jinja.None)
	kwargs.Set("limit", jinja.None)
	if n := p.bound.ByID[id]; n != nil {
		if header := n.Settings().Text("sql_header"); header != "" {
			kwargs.Set("sql_header", jinja.Str(header))
		}
	}
	if limit >= 0 {
		kwargs.Set("limit", jinja.Int(limit))
	}
	r := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: w})
	v, _, diags := r.RunMacro("", "get_show_sql", kwargs, p.set.Profile.Type)
	if diags.HasErrors() {
		return "", diags
	}
	return strings.TrimSpace(jinja.Text(v)), diags
}

// ShowText prints a result as dbt's `show` does.
func ShowText(r *Result) string { return warehouse.NewTable(r).Show() }

// ShowSample prints the first rows of a result, with all its columns, as dbt's `seed --show` does.
func ShowSample(r *Result, rows int) string { return warehouse.NewTable(r).Sample(rows) }

// ShowJSON prints a result as `show --output json` does.
func ShowJSON(name string, r *Result) ([]byte, error) {
	text := []byte("{")
	if name != "" {
		text = append(manifest.AppendString(append(text, `"node":`...), name), ',')
	}
	text = append(append(text, `"show":`...), warehouse.NewTable(r).JSON()...)
	var out bytes.Buffer
	if err := json.Indent(&out, append(text, '}'), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
