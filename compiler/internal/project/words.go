package project

import (
	"slices"
	"unicode"
)

func isWord(c rune) bool  { return unicode.IsLetter(c) || unicode.IsNumber(c) }
func isDigit(c rune) bool { return unicode.IsDigit(c) }

// didYouMean is a hint with the known word that is nearest to a wrong one, or "".
func didYouMean[V any](wrong string, known map[string]V) string {
	words := make([]string, 0, len(known))
	for w := range known {
		words = append(words, w)
	}
	slices.Sort(words)
	if best := nearest(wrong, words); best != "" {
		return "Did you mean `" + best + "`?"
	}
	return ""
}

// nearest is the word with the least edit distance, if it is near enough to be meant.
func nearest(wrong string, words []string) string {
	best, least := "", len(wrong)/3+2
	for _, w := range words {
		if d := distance(wrong, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is the edit distance of two words, a swap of neighbours counted once.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > 8 || len(y)-len(x) > 8 {
		return 99
	}
	var before []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		next := make([]int, len(y)+1)
		next[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}
