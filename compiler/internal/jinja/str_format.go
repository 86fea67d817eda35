package jinja

import (
	"strconv"
	"strings"
)

// strFormat is str.format; strFormatMap takes the names from a mapping.
func strFormat(c invocation) (Value, error) {
	names := NewDict(len(c.kwargs))
	for _, k := range c.kwargs {
		names.Set(k.Name, k.Value)
	}
	return c.format(c.extra, names)
}

func strFormatMap(c invocation) (Value, error) { return c.format(nil, c.arg(0)) }

func (c *invocation) format(args []Value, names Value) (Value, error) {
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	f := &fieldFormatter{x: c.x, args: args, names: names, mark: mark}
	text, err := f.format(s, 2)
	return wrap(text, mark), err
}

// fieldFormatter replaces the fields of a format string.
type fieldFormatter struct {
	x      *exec
	args   []Value
	names  Value
	auto   int  // the next automatic number
	manual bool // a number was given
	mark   bool
}

func (f *fieldFormatter) format(s string, depth int) (string, error) {
	if depth < 0 {
		return "", valueErrorf("Max string recursion exceeded")
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		if c != '{' && c != '}' {
			b.WriteByte(c)
			i++
			continue
		}
		if i+1 < len(s) && s[i+1] == c {
			b.WriteByte(c)
			i += 2
			continue
		}
		if c == '}' {
			return "", valueErrorf("Single '}' encountered in format string")
		}
		if i+1 == len(s) {
			return "", valueErrorf("Single '{' encountered in format string")
		}
		end, ok := fieldEnd(s, i+1)
		if !ok {
			return "", valueErrorf("expected '}' before end of string")
		}
		text, err := f.field(s[i+1:end], depth)
		if err != nil {
			return "", err
		}
		if err := f.x.grow(len(text)); err != nil {
			return "", err
		}
		b.WriteString(text)
		if err := f.x.building(b.Len()); err != nil {
			return "", err
		}
		i = end + 1
	}
	return b.String(), f.x.grow(len(s))
}

// fieldEnd finds the brace that closes the field which begins at i.
func fieldEnd(s string, i int) (int, bool) {
	depth, bracket := 1, false
	for ; i < len(s); i++ {
		switch s[i] {
		case '[':
			bracket = depth == 1
		case ']':
			bracket = false
		case '{':
			depth++
		case '}':
			if bracket && strings.IndexByte(s[i:], ']') >= 0 {
				continue
			}
			if depth--; depth == 0 {
				return i, true
			}
		}
	}
	return 0, false
}

func (f *fieldFormatter) field(field string, depth int) (string, error) {
	name, spec, conversion := field, "", byte(0)
	bracket := false
scan:
	for i := 0; i < len(field); i++ {
		switch c := field[i]; {
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case c == '{' && !bracket:
			return "", valueErrorf("unexpected '{' in field name")
		case c == '!' && !bracket:
			name = field[:i]
			rest := field[i+1:]
			if rest == "" {
				return "", valueErrorf("end of string while looking for conversion specifier")
			}
			conversion = rest[0]
			if len(rest) > 1 {
				if rest[1] != ':' {
					return "", valueErrorf("expected ':' after conversion specifier")
				}
				spec = rest[2:]
			}
			break scan
		case c == ':' && !bracket:
			name, spec = field[:i], field[i+1:]
			break scan
		}
	}
	v, err := f.value(name)
	if err != nil {
		return "", err
	}
	switch conversion {
	case 0:
	case 's', 'r', 'a':
		s, err := textOf(v)
		if conversion != 's' {
			if s, err = reprOf(v); conversion == 'a' {
				s = asciiRepr(s)
			}
		}
		if err != nil {
			return "", err
		}
		v = Str(s)
	default:
		return "", valueErrorf("Unknown conversion specifier %c", conversion)
	}
	if spec != "" {
		if spec, err = f.format(spec, depth-1); err != nil {
			return "", err
		}
	}
	if u, ok := v.(*Undefined); ok && spec != "" {
		return "", typeErrorf("unsupported format string passed to %s.__format__", u.TypeName())
	}
	if f.mark {
		if m, ok := v.(Markup); ok {
			if spec != "" {
				return "", valueErrorf("Unsupported format specification for Markup.")
			}
			return string(m), nil
		}
		s, err := f.x.formatValue(v, spec)
		return escapeHTML(s), err
	}
	return f.x.formatValue(v, spec)
}

// value finds what a field's name refers to: `0.attr[key]`.
func (f *fieldFormatter) value(name string) (Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	first, rest := name[:end], name[end:]
	v, err := f.first(first, rest == "")
	if err != nil {
		return nil, err
	}
	for rest != "" {
		if rest[0] == '.' {
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			attr := rest[1:end]
			if attr == "" {
				return nil, valueErrorf("Empty attribute in format string")
			}
			if v, err = f.x.getattr(v, attr); err != nil {
				return nil, err
			}
			rest = rest[end:]
			continue
		}
		if rest[0] != '[' {
			return nil, valueErrorf("Only '.' or '[' may follow ']' in format field specifier")
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return nil, valueErrorf("Missing ']' in format string")
		}
		key := rest[1:end]
		if key == "" {
			return nil, valueErrorf("Empty attribute in format string")
		}
		var k Value = Str(key)
		if n, ok := fieldNumber(key); ok {
			k = Int(n)
		}
		if v, err = f.x.getitem(v, k); err != nil {
			return nil, err
		}
		rest = rest[end+1:]
	}
	return v, nil
}

func fieldNumber(s string) (int, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && s != ""
}

func (f *fieldFormatter) first(name string, whole bool) (Value, error) {
	n, isNumber := fieldNumber(name)
	switch {
	case !whole: // only a field that is nothing but a number, or nothing at all, takes part in the numbering
	case name == "":
		if f.manual {
			return nil, valueErrorf("cannot switch from manual field specification to automatic field numbering")
		}
		n, isNumber = f.auto, true
		f.auto++
	case isNumber:
		if f.auto > 0 {
			return nil, valueErrorf("cannot switch from manual field specification to automatic field numbering")
		}
		f.manual = true
	}
	if isNumber {
		if n >= len(f.args) {
			return nil, lookupErrorf("Replacement index %d out of range for positional args tuple", n)
		}
		return f.args[n], nil
	}
	switch m := f.names.(type) {
	case *Dict:
		if v, ok := m.Get(name); ok {
			return v, nil
		}
	case Indexed:
		if v, ok, err := m.Index(Str(name)); ok || err != nil {
			return v, err
		}
	default:
		return nil, typeErrorf("'%s' object is not a mapping", f.names.TypeName())
	}
	return nil, lookupErrorf("%s", quote(name))
}
