package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func strMap(ascii, full func(string) string) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		if err := c.x.grow(len(s)); err != nil {
			return nil, err
		}
		_, mark := c.v.(Markup)
		if ascii != nil && isASCII(s) {
			return wrap(ascii(s), mark), nil
		}
		return wrap(full(s), mark), nil
	}
}

// upper and lower know the characters whose other case is more than one character.
func upper(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 'ß' || r == 'ŉ' || r >= 0xfb00 && r <= 0xfb06 {
			return r
		}
		return unicode.ToUpper(r)
	}, s)
	return upperSpecial.Replace(s)
}

var upperSpecial = strings.NewReplacer("ß", "SS", "ŉ", "ʼN", "ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST")

func lower(s string) string {
	if !strings.ContainsAny(s, "İΣ") {
		return strings.ToLower(s)
	}
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == 'İ':
			b.WriteString("i̇")
		case r == 'Σ' && i > 0 && unicode.IsLetter(runes[i-1]) && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1])):
			b.WriteRune('ς')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func casefold(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 'ς' {
			return 'σ'
		}
		return unicode.ToLower(r)
	}, s)
	return foldSpecial.Replace(s)
}

var foldSpecial = strings.NewReplacer("ß", "ss", "ŉ", "ʼn", "ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st", "ẞ", "ss")

func title(s string) string {
	var b strings.Builder
	inWord := false
	for _, r := range s {
		isCased := unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r)
		switch {
		case !isCased:
			b.WriteRune(r)
		case inWord:
			b.WriteString(lower(string(r)))
		case r == 'ß':
			b.WriteString("Ss")
		default:
			b.WriteRune(unicode.ToTitle(r))
		}
		inWord = isCased
	}
	return b.String()
}

func capitalize(s string) string {
	if s == "" {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	first := string(unicode.ToTitle(r))
	if r == 'ß' {
		first = "Ss"
	}
	return first + lower(s[n:])
}

func swapcase(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			b.WriteString(lower(string(r)))
		case unicode.IsLower(r):
			b.WriteString(upper(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func classify(in func(rune) bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		return Bool(s != "" && strings.IndexFunc(s, func(r rune) bool { return !in(r) }) < 0), nil
	}
}

// isDigitRune is Python's isdigit: decimals, and superscripts and the like.
func isDigitRune(r rune) bool {
	return unicode.Is(unicode.Nd, r) || r == 0xb2 || r == 0xb3 || r == 0xb9 || r == 0x2070 || r >= 0x2074 && r <= 0x2079 ||
		r >= 0x2080 && r <= 0x2089 || r >= 0x2460 && r <= 0x2468
}

func cased(want, not func(rune) bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		return Bool(isCased(s, want, not)), nil
	}
}

func isCased(s string, want, not func(rune) bool) bool {
	found := false
	for _, r := range s {
		if not(r) || unicode.IsTitle(r) {
			return false
		}
		found = found || want(r)
	}
	return found
}

func strIstitle(c invocation) (Value, error) {
	s, _ := asString(c.v)
	inWord, found := false, false
	for _, r := range s {
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			if inWord {
				return Bool(false), nil
			}
			inWord, found = true, true
		case unicode.IsLower(r):
			if !inWord {
				return Bool(false), nil
			}
		default:
			inWord = false
		}
	}
	return Bool(found), nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || i > 0 && isNameRune(r) {
			continue
		}
		return false
	}
	return s != ""
}
