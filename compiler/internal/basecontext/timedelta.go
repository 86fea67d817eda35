package basecontext

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// TimeDelta is Python's datetime.timedelta, normalized: 0 <= Seconds < 86400, 0 <= Microseconds < 1000000.
type TimeDelta struct{ Days, Seconds, Microseconds int64 }

// TypeName is what Python calls the value.
func (TimeDelta) TypeName() string { return "datetime.timedelta" }

const (
	microsecondsPerDay = 86400 * 1000000
	maxDays            = 999999999
)

func seconds(n int64) TimeDelta {
	d := TimeDelta{Days: floorDiv(n, 86400)}
	d.Seconds = n - d.Days*86400
	return d
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func between(from, to time.Time) TimeDelta {
	s := to.Unix() - from.Unix()
	us := int64(to.Nanosecond()-from.Nanosecond()) / 1000
	if us < 0 {
		s, us = s-1, us+1000000
	}
	d := seconds(s)
	d.Microseconds = us
	return d
}

func (d TimeDelta) total() *big.Int {
	t := new(big.Int).Mul(big.NewInt(d.Days), big.NewInt(microsecondsPerDay))
	return t.Add(t, big.NewInt(d.Seconds*1000000+d.Microseconds))
}

func fromTotal(us *big.Int) (TimeDelta, error) {
	day, rest := new(big.Int).DivMod(us, big.NewInt(microsecondsPerDay), new(big.Int))
	if !day.IsInt64() || day.Int64() > maxDays || day.Int64() < -maxDays {
		return TimeDelta{}, fmt.Errorf("days=%s; must have magnitude <= 999999999", day)
	}
	return TimeDelta{day.Int64(), rest.Int64() / 1000000, rest.Int64() % 1000000}, nil
}

func (d TimeDelta) negate() TimeDelta {
	n, _ := fromTotal(new(big.Int).Neg(d.total()))
	return n
}

func (d TimeDelta) String() string {
	s := ""
	if d.Days != 0 {
		s = fmt.Sprintf("%d day%s, ", d.Days, plural(int(max(d.Days, -d.Days))))
	}
	s += fmt.Sprintf("%d:%02d:%02d", d.Seconds/3600, d.Seconds/60%60, d.Seconds%60)
	if d.Microseconds != 0 {
		s += fmt.Sprintf(".%06d", d.Microseconds)
	}
	return s
}

// Repr is Python's repr().
func (d TimeDelta) Repr() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int64
	}{{"days", d.Days}, {"seconds", d.Seconds}, {"microseconds", d.Microseconds}} {
		if p.n != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.n))
		}
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}

// Truth is false for no time at all.
func (d TimeDelta) Truth() bool { return d != TimeDelta{} }

// Equal is Python's ==.
func (d TimeDelta) Equal(other jinja.Value) bool { o, ok := other.(TimeDelta); return ok && d == o }

// Compare orders durations.
func (d TimeDelta) Compare(other jinja.Value) (int, bool) {
	o, ok := other.(TimeDelta)
	if !ok {
		return 0, false
	}
	return d.total().Cmp(o.total()), true
}

// HashKey makes durations keys.
func (d TimeDelta) HashKey() string { return "timedelta " + d.total().String() }

func (d TimeDelta) totalSeconds() float64 {
	f, _ := new(big.Rat).SetFrac(d.total(), big.NewInt(1000000)).Float64()
	return f
}

// Attr finds an attribute or method.
func (d TimeDelta) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "days":
		return jinja.Int(d.Days), true, nil
	case "seconds":
		return jinja.Int(d.Seconds), true, nil
	case "microseconds":
		return jinja.Int(d.Microseconds), true, nil
	case "total_seconds":
		return getter(name, func() jinja.Value { return jinja.Float(d.totalSeconds()) }), true, nil
	}
	return nil, false, nil
}

// Binary is Python's arithmetic of durations with each other and with numbers.
func (d TimeDelta) Binary(op string, other jinja.Value, reflected bool) (jinja.Value, bool, error) {
	result := func(us *big.Int) (jinja.Value, bool, error) {
		r, err := fromTotal(us)
		return r, true, err
	}
	switch o := other.(type) {
	case TimeDelta:
		a, b := d.total(), o.total()
		switch op {
		case "+":
			return result(a.Add(a, b))
		case "-":
			return result(a.Sub(a, b))
		case "/", "//", "%":
			if b.Sign() == 0 {
				return nil, true, fmt.Errorf("integer division or modulo by zero")
			}
			if op == "/" {
				f, _ := new(big.Rat).SetFrac(a, b).Float64()
				return jinja.Float(f), true, nil
			}
			q, r := floorDivMod(a, b)
			if op == "//" {
				return jinja.Int(q.Int64()), true, nil
			}
			return result(r)
		}
	case jinja.Int, jinja.Bool:
		f, _ := number(o)
		n := big.NewInt(int64(f))
		if v, ok := o.(jinja.Int); ok {
			n = big.NewInt(int64(v))
		}
		switch {
		case op == "*":
			return result(n.Mul(n, d.total()))
		case op == "//" && !reflected:
			if n.Sign() == 0 {
				return nil, true, fmt.Errorf("integer division or modulo by zero")
			}
			q, _ := floorDivMod(d.total(), n)
			return result(q)
		case op == "/" && !reflected:
			if n.Sign() == 0 {
				return nil, true, fmt.Errorf("division by zero")
			}
			return result(roundRat(new(big.Rat).SetFrac(d.total(), n)))
		}
	case jinja.Float:
		r := new(big.Rat)
		if r.SetFloat64(float64(o)) == nil {
			return nil, true, fmt.Errorf("cannot convert float %s to integer", map[bool]string{true: "NaN", false: "infinity"}[math.IsNaN(float64(o))])
		}
		total := new(big.Rat).SetInt(d.total())
		switch {
		case op == "*":
			return result(roundRat(r.Mul(r, total)))
		case op == "/" && !reflected:
			if r.Sign() == 0 {
				return nil, true, fmt.Errorf("division by zero")
			}
			return result(roundRat(r.Quo(total, r)))
		}
	}
	return nil, false, nil
}

// floorDivMod divides towards minus infinity, as Python does.
func floorDivMod(a, b *big.Int) (q, r *big.Int) {
	q, r = new(big.Int).QuoRem(a, b, new(big.Int))
	if r.Sign() != 0 && (r.Sign() < 0) != (b.Sign() < 0) {
		q.Sub(q, big.NewInt(1))
		r.Add(r, b)
	}
	return q, r
}

// roundRat rounds half to even, as Python rounds microseconds.
func roundRat(r *big.Rat) *big.Int {
	two := big.NewInt(2)
	q, rest := floorDivMod(new(big.Int).Set(r.Num()), r.Denom())
	switch rest.Mul(rest, two).Cmp(r.Denom()) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	return q
}

// timedeltaClass is the class datetime.timedelta.
func timedeltaClass() *class {
	units := []string{"days=", "seconds=", "microseconds=", "milliseconds=", "minutes=", "hours=", "weeks="}
	size := []int64{microsecondsPerDay, 1000000, 1, 1000, 60000000, 3600000000, 7 * microsecondsPerDay}
	return &class{name: "datetime.timedelta", make: func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "timedelta", units...)
		if err != nil {
			return nil, err
		}
		total := new(big.Rat)
		for i, v := range a {
			if v == nil {
				continue
			}
			r := new(big.Rat)
			switch v := v.(type) {
			case jinja.Int:
				r.SetInt64(int64(v))
			case jinja.Bool:
				f, _ := number(v)
				r.SetInt64(int64(f))
			case jinja.Float:
				// Through the shortest decimal, so that 0.1 days are what the author means to the microsecond.
				if _, ok := r.SetString(yamldoc.FormatFloat(float64(v))); !ok {
					return nil, fmt.Errorf("cannot convert float %s to integer", strings.ToLower(yamldoc.FormatFloat(float64(v))))
				}
			default:
				return nil, fmt.Errorf("unsupported type for timedelta %s component: %s", strings.TrimSuffix(units[i], "="), v.TypeName())
			}
			total.Add(total, r.Mul(r, new(big.Rat).SetInt64(size[i])))
		}
		return fromTotal(roundRat(total))
	}, attrs: map[string]jinja.Value{
		"min": TimeDelta{Days: -maxDays}, "max": TimeDelta{maxDays, 86399, 999999}, "resolution": TimeDelta{Microseconds: 1},
	}}
}
