package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// pair builds a whole project with weft and with dbt in turn, each in a fresh database, and prints each run, the medians and the ratio;
// then it builds once more over what weft has built, where the engine has old and new tables to hold. Without a dbt only weft is measured, and
// the table says so. Two tools that take turns meet the same machine: on a busy one the ratio is worth more than the seconds.
func pair(weft, dbt string, runs int, dir string) error {
	name := filepath.Base(dir)
	database := filepath.Join(dir, "bench-pair.duckdb")
	fresh := func() {
		for _, suffix := range []string{"", ".wal"} {
			_ = os.Remove(database + suffix)
		}
	}
	defer fresh()
	if err := os.Setenv("ORACLE_DUCKDB", database); err != nil {
		return err
	}
	row := func(what, tool string, f figure) {
		fmt.Printf("%-28s %-10s %9.3f %9.3f %9.1f  %s\n", name, what, f.wall.Seconds(), f.cpu.Seconds(), float64(f.peak)/1e6, tool)
	}
	place := []string{"--project-dir", dir, "--profiles-dir", dir, "--target-path"}
	ours := append([]string{"build", "--quiet"}, append(place, filepath.Join(dir, "target-weft"))...)
	theirs := append([]string{"--no-partial-parse", "build", "--quiet"}, append(place, filepath.Join(dir, "target-dbt"))...)
	var first, second, other []figure
	one := func(what, tool string, to *[]figure, args []string) error {
		f, err := measure(1, tool, args...)
		if err != nil {
			return fmt.Errorf("%s %s: %w", filepath.Base(tool), what, err)
		}
		row(what, filepath.Base(tool)+", one run", f)
		*to = append(*to, f)
		return nil
	}
	for range max(1, runs) {
		fresh()
		if err := one("build", weft, &first, ours); err != nil {
			return err
		}
		if err := one("again", weft, &second, ours); err != nil {
			return err
		}
		if dbt == "" {
			continue
		}
		fresh()
		if err := one("build", dbt, &other, theirs); err != nil {
			return err
		}
	}
	w := median(first)
	row("build", fmt.Sprintf("weft, median of %d", len(first)), w)
	row("again", fmt.Sprintf("weft, median of %d", len(second)), median(second))
	if dbt == "" {
		fmt.Printf("%-28s %-10s dbt is not measured: DBT=path/to/dbt names one\n", name, "build")
		return nil
	}
	d := median(other)
	row("build", fmt.Sprintf("dbt, median of %d", len(other)), d)
	fmt.Printf("%-28s %-10s %8.1fx %8.1fx %8.1fx  dbt / weft\n", name, "build", ratio(d.wall, w.wall), ratio(d.cpu, w.cpu), float64(d.peak)/float64(w.peak))
	return nil
}

// median is the median of each figure for itself.
func median(all []figure) figure {
	return figure{
		time.Duration(middle(all, func(f figure) int64 { return int64(f.wall) })), time.Duration(middle(all, func(f figure) int64 { return int64(f.cpu) })),
		middle(all, func(f figure) int64 { return f.peak }),
	}
}
