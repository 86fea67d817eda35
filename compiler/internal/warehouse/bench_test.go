package warehouse

import (
	"testing"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
)

// BenchmarkRef is what each ref() of a project costs here.
func BenchmarkRef(b *testing.B) {
	d, _ := dialect.Get("postgres")
	p := RelationPath(node.Relation{Database: "db", Schema: "analytics", Identifier: "orders"})
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewRelation(d, p, RelationOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if text, _ := r.Text(); text == "" {
			b.Fatal("no text")
		}
	}
}

// BenchmarkAdapterMethod is what a call of a pure method costs, rendering included.
func BenchmarkAdapterMethod(b *testing.B) {
	names := oracleNames(b, "postgres", outputs(b)["postgres"], false)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := render("adapter.quote('a')", names); err != nil {
			b.Fatal(err)
		}
	}
}
