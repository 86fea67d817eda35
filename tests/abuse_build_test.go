package tests

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // reads what was published
)

// stored is what a database holds: each relation's kind, and of tables a digest of their rows.
type stored map[string]struct{ kind, rows string }

// readStored reads every table of a database and every view that can be read.
func readStored(t *testing.T, path string) stored {
	t.Helper()
	db, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`select table_schema || '.' || table_name, table_type from information_schema.tables order by 1`)
	if err != nil {
		t.Fatalf("the database cannot be read any more: %s", err)
	}
	out := stored{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			t.Fatal(err)
		}
		entry := out[name]
		entry.kind = kind
		out[name] = entry
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for name, entry := range out {
		if entry.kind == "VIEW" {
			continue
		}
		schema, table, _ := strings.Cut(name, ".")
		quoted := `"` + strings.ReplaceAll(schema, `"`, `""`) + `"."` + strings.ReplaceAll(table, `"`, `""`) + `"`
		if err := db.QueryRow(`select count(*) || ' rows, ' || coalesce(bit_xor(hash(t::varchar)), 0) from ` + quoted + ` as t`).Scan(&entry.rows); err != nil {
			t.Errorf("%s cannot be read any more: %s", name, err)
		}
		out[name] = entry
	}
	return out
}

// published are the relations that the last run says it made, as schema.name; without run results there are none.
func published(t *testing.T, target string) map[string]bool {
	t.Helper()
	var results struct {
		Results []struct {
			UniqueID string `json:"unique_id"`
			Status   string `json:"status"`
		} `json:"results"`
	}
	var manifest struct {
		Nodes map[string]struct {
			RelationName string `json:"relation_name"`
		} `json:"nodes"`
	}
	for name, into := range map[string]any{"run_results.json": &results, "manifest.json": &manifest} {
		text, err := os.ReadFile(filepath.Join(target, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			t.Errorf("%s: %s", name, err)
		}
	}
	made := map[string]bool{}
	for _, r := range results.Results {
		if relation := manifest.Nodes[r.UniqueID].RelationName; relation != "" && r.Status != "skipped" && r.Status != "error" {
			parts := strings.Split(strings.ReplaceAll(relation, `"`, ""), ".")
			made[strings.ToLower(strings.Join(parts[max(0, len(parts)-2):], "."))] = true
		}
	}
	return made
}

// code is what every error that ends a command carries, or, of a run that failed, the name of what failed.
var code = regexp.MustCompile(`\b[A-Z]\d{3}\b|\[(ERROR|FAIL|WARNING)\b`)

// said checks that a command ended as commands do.
func said(t *testing.T, what, out string, exit int) {
	t.Helper()
	switch {
	case exit < 0 || exit > 2, strings.Contains(out, "X001"), strings.Contains(out, "goroutine "), strings.Contains(out, "INTERNAL Error"):
		t.Errorf("%s ends with code %d:\n%s", what, exit, out)
	case exit != 0 && !code.MatchString(out):
		t.Errorf("%s fails with code %d and no word on why:\n%s", what, exit, out)
	}
}

// TestAbuseBuild damages files of a project that was built before, and builds it anew. However it ends, it says why; what the build does not
// claim to have made is as it was, row for row, and nothing lies about that nobody made.
func TestAbuseBuild(t *testing.T) {
	built := t.TempDir()
	if err := copyProject(built, exampleDir); err != nil {
		t.Fatal(err)
	}
	if out, exit := weft(t, built, "build"); exit != 0 {
		t.Fatal(out)
	}
	database, err := os.ReadFile(filepath.Join(built, "sales.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	before := readStored(t, filepath.Join(built, "sales.duckdb"))
	ends := map[string]int{}
	for i := range uint64(*abuseBuilds) {
		seed := *abuseSeed + i
		if i%50 == 0 {
			t.Log("from seed", seed) // where to look if the process dies
		}
		r := rand.New(rand.NewPCG(seed, 1))
		dir := filepath.Join(t.TempDir(), "p")
		if err := copyProject(dir, exampleDir); err != nil {
			t.Fatal(err)
		}
		damageProject(t, r, dir, 1+r.IntN(2))
		if err := os.WriteFile(filepath.Join(dir, "sales.duckdb"), database, 0o600); err != nil {
			t.Fatal(err)
		}
		out, exit := weft(t, dir, "parse")
		said(t, fmt.Sprintf("seed %d: parse", seed), out, exit)
		end := "not parsed"
		if exit == 0 {
			out, exit = weft(t, dir, "build")
			said(t, fmt.Sprintf("seed %d: build", seed), out, exit)
			end = fmt.Sprint("built with code ", exit)
			after, made := readStored(t, filepath.Join(dir, "sales.duckdb")), published(t, filepath.Join(dir, "target"))
			for _, name := range slices.Sorted(maps.Keys(before)) {
				if after[name] != before[name] && !made[name] && name != "main.build_log" {
					t.Errorf("seed %d: %s is not as it was: %v, then %v; the build made %v\n%s", seed, name, before[name], after[name], slices.Sorted(maps.Keys(made)), out)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(after)) {
				if _, ok := before[name]; !ok && !made[strings.ToLower(name)] {
					t.Errorf("seed %d: %s is left over; the build made %v\n%s", seed, name, slices.Sorted(maps.Keys(made)), out)
				}
			}
		}
		ends[end]++
		if !t.Failed() {
			os.RemoveAll(filepath.Dir(dir))
		}
	}
	t.Log(ends)
}
