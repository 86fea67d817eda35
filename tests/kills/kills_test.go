//go:build engines

// Package kills tries what weft promises of a process that dies: it is killed at each of its calls to AWS, and readers see the old rows or the
// new ones, a retry ends where an undisturbed build does, and weft gc leaves nothing behind.
//
// The fakes of AWS make the moments exact: they hold the call at which the process is killed, or carry it out and keep the answer. Queries
// that were begun go on behind it, as at AWS. -whole tries every kill (make kills), the tests a part of them.
package kills

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-data/weft/adapters/adaptertest"
	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/enginetest"
	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

var (
	whole = flag.Bool("whole", false, "kill at every call")
	part  = flag.String("part", "", "of the kills those of this part alone: 2/3 is the second of three")
)

// asWeft in the environment makes this test binary the program weft, so that what is killed is the code at hand.
const asWeft = "WEFT_TEST_AS_WEFT"

var stack *fakeaws.Stack

func TestMain(m *testing.M) {
	if os.Getenv(asWeft) != "" {
		os.Exit(cli.Main(cli.System()))
	}
	flag.Parse()
	os.Exit(enginetest.Main(m, func(s *fakeaws.Stack) { stack = s }))
}

// relations are what the project makes, with the columns that do not tell the time of the run.
var relations = map[string]string{
	"raw": "id, run, amount", "as_hive": "id, run, amount", "merged": "id, run, total", "appended": "id, run", "by_kind": "id, run, kind",
	"by_day": "id, run, at", "shown": "id, run, name", "names": "id, name", "history": "id, amount, dbt_valid_to is null",
}

// looks are what readers ask: for the rows of each relation, of the one that is published by the day for those of each day.
func looks() map[string]string {
	out := map[string]string{}
	for name := range relations {
		if name == "by_day" {
			for day := 1; day <= 2; day++ {
				out[fmt.Sprintf("by_day %d", day)] = fmt.Sprintf("(select * from shop.by_day where day(at) = %d)", day)
			}
			continue
		}
		out[name] = "shop." + name
	}
	return out
}

// shop is the project with the state of the lake before the build that is killed.
type shop struct {
	dir, base string
	restore   func()
	objects   func() error
}

func (s *shop) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"HOME=" + s.dir, asWeft + "=1", "NO_COLOR=1", "OPENLINEAGE_DISABLED=true", "TMPDIR=" + os.Getenv("TMPDIR")}
	for name, value := range stack.Client() {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// save keeps the lake as it is now.
func (s *shop) save(t *testing.T) {
	s.restore = stack.Catalog.Save()
	var err error
	if s.objects, err = stack.Objects.Save(fakeaws.Bucket); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) reset(t *testing.T) {
	s.quiet()
	s.restore()
	if err := s.objects(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(s.dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.dir, os.DirFS(s.base)); err != nil {
		t.Fatal(err)
	}
}

// quiet waits until nothing runs any more that an earlier test has begun.
func (s *shop) quiet() {
	for range 100 {
		if stack.Athena.Idle() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (s *shop) trino(sql string) (engines.Result, error) {
	c := engines.Client{URL: stack.Trino.URL, Catalog: "awsdatacatalog", Schema: "shop"}
	return c.Run(context.Background(), sql)
}

// look asks for all relations at once, and for each by itself if one is missing. Days of a relation that is not there have no rows.
func (s *shop) look(t *testing.T) map[string]string {
	out := map[string]string{}
	from := looks()
	of := func(name string) string {
		columns := relations[strings.Fields(name)[0]]
		return "select '" + name + "' as name, count(*) as n, to_hex(checksum(row(" + columns + "))) as sum from " + from[name]
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(from)) {
		all = append(all, of(name))
	}
	take := func(r engines.Result) {
		for _, row := range r.Rows {
			out[fmt.Sprint(row[0])] = fmt.Sprint(row[1:])
		}
	}
	r, err := s.trino(strings.Join(all, " union all "))
	if err == nil {
		take(r)
		return out
	}
	for name := range from {
		r, err := s.trino(of(name))
		switch {
		case err == nil:
			take(r)
		case strings.Contains(err.Error(), "does not exist") && strings.Contains(name, " "):
			out[name] = "[0 <nil>]"
		case strings.Contains(err.Error(), "does not exist"):
			out[name] = "missing"
		default:
			out[name] = "error: " + err.Error()
		}
	}
	return out
}

// state reads the catalog and the objects: what each folder is used for, and what is nobody's.
func (s *shop) state(t *testing.T) (objects, orphans []string) {
	used := map[string]string{}
	entries := stack.Catalog.Entries("shop")
	versions := map[string]string{} // of tables behind a view
	for _, e := range entries {
		if _, known := relations[e.Name]; known {
			for what, version := range map[string]string{"current": e.Parameters["weft_version"], "previous": e.Parameters["weft_previous_version"]} {
				if version != "" {
					versions[version] = what + " version of " + e.Name
				}
			}
		}
	}
	for _, e := range entries {
		name := e.Name
		if version := versions[e.Name]; version != "" {
			name = version
		} else if _, known := relations[e.Name]; !known {
			orphans = append(orphans, "entry "+e.Name)
		}
		objects = append(objects, "entry "+name)
		for what, place := range map[string]string{"current": e.Location, "previous": e.Parameters["weft_previous_location"]} {
			if place != "" {
				used[strings.TrimSuffix(place, "/")+"/"] = what + " of " + name
			}
		}
	}
	for _, e := range entries { // versions share the folders of partitions that stay
		for _, place := range e.Places {
			if place = strings.TrimSuffix(place, "/") + "/"; versions[e.Name] != "" {
				used[place] = "partitions behind a view"
			}
		}
	}
	keys, err := stack.Objects.Keys(fakeaws.Bucket, "")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, k := range keys {
		url, of, longest := "s3://"+fakeaws.Bucket+"/"+k, "", 0
		for place, name := range used {
			if strings.HasPrefix(url, place) && len(place) > longest {
				of, longest = name, len(place)
			}
		}
		switch {
		case of == "":
			orphans = append(orphans, k)
		// What a batch that is repeated has replaced belongs to an older snapshot of the table.
		case !strings.Contains(k, "/metadata/") && !strings.HasSuffix(of, " by_day"):
			count[of]++
		}
	}
	for name, n := range count {
		objects = append(objects, fmt.Sprintf("%d files of the %s", n, name))
	}
	slices.Sort(objects)
	return objects, orphans
}

// polls are calls that only wait: a kill at a later one finds what a kill at the first one does, or at the call after the last.
func polls() func(call string) bool {
	var mu sync.Mutex
	polled := false
	return func(call string) bool {
		mu.Lock()
		defer mu.Unlock()
		again := polled && strings.HasSuffix(call, "BatchGetQueryExecution")
		polled = strings.HasSuffix(call, "BatchGetQueryExecution")
		return !again
	}
}

func (s *shop) killable(build ...string) adaptertest.Killable {
	counts := polls()
	return adaptertest.Killable{
		Reset: func(t *testing.T) { s.reset(t); counts = polls() }, Command: s.command, Build: build,
		Gate: func(gate func(string, func()) bool) {
			if gate == nil {
				stack.SetGate(nil, "")
				return
			}
			stack.SetGate(func(c wire.Call, serve func()) bool { return gate(c.Service+" "+operation(c), serve) }, glue.Engine)
		},
		Counts: func(call string) bool { return counts(call) },
		Changes: func(call string) bool {
			return !strings.Contains(call, " Get") && !strings.Contains(call, " BatchGet") && !strings.Contains(call, " List") && !strings.HasPrefix(call, "s3 GET") && !strings.HasPrefix(call, "s3 HEAD")
		},
		Begun: func() bool {
			found, _ := filepath.Glob(filepath.Join(s.dir, "target/weft/journal/*.journal"))
			return slices.ContainsFunc(found, func(path string) bool {
				info, err := os.Stat(path)
				return err == nil && info.Size() > 100
			})
		},
		Look:    s.look,
		Objects: func(t *testing.T) []string { o, _ := s.state(t); return o },
		Orphans: func(t *testing.T) []string { _, o := s.state(t); return o },
	}
}

// operation is a call without what differs from run to run.
func operation(c wire.Call) string {
	if c.Service != "s3" {
		return c.Operation
	}
	method, _, _ := strings.Cut(c.Operation, " ")
	return method
}

// build is the command line of the build that makes the rows of a run.
func build(run int) []string {
	return []string{"build", "--vars", fmt.Sprintf("{run: %d}", run), "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-03"}
}

// TestKills kills a first build, and one that finds all relations with older rows.
func TestKills(t *testing.T) {
	s := &shop{dir: filepath.Join(t.TempDir(), "shop"), base: t.TempDir()}
	if err := os.CopyFS(s.base, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	s.save(t)
	t.Run("first build", func(t *testing.T) { adaptertest.Kills(t, s.killable(build(1)...), chosen(t)) })
	s.reset(t)
	e := s.killable()
	for run := range 2 { // so that there is an older version to go
		if out, err := e.Command(build(run + 1)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if err := os.RemoveAll(filepath.Join(s.dir, "target")); err != nil {
		t.Fatal(err)
	}
	s.save(t)
	t.Run("next build", func(t *testing.T) { adaptertest.Kills(t, s.killable(build(3)...), chosen(t)) })
}

// chosen are the kills to try: all, a part of them, or, without -whole, some that are spread over the build, most of them with the answer lost.
func chosen(t *testing.T) func(int, adaptertest.Kill) bool {
	if *part != "" {
		var n, of int
		if _, err := fmt.Sscanf(*part, "%d/%d", &n, &of); err != nil || n < 1 || n > of {
			t.Fatalf("-part is %q; expected 1/3, 2/3 or 3/3, say", *part)
		}
		return func(i int, _ adaptertest.Kill) bool { return i%of == n-1 }
	}
	lost, other := 0, 0
	return func(_ int, k adaptertest.Kill) bool {
		if k.After {
			lost++
			return *whole || lost%15 == 7
		}
		other++
		return *whole || other%60 == 30
	}
}
