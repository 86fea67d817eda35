//go:build engines

package athena_test

import (
	"strconv"
	"testing"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// grown is a project whose models get rows of so many days.
func grown(days int) map[string]string {
	rows := "select cast(i as integer) as id, " + strconv.Itoa(days) + " as build, cast(date_add('day', i, date '2024-01-01') as date) as day from unnest(sequence(1, " + strconv.Itoa(days) + ")) as t (i)"
	return map[string]string{
		"merged":      "{{ config(materialized='incremental', table_type='iceberg', incremental_strategy='merge', unique_key='id', partitioned_by=['day']) }}\n" + rows,
		"overwritten": "{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}\n" + rows,
		"appended":    "{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}\n" + rows,
	}
}

// New rows of more partitions than a statement may write go into a branch of the table, which is published as a whole, or not at all where
// another writer was faster. Hive tables are published as versions.
func TestGrownByManyPartitions(t *testing.T) {
	p := newProject(t, grown(20), "")
	p.says(p.weft(0, "build"), "PASS=3 WARN=0 ERROR=0")
	for name, code := range grown(130) {
		p.write("models/"+name+".sql", code)
	}
	stack.Script(wire.Fault{Service: "glue", Operation: "UpdateTable", Match: `"Name":"merged"`, Count: 1, Meanwhile: func() { p.rows("insert into $merged values (500, 0, date '2023-01-01')") }})
	p.says(p.weft(1, "build"), "PASS=2 WARN=0 ERROR=1", "somebody else changed the table while its successor was built")
	if got := p.rows("select count(*), max(build) from $merged"); got != "[21 20]" {
		t.Errorf("after another writer's commit: %s", got)
	}
	p.says(p.weft(0, "build", "--select", "merged"), "PASS=1 WARN=0 ERROR=0")
	for sql, want := range map[string]string{
		"select count(*), sum(if(build = 130, 1, 0)) from $merged":       "[131 130]",
		"select count(*), min(build), max(build) from $overwritten":      "[130 130 130]",
		"select count(*), sum(if(build = 130, 1, 0)) from $appended":     "[150 130]",
		"select count(*), count(distinct day) from $overwritten":         "[130 130]",
		"select count(*) from $appended where id = 500 or build is null": "[0]",
	} {
		if got := p.rows(sql); got != want {
			t.Errorf("%s: %s, not %s", sql, got, want)
		}
	}
}
