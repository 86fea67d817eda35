package sqlsyntax

import "strings"

// Kind is the kind of a token.
type Kind uint8

// The kinds. Error is a byte that no rule takes, or a string, quoted name or block comment without an end, which then reaches
// to the end of the text.
const (
	Error        Kind = iota
	Space             // blanks and line ends
	LineComment       // -- to the end of the line, without the line end
	BlockComment      // /* … */
	Word              // a name or keyword without quotes
	QuotedName        // "…" or `…`
	String            // '…' and its kin, with any prefix
	Number            // an unsigned number
	Parameter         // $1
	Operator          // + -> :: =
	Comma
	Semicolon
	Dot
	OpenParen
	CloseParen
	OpenBracket
	CloseBracket
	OpenBrace
	CloseBrace
)

var kindNames = [...]string{
	"error", "space", "line comment", "block comment", "word", "quoted name", "string", "number", "parameter", "operator",
	"comma", "semicolon", "dot", "(", ")", "[", "]", "{", "}",
}

// String names the kind.
func (k Kind) String() string { return kindNames[k] }

// Trivia says that the token means nothing: white space or a comment.
func (k Kind) Trivia() bool { return k == Space || k == LineComment || k == BlockComment }

// Token is a piece [Start, End) of a text. The tokens of a text cover it without gaps and overlaps.
type Token struct {
	Kind       Kind
	Start, End int
}

// Text is the piece of sql that the token covers.
func (t Token) Text(sql string) string { return sql[t.Start:t.End] }

// Is says that the token is this keyword, in any case.
func (t Token) Is(sql, keyword string) bool {
	return t.Kind == Word && t.End-t.Start == len(keyword) && strings.EqualFold(sql[t.Start:t.End], keyword)
}

// Span is a byte range [Start, End) of a text.
type Span struct{ Start, End int }

// Text is the piece of sql that the span covers.
func (s Span) Text(sql string) string { return sql[s.Start:s.End] }

// Tokens reads a whole text.
func Tokens(sql string, l *Lexicon) []Token {
	out := make([]Token, 0, len(sql)/4+4)
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		if !ok {
			return out
		}
		out = append(out, t)
	}
}
