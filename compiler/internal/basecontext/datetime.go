package basecontext

import (
	"fmt"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Date is Python's datetime.date.
type Date struct{ Year, Month, Day int }

// Clock is the time of a day.
type Clock struct{ Hour, Minute, Second, Microsecond int }

// DateTime is Python's datetime.datetime; Zone is nil for a naive one.
type DateTime struct {
	Date
	Clock
	Zone *Zone
}

// TimeOfDay is Python's datetime.time.
type TimeOfDay struct {
	Clock
	Zone *Zone
}

// TypeName is what Python calls the value.
func (Date) TypeName() string      { return "datetime.date" }
func (DateTime) TypeName() string  { return "datetime.datetime" }
func (TimeOfDay) TypeName() string { return "datetime.time" }

// NewDateTime is the aware datetime of an instant, in UTC.
func NewDateTime(t time.Time) DateTime { return fromTime(t.UTC(), UTC) }

// fromTime takes the wall clock of t; zone is what it is said to be in.
func fromTime(t time.Time, zone *Zone) DateTime {
	return DateTime{Date{t.Year(), int(t.Month()), t.Day()}, Clock{t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000}, zone}
}

// wall is the datetime as a Go time in UTC, whatever its zone: for arithmetic.
func (d DateTime) wall() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, d.Hour, d.Minute, d.Second, d.Microsecond*1000, time.UTC)
}

func (d Date) wall() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

// instant is the moment that an aware datetime names.
func (d DateTime) instant() time.Time {
	return d.wall().Add(-time.Duration(d.Zone.offset()) * time.Second)
}

func checkDate(d Date) error {
	switch {
	case d.Year < 1 || d.Year > 9999:
		return fmt.Errorf("year %d is out of range", d.Year)
	case d.Month < 1 || d.Month > 12:
		return fmt.Errorf("month must be in 1..12")
	case d.Day < 1 || d.Day > daysIn(d.Year, d.Month):
		return fmt.Errorf("day is out of range for month")
	}
	return nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func checkClock(c Clock) error {
	switch {
	case c.Hour < 0 || c.Hour > 23:
		return fmt.Errorf("hour must be in 0..23")
	case c.Minute < 0 || c.Minute > 59:
		return fmt.Errorf("minute must be in 0..59")
	case c.Second < 0 || c.Second > 59:
		return fmt.Errorf("second must be in 0..59")
	case c.Microsecond < 0 || c.Microsecond > 999999:
		return fmt.Errorf("microsecond must be in 0..999999")
	}
	return nil
}

// Text forms.

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Repr is Python's repr().
func (d Date) Repr() string { return fmt.Sprintf("datetime.date(%d, %d, %d)", d.Year, d.Month, d.Day) }

func (c Clock) text() string {
	s := fmt.Sprintf("%02d:%02d:%02d", c.Hour, c.Minute, c.Second)
	if c.Microsecond != 0 {
		s += fmt.Sprintf(".%06d", c.Microsecond)
	}
	return s
}

// args lists the clock for repr(): seconds and microseconds only where they count.
func (c Clock) args() string {
	s := fmt.Sprintf("%d, %d", c.Hour, c.Minute)
	if c.Second != 0 || c.Microsecond != 0 {
		s += fmt.Sprintf(", %d", c.Second)
	}
	if c.Microsecond != 0 {
		s += fmt.Sprintf(", %d", c.Microsecond)
	}
	return s
}

// Instant is the moment, as if in UTC where the value has no zone.
func (d DateTime) Instant() time.Time { return d.instant() }

func (d DateTime) String() string { return d.iso(" ", "auto") }

// Repr is Python's repr().
func (d DateTime) Repr() string {
	s := fmt.Sprintf("datetime.datetime(%d, %d, %d, %s", d.Year, d.Month, d.Day, d.args())
	if d.Zone != nil {
		s += ", tzinfo=" + d.Zone.Repr()
	}
	return s + ")"
}

func (t TimeOfDay) String() string { return t.text() + isoOffset(t.Zone) }

// Repr is Python's repr().
func (t TimeOfDay) Repr() string {
	s := "datetime.time(" + t.args()
	if t.Zone != nil {
		s += ", tzinfo=" + t.Zone.Repr()
	}
	return s + ")"
}

// iso is isoformat(sep, timespec); an unknown timespec gives "".
func (d DateTime) iso(sep, spec string) string {
	clock := d.spec(spec)
	if clock == "" {
		return ""
	}
	return d.Date.String() + sep + clock + isoOffset(d.Zone)
}

func (c Clock) spec(spec string) string {
	switch spec {
	case "auto":
		return c.text()
	case "hours":
		return fmt.Sprintf("%02d", c.Hour)
	case "minutes":
		return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute)
	case "seconds":
		return fmt.Sprintf("%02d:%02d:%02d", c.Hour, c.Minute, c.Second)
	case "milliseconds":
		return fmt.Sprintf("%02d:%02d:%02d.%03d", c.Hour, c.Minute, c.Second, c.Microsecond/1000)
	case "microseconds":
		return fmt.Sprintf("%02d:%02d:%02d.%06d", c.Hour, c.Minute, c.Second, c.Microsecond)
	}
	return ""
}

func isoOffset(z *Zone) string {
	if z == nil {
		return ""
	}
	return offsetText(z.offset(), ":")
}

func offsetText(seconds int, sep string) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%s%02d", sign, seconds/3600, sep, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%s%02d", sep, seconds%60)
	}
	return s
}

// Comparison and hashing.

// Equal is Python's ==: a date is never a datetime, a naive datetime never an aware one.
func (d Date) Equal(other jinja.Value) bool { o, ok := other.(Date); return ok && d == o }

// Equal compares instants if both are aware.
func (d DateTime) Equal(other jinja.Value) bool {
	o, ok := other.(DateTime)
	if !ok || (d.Zone == nil) != (o.Zone == nil) {
		return false
	}
	if d.Zone == nil {
		return d.Date == o.Date && d.Clock == o.Clock
	}
	return d.instant().Equal(o.instant())
}

// Equal compares the time without regard to zones of different offset.
func (t TimeOfDay) Equal(other jinja.Value) bool {
	o, ok := other.(TimeOfDay)
	return ok && (t.Zone == nil) == (o.Zone == nil) && t.seconds() == o.seconds() && t.Microsecond == o.Microsecond
}

func (t TimeOfDay) seconds() int {
	return t.Hour*3600 + t.Minute*60 + t.Second - t.Zone.offset()
}

// Compare orders dates.
func (d Date) Compare(other jinja.Value) (int, bool) {
	o, ok := other.(Date)
	if !ok {
		return 0, false
	}
	return d.wall().Compare(o.wall()), true
}

// Compare orders datetimes that are both naive or both aware.
func (d DateTime) Compare(other jinja.Value) (int, bool) {
	o, ok := other.(DateTime)
	if !ok || (d.Zone == nil) != (o.Zone == nil) {
		return 0, false
	}
	if d.Zone == nil {
		return d.wall().Compare(o.wall()), true
	}
	return d.instant().Compare(o.instant()), true
}

// Compare orders times of day.
func (t TimeOfDay) Compare(other jinja.Value) (int, bool) {
	o, ok := other.(TimeOfDay)
	if !ok || (t.Zone == nil) != (o.Zone == nil) {
		return 0, false
	}
	if s := t.seconds() - o.seconds(); s != 0 {
		return s, true
	}
	return t.Microsecond - o.Microsecond, true
}

// HashKey makes dates keys.
func (d Date) HashKey() string { return "date " + d.String() }

// HashKey is equal for equal instants.
func (d DateTime) HashKey() string {
	if d.Zone == nil {
		return "datetime " + d.String()
	}
	return "instant " + d.instant().Format(time.RFC3339Nano)
}

// HashKey makes times keys.
func (t TimeOfDay) HashKey() string {
	return fmt.Sprint("time ", t.seconds(), t.Microsecond, t.Zone == nil)
}

// Arithmetic.

const outOfRange = "date value out of range"

func (d Date) add(delta TimeDelta) (jinja.Value, bool, error) {
	t := d.wall().AddDate(0, 0, int(delta.Days))
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, true, fmt.Errorf("%s", outOfRange)
	}
	return Date{t.Year(), int(t.Month()), t.Day()}, true, nil
}

func (d DateTime) add(delta TimeDelta) (jinja.Value, bool, error) {
	t := d.wall().AddDate(0, 0, int(delta.Days)).Add(time.Duration(delta.Seconds)*time.Second + time.Duration(delta.Microseconds)*time.Microsecond)
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, true, fmt.Errorf("%s", outOfRange)
	}
	return fromTime(t, d.Zone), true, nil
}

// Binary is + and - with a timedelta, and the difference of two dates.
func (d Date) Binary(op string, other jinja.Value, reflected bool) (jinja.Value, bool, error) {
	switch o := other.(type) {
	case TimeDelta:
		if op == "+" {
			return d.add(o)
		}
		if op == "-" && !reflected {
			return d.add(o.negate())
		}
	case Date:
		if op == "-" && !reflected {
			return TimeDelta{Days: daysBetween(o, d)}, true, nil
		}
	}
	return nil, false, nil
}

// Binary is + and - with a timedelta, and the difference of two datetimes.
func (d DateTime) Binary(op string, other jinja.Value, reflected bool) (jinja.Value, bool, error) {
	switch o := other.(type) {
	case TimeDelta:
		if op == "+" {
			return d.add(o)
		}
		if op == "-" && !reflected {
			return d.add(o.negate())
		}
	case DateTime:
		if op != "-" || reflected {
			return nil, false, nil
		}
		if (d.Zone == nil) != (o.Zone == nil) {
			return nil, true, fmt.Errorf("can't subtract offset-naive and offset-aware datetimes")
		}
		a, b := d.wall(), o.wall()
		if d.Zone != nil {
			a, b = d.instant(), o.instant()
		}
		return between(b, a), true, nil
	}
	return nil, false, nil
}

// daysBetween counts days; Go's durations end at 292 years.
func daysBetween(from, to Date) int64 { return (to.wall().Unix() - from.wall().Unix()) / 86400 }

// Attributes.

// Attr finds an attribute or method of a date.
func (d Date) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "year":
		return jinja.Int(d.Year), true, nil
	case "month":
		return jinja.Int(d.Month), true, nil
	case "day":
		return jinja.Int(d.Day), true, nil
	case "isoformat":
		return getter(name, func() jinja.Value { return jinja.Str(d.String()) }), true, nil
	case "replace":
		return method(name, []string{"year=", "month=", "day="}, func(a []jinja.Value) (jinja.Value, error) {
			err := setFields(a, &d.Year, &d.Month, &d.Day)
			if err == nil {
				err = checkDate(d)
			}
			return d, err
		}), true, nil
	}
	return dayAttr(DateTime{Date: d}, name)
}

// dayAttr are the methods that date and datetime share.
func dayAttr(d DateTime, name string) (jinja.Value, bool, error) {
	t := d.wall()
	number := func(n int) (jinja.Value, bool, error) {
		return getter(name, func() jinja.Value { return jinja.Int(n) }), true, nil
	}
	switch name {
	case "weekday":
		return number((int(t.Weekday()) + 6) % 7)
	case "isoweekday":
		return number((int(t.Weekday())+6)%7 + 1)
	case "toordinal":
		return number(int(daysBetween(Date{1, 1, 1}, d.Date)) + 1)
	case "isocalendar":
		year, week := t.ISOWeek()
		return getter(name, func() jinja.Value {
			return jinja.Tuple{jinja.Int(year), jinja.Int(week), jinja.Int((int(t.Weekday())+6)%7 + 1)}
		}), true, nil
	case "ctime":
		return getter(name, func() jinja.Value { return jinja.Str(strftime(d, "%a %b %e %H:%M:%S ") + fmt.Sprintf("%04d", d.Year)) }), true, nil
	case "strftime":
		return method(name, []string{"format"}, func(a []jinja.Value) (jinja.Value, error) {
			f, ok := text(a[0])
			if !ok {
				return nil, fmt.Errorf("strftime() argument 1 must be str, not %s", a[0].TypeName())
			}
			return jinja.Str(strftime(d, f)), nil
		}), true, nil
	}
	return nil, false, nil
}

// setFields overwrites the numbers for which an argument is given.
func setFields(a []jinja.Value, fields ...*int) error {
	for i, f := range fields {
		if a[i] == nil {
			continue
		}
		n, err := whole("replace", a[i])
		if err != nil {
			return err
		}
		*f = n
	}
	return nil
}

// Attr finds an attribute or method of a datetime.
func (d DateTime) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "year", "month", "day":
		return d.Date.Attr(name)
	case "hour", "minute", "second", "microsecond", "tzinfo", "utcoffset", "tzname", "dst", "fold":
		return clockAttr(d.Clock, d.Zone, name)
	case "date":
		return getter(name, func() jinja.Value { return d.Date }), true, nil
	case "time":
		return getter(name, func() jinja.Value { return TimeOfDay{Clock: d.Clock} }), true, nil
	case "timetz":
		return getter(name, func() jinja.Value { return TimeOfDay{d.Clock, d.Zone} }), true, nil
	case "isoformat":
		return method(name, []string{"sep=", "timespec="}, func(a []jinja.Value) (jinja.Value, error) {
			sep, spec := "T", "auto"
			if a[0] != nil {
				sep = jinja.Text(a[0])
			}
			if a[1] != nil {
				spec = jinja.Text(a[1])
			}
			s := d.iso(sep, spec)
			if s == "" {
				return nil, fmt.Errorf("Unknown timespec value") //nolint:staticcheck // Python's text
			}
			return jinja.Str(s), nil
		}), true, nil
	case "timestamp":
		return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
			at := d.wall()
			if d.Zone != nil {
				at = d.instant()
			}
			return jinja.Float(float64(at.Unix()) + float64(at.Nanosecond()/1000)/1e6), nil
		}), true, nil
	case "astimezone":
		return method(name, []string{"tz="}, func(a []jinja.Value) (jinja.Value, error) { return d.asTimezone(a[0]) }), true, nil
	case "replace":
		return method(name, []string{"year=", "month=", "day=", "hour=", "minute=", "second=", "microsecond=", "tzinfo=", "fold="}, func(a []jinja.Value) (jinja.Value, error) {
			n := d
			if err := setFields(a, &n.Year, &n.Month, &n.Day, &n.Hour, &n.Minute, &n.Second, &n.Microsecond); err != nil {
				return nil, err
			}
			if err := setZone(&n.Zone, a[7]); err != nil {
				return nil, err
			}
			if err := checkDate(n.Date); err != nil {
				return nil, err
			}
			return n, checkClock(n.Clock)
		}), true, nil
	}
	return dayAttr(d, name)
}

// asTimezone moves an instant to another zone; a naive datetime counts as UTC, since no local zone is asked for here.
func (d DateTime) asTimezone(to jinja.Value) (jinja.Value, error) {
	zone := UTC
	if !isNone(to) {
		z, ok := to.(*Zone)
		if !ok {
			return nil, fmt.Errorf("tzinfo argument must be None or of a tzinfo subclass, not type '%s'", to.TypeName())
		}
		zone = z
	}
	at := d.wall()
	if d.Zone != nil {
		at = d.instant()
	}
	return inRange(zone.at(at))
}

// inRange refuses a datetime that Python has none for.
func inRange(d DateTime) (jinja.Value, error) {
	if d.Year < 1 || d.Year > 9999 {
		return nil, fmt.Errorf("%s", outOfRange)
	}
	return d, nil
}

func setZone(z **Zone, v jinja.Value) error {
	switch v := v.(type) {
	case nil:
	case jinja.NoneType:
		*z = nil
	case *Zone:
		*z = v
	default:
		return fmt.Errorf("tzinfo argument must be None or of a tzinfo subclass, not type '%s'", v.TypeName())
	}
	return nil
}

func clockAttr(c Clock, z *Zone, name string) (jinja.Value, bool, error) {
	switch name {
	case "hour":
		return jinja.Int(c.Hour), true, nil
	case "minute":
		return jinja.Int(c.Minute), true, nil
	case "second":
		return jinja.Int(c.Second), true, nil
	case "microsecond":
		return jinja.Int(c.Microsecond), true, nil
	case "fold":
		return jinja.Int(0), true, nil
	case "tzinfo":
		if z == nil {
			return jinja.None, true, nil
		}
		return z, true, nil
	case "utcoffset", "dst", "tzname":
		return getter(name, func() jinja.Value {
			switch {
			case z == nil:
				return jinja.None
			case name == "tzname":
				return jinja.Str(z.abbreviation())
			case name == "dst":
				return z.daylight()
			}
			return seconds(int64(z.offset()))
		}), true, nil
	}
	return nil, false, nil
}

// Attr finds an attribute or method of a time.
func (t TimeOfDay) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "isoformat":
		return method(name, []string{"timespec="}, func(a []jinja.Value) (jinja.Value, error) {
			spec := "auto"
			if a[0] != nil {
				spec = jinja.Text(a[0])
			}
			s := t.spec(spec)
			if s == "" {
				return nil, fmt.Errorf("Unknown timespec value") //nolint:staticcheck // Python's text
			}
			return jinja.Str(s + isoOffset(t.Zone)), nil
		}), true, nil
	case "strftime":
		return dayAttr(DateTime{Date{1900, 1, 1}, t.Clock, t.Zone}, name)
	case "replace":
		return method(name, []string{"hour=", "minute=", "second=", "microsecond=", "tzinfo="}, func(a []jinja.Value) (jinja.Value, error) {
			n := t
			if err := setFields(a, &n.Hour, &n.Minute, &n.Second, &n.Microsecond); err != nil {
				return nil, err
			}
			if err := setZone(&n.Zone, a[4]); err != nil {
				return nil, err
			}
			return n, checkClock(n.Clock)
		}), true, nil
	}
	return clockAttr(t.Clock, t.Zone, name)
}

// readISO reads what isoformat writes: Python's fromisoformat of 3.11, for the extended form.
func readISO(s string) (DateTime, bool) {
	day, clock := s, ""
	if len(s) > 10 {
		day, clock = s[:10], s[11:]
	}
	var d DateTime
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		return d, false
	}
	d.Date = Date{t.Year(), int(t.Month()), t.Day()}
	if clock == "" {
		return d, len(s) == 10 && checkDate(d.Date) == nil
	}
	of, ok := readISOClock(clock)
	d.Clock, d.Zone = of.Clock, of.Zone
	return d, ok && checkDate(d.Date) == nil
}

func readISOClock(s string) (TimeOfDay, bool) {
	var out TimeOfDay
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		s, out.Zone = rest, UTC
	} else if i := strings.LastIndexAny(s, "+-"); i > 0 {
		var h, m, sec int
		if n, _ := fmt.Sscanf(s[i+1:], "%02d:%02d:%02d", &h, &m, &sec); n < 1 || h > 23 || m > 59 {
			return out, false
		}
		offset := h*3600 + m*60 + sec
		if s[i] == '-' {
			offset = -offset
		}
		s, out.Zone = s[:i], fixedZone(offset)
	}
	for _, layout := range []string{"15", "15:04", "15:04:05", "15:04:05.999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			out.Clock = Clock{t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000}
			return out, true
		}
	}
	return out, false
}
