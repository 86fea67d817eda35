package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"
)

func (o *options) eventTimeFlags(f *pflag.FlagSet) {
	f.StringVar(&o.eventTime[0], "event-time-start", "", "where the batches of microbatch models begin, in UTC")
	f.StringVar(&o.eventTime[1], "event-time-end", "", "where they end, in UTC")
}

// readEventTimes reads the bounds of microbatch models: both or none, in order, the beginning in the past.
func (o *options) readEventTimes() error {
	if o.eventTime == [2]string{} {
		return nil
	}
	for i, to := range []*time.Time{&o.eventStart, &o.eventEnd} {
		name := []string{"--event-time-start", "--event-time-end"}[i]
		if o.eventTime[i] == "" {
			return fmt.Errorf("%s is missing: --event-time-start and --event-time-end go together", name)
		}
		t, ok := isoTime(o.eventTime[i])
		if !ok {
			return fmt.Errorf("invalid value %q for %s: write a date (2024-01-31) or a time (2024-01-31 12:00:00), in UTC", o.eventTime[i], name)
		}
		*to = t
	}
	if !o.eventStart.Before(o.eventEnd) {
		return fmt.Errorf("--event-time-start %s is not before --event-time-end %s", o.eventTime[0], o.eventTime[1])
	}
	if !o.eventStart.Before(o.world.Now()) {
		return fmt.Errorf("--event-time-start %s is not in the past", o.eventTime[0])
	}
	return nil
}

// isoTime reads a date or a time; without a zone it is UTC, and with one the wall clock is, as in dbt.
func isoTime(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), true
		}
	}
	return time.Time{}, false
}
