package jinja

import (
	"math"
	"strings"
	"unicode/utf8"
)

// formatSpec is the part of a replacement field after the colon: [[fill]align][sign][z][#][0][width][,][.precision][type].
type formatSpec struct {
	fill      rune
	align     byte // 0 if not given
	sign      byte
	negZero   bool
	alt       bool
	width     int
	grouping  byte
	precision int
	verb      byte
}

func parseSpec(spec, typeName string) (formatSpec, error) {
	f := formatSpec{fill: ' ', precision: -1}
	r, n := utf8.DecodeRuneInString(spec)
	isAlign := func(s string) bool { return s != "" && strings.IndexByte("<>=^", s[0]) >= 0 }
	filled := false
	if n > 0 && isAlign(spec[n:]) {
		f.fill, f.align, spec, filled = r, spec[n], spec[n+1:], true
	} else if isAlign(spec) {
		f.align, spec = spec[0], spec[1:]
	}
	take := func(set string) byte {
		if spec != "" && strings.IndexByte(set, spec[0]) >= 0 {
			c := spec[0]
			spec = spec[1:]
			return c
		}
		return 0
	}
	f.sign = take("+- ")
	f.negZero = take("z") != 0
	f.alt = take("#") != 0
	if !filled && take("0") != 0 {
		f.fill = '0'
		if f.align == 0 {
			f.align = '='
		}
	}
	number := func() (int, bool, error) {
		v, any := 0, false
		for spec != "" && spec[0] >= '0' && spec[0] <= '9' {
			if v = v*10 + int(spec[0]-'0'); v > maxText {
				return 0, false, valueErrorf("Too many decimal digits in format string")
			}
			spec, any = spec[1:], true
		}
		return v, any, nil
	}
	var err error
	if f.width, _, err = number(); err != nil {
		return f, err
	}
	f.grouping = take(",_")
	if f.grouping != 0 && spec != "" && (spec[0] == ',' || spec[0] == '_') {
		return f, valueErrorf("Cannot specify both ',' and '_'.")
	}
	if take(".") != 0 {
		var any bool
		if f.precision, any, err = number(); err != nil {
			return f, err
		}
		if !any {
			return f, valueErrorf("Format specifier missing precision")
		}
	}
	if len(spec) > 1 {
		return f, valueErrorf("Invalid format specifier")
	}
	if spec != "" {
		f.verb = spec[0]
	}
	return f, nil
}

// formatValue is Python's format(v, spec).
func (x *exec) formatValue(v Value, spec string) (string, error) {
	if spec == "" {
		return textOf(v)
	}
	if err := x.charge(1); err != nil {
		return "", err
	}
	_, isStr := asString(v)
	switch v := v.(type) {
	case Formatter:
		return v.Format(spec)
	case Int, *BigInt, Bool, Float:
	default:
		if !isStr {
			return "", typeErrorf("unsupported format string passed to %s.__format__", v.TypeName())
		}
	}
	f, err := parseSpec(spec, v.TypeName())
	if err != nil {
		return "", err
	}
	if err := x.growBy(1, int64(f.width)*4+int64(max(f.precision, 0))); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case Float:
		return f.float(float64(v), 'f')
	case Int, *BigInt, Bool:
		return f.integer(v)
	}
	s, _ := asString(v)
	return f.text(s)
}

func (f *formatSpec) text(s string) (string, error) {
	switch {
	case f.verb != 0 && f.verb != 's':
		return "", valueErrorf("Unknown format code '%c' for object of type 'str'", f.verb)
	case f.sign != 0:
		if f.sign == ' ' {
			return "", valueErrorf("Space not allowed in string format specifier")
		}
		return "", valueErrorf("Sign not allowed in string format specifier")
	case f.negZero:
		return "", valueErrorf("Negative zero coercion (z) not allowed in string format specifier")
	case f.alt:
		return "", valueErrorf("Alternate form (#) not allowed in string format specifier")
	case f.grouping != 0:
		return "", valueErrorf("Cannot specify '%c' with 's'.", f.grouping)
	case f.align == '=' && f.fill != '0':
		return "", valueErrorf("'=' alignment not allowed in string format specifier")
	}
	if f.precision >= 0 && utf8.RuneCountInString(s) > f.precision {
		s = string([]rune(s)[:f.precision])
	}
	align := f.align
	if align == 0 || align == '=' {
		align = '<'
	}
	return f.pad(align, "", s), nil
}

// pad aligns a number or text in its field; sign stays in front where the padding goes between.
func (f *formatSpec) pad(align byte, sign, s string) string {
	n := f.width - utf8.RuneCountInString(sign) - utf8.RuneCountInString(s)
	if n <= 0 {
		return sign + s
	}
	fill := func(n int) string { return strings.Repeat(string(f.fill), n) }
	switch align {
	case '<':
		return sign + s + fill(n)
	case '^':
		return fill(n/2) + sign + s + fill(n-n/2)
	case '=':
		return sign + fill(n) + s
	}
	return fill(n) + sign + s
}

func (f *formatSpec) integer(v Value) (string, error) {
	if strings.IndexByte("eEfFgG%", f.verb) >= 0 && f.verb != 0 {
		x, _, err := asFloat(v)
		if err != nil {
			return "", err
		}
		return f.float(x, 'f')
	}
	i, b, _ := asInt(v)
	n := toBig(i, b)
	if f.precision >= 0 {
		return "", valueErrorf("Precision not allowed in integer format specifier")
	}
	if f.negZero {
		return "", valueErrorf("Negative zero coercion (z) not allowed in format specifier with integer")
	}
	base, prefix, group := 10, "", 3
	switch f.verb {
	case 0, 'd', 'n':
		if f.verb == 'n' && f.grouping != 0 {
			return "", valueErrorf("Cannot specify '%c' with 'n'.", f.grouping)
		}
	case 'b':
		base, prefix, group = 2, "0b", 4
	case 'o':
		base, prefix, group = 8, "0o", 4
	case 'x':
		base, prefix, group = 16, "0x", 4
	case 'X':
		base, prefix, group = 16, "0X", 4
	case 'c':
		if f.sign != 0 {
			return "", valueErrorf("Sign not allowed with integer format specifier 'c'")
		}
		if b != nil || i < 0 || i > utf8.MaxRune {
			return "", &pyError{overflowError, "%c arg not in range(0x110000)"}
		}
		align := f.align
		if align == 0 {
			align = '<'
		}
		return f.pad(align, "", string(rune(i))), nil
	default:
		return "", valueErrorf("Unknown format code '%c' for object of type '%s'", f.verb, v.TypeName())
	}
	if f.grouping == ',' && base != 10 {
		return "", valueErrorf("Cannot specify ',' with '%c'.", f.verb)
	}
	s, err := digits(n, base)
	if err != nil {
		return "", err
	}
	if f.verb == 'X' {
		s = strings.ToUpper(s)
	}
	sign := f.signOf(n.Sign() < 0)
	if f.alt {
		sign += prefix
	}
	return f.number(sign, s, "", group), nil
}

func (f *formatSpec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case f.sign == '+':
		return "+"
	case f.sign == ' ':
		return " "
	}
	return ""
}

// number groups the digits and pads; with zeros as padding, the zeros are grouped as well.
func (f *formatSpec) number(sign, whole, rest string, group int) string {
	align := f.align
	if align == 0 {
		align = '>'
	}
	if f.grouping != 0 {
		if f.fill == '0' && align == '=' {
			room := f.width - len(sign) - len(rest)
			for len(grouped(whole, f.grouping, group)) < room {
				whole = "0" + whole
			}
			g := grouped(whole, f.grouping, group)
			// A field that would begin with a separator gets one more zero.
			whole = g
		} else {
			whole = grouped(whole, f.grouping, group)
		}
	}
	return f.pad(align, sign, whole+rest)
}

func grouped(s string, sep byte, n int) string {
	if len(s) <= n {
		return s
	}
	var b strings.Builder
	head := len(s) % n
	b.WriteString(s[:head])
	for i := head; i < len(s); i += n {
		if b.Len() > 0 {
			b.WriteByte(sep)
		}
		b.WriteString(s[i : i+n])
	}
	return b.String()
}

func (f *formatSpec) float(v float64, _ byte) (string, error) {
	verb, precision := f.verb, f.precision
	percent := ""
	negative := math.Signbit(v) && !math.IsNaN(v)
	abs := math.Abs(v)
	var s string
	switch verb {
	case 'e', 'E', 'f', 'F', 'g', 'G', 'n':
		if precision < 0 {
			precision = 6
		}
		if verb == 'n' {
			if f.grouping != 0 {
				return "", valueErrorf("Cannot specify '%c' with 'n'.", f.grouping)
			}
			verb = 'g'
		}
		s = floatDigits(abs, verb, precision, f.alt)
	case '%':
		if precision < 0 {
			precision = 6
		}
		s, percent = floatDigits(abs*100, 'f', precision, f.alt), "%"
	case 0:
		if precision < 0 {
			s = strings.TrimPrefix(formatFloat(abs), "-")
		} else if s = floatDigits(abs, 'g', precision, f.alt); strings.IndexAny(s, ".en") < 0 {
			// Without a type at least one decimal shows, or the number takes its exponent form.
			if len(s) >= max(precision, 1) {
				e := floatDigits(abs, 'e', max(precision, 1)-1, false)
				i := strings.IndexByte(e, 'e')
				m := e[:i]
				if strings.IndexByte(m, '.') >= 0 {
					m = strings.TrimRight(strings.TrimRight(m, "0"), ".")
				}
				s = m + e[i:]
			} else {
				s += ".0"
			}
		}
	default:
		return "", valueErrorf("Unknown format code '%c' for object of type 'float'", verb)
	}
	if negative && f.negZero && strings.Trim(s, "0.e+-") == "" {
		negative = false
	}
	whole := len(s)
	if i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		whole = i
	}
	return f.number(f.signOf(negative), s[:whole], s[whole:]+percent, 3), nil
}
