package dialect

// Lexicon is the lexical rules of a dialect. The zero value is standard SQL: '…' strings with doubled quotes, "…" names,
// -- and /* */ comments.
type Lexicon struct {
	// NestedComments: a /* inside a block comment opens another.
	NestedComments bool `json:"nested_comments"`
	// DoubleQuotedStrings: "…" is a string, not a name.
	DoubleQuotedStrings bool `json:"double_quoted_strings"`
	// Backticks: `…` is a name.
	Backticks bool `json:"backticks"`
	// Backslashes: a backslash escapes the next character in every string. EscapeStrings: only in strings written E'…'.
	Backslashes   bool `json:"backslashes"`
	EscapeStrings bool `json:"escape_strings"`
	// RawStrings: r'…' is a string in which backslashes are plain characters.
	RawStrings bool `json:"raw_strings"`
	// DollarQuotes: $tag$…$tag$ is a string.
	DollarQuotes bool `json:"dollar_quotes"`
	// DollarInNames: a name may go on with $. HashNames: a name may begin with # (temporary tables).
	DollarInNames bool `json:"dollar_in_names"`
	HashNames     bool `json:"hash_names"`
	// DigitNames: a name may begin with a digit.
	DigitNames bool `json:"digit_names"`
	// NumberSuffixes: a letter after a number says its type (10L, 1.5BD).
	NumberSuffixes bool `json:"number_suffixes"`
	// DigitGroups: 1_000 is a number.
	DigitGroups bool `json:"digit_groups"`
}
