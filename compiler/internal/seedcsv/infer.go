package seedcsv

import (
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/weft-data/weft/compiler/internal/decimal"
)

// Kind is the type that agate would give a column, in the order in which dbt tries them.
type Kind uint8

// The kinds. A text file gives Integer only for a column that has no values at all, because agate takes a text for a number first.
const (
	Integer Kind = iota
	Number
	Date
	DateTime
	ISODateTime
	Boolean
	Text
)

// String is agate's name of the kind.
func (k Kind) String() string {
	return [...]string{"Integer", "Number", "Date", "DateTime", "ISODateTime", "Boolean", "Text"}[k]
}

// guess is what the values seen so far leave possible for a column.
type guess struct {
	possible [Text + 1]bool
	forced   bool
	// for numbers: the most places before and behind the point
	whole, fraction int
	maxBytes        int
}

func newGuess(text bool) guess {
	g := guess{forced: text, whole: 1, maxBytes: -1}
	for k := range g.possible {
		g.possible[k] = !text
	}
	g.possible[Text] = true
	return g
}

// see looks at one value.
func (g *guess) see(v string) {
	s := Strip(v)
	if !isNull(s) {
		g.maxBytes = max(g.maxBytes, len(v))
	}
	if g.forced {
		return
	}
	g.possible[Integer] = false
	if g.possible[Number] {
		d, null, ok := ParseNumber(v)
		// agate asks math.isinf(), for which whatever is beyond a float is infinite too
		if g.possible[Number] = ok; ok && !null && d.Finite() && (d.Exponent < 280 || !math.IsInf(d.Float64(), 0)) {
			whole, fraction := d.Places()
			g.whole, g.fraction = max(g.whole, whole), max(g.fraction, fraction)
		}
	}
	if isNull(s) {
		return // every other kind takes a null
	}
	if g.possible[Date] {
		_, g.possible[Date] = ParseDate(s)
	}
	if g.possible[DateTime] {
		_, g.possible[DateTime] = ParseDateTime(s)
	}
	if g.possible[ISODateTime] {
		_, _, g.possible[ISODateTime] = ParseISODateTime(s)
	}
	if g.possible[Boolean] {
		_, _, g.possible[Boolean] = ParseBoolean(v)
	}
}

// column is the verdict.
func (g *guess) column(name string, rows int) Column {
	c := Column{Name: name, Kind: Text, MaxBytes: g.maxBytes}
	if !g.forced {
		for k, ok := range g.possible {
			if ok {
				c.Kind = Kind(k)
				break
			}
		}
	}
	if c.Kind == Number {
		c.Decimals = g.fraction
		if g.whole+g.fraction > 28 {
			c.Decimals = 28 - g.whole
		}
	}
	return c
}

// Strip removes white space at both ends, as Python's strip() does.
func Strip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// IsNull says whether a value is null for dbt: nothing, or "null" in any case.
func IsNull(v string) bool { return isNull(Strip(v)) }

func isNull(stripped string) bool {
	return stripped == "" || len(stripped) == 4 && strings.EqualFold(stripped, "null")
}

// currencies are the symbols that agate takes off a number's ends, one kind after another.
var currencies = []string{"؋", "$", "ƒ", "៛", "¥", "₡", "₱", "£", "€", "¢", "﷼", "₪", "₩", "₭", "₮", "₦", "฿", "₤", "₫"}

// ParseNumber reads a number as agate does: per cent and currency signs at the ends and thousands' commas are taken off.
func ParseNumber(v string) (d decimal.Decimal, null, ok bool) {
	s := Strip(v)
	if isNull(s) {
		return d, true, true
	}
	if d, ok := plainNumber(s); ok {
		return d, false, true
	}
	s = strings.Trim(s, "%")
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for _, c := range currencies {
		for strings.HasPrefix(s, c) {
			s = s[len(c):]
		}
		for strings.HasSuffix(s, c) {
			s = s[:len(s)-len(c)]
		}
	}
	d, ok = decimal.Parse(strings.ReplaceAll(s, ",", ""))
	if !ok || d.Special == "sNaN" {
		return d, false, false
	}
	d = d.Round()
	if negative {
		d = d.Flip()
	}
	return d, false, true
}

// plainNumber is the quick way for what most cells hold: few digits.
func plainNumber(s string) (decimal.Decimal, bool) {
	if len(s) > 18 {
		return decimal.Decimal{}, false
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return decimal.Decimal{}, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return decimal.FromInt(n), true
}

// ParseBoolean reads true or false in any case; commas are ignored.
func ParseBoolean(v string) (b, null, ok bool) {
	s := Strip(strings.ReplaceAll(v, ",", ""))
	switch {
	case isNull(s):
		return false, true, true
	case strings.EqualFold(s, "true"):
		return true, false, true
	case strings.EqualFold(s, "false"):
		return false, false, true
	}
	return false, false, false
}

// scanner takes numbers off the front of a text.
type scanner struct {
	s  string
	ok bool
}

// number takes between least and most digits.
func (p *scanner) number(least, most int) int {
	n, i := 0, 0
	for ; i < len(p.s) && i < most && p.s[i] >= '0' && p.s[i] <= '9'; i++ {
		n = n*10 + int(p.s[i]-'0')
	}
	p.ok = p.ok && i >= least
	p.s = p.s[i:]
	return n
}

// upTo takes one or two digits, two only where they make a number that is not above the largest: strptime("2024-1-31").
func (p *scanner) upTo(largest int) int {
	two := scanner{p.s, true}
	if n := two.number(2, 2); two.ok && n <= largest {
		p.s = two.s
		return n
	}
	return p.number(1, 1)
}

func (p *scanner) byte(c byte) {
	if p.ok = p.ok && p.s != "" && p.s[0] == c; p.ok {
		p.s = p.s[1:]
	}
}

// date takes what strptime's %Y-%m-%d takes.
func (p *scanner) date() (y, m, d int) {
	y = p.number(4, 4)
	p.byte('-')
	m = p.upTo(12)
	p.byte('-')
	if len(p.s) > 1 && p.s[0] == ' ' && p.s[1] >= '1' && p.s[1] <= '9' {
		p.s = p.s[1:]
		d = p.number(1, 1)
	} else {
		d = p.upTo(31)
	}
	p.ok = p.ok && validDate(y, m, d)
	return y, m, d
}

func validDate(y, m, d int) bool {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	return d <= 28 || time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

// ParseDate reads a date as strptime("%Y-%m-%d") does.
func ParseDate(s string) (time.Time, bool) {
	p := scanner{s, true}
	y, m, d := p.date()
	if !p.ok || p.s != "" {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC), true
}

// ParseDateTime reads a time as strptime("%Y-%m-%d %H:%M:%S") does; any white space separates the two halves.
func ParseDateTime(s string) (time.Time, bool) {
	p := scanner{s, true}
	y, m, d := p.date()
	rest := strings.TrimLeftFunc(p.s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
	p.ok = p.ok && len(rest) < len(p.s)
	p.s = rest
	h := p.upTo(23)
	p.byte(':')
	minute := p.upTo(59)
	p.byte(':')
	second := p.upTo(61)
	if !p.ok || p.s != "" || second > 59 {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, h, minute, second, 0, time.UTC), true
}

// ParseISODateTime reads an ISO 8601 date and time with a T between them, in all of the forms that the package isodate takes. zoned
// says that the text names an offset.
func ParseISODateTime(s string) (t time.Time, zoned, ok bool) {
	date, clock, found := strings.Cut(s, "T")
	if !found || strings.Contains(clock, "T") {
		return t, false, false
	}
	day, ok := isoDate(date)
	if !ok {
		return t, false, false
	}
	since, offset, zoned, ok := isoTime(clock)
	if !ok {
		return t, false, false
	}
	zone := time.UTC
	if zoned && offset != 0 {
		zone = time.FixedZone("", offset)
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone).Add(since), zoned, true
}

// isoDate reads calendar, week, ordinal, month, year and century dates, with and without dashes.
func isoDate(s string) (time.Time, bool) {
	p := scanner{s, true}
	if len(s) == 2 {
		y := p.number(2, 2)*100 + 1
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), p.ok
	}
	y := p.number(4, 4)
	if !p.ok || y < 1 {
		return time.Time{}, false
	}
	first := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	rest := p.s
	dashed := strings.HasPrefix(rest, "-")
	rest = strings.TrimPrefix(rest, "-")
	if strings.HasPrefix(rest, "W") {
		return isoWeek(first, rest[1:], dashed)
	}
	p.s = rest
	switch {
	case rest == "":
		return first, !dashed
	case len(rest) == 3: // ordinal
		n := p.number(3, 3)
		return inRange(first.AddDate(0, 0, n-1), p.ok)
	case len(rest) == 2: // month
		m := max(p.number(2, 2), 1)
		return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC), p.ok && m <= 12
	}
	m := p.number(2, 2)
	if dashed {
		p.byte('-')
	}
	d := p.number(2, 2)
	m = max(m, 1)
	if !p.ok || p.s != "" || !validDate(y, m, d) {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC), true
}

// isoWeek counts weeks from the year's first day as isodate does.
func isoWeek(first time.Time, s string, dashed bool) (time.Time, bool) {
	p := scanner{s, true}
	week := p.number(2, 2)
	day := 1
	if p.s != "" {
		if dashed {
			p.byte('-')
		}
		if day = p.number(1, 1); day == 0 {
			day = 1
		}
	}
	if !p.ok || p.s != "" {
		return time.Time{}, false
	}
	if _, w := first.ISOWeek(); w == 1 {
		week--
	}
	weekday := (int(first.Weekday())+6)%7 + 1
	return inRange(first.AddDate(0, 0, 7*week-weekday+day), true)
}

func inRange(t time.Time, ok bool) (time.Time, bool) {
	return t, ok && t.Year() >= 1 && t.Year() <= 9999
}

// isoTime reads hours, or hours and minutes, or hours, minutes and seconds; the last of them may have a fraction.
func isoTime(s string) (since time.Duration, offset int, zoned, ok bool) {
	p := scanner{s, true}
	h := p.number(2, 2)
	unit, n := time.Hour, h
	colon := strings.HasPrefix(p.s, ":")
	more := func() bool {
		if colon {
			if !strings.HasPrefix(p.s, ":") {
				return false
			}
			p.s = p.s[1:]
			return true
		}
		return p.s != "" && p.s[0] >= '0' && p.s[0] <= '9'
	}
	valid := h <= 23
	for _, next := range []time.Duration{time.Minute, time.Second} {
		if !p.ok || !more() {
			break
		}
		since += time.Duration(n) * unit
		unit, n = next, p.number(2, 2)
		valid = valid && n <= 59
	}
	since += time.Duration(n) * unit
	if p.ok && p.s != "" && (p.s[0] == '.' || p.s[0] == ',') {
		p.s = p.s[1:]
		i := 0
		for ; i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9'; i++ {
			unit /= 10
			since += time.Duration(p.s[i]-'0') * unit
		}
		p.ok = i > 0
		p.s = p.s[i:]
	}
	if !p.ok || !valid {
		return 0, 0, false, false
	}
	since = since.Truncate(time.Microsecond)
	switch {
	case p.s == "":
		return since, 0, false, true
	case p.s == "Z":
		return since, 0, true, true
	}
	sign := 1
	switch p.s[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, 0, false, false
	}
	p.s = p.s[1:]
	offset = p.number(2, 2) * 3600
	if p.s != "" {
		p.s = strings.TrimPrefix(p.s, ":")
		offset += p.number(2, 2) * 60
	}
	return since, sign * offset, true, p.ok && p.s == ""
}

// Value is a cell as its column's kind reads it; which field holds it is the kind's.
type Value struct {
	Null   bool
	Text   string
	Number decimal.Decimal
	Bool   bool
	Time   time.Time
	// Zoned says that Time names an offset.
	Zoned bool
}

// Parse reads a cell. A text column keeps its value as it is, white space included.
func (k Kind) Parse(v string) (Value, bool) {
	if k == Number {
		d, null, ok := ParseNumber(v)
		return Value{Number: d, Null: null}, ok
	}
	if k == Boolean {
		b, null, ok := ParseBoolean(v)
		return Value{Bool: b, Null: null}, ok
	}
	s := Strip(v)
	if isNull(s) {
		return Value{Null: true}, true
	}
	out, ok := Value{Text: v}, k == Text
	switch k {
	case Date:
		out.Time, ok = ParseDate(s)
	case DateTime:
		out.Time, ok = ParseDateTime(s)
	case ISODateTime:
		out.Time, out.Zoned, ok = ParseISODateTime(s)
	}
	return out, ok
}
