// Package decimal is Python's decimal.Decimal in its default context: what agate, and so every dbt result and seed, makes of
// numbers.
//
// A template sees such numbers when it prints a query's result, and a seed's column types depend on how many places they have.
// Both are visible in the text that dbt writes, so rounding, printing and what counts as a number follow Python exactly. No
// library is used because Go has none that prints as Python does.
package decimal

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// Decimal is Coefficient × 10^Exponent, an infinity or not a number. The zero value is 0. Values are never modified.
type Decimal struct {
	// Coefficient is nil for 0.
	Coefficient *big.Int
	Exponent    int
	// Negative is apart because Python knows -0.
	Negative bool
	// Special is "" for a number, "Infinity", "NaN" or "sNaN".
	Special string
}

const (
	// precision is the number of digits that arithmetic keeps.
	precision = 28
	// limit bounds exponents: beyond it Python's arithmetic overflows, and exact work would need absurd memory.
	limit = 999999
)

var ten = big.NewInt(10)

// Parse reads what Python's Decimal() reads: white space around, underscores and other scripts' digits are allowed.
func Parse(s string) (Decimal, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r == '_':
		case r < 0x80:
			b = append(b, byte(r))
		case unicode.Is(unicode.Nd, r):
			b = append(b, '0'+digit(r))
		default:
			return Decimal{}, false
		}
	}
	var d Decimal
	t := string(b)
	if t != "" && (t[0] == '-' || t[0] == '+') {
		d.Negative = t[0] == '-'
		t = t[1:]
	}
	if t == "" {
		return d, false
	}
	if c := t[0] | 0x20; c == 'i' || c == 'n' || c == 's' {
		return special(d, strings.ToLower(t))
	}
	mantissa, exponent := t, 0
	if i := strings.IndexAny(t, "eE"); i >= 0 {
		mantissa = t[:i]
		e, ok := parseExponent(t[i+1:])
		if !ok {
			return d, false
		}
		exponent = e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole == "" && fraction == "" || !digits(whole) || !digits(fraction) {
		return d, false
	}
	d.Exponent = exponent - len(fraction)
	text := strings.TrimLeft(whole+fraction, "0")
	if text != "" {
		d.Coefficient, _ = new(big.Int).SetString(text, 10)
		if adjusted := d.Exponent + len(text) - 1; adjusted > limit || adjusted < -limit {
			return d, false
		}
	} else if d.Exponent > limit || d.Exponent < -limit {
		return d, false
	}
	return d, true
}

// parseExponent reads an exponent; one that no number can have is cut to one that is refused later.
func parseExponent(s string) (int, bool) {
	digitsOnly := strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-")
	if len(s)-len(digitsOnly) > 1 || digitsOnly == "" || !digits(digitsOnly) {
		return 0, false
	}
	if len(strings.TrimLeft(digitsOnly, "0")) > 9 {
		digitsOnly = "100000000"
	}
	n, err := strconv.Atoi(digitsOnly)
	if s[0] == '-' {
		n = -n
	}
	return n, err == nil
}

func special(d Decimal, t string) (Decimal, bool) {
	switch {
	case t == "inf" || t == "infinity":
		d.Special = "Infinity"
	case strings.HasPrefix(t, "nan") && digits(t[3:]):
		d.Special = "NaN"
	case strings.HasPrefix(t, "snan") && digits(t[4:]):
		d.Special = "sNaN"
	default:
		return d, false
	}
	return d, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// digit is the value of a decimal digit of any script: each script's ten stand together in the table.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// FromInt makes a Decimal of an integer.
func FromInt(n int64) Decimal {
	d := Decimal{Negative: n < 0}
	if n != 0 {
		d.Coefficient = new(big.Int).Abs(big.NewInt(n))
	}
	return d
}

// FromBig makes a Decimal of an integer.
func FromBig(n *big.Int) Decimal {
	return Decimal{Coefficient: new(big.Int).Abs(n), Negative: n.Sign() < 0}
}

// FromFloat makes the Decimal that Python's Decimal(repr(f)) is.
func FromFloat(f float64) Decimal {
	switch {
	case math.IsNaN(f):
		return Decimal{Special: "NaN"}
	case math.IsInf(f, 0):
		return Decimal{Special: "Infinity", Negative: f < 0}
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	// repr() writes "1.0" and switches to an exponent at 1e16 and below 1e-4
	if a := math.Abs(f); a != 0 && (a >= 1e16 || a < 1e-4) {
		s = strconv.FormatFloat(f, 'e', -1, 64)
	} else if s = strconv.FormatFloat(f, 'f', -1, 64); !strings.Contains(s, ".") {
		s += ".0"
	}
	d, _ := Parse(s)
	return d
}

// IsZero says whether the number is 0 or -0.
func (d Decimal) IsZero() bool {
	return d.Special == "" && (d.Coefficient == nil || d.Coefficient.Sign() == 0)
}

// Finite says whether it is a number.
func (d Decimal) Finite() bool { return d.Special == "" }

// digits are the coefficient's digits; "0" for zero.
func (d Decimal) digits() string {
	if d.Coefficient == nil {
		return "0"
	}
	return d.Coefficient.String()
}

// String is Python's str().
func (d Decimal) String() string {
	sign := ""
	if d.Negative {
		sign = "-"
	}
	if d.Special != "" {
		return sign + d.Special
	}
	t := d.digits()
	adjusted := d.Exponent + len(t) - 1
	if d.Exponent <= 0 && adjusted >= -6 {
		point := len(t) + d.Exponent
		switch {
		case d.Exponent == 0:
			return sign + t
		case point > 0:
			return sign + t[:point] + "." + t[point:]
		}
		return sign + "0." + strings.Repeat("0", -point) + t
	}
	if len(t) > 1 {
		t = t[:1] + "." + t[1:]
	}
	e := strconv.Itoa(adjusted)
	if adjusted >= 0 {
		e = "+" + e
	}
	return sign + t + "E" + e
}

// Round is the number as arithmetic leaves it: at most 28 digits, the nearest even one.
func (d Decimal) Round() Decimal {
	if d.Special != "" || d.Coefficient == nil {
		return d
	}
	t := d.digits()
	drop := len(t) - precision
	if drop <= 0 {
		return d
	}
	unit := pow10(drop)
	q, r := new(big.Int).QuoRem(d.Coefficient, unit, new(big.Int))
	half := r.Lsh(r, 1).Cmp(unit)
	if half > 0 || half == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	d.Coefficient, d.Exponent = q, d.Exponent+drop
	if len(q.String()) > precision {
		d.Coefficient, d.Exponent = q.Quo(q, ten), d.Exponent+1
	}
	return d
}

// Places are the number's significant places before and after the point, once zeros at the end are cut: Decimal("10.50") has 2
// and 1, Decimal("1E+3") has 4 and -3.
func (d Decimal) Places() (whole, fraction int) {
	d = d.Round()
	t := strings.TrimRight(d.digits(), "0")
	if t == "" {
		return 1, 0 // the digits of a zero are (0,), its exponent is 0
	}
	fraction = -(d.Exponent + len(d.digits()) - len(t))
	return len(t) - fraction, fraction
}

// Flip is the number times -1, which makes -0 of 0.
func (d Decimal) Flip() Decimal {
	d.Negative = !d.Negative
	return d.Round()
}

// Float64 is the nearest float.
func (d Decimal) Float64() float64 {
	switch d.Special {
	case "Infinity":
		if d.Negative {
			return math.Inf(-1)
		}
		return math.Inf(1)
	case "NaN", "sNaN":
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(d.digits()+"e"+strconv.Itoa(d.Exponent), 64)
	if d.Negative {
		f = -f
	}
	return f
}

// Int is the number without its fraction, as int() gives it; ok is false for what is no number.
func (d Decimal) Int() (n *big.Int, ok bool) {
	if d.Special != "" {
		return nil, false
	}
	n = new(big.Int)
	if d.Coefficient != nil {
		switch {
		case d.Exponent >= 0:
			n.Mul(d.Coefficient, pow10(d.Exponent))
		case -d.Exponent < len(d.digits()):
			n.Quo(d.Coefficient, pow10(-d.Exponent))
		}
	}
	if d.Negative {
		n.Neg(n)
	}
	return n, true
}

func pow10(n int) *big.Int { return new(big.Int).Exp(ten, big.NewInt(int64(n)), nil) }

// signed is the coefficient with its sign.
func (d Decimal) signed() *big.Int {
	n := new(big.Int)
	if d.Coefficient != nil {
		n.Set(d.Coefficient)
	}
	if d.Negative {
		n.Neg(n)
	}
	return n
}

// Compare orders two numbers; ok is false where one of them is not a number.
func (d Decimal) Compare(o Decimal) (order int, ok bool) {
	if strings.HasSuffix(d.Special, "NaN") || strings.HasSuffix(o.Special, "NaN") {
		return 0, false
	}
	if a, b := d.rank(), o.rank(); a != b || a == 2 || a == -2 || a == 0 {
		return a - b, true
	}
	// the same sign: the number of digits before the point decides where it can, so that no huge power is needed
	a, b := d.Exponent+len(d.digits()), o.Exponent+len(o.digits())
	if a != b {
		order = 1
		if a < b {
			order = -1
		}
		if d.Negative {
			order = -order
		}
		return order, true
	}
	x, y := align(d, o)
	return x.Cmp(y), true
}

// rank is -2, -1, 0, 1, 2 for minus infinity, negative, zero, positive, infinity.
func (d Decimal) rank() int {
	n := 1
	switch {
	case d.Special != "":
		n = 2
	case d.IsZero():
		return 0
	}
	if d.Negative {
		return -n
	}
	return n
}

// align gives the coefficients at the smaller exponent.
func align(d, o Decimal) (x, y *big.Int) {
	x, y = d.signed(), o.signed()
	switch {
	case d.Exponent > o.Exponent:
		x.Mul(x, pow10(d.Exponent-o.Exponent))
	case o.Exponent > d.Exponent:
		y.Mul(y, pow10(o.Exponent-d.Exponent))
	}
	return x, y
}

func of(n *big.Int, exponent int) Decimal {
	return Decimal{Coefficient: new(big.Int).Abs(n), Negative: n.Sign() < 0, Exponent: exponent}.Round()
}

// far says that the exponents are so far apart that exact work would be absurd.
func far(d, o Decimal) bool {
	return d.Special != "" || o.Special != "" || d.Exponent-o.Exponent > 4*limit/1000 || o.Exponent-d.Exponent > 4*limit/1000
}

// Add, Sub and Mul are exact, then rounded. ok is false for infinities, what is no number, and magnitudes too far apart.
func (d Decimal) Add(o Decimal) (Decimal, bool) {
	if far(d, o) {
		return Decimal{}, false
	}
	x, y := align(d, o)
	return of(x.Add(x, y), min(d.Exponent, o.Exponent)), true
}

// Sub subtracts.
func (d Decimal) Sub(o Decimal) (Decimal, bool) {
	if far(d, o) {
		return Decimal{}, false
	}
	x, y := align(d, o)
	return of(x.Sub(x, y), min(d.Exponent, o.Exponent)), true
}

// Mul multiplies.
func (d Decimal) Mul(o Decimal) (Decimal, bool) {
	if far(d, o) {
		return Decimal{}, false
	}
	r := of(new(big.Int).Mul(d.signed(), o.signed()), d.Exponent+o.Exponent)
	return r, r.Exponent < limit && r.Exponent > -limit
}

// Div divides to 28 digits; ok is also false for a division by zero.
func (d Decimal) Div(o Decimal) (Decimal, bool) {
	if far(d, o) || o.IsZero() {
		return Decimal{}, false
	}
	// as many digits as the result keeps and one more, that says whether something is left
	shift := max(0, len(o.digits())-len(d.digits())+precision+1)
	x := d.signed()
	x.Mul(x, pow10(shift))
	q, r := new(big.Int).QuoRem(x, o.signed(), new(big.Int))
	exponent := d.Exponent - o.Exponent - shift
	if r.Sign() != 0 {
		// a digit below the last makes rounding see that the quotient is not exact
		q.Mul(q, ten)
		one := big.NewInt(1)
		if d.Negative != o.Negative {
			one.Neg(one)
		}
		q.Add(q, one)
		return of(q, exponent-1), true
	}
	// exact: Python gives the exponent nearest to the difference of the two
	ideal := d.Exponent - o.Exponent
	for exponent < ideal {
		z, m := new(big.Int).QuoRem(q, ten, new(big.Int))
		if m.Sign() != 0 {
			break
		}
		q, exponent = z, exponent+1
		if q.Sign() == 0 {
			exponent = ideal
		}
	}
	return of(q, exponent), true
}

// FloorDiv and Mod are Python's // and %, which for decimals cut towards zero. ok is also false where the whole quotient has more
// digits than arithmetic keeps.
func (d Decimal) FloorDiv(o Decimal) (Decimal, bool) {
	q, _, ok := d.divide(o)
	return q, ok
}

// Mod is what FloorDiv leaves.
func (d Decimal) Mod(o Decimal) (Decimal, bool) {
	_, r, ok := d.divide(o)
	return r, ok
}

func (d Decimal) divide(o Decimal) (q, r Decimal, ok bool) {
	if far(d, o) || o.IsZero() {
		return q, r, false
	}
	x, y := align(d, o)
	n, m := new(big.Int).QuoRem(x, y, new(big.Int))
	if len(new(big.Int).Abs(n).String()) > precision {
		return q, r, false
	}
	return of(n, 0), of(m, min(d.Exponent, o.Exponent)), true
}

// Fixed is the number with a given number of places behind the point, the nearest even one.
func (d Decimal) Fixed(places int) string {
	if d.Special != "" {
		return d.String()
	}
	negative := d.Negative && !d.IsZero()
	if -d.Exponent > places {
		drop := -d.Exponent - places
		if drop > len(d.digits())+1 {
			d.Coefficient = nil
		} else {
			unit := pow10(drop)
			q, r := new(big.Int).QuoRem(d.signed(), unit, new(big.Int))
			half := r.Abs(r).Lsh(r, 1).Cmp(unit)
			if half > 0 || half == 0 && q.Bit(0) == 1 {
				if d.Negative {
					q.Sub(q, big.NewInt(1))
				} else {
					q.Add(q, big.NewInt(1))
				}
			}
			d.Coefficient = q.Abs(q)
		}
		d.Exponent = -places
	}
	t := d.digits()
	if d.Exponent > 0 {
		if t != "0" {
			t += strings.Repeat("0", d.Exponent)
		}
		d.Exponent = 0
	}
	if n := -d.Exponent; n > 0 {
		t = strings.Repeat("0", max(0, n+1-len(t))) + t
		t = t[:len(t)-n] + "." + t[len(t)-n:]
		n = places - n
		t += strings.Repeat("0", max(0, n))
	} else if places > 0 {
		t += "." + strings.Repeat("0", places)
	}
	if negative {
		t = "-" + t
	}
	return t
}
