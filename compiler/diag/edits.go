package diag

// longestWord is the longest word that is compared with others: nobody meant one that is longer.
const longestWord = 64

// Edits counts the bytes to insert, delete or replace between two words, for those who ask "did you mean"; what is more than limit is
// limit+1, as is what is too long to compare.
func Edits(a, b string, limit int) int {
	if len(b) > len(a)+limit || len(a) > len(b)+limit || len(a) > longestWord || len(b) > longestWord {
		return limit + 1
	}
	var room [longestWord + 1]int
	row := room[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			least = min(least, row[j])
		}
		if least > limit { // it only gets more from row to row
			return limit + 1
		}
	}
	return min(row[len(b)], limit+1)
}
