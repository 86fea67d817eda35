package jinja

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// maxIntBits bounds big integers; Python has no bound, but printing one of more than maxIntDigits digits fails there too.
const (
	maxIntBits   = 1 << 20
	maxIntDigits = 4300
)

// normInt makes the value of an integer: an Int where it fits.
func normInt(n *big.Int) Value {
	if n.IsInt64() {
		return Int(n.Int64())
	}
	return &BigInt{n}
}

// asInt gives the integer that v is (bool counts), and asNumber any number.
func asInt(v Value) (i int64, b *big.Int, ok bool) {
	switch v := v.(type) {
	case Int:
		return int64(v), nil, true
	case Bool:
		if v {
			return 1, nil, true
		}
		return 0, nil, true
	case *BigInt:
		return 0, v.Int, true
	}
	return 0, nil, false
}

func toBig(i int64, b *big.Int) *big.Int {
	if b != nil {
		return b
	}
	return big.NewInt(i)
}

// asFloat gives the float that a number is in an operation with a float.
func asFloat(v Value) (float64, bool, error) {
	switch v := v.(type) {
	case Float:
		return float64(v), true, nil
	case *BigInt:
		f, _ := new(big.Float).SetInt(v.Int).Float64()
		if math.IsInf(f, 0) {
			return 0, true, &pyError{overflowError, "int too large to convert to float"}
		}
		return f, true, nil
	}
	if i, _, ok := asInt(v); ok {
		return float64(i), true, nil
	}
	return 0, false, nil
}

func isNumber(v Value) bool {
	switch v.(type) {
	case Int, Bool, Float, *BigInt:
		return true
	}
	return false
}

// arithmetic computes a binary operation on two numbers.
func arithmetic(op BinaryOp, a, b Value) (Value, error) {
	x, bx, okx := asInt(a)
	y, by, oky := asInt(b)
	if okx && oky {
		if bx == nil && by == nil {
			if v, ok, err := smallArithmetic(op, x, y); ok || err != nil {
				return v, err
			}
		}
		return bigArithmetic(op, toBig(x, bx), toBig(y, by))
	}
	f, _, err := asFloat(a)
	if err != nil {
		return nil, err
	}
	g, _, err := asFloat(b)
	if err != nil {
		return nil, err
	}
	return floatArithmetic(op, f, g)
}

// smallArithmetic is arithmetic on machine integers; ok=false where the result may not fit.
func smallArithmetic(op BinaryOp, x, y int64) (Value, bool, error) {
	switch op {
	case OpAdd:
		if s := x + y; (s > x) == (y > 0) {
			return Int(s), true, nil
		}
	case OpSub:
		if s := x - y; (s < x) == (y > 0) {
			return Int(s), true, nil
		}
	case OpMul:
		hi, lo := bits.Mul64(uint64(abs64(x)), uint64(abs64(y)))
		if hi == 0 && lo < 1<<63 && x != math.MinInt64 && y != math.MinInt64 {
			return Int(x * y), true, nil
		}
	case OpDiv:
		if y == 0 {
			return nil, true, &pyError{zeroDivision, "division by zero"}
		}
		if abs64(x) < 1<<53 && abs64(y) < 1<<53 {
			return Float(float64(x) / float64(y)), true, nil
		}
	case OpFloorDiv, OpMod:
		if y == 0 {
			return nil, true, &pyError{zeroDivision, "integer division or modulo by zero"}
		}
		if x == math.MinInt64 || y == math.MinInt64 {
			return nil, false, nil
		}
		q, r := x/y, x%y
		if r != 0 && (r < 0) != (y < 0) {
			q, r = q-1, r+y
		}
		if op == OpMod {
			return Int(r), true, nil
		}
		return Int(q), true, nil
	}
	return nil, false, nil
}

func abs64(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}

func bigArithmetic(op BinaryOp, x, y *big.Int) (Value, error) {
	z := new(big.Int)
	switch op {
	case OpAdd:
		z.Add(x, y)
	case OpSub:
		z.Sub(x, y)
	case OpMul:
		if x.BitLen()+y.BitLen() > maxIntBits {
			return nil, limitErrorf("the integer is too large")
		}
		z.Mul(x, y)
	case OpDiv:
		if y.Sign() == 0 {
			return nil, &pyError{zeroDivision, "division by zero"}
		}
		f, _ := new(big.Rat).SetFrac(x, y).Float64()
		if math.IsInf(f, 0) {
			return nil, &pyError{overflowError, "integer division result too large for a float"}
		}
		return Float(f), nil
	case OpFloorDiv, OpMod:
		if y.Sign() == 0 {
			return nil, &pyError{zeroDivision, "integer division or modulo by zero"}
		}
		r := new(big.Int)
		z.QuoRem(x, y, r)
		if r.Sign() != 0 && r.Sign() != y.Sign() {
			z.Sub(z, big.NewInt(1))
			r.Add(r, y)
		}
		if op == OpMod {
			z = r
		}
	case OpPow:
		return power(x, y)
	}
	return normInt(z), nil
}

func power(x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		if x.Sign() == 0 {
			return nil, &pyError{zeroDivision, "0.0 cannot be raised to a negative power"}
		}
		f, _ := new(big.Float).SetInt(x).Float64()
		g, _ := new(big.Float).SetInt(y).Float64()
		return floatArithmetic(OpPow, f, g)
	}
	if x.IsInt64() && (x.Int64() == 0 || x.Int64() == 1) {
		if y.Sign() == 0 {
			return Int(1), nil
		}
		return normInt(x), nil
	}
	if x.IsInt64() && x.Int64() == -1 {
		return Int(1 - 2*int64(y.Bit(0))), nil
	}
	if !y.IsInt64() || y.Int64() > maxIntBits || int64(x.BitLen()-1)*y.Int64() > maxIntBits {
		return nil, limitErrorf("the integer is too large")
	}
	return normInt(new(big.Int).Exp(x, y, nil)), nil
}

func floatArithmetic(op BinaryOp, x, y float64) (Value, error) {
	switch op {
	case OpAdd:
		return Float(x + y), nil
	case OpSub:
		return Float(x - y), nil
	case OpMul:
		return Float(x * y), nil
	case OpDiv:
		if y == 0 {
			return nil, &pyError{zeroDivision, "float division by zero"}
		}
		return Float(x / y), nil
	case OpFloorDiv, OpMod:
		if y == 0 {
			if op == OpMod {
				return nil, &pyError{zeroDivision, "float modulo"}
			}
			return nil, &pyError{zeroDivision, "float floor division by zero"}
		}
		div, mod := floatDivmod(x, y)
		if op == OpMod {
			return Float(mod), nil
		}
		return Float(div), nil
	}
	if x == 0 && y < 0 {
		return nil, &pyError{zeroDivision, "0.0 cannot be raised to a negative power"}
	}
	if x < 0 && !math.IsInf(x, 0) && y != math.Trunc(y) && !math.IsInf(y, 0) {
		return nil, typeErrorf("complex numbers are not supported")
	}
	z := math.Pow(x, y)
	if math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, &pyError{overflowError, "(34, 'Numerical result out of range')"}
	}
	return Float(z), nil
}

// floatDivmod is Python's divmod on floats: the remainder has the sign of the divisor.
func floatDivmod(x, y float64) (div, mod float64) {
	mod = math.Mod(x, y)
	div = (x - mod) / y
	if mod != 0 {
		if (y < 0) != (mod < 0) {
			mod += y
			div--
		}
	} else {
		mod = math.Copysign(0, y)
	}
	if div == 0 {
		return math.Copysign(0, x/y), mod
	}
	floor := math.Floor(div)
	if div-floor > 0.5 {
		floor++
	}
	return floor, mod
}

func unary(op byte, v Value) (Value, error) {
	switch v := v.(type) {
	case Float:
		if op == '-' {
			return -v, nil
		}
		return v, nil
	case *Undefined:
		return nil, undefinedFailure(v)
	}
	i, b, ok := asInt(v)
	if !ok {
		return nil, typeErrorf("bad operand type for unary %c: '%s'", op, v.TypeName())
	}
	if op == '+' {
		if b != nil {
			return v, nil
		}
		return Int(i), nil
	}
	if b == nil && i != math.MinInt64 {
		return Int(-i), nil
	}
	return normInt(new(big.Int).Neg(toBig(i, b))), nil
}

// formatFloat is repr() of a float: the shortest text that reads back as the same number.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	i := strings.IndexByte(s, 'e')
	exp, _ := strconv.Atoi(s[i+1:])
	if exp < -4 || exp >= 16 {
		return s
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(s, '.') < 0 {
		s += ".0"
	}
	return s
}

// bigText is str() of a big integer, which Python limits.
func bigText(n *big.Int) (string, error) {
	if n.BitLen() > maxIntDigits*332/100 {
		s := ""
		if n.BitLen() <= maxIntDigits*34/10 {
			s = n.String()
		}
		if s == "" || len(strings.TrimPrefix(s, "-")) > maxIntDigits {
			return "", valueErrorf("Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxIntDigits)
		}
		return s, nil
	}
	return n.String(), nil
}
