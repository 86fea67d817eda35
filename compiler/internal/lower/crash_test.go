package lower_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// versioned is a project whose every relation holds one version number in each row.
func versioned(n int) []step {
	sql := fmt.Sprintf("select %d as n, i from range(5000) r(i)", n)
	flips := model("flips", []string{"table", "view"}[n%2], sql)
	merged := model("merged", "incremental", sql)
	merged.Incremental = lower.Incremental{Strategy: "merge", UniqueKey: []string{"i"}}
	hooked := model("hooked", "table", sql)
	hooked.PostHooks = []lower.Hook{{SQL: "update hooked set i = i", Transaction: true}}
	return []step{model("t", "table", sql), model("v", "view", sql), flips, merged, hooked}
}

// TestKilledAtAnyMoment kills a process that builds, at random moments. What it leaves is whole, the journals can be read, and the
// next build mends the rest.
func TestKilledAtAnyMoment(t *testing.T) {
	if dir := os.Getenv("WEFT_TEST_BUILD"); dir != "" {
		e, err := duckdb.Open(t.Context(), engine.Config{Profile: map[string]any{"path": "p1.duckdb"}, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		p := &product{t: t, dir: dir, engine: e}
		fmt.Println("begun")
		for n := 1; ; n++ {
			if out := p.run(versioned(n)...); out.Failed() {
				t.Fatal(p.status(out))
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		dir := t.TempDir()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledAtAnyMoment$")
		child.Env = append(os.Environ(), "WEFT_TEST_BUILD="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 5)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond)
		_ = child.Process.Kill()
		_ = child.Wait()

		e, err := duckdb.Open(t.Context(), engine.Config{Profile: map[string]any{"path": "p1.duckdb"}, Dir: dir})
		if err != nil {
			t.Fatal("the database cannot be opened:", err)
		}
		p := &product{t: t, dir: dir, engine: e, runs: 100000}
		present := p.rows("select table_name from information_schema.tables where table_name not like '%\\_\\_dbt\\_tmp' escape '\\' order by 1")
		for _, name := range strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(present)) {
			if got := p.rows("select count(*), count(distinct n), count(distinct i) from " + name); got != "[[5000 1 5000]]" {
				t.Errorf("%s is torn: %s", name, got)
			}
		}
		announced := readJournals(t, dir)
		for _, name := range strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(present)) {
			if !announced[node.ID("model.p1."+name)] {
				t.Errorf("%s was published and no journal says so", name)
			}
		}
		if out := p.run(versioned(7)...); out.Failed() {
			t.Error("the next build fails:", p.status(out))
		}
		if got := p.rows("select distinct n from t union select distinct n from v union select distinct n from flips union select distinct n from merged union select distinct n from hooked"); got != "[[7]]" {
			t.Error("after the next build:", got)
		}
		if got := p.rows("select count(*) from information_schema.tables"); got != "[[5]]" {
			t.Error("something is left behind:", got)
		}
		_ = e.Close()
	}
}

// readJournals reads every journal there is, and answers whose publishing they announce.
func readJournals(t *testing.T, dir string) map[node.ID]bool {
	t.Helper()
	announced := map[node.ID]bool{}
	files, _ := filepath.Glob(filepath.Join(dir, "target/weft/journal/*"))
	for _, f := range files {
		c, err := journal.Read(effect.Real{}, f)
		if err != nil {
			t.Error(err)
		}
		for _, r := range c.Records {
			if b, ok := r.Body.(event.BatchStarted); ok && b.Work.Phase == "publish" {
				announced[b.Node] = true
			}
		}
	}
	return announced
}
