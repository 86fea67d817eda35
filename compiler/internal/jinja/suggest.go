package jinja

import (
	"sort"

	"github.com/weft-data/weft/compiler/diag"
)

// suggest is the hint for an unknown filter or test: the known name that is closest to it.
func suggest(what, name string) string {
	table := python.filters
	if what == "test" {
		table = python.tests
	}
	names := make([]string, 0, len(table))
	for n := range table {
		names = append(names, n)
	}
	sort.Strings(names)
	best, least := "", 3
	for _, n := range names {
		if d := diag.Edits(name, n, least); d < least && d < len(name) {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + quote(best) + "?"
}
