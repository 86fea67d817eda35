package basecontext

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// pattern is a compiled regular expression of Python's module re. Go's engine knows no look-around, no back references and
// no possessive repetition; an expression with one of them is refused with a message that says so. What both know differs in
// spelling only, and is translated.
type pattern struct {
	source string
	flags  int
	re     *regexp.Regexp // finds anywhere
	head   *regexp.Regexp // bound to the beginning
	full   *regexp.Regexp // bound to both ends
	// looksBack: see the function of that name.
	looksBack bool
	// endsLine says that the expression has a $ that Python also finds before a line break at the end of the text.
	endsLine bool
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
}{{"IGNORECASE", "I", flagI}, {"LOCALE", "L", flagL}, {"MULTILINE", "M", flagM}, {"DOTALL", "S", flagS}, {"UNICODE", "U", flagU},
	{"VERBOSE", "X", flagX}, {"ASCII", "A", flagA}}

// The flags of Python's re, by value.
const (
	flagI = 2
	flagL = 4
	flagM = 8
	flagS = 16
	flagU = 32
	flagX = 64
	flagA = 256
)

func (*pattern) TypeName() string { return "re.Pattern" }
func (p *pattern) String() string { return p.Repr() }

// Repr is Python's repr().
func (p *pattern) Repr() string {
	s := "re.compile(" + jinja.Repr(jinja.Str(p.source))
	var names []string
	for _, f := range reFlags {
		if p.flags&f.value != 0 && f.value != flagU {
			names = append(names, "re."+f.name)
		}
	}
	if names != nil {
		s += ", " + strings.Join(names, "|")
	}
	return s + ")"
}

// compilePattern translates and compiles.
func compilePattern(v jinja.Value, flags int) (*pattern, error) {
	if p, ok := v.(*pattern); ok {
		return p, nil
	}
	s, ok := text(v)
	if !ok {
		return nil, fmt.Errorf("first argument must be string or compiled pattern")
	}
	translated, err := translatePattern(s, flags)
	if err != nil {
		return nil, err
	}
	prefix := ""
	for _, f := range []struct {
		bit  int
		name string
	}{{flagI, "i"}, {flagM, "m"}, {flagS, "s"}} {
		if flags&f.bit != 0 {
			prefix += f.name
		}
	}
	if prefix != "" {
		translated = "(?" + prefix + ")" + translated
	}
	p := &pattern{source: s, flags: flags | flagU}
	for _, form := range []struct {
		dst   **regexp.Regexp
		shape string
	}{{&p.re, "%s"}, {&p.head, `\A(?:%s)`}, {&p.full, `\A(?:%s)\z`}} {
		re, err := regexp.Compile(fmt.Sprintf(form.shape, translated))
		if err != nil {
			if se, ok := err.(*syntax.Error); ok {
				return nil, fmt.Errorf("%s: %s in the regular expression %s", se.Code, se.Expr, jinja.Repr(jinja.Str(s)))
			}
			return nil, err
		}
		*form.dst = re
	}
	p.endsLine = flags&flagM == 0 && strings.Contains(s, "$") && !strings.Contains(s, "(?m")
	if parsed, err := syntax.Parse(translated, syntax.Perl); err == nil {
		p.looksBack = looksBack(parsed)
	}
	return p, nil
}

// unsupported are the constructs of Python's expressions that Go's engine has no way to run.
var unsupported = []struct{ text, what string }{
	{"(?=", "look-ahead"}, {"(?!", "look-ahead"}, {"(?<=", "look-behind"}, {"(?<!", "look-behind"},
	{"(?P=", "a back reference"}, {"(?(", "a conditional group"}, {"(?>", "an atomic group"},
}

// translatePattern writes Python's syntax in Go's. \d, \w and \s are Unicode's in Python, \Z is the end, (?x) drops white space.
func translatePattern(s string, flags int) (string, error) {
	refuse := func(what string) error {
		return fmt.Errorf("the regular expression %s uses %s, which weft's engine does not have", jinja.Repr(jinja.Str(s)), what)
	}
	var b strings.Builder
	class, classStart := false, 0
	ascii := flags&flagA != 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			i++
			out, width, err := translateEscape(s[i:], class, ascii)
			if err != nil {
				return "", err
			}
			if out == "" {
				return "", refuse("a back reference")
			}
			b.WriteString(out)
			i += width - 1
		case class:
			switch {
			case c == ']' && i > classStart:
				class = false
				b.WriteByte(c)
			case c == '[':
				b.WriteString(`\[`)
			case c == ']':
				b.WriteString(`\]`)
			default:
				b.WriteByte(c)
			}
		case c == '[':
			class, classStart = true, i+1
			b.WriteByte(c)
			if i+1 < len(s) && s[i+1] == '^' {
				i++
				classStart = i + 1
				b.WriteByte('^')
			}
		case c == '(' && i+1 < len(s) && s[i+1] == '?':
			for _, u := range unsupported {
				if strings.HasPrefix(s[i:], u.text) {
					return "", refuse(u.what)
				}
			}
			if strings.HasPrefix(s[i:], "(?#") {
				j := strings.IndexByte(s[i:], ')')
				if j < 0 {
					return "", fmt.Errorf("missing ), unterminated comment at position %d", i)
				}
				i += j
				continue
			}
			b.WriteByte(c)
		case (c == '+') && i > 0 && strings.IndexByte("*+?}", s[i-1]) >= 0 && (i < 2 || s[i-2] != '\\'):
			return "", refuse("possessive repetition")
		case c == '$' && flags&flagM == 0:
			// Python's $ is also before a line break at the end: find tries the text without it too.
			b.WriteString(`\z`)
		case flags&flagX != 0 && strings.IndexByte(" \t\n\r\f\v", c) >= 0:
		case flags&flagX != 0 && c == '#':
			for i+1 < len(s) && s[i+1] != '\n' {
				i++
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// translateEscape translates what follows a backslash; "" is a back reference.
func translateEscape(s string, class, ascii bool) (out string, width int, err error) {
	switch c := s[0]; c {
	case 'd', 'w', 's', 'D', 'W', 'S':
		if ascii {
			return `\` + string(c), 1, nil
		}
		set := map[byte]string{'d': `\p{Nd}`, 'w': `\p{L}\p{N}_`, 's': `\s\v\x1c-\x1f\x85\p{Z}`}[c|0x20]
		if c >= 'a' {
			if class {
				return set, 1, nil
			}
			return "[" + set + "]", 1, nil
		}
		if class {
			// A negated set inside a set has no spelling for Unicode; ASCII's is near.
			return `\` + string(c), 1, nil
		}
		return "[^" + set + "]", 1, nil
	case 'Z':
		return `\z`, 1, nil
	case 'u', 'U', 'x':
		n := map[byte]int{'u': 4, 'U': 8, 'x': 2}[c]
		if len(s) < n+1 {
			return "", 0, fmt.Errorf("incomplete escape \\%s", s)
		}
		if _, err := strconv.ParseUint(s[1:n+1], 16, 32); err != nil {
			return "", 0, fmt.Errorf("incomplete escape \\%s", s[:n+1])
		}
		return `\x{` + s[1:n+1] + `}`, n + 1, nil
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if class {
			return `\x0` + string(c), 1, nil
		}
		return "", 0, nil
	case '0':
		n := 1
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[:n], 8, 16)
		return fmt.Sprintf(`\x{%x}`, v), n, nil
	case 'b':
		if class {
			return `\x08`, 1, nil
		}
		return `\b`, 1, nil
	case 'A', 'B', 'a', 'f', 'n', 'r', 't', 'v':
		return `\` + string(c), 1, nil
	default:
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return "", 0, fmt.Errorf("bad escape \\%c", c)
		}
		_, n := utf8.DecodeRuneInString(s)
		return regexp.QuoteMeta(s[:n]), n, nil
	}
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
		if i := m.p.re.SubexpIndex(string(v)); i >= 0 {
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
			for i, n := range m.p.re.SubexpNames() {
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
		if last == 0 || name == "lastgroup" && m.p.re.SubexpNames()[last] == "" {
			return jinja.None, true, nil
		}
		if name == "lastgroup" {
			return jinja.Str(m.p.re.SubexpNames()[last]), true, nil
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
