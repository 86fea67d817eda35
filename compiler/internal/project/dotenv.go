package project

import (
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler/source"
)

// EnvPair is one variable of a .env file.
type EnvPair struct{ Name, Value string }

// FindDotEnv looks for a .env file in a folder and those above it, as dbt does from the working folder; "" if there is none.
func FindDotEnv(disk source.FS, cwd string) string {
	for dir := filepath.Clean(cwd); ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, ".env")
		if info, err := disk.Stat(path); err == nil && !info.IsDir() {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// ParseDotEnv reads a .env file as python-dotenv does: quotes, escapes in them, comments, `export`, and references ${NAME} and
// ${NAME:-default} to what the environment or the file has defined before; the environment wins. A name without a value
// is no variable, and a line that cannot be read is skipped.
func ParseDotEnv(text string, env map[string]string) []EnvPair {
	r := dotenvReader{s: strings.TrimPrefix(text, "\ufeff")}
	var out []EnvPair
	known := map[string]string{}
	for r.i < len(r.s) {
		name, value, ok := r.binding()
		if !ok {
			continue
		}
		value = expandDotEnv(value, func(n string) (string, bool) {
			if v, ok := env[n]; ok {
				return v, true
			}
			v, ok := known[n]
			return v, ok
		})
		if _, twice := known[name]; twice {
			for i := range out {
				if out[i].Name == name {
					out[i].Value = value
				}
			}
		} else {
			out = append(out, EnvPair{name, value})
		}
		known[name] = value
	}
	return out
}

type dotenvReader struct {
	s string
	i int
}

func (r *dotenvReader) skip(set string) {
	for r.i < len(r.s) && strings.IndexByte(set, r.s[r.i]) >= 0 {
		r.i++
	}
}

func (r *dotenvReader) restOfLine() {
	for r.i < len(r.s) && r.s[r.i] != '\n' && r.s[r.i] != '\r' {
		r.i++
	}
	if r.i < len(r.s) {
		r.i++
	}
}

const blanks = " \t\v\f"

// binding reads one line (or several, if a quoted value spans them).
func (r *dotenvReader) binding() (name, value string, ok bool) {
	r.skip(blanks + "\r\n")
	if r.i >= len(r.s) {
		return "", "", false
	}
	if rest, found := strings.CutPrefix(r.s[r.i:], "export"); found && rest != "" && strings.IndexByte(blanks, rest[0]) >= 0 {
		r.i += len("export")
		r.skip(blanks)
	}
	switch {
	case r.i >= len(r.s), r.s[r.i] == '#':
		r.restOfLine()
		return "", "", false
	case r.s[r.i] == '\'':
		end := strings.IndexByte(r.s[r.i+1:], '\'')
		if end <= 0 {
			r.restOfLine()
			return "", "", false
		}
		name = r.s[r.i+1 : r.i+1+end]
		r.i += end + 2
	default:
		from := r.i
		for r.i < len(r.s) && strings.IndexByte("=# \t\v\f\r\n", r.s[r.i]) < 0 {
			r.i++
		}
		if name = r.s[from:r.i]; name == "" {
			r.restOfLine()
			return "", "", false
		}
	}
	r.skip(blanks)
	has := r.i < len(r.s) && r.s[r.i] == '='
	good := true
	if has {
		r.i++
		before := r.i
		r.skip(blanks)
		if r.i < len(r.s) && r.s[r.i] == '#' && r.i > before {
			value = ""
		} else {
			value, good = r.value()
		}
	}
	r.skip(blanks)
	if r.i < len(r.s) && r.s[r.i] == '#' {
		r.restOfLine()
		return name, value, has && good
	}
	clean := r.i >= len(r.s) || r.s[r.i] == '\n' || r.s[r.i] == '\r'
	r.restOfLine()
	return name, value, has && good && clean
}

func (r *dotenvReader) value() (string, bool) {
	if r.i >= len(r.s) {
		return "", true
	}
	quote := r.s[r.i]
	if quote != '\'' && quote != '"' {
		from := r.i
		for r.i < len(r.s) && r.s[r.i] != '\n' && r.s[r.i] != '\r' {
			r.i++
		}
		value := r.s[from:r.i]
		for i := 1; i < len(value); i++ {
			if value[i] == '#' && strings.IndexByte(blanks, value[i-1]) >= 0 {
				value = value[:i]
				break
			}
		}
		return strings.TrimRight(value, blanks), true
	}
	var b strings.Builder
	for i := r.i + 1; i < len(r.s); i++ {
		switch c := r.s[i]; {
		case c == '\\' && i+1 < len(r.s):
			i++
			b.WriteString(dotenvEscape(quote, r.s[i]))
		case c == quote:
			r.i = i + 1
			return b.String(), true
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// dotenvEscape is what a backslash and a character mean: in single quotes only the quote and the backslash are escaped.
func dotenvEscape(quote, c byte) string {
	if c == '\\' || c == '\'' {
		return string(c)
	}
	if quote == '"' {
		if i := strings.IndexByte(`"abfnrtv`, c); i >= 0 {
			return string("\"\a\b\f\n\r\t\v"[i])
		}
	}
	return `\` + string(c)
}

// expandDotEnv replaces references to variables.
func expandDotEnv(s string, lookup func(string) (string, bool)) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			break
		}
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			break
		}
		name, fallback, _ := strings.Cut(s[i+2:i+end], ":-")
		if strings.Contains(name, ":") {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		if v, ok := lookup(name); ok {
			b.WriteString(v)
		} else {
			b.WriteString(fallback)
		}
		s = s[i+end+1:]
	}
	b.WriteString(s)
	return b.String()
}
