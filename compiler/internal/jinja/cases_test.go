package jinja

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// oracleCase is one template with what Jinja2 gives for it: a text, or a refusal.
type oracleCase struct {
	Name     string  `json:"name"`
	Template string  `json:"template"`
	Text     *string `json:"text"`
	Error    *string `json:"error"`
}

// readCases reads cases, one JSON object a line.
func readCases(t testing.TB, r io.Reader) []oracleCase {
	t.Helper()
	var out []oracleCase
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var c oracleCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// oracleContext reads the variables that the cases are rendered with.
func oracleContext(t testing.TB) *Dict {
	t.Helper()
	text, err := os.ReadFile("testdata/context.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	v, err := readJSON(d)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*Dict)
}

// readJSON reads a value and keeps the order of objects.
func readJSON(d *json.Decoder) (Value, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case nil:
		return None, nil
	case bool:
		return Bool(v), nil
	case string:
		return Str(v), nil
	case json.Number:
		return Literal(v.String())
	}
	if tok == json.Delim('[') {
		l := NewList()
		for d.More() {
			item, err := readJSON(d)
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, item)
		}
		_, err = d.Token()
		return l, err
	}
	o := NewDict(0)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		item, err := readJSON(d)
		if err != nil {
			return nil, err
		}
		o.Set(key.(string), item)
	}
	_, err = d.Token()
	return o, err
}

type dictScope struct{ d *Dict }

func (s dictScope) Lookup(name string) (Value, bool) { return s.d.Get(name) }

// render gives a template's text, or the error.
func render(text string, scope Scope) (string, error) {
	tmpl, diags := Parse(source.Whole(source.NewFile("t.sql", text)), Options{})
	if diags.HasErrors() {
		return "", diags[0]
	}
	out, err := tmpl.Render(&Thread{}, scope)
	return out.Text, err
}

// check compares a case with what this package gives; the answer is "" if they agree.
func (c *oracleCase) check(context *Dict) string {
	begin := time.Now()
	got, err := render(c.Template, dictScope{context.DeepCopy()})
	if d := time.Since(begin); d > 5*time.Second {
		return fmt.Sprintf("%s took %v", c.Name, d)
	}
	switch {
	case c.Text == nil && err == nil:
		return fmt.Sprintf("%s\n  template %q\n  gives    %q\n  Jinja2 refuses: %s", c.Name, c.Template, got, *c.Error)
	case c.Text != nil && err != nil:
		return fmt.Sprintf("%s\n  template %q\n  is refused: %v\n  Jinja2 gives %q", c.Name, c.Template, err, *c.Text)
	case c.Text != nil && got != *c.Text:
		return fmt.Sprintf("%s\n  template %q\n  gives        %q\n  Jinja2 gives %q", c.Name, c.Template, got, *c.Text)
	}
	return ""
}

// TestGolden renders the committed probes, whose results Jinja2 itself has written (tests/oracle/jinja).
func TestGolden(t *testing.T) {
	f, err := os.Open("testdata/probes.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	context := oracleContext(t)
	cases := readCases(t, f)
	if len(cases) < 700 {
		t.Fatalf("only %d probes", len(cases))
	}
	for i := range cases {
		if bad := cases[i].check(context); bad != "" {
			t.Error(bad)
		}
	}
}

func parseText(text string, o Options) (*Template, diag.List) {
	return Parse(source.Whole(source.NewFile("t.sql", text)), o)
}
