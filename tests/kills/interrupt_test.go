//go:build engines

package kills

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// TestInterrupt sends a build the signal of Ctrl-C while a query of it runs: the query is stopped, what was staged goes, the exit code is dbt's,
// and a retry ends where an undisturbed build does.
func TestInterrupt(t *testing.T) {
	s := &shop{dir: filepath.Join(t.TempDir(), "shop"), base: t.TempDir()}
	if err := os.CopyFS(s.base, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	s.save(t)
	s.reset(t)
	run := func(args ...string) {
		t.Helper()
		if out, err := s.command(args...).CombinedOutput(); err != nil {
			t.Fatalf("weft %q: %v\n%s", args, err, out)
		}
	}
	run(build(1)...)
	if err := os.RemoveAll(filepath.Join(s.dir, "target")); err != nil {
		t.Fatal(err)
	}
	s.save(t)
	before := s.look(t)
	run(build(2)...)
	after := s.look(t)
	running := stack.Athena.Running
	for _, at := range []string{`create table "awsdatacatalog"."shop"."as_hive__dbt_tmp"`, "insert into", "merge into"} {
		t.Run(strings.Fields(at)[0], func(t *testing.T) {
			s.reset(t)
			stack.Athena.Running = 2 * time.Second
			defer func() { stack.Athena.Running = running }()
			stops := stopped()
			cmd := s.command(build(2)...)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			var once sync.Once
			stack.SetGate(func(c wire.Call, serve func()) bool {
				serve()
				if c.Operation == "StartQueryExecution" {
					queries := stack.Athena.Queries()
					if strings.Contains(queries[len(queries)-1], at) {
						once.Do(func() { _ = cmd.Process.Signal(os.Interrupt) })
					}
				}
				return true
			}, glue.Engine)
			_ = cmd.Run()
			stack.SetGate(nil, "")
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			if stopped() == stops {
				t.Error("nothing was stopped at Athena")
			}
			if !stack.Athena.Idle() {
				t.Error("a query runs on after the process has ended")
			}
			if _, orphans := s.state(t); len(orphans) > 0 {
				t.Errorf("it left %q", orphans)
			}
			now := s.look(t)
			for name := range maps.Keys(after) {
				if now[name] != before[name] && now[name] != after[name] {
					t.Errorf("%s is %q, neither %q nor %q", name, now[name], before[name], after[name])
				}
			}
			stack.Athena.Running = running
			run("retry")
			for name, rows := range s.look(t) {
				if rows != after[name] {
					t.Errorf("after the retry %s is %q, not %q", name, rows, after[name])
				}
			}
			if t.Failed() {
				t.Log(out.String())
			}
		})
	}
}

// stopped is how often a query was stopped.
func stopped() (n int) {
	for _, c := range stack.Calls() {
		if c.Operation == "StopQueryExecution" && c.Principal != fakeaws.EngineKey {
			n++
		}
	}
	return n
}
