package compile

import (
	"context"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Inline compiles a text that is no file of the project, as `show --inline` does.
func (p *Project) Inline(ctx context.Context, sql string, o Options) (code string, said []Message, diags diag.List) {
	f := source.NewFile("inline query", sql)
	n := &resource.Node{
		ID: node.Make(node.SQLOperation, p.Set.Root.Name, "inline_query"), Kind: node.SQLOperation, Name: "inline_query", Package: p.Set.Root.Name,
		Path: "sql/inline_query", OriginalPath: "from remote system.sql", FQN: []string{p.Set.Root.Name, "sql", "inline_query"}, Language: "sql",
		Database: p.Set.Profile.Database, Schema: p.Set.Profile.Schema, Alias: "inline_query", Config: jinja.NewDict(0), Unrendered: jinja.NewDict(0),
		Meta: jinja.NewDict(0), Enabled: true, RawCode: sql, Code: source.Whole(f), Version: jinja.None, LatestVersion: jinja.None,
	}
	n.Config.Set("materialized", jinja.Str("view"))
	found, diags := p.Engine.Scan(n)
	if diags.HasErrors() {
		return "", nil, diags
	}
	n.Refs, n.Sources = found.Refs, found.Sources
	diags = append(diags, p.Bound.BindReferences(n)...)
	if diags.HasErrors() {
		return "", nil, diags
	}
	t, list := p.CompileNode(p.renderer(ctx, o, n), n)
	return t.Code, Messages(n.ID, t.Rendered.Messages), append(diags, list...)
}
