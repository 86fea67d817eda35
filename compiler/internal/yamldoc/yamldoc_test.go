package yamldoc

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// typed writes a node as the oracle script writes a Python value.
func typed(n *Node) any {
	switch n.Kind {
	case Null:
		return []any{"n"}
	case Bool:
		return []any{"b", n.Bool}
	case Int:
		if n.Big {
			return []any{"i", n.Str}
		}
		return []any{"i", strconv.FormatInt(n.Int, 10)}
	case Float:
		return []any{"f", FormatFloat(n.Float)}
	case String:
		return []any{"s", n.Str}
	case Date:
		return []any{"d", n.ISOFormat()}
	case DateTime:
		return []any{"t", n.ISOFormat()}
	case Sequence:
		items := []any{}
		for _, c := range n.Items {
			items = append(items, typed(c))
		}
		return []any{"l", items}
	}
	pairs := []any{}
	for _, p := range n.Pairs {
		pairs = append(pairs, []any{p.Name, typed(p.Key), typed(p.Value)})
	}
	return []any{"m", pairs}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// known says why weft differs from PyYAML on a document: what the YAML library, a port of an older libyaml, does not do.
func known(text string) string {
	switch {
	case strings.Contains(text, `\/`):
		return `the library does not know the escape \/`
	case strings.Contains(text, "z=1]"), strings.Contains(text, "g-?h"):
		return "the library ends a plain scalar in a flow collection at a question mark"
	case text == "[a:]":
		return "the library takes a colon at the end of a plain scalar in a flow collection"
	case text == "!", text == "k: !", strings.HasPrefix(text, " a#b: ! # note"):
		return "the library makes an empty value with the tag ! null"
	}
	return ""
}

func TestValuesAsPyYAML(t *testing.T) {
	raw, err := os.ReadFile("testdata/pyyaml.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]json.RawMessage
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 3000 {
		t.Fatalf("only %d cases", len(cases))
	}
	bad := 0
	for _, c := range cases {
		var text string
		var want any
		if err := json.Unmarshal(c[0], &text); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(c[1], &want); err != nil {
			t.Fatal(err)
		}
		root, diags := Parse(source.NewFile("x.yml", text))
		got := `["error"]`
		if !diags.HasErrors() {
			got = encode(t, typed(root))
		}
		if w := encode(t, want); got != w && known(text) == "" {
			if bad++; bad <= 40 {
				t.Errorf("%q\n  PyYAML %s\n  weft   %s %v", text, w, got, diags)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d differ", bad, len(cases))
	}
}

func TestSpans(t *testing.T) {
	text := "# head\na: plain text # c\nb: 'it''s'\nc: \"x\\ny\"\nd: |\n  one\n    two\n\ne:\n  - f\n  - {g: h, i: [j]}\nk: first\n  second\nl: >-\n  q\n  r\nm: é\nn: &x\n  o: p\nz: !!str 5\n"
	f := source.NewFile("x.yml", text)
	root, diags := Parse(f)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for _, c := range []struct{ path, want string }{
		{"a", "plain text"}, {"b", "'it''s'"}, {"c", `"x\ny"`}, {"d", "|\n  one\n    two"}, {"e", "- f\n  - {g: h, i: [j]}"}, {"e.1", "{g: h, i: [j]}"},
		{"e.1.i", "[j]"}, {"k", "first\n  second"}, {"l", ">-\n  q\n  r"}, {"m", "é"}, {"n", "o: p"}, {"z", "5"},
	} {
		n := root
		for _, step := range strings.Split(c.path, ".") {
			if i, err := strconv.Atoi(step); err == nil {
				n = n.Items[i]
			} else {
				n = n.Get(step)
			}
		}
		if got := n.Span.Text(); got != c.want {
			t.Errorf("%s: span %q, want %q", c.path, got, c.want)
		}
	}
	if got := root.Pair("e").Key.Span.Text(); got != "e" {
		t.Errorf("key span %q", got)
	}
}

func TestLocate(t *testing.T) {
	for _, c := range []struct{ text, find string }{
		{"a: one two three", "two"},
		{"a: 'it''s two'", "two"},
		{`a: "x\n\t\u00e9 two"`, "two"},
		{"a: |\n    one\n      {{ two }}\n    three\n", "two"},
		{"a: >\n  one\n  two\n\n  three\n", "three"},
		{"a: one\n  two\n  three", "three"},
		{"a: \"one \\\n   two\"", "two"},
	} {
		root, diags := Parse(source.NewFile("x.yml", c.text))
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		n := root.Get("a")
		i := strings.Index(n.Str, c.find)
		if got := n.Locate(i, i+len(c.find)); got.Text() != c.find {
			t.Errorf("%q: %q found at %q", c.text, c.find, got.Text())
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text, at string // line:column
		code     diag.Code
		detail   string
		hint     string
	}{
		{"a: 1\nb: c: d\n", "2:5", diag.YAMLSyntax, "mapping values are not allowed", "quotes"},
		{"models:\n  - name: a\n   columns: []\n", "3:4", diag.YAMLSyntax, "", ""},
		{"a:\n  b: 1\n c: 2\n", "3:2", diag.YAMLSyntax, "did not find expected key", "same column"},
		{"a:\n\tb: 1\n", "2:1", diag.YAMLSyntax, "cannot start any token", "tab"},
		{"a: 1\nb: \"open\nc: 2\nd: 3\n", "2:4", diag.YAMLSyntax, "unexpected end of stream", "never closed"},
		{"a: 1\nb: @x\n", "2:4", diag.YAMLSyntax, "cannot start any token", "quotes"},
		{"a: {{ var('x') }}\n", "1:4", diag.YAMLKey, "cannot be a key", "quotes"},
		{"a: 1\nb: {{ var('x') }}-z\n", "2:4", diag.YAMLSyntax, "", "quotes"},
		{"a: *nope\n", "1:4", diag.YAMLAlias, "no anchor", "quotes"},
		{"a: 1\n---\nb: 2\n", "2:1", diag.YAMLDocuments, "single document", "own"},
		{"a: 2024-02-31\n", "1:4", diag.YAMLValue, "a date", ""},
		{"a: !foo x\n", "1:4", diag.YAMLTag, "!foo", ""},
		{"a: &x [*x]\n", "1:8", diag.YAMLAlias, "its own anchor", ""},
		{"a: \xff\n", "1:4", diag.YAMLEncoding, "0xff", ""},
		{"a: 1\nb: \x01\n", "2:4", diag.YAMLEncoding, "U+0001", ""},
		{"# c\n# c\n\n\na:\n  - b\n  c: d\n", "7:3", diag.YAMLSyntax, "'-' indicator", ""},
		{"a: 'x' y\n", "1:8", diag.YAMLSyntax, "", ""},
	} {
		root, diags := Parse(source.NewFile("x.yml", c.text))
		if !diags.HasErrors() || root != nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		d := diags[len(diags)-1]
		p := d.Span.Position()
		if at := strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column); at != c.at || d.Code != c.code || !strings.Contains(d.Detail, c.detail) || !strings.Contains(d.Hint, c.hint) {
			t.Errorf("%q\n  got  %s %v (hint %q)\n  want %s %s %q %q", c.text, at, d, d.Hint, c.at, c.code, c.detail, c.hint)
		}
	}
}

func TestDuplicateKeys(t *testing.T) {
	root, diags := Parse(source.NewFile("x.yml", "a: 1\nb: 2\na: 3\n"))
	if len(diags) != 1 || diags[0].Code != diag.YAMLDuplicateKey || !diags[0].Deprecation || diags[0].Span.Position().Line != 3 || diags[0].Related[0].Span.Position().Line != 1 {
		t.Fatalf("%+v", diags)
	}
	if root.Get("a").Int != 3 || root.Pairs[0].Name != "a" || len(root.Pairs) != 2 {
		t.Fatalf("%v", encode(t, typed(root)))
	}
}

func TestLimits(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := byte('b'); c <= 'i'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 10) + "]\n"
	}
	for _, text := range []string{bomb, strings.Repeat("[", 2000), strings.Repeat("[", 300) + strings.Repeat("]", 300), strings.Repeat("- ", 2000) + "x"} {
		_, diags := Parse(source.NewFile("x.yml", text))
		if !diags.HasErrors() || diags[len(diags)-1].Span.IsZero() {
			t.Errorf("%.20q…: %v", text, diags)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1", "- a\n- b: |\n    x\n", "{a: [b, 'c']}", "<<: {a: 1}", "a: &x 1\nb: *x", "\ta", "a: \"\\x41\"", "? a\n: b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := source.NewFile("x.yml", text)
		root, diags := Parse(file)
		if diags.HasErrors() {
			for _, d := range diags {
				if d.Span.File != file || d.Span.Start < 0 || d.Span.End > len(text) || d.Span.Start > d.Span.End {
					t.Fatalf("span %d-%d of %d", d.Span.Start, d.Span.End, len(text))
				}
			}
			return
		}
		check(t, root, text, map[*Node]bool{})
	})
}

func check(t *testing.T, n *Node, text string, seen map[*Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	if n.Span.Start < 0 || n.Span.Start > n.Span.End || n.Span.End > len(text) {
		t.Fatalf("span %d-%d of %d", n.Span.Start, n.Span.End, len(text))
	}
	if at := n.Locate(0, len(n.Str)); at.Start > at.End || at.End > len(text) {
		t.Fatalf("locate %d-%d", at.Start, at.End)
	}
	for _, c := range n.Items {
		check(t, c, text, seen)
	}
	for _, p := range n.Pairs {
		check(t, p.Key, text, seen)
		check(t, p.Value, text, seen)
	}
}
