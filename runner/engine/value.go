package engine

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Value is one value of a result: nil, bool, int64, *big.Int, float64, string, []byte, or one of the types of this file.
type Value any

// Decimal is an exact number: Unscaled times ten to the power of minus Scale.
type Decimal struct {
	Unscaled *big.Int
	Scale    int
}

// String writes all digits, as many behind the point as the scale says.
func (d Decimal) String() string {
	s := new(big.Int).Abs(d.Unscaled).String()
	if d.Scale > 0 {
		if len(s) <= d.Scale {
			s = strings.Repeat("0", d.Scale-len(s)+1) + s
		}
		s = s[:len(s)-d.Scale] + "." + s[len(s)-d.Scale:]
	}
	if d.Unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// Date is a day; only its year, month and day count.
type Date struct{ time.Time }

// String is the ISO form.
func (d Date) String() string { return isoDate(d.Time) }

// TimeOfDay is the time since midnight. Zone is the offset as written ("+02"), empty if the type has none.
type TimeOfDay struct {
	Since time.Duration
	Zone  string
}

// String is the ISO form, with a fraction only if there is one.
func (t TimeOfDay) String() string {
	d := t.Since
	s := fmt.Sprintf("%02d:%02d:%02d", d/time.Hour, d/time.Minute%60, d/time.Second%60)
	return s + fraction(int(d%time.Second)) + t.Zone
}

// Timestamp is a point on a calendar; Zoned says that it is an instant (shown in UTC), else it is of no zone.
type Timestamp struct {
	time.Time
	Zoned bool
}

// String is the form that dbt's results have: a blank between date and time, a fraction only if there is one.
func (t Timestamp) String() string {
	u := t.UTC()
	s := isoDate(u) + " " + u.Format("15:04:05") + fraction(u.Nanosecond())
	if t.Zoned {
		s += "+00:00"
	}
	return s
}

// Interval is a span of calendar time; its parts do not convert into one another.
type Interval struct {
	Months, Days int32
	Micros       int64
}

// String names the parts.
func (i Interval) String() string {
	var parts []string
	if i.Months != 0 {
		parts = append(parts, strconv.Itoa(int(i.Months))+" months")
	}
	if i.Days != 0 {
		parts = append(parts, strconv.Itoa(int(i.Days))+" days")
	}
	if i.Micros != 0 || len(parts) == 0 {
		sign, micros := "", i.Micros
		if micros < 0 {
			sign, micros = "-", -micros
		}
		parts = append(parts, sign+TimeOfDay{Since: time.Duration(micros) * time.Microsecond}.String())
	}
	return strings.Join(parts, " ")
}

// List is an array's values.
type List []Value

// Struct is a row within a row; Map is a map's entries in the engine's order.
type (
	Struct []Field
	Map    []Entry
)

// Field is a named part of a Struct.
type Field struct {
	Name  string
	Value Value
}

// Entry is a key of a Map with its value.
type Entry struct{ Key, Value Value }

func isoDate(t time.Time) string {
	y, m, d := t.Date()
	if y < 0 || y > 9999 {
		return fmt.Sprintf("%d-%02d-%02d", y, m, d)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// fraction writes microseconds behind a point, or nothing; engines with nanoseconds get as many digits as they need.
func fraction(nanos int) string {
	switch {
	case nanos == 0:
		return ""
	case nanos%1000 == 0:
		return fmt.Sprintf(".%06d", nanos/1000)
	default:
		return fmt.Sprintf(".%09d", nanos)
	}
}
