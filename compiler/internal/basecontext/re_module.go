package basecontext

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/pyre"
)

// subject is the text argument of a matching function.
func subject(v jinja.Value) (string, error) {
	s, ok := text(v)
	if !ok {
		return "", fmt.Errorf("expected string or bytes-like object, got '%s'", v.TypeName())
	}
	return s, nil
}

// find is the first match, or None.
func (p *pattern) find(s string, mode pyre.Mode) (jinja.Value, error) {
	at, err := p.re.Find(s, 0, mode, false)
	if at == nil {
		return jinja.None, err
	}
	return &match{p: p, text: s, at: at, limit: len(s)}, nil
}

// all lists the matches as Python counts them: an empty match may follow right behind another match, and a match that takes something
// right behind an empty one.
func (p *pattern) all(s string) ([]*match, error) {
	var out []*match
	for pos, advance := 0, false; ; {
		at, err := p.re.Find(s, pos, pyre.Search, advance)
		if at == nil {
			return out, err
		}
		out = append(out, &match{p: p, text: s, at: at, limit: len(s)})
		pos, advance = at[1], at[0] == at[1]
	}
}

func (p *pattern) findAll(s string) (jinja.Value, error) {
	out := jinja.NewList()
	found, err := p.all(s)
	for _, m := range found {
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
	return out, err
}

func (p *pattern) split(s string, limit int) (jinja.Value, error) {
	out := jinja.NewList()
	last := 0
	found, err := p.all(s)
	for i, m := range found {
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
	return out, err
}

// substitute is sub and subn; the replacement is a text with references, or something to call.
func (p *pattern) substitute(c *jinja.Call, repl jinja.Value, s string, limit int) (string, int, error) {
	var b strings.Builder
	last, n := 0, 0
	found, err := p.all(s)
	if err != nil {
		return "", 0, err
	}
	for _, m := range found {
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
		"match":     on(func(p *pattern, s string) (jinja.Value, error) { return p.find(s, pyre.Match) }),
		"fullmatch": on(func(p *pattern, s string) (jinja.Value, error) { return p.find(s, pyre.FullMatch) }),
		"search":    on(func(p *pattern, s string) (jinja.Value, error) { return p.find(s, pyre.Search) }),
		"findall":   on(func(p *pattern, s string) (jinja.Value, error) { return p.findAll(s) }),
		"finditer": on(func(p *pattern, s string) (jinja.Value, error) {
			var items []jinja.Value
			found, err := p.all(s)
			for _, m := range found {
				items = append(items, m)
			}
			return iterator("callable_iterator", items), err
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
			return p.split(s, limit)
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
		return jinja.Int(p.re.Flags()), true, nil
	case "groups":
		return jinja.Int(p.re.Groups()), true, nil
	case "groupindex":
		d := jinja.NewDict(0)
		for i, n := range p.re.Names() {
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
