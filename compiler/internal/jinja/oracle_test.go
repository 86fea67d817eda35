//go:build oracle

package jinja

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"github.com/weft-data/weft/compiler/source"
	"maps"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOracle renders what tests/oracle/jinja/oracle.py writes with the real Jinja2, whose Python is named by JINJA_PYTHON:
// the probes, and random programs (ORACLE_PROGRAMS of them, from ORACLE_SEED).
func TestOracle(t *testing.T) {
	count, seed := os.Getenv("ORACLE_PROGRAMS"), os.Getenv("ORACLE_SEED")
	if count == "" {
		count = "3000"
	}
	if seed == "" {
		seed = "1"
	}
	context := oracleContext(t)
	for _, args := range [][]string{{"probes"}, {"programs", count, seed}} {
		cases := oracleCases(t, args...)
		failed, refused := 0, 0
		for i := range cases {
			if cases[i].Text == nil {
				refused++
			}
			if bad := cases[i].check(context); bad != "" {
				if failed++; failed <= 40 {
					t.Error(bad)
				}
			}
		}
		t.Logf("%s: %d of %d templates agree, %d of them refused", args[0], len(cases)-failed, len(cases), refused)
	}
}

func oracleCases(t *testing.T, args ...string) []oracleCase {
	t.Helper()
	return readCases(t, bytes.NewReader(oracleOutput(t, args...)))
}

func oracleOutput(t *testing.T, args ...string) []byte {
	t.Helper()
	python := os.Getenv("JINJA_PYTHON")
	if python == "" {
		t.Skip("JINJA_PYTHON names no Python with Jinja2")
	}
	cmd := osexec.Command(python, append([]string{"../../../tests/oracle/jinja/oracle.py"}, args...)...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaint.String())
	}
	return out
}

// macroCase is the call of a macro of a real project.
type macroCase struct {
	oracleCase
	Library int               `json:"library"`
	Package string            `json:"package"`
	Macro   string            `json:"macro"`
	Args    []json.RawMessage `json:"args"`
	Macros  []struct{ Name, Package, SQL string }
}

// TestOracleMacros calls the macros of the manifests below SHARED, each alone, here and in Jinja2.
func TestOracleMacros(t *testing.T) {
	shared := os.Getenv("SHARED")
	if shared == "" {
		t.Skip("SHARED names no folder with manifests")
	}
	shared, err := filepath.Abs(shared)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(oracleOutput(t, "macros", filepath.Join(shared, "corpora/dbt-packages"))))
	lines.Buffer(nil, 256<<20)
	var library *macroLibrary
	agree, refused, total := 0, 0, 0
	for lines.Scan() {
		var c macroCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Macros != nil {
			library = newMacroLibrary(&c)
			continue
		}
		total++
		if c.Text == nil {
			refused++
		}
		got, err := library.call(t, &c)
		switch {
		case c.Text == nil && err == nil:
			t.Errorf("%s\n  gives %s\n  Jinja2 refuses: %s", c.Name, got, *c.Error)
		case c.Text != nil && err != nil:
			t.Errorf("%s\n  is refused: %v\n  Jinja2 gives %s", c.Name, err, *c.Text)
		case c.Text != nil && got != *c.Text:
			t.Errorf("%s\n  gives        %s\n  Jinja2 gives %s", c.Name, got, *c.Text)
		default:
			agree++
		}
	}
	t.Logf("macros: %d of %d calls agree, %d of them refused", agree, total, refused)
}

// macroLibrary is the context of tests/oracle/jinja/macros.py.
type macroLibrary struct {
	names   Names
	byOwner map[string]*Dict
}

func newMacroLibrary(c *macroCase) *macroLibrary {
	l := &macroLibrary{byOwner: map[string]*Dict{}}
	text := func(v Value) *Func { return NewFunc("f", func(*Call) (Value, error) { return v, nil }) }
	second := func(missing Value) *Func {
		return NewFunc("var", func(c *Call) (Value, error) {
			args, err := c.Bind("var", 1, "name", "default")
			if err != nil || args[1] != nil {
				return args[1], err
			}
			return missing, nil
		})
	}
	dict := func(pairs ...any) *Dict {
		d := NewDict(0)
		for i := 0; i < len(pairs); i += 2 {
			d.Set(pairs[i].(string), pairs[i+1].(Value))
		}
		return d
	}
	quoted := func(sep string) *Func {
		return NewFunc("ref", func(c *Call) (Value, error) {
			parts := make([]string, len(c.Args))
			for i, a := range c.Args {
				s, ok := asString(a)
				if !ok {
					return nil, typeErrorf("sequence item %d: expected str instance", i)
				}
				parts[i] = s
			}
			return Str(`"` + strings.Join(parts, sep) + `"`), nil
		})
	}
	l.names = Names{
		"return": Return, "var": second(None), "env_var": second(Str("")), "ref": quoted("."),
		"source": NewFunc("source", func(c *Call) (Value, error) {
			args, err := c.Bind("source", 2, "a", "b")
			if err != nil {
				return nil, err
			}
			return Str(`"` + Text(args[0]) + `"."` + Text(args[1]) + `"`), nil
		}),
		"log": text(Str("")), "run_query": text(None), "execute": Bool(false), "this": Str("this_table"),
		"target": dict("name", Str("dev"), "schema", Str("s"), "database", Str("db"), "type", Str("postgres")),
		"flags":  dict("FULL_REFRESH", Bool(false)),
		"adapter": dict("dispatch", NewFunc("dispatch", l.dispatch), "quote", NewFunc("quote", func(c *Call) (Value, error) {
			return Str(`"` + Text(c.Args[0]) + `"`), nil
		})),
		"exceptions": dict("raise_compiler_error", NewFunc("raise", func(c *Call) (Value, error) {
			return nil, errors.New(Text(c.Args[0]))
		}), "warn", text(Str(""))),
	}
	for _, m := range c.Macros {
		owner := l.byOwner[m.Package]
		if owner == nil {
			owner = NewDict(0)
			l.byOwner[m.Package] = owner
		}
		owner.Set(m.Name, &lateMacro{l: l, name: m.Name, sql: m.SQL})
	}
	for _, owner := range slices.Sorted(maps.Keys(l.byOwner)) {
		for k, v := range l.byOwner[owner].Entries {
			if _, known := l.names[string(k.(Str))]; !known {
				l.names[string(k.(Str))] = v
			}
		}
	}
	for name, d := range l.byOwner {
		l.names[name] = d
	}
	return l
}

func (l *macroLibrary) dispatch(c *Call) (Value, error) {
	args, err := c.Bind("dispatch", 1, "macro_name", "macro_namespace")
	if err != nil {
		return nil, err
	}
	owners := slices.Sorted(maps.Keys(l.byOwner))
	if args[1] != nil && Truth(args[1]) {
		owners = []string{Text(args[1])}
	}
	for _, owner := range owners {
		for _, prefix := range []string{"postgres__", "default__"} {
			if d := l.byOwner[owner]; d != nil {
				if m, ok := d.Get(prefix + Text(args[0])); ok {
					return m, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("no macro %s", Text(args[0]))
}

func (l *macroLibrary) call(t *testing.T, c *macroCase) (string, error) {
	args := make([]Value, len(c.Args))
	for i, raw := range c.Args {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		v, err := readJSON(d)
		if err != nil {
			t.Fatal(err)
		}
		args[i] = v
	}
	m, ok := l.byOwner[c.Package].Get(c.Macro)
	if !ok {
		t.Fatalf("no macro %s", c.Macro)
	}
	v, err := m.(Callable).Call(&Call{Thread: &Thread{}, Scope: l.names, Args: args})
	if err != nil {
		return "", err
	}
	return reprOf(v)
}

// lateMacro parses its text when it is first called.
type lateMacro struct {
	l         *macroLibrary
	name, sql string
	macro     *Macro
}

func (*lateMacro) TypeName() string { return "function" }

func (m *lateMacro) Call(c *Call) (Value, error) {
	if m.macro == nil {
		filters := MarkFilters()
		tmpl, diags := Parse(source.Whole(source.NewFile(m.name, m.sql)), Options{Filters: filters})
		if diags.HasErrors() {
			return nil, diags[0]
		}
		for _, macro := range tmpl.Macros() {
			if macro.Name == m.name {
				m.macro = macro
			}
		}
		if m.macro == nil {
			return nil, fmt.Errorf("%s is not in its text", m.name)
		}
	}
	return m.macro.Bind(m.l.names).Call(c)
}
