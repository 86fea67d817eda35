package planning

import (
	"context"
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// nodeHooks renders a node's pre- and post-hooks in its own context. A hook that asks the warehouse is late: what it is told depends on
// what was done before it, a post-hook on the very relation that the node builds. One that says something is late too: it says it when
// it is run.
func (pl *Planned) nodeHooks(ctx context.Context, n *resource.Node, code string) (pre, post []lower.Hook, diags diag.List) {
	for _, which := range []struct {
		key string
		out *[]lower.Hook
	}{{"pre-hook", &pre}, {"post-hook", &post}} {
		l, ok := n.Settings().Value(which.key).(*jinja.List)
		if !ok {
			continue
		}
		for i, x := range l.Items {
			d, ok := x.(*jinja.Dict)
			if !ok {
				continue
			}
			h := lower.Hook{Transaction: !resource.SettingsOf(d).Has("transaction") || resource.SettingsOf(d).Truth("transaction")}
			later := &deferring{}
			out, list := pl.renderer(ctx, later).RenderText(n, hookText(n, which.key, i, d), &code, nil)
			switch {
			case later.asked, len(out.Messages) > 0 && !list.HasErrors():
				h.Late = &plan.LateHook{Config: which.key, Index: i}
			case list.HasErrors():
				return nil, nil, append(diags, list...)
			default:
				diags = append(diags, list...)
				if h.SQL = pl.sent(n, strings.TrimSpace(out.Text)); h.SQL == "" {
					continue
				}
			}
			*which.out = append(*which.out, h)
		}
	}
	return pre, post, diags
}

func hookText(n *resource.Node, key string, i int, d *jinja.Dict) source.Span {
	return source.Whole(source.NewFile(fmt.Sprintf("%s (%s %d)", n.OriginalPath, key, i+1), resource.SettingsOf(d).Text("sql")))
}

// ExpandHook renders a late hook of a node, on the node's session. The text is "" where nothing is left to send.
func (pl *Planned) ExpandHook(ctx context.Context, id node.ID, hook plan.LateHook, interval *plan.Interval, w warehouse.Warehouse) (string, *plan.Refusal, diag.List) {
	n := pl.nodes[id]
	if n == nil {
		return "", &plan.Refusal{Code: string(diag.Internal), Message: "the step " + string(id) + " is not of this plan"}, nil
	}
	l, _ := n.Settings().Value(hook.Config).(*jinja.List)
	if l == nil || hook.Index >= len(l.Items) {
		return "", &plan.Refusal{Code: string(diag.Internal), Message: "the step " + string(id) + " has no such " + hook.Config}, nil
	}
	if interval != nil {
		ctx = context.WithValue(ctx, batchKey{}, &batch{IntervalRequest: IntervalRequest{Interval: *interval}})
	}
	var code *string
	pl.mu.Lock()
	if text, ok := pl.Compilation.Code(id); ok {
		code = &text
	}
	pl.mu.Unlock()
	d, _ := l.Items[hook.Index].(*jinja.Dict)
	out, diags := pl.renderer(ctx, w).RenderText(n, hookText(n, hook.Config, hook.Index, d), code, nil)
	pl.tell(id, out.Messages)
	if diags.HasErrors() {
		return "", pl.refusal(diags), diags
	}
	return pl.sent(n, strings.TrimSpace(out.Text)), nil, diags
}

// sent is what of a text is sent: "" where it holds no statement. On an engine without transactions nothing is opened or ended.
func (pl *Planned) sent(n *resource.Node, sql string) string {
	l := sqlsyntax.LexiconOf(pl.project.DialectOf(n))
	if d := pl.project.dialectData(n); d != nil && !d.Transactions {
		sql = sqlsyntax.WithoutTransactions(sql, l)
	}
	if sqlsyntax.Empty(sql, l) {
		return ""
	}
	return sql
}

// deferring is a warehouse that answers nothing and notes that it was asked.
type deferring struct{ asked bool }

func (w *deferring) GetRelation(context.Context, node.Relation) (*warehouse.Found, error) {
	w.asked = true
	return nil, errLate
}

func (w *deferring) Columns(context.Context, node.Relation) ([]warehouse.ColumnInfo, error) {
	w.asked = true
	return nil, errLate
}

func (w *deferring) List(context.Context, string, string) ([]warehouse.Found, error) {
	w.asked = true
	return nil, errLate
}

func (w *deferring) Schemas(context.Context, string) ([]string, error) {
	w.asked = true
	return nil, errLate
}

func (w *deferring) Execute(context.Context, string, bool, int) (*warehouse.Result, error) {
	w.asked = true
	return nil, errLate
}

func (w *deferring) Act(context.Context, plan.Act) error {
	w.asked = true
	return errLate
}

// hooks makes the steps of on-run-start and on-run-end. Hooks of on-run-end see the results, so they are always late; those of
// on-run-start are late where their text asks the warehouse.
func (pl *Planned) hooks(ctx context.Context) diag.List {
	var diags diag.List
	for _, id := range pl.project.Bound.Operations("on-run-start") {
		n := pl.project.Bound.ByID[id]
		s, list := pl.operation(ctx, n)
		diags = append(diags, list...)
		pl.Plan.OnRunStart = append(pl.Plan.OnRunStart, s)
	}
	for _, id := range pl.project.Bound.Operations("on-run-end") {
		n := pl.project.Bound.ByID[id]
		pl.nodes[n.ID] = n
		s := plan.Step{Node: n.ID, Kind: n.Kind, Label: pl.hookLabel(n), Late: true, Compiled: true}
		pl.Plan.OnRunEnd = append(pl.Plan.OnRunEnd, s)
	}
	return diags
}

func (pl *Planned) operation(ctx context.Context, n *resource.Node) (plan.Step, diag.List) {
	pl.nodes[n.ID] = n
	s := plan.Step{Node: n.ID, Kind: n.Kind, Label: pl.hookLabel(n), Compiled: true}
	late := &planning{inner: pl.options.Warehouse, plan: pl}
	t, diags := pl.compile(ctx, n, late)
	switch {
	case late.asked:
		s.Late = true
		return s, nil
	case diags.HasErrors():
		s.Refusal = pl.refusal(diags)
		return s, diags
	}
	s.CompiledCode = t.Code
	pl.remember(ctx, n.ID, t)
	s.Batches = pl.operationBatches(n, t.Code)
	return s, diags
}

func (pl *Planned) operationBatches(n *resource.Node, code string) []plan.Batch {
	return lower.Operation(n.ID, pl.sent(n, code))
}

// hookLabel names a hook as dbt's lines do: "shop.on-run-start.0".
func (pl *Planned) hookLabel(n *resource.Node) plan.Label {
	l := pl.project.label(n)
	name := strings.TrimPrefix(n.Name, n.Package+"-")
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		name = name[:i] + "." + name[i+1:]
	}
	l.HookName = n.Package + "." + name
	l.CompiledPath = ""
	l.RunPath = ""
	return l
}

func textOrNone(s string) jinja.Value {
	if s == "" {
		return jinja.None
	}
	return jinja.Str(s)
}
