package project

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	files := map[string]string{"dbt_project.yml": minimalProject, "profiles.yml": minimalProfiles}
	for i := range 1000 {
		folder := fmt.Sprintf("models/area_%02d/", i%40)
		files[fmt.Sprintf("%smodel_%04d.sql", folder, i)] = strings.Repeat("select a, b, c from {{ ref('x') }}\n", 40)
		files[folder+"schema.yml"] += ""
	}
	for i := range 40 {
		var y strings.Builder
		y.WriteString("version: 2\nmodels:\n")
		for m := i; m < 1000; m += 40 {
			fmt.Fprintf(&y, "  - name: model_%04d\n    description: \"Model %d.\"\n    columns:\n", m, m)
			for c := range 12 {
				fmt.Fprintf(&y, "      - name: column_%d\n        description: Column %d\n        data_tests: [unique]\n", c, c)
			}
		}
		files[fmt.Sprintf("models/area_%02d/schema.yml", i)] = y.String()
	}
	writeAll(b, dir, files)
	b.ReportAllocs()
	for b.Loop() {
		if _, diags, err := Load(Options{ProjectDir: dir, ProfilesDir: dir}); err != nil || diags.HasErrors() {
			b.Fatal(err, diags)
		}
	}
}
