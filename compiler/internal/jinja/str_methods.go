package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// strTable are the methods of str.
func strTable() map[string]*builtin {
	return named(map[string]*builtin{
		"upper":      define("", strMap(strings.ToUpper, upper)),
		"lower":      define("", strMap(strings.ToLower, lower)),
		"title":      define("", strMap(nil, title)),
		"capitalize": define("", strMap(nil, capitalize)),
		"casefold":   define("", strMap(nil, casefold)),
		"swapcase":   define("", strMap(nil, swapcase)),
		"strip":      define("/, chars=", stripper(true, true)),
		"lstrip":     define("/, chars=", stripper(true, false)),
		"rstrip":     define("/, chars=", stripper(false, true)),
		"split":      define("sep=, maxsplit=", strSplit),
		"rsplit":     define("sep=, maxsplit=", strRsplit),
		"splitlines": define("keepends=", strSplitlines),
		"join":       define("/, iterable", strJoin),
		"replace":    define("/, old, new, count=", strReplace),
		"startswith": define("/, prefix, start=, end=", affix(strings.HasPrefix, "startswith")),
		"endswith":   define("/, suffix, start=, end=", affix(strings.HasSuffix, "endswith")),
		"find":       define("/, sub, start=, end=", finder(false, false)),
		"rfind":      define("/, sub, start=, end=", finder(true, false)),
		"index":      define("/, sub, start=, end=", finder(false, true)),
		"rindex":     define("/, sub, start=, end=", finder(true, true)),
		"count":      define("/, sub, start=, end=", strCount),
		"zfill":      define("/, width", strZfill),
		"center":     define("/, width, fillchar=", justify(centered)),
		"ljust":      define("/, width, fillchar=", justify(func(n, _ int) (int, int) { return 0, n })),
		"rjust":      define("/, width, fillchar=", justify(func(n, _ int) (int, int) { return n, 0 })),
		"partition":  define("/, sep", partition(false)),
		"rpartition": define("/, sep", partition(true)),

		"removeprefix": define("/, prefix", func(c invocation) (Value, error) {
			return strCut(c, func(s, t string) string { return strings.TrimPrefix(s, t) })
		}),
		"removesuffix": define("/, suffix", func(c invocation) (Value, error) {
			return strCut(c, func(s, t string) string { return strings.TrimSuffix(s, t) })
		}),
		"expandtabs": define("tabsize=", strExpandtabs),
		"format":     define("*, **", strFormat),
		"format_map": define("/, mapping", strFormatMap),
		"encode":     define("encoding=, errors=", strEncode),
		"translate":  define("/, table", strTranslate),

		"isdigit":      define("", classify(isDigitRune)),
		"isdecimal":    define("", classify(func(r rune) bool { return unicode.Is(unicode.Nd, r) })),
		"isnumeric":    define("", classify(unicode.IsNumber)),
		"isalpha":      define("", classify(unicode.IsLetter)),
		"isalnum":      define("", classify(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })),
		"isspace":      define("", classify(isSpace)),
		"isupper":      define("", cased(unicode.IsUpper, unicode.IsLower)),
		"islower":      define("", cased(unicode.IsLower, unicode.IsUpper)),
		"istitle":      define("", strIstitle),
		"isidentifier": define("", func(c invocation) (Value, error) { s, _ := asString(c.v); return Bool(isIdentifier(s)), nil }),
		"isascii":      define("", func(c invocation) (Value, error) { s, _ := asString(c.v); return Bool(isASCII(s)), nil }),
		"isprintable": define("", func(c invocation) (Value, error) {
			s, _ := asString(c.v)
			return Bool(strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0), nil
		}),
	})
}

func strJoin(c invocation) (Value, error) {
	sep, _ := asString(c.v)
	_, mark := c.v.(Markup)
	it, err := c.x.iterate(c.arg(0))
	if err != nil {
		return nil, typeErrorf("can only join an iterable")
	}
	var b strings.Builder
	for i := 0; ; i++ {
		v, ok, err := it.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		s, isStr := asString(v)
		if mark {
			s, isStr = escapeValue(v), true
		}
		if !isStr {
			return nil, typeErrorf("sequence item %d: expected str instance, %s found", i, v.TypeName())
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s)
		if err := c.x.charge(1); err != nil {
			return nil, err
		}
		if err := c.x.building(b.Len()); err != nil {
			return nil, err
		}
		if err := c.x.grow(len(s) + len(sep)); err != nil {
			return nil, err
		}
	}
	return wrap(b.String(), mark), nil
}

func strReplace(c invocation) (Value, error) {
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	old, ok := asString(c.arg(0))
	if !ok {
		return nil, typeErrorf("replace() argument 1 must be str, not %s", c.arg(0).TypeName())
	}
	by, ok := asString(c.arg(1))
	if mark {
		by, ok = escapeValue(c.arg(1)), true
	}
	if !ok {
		return nil, typeErrorf("replace() argument 2 must be str, not %s", c.arg(1).TypeName())
	}
	n, err := c.int(2, -1)
	if err != nil {
		return nil, err
	}
	text, err := c.x.replace(s, old, by, n)
	return wrap(text, mark), err
}

func (x *exec) replace(s, old, by string, n int) (string, error) {
	count := strings.Count(s, old)
	if n >= 0 && n < count {
		count = n
	}
	if count == 0 {
		return s, nil
	}
	if extra := len(by) - len(old); extra > 0 {
		if err := x.growBy(extra, int64(count)); err != nil {
			return "", err
		}
	}
	if err := x.grow(len(s)); err != nil {
		return "", err
	}
	return strings.Replace(s, old, by, n), nil
}

// window cuts s to the optional bounds in arguments from and from+1; offset is where the window begins, in characters.
func (c *invocation) window(from int) (s string, offset int, valid bool, err error) {
	s, _ = asString(c.v)
	start, stop := c.arg(from), c.arg(from+1)
	if start == nil && stop == nil {
		return s, 0, true, nil
	}
	n := utf8.RuneCountInString(s)
	at, err := sliceIndexes([3]Value{start, stop, nil}, n)
	if err != nil {
		return "", 0, false, err
	}
	if start != nil && start != None {
		if i, big, ok := asInt(start); ok && big == nil && i > int64(n) {
			return "", 0, false, nil
		}
	}
	s, err = sliceString(s, [3]Value{start, stop, nil})
	return s, at.start, at.stop >= at.start, err
}

func affix(has func(s, t string) bool, name string) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _, valid, err := c.window(1)
		if err != nil {
			return nil, err
		}
		options, isTuple := asTuple(c.arg(0))
		if !isTuple {
			options = Tuple{c.arg(0)}
		}
		for _, o := range options {
			t, ok := asString(o)
			if !ok {
				if isTuple {
					return nil, typeErrorf("tuple for %s must only contain str, not %s", name, o.TypeName())
				}
				return nil, typeErrorf("%s first arg must be str or a tuple of str, not %s", name, o.TypeName())
			}
			if valid && has(s, t) {
				return Bool(true), nil
			}
		}
		return Bool(false), nil
	}
}

func finder(last, must bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		sub, ok := asString(c.arg(0))
		if !ok {
			return nil, typeErrorf("must be str, not %s", c.arg(0).TypeName())
		}
		s, offset, valid, err := c.window(1)
		if err != nil {
			return nil, err
		}
		i := -1
		if valid {
			if i = strings.Index(s, sub); last {
				i = strings.LastIndex(s, sub)
			}
		}
		if i < 0 {
			if must {
				return nil, valueErrorf("substring not found")
			}
			return Int(-1), nil
		}
		return Int(offset + utf8.RuneCountInString(s[:i])), nil
	}
}

func strCount(c invocation) (Value, error) {
	sub, ok := asString(c.arg(0))
	if !ok {
		return nil, typeErrorf("must be str, not %s", c.arg(0).TypeName())
	}
	s, _, valid, err := c.window(1)
	if err != nil || !valid {
		return Int(0), err
	}
	return Int(strings.Count(s, sub)), nil
}

func strZfill(c invocation) (Value, error) {
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	width, err := c.int(0, 0)
	if err != nil {
		return nil, err
	}
	pad := width - utf8.RuneCountInString(s)
	if pad <= 0 {
		return wrap(s, mark), nil
	}
	if err := c.x.growBy(1, int64(pad)); err != nil {
		return nil, err
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = s[:1], s[1:]
	}
	return wrap(sign+strings.Repeat("0", pad)+s, mark), nil
}

// centered says how Python divides padding n around a text in a field of the width.
func centered(n, width int) (left, right int) {
	left = n/2 + n&width&1
	return left, n - left
}

func justify(divide func(n, width int) (left, right int)) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		_, mark := c.v.(Markup)
		width, err := c.int(0, 0)
		if err != nil {
			return nil, err
		}
		fill := " "
		if v := c.arg(1); v != nil {
			var ok bool
			if fill, ok = asString(v); !ok || utf8.RuneCountInString(fill) != 1 {
				return nil, typeErrorf("The fill character must be exactly one character long")
			}
			if mark {
				fill = escapeValue(v)
			}
		}
		pad := width - utf8.RuneCountInString(s)
		if pad <= 0 {
			return wrap(s, mark), nil
		}
		if err := c.x.growBy(len(fill), int64(pad)); err != nil {
			return nil, err
		}
		left, right := divide(pad, width)
		return wrap(strings.Repeat(fill, left)+s+strings.Repeat(fill, right), mark), nil
	}
}

func strExpandtabs(c invocation) (Value, error) {
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	size, err := c.int(0, 8)
	if err != nil {
		return nil, err
	}
	if err := c.x.growBy(max(size, 0)+1, int64(len(s))); err != nil {
		return nil, err
	}
	var b strings.Builder
	col := 0
	for _, r := range s {
		switch r {
		case '\t':
			if size > 0 {
				n := size - col%size
				b.WriteString(strings.Repeat(" ", n))
				col += n
			}
		case '\n', '\r':
			b.WriteRune(r)
			col = 0
		default:
			b.WriteRune(r)
			col++
		}
	}
	return wrap(b.String(), mark), nil
}

// strEncode answers for the one thing templates do with bytes: hand them to a host function. They stay text here.
func strEncode(c invocation) (Value, error) {
	name, ok := asString(c.or(0, Str("utf-8")))
	if ok {
		switch strings.ToLower(strings.ReplaceAll(name, "_", "-")) {
		case "utf-8", "utf8":
			s, _ := asString(c.v)
			return Bytes(s), nil
		case "ascii":
			if s, _ := asString(c.v); isASCII(s) {
				return Bytes(s), nil
			}
			return nil, valueErrorf("'ascii' codec can't encode characters: ordinal not in range(128)")
		}
	}
	return nil, lookupErrorf("unknown encoding: %s", name)
}

func strTranslate(c invocation) (Value, error) {
	table, ok := c.arg(0).(*Dict)
	if !ok {
		return nil, typeErrorf("'%s' object is not subscriptable", c.arg(0).TypeName())
	}
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	var b strings.Builder
	for _, r := range s {
		v, found, _ := table.Lookup(Int(r))
		if !found {
			b.WriteRune(r)
			continue
		}
		if n, _, isInt := asInt(v); isInt {
			b.WriteRune(rune(n))
		} else if t, isStr := asString(v); isStr {
			b.WriteString(t)
		} else if v != None {
			return nil, typeErrorf("character mapping must return integer, None or str")
		}
		if err := c.x.grow(b.Len() / max(len(s), 1)); err != nil {
			return nil, err
		}
	}
	return wrap(b.String(), mark), nil
}
