// Package reliability tries what weft promises about readers and crashes: whoever reads a relation while it is built sees the old one or
// the new one, and a process that dies at any moment leaves nothing that the next build does not mend.
//
// The promises are tried on a project that has a relation of every kind (testdata/house), with readers that look all the time, and with
// the real process killed by the system. Tests run a short form; -whole runs all of it (make reliability).
package reliability

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/cmd/cli"
)

var (
	whole = flag.Bool("whole", false, "run the loops in full length")
	seed  = flag.Uint64("seed", 1, "seed of the random moments")
)

// asWeft in the environment makes this test binary the program weft, so that what is killed is the code at hand.
const asWeft = "WEFT_TEST_AS_WEFT"

func TestMain(m *testing.M) {
	if os.Getenv(asWeft) != "" {
		os.Exit(cli.Main(cli.System()))
	}
	os.Exit(m.Run())
}

// relation is one that the house builds, with what must be true of its rows whenever it is there.
type relation struct {
	name string
	// columns is what of a row is compared: "" for all. Those that hold the time of the run are left out where runs are compared.
	columns string
	// whole is true of the relation's rows in every state that a build leaves.
	whole string
	// marker is the column that tells the run, if not "run".
	marker string
	// batches says that its unit of publishing is a batch: each day's rows for themselves.
	batches bool
}

const (
	rows    = "count(*) = 480 and min(run) = max(run)"
	eachRun = "count(*) = 480 * count(distinct run) and count(*) = count(distinct (id, run))"
	keys    = "count(*) = 480 and count(distinct id) = 480"
	meta    = "* exclude (dbt_valid_from, dbt_valid_to, dbt_updated_at, dbt_scd_id), dbt_valid_to is null"
	current = "count(*) filter (dbt_valid_to is null) = count(distinct id) and count(*) > 0"
)

// relations are all that the house builds. A test fails if a build makes another.
var relations = []relation{
	{name: "main.feed", whole: rows},
	{name: "main.as_view", whole: rows},
	{name: "main.as_table", whole: rows},
	{name: "main.with_hooks", whole: "count(*) = 412 and min(run) = max(run) and bool_and(amount = run * 1000 + id + 1)"},
	{name: "main.prepared", whole: rows},
	{name: "main.promised", whole: rows},
	{name: "main.promised_keyed", whole: rows},
	{name: "main.promised_increment", whole: rows},
	{name: "main.appended", whole: eachRun},
	{name: "main.replaced", whole: rows},
	{name: "main.merged", whole: rows + " and bool_and((amount < 0) = (part = 0))"},
	{name: "main.by_hand", whole: rows},
	{name: "main.by_day", whole: keys, batches: true},
	{name: "main.by_day_and_this", whole: keys, batches: true},
	{name: "main.columns_ignore", whole: rows},
	{name: "main.columns_append_new_columns", whole: rows},
	{name: "main.columns_sync_all_columns", whole: rows},
	{name: "main.columns_fail", whole: rows},
	{name: "main.flips", whole: rows},
	{name: "main.flips_increment", whole: rows},
	{name: "main_of_even_runs.moves", whole: rows},
	{name: "main_of_odd_runs.moves", whole: rows},
	{name: "main.as_file", whole: rows},
	{name: "main.own", whole: rows},
	{name: "main.newest_v1", whole: rows},
	{name: "main.newest", whole: rows},
	{name: "main.present", whole: "count(*) = 384 and min(run) = max(run)"},
	{name: "main.numbers", whole: "count(*) = 50 and min(run) = max(run)"},
	{name: "main.of_seed", whole: "count(*) = 50 and min(run) = max(run)"},
	{name: "main.history_by_check", columns: meta, whole: current},
	{name: "main.history_by_time", columns: meta, whole: "count(*) filter (dbt_valid_to is null) = count(distinct id) filter (dbt_valid_to is null) and count(distinct run) filter (dbt_valid_to is null) = 1"},
	{name: "main.history_of_deletions", columns: meta, whole: current},
	{name: "main_dbt_test__audit.kept_as_table", whole: "count(*) = 69 and min(run) = max(run)"},
	{name: "main_dbt_test__audit.kept_as_view", whole: "count(*) = 68 and min(run) = max(run)"},
	{name: "main_dbt_test__audit.failures_of_run", marker: "value_field", whole: "count(*) <= 1"},
}

// house is a copy of the project with its database.
type house struct {
	dir string
	run int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(h.dir, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(h.dir, os.DirFS("testdata/house")); err != nil {
		t.Fatal(err)
	}
	return h
}

// next gives the house new data: the marker of the run, and a seed of its rows. Every third run has another column in the seed.
func (h *house) next(t *testing.T, db *database) {
	t.Helper()
	h.run++
	if err := db.exec("create schema if not exists raw", "create or replace table raw.runs as select "+fmt.Sprint(h.run)+"::int as n"); err != nil {
		t.Fatal(err)
	}
	h.seed(t)
}

func (h *house) seed(t *testing.T) {
	t.Helper()
	var b strings.Builder
	more := h.run%3 == 2
	b.WriteString("id,run")
	if more {
		b.WriteString(",more")
	}
	for i := range 50 {
		fmt.Fprintf(&b, "\n%d,%d", i, h.run)
		if more {
			b.WriteString(",x")
		}
	}
	if err := os.WriteFile(filepath.Join(h.dir, "seeds/numbers.csv"), []byte(b.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// args is the command line of a build.
func (h *house) args(vars string, flags ...string) []string {
	return append([]string{"build", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-05",
		"--vars", fmt.Sprintf("{run: %d%s}", h.run, vars)}, flags...)
}

// environ is the environment of weft. External files are named as seen from the folder in which it runs.
func (h *house) environ(files string) []string {
	return []string{"HOME=" + h.dir, "HOUSE_FILES=" + files}
}

// build runs weft as a library in this process, which alone can have the database open.
func (h *house) build(ctx context.Context, args []string) (code int, output string) {
	var out bytes.Buffer
	code = cli.Main(cli.World{Context: ctx, Name: "weft", Args: args, Environ: h.environ(filepath.Join(h.dir, "files")), Dir: h.dir, Stdin: strings.NewReader(""),
		Stdout: &out, Stderr: &out, Now: time.Now})
	return code, out.String()
}

// database is a handle on the house's file with one connection. All handles of this process share one instance of DuckDB, and each
// connection has transactions of its own: what it reads is what is committed.
type database struct {
	connector *duck.Connector
	conn      driver.Conn
}

func (h *house) open(t *testing.T) *database {
	t.Helper()
	db, err := openDatabase(filepath.Join(h.dir, "house.duckdb"))
	if err != nil {
		t.Fatal("the database cannot be opened:", err)
	}
	t.Cleanup(db.close)
	return db
}

func openDatabase(path string) (*database, error) {
	connector, err := duck.NewConnector(path, nil)
	if err != nil {
		return nil, err
	}
	conn, err := connector.Connect(context.Background())
	if err != nil {
		return nil, errors.Join(err, connector.Close())
	}
	db := &database{connector, conn}
	// A view of a file may name it as seen from the folder of the project.
	if err := db.exec("set file_search_path = '" + filepath.Dir(path) + "'"); err != nil {
		db.close()
		return nil, err
	}
	return db, nil
}

func (d *database) close() {
	if d.conn != nil {
		_ = d.conn.Close()
		_ = d.connector.Close()
		d.conn = nil
	}
}

func (d *database) exec(statements ...string) error {
	for _, sql := range statements {
		if _, err := d.conn.(driver.ExecerContext).ExecContext(context.Background(), sql, nil); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// query gives the rows of a statement as texts.
func (d *database) query(sql string) ([][]string, error) {
	r, err := d.conn.(driver.QueryerContext).QueryContext(context.Background(), sql, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out [][]string
	cells := make([]driver.Value, len(r.Columns()))
	for {
		if err := r.Next(cells); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return out, err
		}
		row := make([]string, len(cells))
		for i, v := range cells {
			row[i] = fmt.Sprint(v)
		}
		out = append(out, row)
	}
}

// missing is what a reader sees of a relation that does not exist.
const missing = "missing"

// look is one reader's look at a relation: what its rows are, as one text, and whether they are whole. It is one statement, so that it sees one
// moment. A day limits it to the rows of a batch.
func (d *database) look(r relation, columns, day string) string {
	where, whole, marker := "", r.whole, "run"
	if day != "" {
		where, whole = " where happened::date = date '"+day+"'", "count(*) = 120 and min(run) = max(run)"
	}
	if r.marker != "" {
		marker = r.marker
	}
	if columns == "" {
		columns = "*"
	}
	// The driver prepares the statement at one moment and runs it at another, and the plan of a column that had no values then stays as it is:
	// within a transaction both see the same.
	if err := d.exec("begin transaction"); err != nil {
		return "error: " + err.Error()
	}
	look := lookOf(d.query("with t as (select * from " + r.name + where + "), c as (select " + columns + " from t) select count(*), min(" + marker + "), max(" + marker +
		"), (select sum(hash(c)::hugeint) from c), " + whole + " from t"))
	if err := d.exec("rollback"); err != nil {
		return "error: " + err.Error()
	}
	return look
}

func lookOf(got [][]string, err error) string {
	switch {
	case err != nil && strings.Contains(err.Error(), "does not exist"):
		return missing
	case err != nil:
		return "error: " + err.Error()
	case got[0][0] == "0" && got[0][4] != "true":
		return "empty"
	case got[0][4] != "true":
		return fmt.Sprintf("not whole: %s rows of the runs %s to %s", got[0][0], got[0][1], got[0][2])
	}
	return fmt.Sprintf("%s rows of the runs %s to %s, %s", got[0][0], got[0][1], got[0][2], got[0][3])
}

// names lists the relations that exist, but for the raw data.
func (d *database) names(t *testing.T) []string {
	t.Helper()
	got, err := d.query("select table_schema || '.' || table_name from information_schema.tables where table_schema <> 'raw' order by 1")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range got {
		out = append(out, r[0])
	}
	return out
}

// leftovers are relations that no build means to leave.
func (d *database) leftovers(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(d.names(t), func(name string) bool {
		return slices.ContainsFunc(relations, func(r relation) bool { return r.name == name })
	})
}
