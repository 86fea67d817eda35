package yamldoc

import (
	"fmt"
	"strings"
	"time"
)

// Timestamp is a scalar of kind Date or DateTime, taken apart.
type Timestamp struct {
	Year, Month, Day, Hour, Minute, Second, Microsecond int
	// HasZone says that an offset from UTC, of Zone seconds, was written.
	HasZone bool
	Zone    int
}

// Timestamp takes the text of a Date or DateTime node apart.
func (n *Node) Timestamp() Timestamp {
	t, _, _ := readTimestamp(n.Str)
	return t
}

// ISOFormat is Python's isoformat() of the date or datetime.
func (n *Node) ISOFormat() string {
	t := n.Timestamp()
	day := fmt.Sprintf("%04d-%02d-%02d", t.Year, t.Month, t.Day)
	if n.Kind == Date {
		return day
	}
	s := fmt.Sprintf("%sT%02d:%02d:%02d", day, t.Hour, t.Minute, t.Second)
	if t.Microsecond != 0 {
		s += fmt.Sprintf(".%06d", t.Microsecond)
	}
	if t.HasZone {
		sign, z := '+', t.Zone
		if z < 0 {
			sign, z = '-', -z
		}
		s += fmt.Sprintf("%c%02d:%02d", sign, z/3600, z/60%60)
	}
	return s
}

// isTimestamp is the rule that makes a plain scalar a timestamp. A date alone wants two digits each; with a time, month and
// day may have one.
func isTimestamp(s string) bool {
	if len(s) < 8 || s[4] != '-' {
		return false
	}
	_, timed, ok := readTimestamp(s)
	return ok && (timed || len(s) == 10)
}

// readTimestamp matches a timestamp; whether its numbers make a date is a second question (setTimestamp).
func readTimestamp(s string) (t Timestamp, timed, ok bool) {
	number := func(low, high int) (v int, ok bool) {
		n := digits(s[:min(len(s), high)], false)
		if n < low {
			return 0, false
		}
		for i := range n {
			v = v*10 + int(s[i]-'0')
		}
		s = s[n:]
		return v, true
	}
	literal := func(c byte) bool {
		if s == "" || s[0] != c {
			return false
		}
		s = s[1:]
		return true
	}
	step := func(dst *int, low, high int, after byte) bool {
		var good bool
		*dst, good = number(low, high)
		return good && (after == 0 || literal(after))
	}
	if !step(&t.Year, 4, 4, '-') || !step(&t.Month, 1, 2, '-') || !step(&t.Day, 1, 2, 0) {
		return t, false, false
	}
	if s == "" {
		return t, false, true
	}
	if s[0] == 'T' || s[0] == 't' {
		s = s[1:]
	} else {
		rest := strings.TrimLeft(s, " \t")
		if len(rest) == len(s) {
			return t, false, false
		}
		s = rest
	}
	if !step(&t.Hour, 1, 2, ':') || !step(&t.Minute, 2, 2, ':') || !step(&t.Second, 2, 2, 0) {
		return t, false, false
	}
	if literal('.') {
		n := digits(s, false)
		for i := range 6 {
			t.Microsecond *= 10
			if i < n {
				t.Microsecond += int(s[i] - '0')
			}
		}
		s = s[n:]
	}
	if s == "" {
		return t, true, true
	}
	s = strings.TrimLeft(s, " \t")
	if s == "Z" {
		t.HasZone = true
		return t, true, true
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return t, true, false
	}
	negative := s[0] == '-'
	s = s[1:]
	var hours, minutes int
	if !step(&hours, 1, 2, 0) || s != "" && (!literal(':') || !step(&minutes, 2, 2, 0)) || s != "" {
		return t, true, false
	}
	t.HasZone, t.Zone = true, hours*3600+minutes*60
	if negative {
		t.Zone = -t.Zone
	}
	return t, true, true
}

func setTimestamp(n *Node, s string) special {
	t, timed, _ := readTimestamp(s)
	n.Kind = Date
	if timed {
		n.Kind = DateTime
	}
	if t.Year < 1 || t.Month < 1 || t.Month > 12 || t.Day < 1 || t.Hour > 23 || t.Minute > 59 || t.Second > 59 ||
		t.Day > time.Date(t.Year, time.Month(t.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day() || t.Zone >= 86400 || t.Zone <= -86400 {
		return impossible
	}
	return ordinary
}
