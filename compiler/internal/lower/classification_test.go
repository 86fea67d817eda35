package lower_test

import (
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// The entry of a model's Hive table says its format, for crawlers and jobs of Glue; Iceberg keeps the format itself, and dbt-athena says it of
// no seed.
func TestClassification(t *testing.T) {
	d := spelling
	d.Lake = true
	var nothing plan.Observed
	for _, c := range []struct {
		name string
		n    lower.Node
		want string
	}{
		{"hive", lower.Node{Materialization: "table", Storage: &lower.Storage{Format: "orc"}}, "orc"},
		{"first run", lower.Node{Materialization: "incremental", Incremental: lower.Incremental{Strategy: "append"}, Storage: &lower.Storage{Format: "parquet"}}, "parquet"},
		{"partitioned", lower.Node{Materialization: "table", Storage: &lower.Storage{Format: "avro", Partitions: []string{"day"}, View: true}}, "avro"},
		{"iceberg", lower.Node{Materialization: "table", Storage: &lower.Storage{Iceberg: true, Format: "parquet"}}, ""},
	} {
		c.n.ID, c.n.Kind, c.n.Relation, c.n.SQL = node.ID("model.p1.m"), node.Model, relation("m"), "select 1"
		l := lower.Lower(c.n, d, nothing.Index())
		if l.Refusal != nil {
			t.Fatalf("%s: %+v", c.name, l.Refusal)
		}
		got := ""
		for _, b := range l.Batches {
			for _, s := range b.Statements {
				if s.Act != nil && s.Act.Properties["classification"] != "" && (s.Act.Verb == plan.Adopt || s.Act.Verb == plan.Point) {
					got = s.Act.Properties["classification"]
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: the entry says %q, expected %q", c.name, got, c.want)
		}
	}
}
