package tests

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws"
)

// update rewrites the outputs in the scripts by what the commands say now.
var update = flag.Bool("update", false, "rewrite golden outputs")

// exitFile is where the program that stands for weft notes its exit code, for the command `exits`.
const exitFile = "WEFT_TEST_EXIT_FILE"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"weft": func() {
			code := cli.Main(cli.System())
			if path := os.Getenv(exitFile); path != "" {
				if err := os.WriteFile(path, []byte(strconv.Itoa(code)), 0o600); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
			os.Exit(code)
		},
	})
}

// TestScripts runs testdata/script/*.txtar: what a user types, and what they see. The program is this test binary, so scripts always try
// the code at hand. Beside testscript's own commands there are
//
//	append FILE LINE          add a line to a file
//	fakeaws                   start the stand-ins of AWS and lead the environment to them; every query answers one row
//	example                   copy models/sales into the working folder
//	replace FILE OLD NEW      put one text in the place of another, which must be there
//	project NAME              write a minimal project of that name into the working folder, where files of it are missing
//	exits N                   the last weft ended with this code
//	line-end FILE             add a line end where the file has none, as files in a script always do
//	untimed FILE              replace times, durations and ids in a file, so that it can be compared
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv(exitFile, env.WorkDir+"/.exit")
			env.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"append":   appendLine,
			"fakeaws":  startFakes,
			"example":  example,
			"replace":  replace,
			"project":  project,
			"exits":    exits,
			"line-end": lineEnd,
			"untimed":  untimed,
		},
	})
}

func appendLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: append FILE LINE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+args[1]+"\n"), 0o600))
}

func startFakes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: fakeaws")
	}
	s, err := fakeaws.Start(context.Background(), fakeaws.Options{Addr: "127.0.0.1:0"})
	ts.Check(err)
	one := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"id":"1","columns":[{"name":"id","type":"integer","typeSignature":{"rawType":"integer","arguments":[]}}],"data":[[1]],"stats":{"state":"FINISHED"}}`)
	}))
	s.Athena.Trino = engines.Client{URL: one.URL}
	ts.Defer(func() {
		one.Close()
		s.Close()
	})
	for name, value := range s.Client() {
		ts.Setenv(name, value)
	}
}

func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: example")
	}
	ts.Check(copyProject(ts.MkAbs("."), exampleDir))
}

func project(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: project NAME")
	}
	for path, text := range map[string]string{
		"dbt_project.yml": "name: %s\nversion: '1.0'\nprofile: %[1]s\n",
		"profiles.yml":    "%s:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: '%[1]s.duckdb', schema: main, threads: 1}\n",
	} {
		if _, err := os.Stat(ts.MkAbs(path)); err == nil {
			continue
		}
		ts.Check(os.WriteFile(ts.MkAbs(path), fmt.Appendf(nil, text, args[0]), 0o600))
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: exits CODE")
	}
	code, err := os.ReadFile(ts.Getenv(exitFile))
	ts.Check(err)
	if string(code) != args[0] {
		ts.Fatalf("weft ended with code %s, not %s", code, args[0])
	}
}

func lineEnd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: line-end FILE")
	}
	if text := ts.ReadFile(args[0]); !strings.HasSuffix(text, "\n") {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text+"\n"), 0o600))
	}
}

// untimed makes what differs between two runs of the same thing the same: 12:34:56 becomes TIME, 0.01s becomes 0.00s.
func untimed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: untimed FILE")
	}
	path := ts.MkAbs(args[0])
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(path, []byte(withoutTimes(text)), 0o600))
}

func withoutTimes(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		n := 0 // length of a run of digits, points and colons
		for i+n < len(text) && (text[i+n] >= '0' && text[i+n] <= '9' || text[i+n] == ':' || text[i+n] == '.') {
			n++
		}
		run := text[i : i+n]
		switch {
		case n == 8 && run[2] == ':' && run[5] == ':':
			out.WriteString("TIME")
		case n > 0 && strings.Contains(run, ".") && i+n < len(text) && text[i+n] == 's':
			out.WriteString("0.00")
		case n > 0 && strings.HasPrefix(text[i+n:], " seconds"):
			out.WriteString("0.00")
		case n > 0:
			out.WriteString(run)
		default:
			out.WriteByte(text[i])
			n = 1
		}
		i += n
	}
	return out.String()
}
