package planning

import (
	"context"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
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
		return again, nil
	}
	c := n.Settings()
	size := c.Text("batch_size")
	from, end := pl.options.EventTimeStart, pl.options.EventTimeEnd
	if sample := pl.options.Sample; sample != nil {
		from, end = sample.Start, sample.End
	}
	if end.IsZero() {
		end = pl.project.Now
	}
	end = end.UTC()
	if down := truncate(end, size); !down.Equal(end) {
		end = offset(end, size, 1)
	}
	var start time.Time
	old := pl.index.Find(n.Relation())
	switch {
	case !from.IsZero():
		start = truncate(from.UTC(), size)
	case old == nil || old.Kind != plan.Table || pl.fullRefresh(n):
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
	interval    plan.Interval
	first, last bool
}

type batchKey struct{}

func batchOf(ctx context.Context) *batch {
	b, _ := ctx.Value(batchKey{}).(*batch)
	return b
}

func (b *batch) rendered() *render.Batch {
	if b == nil {
		return nil
	}
	return &render.Batch{ID: b.interval.ID, Start: b.interval.Start, End: b.interval.End}
}

// ExpandInterval renders and lowers one batch of a microbatch model. Pre-hooks belong to the first batch, post-hooks to the last; every
// batch but the first finds a table and adds to it.
func (pl *Planned) ExpandInterval(ctx context.Context, id node.ID, w warehouse.Warehouse, observed plan.Observed, interval plan.Interval, first, last bool) (Expansion, diag.List) {
	return pl.Expand(context.WithValue(ctx, batchKey{}, &batch{interval, first, last}), id, w, observed, nil)
}

// pythonTime writes an instant as Python prints a datetime in UTC.
func pythonTime(t time.Time) string {
	s := t.UTC().Format("2006-01-02 15:04:05")
	if t.Nanosecond() != 0 {
		s += t.UTC().Format(".000000")
	}
	return s + "+00:00"
}
