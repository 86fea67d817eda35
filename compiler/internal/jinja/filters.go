package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// filterTable are the filters of Jinja2 3.1, in the files filters_*.go by what they work on.
func filterTable() map[string]*builtin {
	t := map[string]*builtin{}
	for _, part := range []map[string]*builtin{valueFilters(), textFilters(), sequenceFilters(), htmlFilters()} {
		for name, b := range part {
			t[name] = b
		}
	}
	t["d"], t["count"], t["e"] = t["default"], t["length"], t["escape"]
	return named(t, "random", "map", "select", "reject", "selectattr", "rejectattr")
}

// valueFilters work on single values.
func valueFilters() map[string]*builtin {
	return map[string]*builtin{
		"abs": define("", filterAbs),
		"attr": define("name", func(c invocation) (Value, error) {
			name, ok := asString(c.arg(0))
			if !ok {
				return nil, typeErrorf("attribute name must be string, not '%s'", c.arg(0).TypeName())
			}
			return c.x.attrOnly(c.v, name)
		}),
		"default": define("default_value=, boolean=", func(c invocation) (Value, error) {
			if isUndefined(c.v) || c.flag(1) && !Truth(c.v) {
				return c.or(0, emptyStr), nil
			}
			return c.v, nil
		}),
		"float": define("default=", func(c invocation) (Value, error) {
			f, err := toFloat(c.v)
			if isPy(err, typeError, valueError) {
				return c.or(0, Float(0)), nil
			}
			return f, err
		}),
		"int":   define("default=, base=", filterInt),
		"round": define("precision=, method=", filterRound),
		"string": define("", func(c invocation) (Value, error) {
			if s, ok := asString(c.v); ok {
				_, mark := c.v.(Markup)
				return wrap(s, mark), nil
			}
			s, err := c.text()
			return boxString(s), err
		}),
		"length": define("", func(c invocation) (Value, error) {
			n, err := length(c.v)
			return Int(n), err
		}),
		"filesizeformat": define("binary=", filterFilesize),
		"pprint": define("", func(c invocation) (Value, error) {
			s, err := prettyPrint(c.x, c.v)
			return boxString(s), err
		}),
		"tojson": define("indent=", func(c invocation) (Value, error) {
			indent := c.or(0, None)
			s, err := c.x.toJSON(c.v, indent)
			if err != nil {
				return nil, err
			}
			return Markup(jsonForHTML.Replace(s)), nil
		}),
	}
}

// attrOnly is an attribute of a value, never an item.
func (x *exec) attrOnly(v Value, name string) (Value, error) {
	switch o := v.(type) {
	case *Undefined:
		return x.undefinedAttr(o, name)
	case Attributed:
		val, ok, err := o.Attr(name)
		if err != nil {
			return nil, err
		}
		if ok {
			return orNone(val), nil
		}
	default:
		if val := x.method(v, name); val != nil {
			return val, nil
		}
	}
	return x.noAttr(v, name), nil
}

func filterAbs(c invocation) (Value, error) {
	switch v := c.v.(type) {
	case Float:
		return Float(math.Abs(float64(v))), nil
	case *Undefined:
		return nil, typeErrorf("bad operand type for abs(): 'Undefined'")
	}
	i, b, ok := asInt(c.v)
	if !ok {
		return nil, typeErrorf("bad operand type for abs(): '%s'", c.v.TypeName())
	}
	if b == nil && i >= 0 {
		return Int(i), nil
	}
	return normInt(new(big.Int).Abs(toBig(i, b))), nil
}

// toFloat is Python's float().
func toFloat(v Value) (Value, error) {
	if f, ok, err := asFloat(v); ok {
		return Float(f), err
	}
	if n, ok := v.(Numeric); ok {
		return Float(n.Float64()), nil
	}
	if u, ok := v.(*Undefined); ok {
		return nil, undefinedFailure(u)
	}
	s, ok := asString(v)
	if !ok {
		return nil, typeErrorf("float() argument must be a string or a real number, not '%s'", v.TypeName())
	}
	f, ok := parseFloat(s)
	if !ok {
		return nil, valueErrorf("could not convert string to float: %s", quote(s))
	}
	return Float(f), nil
}

func parseFloat(s string) (float64, bool) {
	t := strings.TrimFunc(s, isSpace)
	bare := strings.TrimLeft(t, "+-")
	switch strings.ToLower(bare) {
	case "inf", "infinity", "nan":
	default:
		for i := 0; i < len(bare); i++ {
			if c := bare[i]; !(c >= '0' && c <= '9' || c == '.' || c == '_' || c|0x20 == 'e' || c == '+' || c == '-') {
				return 0, false
			}
		}
	}
	if strings.Contains(t, "_") {
		if strings.Contains(t, "__") || !underscores(t) {
			return 0, false
		}
		t = strings.ReplaceAll(t, "_", "")
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, len(t)-len(bare) <= 1 || strings.Contains(s, "_")
}

// underscores says whether each underscore stands between two digits.
func underscores(s string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && isHexDigit(s[i]) }
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && !(digit(i-1) && digit(i+1)) {
			return false
		}
	}
	return true
}

// parseInt is Python's int(text, base).
func parseInt(s string, base int) (Value, error) {
	bad := func() (Value, error) {
		return nil, valueErrorf("invalid literal for int() with base %d: %s", base, quote(s))
	}
	if base != 0 && (base < 2 || base > 36) {
		return nil, valueErrorf("int() base must be >= 2 and <= 36, or 0")
	}
	t := strings.TrimFunc(s, isSpace)
	sign := ""
	if t != "" && (t[0] == '+' || t[0] == '-') {
		sign, t = t[:1], t[1:]
	}
	prefix := 0
	if len(t) > 1 && t[0] == '0' {
		prefix = map[byte]int{'x': 16, 'o': 8, 'b': 2}[t[1]|0x20]
	}
	from := base
	if prefix != 0 && (base == 0 || base == prefix) {
		from, t = prefix, strings.TrimPrefix(t[2:], "_")
	} else if base == 0 {
		from = 10
		if len(t) > 1 && t[0] == '0' && strings.Trim(t, "0_") != "" {
			return bad()
		}
	}
	if strings.Contains(t, "_") {
		for i := 0; i < len(t); i++ {
			if t[i] == '_' && (i == 0 || i == len(t)-1 || t[i-1] == '_') {
				return bad()
			}
		}
		t = strings.ReplaceAll(t, "_", "")
	}
	if t == "" || t[0] == '+' || t[0] == '-' {
		return bad()
	}
	t = asciiDigits(t)
	if i, err := strconv.ParseInt(sign+t, from, 64); err == nil {
		return Int(i), nil
	}
	if len(t) > maxIntDigits && from&(from-1) != 0 {
		return nil, valueErrorf("Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxIntDigits, len(t))
	}
	if len(t) > maxIntBits {
		return nil, limitErrorf("the integer is too large")
	}
	n, ok := new(big.Int).SetString(sign+t, from)
	if !ok {
		return bad()
	}
	return normInt(n), nil
}

func filterInt(c invocation) (Value, error) {
	base, err := c.int(1, 10)
	if err != nil {
		base = 10
	}
	var v Value
	s, isString := asString(c.v)
	if isString {
		if err == nil {
			v, err = parseInt(s, base)
		}
	} else {
		v, err = toInt(c.v)
	}
	if err == nil || !isPy(err, typeError, valueError) {
		return v, err
	}
	f, err := toFloat(c.v)
	if err == nil {
		v, err = toInt(f)
	}
	if isPy(err, typeError, valueError, overflowError) {
		return c.or(0, Int(0)), nil
	}
	return v, err
}

// toInt is Python's int() of something that is not a text.
func toInt(v Value) (Value, error) {
	switch v := v.(type) {
	case Float:
		f := float64(v)
		switch {
		case math.IsNaN(f):
			return nil, valueErrorf("cannot convert float NaN to integer")
		case math.IsInf(f, 0):
			return nil, &pyError{overflowError, "cannot convert float infinity to integer"}
		}
		n, _ := big.NewFloat(math.Trunc(f)).Int(nil)
		return normInt(n), nil
	case *Undefined:
		return nil, undefinedFailure(v)
	case Numeric:
		return toInt(Float(v.Float64()))
	}
	i, b, ok := asInt(v)
	if !ok {
		return nil, typeErrorf("int() argument must be a string, a bytes-like object or a real number, not '%s'", v.TypeName())
	}
	if b != nil {
		return v, nil
	}
	return Int(i), nil
}

func filterRound(c invocation) (Value, error) {
	precision, err := c.int(0, 0)
	if err != nil {
		return nil, err
	}
	method, _ := asString(c.or(1, Str("common")))
	if method != "common" && method != "ceil" && method != "floor" {
		return nil, valueErrorf("method must be common, ceil or floor")
	}
	if method == "common" {
		return roundValue(c.v, precision)
	}
	// func(value * (10**precision)) / (10**precision)
	scale, err := arithmetic(OpPow, Int(10), Int(precision))
	if err != nil {
		return nil, err
	}
	v, err := c.x.binaryOp(OpMul, c.v, scale)
	if err != nil {
		return nil, err
	}
	if f, ok := v.(Float); ok {
		g := math.Floor(float64(f))
		if method == "ceil" {
			g = math.Ceil(float64(f))
		}
		if v, err = toInt(Float(g)); err != nil {
			return nil, err
		}
	} else if !isNumber(v) {
		return nil, typeErrorf("must be real number, not %s", v.TypeName())
	}
	return c.x.binaryOp(OpDiv, v, scale)
}

// roundValue is Python's round(v, precision): half to even, decided on the exact decimal value of a float.
func roundValue(v Value, precision int) (Value, error) {
	if f, ok := v.(Float); ok {
		x := float64(f)
		if math.IsInf(x, 0) || math.IsNaN(x) || precision > 323 {
			return f, nil
		}
		if precision < -308 {
			return Float(math.Copysign(0, x)), nil
		}
		if precision >= 0 {
			r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', precision, 64), 64)
			if math.IsInf(r, 0) {
				return nil, &pyError{overflowError, "rounded value too large to represent"}
			}
			return Float(r), nil
		}
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-precision)), nil))
		q := new(big.Rat).SetFloat64(x)
		q.Quo(q, scale)
		n := roundHalfEven(q)
		r, _ := new(big.Rat).Mul(new(big.Rat).SetInt(n), scale).Float64()
		if r == 0 {
			r = math.Copysign(0, x)
		}
		return Float(r), nil
	}
	i, b, ok := asInt(v)
	if !ok {
		if isUndefined(v) {
			return nil, typeErrorf("type Undefined doesn't define __round__ method")
		}
		if n, host := v.(Numeric); host {
			return roundValue(Float(n.Float64()), precision)
		}
		return nil, typeErrorf("type %s doesn't define __round__ method", v.TypeName())
	}
	if precision >= 0 {
		if b != nil {
			return v, nil
		}
		return Int(i), nil
	}
	if precision < -400000 {
		return Int(0), nil
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-precision)), nil)
	n := roundHalfEven(new(big.Rat).SetFrac(toBig(i, b), scale))
	return normInt(n.Mul(n, scale)), nil
}

func roundHalfEven(q *big.Rat) *big.Int {
	n, rest := new(big.Int).DivMod(q.Num(), q.Denom(), new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(q.Denom()) {
	case 1:
		n.Add(n, big.NewInt(1))
	case 0:
		if n.Bit(0) == 1 {
			n.Add(n, big.NewInt(1))
		}
	}
	return n
}

func filterFilesize(c invocation) (Value, error) {
	v, err := toFloat(c.v)
	if err != nil {
		return nil, err
	}
	bytes, base := float64(v.(Float)), 1000.0
	units := [...]string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	if c.flag(0) {
		base = 1024
		units = [...]string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	}
	switch {
	case bytes == 1:
		return Str("1 Byte"), nil
	case bytes < base:
		n, err := toInt(v)
		if err != nil {
			return nil, err
		}
		return Str(Text(n) + " Bytes"), nil
	}
	unit := base
	for i, name := range units {
		unit *= base
		if bytes < unit || i == len(units)-1 {
			return Str(fixed(base*bytes/unit, 1) + " " + name), nil
		}
	}
	return nil, valueErrorf("not a size")
}
