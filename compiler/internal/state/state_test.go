package state

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// model is a model's row with everything that is compared.
const model = `{"resource_type":"model","name":"m","unique_id":"model.p.m","fqn":["p","m"],"raw_code":"select 1","description":"d","access":"protected",
	"config":{"materialized":"table","persist_docs":{"relation":true,"columns":true}},"unrendered_config":{"materialized":"table","alias":"m"},
	"columns":{"id":{"name":"id","description":"key","data_type":"varchar(3)","constraints":[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"1"},"depends_on":{"macros":["macro.p.outer"],"nodes":[]}}`

func row(t *testing.T, text string) *Row {
	t.Helper()
	r := new(Row)
	if err := json.Unmarshal([]byte(text), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSelect changes one thing of a model at a time, and asks which values of state: then hold.
func TestSelect(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		want           string
		codes          string
	}{
		{"nothing", "", "", "old unmodified", ""},
		{"text", `"select 1"`, `"select 2"`, "old modified modified.body", ""},
		{"a config", `"unrendered_config":{"materialized":"table"`, `"unrendered_config":{"materialized":"view"`, "old modified modified.configs", ""},
		{"a config less", `{"materialized":"table","alias":"m"}`, `{"alias":"m"}`, "old modified modified.configs", ""},
		{"the alias", `"alias":"m"`, `"alias":"n"`, "old modified modified.relation", ""},
		{"tags", `"alias":"m"`, `"alias":"m","tags":["x"]`, "old unmodified", ""},
		{"description", `"description":"d"`, `"description":"e"`, "old modified modified.persisted_descriptions", ""},
		{"a column's description", `"key"`, `"the key"`, "old modified modified.persisted_descriptions", ""},
		{"folder", `["p","m"]`, `["p","x","m"]`, "old modified", ""},
		{"access", `"protected"`, `"public"`, "old modified", ""},
		{"a wider type", `varchar(3)","constraints":[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"1"}`, `varchar(9)","constraints":[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"2"}`, "old modified modified.contract", ""},
		{"another type", `varchar(3)","constraints":[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"1"}`, `integer","constraints":[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"2"}`, "old modified modified.contract", "G021"},
		{"a constraint less", `[{"type":"not_null"}]}},
	"contract":{"enforced":true,"checksum":"1"}`, `[]}},
	"contract":{"enforced":true,"checksum":"2"}`, "old modified modified.contract", "G021"},
		{"no contract, of a version", `"contract":{"enforced":true,"checksum":"1"}`, `"version":2,"contract":{"enforced":false}`, "old modified modified.contract", "G018"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(model, c.from) {
				t.Fatalf("%q is not in the row", c.from)
			}
			before := row(t, model)
			after := row(t, strings.Replace(model, c.from, c.to, 1))
			got, codes := ask(t, after, map[string]*Row{"model.p.m": before}, "same")
			if got != c.want || codes != c.codes {
				t.Errorf("holds: %q %q, want %q %q", got, codes, c.want, c.codes)
			}
		})
	}
}

func TestSelectNewAndMacros(t *testing.T) {
	after := row(t, model)
	if got, _ := ask(t, after, nil, "same"); got != "new modified modified.body modified.configs modified.persisted_descriptions modified.relation modified.contract" {
		t.Errorf("a new model: %q", got)
	}
	if got, _ := ask(t, after, map[string]*Row{"model.p.m": row(t, model)}, "other"); got != "old modified modified.macros" {
		t.Errorf("a macro that its macro calls: %q", got)
	}
	s := row(t, `{"resource_type":"source","unique_id":"model.p.m","name":"s","fqn":["p","s"]}`)
	if got, _ := ask(t, s, nil, "same"); got != "new unmodified modified.configs modified.relation" {
		t.Errorf("a new source: %q", got)
	}
}

func TestRemovedContracts(t *testing.T) {
	old := row(t, strings.Replace(model, `"access"`, `"version":1,"access"`, 1))
	old.UniqueID = "model.p.gone"
	both := map[string]*Row{"model.p.m": row(t, model), "model.p.gone": old}
	if _, codes := ask(t, row(t, model), both, "same"); codes != "G018" {
		t.Errorf("a version with a contract is gone: %q, want G018", codes)
	}
	old.DeprecationDate = "2020-01-01T00:00:00+00:00"
	if _, codes := ask(t, row(t, model), both, "same"); codes != "" {
		t.Errorf("it was deprecated: %q, want nothing", codes)
	}
}

// ask gives the values that hold for the one node, and the codes of what was found besides.
func ask(t *testing.T, now *Row, before map[string]*Row, inner string) (string, string) {
	t.Helper()
	m := &Manifest{Nodes: before, Macros: map[string]Macro{"macro.p.outer": {SQL: "outer"}, "macro.p.inner": {SQL: "same"}}}
	n := &resource.Node{ID: "model.p.m", Kind: node.Model}
	c := Compare(Current{Row: func(*resource.Node) (*Row, error) { return now, nil }, Nodes: []*resource.Node{n}, Adapter: "duckdb", Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Macros: []*resource.Macro{{ID: "macro.p.outer", Text: "outer", DependsOnMacros: []string{"macro.p.inner"}}, {ID: "macro.p.inner", Text: inner}, {ID: "macro.dbt.ref", Text: "x", BuiltIn: true}}}, m)
	var holds, codes []string
	for _, value := range States {
		ids, known, diags, err := c.Select(value, source.Span{})
		if !known || err != nil {
			t.Fatal(value, known, err)
		}
		if ids[n.ID] {
			holds = append(holds, value)
		}
		for _, d := range diags {
			codes = append(codes, string(d.Code))
		}
	}
	if _, known, _, _ := c.Select("modifed", source.Span{}); known {
		t.Error("modifed is no value")
	}
	slices.Sort(codes)
	return strings.Join(holds, " "), strings.Join(slices.Compact(codes), " ")
}

func TestReadManifest(t *testing.T) {
	good := `{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json"},"nodes":{"model.p.a":{"resource_type":"model","database":"d","schema":"s","alias":"b","config":{"materialized":"view"}},
		"model.p.e":{"resource_type":"model","config":{"materialized":"ephemeral"}},"test.p.t":{"resource_type":"test","config":{"materialized":"test"}}}}`
	m, err := ReadManifest(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := m.Relation("model.p.a"); !ok || r != (node.Relation{Database: "d", Schema: "s", Identifier: "b"}) {
		t.Errorf("relation %v %v", r, ok)
	}
	for _, id := range []node.ID{"model.p.e", "test.p.t", "model.p.none"} {
		if _, ok := m.Relation(id); ok {
			t.Errorf("%s has a relation to defer to", id)
		}
	}
	for _, bad := range []string{"", "[]", "{}", `{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v11.json"}}`, `{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/run-results/v12.json"}}`} {
		if _, err := ReadManifest(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
