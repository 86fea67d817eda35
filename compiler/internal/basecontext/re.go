package basecontext

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/pyre"
)

// pattern is a compiled regular expression of Python's module re.
type pattern struct {
	source string
	re     *pyre.Regexp
}

// reFlag is a member of Python's enumeration of flags.
type reFlag int

func (reFlag) TypeName() string { return "RegexFlag" }

func (f reFlag) String() string {
	for _, n := range reFlags {
		if n.value == int(f) {
			return "re." + n.name
		}
	}
	return "re.NOFLAG"
}

// Repr is Python's repr().
func (f reFlag) Repr() string { return f.String() }

// Float64 makes a flag a number.
func (f reFlag) Float64() float64 { return float64(f) }

// Equal compares with numbers too.
func (f reFlag) Equal(other jinja.Value) bool {
	switch o := other.(type) {
	case reFlag:
		return f == o
	case jinja.Int:
		return int(f) == int(o)
	}
	return false
}

// Binary is + with another flag: templates have no |.
func (f reFlag) Binary(op string, other jinja.Value, _ bool) (jinja.Value, bool, error) {
	if op != "+" {
		return nil, false, nil
	}
	switch o := other.(type) {
	case reFlag:
		return jinja.Int(int(f) + int(o)), true, nil
	case jinja.Int:
		return jinja.Int(int(f) + int(o)), true, nil
	}
	return nil, false, nil
}

var reFlags = []struct {
	name, short string
	value       int
}{{"IGNORECASE", "I", pyre.IgnoreCase}, {"LOCALE", "L", pyre.Locale}, {"MULTILINE", "M", pyre.Multiline}, {"DOTALL", "S", pyre.DotAll},
	{"UNICODE", "U", pyre.Unicode}, {"VERBOSE", "X", pyre.Verbose}, {"ASCII", "A", pyre.ASCII}}

func (*pattern) TypeName() string { return "re.Pattern" }
func (p *pattern) String() string { return p.Repr() }

// Repr is Python's repr().
func (p *pattern) Repr() string {
	s := "re.compile(" + jinja.Repr(jinja.Str(p.source))
	var names []string
	for _, f := range reFlags {
		if p.re.Flags()&f.value != 0 && f.value != pyre.Unicode {
			names = append(names, "re."+f.name)
		}
	}
	if names != nil {
		s += ", " + strings.Join(names, "|")
	}
	return s + ")"
}

// compilePattern compiles, and gives a pattern back as it is.
func compilePattern(v jinja.Value, flags int) (*pattern, error) {
	if p, ok := v.(*pattern); ok {
		return p, nil
	}
	s, ok := text(v)
	if !ok {
		return nil, fmt.Errorf("first argument must be string or compiled pattern")
	}
	re, err := pyre.Compile(s, flags)
	if err != nil {
		return nil, fmt.Errorf("%w in the regular expression %s", err, jinja.Repr(jinja.Str(s)))
	}
	return &pattern{source: s, re: re}, nil
}

// match is the object that a match gives.
type match struct {
	p    *pattern
	text string
	// at holds the byte offsets of the groups in text, two each, -1 for a group that took no part.
	at         []int
	pos, limit int
}

func (*match) TypeName() string { return "re.Match" }
func (m *match) String() string { return m.Repr() }

// Repr is Python's repr().
func (m *match) Repr() string {
	return fmt.Sprintf("<re.Match object; span=(%d, %d), match=%s>", m.chars(m.at[0]), m.chars(m.at[1]), jinja.Repr(jinja.Str(m.text[m.at[0]:m.at[1]])))
}

// chars converts a byte offset to Python's count of characters.
func (m *match) chars(offset int) int {
	if offset < 0 {
		return -1
	}
	return utf8.RuneCountInString(m.text[:offset])
}

func (m *match) group(i int) jinja.Value {
	if m.at[2*i] < 0 {
		return jinja.None
	}
	return jinja.Str(m.text[m.at[2*i]:m.at[2*i+1]])
}

func (m *match) index(v jinja.Value) (int, error) {
	switch v := v.(type) {
	case jinja.Int:
		if v >= 0 && int(v) < len(m.at)/2 {
			return int(v), nil
		}
	case jinja.Str:
		if i := slices.Index(m.p.re.Names(), string(v)); i > 0 {
			return i, nil
		}
	}
	return 0, fmt.Errorf("no such group")
}

// Index is m[1] and m['name'].
func (m *match) Index(key jinja.Value) (jinja.Value, bool, error) {
	i, err := m.index(key)
	if err != nil {
		return nil, false, err
	}
	return m.group(i), true, nil
}

// Attr finds an attribute or method of a match.
func (m *match) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "group":
		return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
			if len(c.Args) == 0 {
				return m.group(0), nil
			}
			out := make(jinja.Tuple, len(c.Args))
			for i, a := range c.Args {
				n, err := m.index(a)
				if err != nil {
					return nil, err
				}
				out[i] = m.group(n)
			}
			if len(out) == 1 {
				return out[0], nil
			}
			return out, nil
		}), true, nil
	case "groups", "groupdict":
		return method(name, []string{"default="}, func(a []jinja.Value) (jinja.Value, error) {
			value := func(i int) jinja.Value {
				if v := m.group(i); v != jinja.None {
					return v
				}
				return orNone(a[0])
			}
			if name == "groups" {
				out := make(jinja.Tuple, 0, len(m.at)/2-1)
				for i := 1; i < len(m.at)/2; i++ {
					out = append(out, value(i))
				}
				return out, nil
			}
			d := jinja.NewDict(0)
			for i, n := range m.p.re.Names() {
				if n != "" {
					d.Set(n, value(i))
				}
			}
			return d, nil
		}), true, nil
	case "start", "end", "span":
		return method(name, []string{"group="}, func(a []jinja.Value) (jinja.Value, error) {
			i := 0
			if a[0] != nil {
				var err error
				if i, err = m.index(a[0]); err != nil {
					return nil, err
				}
			}
			from, to := jinja.Int(m.chars(m.at[2*i])), jinja.Int(m.chars(m.at[2*i+1]))
			switch name {
			case "start":
				return from, nil
			case "end":
				return to, nil
			}
			return jinja.Tuple{from, to}, nil
		}), true, nil
	case "expand":
		return method(name, []string{"template"}, func(a []jinja.Value) (jinja.Value, error) {
			s, err := m.expand(jinja.Text(a[0]))
			return jinja.Str(s), err
		}), true, nil
	case "string":
		return jinja.Str(m.text), true, nil
	case "re":
		return m.p, true, nil
	case "pos":
		return jinja.Int(m.pos), true, nil
	case "endpos":
		return jinja.Int(m.chars(m.limit)), true, nil
	case "lastindex", "lastgroup":
		// The group that was closed last: of those that end together the outer one.
		last := 0
		for i := 1; i < len(m.at)/2; i++ {
			if m.at[2*i] < 0 {
				continue
			}
			inside := last > 0 && m.at[2*i+1] == m.at[2*last+1] && m.at[2*i] < m.at[2*last+1]
			if !inside && (last == 0 || m.at[2*i+1] >= m.at[2*last+1]) {
				last = i
			}
		}
		if last == 0 || name == "lastgroup" && m.p.re.Names()[last] == "" {
			return jinja.None, true, nil
		}
		if name == "lastgroup" {
			return jinja.Str(m.p.re.Names()[last]), true, nil
		}
		return jinja.Int(last), true, nil
	}
	return nil, false, nil
}

// expand replaces the references of a replacement text: \1, \g<1>, \g<name>, and the escapes of a Python string.
func (m *match) expand(template string) (string, error) {
	if strings.IndexByte(template, '\\') < 0 {
		return template, nil
	}
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		if i++; i == len(template) {
			return "", fmt.Errorf("bad escape (end of pattern)")
		}
		c = template[i]
		switch {
		case c == 'g':
			end := strings.IndexByte(template[i:], '>')
			if end < 0 || i+1 >= len(template) || template[i+1] != '<' {
				return "", fmt.Errorf("missing <")
			}
			name := template[i+2 : i+end]
			var key jinja.Value = jinja.Str(name)
			if n, err := strconv.Atoi(name); err == nil {
				key = jinja.Int(n)
			}
			n, err := m.index(key)
			if err != nil {
				return "", fmt.Errorf("invalid group reference %s", name)
			}
			if v, ok := m.group(n).(jinja.Str); ok {
				b.WriteString(string(v))
			}
			i += end
		case c == '0':
			n := 1
			for n < 3 && i+n < len(template) && template[i+n] >= '0' && template[i+n] <= '7' {
				n++
			}
			v, _ := strconv.ParseUint(template[i:i+n], 8, 16)
			b.WriteRune(rune(v))
			i += n - 1
		case c >= '1' && c <= '9':
			n := 1
			if i+1 < len(template) && template[i+1] >= '0' && template[i+1] <= '9' {
				n = 2
			}
			g, _ := strconv.Atoi(template[i : i+n])
			if g >= len(m.at)/2 {
				return "", fmt.Errorf("invalid group reference %d", g)
			}
			if v, ok := m.group(g).(jinja.Str); ok {
				b.WriteString(string(v))
			}
			i += n - 1
		default:
			plain := map[byte]string{'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '\\': `\`}[c]
			switch {
			case plain != "":
				b.WriteString(plain)
			case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
				return "", fmt.Errorf("bad escape \\%c", c)
			default:
				b.WriteString(`\` + string(c))
			}
		}
	}
	return b.String(), nil
}
