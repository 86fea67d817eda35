package athena

import (
	"slices"
	"testing"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// What fails after a table was published must not take the table's files along: they are what was staged.
func TestDiscardKeepsWhatIsPublished(t *testing.T) {
	s, e := open(t, nil)
	entry := func(name, location string, keys ...any) {
		t.Helper()
		in := map[string]any{"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": map[string]any{"Location": location, "Columns": []any{}}}
		if len(keys) > 0 {
			in["PartitionKeys"] = keys
		}
		if err := s.Catalog.CreateTable("default", in); err != nil {
			t.Fatal(err)
		}
	}
	entry("published", "s3://lake/t/new")
	entry("before", "s3://lake/elsewhere")
	entry("parts", "s3://lake/elsewhere", map[string]any{"Name": "d", "Type": "string"})
	if err := s.Catalog.AddPartition("default", "parts", map[string]any{"Values": []string{"1"}, "StorageDescriptor": map[string]any{"Location": "s3://lake/t/new/d=1"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keep string
		want int
	}{{"published", 1}, {"parts", 1}, {"before", 0}, {"none", 0}} {
		if err := s.Objects.Put("lake", "t/new/d=1/file", []byte("x")); err != nil {
			t.Fatal(err)
		}
		act := &plan.Act{Verb: plan.Discard, Relation: node.Relation{Schema: "default", Identifier: "staged"}, Keep: node.Relation{Schema: "default", Identifier: c.keep}, Place: "s3://lake/t/new/"}
		if err := e.(*Engine).act(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		if keys, err := s.Objects.Keys("lake", "t/"); err != nil || len(keys) != c.want {
			t.Errorf("%s: %d files are left, expected %d (%v)", c.keep, len(keys), c.want, err)
		}
	}
}

// Of the versions of an entry that Glue has archived so many stay, however many pages they fill.
func TestTrimKeepsTheNewestVersions(t *testing.T) {
	s, e := open(t, nil)
	input := map[string]any{"Name": "t", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": map[string]any{"Location": "s3://lake/t", "Columns": []any{}}}
	if err := s.Catalog.CreateTable("default", input); err != nil {
		t.Fatal(err)
	}
	for range 230 {
		if _, err := s.Call(t.Context(), "glue", "UpdateTable", map[string]any{"DatabaseName": "default", "TableInput": input}); err != nil {
			t.Fatal(err)
		}
	}
	versions := func() (ids []string) {
		out, err := s.Call(t.Context(), "glue", "GetTableVersions", map[string]any{"DatabaseName": "default", "TableName": "t"})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range documents(out["TableVersions"]) {
			ids = append(ids, v["VersionId"].(string))
		}
		return ids
	}
	all := versions()
	for range 2 { // the second time there is nothing to do
		if err := doAct(t, e, plan.Act{Verb: plan.TrimEntry, Relation: node.Relation{Schema: "default", Identifier: "t"}, Newest: 3}); err != nil {
			t.Fatal(err)
		}
		if got := versions(); !slices.Equal(got, all[:3]) {
			t.Errorf("%v are left, expected %v", got, all[:3])
		}
	}
	if err := doAct(t, e, plan.Act{Verb: plan.TrimEntry, Relation: node.Relation{Schema: "default", Identifier: "nothing"}, Newest: 3}); err != nil {
		t.Errorf("of a table that is not there: %v", err)
	}
}

// A table that a template drops goes with its versions and all files, and nothing beside them.
func TestErase(t *testing.T) {
	s, e := open(t, nil)
	entry := func(name, location string, parameters map[string]string, keys ...any) {
		t.Helper()
		in := map[string]any{"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": parameters, "PartitionKeys": keys,
			"StorageDescriptor": map[string]any{"Location": location, "Columns": []any{}}}
		if location == "" {
			in["TableType"] = "VIRTUAL_VIEW"
		}
		if err := s.Catalog.CreateTable("default", in); err != nil {
			t.Fatal(err)
		}
	}
	entry("shown", "", map[string]string{"weft_version": "shown__weft_2", "weft_previous_version": "shown__weft_1"})
	entry("shown__weft_1", "s3://lake/one", nil)
	entry("shown__weft_2", "s3://lake/two", nil, map[string]any{"Name": "d", "Type": "string"})
	if err := s.Catalog.AddPartition("default", "shown__weft_2", map[string]any{"Values": []string{"1"}, "StorageDescriptor": map[string]any{"Location": "s3://lake/shared/d=1"}}); err != nil {
		t.Fatal(err)
	}
	entry("view", "", nil)
	entry("other", "s3://lake/one-more", nil)
	for _, key := range []string{"one/a", "two/d=2/b", "shared/d=1/c", "one-more/d"} {
		if err := s.Objects.Put("lake", key, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"view", "nothing", "shown"} {
		if err := doAct(t, e, plan.Act{Verb: plan.Erase, Relation: node.Relation{Schema: "default", Identifier: name}}); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := s.Objects.Keys("lake", ""); err != nil || !slices.Equal(keys, []string{"one-more/d"}) {
		t.Errorf("left: %v, %v", keys, err)
	}
	var names []string
	for _, x := range s.Catalog.Entries("default") {
		names = append(names, x.Name)
	}
	if !slices.Equal(names, []string{"other", "shown", "view"}) {
		t.Errorf("entries %v", names)
	}
}
