// Package sqlsyntax reads SQL as five engines spell it: tokens, statements, comments, and where a query's WITH stands.
//
// Most of weft passes SQL through byte for byte, so what it needs of the text is where things begin and end, with no chance
// to fail: a lexer that covers every byte of any input, driven by what each dialect's lexical rules are, and the few
// operations on tokens that dbt projects depend on. The same tokens will feed the parser.
package sqlsyntax

// Lexicon is the lexical rules of a dialect. The zero value is standard SQL: '…' strings with doubled quotes, "…" names,
// -- and /* */ comments.
type Lexicon struct {
	// NestedComments: a /* inside a block comment opens another.
	NestedComments bool
	// DoubleQuotedStrings: "…" is a string, not a name.
	DoubleQuotedStrings bool
	// Backticks: `…` is a name.
	Backticks bool
	// Backslashes: a backslash escapes the next character in every string. EscapeStrings: only in strings written E'…'.
	Backslashes, EscapeStrings bool
	// RawStrings: r'…' is a string in which backslashes are plain characters.
	RawStrings bool
	// DollarQuotes: $tag$…$tag$ is a string.
	DollarQuotes bool
	// DollarInNames: a name may go on with $. HashNames: a name may begin with # (temporary tables).
	DollarInNames, HashNames bool
	// DigitNames: a name may begin with a digit.
	DigitNames bool
	// NumberSuffixes: a letter after a number says its type (10L, 1.5BD).
	NumberSuffixes bool
	// DigitGroups: 1_000 is a number.
	DigitGroups bool
}

// LexiconOf is the lexicon of a dialect; standard SQL for a name it does not know.
func LexiconOf(dialect string) *Lexicon {
	switch dialect {
	case "postgres":
		return &postgres
	case "redshift":
		return &redshift
	case "athena":
		return &athena
	case "spark":
		return &spark
	case "duckdb":
		return &duckdb
	}
	return &standard
}

var (
	standard = Lexicon{}
	postgres = Lexicon{NestedComments: true, EscapeStrings: true, DollarQuotes: true, DollarInNames: true, DigitGroups: true}
	redshift = Lexicon{NestedComments: true, Backslashes: true, EscapeStrings: true, DollarQuotes: true, DollarInNames: true, HashNames: true}
	// athena reads queries as Trino does and DDL as Hive does, where names stand in backticks.
	athena = Lexicon{Backticks: true, DigitGroups: true}
	spark  = Lexicon{
		NestedComments: true, DoubleQuotedStrings: true, Backticks: true, Backslashes: true, RawStrings: true,
		DigitNames: true, NumberSuffixes: true,
	}
	duckdb = Lexicon{NestedComments: true, EscapeStrings: true, DollarQuotes: true, DollarInNames: true, DigitGroups: true}
)
