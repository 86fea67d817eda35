package basecontext

import (
	"fmt"
	"time"
)

// Date is Python's datetime.date.
type Date struct{ Year, Month, Day int }

// Clock is Python's datetime.time without its zone.
type Clock struct{ Hour, Minute, Second, Microsecond int }

// DateTime is Python's datetime.datetime; Zone is nil for a naive one.
type DateTime struct {
	Date
	Clock
	Zone *Zone
}

// Zone is a tzinfo: a fixed offset (datetime.timezone), or a place of pytz.
type Zone struct {
	// Name is the place's name ("" for a fixed offset).
	Name string
	// Offset is the fixed offset in seconds, Place the rules of a named zone.
	Offset int
	Place  *time.Location
}

func fixedZone(offset int) *Zone { return &Zone{Offset: offset} }

// TypeName is what Python calls the value.
func (Date) TypeName() string     { return "datetime.date" }
func (DateTime) TypeName() string { return "datetime.datetime" }

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }
