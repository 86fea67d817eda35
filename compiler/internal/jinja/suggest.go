package jinja

import "sort"

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
		if d := distance(name, n); d < least && d < len(name) {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + quote(best) + "?"
}

// distance counts the single-letter edits between two words.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
