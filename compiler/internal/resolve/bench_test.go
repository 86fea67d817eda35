package resolve_test

import (
	"os"
	"testing"
)

// BenchmarkBind binds the project folder that WEFT_BENCH_PROJECT names, reading included.
func BenchmarkBind(b *testing.B) {
	dir := os.Getenv("WEFT_BENCH_PROJECT")
	if dir == "" {
		b.Skip("WEFT_BENCH_PROJECT is not set")
	}
	for b.Loop() {
		g, _, diags := bind(b, dir, 2)
		if g == nil || diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
