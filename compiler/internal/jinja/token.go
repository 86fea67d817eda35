package jinja

import "github.com/weft-data/weft/compiler/diag"

// tokenKind is the kind of a lexical token.
type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokData
	tokVariableBegin
	tokVariableEnd
	tokBlockBegin
	tokBlockEnd
	tokName
	tokString
	tokInteger
	tokFloat
	tokAdd
	tokSub
	tokMul
	tokDiv
	tokFloorDiv
	tokMod
	tokPow
	tokTilde
	tokLParen
	tokRParen
	tokLBracket
	tokRBracket
	tokLBrace
	tokRBrace
	tokEq
	tokNe
	tokGt
	tokGtEq
	tokLt
	tokLtEq
	tokAssign
	tokDot
	tokColon
	tokPipe
	tokComma
	tokSemicolon
)

// token is one token. Text is the name, the decoded string, the number as written, or the template text.
type token struct {
	kind       tokenKind
	start, end int32
	text       string
}

// is says whether the token is the given keyword.
func (t *token) is(name string) bool { return t.kind == tokName && t.text == name }

// tokenWords are the words that error messages use for a kind of token; Jinja2's, since people search for them.
var tokenWords = [...]string{
	tokEOF: "end of template", tokData: "template data / text",
	tokVariableBegin: "begin of print statement", tokVariableEnd: "end of print statement",
	tokBlockBegin: "begin of statement block", tokBlockEnd: "end of statement block",
	tokName: "name", tokString: "string", tokInteger: "integer", tokFloat: "float",
	tokAdd: "+", tokSub: "-", tokMul: "*", tokDiv: "/", tokFloorDiv: "//", tokMod: "%", tokPow: "**", tokTilde: "~",
	tokLParen: "(", tokRParen: ")", tokLBracket: "[", tokRBracket: "]", tokLBrace: "{", tokRBrace: "}",
	tokEq: "==", tokNe: "!=", tokGt: ">", tokGtEq: ">=", tokLt: "<", tokLtEq: "<=", tokAssign: "=", tokDot: ".",
	tokColon: ":", tokPipe: "|", tokComma: ",", tokSemicolon: ";",
}

func (t *token) describe() string {
	if t.kind == tokName {
		return t.text
	}
	return tokenWords[t.kind]
}

// syntaxError is a failure of lexing or parsing.
type syntaxError struct {
	code       diag.Code
	start, end int
	message    string
	hint       string
}

func (e *syntaxError) Error() string { return e.message }
