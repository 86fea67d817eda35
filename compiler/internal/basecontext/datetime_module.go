package basecontext

import (
	"fmt"
	"math"
	"time"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// datetimeModule is `modules.datetime`. The clock is the invocation's; its location is the local time zone.
func datetimeModule(now func() time.Time) *jinja.Dict {
	return module(map[string]jinja.Value{
		"date":      dateClass(now),
		"datetime":  datetimeClass(now),
		"time":      timeClass(),
		"timedelta": timedeltaClass(),
		"tzinfo": &class{name: "datetime.tzinfo", make: func(*jinja.Call) (jinja.Value, error) {
			return nil, fmt.Errorf("a tzinfo of one's own cannot be made in a template")
		}},
	})
}

func dateClass(now func() time.Time) *class {
	k := &class{name: "datetime.date"}
	k.make = func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "date", "year", "month", "day")
		if err != nil {
			return nil, err
		}
		var d Date
		if err := setFields(a, &d.Year, &d.Month, &d.Day); err != nil {
			return nil, err
		}
		return d, checkDate(d)
	}
	k.attrs = map[string]jinja.Value{
		"min": Date{1, 1, 1}, "max": Date{9999, 12, 31}, "resolution": TimeDelta{Days: 1},
		"today": getter("today", func() jinja.Value { return fromTime(now(), nil).Date }),
		"fromisoformat": method("fromisoformat", []string{"date_string"}, func(a []jinja.Value) (jinja.Value, error) {
			s, ok := text(a[0])
			if !ok {
				return nil, fmt.Errorf("fromisoformat: argument must be str")
			}
			d, good := readISO(s)
			if !good || len(s) != 10 {
				return nil, fmt.Errorf("Invalid isoformat string: %s", jinja.Repr(a[0])) //nolint:staticcheck // Python's text
			}
			return d.Date, nil
		}),
		"fromtimestamp": method("fromtimestamp", []string{"timestamp"}, func(a []jinja.Value) (jinja.Value, error) {
			d, err := fromTimestamp(a[0], nil, now().Location())
			return d.Date, err
		}),
		"fromordinal": method("fromordinal", []string{"ordinal"}, func(a []jinja.Value) (jinja.Value, error) {
			d, err := fromOrdinal(a[0])
			return d.Date, err
		}),
	}
	return k
}

func fromOrdinal(v jinja.Value) (DateTime, error) {
	n, err := whole("fromordinal", v)
	if err != nil {
		return DateTime{}, err
	}
	if n < 1 || n > 3652059 {
		return DateTime{}, fmt.Errorf("ordinal must be >= 1")
	}
	return fromTime(Date{1, 1, 1}.wall().AddDate(0, 0, n-1), nil), nil
}

// fromTimestamp makes a datetime of seconds since 1970, rounded to microseconds half to even.
func fromTimestamp(v jinja.Value, zone *Zone, local *time.Location) (DateTime, error) {
	f, ok := number(v)
	if !ok {
		return DateTime{}, fmt.Errorf("'%s' object cannot be interpreted as an integer", v.TypeName())
	}
	if f != f || math.Abs(f) > 253402318800 {
		return DateTime{}, fmt.Errorf("year is out of range")
	}
	whole := math.Floor(f)
	t := time.Unix(int64(whole), int64(math.RoundToEven((f-whole)*1e6))*1000)
	if zone != nil {
		return zone.at(t), nil
	}
	return fromTime(t.In(local), nil), nil
}

func datetimeClass(now func() time.Time) *class {
	k := &class{name: "datetime.datetime"}
	k.make = func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "datetime", "year", "month", "day", "hour=", "minute=", "second=", "microsecond=", "tzinfo=", "fold=")
		if err != nil {
			return nil, err
		}
		var d DateTime
		if err := setFields(a, &d.Year, &d.Month, &d.Day, &d.Hour, &d.Minute, &d.Second, &d.Microsecond); err != nil {
			return nil, err
		}
		if err := setZone(&d.Zone, a[7]); err != nil {
			return nil, err
		}
		if err := checkDate(d.Date); err != nil {
			return nil, err
		}
		return d, checkClock(d.Clock)
	}
	zoned := func(v jinja.Value) (*Zone, error) {
		var z *Zone
		err := setZone(&z, v)
		return z, err
	}
	k.attrs = map[string]jinja.Value{
		"min": DateTime{Date: Date{1, 1, 1}}, "max": DateTime{Date: Date{9999, 12, 31}, Clock: Clock{23, 59, 59, 999999}}, "resolution": TimeDelta{Microseconds: 1},
		"now": method("now", []string{"tz="}, func(a []jinja.Value) (jinja.Value, error) {
			z, err := zoned(a[0])
			if err != nil {
				return nil, err
			}
			if z == nil {
				return fromTime(now(), nil), nil
			}
			return z.at(now()), nil
		}),
		"today":  getter("today", func() jinja.Value { return fromTime(now(), nil) }),
		"utcnow": getter("utcnow", func() jinja.Value { return fromTime(now().UTC(), nil) }),
		"strptime": method("strptime", []string{"date_string", "format"}, func(a []jinja.Value) (jinja.Value, error) {
			s, ok := text(a[0])
			f, okF := text(a[1])
			if !ok || !okF {
				wrong := a[0]
				if ok {
					wrong = a[1]
				}
				return nil, fmt.Errorf("strptime() argument must be str, not %s", wrong.TypeName())
			}
			return strptime(s, f)
		}),
		"fromisoformat": method("fromisoformat", []string{"date_string"}, func(a []jinja.Value) (jinja.Value, error) {
			s, ok := text(a[0])
			if !ok {
				return nil, fmt.Errorf("fromisoformat: argument must be str")
			}
			d, good := readISO(s)
			if !good {
				return nil, fmt.Errorf("Invalid isoformat string: %s", jinja.Repr(a[0])) //nolint:staticcheck // Python's text
			}
			return d, nil
		}),
		"fromtimestamp": method("fromtimestamp", []string{"timestamp", "tz="}, func(a []jinja.Value) (jinja.Value, error) {
			z, err := zoned(a[1])
			if err != nil {
				return nil, err
			}
			return fromTimestamp(a[0], z, now().Location())
		}),
		"utcfromtimestamp": method("utcfromtimestamp", []string{"timestamp"}, func(a []jinja.Value) (jinja.Value, error) {
			return fromTimestamp(a[0], nil, time.UTC)
		}),
		"fromordinal": method("fromordinal", []string{"ordinal"}, func(a []jinja.Value) (jinja.Value, error) { return fromOrdinal(a[0]) }),
		"combine": method("combine", []string{"date", "time", "tzinfo="}, func(a []jinja.Value) (jinja.Value, error) {
			var d DateTime
			switch v := a[0].(type) {
			case Date:
				d.Date = v
			case DateTime:
				d.Date = v.Date
			default:
				return nil, fmt.Errorf("combine() argument 1 must be datetime.date, not %s", v.TypeName())
			}
			t, ok := a[1].(TimeOfDay)
			if !ok {
				return nil, fmt.Errorf("combine() argument 2 must be datetime.time, not %s", a[1].TypeName())
			}
			d.Clock, d.Zone = t.Clock, t.Zone
			return d, setZone(&d.Zone, a[2])
		}),
	}
	return k
}

func timeClass() *class {
	k := &class{name: "datetime.time"}
	k.make = func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "time", "hour=", "minute=", "second=", "microsecond=", "tzinfo=", "fold=")
		if err != nil {
			return nil, err
		}
		var t TimeOfDay
		if err := setFields(a, &t.Hour, &t.Minute, &t.Second, &t.Microsecond); err != nil {
			return nil, err
		}
		if err := setZone(&t.Zone, a[4]); err != nil {
			return nil, err
		}
		return t, checkClock(t.Clock)
	}
	k.attrs = map[string]jinja.Value{
		"min": TimeOfDay{}, "max": TimeOfDay{Clock: Clock{23, 59, 59, 999999}}, "resolution": TimeDelta{Microseconds: 1},
		"fromisoformat": method("fromisoformat", []string{"time_string"}, func(a []jinja.Value) (jinja.Value, error) {
			s, ok := text(a[0])
			if !ok {
				return nil, fmt.Errorf("fromisoformat: argument must be str")
			}
			t, good := readISOClock(s)
			if !good {
				return nil, fmt.Errorf("Invalid isoformat string: %s", jinja.Repr(a[0])) //nolint:staticcheck // Python's text
			}
			return t, nil
		}),
	}
	return k
}
