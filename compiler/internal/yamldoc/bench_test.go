package yamldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/source"
)

// properties is a file as dbt projects have them.
func properties(models int) string {
	var b strings.Builder
	b.WriteString("version: 2\n\nmodels:\n")
	for i := range models {
		fmt.Fprintf(&b, "  - name: model_%d\n    description: \"Model number %d, recomputed on every run.\"\n    columns:\n", i, i)
		for c := range 12 {
			fmt.Fprintf(&b, "      - name: column_%d\n        description: Column %d of the model\n        data_tests: [unique, not_null]\n", c, c)
		}
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	f := source.NewFile("x.yml", properties(25))
	for _, reader := range []struct {
		name  string
		parse func()
	}{
		{"fast", func() { _, _, _ = byFast(f) }},
		{"library", func() { _, _ = byLibrary(f) }},
	} {
		b.Run(reader.name, func(b *testing.B) {
			b.SetBytes(int64(len(f.Text)))
			b.ReportAllocs()
			for b.Loop() {
				reader.parse()
			}
		})
	}
}
