package jinja

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape decodes the inside of a string literal as Python's unicode-escape does; err is Python's reason, or "".
// Unknown escapes stay as they are.
func unescape(s string) (text, err string) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\r' { // every kind of line end is a newline
			b.WriteByte('\n')
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			continue
		}
		if c != '\\' || i+1 >= len(s) {
			b.WriteByte(c)
			continue
		}
		i++
		switch c = s[i]; c {
		case '\n':
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		case '\\', '\'', '"':
			b.WriteByte(c)
		case 'a':
			b.WriteByte('\a')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'v':
			b.WriteByte('\v')
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n, j := 0, i
			for j < len(s) && j < i+3 && s[j] >= '0' && s[j] <= '7' {
				n = n*8 + int(s[j]-'0')
				j++
			}
			b.WriteRune(rune(n))
			i = j - 1
		case 'x', 'u', 'U':
			width := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if i+width >= len(s) {
				return "", "truncated \\" + string(c) + strings.Repeat("X", width) + " escape"
			}
			n, bad := strconv.ParseUint(s[i+1:i+1+width], 16, 32)
			if bad != nil || s[i+1] == '+' {
				return "", "truncated \\" + string(c) + strings.Repeat("X", width) + " escape"
			}
			if n > utf8.MaxRune {
				return "", "illegal Unicode character"
			}
			if n >= 0xd800 && n < 0xe000 {
				return "", "lone surrogates cannot be written"
			}
			b.WriteRune(rune(n))
			i += width
		case 'N':
			return "", "characters cannot be written by name, use \\uXXXX"
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
