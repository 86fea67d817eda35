// Command bench measures weft as users meet it: whole processes on generated projects, cold, and dbt in turn where it is at hand.
//
// It prints wall and CPU seconds and peak memory, the median of several runs, and ratios; it judges nothing. Timings inside a
// process are Go benchmarks beside the code.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

func main() {
	weft := flag.String("weft", "bin/weft", "the weft to measure")
	dbt := flag.String("dbt", "", "a dbt to measure in turn; empty: none")
	runs := flag.Int("runs", 3, "runs of each command; the median is printed")
	build := flag.String("build", "", "a project of trivial models to build with one thread")
	both := flag.String("pair", "", "a project to build whole with weft and dbt in turn")
	flag.Parse()
	if err := run(*weft, *dbt, *runs, *build, *both, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figure is one run of a process.
type figure struct {
	wall, cpu time.Duration
	peak      int64 // bytes
}

func run(weft, dbt string, runs int, build, both string, projects []string) error {
	weft, err := filepath.Abs(weft)
	if err != nil {
		return err
	}
	fmt.Printf("%-28s %-10s %9s %9s %9s\n", "project", "command", "wall s", "cpu s", "peak MB")
	report := func(project, command string, tool string, args ...string) (figure, error) {
		f, err := measure(runs, tool, args...)
		if err != nil {
			return f, fmt.Errorf("%s %s: %w", tool, strings.Join(args, " "), err)
		}
		fmt.Printf("%-28s %-10s %9.3f %9.3f %9.1f  %s\n", project, command, f.wall.Seconds(), f.cpu.Seconds(), float64(f.peak)/1e6, filepath.Base(tool))
		return f, nil
	}
	if _, err := report("-", "--version", weft, "--version"); err != nil {
		return err
	}
	for _, dir := range projects {
		for _, command := range []string{"parse", "ls", "compile"} {
			args := []string{command, "--project-dir", dir, "--profiles-dir", dir, "--target-path", filepath.Join(dir, "target-weft")}
			if command == "compile" {
				args = append(args, "--offline")
			}
			w, err := report(filepath.Base(dir), command, weft, args...)
			if err != nil {
				return err
			}
			if dbt == "" {
				continue
			}
			args = []string{"--no-partial-parse", command, "--project-dir", dir, "--profiles-dir", dir, "--target-path", filepath.Join(dir, "target-dbt")}
			if command == "compile" {
				args = append(args, "--no-introspect", "--no-populate-cache")
			}
			d, err := report(filepath.Base(dir), command, dbt, args...)
			if err != nil {
				return err
			}
			fmt.Printf("%-28s %-10s %8.1fx %8.1fx %8.1fx  dbt / weft\n", filepath.Base(dir), command, ratio(d.wall, w.wall), ratio(d.cpu, w.cpu), float64(d.peak)/float64(w.peak))
		}
	}
	if both != "" {
		if err := pair(weft, dbt, runs, both); err != nil {
			return err
		}
	}
	if build != "" {
		return builds(weft, dbt, runs, build)
	}
	return nil
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// measure runs a command and gives the medians.
func measure(runs int, tool string, args ...string) (figure, error) {
	var all []figure
	for range max(1, runs) {
		c := exec.Command(tool, args...)
		c.Env = append(os.Environ(), "DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DO_NOT_TRACK=1")
		start := time.Now()
		out, err := c.CombinedOutput()
		wall := time.Since(start)
		if err != nil {
			return figure{}, fmt.Errorf("%w\n%s", err, tail(string(out)))
		}
		usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			return figure{}, fmt.Errorf("no resource usage on this system")
		}
		all = append(all, figure{wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss * 1024})
	}
	return median(all), nil
}

// middle is the median of one figure.
func middle(all []figure, key func(f figure) int64) int64 {
	values := make([]int64, len(all))
	for i, f := range all {
		values[i] = key(f)
	}
	sort.Slice(values, func(i, j int) bool { return values[i] < values[j] })
	return values[len(values)/2]
}

func tail(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}

// builds compares a build with one thread to a loop that executes the same statements on one connection.
func builds(weft, dbt string, runs int, dir string) error {
	database := filepath.Join(dir, "bench-build.duckdb")
	fresh := func() {
		for _, suffix := range []string{"", ".wal"} {
			_ = os.Remove(database + suffix)
		}
	}
	if err := os.Setenv("ORACLE_DUCKDB", database); err != nil {
		return err
	}
	fresh()
	var p plan.Plan
	text, err := exec.Command(weft, "debug", "dump", "--stage", "plan", "--offline", "--project-dir", dir, "--profiles-dir", dir).Output()
	if err != nil {
		return fmt.Errorf("debug dump: %w", err)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	steps := float64(len(p.Steps))
	var walls, loops []float64
	for range runs {
		fresh()
		f, err := measure(1, weft, "build", "--quiet", "--threads", "1", "--project-dir", dir, "--profiles-dir", dir, "--target-path", filepath.Join(dir, "target-weft"))
		if err != nil {
			return err
		}
		fresh()
		l, err := loop(p, database, dir)
		if err != nil {
			return err
		}
		walls, loops = append(walls, f.wall.Seconds()), append(loops, l.Seconds())
	}
	fresh()
	sort.Float64s(walls)
	sort.Float64s(loops)
	w, l := walls[len(walls)/2], loops[len(loops)/2]
	fmt.Printf("build of %.0f models, one thread: weft %.3f s, the same statements in a loop %.3f s: %.3f ms a model above the loop\n", steps, w, l, (w-l)*1000/steps)
	if dbt == "" {
		return nil
	}
	d, err := measure(1, dbt, "--no-partial-parse", "build", "--quiet", "--threads", "1", "--project-dir", dir, "--profiles-dir", dir, "--target-path", filepath.Join(dir, "target-dbt"))
	fresh()
	if err != nil {
		return err
	}
	fmt.Printf("build of %.0f models, one thread: dbt %.3f s, %.1f times weft\n", steps, d.wall.Seconds(), d.wall.Seconds()/w)
	return nil
}

// loop executes the plan's statements on one connection.
func loop(p plan.Plan, database, dir string) (time.Duration, error) {
	ctx := context.Background()
	start := time.Now()
	e, err := duckdb.Open(ctx, engine.Config{Profile: map[string]any{"type": "duckdb", "path": database, "schema": "main"}, Dir: dir, Sessions: 1})
	if err != nil {
		return 0, err
	}
	defer e.Close()
	s, err := e.Session(ctx)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	batches := p.Setup
	for _, step := range p.Steps {
		batches = append(batches, step.Batches...)
	}
	for _, b := range batches {
		if _, err := s.Do(ctx, b); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}
