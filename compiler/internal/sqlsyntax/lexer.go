package sqlsyntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lexer reads tokens one by one. It never fails and never allocates.
type Lexer struct {
	sql string
	lex *Lexicon
	at  int
}

// NewLexer makes a lexer at the beginning of a text.
func NewLexer(sql string, l *Lexicon) Lexer { return Lexer{sql: sql, lex: l} }

// Next reads the next token; false at the end of the text.
func (x *Lexer) Next() (Token, bool) {
	if x.at >= len(x.sql) {
		return Token{}, false
	}
	start := x.at
	kind := x.scan()
	return Token{kind, start, x.at}, true
}

// scan moves past one token, at least one byte.
func (x *Lexer) scan() Kind {
	switch c := x.sql[x.at]; c {
	case ' ', '\t', '\n', '\r', '\v', '\f':
		return x.space()
	case '\'':
		return x.quoted('\'', x.lex.Backslashes, String)
	case '"':
		if x.lex.DoubleQuotedStrings {
			return x.quoted('"', x.lex.Backslashes, String)
		}
		return x.quoted('"', false, QuotedName)
	case '`':
		if x.lex.Backticks {
			return x.quoted('`', false, QuotedName)
		}
		return x.one(Error)
	case ',':
		return x.one(Comma)
	case ';':
		return x.one(Semicolon)
	case '(':
		return x.one(OpenParen)
	case ')':
		return x.one(CloseParen)
	case '[':
		return x.one(OpenBracket)
	case ']':
		return x.one(CloseBracket)
	case '{':
		return x.one(OpenBrace)
	case '}':
		return x.one(CloseBrace)
	case '.':
		if isDigit(x.peek(1)) {
			return x.number()
		}
		return x.one(Dot)
	case '-':
		if x.peek(1) == '-' {
			return x.lineComment()
		}
		return x.operator()
	case '/':
		if x.peek(1) == '*' {
			return x.blockComment()
		}
		return x.operator()
	case '$':
		return x.dollar()
	case '#':
		if x.lex.HashNames && isWordStart(x.peek(1)) {
			x.at++
			return x.word()
		}
		return x.operator()
	default:
		switch {
		case isWordStart(c):
			return x.prefixed()
		case isDigit(c):
			return x.number()
		case c >= utf8.RuneSelf:
			return x.foreign()
		}
		return x.operator()
	}
}

// peek is the byte so many places ahead, 0 past the end.
func (x *Lexer) peek(ahead int) byte {
	if i := x.at + ahead; i < len(x.sql) {
		return x.sql[i]
	}
	return 0
}

func (x *Lexer) one(k Kind) Kind { x.at++; return k }

func (x *Lexer) space() Kind {
	for x.at < len(x.sql) && isSpace(x.sql[x.at]) {
		x.at++
	}
	return Space
}

func isSpace(c byte) bool { return c == ' ' || c-'\t' <= '\r'-'\t' }

func (x *Lexer) lineComment() Kind {
	if i := strings.IndexAny(x.sql[x.at:], "\r\n"); i >= 0 {
		x.at += i
	} else {
		x.at = len(x.sql)
	}
	return LineComment
}

// blockComment reads /* … */. Of a nested comment without an end, the whole rest is the error: an inner end is not the outer's.
func (x *Lexer) blockComment() Kind {
	depth, i := 1, x.at+2
	for i < len(x.sql) {
		j := strings.IndexByte(x.sql[i:], '*')
		if x.lex.NestedComments {
			j = strings.IndexAny(x.sql[i:], "*/")
		}
		if j < 0 {
			break
		}
		i += j
		switch {
		case strings.HasPrefix(x.sql[i:], "*/"):
			i += 2
			if depth--; depth == 0 {
				x.at = i
				return BlockComment
			}
		case x.lex.NestedComments && strings.HasPrefix(x.sql[i:], "/*"):
			i += 2
			depth++
		default:
			i++
		}
	}
	x.at = len(x.sql)
	return Error
}

// quoted reads from an opening quote to its end; a doubled quote stands for itself.
func (x *Lexer) quoted(quote byte, backslashes bool, k Kind) Kind {
	i := x.at + 1
	for i < len(x.sql) {
		switch c := x.sql[i]; {
		case c == quote && i+1 < len(x.sql) && x.sql[i+1] == quote:
			i += 2
		case c == quote:
			x.at = i + 1
			return k
		case c == '\\' && backslashes:
			i += 2
		default:
			i++
		}
	}
	x.at = len(x.sql)
	return Error
}

// prefixed reads a word, or a string with letters in front: E'…', N'…', B'…', X'…', U&'…', r'…'.
func (x *Lexer) prefixed() Kind {
	c := x.sql[x.at] | 0x20 // lower case
	switch {
	case x.peek(1) == '\'':
		switch c {
		case 'e':
			if x.lex.EscapeStrings {
				return x.afterPrefix(1, '\'', true, String)
			}
		case 'r':
			if x.lex.RawStrings {
				return x.afterPrefix(1, '\'', false, String)
			}
		case 'n', 'b', 'x':
			return x.afterPrefix(1, '\'', x.lex.Backslashes, String)
		}
	case x.peek(1) == '"' && c == 'r' && x.lex.RawStrings:
		return x.afterPrefix(1, '"', false, String)
	case x.peek(1) == '&' && c == 'u' && x.peek(2) == '\'':
		return x.afterPrefix(2, '\'', false, String)
	case x.peek(1) == '&' && c == 'u' && x.peek(2) == '"' && !x.lex.DoubleQuotedStrings:
		return x.afterPrefix(2, '"', false, QuotedName)
	}
	return x.word()
}

func (x *Lexer) afterPrefix(n int, quote byte, backslashes bool, k Kind) Kind {
	x.at += n
	return x.quoted(quote, backslashes, k)
}

// word reads the rest of a name; the first byte is known to begin one.
func (x *Lexer) word() Kind {
	x.at++
	for x.at < len(x.sql) {
		c := x.sql[x.at]
		switch {
		case isWordStart(c) || isDigit(c) || c == '$' && x.lex.DollarInNames:
			x.at++
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(x.sql[x.at:])
			if r == utf8.RuneError || unicode.IsSpace(r) {
				return Word
			}
			x.at += n
		default:
			return Word
		}
	}
	return Word
}

// foreign reads what begins outside ASCII: a blank, a name, or bytes that are no text.
func (x *Lexer) foreign() Kind {
	r, n := utf8.DecodeRuneInString(x.sql[x.at:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return x.one(Error)
	case unicode.IsSpace(r):
		x.at += n
		return Space
	}
	x.at += n - 1
	if r == '\ufeff' { // a byte order mark in the middle of things
		return x.one(Error)
	}
	return x.word()
}

// dollar reads $1, $tag$…$tag$ or a lone $.
func (x *Lexer) dollar() Kind {
	if isDigit(x.peek(1)) {
		x.at++
		for x.at < len(x.sql) && isDigit(x.sql[x.at]) {
			x.at++
		}
		return Parameter
	}
	if !x.lex.DollarQuotes {
		return x.one(Error)
	}
	end := x.at + 1
	for end < len(x.sql) && (isWordStart(x.sql[end]) || isDigit(x.sql[end]) || x.sql[end] >= utf8.RuneSelf) {
		end++
	}
	if end >= len(x.sql) || x.sql[end] != '$' {
		return x.one(Error)
	}
	tag := x.sql[x.at : end+1]
	if i := strings.Index(x.sql[end+1:], tag); i >= 0 {
		x.at = end + 1 + i + len(tag)
		return String
	}
	x.at = len(x.sql)
	return Error
}

// number reads an unsigned number, or in some dialects a name that begins with a digit.
func (x *Lexer) number() Kind {
	start := x.at
	if x.sql[start] == '0' && (x.peek(1)|0x20 == 'x') && isHex(x.peek(2)) {
		x.at += 2
		for x.at < len(x.sql) && (isHex(x.sql[x.at]) || x.digitGroup()) {
			x.at++
		}
		return Number
	}
	x.digits()
	if x.peek(0) == '.' && x.peek(1) != '.' {
		x.at++
		x.digits()
	}
	if e := x.peek(0) | 0x20; e == 'e' {
		n := 1
		if s := x.peek(1); s == '+' || s == '-' {
			n = 2
		}
		if isDigit(x.peek(n)) {
			x.at += n
			x.digits()
		}
	}
	if !isWordStart(x.peek(0)) {
		return Number
	}
	end := x.at
	for x.at < len(x.sql) && (isWordStart(x.sql[x.at]) || isDigit(x.sql[x.at])) {
		x.at++
	}
	if suffix := x.sql[end:x.at]; x.lex.NumberSuffixes && isNumberSuffix(suffix) {
		return Number
	}
	if x.lex.DigitNames && !strings.Contains(x.sql[start:end], ".") {
		return Word
	}
	x.at = end
	return Number
}

func (x *Lexer) digits() {
	for x.at < len(x.sql) && (isDigit(x.sql[x.at]) || x.digitGroup()) {
		x.at++
	}
}

// digitGroup says that here is an underscore between digits of one number.
func (x *Lexer) digitGroup() bool {
	return x.lex.DigitGroups && x.sql[x.at] == '_' && isHex(x.peek(1)) && x.at > 0 && isHex(x.sql[x.at-1])
}

func isNumberSuffix(s string) bool {
	switch strings.ToUpper(s) {
	case "L", "S", "Y", "D", "F", "BD":
		return true
	}
	return false
}

// operators are those of more than one character, in the order in which they are tried: longer before shorter.
var operators = [...]string{
	"!~~*", "->>", "#>>", "<=>", "!~~", "~~*", "!~*", "-|-", "||/", "<->", "&&&",
	"->", "#>", "#-", "@>", "<@", "?|", "?&", "||", "::", ":=", "=>", "==", "<>", "!=", "<=", ">=", "<<", ">>", "~~", "!~", "~*",
	"^@", "//", "**", "&&", "@@", "@?", "|/",
}

func (x *Lexer) operator() Kind {
	rest := x.sql[x.at:]
	if len(rest) > 1 && isOperator(rest[1]) {
		for _, op := range operators {
			if strings.HasPrefix(rest, op) {
				x.at += len(op)
				return Operator
			}
		}
	}
	if isOperator(rest[0]) {
		return x.one(Operator)
	}
	return x.one(Error)
}

func isOperator(c byte) bool { return c < utf8.RuneSelf && class[c]&classOperator != 0 }

const (
	classWord = 1 << iota
	classDigit
	classHex
	classOperator
)

// class sorts the ASCII characters.
var class = func() (t [128]uint8) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
			t[c] |= classWord
		case c >= '0' && c <= '9':
			t[c] |= classDigit | classHex
		case strings.IndexByte("+-*/<>=~!@#%^&|?:\\", byte(c)) >= 0:
			t[c] |= classOperator
		}
		if c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' {
			t[c] |= classHex
		}
	}
	return t
}()

func isWordStart(c byte) bool { return c < utf8.RuneSelf && class[c]&classWord != 0 }
func isDigit(c byte) bool     { return c-'0' <= 9 }
func isHex(c byte) bool       { return c < utf8.RuneSelf && class[c]&classHex != 0 }
