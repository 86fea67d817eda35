package jinja

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
)

// lexer cuts a template into tokens, on demand. Offsets are those of the file, so that every node knows its place.
type lexer struct {
	src string // the whole file, but cut off where the template ends
	pos int
	// tag is what the lexer stands in: 0 for text, '{' inside {{ }}, '%' inside {% %}.
	tag byte
	// open holds the closing brackets that are awaited inside a tag: only when it is empty may the tag end.
	open []byte
	// begin is a tag opening that waits behind the text before it.
	begin token
}

// newLexer reads src[start:end]; one newline at the very end does not count, as in Jinja2's default.
func newLexer(src string, start, end int) lexer {
	if end > start && src[end-1] == '\n' {
		end--
		if end > start && src[end-1] == '\r' {
			end--
		}
	} else if end > start && src[end-1] == '\r' {
		end--
	}
	return lexer{src: src[:end], pos: start}
}

func (l *lexer) fail(start, end int, format string, args ...any) *syntaxError {
	return &syntaxError{code: diag.TemplateSyntax, start: start, end: min(end, len(l.src)), message: fmt.Sprintf(format, args...)}
}

// next gives the next token that the parser cares for.
func (l *lexer) next(t *token) *syntaxError {
	if l.begin.kind != tokEOF {
		*t = l.begin
		l.begin.kind = tokEOF
		return nil
	}
	if l.tag != 0 {
		return l.inTag(t)
	}
	for l.pos < len(l.src) {
		found, err := l.text(t)
		if err != nil || found {
			return err
		}
	}
	n := int32(len(l.src))
	*t = token{kind: tokEOF, start: n, end: n}
	return nil
}

// text reads template text up to the next tag. It answers false when there was nothing to give (a comment, empty text).
func (l *lexer) text(t *token) (bool, *syntaxError) {
	start := l.pos
	open := start
	for {
		i := strings.IndexByte(l.src[open:], '{')
		if i < 0 || open+i+1 >= len(l.src) {
			open = len(l.src)
			break
		}
		open += i
		if c := l.src[open+1]; c == '{' || c == '%' || c == '#' {
			break
		}
		open++
	}
	end := open
	if open == len(l.src) {
		l.pos = open
		*t = token{kind: tokData, start: int32(start), end: int32(end), text: l.src[start:end]}
		return end > start, nil
	}
	after := open + 2
	if after < len(l.src) && (l.src[after] == '-' || l.src[after] == '+') {
		if l.src[after] == '-' {
			end = trimSpaceRight(l.src, start, end)
		}
		after++
	}
	*t = token{kind: tokData, start: int32(start), end: int32(end), text: l.src[start:end]}
	l.pos = after
	switch l.src[open+1] {
	case '{':
		l.tag = '{'
		l.begin = token{kind: tokVariableBegin, start: int32(open), end: int32(after)}
	case '%':
		if body, ok := l.keywordTag(after, "raw", false); ok {
			return l.raw(t, body, open)
		}
		l.tag = '%'
		l.begin = token{kind: tokBlockBegin, start: int32(open), end: int32(after)}
	default:
		return end > start, l.comment(open)
	}
	if end > start {
		return true, nil
	}
	*t = l.begin
	l.begin.kind = tokEOF
	return true, nil
}

// keywordTag matches the rest of a tag that holds one word, `raw %}`, from pos on, and answers where it ends.
func (l *lexer) keywordTag(pos int, word string, plus bool) (int, bool) {
	pos = skipSpace(l.src, pos)
	if !strings.HasPrefix(l.src[pos:], word) {
		return 0, false
	}
	pos = skipSpace(l.src, pos+len(word))
	rest := l.src[pos:]
	switch {
	case strings.HasPrefix(rest, "-%}"):
		return skipSpace(l.src, pos+3), true
	case strings.HasPrefix(rest, "%}"):
		return pos + 2, true
	case plus && strings.HasPrefix(rest, "+%}"):
		return pos + 3, true
	}
	return 0, false
}

// raw reads a raw block. The text before it is in t already; the two become one piece where they touch.
func (l *lexer) raw(t *token, body, open int) (bool, *syntaxError) {
	if body >= len(l.src) {
		l.pos = len(l.src)
		return t.text != "", nil
	}
	for i := body; ; {
		j := strings.Index(l.src[i:], "{%")
		if j < 0 {
			return false, l.fail(open, body, "Missing end of raw directive")
		}
		i += j
		sign := byte(0)
		after := i + 2
		if after < len(l.src) && (l.src[after] == '-' || l.src[after] == '+') {
			sign = l.src[after]
			after++
		}
		if end, ok := l.keywordTag(after, "endraw", true); ok {
			stop := i
			if sign == '-' {
				stop = trimSpaceRight(l.src, body, stop)
			}
			raw := token{kind: tokData, start: int32(body), end: int32(stop), text: l.src[body:stop]}
			l.pos = end
			if t.text != "" && raw.text != "" {
				l.begin = raw
			} else if raw.text != "" {
				*t = raw
			}
			return t.text != "", nil
		}
		i += 2
	}
}

func (l *lexer) comment(open int) *syntaxError {
	if l.pos >= len(l.src) {
		return nil
	}
	i := strings.Index(l.src[l.pos:], "#}")
	if i < 0 {
		return l.fail(open, open+2, "Missing end of comment tag")
	}
	end := l.pos + i
	strip := i > 0 && l.src[end-1] == '-'
	l.pos = end + 2
	if strip {
		l.pos = skipSpace(l.src, l.pos)
	}
	return nil
}

// inTag reads one token inside {{ }} or {% %}.
func (l *lexer) inTag(t *token) *syntaxError {
	src := l.src
	pos := l.pos
	for pos < len(src) && (src[pos] == ' ' || src[pos] == '\n') {
		pos++
	}
	if pos < len(src) && (src[pos] < ' ' || src[pos] >= utf8.RuneSelf) {
		pos = skipSpace(src, pos)
	}
	t.start = int32(pos)
	if pos >= len(src) {
		l.pos = pos
		t.kind, t.end, t.text = tokEOF, t.start, ""
		return nil
	}
	c := src[pos]
	var second byte
	if pos+1 < len(src) {
		second = src[pos+1]
	}
	if len(l.open) == 0 {
		if end, ok := l.tagEnd(pos, c, second); ok {
			t.kind, t.end, t.text = tokVariableEnd, int32(end), ""
			if l.tag == '%' {
				t.kind = tokBlockEnd
			}
			l.pos = end
			if c == '-' {
				l.pos = skipSpace(src, end)
			}
			l.tag = 0
			return nil
		}
	}
	switch {
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf:
		return l.name(t, pos)
	case c >= '0' && c <= '9':
		l.number(t, pos)
		return nil
	case c == '\'' || c == '"':
		return l.string(t, pos, c)
	}
	return l.operator(t, pos, c, second)
}

// tagEnd matches the end of the tag the lexer stands in.
func (l *lexer) tagEnd(pos int, c, second byte) (int, bool) {
	closing := byte('}')
	if l.tag == '%' {
		closing = '%'
	}
	if c == closing && second == '}' {
		return pos + 2, true
	}
	if (c == '-' || c == '+' && l.tag == '%') && second == closing && pos+2 < len(l.src) && l.src[pos+2] == '}' {
		return pos + 3, true
	}
	return 0, false
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

func (l *lexer) name(t *token, pos int) *syntaxError {
	end := pos
	ascii := true
	for end < len(l.src) {
		c := l.src[end]
		if isNameByte(c) {
			end++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeRuneInString(l.src[end:])
		if r == utf8.RuneError || !isNameRune(r) {
			break
		}
		ascii = false
		end += n
	}
	if end == pos {
		r, n := utf8.DecodeRuneInString(l.src[pos:])
		return l.fail(pos, pos+n, "unexpected char %s at %d", quote(string(r)), pos)
	}
	t.kind, t.end, t.text = tokName, int32(end), l.src[pos:end]
	l.pos = end
	if !ascii {
		if first, _ := utf8.DecodeRuneInString(t.text); !unicode.IsLetter(first) && first != '_' && !unicode.Is(unicode.Nl, first) {
			return l.fail(pos, end, "Invalid character in identifier")
		}
	}
	return nil
}

func isNameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Pc)
}

// number reads an integer or float literal. A float may not follow a dot directly: `x.1.2` are two subscripts.
func (l *lexer) number(t *token, pos int) {
	src := l.src
	t.kind = tokFloat
	if pos == 0 || src[pos-1] != '.' {
		if end, ok := floatEnd(src, pos); ok {
			t.end, t.text = int32(end), src[pos:end]
			l.pos = end
			return
		}
	}
	end := pos + 1
	digits := func(ok func(byte) bool) bool {
		from := end
		for end < len(src) {
			at := end
			if src[at] == '_' {
				at++
			}
			if at >= len(src) || !ok(src[at]) {
				break
			}
			end = at + 1
		}
		return end > from
	}
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	if src[pos] != '0' {
		digits(isDigit)
	} else {
		base := byte(0)
		if pos+1 < len(src) {
			base = src[pos+1] | 0x20
		}
		end = pos + 2
		switch {
		case base == 'b' && digits(func(c byte) bool { return c == '0' || c == '1' }):
		case base == 'o' && digits(func(c byte) bool { return c >= '0' && c <= '7' }):
		case base == 'x' && digits(isHexDigit):
		default:
			end = pos + 1
			digits(func(c byte) bool { return c == '0' })
		}
	}
	t.kind, t.end, t.text = tokInteger, int32(end), src[pos:end]
	l.pos = end
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// floatEnd matches digits with a fraction or an exponent, digits possibly joined by underscores.
func floatEnd(src string, pos int) (int, bool) {
	run := func(at int) (int, bool) {
		start := at
		for at < len(src) {
			if c := src[at]; c >= '0' && c <= '9' {
				at++
			} else if c == '_' && at > start && src[at-1] != '_' && at+1 < len(src) && src[at+1] >= '0' && src[at+1] <= '9' {
				at++
			} else {
				break
			}
		}
		return at, at > start
	}
	at, _ := run(pos)
	float := false
	if at < len(src) && src[at] == '.' {
		if end, ok := run(at + 1); ok {
			at, float = end, true
		}
	}
	if at < len(src) && src[at]|0x20 == 'e' {
		exp := at + 1
		if exp < len(src) && (src[exp] == '+' || src[exp] == '-') {
			exp++
		}
		if end, ok := run(exp); ok {
			at, float = end, true
		}
	}
	return at, float
}

func (l *lexer) string(t *token, pos int, quoteChar byte) *syntaxError {
	src := l.src
	plain := true
	for end := pos + 1; end < len(src); end++ {
		switch c := src[end]; {
		case c == '\\':
			plain = false
			end++
		case c == '\r':
			plain = false
		case c == quoteChar:
			t.kind, t.end, t.text = tokString, int32(end+1), src[pos+1:end]
			l.pos = end + 1
			if !plain {
				s, err := unescape(t.text)
				if err != "" {
					return l.fail(pos, end+1, "%s", err)
				}
				t.text = s
			}
			return nil
		}
	}
	return l.fail(pos, pos+1, "unexpected char %s at %d", quote(string(rune(quoteChar))), pos)
}

var singleOperators = [128]tokenKind{
	'+': tokAdd, '-': tokSub, '*': tokMul, '/': tokDiv, '%': tokMod, '~': tokTilde, '(': tokLParen, ')': tokRParen,
	'[': tokLBracket, ']': tokRBracket, '{': tokLBrace, '}': tokRBrace, '>': tokGt, '<': tokLt, '=': tokAssign,
	'.': tokDot, ':': tokColon, '|': tokPipe, ',': tokComma, ';': tokSemicolon,
}

func (l *lexer) operator(t *token, pos int, c, second byte) *syntaxError {
	kind := tokEOF
	end := pos + 2
	switch {
	case c == '/' && second == '/':
		kind = tokFloorDiv
	case c == '*' && second == '*':
		kind = tokPow
	case second == '=' && c == '=':
		kind = tokEq
	case second == '=' && c == '!':
		kind = tokNe
	case second == '=' && c == '>':
		kind = tokGtEq
	case second == '=' && c == '<':
		kind = tokLtEq
	default:
		kind, end = singleOperators[c], pos+1
	}
	if kind == tokEOF {
		return l.fail(pos, pos+1, "unexpected char %s at %d", quote(string(rune(c))), pos)
	}
	switch c {
	case '(':
		l.open = append(l.open, ')')
	case '[':
		l.open = append(l.open, ']')
	case '{':
		l.open = append(l.open, '}')
	case ')', ']', '}':
		n := len(l.open)
		if n == 0 {
			return l.fail(pos, end, "unexpected '%c'", c)
		}
		if want := l.open[n-1]; want != c {
			return l.fail(pos, end, "unexpected '%c', expected '%c'", c, want)
		}
		l.open = l.open[:n-1]
	}
	t.kind, t.end, t.text = kind, int32(end), ""
	l.pos = end
	return nil
}

// isSpace is Python's str.isspace for one character.
func isSpace(r rune) bool {
	switch {
	case r == ' ' || r >= '\t' && r <= '\r':
		return true
	case r < 0x80:
		return r >= 0x1c && r <= 0x1f
	}
	return r == 0x85 || r == 0xa0 || r == 0x1680 || r >= 0x2000 && r <= 0x200a || r == 0x2028 || r == 0x2029 ||
		r == 0x202f || r == 0x205f || r == 0x3000
}

func skipSpace(s string, pos int) int {
	for pos < len(s) {
		if c := s[pos]; c < utf8.RuneSelf {
			if !isSpace(rune(c)) {
				return pos
			}
			pos++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[pos:])
		if !isSpace(r) {
			return pos
		}
		pos += n
	}
	return pos
}

func trimSpaceRight(s string, start, end int) int {
	for end > start {
		if c := s[end-1]; c < utf8.RuneSelf {
			if !isSpace(rune(c)) {
				return end
			}
			end--
			continue
		}
		r, n := utf8.DecodeLastRuneInString(s[start:end])
		if !isSpace(r) {
			return end
		}
		end -= n
	}
	return end
}
