package yamldoc

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// special is what a plain scalar can be beyond a value: the merge key, or the value key, which PyYAML knows as types of
// their own and has no value for.
type special uint8

const (
	ordinary special = iota
	merge
	equals
	impossible // looks like a number or a date but is none: an error in PyYAML
)

// resolve gives a plain scalar the type that PyYAML's safe loader gives it. Which rules are tried depends on the first
// character alone, so that ordinary text costs nothing.
func resolve(n *Node, s string) special {
	n.Kind, n.Str = String, s
	if s == "" {
		n.Kind = Null
		return ordinary
	}
	switch c := s[0]; c {
	case 'y', 'Y', 'n', 'N', 't', 'T', 'f', 'F', 'o', 'O':
		if len(s) > 5 {
			return ordinary
		}
		if b, ok := resolveBool(s); ok {
			n.Kind, n.Bool = Bool, b
		} else if s == "null" || s == "Null" || s == "NULL" {
			n.Kind = Null
		}
	case '~':
		if s == "~" {
			n.Kind = Null
		}
	case '<':
		if s == "<<" {
			return merge
		}
	case '=':
		if s == "=" {
			return equals
		}
	case '-', '+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if isFloat(s) {
			return setFloat(n, s)
		}
		if c != '.' && isInt(s) {
			return setInt(n, s)
		}
		if c >= '0' && c <= '9' && isTimestamp(s) {
			return setTimestamp(n, s)
		}
	}
	return ordinary
}

func resolveBool(s string) (value, ok bool) {
	switch s {
	case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return true, true
	case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

// digits counts the leading bytes of s that are decimal digits, or underscores where under is set.
func digits(s string, under bool) int {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || under && s[i] == '_') {
		i++
	}
	return i
}

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

// sexagesimal reads (:[0-5]?[0-9])+ and says how long it is.
func sexagesimal(s string) int {
	i := 0
	for i < len(s) && s[i] == ':' {
		d := digits(s[i+1:min(len(s), i+3)], false)
		if d == 0 {
			return i
		}
		if d == 2 && s[i+1] > '5' {
			// Python's expression would take one digit and then want a colon.
			d = 1
		}
		i += 1 + d
	}
	return i
}

// exponent says that s is empty or [eE][-+][0-9]+: YAML 1.1 wants the sign.
func exponent(s string) bool {
	if s == "" {
		return true
	}
	return len(s) > 2 && (s[0] == 'e' || s[0] == 'E') && (s[1] == '-' || s[1] == '+') && digits(s[2:], false) == len(s)-2
}

func isFloat(s string) bool {
	if s == ".nan" || s == ".NaN" || s == ".NAN" {
		return true
	}
	u := unsigned(s)
	if u == ".inf" || u == ".Inf" || u == ".INF" {
		return true
	}
	if u == "" {
		return false
	}
	if u[0] == '.' {
		// No sign is allowed before a bare point.
		if len(u) != len(s) || len(u) < 2 || u[1] == '_' {
			return false
		}
		n := digits(u[1:], true)
		return n > 0 && exponent(u[1+n:])
	}
	if u[0] == '_' {
		return false
	}
	i := digits(u, true)
	if i == 0 || i == len(u) {
		return false
	}
	if u[i] == '.' {
		return exponent(u[i+1+digits(u[i+1:], true):])
	}
	j := sexagesimal(u[i:])
	if j == 0 || i+j == len(u) || u[i+j] != '.' {
		return false
	}
	return digits(u[i+j+1:], true) == len(u)-i-j-1
}

func isInt(s string) bool {
	u := unsigned(s)
	if u == "" {
		return false
	}
	if u[0] == '0' {
		if len(u) == 1 {
			return true
		}
		set := "01234567_"
		rest := u[1:]
		if u[1] == 'b' {
			set, rest = "01_", u[2:]
		} else if u[1] == 'x' {
			set, rest = "0123456789abcdefABCDEF_", u[2:]
		}
		if rest == "" {
			return false
		}
		for i := 0; i < len(rest); i++ {
			if strings.IndexByte(set, rest[i]) < 0 {
				return false
			}
		}
		return true
	}
	if u[0] == '_' {
		return false
	}
	i := digits(u, true)
	if i == 0 {
		return false
	}
	return i == len(u) || i+sexagesimal(u[i:]) == len(u)
}

func setInt(n *Node, s string) special {
	n.Kind = Int
	if len(s) < 18 && digits(s, false) == len(s) && (s[0] != '0' || len(s) == 1) {
		n.Int, _ = strconv.ParseInt(s, 10, 64)
		return ordinary
	}
	negative := s[0] == '-'
	u := unsigned(strings.ReplaceAll(s, "_", ""))
	v := new(big.Int)
	ok := true
	switch {
	case u == "0":
	case strings.HasPrefix(u, "0b"):
		_, ok = v.SetString(u[2:], 2)
	case strings.HasPrefix(u, "0x"):
		_, ok = v.SetString(u[2:], 16)
	case strings.HasPrefix(u, "0"):
		_, ok = v.SetString(u, 8)
	case strings.Contains(u, ":"):
		for part := range strings.SplitSeq(u, ":") {
			d, good := new(big.Int).SetString(part, 10)
			if ok = ok && good; !ok {
				break
			}
			v.Add(v.Mul(v, big.NewInt(60)), d)
		}
	case len(u) > 4300:
		// Python's own bound on reading decimal numbers.
		ok = false
	default:
		_, ok = v.SetString(u, 10)
	}
	if !ok {
		return impossible
	}
	if negative {
		v.Neg(v)
	}
	if v.IsInt64() {
		n.Int = v.Int64()
		return ordinary
	}
	n.Big, n.Str = true, v.String()
	return ordinary
}

func setFloat(n *Node, s string) special {
	n.Kind = Float
	sign := 1.0
	u := strings.ToLower(strings.ReplaceAll(s, "_", ""))
	if u[0] == '-' {
		sign = -1
	}
	u = unsigned(u)
	switch {
	case u == ".inf":
		n.Float = math.Inf(int(sign))
	case u == ".nan":
		n.Float = math.NaN()
	case strings.Contains(u, ":"):
		// From the last part to the first, as PyYAML adds, so that rounding is the same.
		parts := strings.Split(u, ":")
		base, total := 1.0, 0.0
		for i := len(parts) - 1; i >= 0; i-- {
			f, _ := strconv.ParseFloat(parts[i], 64)
			total += f * base
			base *= 60
		}
		n.Float = sign * total
	default:
		f, err := strconv.ParseFloat(u, 64)
		if err != nil && !math.IsInf(f, 0) {
			return impossible
		}
		n.Float = sign * f
	}
	return ordinary
}

// PlainString says that a text, written without quotes, is read as a string and not as a number, date, boolean or null.
func PlainString(s string) bool {
	var n Node
	return resolve(&n, s) == ordinary && n.Kind == String
}
