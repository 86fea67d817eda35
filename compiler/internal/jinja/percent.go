package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// directive is one conversion of a % format: %(key)-5.2f.
type directive struct {
	left, zero, plus, space, alt bool
	width, precision             int // precision is -1 if there is none
	verb                         rune
}

// percent is `format % args`.
func (x *exec) percent(format string, args Value) (Value, error) {
	p := percentFormatter{x: x, args: Tuple{args}}
	if t, ok := asTuple(args); ok {
		p.args, p.isTuple = t, true
	}
	var b strings.Builder
	for i := 0; i < len(format); {
		j := strings.IndexByte(format[i:], '%')
		if j < 0 {
			b.WriteString(format[i:])
			break
		}
		b.WriteString(format[i : i+j])
		i += j + 1
		end, text, err := p.directive(format, i)
		if err != nil {
			return nil, err
		}
		if err := x.grow(len(text)); err != nil {
			return nil, err
		}
		b.WriteString(text)
		if err := x.building(b.Len()); err != nil {
			return nil, err
		}
		i = end
	}
	if p.next < len(p.args) && (p.isTuple || !subscriptable(args)) {
		return nil, typeErrorf("not all arguments converted during string formatting")
	}
	return boxString(b.String()), x.grow(len(format))
}

type percentFormatter struct {
	x       *exec
	args    Tuple
	isTuple bool
	keyed   bool
	next    int
}

func (p *percentFormatter) arg() (Value, error) {
	if p.next >= len(p.args) || p.keyed && !p.isTuple && p.next > 0 {
		return nil, typeErrorf("not enough arguments for format string")
	}
	p.next++
	return p.args[p.next-1], nil
}

func (p *percentFormatter) directive(format string, i int) (end int, text string, err error) {
	var keyed Value
	if i < len(format) && format[i] == '(' {
		m, ok := p.args[0:1:1], len(p.args) == 1 && !p.isTuple
		if !ok || !subscriptable(m[0]) {
			return 0, "", typeErrorf("format requires a mapping")
		}
		depth, j := 1, i+1
		for ; j < len(format) && depth > 0; j++ {
			switch format[j] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		if depth > 0 {
			return 0, "", valueErrorf("incomplete format key")
		}
		if keyed, err = p.lookup(m[0], format[i+1:j-1]); err != nil {
			return 0, "", err
		}
		p.keyed = true
		i = j
	}
	d := directive{precision: -1}
	for ; i < len(format); i++ {
		switch format[i] {
		case '-':
			d.left = true
		case '0':
			d.zero = true
		case '+':
			d.plus = true
		case ' ':
			d.space = true
		case '#':
			d.alt = true
		default:
			goto width
		}
	}
width:
	star := func() (int, error) {
		v, err := p.arg()
		if err != nil {
			return 0, err
		}
		n, big, ok := asInt(v)
		if !ok {
			return 0, typeErrorf("* wants int")
		}
		if big != nil || n > maxText || n < -maxText {
			return 0, &pyError{overflowError, "Python int too large to convert to C ssize_t"}
		}
		i++
		return int(n), nil
	}
	number := func() (int, error) {
		n := 0
		for ; i < len(format) && format[i] >= '0' && format[i] <= '9'; i++ {
			if n = n*10 + int(format[i]-'0'); n > maxText {
				return 0, valueErrorf("width too big")
			}
		}
		return n, nil
	}
	if i < len(format) && format[i] == '*' {
		if d.width, err = star(); err != nil {
			return 0, "", err
		}
		if d.width < 0 {
			d.left, d.width = true, -d.width
		}
	} else if d.width, err = number(); err != nil {
		return 0, "", err
	}
	if i < len(format) && format[i] == '.' {
		i++
		if i < len(format) && format[i] == '*' {
			if d.precision, err = star(); err != nil {
				return 0, "", err
			}
			d.precision = max(d.precision, 0)
		} else if d.precision, err = number(); err != nil {
			return 0, "", err
		}
	}
	if i < len(format) && (format[i] == 'h' || format[i] == 'l' || format[i] == 'L') {
		i++
	}
	if i >= len(format) {
		return 0, "", valueErrorf("incomplete format")
	}
	verb, n := utf8.DecodeRuneInString(format[i:])
	d.verb = verb
	if verb == '%' {
		return i + n, "%", nil
	}
	v := keyed
	if v == nil {
		if v, err = p.arg(); err != nil {
			return 0, "", err
		}
	}
	if err := p.x.growBy(1, int64(d.width)+int64(max(d.precision, 0))); err != nil {
		return 0, "", err
	}
	text, err = d.format(v, i)
	return i + n, text, err
}

func subscriptable(v Value) bool {
	switch v.(type) {
	case *Dict, *List, *Range, *Undefined:
		return true
	}
	_, indexed := v.(Indexed)
	return indexed
}

func (p *percentFormatter) lookup(m Value, key string) (Value, error) {
	switch m := m.(type) {
	case *Dict:
		if v, ok := m.Get(key); ok {
			return v, nil
		}
		return nil, lookupErrorf("%s", quote(key))
	case Indexed:
		v, ok, err := m.Index(Str(key))
		if err == nil && !ok {
			err = lookupErrorf("%s", quote(key))
		}
		return v, err
	case *Undefined:
		return nil, undefinedFailure(m)
	}
	return nil, typeErrorf("list indices must be integers or slices, not str")
}

func (d *directive) format(v Value, at int) (string, error) {
	switch d.verb {
	case 's', 'r', 'a':
		s, err := textOf(v)
		if d.verb != 's' {
			if s, err = reprOf(v); d.verb == 'a' {
				s = asciiRepr(s)
			}
		}
		if err != nil {
			return "", err
		}
		if d.precision >= 0 && utf8.RuneCountInString(s) > d.precision {
			s = string([]rune(s)[:d.precision])
		}
		return d.pad("", s, false), nil
	case 'c':
		s, isStr := asString(v)
		if isStr && utf8.RuneCountInString(s) == 1 {
			return d.pad("", s, false), nil
		}
		i, big, ok := asInt(v)
		if !ok {
			return "", typeErrorf("%%c requires int or char")
		}
		if big != nil || i < 0 || i > utf8.MaxRune {
			return "", &pyError{overflowError, "%c arg not in range(0x110000)"}
		}
		return d.pad("", string(rune(i)), false), nil
	case 'd', 'i', 'u', 'x', 'X', 'o':
		return d.integer(v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		fv, err := toFloat(v)
		if _, isStr := asString(v); isStr || isPy(err, typeError) {
			return "", typeErrorf("must be real number, not %s", v.TypeName())
		}
		if err != nil {
			return "", err
		}
		precision := d.precision
		if precision < 0 {
			precision = 6
		}
		f := float64(fv.(Float))
		s := floatDigits(math.Abs(f), byte(d.verb), precision, d.alt)
		return d.pad(d.sign(math.Signbit(f) && !math.IsNaN(f)), s, true), nil
	}
	return "", valueErrorf("unsupported format character '%c' (0x%x) at index %d", d.verb, d.verb, at)
}

func (d *directive) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case d.plus:
		return "+"
	case d.space:
		return " "
	}
	return ""
}

func (d *directive) integer(v Value) (string, error) {
	i, b, ok := asInt(v)
	if !ok {
		f, isFloat := v.(Float)
		if !isFloat || d.verb == 'x' || d.verb == 'X' || d.verb == 'o' {
			if d.verb == 'x' || d.verb == 'X' || d.verb == 'o' {
				return "", typeErrorf("%%%c format: an integer is required, not %s", d.verb, v.TypeName())
			}
			return "", typeErrorf("%%%c format: a real number is required, not %s", d.verb, v.TypeName())
		}
		n, err := toInt(f)
		if err != nil {
			return "", err
		}
		i, b, _ = asInt(n)
	}
	n := toBig(i, b)
	base, prefix := 10, ""
	switch d.verb {
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	case 'o':
		base, prefix = 8, "0o"
	}
	if !d.alt {
		prefix = ""
	}
	s, err := digits(n, base)
	if err != nil {
		return "", err
	}
	if d.verb == 'X' {
		s = strings.ToUpper(s)
	}
	if pad := d.precision - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	return d.pad(d.sign(n.Sign() < 0)+prefix, s, true), nil
}

// digits is the absolute value of n in a base.
func digits(n *big.Int, base int) (string, error) {
	if base == 10 {
		s, err := bigText(n)
		return strings.TrimPrefix(s, "-"), err
	}
	return strings.TrimPrefix(n.Text(base), "-"), nil
}

func (d *directive) pad(sign, s string, number bool) string {
	pad := d.width - utf8.RuneCountInString(sign) - utf8.RuneCountInString(s)
	switch {
	case pad <= 0:
		return sign + s
	case d.left:
		return sign + s + strings.Repeat(" ", pad)
	case d.zero && number:
		return sign + strings.Repeat("0", pad) + s
	}
	return strings.Repeat(" ", pad) + sign + s
}

// floatDigits formats a float that is not negative, by Python's verbs e f g and their upper-case forms.
func floatDigits(f float64, verb byte, precision int, alt bool) string {
	low := verb | 0x20
	var s string
	switch {
	case math.IsInf(f, 0):
		s = "inf"
	case math.IsNaN(f):
		s = "nan"
	case low == 'g':
		s = general(f, max(precision, 1), alt)
	default:
		s = strconv.FormatFloat(f, low, precision, 64)
		if alt && precision == 0 {
			if i := strings.IndexByte(s, 'e'); i >= 0 {
				s = s[:i] + "." + s[i:]
			} else {
				s += "."
			}
		}
	}
	if verb < 'a' {
		s = strings.ToUpper(s)
	}
	return s
}

// general is the format g: fixed or with an exponent, whichever suits the size, without trailing zeros unless alt.
func general(f float64, precision int, alt bool) string {
	e := strconv.FormatFloat(f, 'e', precision-1, 64)
	i := strings.IndexByte(e, 'e')
	exp, _ := strconv.Atoi(e[i+1:])
	mantissa, exponent := e[:i], e[i:]
	if exp >= -4 && exp < precision {
		mantissa, exponent = strconv.FormatFloat(f, 'f', precision-1-exp, 64), ""
	}
	if alt {
		if strings.IndexByte(mantissa, '.') < 0 {
			mantissa += "."
		}
	} else if strings.IndexByte(mantissa, '.') >= 0 {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	return mantissa + exponent
}

// fixed is a float with a number of decimals.
func fixed(f float64, decimals int) string { return strconv.FormatFloat(f, 'f', decimals, 64) }

// asciiDigits replaces decimal digits of other scripts by those of ASCII.
func asciiDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !isDigitRune(r) {
			return r
		}
		zero := r
		for isDecimalZeroBelow(zero) {
			zero--
		}
		return '0' + (r - zero)
	}, s)
}

func isDecimalZeroBelow(r rune) bool { return isDigitRune(r-1) && (r&0xf != 0x0 && r&0xf != 0x6) }
