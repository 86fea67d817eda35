package planning

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// inBatches says whether a node is a microbatch model that is run batch by batch. A project with a strategy macro of its own under that
// name gets batches only if it asks for them, as in dbt.
func (p *Project) inBatches(n *resource.Node) bool {
	if n.Kind != node.Model || n.Materialized() != "incremental" || n.Settings().Text("incremental_strategy") != "microbatch" {
		return false
	}
	return p.Engine.StrategyMacro(n, "microbatch") == nil || resource.SettingsOf(p.Set.Root.Config.Flags).Truth("require_batched_execution_for_custom_microbatch_strategy")
}

// intervals are the batches of a microbatch model: from where the command line says, else from its begin on the first run and from
// the lookback on others, to now or where the command line says.
func (pl *Planned) intervals(n *resource.Node) ([]plan.Interval, *plan.Refusal) {
	if again := pl.options.Intervals[n.ID]; again != nil {
		out := slices.Clone(again)
		for i := range out {
			out[i].Name = batchName(out[i].Start, n.Settings().Text("batch_size"))
			out[i].ID = strings.ReplaceAll(out[i].Name, "-", "")
		}
		return out, nil
	}
	c := n.Settings()
	size := c.Text("batch_size")
	from, end := pl.options.EventTimeStart, pl.options.EventTimeEnd
	if sample := pl.options.Sample; sample != nil {
		from, end = sample.Start, sample.End
	}
	if end.IsZero() {
		end = pl.options.BatchesUntil
	}
	if end.IsZero() {
		end = pl.project.Now
	}
	end = end.UTC()
	if down := truncate(end, size); !down.Equal(end) {
		end = offset(end, size, 1)
	}
	var start time.Time
	switch {
	case !from.IsZero():
		start = truncate(from.UTC(), size)
	case pl.renews(n):
		begin, ok := parseMoment(c.Text("begin"))
		if !ok {
			return nil, &plan.Refusal{Code: string(diag.BadMicrobatch), Message: "the microbatch model has no `begin` that is a date or a time"}
		}
		start = truncate(begin, size)
	default:
		// The end is the end of the current batch, so one batch more goes back behind it.
		start = offset(end, size, -int(c.Int("lookback", 1))-1)
	}
	var out []plan.Interval
	for at := start; ; {
		next := offset(at, size, 1)
		out = append(out, plan.Interval{ID: strings.ReplaceAll(batchName(at, size), "-", ""), Name: batchName(at, size), Start: at, End: next})
		if !next.Before(end) {
			out[len(out)-1].End = end
			return out, nil
		}
		if len(out) == mostIntervals {
			return nil, &plan.Refusal{Code: string(diag.BadMicrobatch), Message: "the microbatch model would have more than a million batches; check `begin` and --event-time-start"}
		}
		at = next
	}
}

const mostIntervals = 1_000_000

// renews says whether the batches of a microbatch model make its table anew. Those of an earlier run that are run again never do: the
// others are in the table.
func (pl *Planned) renews(n *resource.Node) bool {
	old := pl.index.Find(n.Relation())
	return old == nil || old.Kind != plan.Table || pl.fullRefresh(n) && pl.options.Intervals[n.ID] == nil
}

// batching says how the batches of a microbatch model are run: dbt's rule says whether at the same time. A table that is made anew is built
// aside, batch by batch, unless a macro of the project or its keys want it under its own name.
func (pl *Planned) batching(n *resource.Node, batches int) plan.Batching {
	out := plan.Batching{Earlier: pl.options.EarlierIntervals[n.ID]}
	if c := n.Settings(); c.Has("concurrent_batches") {
		out.Concurrent = c.Truth("concurrent_batches")
	} else {
		out.Concurrent = !pl.project.Engine.MentionsThis(n)
	}
	out.Concurrent = out.Concurrent && pl.project.dialectData(n).Supports("MicrobatchConcurrency")
	if script, refusal := pl.script(n); batches > 1 && !pl.project.managed(n) && script == "" && refusal == nil && pl.renews(n) {
		out.Aside, out.Replaces = true, pl.index.Find(n.Relation()) != nil
	}
	return out
}

func truncate(t time.Time, size string) time.Time {
	switch size {
	case "hour":
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, time.UTC)
	case "month":
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// offset is the beginning of a batch so many batches away from the one that holds t.
func offset(t time.Time, size string, by int) time.Time {
	t = truncate(t, size)
	switch size {
	case "hour":
		return t.Add(time.Duration(by) * time.Hour)
	case "month":
		return t.AddDate(0, by, 0)
	case "year":
		return t.AddDate(by, 0, 0)
	}
	return t.AddDate(0, 0, by)
}

func batchName(start time.Time, size string) string {
	layout := map[string]string{"hour": "2006-01-02T15", "day": "2006-01-02", "month": "2006-01", "year": "2006"}[size]
	return start.Format(layout)
}

// parseMoment reads what binding left of `begin`: an ISO date or time. dbt takes the wall clock for UTC, whatever the zone.
func parseMoment(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), true
		}
	}
	return time.Time{}, false
}

// batch is the interval that a node is being rendered for. It travels in the context, since everything that is rendered for the node
// (text, hooks, strategy) sees the same.
type batch struct {
	IntervalRequest
	aside  bool
	staged node.Relation
}

// stagedOf is where a microbatch model's table is built aside.
func stagedOf(n *resource.Node) node.Relation { return lower.Staged(n.Relation()) }

type batchKey struct{}

func batchOf(ctx context.Context) *batch {
	b, _ := ctx.Value(batchKey{}).(*batch)
	return b
}

// rendered is the batch as templates see it. A first batch that is built aside sees the old table as `this`, as it does in dbt.
func (b *batch) rendered() *render.Batch {
	if b == nil {
		return nil
	}
	out := &render.Batch{ID: b.Interval.ID, Start: b.Interval.Start, End: b.Interval.End}
	if b.aside && !b.First {
		out.Aside = b.staged.Identifier
	}
	return out
}

// underItsName is the context for texts that see the relation under its own name though the batch is built aside: hooks.
func underItsName(ctx context.Context) context.Context {
	b := batchOf(ctx)
	if b == nil || !b.aside {
		return ctx
	}
	plain := *b
	plain.aside = false
	return context.WithValue(ctx, batchKey{}, &plain)
}

// forBatch fits a node to the batch that is lowered: its time, and the table aside if there is one. A batch but the first finds nothing that
// a killed run has left.
func (pl *Planned) forBatch(n *resource.Node, ln *lower.Node, b *batch, index plan.Index) plan.Index {
	ln.FullRefresh = b.First && (b.aside || pl.fullRefresh(n) && pl.options.Intervals[n.ID] == nil)
	ln.Incremental.EventTime = n.Settings().Text("event_time")
	ln.Incremental.Interval = &lower.Interval{Start: pythonTime(b.Interval.Start), End: pythonTime(b.Interval.End)}
	switch {
	case b.First:
	case b.aside:
		ln.Relation = b.staged
	default:
		index = index.Without(b.staged)
	}
	return index
}

// underName is a batch's compiled text as people know it, with the table's own name for the one that is built aside.
func (b *batch) underName(code, alias string) string {
	if b == nil || !b.aside {
		return code
	}
	return strings.ReplaceAll(code, b.staged.Identifier, alias)
}

// IntervalRequest asks for one batch of a microbatch model, or for the end of a table that was built aside.
type IntervalRequest struct {
	Interval    plan.Interval
	First, Last bool
	// Swap asks, instead of a batch, that the table built aside takes the place of the old one; Discard that it goes.
	Swap, Discard bool
}

// ExpandInterval renders and lowers one batch of a microbatch model. Pre-hooks belong to the first batch, post-hooks to the last; every
// batch but the first finds a table and adds to it. If the table is built aside, the last batch ends with its taking the old one's place.
func (pl *Planned) ExpandInterval(ctx context.Context, id node.ID, w warehouse.Warehouse, observed plan.Observed, r IntervalRequest) (Expansion, diag.List) {
	n := pl.nodes[id]
	if n == nil {
		return Expansion{Refusal: &plan.Refusal{Code: string(diag.Internal), Message: "the step " + string(id) + " is not of this plan"}}, nil
	}
	b := &batch{IntervalRequest: r, aside: pl.aside[id], staged: stagedOf(n)}
	if r.Swap || r.Discard {
		return pl.endAside(n, observed, r.Discard), nil
	}
	return pl.Expand(context.WithValue(ctx, batchKey{}, b), id, w, observed, nil)
}

// endAside puts a table that was built aside in its place, or removes it.
func (pl *Planned) endAside(n *resource.Node, observed plan.Observed, discard bool) Expansion {
	all := pl.options.Observed
	all.Schemas, all.Objects = slices.Clone(all.Schemas), slices.Clone(all.Objects)
	all.Merge(observed)
	ln := lower.Node{ID: n.ID, Kind: n.Kind, Materialization: n.Materialized(), Relation: n.Relation(), Indexes: indexes(n.Settings())}
	if pl.project.dialectData(n).Build.Lake {
		var diags diag.List
		if ln.Storage, diags = pl.storage(n, nil); diags.HasErrors() {
			return Expansion{Refusal: pl.refusal(diags)}
		}
		ln.FullRefresh = true
	}
	if discard {
		return Expansion{Batches: lower.DiscardStaged(ln, pl.project.lowerDialect(n), all.Index())}
	}
	return Expansion{Batches: lower.PublishStaged(ln, pl.project.lowerDialect(n), all.Index())}
}

// pythonTime writes an instant as Python prints a datetime in UTC.
func pythonTime(t time.Time) string {
	s := t.UTC().Format("2006-01-02 15:04:05")
	if t.Nanosecond() != 0 {
		s += t.UTC().Format(".000000")
	}
	return s + "+00:00"
}
