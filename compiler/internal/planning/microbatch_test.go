package planning

import (
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// TestIntervals holds the batches to what dbt's builder of batches makes of the same configs.
func TestIntervals(t *testing.T) {
	relation := node.Relation{Database: "d", Schema: "s", Identifier: "m"}
	for _, c := range []struct {
		name, size, begin, now, start, end string
		lookback                           int64
		exists, refresh                    bool
		want                               string
	}{
		{name: "first run", size: "day", begin: "2024-01-30T00:00:00", now: "2024-02-01 10:00", want: "20240130 20240131 20240201 to 2024-02-02 00:00"},
		{name: "an end on the border", size: "day", begin: "2024-01-30T12:00:00", now: "2024-02-01 00:00", want: "20240130 20240131 to 2024-02-01 00:00"},
		{name: "lookback", size: "day", begin: "2024-01-01T00:00:00", now: "2024-03-01 10:00", exists: true, lookback: 1, want: "20240229 20240301 to 2024-03-02 00:00"},
		{name: "no lookback", size: "day", begin: "2024-01-01T00:00:00", now: "2024-03-01 10:00", exists: true, want: "20240301 to 2024-03-02 00:00"},
		{name: "full refresh", size: "month", begin: "2023-11-20T00:00:00", now: "2024-01-31 10:00", exists: true, refresh: true, lookback: 1, want: "202311 202312 202401 to 2024-02-01 00:00"},
		{name: "hours", size: "hour", begin: "2024-01-01T22:30:00", now: "2024-01-02 00:10", want: "20240101T22 20240101T23 20240102T00 to 2024-01-02 01:00"},
		{name: "years", size: "year", begin: "2022-05-05T00:00:00", now: "2024-01-01 00:00", want: "2022 2023 to 2024-01-01 00:00"},
		{name: "the command line's", size: "day", begin: "2020-01-01T00:00:00", now: "2024-03-01 10:00", start: "2021-02-03 05:00", end: "2021-02-04 06:00", exists: true, lookback: 9, want: "20210203 20210204 to 2021-02-05 00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := func(s string) time.Time {
				if s == "" {
					return time.Time{}
				}
				out, err := time.Parse("2006-01-02 15:04", s)
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			config := jinja.NewDict(4)
			config.Set("batch_size", jinja.Str(c.size))
			config.Set("begin", jinja.Str(c.begin))
			config.Set("lookback", jinja.Int(c.lookback))
			n := &resource.Node{ID: "model.p.m", Kind: node.Model, Database: "d", Schema: "s", Alias: "m", Config: config}
			var seen plan.Observed
			if c.exists {
				seen.Objects = []plan.Object{{Relation: relation, Kind: plan.Table}}
			}
			pl := &Planned{project: &Project{&compile.Project{Now: at(c.now)}}, index: seen.Index(),
				options: Options{FullRefresh: c.refresh, EventTimeStart: at(c.start), EventTimeEnd: at(c.end)}}
			list, refusal := pl.intervals(n)
			if refusal != nil {
				t.Fatal(refusal.Message)
			}
			var ids []string
			for i, b := range list {
				ids = append(ids, b.ID)
				if i > 0 && !list[i-1].End.Equal(b.Start) {
					t.Errorf("a hole before %s", b.ID)
				}
			}
			if got := strings.Join(ids, " ") + " to " + list[len(list)-1].End.Format("2006-01-02 15:04"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
