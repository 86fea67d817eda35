package sqlsyntax

import "strings"

// WithoutTransactions takes the statements out of a text that do nothing but open or end a transaction, for engines that have none. A text
// without such statements stays as it is.
func WithoutTransactions(sql string, l *Lexicon) string {
	all := Statements(sql, l)
	var kept []string
	for _, s := range all {
		if text := sql[s.Start:s.End]; !ofTransaction(text, l) {
			kept = append(kept, text)
		}
	}
	if len(kept) == len(all) {
		return sql
	}
	return strings.Join(kept, ";\n")
}

// ofTransaction says whether a statement is BEGIN, START TRANSACTION, COMMIT, END or ROLLBACK, with or without WORK or TRANSACTION.
func ofTransaction(sql string, l *Lexicon) bool {
	var words []string
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		if !ok {
			break
		}
		if t.Kind.Trivia() {
			continue
		}
		if t.Kind != Word || len(words) == 2 {
			return false
		}
		words = append(words, strings.ToLower(t.Text(sql)))
	}
	switch {
	case len(words) == 0:
		return false
	case words[0] == "start":
		return len(words) == 2 && words[1] == "transaction"
	case words[0] == "begin", words[0] == "commit", words[0] == "end", words[0] == "rollback":
		return len(words) == 1 || words[1] == "transaction" || words[1] == "work"
	}
	return false
}
