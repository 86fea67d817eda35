// Package sqlsyntax reads SQL as five engines spell it: tokens, statements, comments, and where a query's WITH stands.
//
// Most of weft passes SQL through byte for byte, so what it needs of the text is where things begin and end, with no chance
// to fail: a lexer that covers every byte of any input, driven by what each dialect's lexical rules are, and the few
// operations on tokens that dbt projects depend on. The same tokens will feed the parser.
package sqlsyntax

import "github.com/weft-data/weft/compiler/dialect"

// Lexicon is the lexical rules of a dialect.
type Lexicon = dialect.Lexicon

// LexiconOf is the lexicon of a dialect; standard SQL for a name that there is no dialect of.
func LexiconOf(name string) *Lexicon {
	if d, ok := dialect.Get(name); ok {
		return &d.Lexicon
	}
	return &Lexicon{}
}
