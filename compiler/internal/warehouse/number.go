package warehouse

import (
	"fmt"
	"math/big"
	"strconv"

	"github.com/weft-data/weft/compiler/internal/decimal"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Decimal is a number of a table as templates see it: Python's decimal.Decimal.
type Decimal struct{ decimal.Decimal }

// TypeName is Python's.
func (Decimal) TypeName() string { return "decimal.Decimal" }

// Repr is Python's repr().
func (d Decimal) Repr() string { return "Decimal('" + d.String() + "')" }

// Truth is false for zero.
func (d Decimal) Truth() bool { return !d.IsZero() }

// HashKey is the same for equal numbers, integers included.
func (d Decimal) HashKey() string {
	if n, ok := d.Int(); ok && d.Exponent <= 400 {
		if order, ok := d.Decimal.Compare(decimal.FromBig(n)); ok && order == 0 {
			return n.String()
		}
	}
	return strconv.FormatFloat(d.Float64(), 'g', -1, 64)
}

// toDecimal makes a Decimal of a number; ok is false for anything else. exact is false for a float, with which Python's decimals
// are compared but not reckoned.
func toDecimal(v jinja.Value) (d decimal.Decimal, exact, ok bool) {
	switch v := v.(type) {
	case Decimal:
		return v.Decimal, true, true
	case jinja.Int:
		return decimal.FromInt(int64(v)), true, true
	case *jinja.BigInt:
		return decimal.FromBig(v.Int), true, true
	case jinja.Bool:
		if v {
			return decimal.FromInt(1), true, true
		}
		return decimal.FromInt(0), true, true
	case jinja.Float:
		if d, ok := decimal.Parse(new(big.Float).SetFloat64(float64(v)).Text('f', 1100)); ok {
			return d, false, true
		}
		return decimal.FromFloat(float64(v)), false, true
	}
	return d, false, false
}

// Equal compares numbers of any type.
func (d Decimal) Equal(other jinja.Value) bool {
	o, _, ok := toDecimal(other)
	if !ok {
		return false
	}
	order, ok := d.Decimal.Compare(o)
	return ok && order == 0
}

// Compare orders numbers of any type.
func (d Decimal) Compare(other jinja.Value) (order int, ok bool) {
	o, _, ok := toDecimal(other)
	if !ok {
		return 0, false
	}
	return d.Decimal.Compare(o)
}

// Binary is arithmetic.
func (d Decimal) Binary(op string, other jinja.Value, reflected bool) (jinja.Value, bool, error) {
	o, exact, ok := toDecimal(other)
	if !ok || !exact {
		return nil, false, nil
	}
	x, y := d.Decimal, o
	if reflected {
		x, y = o, x
	}
	var r decimal.Decimal
	switch op {
	case "+":
		r, ok = x.Add(y)
	case "-":
		r, ok = x.Sub(y)
	case "*":
		r, ok = x.Mul(y)
	case "/":
		r, ok = x.Div(y)
	case "//":
		r, ok = x.FloorDiv(y)
	case "%":
		r, ok = x.Mod(y)
	case "**":
		n, isInt := y.Int()
		if !isInt || !n.IsInt64() || n.Int64() < 0 || n.Int64() > 1000 {
			return nil, false, nil
		}
		r = decimal.FromInt(1)
		for range n.Int64() {
			if r, ok = r.Mul(x); !ok {
				break
			}
		}
	default:
		return nil, false, nil
	}
	if !ok {
		return nil, true, fmt.Errorf("decimal arithmetic %s %s %s has no result", x, op, y)
	}
	return Decimal{r}, true, nil
}
