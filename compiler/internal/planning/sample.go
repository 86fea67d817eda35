package planning

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
)

// Sample is the window of --sample: refs and sources with an event time show the rows of it only.
type Sample struct{ Start, End time.Time }

// ParseSample reads the value of --sample: "3 days", which ends now, or {start: '2024-01-01', end: '2024-02-01'}.
func ParseSample(text string, now time.Time) (*Sample, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return sampleOfMapping(text)
	}
	number, grain, ok := strings.Cut(text, " ")
	if !ok || strings.Contains(grain, " ") {
		return nil, fmt.Errorf("cannot load SAMPLE_WINDOW from '%s'. Must be of form 'DAYS_INT GRAIN_SIZE'", text)
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("unable to convert '%s' to an integer", number)
	}
	now = now.UTC().Truncate(time.Microsecond)
	s := &Sample{End: now}
	switch strings.TrimRight(strings.ToLower(grain), "s") {
	case "hour":
		s.Start = now.Add(-time.Duration(n) * time.Hour)
	case "day":
		s.Start = now.AddDate(0, 0, -n)
	case "month":
		s.Start = monthsBefore(now, n)
	case "year":
		s.Start = monthsBefore(now, 12*n)
	default:
		return nil, fmt.Errorf("invalid grain size '%s'. Must be one of ['hour', 'day', 'month', 'year', 'hours', 'days', 'months', 'years']", grain)
	}
	return s, nil
}

// monthsBefore goes back by months; a day that the month does not have becomes its last.
func monthsBefore(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).AddDate(0, -n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func sampleOfMapping(text string) (*Sample, error) {
	d, diags := basecontext.ParseVars(text)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s", diags[0].Detail)
	}
	at := func(key string) (time.Time, error) {
		v, ok := d.Get(key)
		if !ok {
			return time.Time{}, fmt.Errorf("field %q of --sample is missing", key)
		}
		given, ok := v.(jinja.Str)
		if !ok {
			return time.Time{}, fmt.Errorf("field %q of --sample has invalid value %s: put it into quotes", key, jinja.Text(v))
		}
		text := string(given)
		for _, layout := range []string{"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
			if t, err := time.Parse(layout, text); err == nil {
				// The zone is not looked at, as in dbt.
				return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), nil
			}
		}
		return time.Time{}, fmt.Errorf("field %q of --sample has invalid value '%s'", key, text)
	}
	var s Sample
	var err error
	if s.Start, err = at("start"); err != nil {
		return nil, err
	}
	if s.End, err = at("end"); err != nil {
		return nil, err
	}
	return &s, nil
}

// rendered is the window as templates print it.
func (s *Sample) rendered() *render.Sample {
	if s == nil {
		return nil
	}
	python := func(t time.Time) string {
		layout := "2006-01-02 15:04:05"
		if t.Nanosecond() != 0 {
			layout += ".000000"
		}
		return t.Format(layout) + "+00:00"
	}
	return &render.Sample{Start: python(s.Start), End: python(s.End)}
}
