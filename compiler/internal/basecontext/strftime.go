package basecontext

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var (
	dayNames   = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// strftime formats as Python on Linux does in the C locale: Python's own directives, then those of glibc, with its flags.
func strftime(d DateTime, format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		begin := i
		flag := byte(0)
		for i++; i < len(format)-1 && strings.IndexByte("-_0^#", format[i]) >= 0; i++ {
			flag = format[i]
		}
		s, pad, ok := directive(d, format[i])
		if !ok {
			b.WriteString(format[begin : i+1])
			continue
		}
		b.WriteString(padded(s, pad, flag))
	}
	return b.String()
}

// padding is how a number is filled up: to which width, with what.
type padding struct {
	width int
	with  byte
}

func padded(s string, p padding, flag byte) string {
	switch flag {
	case '-':
		return s
	case '_':
		p.with = ' '
	case '0':
		p.with = '0'
	case '^':
		return strings.ToUpper(s)
	}
	for len(s) < p.width {
		s = string(p.with) + s
	}
	return s
}

func directive(d DateTime, c byte) (s string, p padding, ok bool) {
	t := d.wall()
	weekday := (int(t.Weekday()) + 6) % 7
	n := func(v, width int) (string, padding, bool) { return strconv.Itoa(v), padding{width, '0'}, true }
	text := func(s string) (string, padding, bool) { return s, padding{}, true }
	switch c {
	case 'a':
		return text(dayNames[weekday][:3])
	case 'A':
		return text(dayNames[weekday])
	case 'b', 'h':
		return text(monthNames[d.Month-1][:3])
	case 'B':
		return text(monthNames[d.Month-1])
	case 'c':
		return text(strftime(d, "%a %b %e %H:%M:%S %Y"))
	case 'C':
		return n(d.Year/100, 1)
	case 'd':
		return n(d.Day, 2)
	case 'D', 'x':
		return text(strftime(d, "%m/%d/%y"))
	case 'e':
		return strconv.Itoa(d.Day), padding{2, ' '}, true
	case 'f':
		return text(fmt.Sprintf("%06d", d.Microsecond))
	case 'F':
		return text(strftime(d, "%Y-%m-%d"))
	case 'g':
		y, _ := t.ISOWeek()
		return n(y%100, 2)
	case 'G':
		y, _ := t.ISOWeek()
		return n(y, 0)
	case 'H':
		return n(d.Hour, 2)
	case 'I':
		return n((d.Hour+11)%12+1, 2)
	case 'j':
		return n(t.YearDay(), 3)
	case 'k':
		return strconv.Itoa(d.Hour), padding{2, ' '}, true
	case 'l':
		return strconv.Itoa((d.Hour+11)%12 + 1), padding{2, ' '}, true
	case 'm':
		return n(d.Month, 2)
	case 'M':
		return n(d.Minute, 2)
	case 'n':
		return text("\n")
	case 'p', 'P':
		s := "AM"
		if d.Hour >= 12 {
			s = "PM"
		}
		if c == 'P' {
			s = strings.ToLower(s)
		}
		return text(s)
	case 'r':
		return text(strftime(d, "%I:%M:%S %p"))
	case 'R':
		return text(strftime(d, "%H:%M"))
	case 's':
		return text(strconv.FormatInt(t.Unix(), 10))
	case 'S':
		return n(d.Second, 2)
	case 't':
		return text("\t")
	case 'T', 'X':
		return text(strftime(d, "%H:%M:%S"))
	case 'u':
		return n(weekday+1, 0)
	case 'U':
		return n((t.YearDay()+6-int(t.Weekday()))/7, 2)
	case 'V':
		_, w := t.ISOWeek()
		return n(w, 2)
	case 'w':
		return n(int(t.Weekday()), 0)
	case 'W':
		return n((t.YearDay()+6-weekday)/7, 2)
	case 'y':
		return n(d.Year%100, 2)
	case 'Y':
		return n(d.Year, 0)
	case 'z':
		if d.Zone == nil {
			return text("")
		}
		return text(offsetText(d.Zone.offset(), ""))
	case 'Z':
		if d.Zone == nil {
			return text("")
		}
		return text(d.Zone.abbreviation())
	case '%':
		return text("%")
	}
	return "", padding{}, false
}

// strptime reads a text by a format, as Python's datetime.strptime does.
func strptime(s, format string) (DateTime, error) {
	mismatch := fmt.Errorf("time data %s does not match format %s", quoted(s), quoted(format))
	d := DateTime{Date: Date{1900, 1, 1}}
	rest := s
	var pm, hasPM, hour12 bool
	yearDay := 0
	number := func(max int) (int, bool) {
		n := 0
		for n < max && n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		v, err := strconv.Atoi(rest[:n])
		rest = rest[n:]
		return v, err == nil
	}
	name := func(names []string, short bool) int {
		for i, w := range names {
			if short {
				w = w[:3]
			}
			if len(rest) >= len(w) && strings.EqualFold(rest[:len(w)], w) {
				rest = rest[len(w):]
				return i
			}
		}
		return -1
	}
	format = expandFormat(format)
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c == ' ' || c == '\t' || c == '\n' {
			trimmed := strings.TrimLeft(rest, " \t\n\r")
			if len(trimmed) == len(rest) {
				return d, mismatch
			}
			rest = trimmed
			for i+1 < len(format) && strings.IndexByte(" \t\n", format[i+1]) >= 0 {
				i++
			}
			continue
		}
		if c != '%' {
			if rest == "" || !strings.EqualFold(rest[:1], string(c)) {
				return d, mismatch
			}
			rest = rest[1:]
			continue
		}
		if i++; i == len(format) {
			return d, fmt.Errorf("stray %% in format '%s'", format)
		}
		ok := true
		switch format[i] {
		case 'Y':
			if len(rest) < 4 {
				return d, mismatch
			}
			d.Year, ok = number(4)
		case 'y':
			if len(rest) < 2 || rest[1] < '0' || rest[1] > '9' {
				return d, mismatch
			}
			d.Year, ok = number(2)
			if d.Year < 69 {
				d.Year += 2000
			} else {
				d.Year += 1900
			}
		case 'm':
			d.Month, ok = number(2)
			ok = ok && d.Month >= 1 && d.Month <= 12
		case 'd':
			d.Day, ok = number(2)
			ok = ok && d.Day >= 1 && d.Day <= 31
		case 'H':
			d.Hour, ok = number(2)
			ok = ok && d.Hour <= 23
		case 'I':
			hour12 = true
			d.Hour, ok = number(2)
			ok = ok && d.Hour >= 1 && d.Hour <= 12
		case 'M':
			d.Minute, ok = number(2)
			ok = ok && d.Minute <= 59
		case 'S':
			d.Second, ok = number(2)
			ok = ok && d.Second <= 61
		case 'f':
			before := rest
			d.Microsecond, ok = number(6)
			for n := len(before) - len(rest); n < 6; n++ {
				d.Microsecond *= 10
			}
		case 'j':
			yearDay, ok = number(3)
			ok = ok && yearDay >= 1 && yearDay <= 366
		case 'p':
			switch {
			case len(rest) >= 2 && strings.EqualFold(rest[:2], "AM"):
				hasPM, pm = true, false
			case len(rest) >= 2 && strings.EqualFold(rest[:2], "PM"):
				hasPM, pm = true, true
			default:
				return d, mismatch
			}
			rest = rest[2:]
		case 'b', 'h':
			d.Month = name(monthNames, true) + 1
			ok = d.Month > 0
		case 'B':
			d.Month = name(monthNames, false) + 1
			ok = d.Month > 0
		case 'a':
			ok = name(dayNames, true) >= 0
		case 'A':
			ok = name(dayNames, false) >= 0
		case 'w', 'u':
			_, ok = number(1)
		case 'U', 'W', 'V':
			_, ok = number(2)
		case 'z':
			ok = readZone(&d, &rest)
		case 'Z':
			w := strings.IndexFunc(rest, func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' })
			if w < 0 {
				w = len(rest)
			}
			ok = w > 0 && (strings.EqualFold(rest[:w], "UTC") || strings.EqualFold(rest[:w], "GMT"))
			rest = rest[w:]
		case '%':
			if ok = strings.HasPrefix(rest, "%"); ok {
				rest = rest[1:]
			}
		default:
			return d, fmt.Errorf("'%c' is a bad directive in format %s", format[i], quoted(format))
		}
		if !ok {
			return d, mismatch
		}
	}
	if rest != "" {
		return d, fmt.Errorf("unconverted data remains: %s", rest)
	}
	if hour12 && hasPM {
		d.Hour %= 12
		if pm {
			d.Hour += 12
		}
	} else if hour12 {
		d.Hour %= 12
	}
	if yearDay > 0 {
		t := time.Date(d.Year, 1, yearDay, 0, 0, 0, 0, time.UTC)
		d.Month, d.Day = int(t.Month()), t.Day()
	}
	if err := checkDate(d.Date); err != nil {
		return d, err
	}
	return d, checkClock(d.Clock)
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }

// expandFormat replaces the directives that stand for several.
func expandFormat(f string) string {
	return strings.NewReplacer("%%", "%%", "%c", "%a %b %d %H:%M:%S %Y", "%x", "%m/%d/%y", "%X", "%H:%M:%S", "%T", "%H:%M:%S", "%D", "%m/%d/%y", "%F", "%Y-%m-%d", "%R", "%H:%M").Replace(f)
}

func readZone(d *DateTime, rest *string) bool {
	s := *rest
	if strings.HasPrefix(s, "Z") {
		d.Zone, *rest = fixedZone(0), s[1:]
		return true
	}
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return false
	}
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	s = s[1:]
	h, err := strconv.Atoi(s[:2])
	if err != nil {
		return false
	}
	s = strings.TrimPrefix(s[2:], ":")
	if len(s) < 2 {
		return false
	}
	m, err := strconv.Atoi(s[:2])
	if err != nil {
		return false
	}
	d.Zone, *rest = fixedZone(sign*(h*3600+m*60)), s[2:]
	return true
}
