package athena

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

func doAct(t *testing.T, e engine.Engine, a plan.Act) error {
	t.Helper()
	s, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{Act: &a}}})
	return err
}

// documents and texts are lists of an answer.
func documents(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(map[string]any))
	}
	return out
}

func texts(v any) (out []string) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(string))
	}
	return out
}

// Tags and filters become those of the act, whatever was there; what is left alone stays, and what lacks a right says which.
func TestGoverned(t *testing.T) {
	s, e := open(t, nil)
	if _, err := do(t, e, "", "CREATE DATABASE d LOCATION 's3://lake/d'", "CREATE EXTERNAL TABLE d.t (a int, b string) LOCATION 's3://lake/d/t'"); err != nil {
		t.Fatal(err)
	}
	rights := func(operation string, in map[string]any) map[string]any {
		t.Helper()
		out, err := s.Call(t.Context(), "lakeformation", operation, in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for key, values := range map[string][]string{"domain": {"zoo", "sea"}, "level": {"open", "closed"}, "other": {"x"}} {
		rights("CreateLFTag", map[string]any{"TagKey": key, "TagValues": values})
	}
	r := node.Relation{Database: "awsdatacatalog", Schema: "d", Identifier: "t"}
	tagged := func() string {
		out := rights("GetResourceLFTags", map[string]any{"ShowAssignedLFTags": true, "Resource": map[string]any{"Table": map[string]any{"DatabaseName": "d", "Name": "t"}}})
		var list []string
		for _, p := range documents(out["LFTagsOnTable"]) {
			list = append(list, fmt.Sprintf("%s=%s", p["TagKey"], p["TagValues"].([]any)[0]))
		}
		for _, c := range documents(out["LFTagsOnColumns"]) {
			for _, p := range documents(c["LFTags"]) {
				list = append(list, fmt.Sprintf("%s.%s=%s", c["Name"], p["TagKey"], p["TagValues"].([]any)[0]))
			}
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct {
		tags plan.Tags
		want string
	}{
		{plan.Tags{Table: map[string]string{"Domain": "zoo", "other": "x"}, Columns: map[string]map[string][]string{"level": {"open": {"a"}, "closed": {"b"}}}}, "domain=zoo other=x a.level=open b.level=closed"},
		{plan.Tags{Table: map[string]string{"Domain": "sea"}, Columns: map[string]map[string][]string{"Level": {"closed": {"a"}}}, Inherited: []string{"other"}}, "domain=sea other=x a.level=closed"},
		{plan.Tags{Inherited: []string{"level"}}, "a.level=closed"},
		{plan.Tags{}, ""},
	} {
		if err := doAct(t, e, plan.Act{Verb: plan.TagEntry, Relation: r, Tags: &c.tags}); err != nil {
			t.Fatal(err)
		}
		if got := tagged(); got != c.want {
			t.Errorf("%+v: %q, expected %q", c.tags, got, c.want)
		}
	}
	if err := doAct(t, e, plan.Act{Verb: plan.TagEntry, Relation: node.Relation{Schema: "d"}, Tags: &plan.Tags{Table: map[string]string{"domain": "zoo"}}}); err != nil {
		t.Error(err)
	}
	err := doAct(t, e, plan.Act{Verb: plan.TagEntry, Relation: r, Tags: &plan.Tags{Table: map[string]string{"nothing": "x"}}})
	if err == nil || !strings.Contains(err.Error(), "`nothing`") || !strings.Contains(err.Error(), "d.t") {
		t.Errorf("a tag that does not exist: %v", err)
	}

	filtered := func() string {
		table := map[string]any{"CatalogId": fakeaws.Account, "DatabaseName": "d", "Name": "t"}
		var list []string
		for _, f := range documents(rights("ListDataCellsFilter", map[string]any{"Table": table})["DataCellsFilters"]) {
			text := fmt.Sprintf("%s where %s %s", f["Name"], f["RowFilter"].(map[string]any)["FilterExpression"], strings.Join(texts(f["ColumnNames"]), ","))
			who := rights("ListPermissions", map[string]any{"Resource": map[string]any{"DataCellsFilter": map[string]any{
				"TableCatalogId": fakeaws.Account, "DatabaseName": "d", "TableName": "t", "Name": f["Name"]}}})
			for _, p := range documents(who["PrincipalResourcePermissions"]) {
				text += " " + strings.TrimPrefix(p["Principal"].(map[string]any)["DataLakePrincipalIdentifier"].(string), "arn:aws:iam::"+fakeaws.Account+":")
			}
			list = append(list, text)
		}
		b, _ := json.Marshal(list)
		return string(b)
	}
	role := func(name string) string { return "arn:aws:iam::123456789012:role/" + name }
	for _, c := range []struct {
		filters map[string]plan.Filter
		want    string
	}{
		{map[string]plan.Filter{"f": {Rows: "a = 1", Columns: []string{"a"}, Principals: []string{role("x"), role("y")}}, "g": {Rows: "true"}}, `["f where a = 1 a role/x role/y","g where true "]`},
		{map[string]plan.Filter{"f": {Rows: "a = 2", Columns: []string{"a"}, Principals: []string{role("y"), role("z")}}}, `["f where a = 2 a role/y role/z"]`},
		{map[string]plan.Filter{}, "null"},
	} {
		for range 2 { // the second time there is nothing to do
			if err := doAct(t, e, plan.Act{Verb: plan.FilterRows, Relation: r, Filters: c.filters}); err != nil {
				t.Fatal(err)
			}
			if got := filtered(); got != c.want {
				t.Errorf("%s, expected %s", got, c.want)
			}
		}
	}

	s.Script(wire.Fault{Service: "lakeformation", Operation: "AddLFTagsToResource", Count: 1, Error: "AccessDeniedException"})
	err = doAct(t, e, plan.Act{Verb: plan.TagEntry, Relation: r, Tags: &plan.Tags{Table: map[string]string{"domain": "zoo"}}})
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Denied || !strings.Contains(f.Message, "did not tag awsdatacatalog.d.t") ||
		!strings.Contains(f.Hint, "lakeformation:AddLFTagsToResource on table/d/t") || !strings.Contains(f.Hint, "ASSOCIATE") {
		t.Errorf("without a right: %+v", f)
	}
}
