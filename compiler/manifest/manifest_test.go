package manifest

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

// sample is a manifest that dbt wrote, with the entries as they stand in the file.
type sample struct {
	sections map[string]json.RawMessage
	*Manifest
}

func load(t testing.TB) sample {
	t.Helper()
	text, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	s := sample{sections: map[string]json.RawMessage{}}
	if err := json.Unmarshal(text, &s.sections); err != nil {
		t.Fatal(err)
	}
	if s.Manifest, err = Read(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return s
}

// keys lists the keys of an object and of the objects in it, in order; values of open shape have an order of their own.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatalf("%s is not JSON: %v\n%s", what, err, got)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
	var x, y []string
	list := func(into *[]string) func(string, json.RawMessage) error {
		return func(k string, _ json.RawMessage) error { *into = append(*into, k); return nil }
	}
	if eachField(got, list(&x)) != nil || eachField(want, list(&y)) != nil || !reflect.DeepEqual(x, y) {
		t.Errorf("%s: order of keys\n got %v\nwant %v", what, x, y)
	}
}

// What dbt wrote, read and written again, is what dbt wrote.
func TestEntriesComeBackAsDbtWroteThem(t *testing.T) {
	s := load(t)
	count := 0
	each := func(section string, encode func(id string) []byte) {
		if err := eachField(s.sections[section], func(id string, want json.RawMessage) error {
			count++
			same(t, section+" "+id, encode(id), want)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	by := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	each("nodes", func(id string) []byte { n := s.Nodes[id]; return n.AppendJSON(nil) })
	each("functions", func(id string) []byte { n := s.Functions[id]; return n.AppendJSON(nil) })
	each("sources", func(id string) []byte { n := s.Sources[id]; return n.AppendJSON(nil) })
	each("macros", func(id string) []byte { n := s.Macros[id]; return n.AppendJSON(nil) })
	each("docs", func(id string) []byte { n := s.Docs[id]; return n.AppendJSON(nil) })
	each("exposures", func(id string) []byte { return by(s.Exposures[id]) })
	each("metrics", func(id string) []byte { return by(s.Metrics[id]) })
	each("groups", func(id string) []byte { return by(s.Groups[id]) })
	each("saved_queries", func(id string) []byte { return by(s.SavedQueries[id]) })
	each("semantic_models", func(id string) []byte { return by(s.SemanticModels[id]) })
	each("unit_tests", func(id string) []byte { return by(s.UnitTests[id]) })
	if count < 55 {
		t.Errorf("only %d entries were compared", count)
	}
	same(t, "metadata", by(s.Metadata), s.sections["metadata"])
}

func TestWriterJoinsSections(t *testing.T) {
	var out strings.Builder
	w := NewWriter(&out, Metadata{})
	w.Section("nodes")
	w.Entry(`a"b`, func(b []byte) []byte { return append(b, '1') })
	w.Entries(2, []byte(`"c":2,"d":3`))
	w.Entries(0, nil)
	w.Section("empty")
	w.Section("big")
	large := []byte(`"x":"` + strings.Repeat("y", flushAt) + `"`)
	w.Entries(1, large)
	w.Value("v", []string{"w"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(strings.NewReader(strings.Replace(out.String(), `"nodes":{`, `"other":{`, 1))); err != nil {
		t.Error(err) // the schema was filled in
	}
	var got struct {
		Nodes map[string]int
		Empty map[string]int
		Big   map[string]any
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Nodes, map[string]int{`a"b`: 1, "c": 2, "d": 3}) || got.Empty == nil || len(got.Empty) > 0 || len(got.Big) != 2 {
		t.Errorf("%v", got.Nodes)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriterKeepsTheFirstFailure(t *testing.T) {
	w := NewWriter(failing{}, Metadata{})
	w.Section("nodes")
	w.Entries(1, make([]byte, flushAt))
	if err := w.Close(); err != os.ErrClosed {
		t.Error(err)
	}
}

func TestStringsAreValidJSON(t *testing.T) {
	for _, s := range []string{"", "plain", "a\"b\\c", "\x00\x1f\x7f\n\r\t", "äöü€😀", "bad \xff\xfe utf8 \xc3", "\u2028", "</script>"} {
		var got string
		if err := json.Unmarshal(AppendString(nil, s), &got); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); strings.ReplaceAll(got, "\ufffd\ufffd", "\ufffd") != want {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestFloatsAreWrittenAsPythonDoes(t *testing.T) {
	for f, want := range map[float64]string{1: "1.0", 0.5: "0.5", 1e16: "1e+16", 1e15: "1000000000000000.0", 1e-4: "0.0001", 1e-5: "1e-05", -2: "-2.0",
		1795272990.388218: "1795272990.388218", math.Inf(1): "null", 0: "0.0"} {
		if got := string(AppendFloat(nil, f)); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

func TestReadersCheckTheSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/run_results.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ReadRunResults(bytes.NewReader(text))
	if err != nil || len(r.Results) == 0 || r.Results[0].UniqueID == "" || r.Results[0].Timing[0].Name != "compile" {
		t.Fatal(err, r)
	}
	again, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "run_results.json", again, text)
	if _, err := Read(bytes.NewReader(text)); err == nil || !strings.Contains(err.Error(), "run-results/v6") {
		t.Error(err)
	}
	if _, err := ReadCatalog(strings.NewReader("{")); err == nil {
		t.Error("a cut file was read")
	}
	c, err := ReadCatalog(strings.NewReader(`{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json"},
		"nodes": {"model.p.a": {"metadata": {"type": "VIEW", "schema": "main", "name": "a", "database": null}, "columns": {"id": {"type": "INTEGER", "index": 1, "name": "id"}},
		"stats": {"has_stats": {"id": "has_stats", "label": "Has Stats?", "value": false, "include": false}}, "unique_id": "model.p.a"}}, "sources": {}, "errors": null}`))
	if err != nil || c.Nodes["model.p.a"].Columns["id"].Type != "INTEGER" {
		t.Error(c, err)
	}
	s, err := ReadSources(strings.NewReader(`{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/sources/v3.json"}, "elapsed_time": 1,
		"results": [{"unique_id": "source.p.a.b", "status": "pass", "max_loaded_at": "2024-01-01T00:00:00Z"}]}`))
	if err != nil || s.Results[0].Status != "pass" {
		t.Error(s, err)
	}
}

func BenchmarkAppendNode(b *testing.B) {
	s := load(b)
	var out []byte
	for b.Loop() {
		out = out[:0]
		for _, n := range s.Nodes {
			out = n.AppendJSON(out)
		}
	}
	b.SetBytes(int64(len(out)))
}
