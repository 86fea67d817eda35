package rowdiff

import (
	"math"
	"strings"
	"unicode/utf8"
)

// widest is how long aligned lines may be; longer ones are not aligned.
const widest = 130

// render lays lines out as a comma-separated table whose columns are aligned as long as that stays readable.
func render(rows []row) string {
	lines := make([][]string, len(rows)) // as printed
	widths := make([][]int, len(rows))   // as counted: a blank at an end counts with its quotes
	for i, r := range rows {
		lines[i], widths[i] = append(lines[i], r.mark), append(widths[i], utf8.RuneCountInString(r.mark))
		for _, c := range r.cells {
			text := quote(c.text, !c.painted)
			lines[i] = append(lines[i], text)
			widths[i] = append(widths[i], utf8.RuneCountInString(quote(c.text, true)))
		}
	}
	sizes := make([]int, len(lines[0]))
	total := len(sizes) - 1
	for x := range sizes {
		sizes[x] = size(widths, x)
		total += sizes[x]
	}
	var b strings.Builder
	for i, line := range lines {
		at, target := 0, 0
		for x, text := range line {
			if total <= widest {
				for ; at < target; at++ {
					b.WriteByte(' ')
				}
				target += sizes[x]
			}
			if x > 0 {
				b.WriteByte(',')
			}
			b.WriteString(text)
			at += widths[i][x]
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// size is a column's width: that of its longest cell, those left out that are far longer than the others, and at least that of the
// header.
func size(widths [][]int, x int) int {
	sum, squares := 0, 0
	for _, w := range widths {
		sum += w[x]
		squares += w[x] * w[x]
	}
	n := float64(len(widths))
	mean := float64(sum) / n
	most := int(mean + 2*math.Sqrt(max(0, float64(squares)/n-mean*mean)) + 0.5)
	best := widths[0][x]
	for _, w := range widths {
		if w[x] <= most {
			best = max(best, w[x])
		}
	}
	return best
}

// quote puts a text into quotes where it would not be read as one cell.
func quote(s string, ends bool) string {
	if !strings.ContainsAny(s, "\",\r\n\t") && !(ends && (strings.HasPrefix(s, " ") || strings.HasSuffix(s, " "))) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
