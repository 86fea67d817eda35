package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textFilters work on text. A value that is not text is turned into it first, where Jinja2 does so.
func textFilters() map[string]*builtin {
	method := func(name string, positions ...int) func(invocation) (Value, error) {
		return func(c invocation) (Value, error) {
			s, mark, err := c.soft()
			if err != nil {
				return nil, err
			}
			var args []Value
			for _, i := range positions {
				if v := c.arg(i); v != nil {
					args = append(args, v)
				}
			}
			v := wrap(s, mark)
			return c.x.lang.str[name].invoke(invocation{x: c.x, v: v}, args, nil)
		}
	}
	return map[string]*builtin{
		"upper":      define("", method("upper")),
		"lower":      define("", method("lower")),
		"capitalize": define("", method("capitalize")),
		"trim":       define("chars=", method("strip", 0)),
		"center": define("width=", func(c invocation) (Value, error) {
			s, mark, err := c.soft()
			if err != nil {
				return nil, err
			}
			return c.x.lang.str["center"].invoke(invocation{x: c.x, v: wrap(s, mark)}, []Value{c.or(0, Int(80))}, nil)
		}),
		"title":     define("", filterTitle),
		"replace":   define("old, new, count=", filterReplace),
		"format":    define("*, **", filterFormat),
		"indent":    define("width=, first=, blank=", filterIndent),
		"truncate":  define("length=, killwords=, end=, leeway=", filterTruncate),
		"wordcount": define("", filterWordcount),
		"wordwrap":  define("width=, break_long_words=, wrapstring=, break_on_hyphens=", filterWordwrap),
		"urlencode": define("", filterUrlencode),
	}
}

// filterTitle begins each word with an upper-case letter; words are parted by space, hyphens and opening brackets.
func filterTitle(c invocation) (Value, error) {
	s, err := c.text()
	if err != nil {
		return nil, err
	}
	splits := func(r rune) bool { return r == '-' || isSpace(r) || strings.ContainsRune("({[<", r) }
	var b strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, splits)
		if end == 0 {
			end = strings.IndexFunc(s, func(r rune) bool { return !splits(r) })
			if end < 0 {
				end = len(s)
			}
			b.WriteString(s[:end])
			s = s[end:]
			continue
		}
		if end < 0 {
			end = len(s)
		}
		_, n := utf8.DecodeRuneInString(s)
		b.WriteString(upper(s[:n]))
		b.WriteString(lower(s[n:end]))
		s = s[end:]
	}
	return boxString(b.String()), nil
}

func filterReplace(c invocation) (Value, error) {
	s, err := c.text()
	if err != nil {
		return nil, err
	}
	old, err := textOf(c.arg(0))
	if err != nil {
		return nil, err
	}
	by, err := textOf(c.arg(1))
	if err != nil {
		return nil, err
	}
	n := -1
	if v := c.or(2, None); v != None {
		if n, err = needInt(v); err != nil {
			return nil, err
		}
	}
	text, err := c.x.replace(s, old, by, n)
	return boxString(text), err
}

func filterFormat(c invocation) (Value, error) {
	if len(c.extra) > 0 && len(c.kwargs) > 0 {
		return nil, valueErrorf("can't handle positional and keyword arguments at the same time")
	}
	s, mark, err := c.soft()
	if err != nil {
		return nil, err
	}
	var args Value = Tuple(c.extra)
	if len(c.kwargs) > 0 {
		d := NewDict(len(c.kwargs))
		for _, k := range c.kwargs {
			d.Set(k.Name, k.Value)
		}
		args = d
	}
	return c.x.binaryOp(OpMod, wrap(s, mark), args)
}

func filterIndent(c invocation) (Value, error) {
	indent, ok := asString(c.or(0, Int(4)))
	if !ok {
		n, err := needInt(c.or(0, Int(4)))
		if err != nil {
			return nil, typeErrorf("can't multiply sequence by non-int of type '%s'", c.arg(0).TypeName())
		}
		if err := c.x.growBy(1, int64(max(n, 0))); err != nil {
			return nil, err
		}
		indent = strings.Repeat(" ", max(n, 0))
	}
	s, ok := asString(c.v)
	if !ok {
		_, err := c.x.binaryOp(OpAdd, c.v, Str("\n"))
		if err == nil {
			err = typeErrorf("'%s' object has no attribute 'splitlines'", c.v.TypeName())
		}
		return nil, err
	}
	_, mark := c.v.(Markup)
	lines := splitLines(s+"\n", false)
	if err := c.x.growBy(len(indent)+1, int64(len(lines))); err != nil {
		return nil, err
	}
	if err := c.x.grow(len(s)); err != nil {
		return nil, err
	}
	var b strings.Builder
	if c.flag(1) {
		b.WriteString(indent)
	}
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
			if line != "" || c.flag(2) {
				b.WriteString(indent)
			}
		}
		b.WriteString(line)
	}
	return wrap(b.String(), mark), nil
}

func filterTruncate(c invocation) (Value, error) {
	size, err := c.int(0, 255)
	if err != nil {
		return nil, err
	}
	end, ok := asString(c.or(2, Str("...")))
	if !ok {
		return nil, typeErrorf("object of type '%s' has no len()", c.arg(2).TypeName())
	}
	leeway := 5
	if v := c.or(3, None); v != None {
		if leeway, err = needInt(v); err != nil {
			return nil, err
		}
	}
	endLen := utf8.RuneCountInString(end)
	if size < endLen {
		return nil, valueErrorf("expected length >= %d, got %d", endLen, size)
	}
	if leeway < 0 {
		return nil, valueErrorf("expected leeway >= 0, got %d", leeway)
	}
	n, err := length(c.v)
	if err != nil {
		return nil, err
	}
	if n <= size+leeway {
		return c.v, nil
	}
	s, ok := asString(c.v)
	if !ok {
		return nil, typeErrorf("'%s' object cannot be truncated", c.v.TypeName())
	}
	_, mark := c.v.(Markup)
	if mark {
		end = escapeHTML(end)
	}
	s, err = sliceString(s, [3]Value{nil, Int(size - endLen), nil})
	if err != nil {
		return nil, err
	}
	if !c.flag(1) {
		if i := strings.LastIndexByte(s, ' '); i >= 0 {
			s = s[:i]
		}
	}
	return wrap(s+end, mark), nil
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func filterWordcount(c invocation) (Value, error) {
	s, err := c.text()
	n, inWord := 0, false
	for _, r := range s {
		word := isWordRune(r)
		if word && !inWord {
			n++
		}
		inWord = word
	}
	return Int(n), err
}

// filterUrlencode quotes a text for the path of a URL, or pairs for its query.
func filterUrlencode(c invocation) (Value, error) {
	v := c.v
	_, isText := asString(v)
	if entries, ok := entriesOf(v); ok {
		var pairs []Value
		for k, val := range entries {
			pairs = append(pairs, Tuple{k, val})
		}
		v = &List{pairs}
	} else if isText {
		s, _ := asString(v)
		return boxString(quoteURL(s, false)), nil
	}
	it, err := c.x.iterate(v)
	if err != nil {
		s, err := textOf(v)
		return boxString(quoteURL(s, false)), err
	}
	var parts []string
	for {
		item, ok, err := it.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return boxString(strings.Join(parts, "&")), nil
		}
		pair, err := c.x.unpack(item, 2)
		if err != nil {
			return nil, err
		}
		k, err := textOf(pair[0])
		if err != nil {
			return nil, err
		}
		val, err := textOf(pair[1])
		if err != nil {
			return nil, err
		}
		parts = append(parts, quoteURL(k, true)+"="+quoteURL(val, true))
		if err := c.x.charge(1); err != nil {
			return nil, err
		}
	}
}

func quoteURL(s string, query bool) string {
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isNameByte(c) || c == '.' || c == '-' || c == '~' || c == '/' && !query:
			b = append(b, c)
		case c == ' ' && query:
			b = append(b, '+')
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}
