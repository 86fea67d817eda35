package planning

import (
	"context"
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// standardComment is dbt's comment: which tool, which target, which node.
const standardComment = `{%- set of = dict(app='dbt', dbt_version=dbt_version, profile_name=target.get('profile_name'), target_name=target.get('target_name')) -%}
{%- if node is not none -%}
  {%- do of.update(node_id=node.unique_id) -%}
{%- else -%}
  {%- do of.update(connection_name=connection_name) -%}
{%- endif -%}
{{ tojson(of) }}`

// commentMark stands for a node's id in the standard comment, which is rendered once and not for every node.
const commentMark = "weft_node_id"

// queryComments renders the project's query-comment.
type queryComments struct {
	text     string
	append   bool
	standard string // the standard comment of commentMark
	renderer *render.Renderer
	project  *Project
	tell     func(node.ID, []render.Message)
}

// queryComments reads the setting `query-comment`.
func (p *Project) queryComments(ctx context.Context, tell func(node.ID, []render.Message)) *queryComments {
	c := p.Set.Root.Config
	q := &queryComments{text: standardComment, renderer: p.Engine.Renderer(p.Bound, render.RenderOptions{Context: ctx}), project: p, tell: tell}
	if c.QueryCommentGiven {
		switch v := c.QueryComment.(type) {
		case jinja.Str:
			q.text = string(v)
		case *jinja.Dict:
			of := resource.SettingsOf(v)
			q.append = of.Truth("append")
			if of.Has("comment") {
				q.text = of.Text("comment")
			}
			if v.Len() == 0 {
				q.text = ""
			}
		default:
			q.text = ""
		}
	}
	return q
}

// comments puts the text of `query-comment` to the plan's steps.
func (pl *Planned) comments(ctx context.Context) diag.List {
	q := pl.project.queryComments(ctx, pl.tell)
	if q.text == "" {
		return nil
	}
	var diags diag.List
	set := func(to *plan.Comment, n *resource.Node) {
		if len(diags) > 0 {
			return
		}
		comment, list := q.comment(n)
		diags = append(diags, list...)
		*to = comment
	}
	set(&pl.Plan.Comment, nil)
	for _, steps := range [][]plan.Step{pl.Plan.Steps, pl.Plan.OnRunStart, pl.Plan.OnRunEnd} {
		for i := range steps {
			if n := pl.nodes[steps[i].Node]; n != nil && !steps[i].Silent {
				set(&steps[i].Comment, n)
			}
		}
	}
	return diags
}

// comment is the comment of a node as it is put to statements.
func (q *queryComments) comment(n *resource.Node) (plan.Comment, diag.List) {
	if q.text == "" {
		return plan.Comment{}, nil
	}
	text, diags := q.of(n)
	if text == "" {
		return plan.Comment{}, diags
	}
	name := q.project.Set.Profile.Type
	if n != nil {
		name = q.project.DialectOf(n)
	}
	c := plan.Comment{Text: text, Append: q.append}
	if data, ok := dialect.Get(name); ok && len(data.Uncommented) > 0 {
		c.Line, c.Never = true, data.Uncommented
	}
	return c, diags
}

// commented is a warehouse that puts a node's comment to what its template sends outside a run.
type commented struct {
	warehouse.Warehouse
	comment func() (plan.Comment, diag.List)
}

func (c commented) Execute(ctx context.Context, sql string, fetch bool, limit int) (*warehouse.Result, error) {
	comment, diags := c.comment()
	for _, d := range diags {
		if d.Severity == diag.Error {
			return nil, d
		}
	}
	sql, _ = comment.Add(sql)
	return c.Warehouse.Execute(ctx, sql, fetch, limit)
}

// Commented gives each node, or nil for none, the warehouse w with the project's query-comment.
func (p *Project) Commented(ctx context.Context, w warehouse.Warehouse) func(*resource.Node) warehouse.Warehouse {
	if w == nil {
		return func(*resource.Node) warehouse.Warehouse { return nil }
	}
	var mu sync.Mutex
	q := p.queryComments(ctx, func(node.ID, []render.Message) {})
	return func(n *resource.Node) warehouse.Warehouse {
		return commented{w, func() (plan.Comment, diag.List) {
			mu.Lock()
			defer mu.Unlock()
			return q.comment(n)
		}}
	}
}

// Compile renders the selected nodes, in parallel. A node that fails does not stop the others; its diagnostics name it.
func (p *Project) Compile(ctx context.Context, o compile.Options) (*compile.Compilation, diag.List) {
	o.For = p.Commented(ctx, o.Warehouse)
	return p.Project.Compile(ctx, o)
}

// Inline compiles a text that is no file of the project.
func (p *Project) Inline(ctx context.Context, sql string, o compile.Options) (code string, said []compile.Message, diags diag.List) {
	o.For = p.Commented(ctx, o.Warehouse)
	return p.Project.Inline(ctx, sql, o)
}

// of is the comment of a node, or, for nil, of what is done for no node.
func (q *queryComments) of(n *resource.Node) (string, diag.List) {
	if n != nil && q.text == standardComment {
		if q.standard == "" {
			any := jinja.NewDict(1)
			any.Set("unique_id", jinja.Str(commentMark))
			text, diags := q.render(n, any, commentMark)
			if diags.HasErrors() {
				return "", diags
			}
			q.standard = text
		}
		return strings.Replace(q.standard, commentMark, string(n.ID), 1), nil
	}
	if n == nil {
		return q.render(q.project.projectNode(), jinja.None, "master")
	}
	return q.render(n, q.project.Engine.NodeValue(n), string(n.ID))
}

// projectNode is a node to render in where there is none.
func (p *Project) projectNode() *resource.Node {
	root := p.Set.Root.Name
	return &resource.Node{ID: node.Make(node.Operation, root, "query_comment"), Kind: node.Operation, Name: "query_comment", Package: root,
		Path: "dbt_project.yml", OriginalPath: "dbt_project.yml", Config: jinja.NewDict(0), Language: "sql"}
}

func (q *queryComments) render(n *resource.Node, shown jinja.Value, connection string) (string, diag.List) {
	f := source.NewFile("dbt_project.yml (query-comment)", q.text)
	out, diags := q.renderer.RenderText(n, source.Whole(f), nil, map[string]jinja.Value{"node": shown, "connection_name": jinja.Str(connection)})
	q.tell(n.ID, out.Messages)
	text := out.Text
	if q.text == standardComment {
		text = strings.TrimSpace(text)
	}
	if !diags.HasErrors() && strings.Contains(text, "*/") {
		diags.Add(diag.RaisedError, source.Whole(f), "query comment contains illegal value \"*/\": %s", strings.TrimSpace(text))
	}
	return text, diags
}
