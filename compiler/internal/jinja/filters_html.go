package jinja

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var (
	htmlEscapes = strings.NewReplacer("&", "&amp;", ">", "&gt;", "<", "&lt;", "'", "&#39;", `"`, "&#34;")
	jsonForHTML = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`)
)

func escapeHTML(s string) string { return htmlEscapes.Replace(s) }

// escapeValue is str(escape(v)): Markup stays as it is.
func escapeValue(v Value) string {
	if m, ok := v.(Markup); ok {
		return string(m)
	}
	return escapeHTML(Text(v))
}

// escapeArguments escapes the right side of Markup % args.
func escapeArguments(v Value) Value {
	one := func(v Value) Value {
		if isNumber(v) {
			return v
		}
		return escapedValue{v}
	}
	if t, ok := asTuple(v); ok {
		out := make(Tuple, len(t))
		for i := range t {
			out[i] = one(t[i])
		}
		return out
	}
	if d, ok := v.(*Dict); ok {
		out := d.Copy()
		for i := range out.entries {
			out.entries[i].value = one(out.entries[i].value)
		}
		return out
	}
	return one(v)
}

// escapedValue prints as its value does, escaped.
type escapedValue struct{ v Value }

func (escapedValue) TypeName() string { return "_MarkupEscapeHelper" }
func (e escapedValue) String() string { return escapeValue(e.v) }
func (e escapedValue) Repr() string   { return escapeHTML(Repr(e.v)) }

// markupTable are the methods of Markup that str does not have.
func markupTable() map[string]*builtin {
	return named(map[string]*builtin{
		"unescape": define("", func(c invocation) (Value, error) {
			s, _ := asString(c.v)
			return boxString(html.UnescapeString(s)), nil
		}),
		"striptags": define("", func(c invocation) (Value, error) {
			s, _ := asString(c.v)
			return boxString(stripTags(s)), nil
		}),
		"escape": define("s", func(c invocation) (Value, error) { return Markup(escapeValue(c.arg(0))), nil }),
	})
}

// htmlFilters write HTML. Nothing is escaped unless a template asks for it.
func htmlFilters() map[string]*builtin {
	return map[string]*builtin{
		"escape":      define("", func(c invocation) (Value, error) { return Markup(escapeValue(c.v)), c.grewText() }),
		"forceescape": define("", func(c invocation) (Value, error) { return Markup(escapeHTML(Text(c.v))), c.grewText() }),
		"safe":        define("", func(c invocation) (Value, error) { return Markup(Text(c.v)), nil }),
		"striptags":   define("", func(c invocation) (Value, error) { return boxString(stripTags(Text(c.v))), nil }),
		"urlize":      define("trim_url_limit=, nofollow=, target=, rel=, extra_schemes=", filterUrlize),
		"xmlattr":     define("autospace=", filterXmlattr),
	}
}

func (c *invocation) grewText() error {
	s, err := c.text()
	if err == nil {
		err = c.x.grow(len(s))
	}
	return err
}

// stripTags removes tags and comments, joins white space and decodes entities.
func stripTags(s string) string {
	var b strings.Builder
	rest := s
	for {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		end, skip := strings.IndexByte(rest[i:], '>'), 1
		if strings.HasPrefix(rest[i:], "<!--") {
			if end, skip = strings.Index(rest[i+4:], "-->"), 3; end >= 0 {
				end += 4
			}
		}
		if end < 0 {
			break
		}
		b.WriteString(rest[:i])
		rest = rest[i+end+skip:]
	}
	b.WriteString(rest)
	return html.UnescapeString(strings.Join(strings.FieldsFunc(b.String(), isSpace), " "))
}

func filterXmlattr(c invocation) (Value, error) {
	entries, ok := entriesOf(c.v)
	if !ok {
		if u, undef := c.v.(*Undefined); undef {
			return nil, undefinedFailure(u)
		}
		return nil, typeErrorf("'%s' object has no attribute 'items'", c.v.TypeName())
	}
	var parts []string
	for k, v := range entries {
		if v == None || isUndefined(v) {
			continue
		}
		key, ok := asString(k)
		if !ok {
			return nil, typeErrorf("expected string or bytes-like object, got '%s'", k.TypeName())
		}
		if strings.ContainsAny(key, " \t\n\r\f\v/>=") {
			return nil, valueErrorf("Invalid character in attribute name: %s", quote(key))
		}
		parts = append(parts, escapeValue(k)+`="`+escapeValue(v)+`"`)
	}
	s := strings.Join(parts, " ")
	if s != "" && Truth(c.or(0, Bool(true))) {
		s = " " + s
	}
	return boxString(s), nil
}

// The patterns of urlize are compiled when a template first uses it.
var (
	httpPattern = sync.OnceValue(func() *regexp.Regexp {
		const w = `[\p{L}\p{N}_]`
		return regexp.MustCompile(`(?i)^((https?://|www\.)(([\p{L}\p{N}_%-]+\.)+)?([a-z]{2,63}|xn--[\p{L}\p{N}_%]{2,59})` +
			`|([\p{L}\p{N}_%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)` +
			`|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))` +
			`(?::[\d]{1,5})?(?:[/?#]\S*)?\n?$`)
	})
	emailPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+\n?$`)
	})
	schemePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([\p{L}\p{N}_.+-]{2,}:(/){0,2})$`) })
)

func filterUrlize(c invocation) (Value, error) {
	var rel []string
	if v := c.or(3, None); v != None {
		s, ok := asString(v)
		if !ok {
			return nil, typeErrorf("'%s' object has no attribute 'split'", v.TypeName())
		}
		rel = strings.FieldsFunc(s, isSpace)
	}
	if c.flag(1) {
		rel = append(rel, "nofollow")
	}
	rel = append(rel, "noopener")
	slices.Sort(rel)
	rel = slices.Compact(rel)
	attrs := ` rel="` + escapeHTML(strings.Join(rel, " ")) + `"`
	if v := c.or(2, None); v != None && Truth(v) {
		attrs += ` target="` + escapeValue(v) + `"`
	}
	limit := -1
	if v := c.or(0, None); v != None {
		n, err := needInt(v)
		if err != nil {
			return nil, err
		}
		limit = n
	}
	var schemes []string
	if v := c.or(4, None); v != None {
		items, err := c.x.items(v)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			s, ok := asString(item)
			if !ok || !schemePattern().MatchString(s) {
				return nil, valueErrorf("%s is not a valid URI scheme prefix.", Repr(item))
			}
			schemes = append(schemes, s)
		}
	}
	text := escapeValue(c.v)
	if err := c.x.growBy(4+len(attrs), int64(len(text))); err != nil {
		return nil, err
	}
	var b strings.Builder
	for text != "" {
		n := strings.IndexFunc(text, isSpace)
		switch n {
		case 0:
			end := strings.IndexFunc(text, func(r rune) bool { return !isSpace(r) })
			if end < 0 {
				end = len(text)
			}
			b.WriteString(text[:end])
			text = text[end:]
			continue
		case -1:
			n = len(text)
		}
		b.WriteString(linkWord(text[:n], attrs, limit, schemes))
		text = text[n:]
	}
	return boxString(b.String()), nil
}

// linkWord makes a link of a word if it is an address; punctuation around it stays outside.
func linkWord(word, attrs string, limit int, schemes []string) string {
	head, middle, tail := "", word, ""
	for {
		n := 0
		switch {
		case strings.HasPrefix(middle, "(") || strings.HasPrefix(middle, "<"):
			n = 1
		case strings.HasPrefix(middle, "&lt;"):
			n = 4
		}
		if n == 0 {
			break
		}
		head, middle = head+middle[:n], middle[n:]
	}
	for {
		n := 0
		switch {
		case middle != "" && strings.IndexByte(")>.,\n", middle[len(middle)-1]) >= 0:
			n = 1
		case strings.HasSuffix(middle, "&gt;"):
			n = 4
		}
		if n == 0 {
			break
		}
		middle, tail = middle[:len(middle)-n], middle[len(middle)-n:]+tail
	}
	for _, pair := range [...][2]string{{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}} {
		opened := strings.Count(middle, pair[0])
		if opened <= strings.Count(middle, pair[1]) {
			continue
		}
		for n := min(opened, strings.Count(tail, pair[1])); n > 0; n-- {
			end := strings.Index(tail, pair[1]) + len(pair[1])
			middle, tail = middle+tail[:end], tail[end:]
		}
	}
	shown := middle
	if limit >= 0 {
		if r := []rune(middle); len(r) > limit {
			shown = string(r[:limit]) + "..."
		}
	}
	switch {
	case httpPattern().MatchString(middle):
		to := middle
		if !strings.HasPrefix(middle, "https://") && !strings.HasPrefix(middle, "http://") {
			to = "https://" + middle
		}
		middle = `<a href="` + to + `"` + attrs + `>` + shown + `</a>`
	case strings.HasPrefix(middle, "mailto:") && emailPattern().MatchString(middle[7:]):
		middle = `<a href="` + middle + `">` + middle[7:] + `</a>`
	case strings.Contains(middle, "@") && !strings.HasPrefix(middle, "www.") && !strings.HasPrefix(middle, "@") &&
		!strings.Contains(middle, ":") && emailPattern().MatchString(middle):
		middle = `<a href="mailto:` + middle + `">` + middle + `</a>`
	default:
		for _, s := range schemes {
			if middle != s && strings.HasPrefix(middle, s) {
				middle = `<a href="` + middle + `"` + attrs + `>` + middle + `</a>`
			}
		}
	}
	return head + middle + tail
}
