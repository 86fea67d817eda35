package basecontext

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the rules of time zones, where the system has none

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Zone is a tzinfo: UTC, a fixed offset (datetime.timezone, pytz.FixedOffset), or a place of pytz. As in pytz, a place by
// itself stands for its local mean time, and is bound to an offset by localize, normalize and astimezone.
type Zone struct {
	kind  zoneKind
	name  string
	place *time.Location
	bound bool
	// Offset is the offset from UTC in seconds; of a place by itself, that of its local mean time.
	Offset int
	abbrev string
	dst    bool
}

type zoneKind uint8

const (
	plainOffset zoneKind = iota // datetime.timezone
	utcZone                     // pytz.Offset
	pytzOffset                  // pytz.FixedOffset
	pytzPlace
)

// UTC is pytz.Offset, the zone of run_started_at.
var UTC = &Zone{kind: utcZone, name: "UTC", abbrev: "UTC"}

func fixedZone(offset int) *Zone { return &Zone{Offset: offset} }

// TypeName is what Python calls the object.
func (z *Zone) TypeName() string {
	switch z.kind {
	case plainOffset:
		return "datetime.timezone"
	case utcZone:
		return "UTC"
	case pytzOffset:
		return "_FixedOffset"
	}
	return "DstTzInfo"
}

// loadZone finds a place by name, with any case, as pytz does.
func loadZone(name string) (*Zone, bool) {
	if strings.EqualFold(name, "utc") {
		return UTC, true
	}
	if name == "" || strings.EqualFold(name, "local") || strings.ContainsAny(name, "\\ ") || strings.Contains(name, "..") {
		return nil, false
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		// pytz takes any case.
		parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
		for i, p := range parts {
			if strings.Contains(" us utc gmt uct est mst hst cet eet met wet prc roc rok nz gb est5edt cst6cdt mst7mdt pst8pdt ", " "+strings.ToLower(p)+" ") {
				parts[i] = strings.ToUpper(p)
				continue
			}
			words := strings.Split(strings.ToLower(p), "_")
			for j, w := range words {
				if w != "" && w != "of" && w != "au" && w != "es" {
					words[j] = strings.ToUpper(w[:1]) + w[1:]
				}
			}
			parts[i] = strings.Join(words, "_")
		}
		if loc, err = time.LoadLocation(strings.Join(parts, "/")); err != nil {
			return nil, false
		}
		name = strings.Join(parts, "/")
	}
	z := &Zone{kind: pytzPlace, name: name, place: loc}
	abbrev, offset := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).In(loc).Zone()
	z.abbrev, z.Offset = abbrev, roundMinute(offset)
	return z, true
}

// roundMinute rounds an offset to minutes, as pytz does.
func roundMinute(offset int) int { return int(floorDiv(int64(offset)+30, 60)) * 60 }

// offset is the offset from UTC in seconds; of no zone it is 0.
func (z *Zone) offset() int {
	if z == nil {
		return 0
	}
	return z.Offset
}

func (z *Zone) abbreviation() string {
	if z.kind == plainOffset {
		if z.Offset == 0 {
			return "UTC"
		}
		return "UTC" + offsetText(z.Offset, ":")
	}
	if z.kind == pytzOffset {
		return ""
	}
	return z.abbrev
}

// daylight is dst().
func (z *Zone) daylight() jinja.Value {
	switch {
	case z.kind == plainOffset:
		return jinja.None
	case z.dst:
		return seconds(3600)
	}
	return TimeDelta{}
}

// at is the datetime of an instant in this zone.
func (z *Zone) at(t time.Time) DateTime {
	if z.kind != pytzPlace {
		return fromTime(t.UTC().Add(time.Duration(z.Offset)*time.Second), z)
	}
	b := z.boundAt(t)
	return fromTime(t.UTC().Add(time.Duration(b.Offset)*time.Second), b)
}

// boundAt is the place with the offset it has at an instant.
func (z *Zone) boundAt(t time.Time) *Zone {
	local := t.In(z.place)
	abbrev, offset := local.Zone()
	return &Zone{kind: pytzPlace, name: z.name, place: z.place, bound: true, Offset: roundMinute(offset), abbrev: abbrev, dst: local.IsDST()}
}

func (z *Zone) String() string {
	switch z.kind {
	case plainOffset:
		return z.abbreviation()
	case pytzOffset:
		return z.Repr()
	}
	return z.name
}

// Repr is Python's repr().
func (z *Zone) Repr() string {
	switch z.kind {
	case plainOffset:
		if z.Offset == 0 {
			return "datetime.timezone.utc"
		}
		return "datetime.timezone(" + seconds(int64(z.Offset)).Repr() + ")"
	case utcZone:
		return "<UTC>"
	case pytzOffset:
		return fmt.Sprintf("pytz.FixedOffset(%d)", z.Offset/60)
	}
	season := "STD"
	if z.dst {
		season = "DST"
	}
	return fmt.Sprintf("<DstTzInfo '%s' %s%s %s>", z.name, z.abbrev, signed(seconds(int64(z.Offset))), season)
}

func signed(d TimeDelta) string {
	if d.Days < 0 {
		return d.String()
	}
	return "+" + d.String()
}

// Equal is identity, but for fixed offsets.
func (z *Zone) Equal(other jinja.Value) bool {
	o, ok := other.(*Zone)
	return ok && z.kind == o.kind && z.name == o.name && z.Offset == o.Offset && z.abbrev == o.abbrev
}

// HashKey makes zones keys.
func (z *Zone) HashKey() string { return "zone " + z.name + " " + offsetText(z.Offset, ":") + z.abbrev }

// Attr finds an attribute or method of a zone.
func (z *Zone) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "zone":
		if z.kind == pytzOffset {
			return jinja.None, true, nil
		}
		if z.kind != plainOffset {
			return jinja.Str(z.name), true, nil
		}
	case "localize", "normalize":
		if z.kind == plainOffset {
			return nil, false, nil
		}
		return method(name, []string{"dt", "is_dst="}, func(a []jinja.Value) (jinja.Value, error) {
			d, ok := a[0].(DateTime)
			if !ok {
				return nil, fmt.Errorf("'%s' object has no attribute 'tzinfo'", a[0].TypeName())
			}
			if name == "localize" {
				return z.localize(d, a[1])
			}
			if d.Zone == nil {
				return nil, fmt.Errorf("Naive time - no tzinfo set") //nolint:staticcheck // pytz's text
			}
			return inRange(z.at(d.instant()))
		}), true, nil
	case "utcoffset", "tzname", "dst":
		return method(name, []string{"dt", "is_dst="}, func(a []jinja.Value) (jinja.Value, error) {
			at := z
			if d, ok := a[0].(DateTime); ok && z.kind == pytzPlace && d.Zone == nil {
				l, err := z.localize(d, jinja.Bool(false))
				if err != nil {
					return nil, err
				}
				at = l.(DateTime).Zone
			}
			v, _, err := clockAttr(Clock{}, at, name)
			if err != nil {
				return nil, err
			}
			return v.(*jinja.Func).Call(&jinja.Call{})
		}), true, nil
	}
	return nil, false, nil
}

// localize binds a naive datetime to the zone: at a time that comes twice the standard one counts unless isDST says
// otherwise, and a time that the clock skips keeps the standard offset.
func (z *Zone) localize(d DateTime, isDST jinja.Value) (jinja.Value, error) {
	if d.Zone != nil {
		return nil, fmt.Errorf("Not naive datetime (tzinfo is already set)") //nolint:staticcheck // pytz's text
	}
	if z.kind != pytzPlace {
		d.Zone = z
		return d, nil
	}
	wall := d.wall()
	if wall.AddDate(0, 0, 1).Year() > 9999 {
		return nil, fmt.Errorf("%s", outOfRange)
	}
	// The offsets of the days around are all that can hold here.
	var fits []*Zone
	for _, day := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		b := z.boundAt(wall.Add(day))
		for _, c := range []*Zone{b, z.boundAt(wall.Add(-time.Duration(b.Offset) * time.Second))} {
			back := z.boundAt(wall.Add(-time.Duration(c.Offset) * time.Second))
			if back.Offset == c.Offset && !containsOffset(fits, c.Offset) {
				fits = append(fits, back)
			}
		}
	}
	wantDST := !isNone(isDST) && jinja.Truth(isDST)
	strict := isDST == jinja.None
	switch len(fits) {
	case 1:
		d.Zone = fits[0]
		return d, nil
	case 0:
		if strict {
			return nil, fmt.Errorf("%s", d)
		}
		before, after := z.boundAt(wall.Add(-24*time.Hour)), z.boundAt(wall.Add(24*time.Hour))
		if before.dst == wantDST {
			d.Zone = before
		} else {
			d.Zone = after
		}
		return d, nil
	}
	if strict {
		return nil, fmt.Errorf("%s", d)
	}
	d.Zone = fits[0]
	for _, f := range fits {
		if f.dst == wantDST {
			d.Zone = f
		}
	}
	return d, nil
}

func containsOffset(zones []*Zone, offset int) bool {
	for _, z := range zones {
		if z.Offset == offset {
			return true
		}
	}
	return false
}

// pytzModule is `modules.pytz`.
func pytzModule() *jinja.Dict {
	return module(map[string]jinja.Value{
		"utc": UTC,
		"timezone": method("timezone", []string{"zone"}, func(a []jinja.Value) (jinja.Value, error) {
			name, ok := text(a[0])
			if !ok {
				return nil, fmt.Errorf("'%s' object has no attribute 'upper'", a[0].TypeName())
			}
			z, found := loadZone(name)
			if !found {
				return nil, fmt.Errorf("%s", jinja.Repr(jinja.Str(name)))
			}
			return z, nil
		}),
		"FixedOffset": method("FixedOffset", []string{"offset"}, func(a []jinja.Value) (jinja.Value, error) {
			n, err := whole("FixedOffset", a[0])
			if err != nil {
				return nil, err
			}
			if n == 0 {
				return UTC, nil
			}
			if n <= -1440 || n >= 1440 {
				return nil, fmt.Errorf("('absolute offset is too large', %d)", n)
			}
			return &Zone{kind: pytzOffset, Offset: n * 60}, nil
		}),
	})
}
