package compiler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Freshness is how old a source is, and what its project says of that.
type Freshness struct {
	// Status is "pass", "warn" or "error".
	Status                     string
	MaxLoadedAt, SnapshottedAt time.Time
	// Age is in seconds: an empty source is older than a time.Duration can say.
	Age float64
	// Response is the engine's word for the query, "" if the macro that asked does not hand it on.
	Response string
}

// Period is a limit of age; both are nil where there is none.
type Period struct {
	Count  *int64  `json:"count"`
	Period *string `json:"period"`
}

// Criteria are a source's limits, as sources.json shows them.
type Criteria struct {
	WarnAfter  Period  `json:"warn_after"`
	ErrorAfter Period  `json:"error_after"`
	Filter     *string `json:"filter"`
}

// Criteria are the limits of a source's freshness.
func (p *Project) Criteria(id node.ID) Criteria {
	n := p.bound.ByID[id]
	if n == nil || n.Source == nil {
		return Criteria{}
	}
	d, _ := n.Source.Freshness.(*jinja.Dict)
	if d == nil {
		return Criteria{}
	}
	c := resource.SettingsOf(d)
	out := Criteria{WarnAfter: periodOf(c.Dict("warn_after")), ErrorAfter: periodOf(c.Dict("error_after"))}
	if c.Has("filter") {
		filter := c.Text("filter")
		out.Filter = &filter
	}
	return out
}

func periodOf(d *jinja.Dict) Period {
	var out Period
	if d == nil {
		return out
	}
	c := resource.SettingsOf(d)
	if c.Has("count") {
		count := c.Int("count", 0)
		out.Count = &count
	}
	if c.Has("period") {
		period := c.Text("period")
		out.Period = &period
	}
	return out
}

// exceeded says whether an age in seconds is beyond the limit.
func (p Period) exceeded(age float64) bool {
	if p.Count == nil || p.Period == nil {
		return false
	}
	seconds := map[string]float64{"minute": 60, "hour": 3600, "day": 86400}[*p.Period]
	return seconds > 0 && age > float64(*p.Count)*seconds
}

// HasFreshness says whether a source has a limit of age, so that `source freshness` asks it.
func (p *Project) HasFreshness(id node.ID) bool {
	c := p.Criteria(id)
	return c.WarnAfter.Count != nil || c.ErrorAfter.Count != nil
}

// SourceFreshness asks one source. A message instead says why it could not be asked.
func (p *Project) SourceFreshness(ctx context.Context, id node.ID, w Warehouse, said func(Message)) (out Freshness, failure string) {
	n := p.bound.ByID[id]
	r := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: w, Said: func(m render.Message) {
		said(Message{Node: id, Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}})
	criteria := p.Criteria(id)
	relation, err := p.engine.SourceRelation(n)
	if err != nil {
		return out, freshnessError(n, err.Error())
	}
	kwargs := jinja.NewDict(3)
	kwargs.Set("source", relation)
	macro := "collect_freshness"
	switch {
	case textOf(n.Source.LoadedAtQuery) != "":
		macro += "_custom_sql"
		f := source.NewFile(n.OriginalPath+" (loaded_at_query)", textOf(n.Source.LoadedAtQuery))
		rendered, diags := r.RenderText(n, source.Whole(f), nil, nil)
		if diags.HasErrors() {
			return out, freshnessError(n, firstError(diags))
		}
		kwargs.Set("loaded_at_query", jinja.Str(rendered.Text))
	case textOf(n.Source.LoadedAtField) != "":
		kwargs.Set("loaded_at_field", n.Source.LoadedAtField)
		kwargs.Set("filter", jinja.None)
		if criteria.Filter != nil {
			kwargs.Set("filter", jinja.Str(*criteria.Filter))
		}
	default:
		return out, freshnessError(n, fmt.Sprintf("there is no way to tell how fresh the source %s is: it has no `loaded_at_field` and no `loaded_at_query`, and weft does not ask %s when a table was changed",
			n.Name, p.set.Profile.Type))
	}
	v, _, diags := r.RunMacro("", macro, kwargs, p.planner.DialectOf(n))
	if diags.HasErrors() {
		return out, freshnessError(n, firstError(diags))
	}
	return p.freshnessOf(n, criteria, v)
}

// textOf is a value's text, "" for none.
func textOf(v jinja.Value) string {
	if v == nil {
		return ""
	}
	if _, none := v.(jinja.NoneType); none {
		return ""
	}
	return jinja.Text(v)
}

// freshnessOf reads what the macro gave back: a table of one row, or a result that holds it.
func (p *Project) freshnessOf(n *resource.Node, criteria Criteria, v jinja.Value) (out Freshness, failure string) {
	if d, ok := v.(*jinja.Dict); ok {
		if response, ok := d.Get("response"); ok {
			out.Response = jinja.Text(response)
		}
		v, _ = d.Get("table")
	}
	table, ok := v.(*warehouse.Table)
	if !ok || len(table.Rows()) != 1 || len(table.Rows()[0]) != 2 {
		return out, freshnessError(n, "expected one row with two columns, max_loaded_at and snapshotted_at, from the macro that asks for the freshness")
	}
	row := table.Rows()[0]
	if _, none := row[0].(jinja.NoneType); !none {
		if out.MaxLoadedAt, ok = instantOf(row[0]); !ok {
			return out, freshnessError(n, fmt.Sprintf("expected a timestamp as the time of the last load, found a value of type %s; cast `loaded_at_field` to a timestamp", row[0].TypeName()))
		}
	}
	if out.SnapshottedAt, ok = instantOf(row[1]); !ok {
		return out, freshnessError(n, fmt.Sprintf("expected a timestamp as the present time, found a value of type %s", row[1].TypeName()))
	}
	out.Age = float64(out.SnapshottedAt.Unix()-out.MaxLoadedAt.Unix()) + float64(out.SnapshottedAt.Nanosecond()-out.MaxLoadedAt.Nanosecond())/1e9
	switch {
	case criteria.ErrorAfter.exceeded(out.Age):
		out.Status = "error"
	case criteria.WarnAfter.exceeded(out.Age):
		out.Status = "warn"
	default:
		out.Status = "pass"
	}
	return out, ""
}

// instantOf is a timestamp as an instant; one without a zone is in UTC.
func instantOf(v jinja.Value) (time.Time, bool) {
	d, ok := v.(basecontext.DateTime)
	if !ok {
		return time.Time{}, false
	}
	t := time.Date(d.Year, time.Month(d.Month), d.Day, d.Hour, d.Minute, d.Second, d.Microsecond*1000, time.UTC)
	if d.Zone != nil {
		t = t.Add(-time.Duration(d.Zone.Offset) * time.Second)
	}
	return t, true
}

func freshnessError(n *resource.Node, message string) string {
	return "Runtime Error in source " + n.Name + " (" + n.OriginalPath + ")\n  " + strings.ReplaceAll(strings.TrimRight(message, "\n"), "\n", "\n  ")
}

func firstError(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return strings.TrimPrefix(d.Detail, "running a query: ")
		}
	}
	return ""
}
