package basecontext

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// subject is the text argument of a matching function.
func subject(v jinja.Value) (string, error) {
	s, ok := text(v)
	if !ok {
		return "", fmt.Errorf("expected string or bytes-like object, got '%s'", v.TypeName())
	}
	return s, nil
}

// find runs one of the three forms of the pattern.
func (p *pattern) find(re *regexp.Regexp, s string) jinja.Value {
	at := p.first(re, s)
	if at == nil {
		return jinja.None
	}
	return &match{p: p, text: s, at: at, limit: len(s)}
}

// first is the first match. Where the expression has a $ and the text ends with a line break, what matches before that break
// counts too.
func (p *pattern) first(re *regexp.Regexp, s string) []int {
	at := re.FindStringSubmatchIndex(s)
	if cut, found := strings.CutSuffix(s, "\n"); p.endsLine && found && re != p.full {
		if before := re.FindStringSubmatchIndex(cut); before != nil && (at == nil || before[0] < at[0]) {
			return before
		}
	}
	return at
}

// all lists the matches as Python counts them: an empty match may follow right behind another match. Go leaves such a match
// out, so the search goes on in the rest of the text, unless the expression looks at what stands before (^, \b).
func (p *pattern) all(s string) []*match {
	var out []*match
	if p.looksBack {
		found := p.re.FindAllStringSubmatchIndex(s, -1)
		if cut, ends := strings.CutSuffix(s, "\n"); p.endsLine && ends {
			late := found
			found = p.re.FindAllStringSubmatchIndex(cut, -1)
			for _, at := range late {
				if at[0] > len(cut) || at[0] == len(cut) && (len(found) == 0 || found[len(found)-1][1] < at[0]) {
					found = append(found, at)
				}
			}
		}
		for _, at := range found {
			out = append(out, &match{p: p, text: s, at: at, limit: len(s)})
		}
		return out
	}
	for pos := 0; pos <= len(s); {
		at := p.first(p.re, s[pos:])
		if at == nil {
			break
		}
		for i := range at {
			if at[i] >= 0 {
				at[i] += pos
			}
		}
		out = append(out, &match{p: p, text: s, at: at, limit: len(s)})
		pos = at[1]
		if at[0] == at[1] {
			_, n := utf8.DecodeRuneInString(s[pos:])
			pos += max(n, 1)
		}
	}
	return out
}

// looksBack says whether an expression asks what stands before the place where it is tried.
func looksBack(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(re.Sub, looksBack)
}

func (p *pattern) findAll(s string) jinja.Value {
	out := jinja.NewList()
	for _, m := range p.all(s) {
		none := func(v jinja.Value) jinja.Value {
			if v == jinja.None {
				return jinja.Str("")
			}
			return v
		}
		switch n := len(m.at)/2 - 1; n {
		case 0, 1:
			out.Items = append(out.Items, none(m.group(n)))
		default:
			row := make(jinja.Tuple, n)
			for i := range row {
				row[i] = none(m.group(i + 1))
			}
			out.Items = append(out.Items, row)
		}
	}
	return out
}

func (p *pattern) split(s string, limit int) jinja.Value {
	out := jinja.NewList()
	last := 0
	for i, m := range p.all(s) {
		if limit > 0 && i >= limit {
			break
		}
		out.Items = append(out.Items, jinja.Str(s[last:m.at[0]]))
		for g := 1; g < len(m.at)/2; g++ {
			out.Items = append(out.Items, m.group(g))
		}
		last = m.at[1]
	}
	out.Items = append(out.Items, jinja.Str(s[last:]))
	return out
}

// substitute is sub and subn; the replacement is a text with references, or something to call.
func (p *pattern) substitute(c *jinja.Call, repl jinja.Value, s string, limit int) (string, int, error) {
	var b strings.Builder
	last, n := 0, 0
	for _, m := range p.all(s) {
		if limit > 0 && n >= limit {
			break
		}
		n++
		b.WriteString(s[last:m.at[0]])
		last = m.at[1]
		if f, ok := repl.(jinja.Callable); ok {
			call := &jinja.Call{Args: []jinja.Value{m}}
			if c != nil {
				call.Thread, call.Scope, call.Span = c.Thread, c.Scope, c.Span
			}
			v, err := f.Call(call)
			if err != nil {
				return "", 0, err
			}
			b.WriteString(jinja.Text(v))
			continue
		}
		t, ok := text(repl)
		if !ok {
			return "", 0, fmt.Errorf("decoding to str: need a bytes-like object, %s found", repl.TypeName())
		}
		r, err := m.expand(t)
		if err != nil {
			return "", 0, err
		}
		b.WriteString(r)
	}
	b.WriteString(s[last:])
	return b.String(), n, nil
}

// operation is one function of the module and method of a pattern: it differs only in where the pattern comes from.
type operation struct {
	names []string
	run   func(c *jinja.Call, p *pattern, a []jinja.Value) (jinja.Value, error)
}

func count(v jinja.Value) (int, error) {
	if v == nil {
		return 0, nil
	}
	return whole("count", v)
}

func operations() map[string]operation {
	on := func(f func(p *pattern, s string) (jinja.Value, error)) operation {
		return operation{[]string{"string"}, func(_ *jinja.Call, p *pattern, a []jinja.Value) (jinja.Value, error) {
			s, err := subject(a[0])
			if err != nil {
				return nil, err
			}
			return f(p, s)
		}}
	}
	sub := func(pair bool) operation {
		return operation{[]string{"repl", "string", "count="}, func(c *jinja.Call, p *pattern, a []jinja.Value) (jinja.Value, error) {
			s, err := subject(a[1])
			if err != nil {
				return nil, err
			}
			limit, err := count(a[2])
			if err != nil {
				return nil, err
			}
			out, n, err := p.substitute(c, a[0], s, limit)
			if err != nil {
				return nil, err
			}
			if pair {
				return jinja.Tuple{jinja.Str(out), jinja.Int(n)}, nil
			}
			return jinja.Str(out), nil
		}}
	}
	return map[string]operation{
		"match":     on(func(p *pattern, s string) (jinja.Value, error) { return p.find(p.head, s), nil }),
		"fullmatch": on(func(p *pattern, s string) (jinja.Value, error) { return p.find(p.full, s), nil }),
		"search":    on(func(p *pattern, s string) (jinja.Value, error) { return p.find(p.re, s), nil }),
		"findall":   on(func(p *pattern, s string) (jinja.Value, error) { return p.findAll(s), nil }),
		"finditer": on(func(p *pattern, s string) (jinja.Value, error) {
			var items []jinja.Value
			for _, m := range p.all(s) {
				items = append(items, m)
			}
			return iterator("callable_iterator", items), nil
		}),
		"split": {[]string{"string", "maxsplit="}, func(_ *jinja.Call, p *pattern, a []jinja.Value) (jinja.Value, error) {
			s, err := subject(a[0])
			if err != nil {
				return nil, err
			}
			limit, err := count(a[1])
			if err != nil {
				return nil, err
			}
			return p.split(s, limit), nil
		}},
		"sub":  sub(false),
		"subn": sub(true),
	}
}

// Attr finds an attribute or method of a pattern.
func (p *pattern) Attr(name string) (jinja.Value, bool, error) {
	if op, ok := operations()[name]; ok {
		return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
			a, err := params(c, name, op.names...)
			if err != nil {
				return nil, err
			}
			return op.run(c, p, a)
		}), true, nil
	}
	switch name {
	case "pattern":
		return jinja.Str(p.source), true, nil
	case "flags":
		return jinja.Int(p.flags), true, nil
	case "groups":
		return jinja.Int(p.re.NumSubexp()), true, nil
	case "groupindex":
		d := jinja.NewDict(0)
		for i, n := range p.re.SubexpNames() {
			if n != "" {
				d.Set(n, jinja.Int(i))
			}
		}
		return d, true, nil
	}
	return nil, false, nil
}

// reModule is `modules.re`.
func reModule() *jinja.Dict {
	entries := map[string]jinja.Value{}
	flags := func(v jinja.Value) (int, error) {
		if v == nil {
			return 0, nil
		}
		return whole("flags", v)
	}
	for name, op := range operations() {
		names := append(append([]string{"pattern"}, op.names...), "flags=")
		entries[name] = jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
			a, err := params(c, name, names...)
			if err != nil {
				return nil, err
			}
			f, err := flags(a[len(a)-1])
			if err != nil {
				return nil, err
			}
			p, err := compilePattern(a[0], f)
			if err != nil {
				return nil, err
			}
			return op.run(c, p, a[1:len(a)-1])
		})
	}
	entries["compile"] = method("compile", []string{"pattern", "flags="}, func(a []jinja.Value) (jinja.Value, error) {
		f, err := flags(a[1])
		if err != nil {
			return nil, err
		}
		return compilePattern(a[0], f)
	})
	entries["escape"] = method("escape", []string{"pattern"}, func(a []jinja.Value) (jinja.Value, error) {
		s, err := subject(a[0])
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if strings.IndexByte("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", s[i]) >= 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(s[i])
		}
		return jinja.Str(b.String()), nil
	})
	entries["purge"] = getter("purge", func() jinja.Value { return jinja.None })
	for _, f := range reFlags {
		entries[f.name], entries[f.short] = reFlag(f.value), reFlag(f.value)
	}
	entries["NOFLAG"] = reFlag(0)
	return module(entries)
}
