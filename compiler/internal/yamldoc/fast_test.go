package yamldoc

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// byLibrary reads a text with the library alone.
func byLibrary(f *source.File) (root *Node, diags diag.List) {
	d := document{file: f, memory: &Memory{}}
	d.base, d.text = trim(source.Whole(f))
	defer func() {
		if r := recover(); r != nil {
			diags = append(d.diags, r.(halt).d)
		}
	}()
	d.checkText()
	return d.library(), d.diags
}

// byFast reads a text with the fast reader alone.
func byFast(f *source.File) (root *Node, diags diag.List, ok bool) {
	d := document{file: f, memory: &Memory{}}
	d.base, d.text = trim(source.Whole(f))
	defer func() {
		if r := recover(); r != nil {
			_ = r.(halt)
		}
	}()
	d.checkText()
	root, ok = d.fast()
	return root, d.diags, ok
}

// describe writes a tree with all its places.
func describe(b *strings.Builder, n *Node) {
	fmt.Fprintf(b, "(%s %d-%d %v", n.Kind, n.Span.Start, n.Span.End, n.Style)
	switch n.Kind {
	case Sequence:
		for _, c := range n.Items {
			describe(b, c)
		}
	case Mapping:
		for _, p := range n.Pairs {
			fmt.Fprintf(b, " %q", p.Name)
			describe(b, p.Key)
			describe(b, p.Value)
		}
	default:
		fmt.Fprintf(b, " %q %v %d %v %v", n.Str, n.Bool, n.Int, n.Big, n.Float)
	}
	b.WriteByte(')')
}

// compare says how the two readers differ on a text, if the fast one takes it.
func compare(text string) (used bool, difference string) {
	f := source.NewFile("x.yml", text)
	fast, fastDiags, ok := byFast(f)
	if !ok {
		return false, ""
	}
	slow, slowDiags := byLibrary(f)
	var a, b strings.Builder
	describe(&a, fast)
	for _, d := range fastDiags {
		a.WriteString(d.Error())
	}
	if slow == nil || slowDiags.HasErrors() {
		return true, fmt.Sprintf("the library refuses: %v", slowDiags)
	}
	describe(&b, slow)
	for _, d := range slowDiags {
		b.WriteString(d.Error())
	}
	if a.String() != b.String() {
		return true, "fast    " + a.String() + "\nlibrary " + b.String()
	}
	return true, ""
}

func TestFastReaderAsLibrary(t *testing.T) {
	raw, err := os.ReadFile("testdata/pyyaml.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]any
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	used, sound, bad := 0, 0, 0
	for _, c := range cases {
		text := c[0].(string)
		if c[1].([]any)[0] != "error" {
			sound++
		}
		took, diff := compare(text)
		if took {
			used++
		}
		if diff != "" && known(text) == "" {
			if bad++; bad < 20 {
				t.Errorf("%q\n%s", text, diff)
			}
		}
	}
	if used < sound*7/10 {
		t.Errorf("the fast reader took %d of %d sound documents", used, sound)
	}
}

func FuzzFastReader(f *testing.F) {
	for _, s := range []string{"a: 1\nb:\n  - c\n  - d: 'e'\n", "- |\n  x\n\n   y\n- >-\n  a\n  b\n", "{a: [b, 'c', \"d\"]}", "a: b\n  c\n\n  d # e\n", "---\na:\n- b\n#c\n- d\n", "? a", "a: &b c\nd: *b", "a: \"\\u0041\\n\n  b\"", "a: {b: c,\n d: [e,\n f]}\n", "a:\n  'b c' : d\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Where the library differs from libyaml on purpose or by age, the fast reader follows libyaml.
		if strings.ContainsAny(text, "?") || strings.Contains(text, `\/`) {
			return
		}
		if _, diff := compare(text); diff != "" {
			t.Errorf("%q\n%s", text, diff)
		}
	})
}
