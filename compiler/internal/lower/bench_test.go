package lower_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/publish/artifacts"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// trivial is a plan of n models, nine views and a table in ten, each on the one before it.
func trivial(n int, found plan.Observed) plan.Plan {
	p := plan.Plan{Version: plan.Version}
	index := found.Index()
	for i := range n {
		name, materialized := fmt.Sprintf("m%04d", i), "view"
		sql, parents := "select 1 as id, 'a' as name", []node.ID(nil)
		if i%10 == 0 {
			materialized = "table"
		} else {
			parent := fmt.Sprintf("m%04d", i/10*10)
			sql, parents = `select * from "p1"."main"."`+parent+`"`, []node.ID{node.ID("model.p1." + parent)}
		}
		l := lower.Lower(lower.Node{ID: node.ID("model.p1." + name), Kind: node.Model, Materialization: materialized, Relation: relation(name), SQL: sql}, spelling, index)
		p.Steps = append(p.Steps, plan.Step{Node: node.ID("model.p1." + name), Kind: node.Model, Materialization: materialized, Parents: parents,
			Batches: l.Batches, Recover: l.Recover, Compiled: true, CompiledCode: sql,
			Label: plan.Label{Name: name, Schema: "main", Alias: name, RunPath: "run/p1/" + name + ".sql"}})
	}
	return p
}

// BenchmarkBuild compares a build of 1,000 trivial models on one thread with a loop that sends the same statements.
func BenchmarkBuild(b *testing.B) {
	const n = 1000
	observe := func(b *testing.B, e engine.Engine) plan.Observed {
		seen, err := e.Observe(b.Context(), []plan.Observation{{Relation: node.Relation{Database: "p1", Schema: "main"}}})
		if err != nil {
			b.Fatal(err)
		}
		return seen
	}
	open := func(b *testing.B, dir string) engine.Engine {
		e, err := duckdb.Open(b.Context(), engine.Config{Profile: map[string]any{"path": "p1.duckdb"}, Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		return e
	}
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			e := open(b, b.TempDir())
			p := trivial(n, observe(b, e))
			s, err := e.Session(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			for i := range p.Steps {
				for _, batch := range p.Steps[i].Batches {
					if _, err := s.Do(b.Context(), batch); err != nil {
						b.Fatal(err)
					}
				}
			}
			_ = s.Close()
			_ = e.Close()
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/model")
	})
	b.Run("weft", func(b *testing.B) {
		for b.Loop() {
			dir := b.TempDir()
			e := open(b, dir)
			world := effect.Real{}
			files := artifacts.NewRunFiles(world, filepath.Join(dir, "target"))
			view := runview.New(runview.Options{})
			lines := 0
			j, err := journal.Create(world, journal.Path(filepath.Join(dir, "target"), "i"), func(r event.Record) {
				files.Feed(r)
				lines += len(view.Feed(r))
			})
			if err != nil {
				b.Fatal(err)
			}
			out, err := runner.Run(b.Context(), runner.Options{Plan: trivial(n, observe(b, e)), Engines: map[string]engine.Engine{"": e}, Journal: j,
				World: world, Threads: 1, Target: "dev"})
			if err != nil || out.Failed() || lines < 2*n {
				b.Fatal(err, out.Failed(), lines)
			}
			if _, err := artifacts.RunResults(artifacts.Invocation{}, out.Results); err != nil {
				b.Fatal(err)
			}
			if err := files.Close(); err != nil {
				b.Fatal(err)
			}
			_ = j.Close()
			_ = e.Close()
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/model")
	})
}
