// Package eventlog writes what a command says, to the screen and to logs/dbt.log, in the three forms that dbt has: lines for people,
// lines with level and thread, and JSON records.
//
// Orchestrators start a command, read its stdout and decide by the names of events what became of each node. The JSON form is therefore
// dbt's to the letter: the same envelope, names, codes and fields. Everything that a command says goes through here once, so that the
// screen and the file never tell different stories.
package eventlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Level is how much an event matters.
type Level uint8

// The levels, in dbt's sense; None is above all of them.
const (
	Debug Level = iota
	Info
	Warn
	Error
	None
)

// ParseLevel reads a level's name.
func ParseLevel(name string) (Level, bool) {
	for l, n := range levelNames {
		if n == name {
			return Level(l), true
		}
	}
	return Info, false
}

var levelNames = [...]string{"debug", "info", "warn", "error", "none"}

func (l Level) String() string { return levelNames[l] }

// Format is the form of the lines.
type Format uint8

// The forms.
const (
	// Text is the time and the message.
	Text Format = iota
	// DebugText has level and thread besides.
	DebugText
	// JSON is one record a line.
	JSON
)

// ParseFormat reads a form's name; "default" and what is unknown give the fallback.
func ParseFormat(name string, fallback Format) Format {
	switch name {
	case "text":
		return Text
	case "debug":
		return DebugText
	case "json":
		return JSON
	}
	return fallback
}

// Event is one thing that is said.
type Event struct {
	At    time.Time // zero is now
	Level Level
	// Name and Code are dbt's name and code of the event ("LogModelResult", "Q012"); without them it is a Note.
	Name, Code string
	Text       string
	// Data makes the event's own fields; nil stands for the text alone. It is called only where a sink wants JSON.
	Data func() map[string]any
	// Thread is the name of the thread that it happened on; empty is the main one.
	Thread string
	// Print says that it is output and no talk: it is shown whatever the level, without a time.
	Print bool
	// FileOnly keeps it off the screen, where it is shown in another way.
	FileOnly bool
}

// Sink is one place that events go to.
type Sink struct {
	W      io.Writer
	Format Format
	Level  Level
	// Color says that colours may stay in the text.
	Color bool
}

// Options is what all sinks share.
type Options struct {
	Invocation string
	PID        int
	Now        func() time.Time
	// Secrets are replaced wherever they occur.
	Secrets []string
}

// Log hands events to its sinks. It may be used from several goroutines at once.
type Log struct {
	o     Options
	mu    sync.Mutex
	sinks []Sink
	files []*File
	least Level
	begun bool
}

// New makes a log.
func New(o Options, sinks ...Sink) *Log {
	l := &Log{o: o, least: None}
	for _, s := range sinks {
		l.Add(s)
	}
	return l
}

// Add adds a sink. A sink whose writer is a *File is flushed as the log goes on, and closed with it.
func (l *Log) Add(s Sink) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sinks = append(l.sinks, s)
	l.least = min(l.least, s.Level)
	if f, ok := s.W.(*File); ok {
		l.files = append(l.files, f)
	}
}

// Wants says whether any sink takes events of a level.
func (l *Log) Wants(level Level) bool { return level >= l.least }

// Write hands an event to the sinks that want it.
func (l *Log) Write(e Event) {
	if !e.Print && !l.Wants(e.Level) {
		return
	}
	if e.At.IsZero() {
		e.At = l.o.Now()
	}
	if e.Thread == "" {
		e.Thread = "MainThread"
	}
	if e.Name == "" {
		e.Name, e.Code = "Note", "Z050"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var record []byte
	for _, s := range l.sinks {
		if s.Level == None || e.Level < s.Level && !e.Print {
			continue
		}
		if _, file := s.W.(*File); e.FileOnly && !file {
			continue
		}
		var line []byte
		switch s.Format {
		case JSON:
			if record == nil {
				record = l.record(&e)
			}
			line = record
		case DebugText:
			line = l.debugLine(&e, s.Color)
		default:
			line = l.line(&e, s.Color)
		}
		_, _ = s.W.Write(line) // a full disk or a closed pipe must not stop a build
	}
	if e.Level >= Warn {
		l.flush()
	}
	l.begun = true
}

// Close writes out what is held back and closes the files.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.files {
		f.Close()
	}
}

func (l *Log) flush() {
	for _, f := range l.files {
		f.Flush()
	}
}

func (l *Log) line(e *Event, color bool) []byte {
	var b bytes.Buffer
	text := l.text(e, color)
	if e.Print {
		b.WriteString(text)
		b.WriteByte('\n')
		return b.Bytes()
	}
	b.WriteString(l.o.Now().UTC().Format("15:04:05") + "  " + text + "\n")
	return b.Bytes()
}

func (l *Log) debugLine(e *Event, color bool) []byte {
	stamp := e.At.UTC().Format("15:04:05.000000")
	var b bytes.Buffer
	if e.Name == "MainReportVersion" {
		rule := strings.Repeat("=", 30)
		fmt.Fprintf(&b, "\n\n%s %s | %s %s\n", rule, stamp, l.o.Invocation, rule)
	}
	fmt.Fprintf(&b, "%s [%-5s] [%-10.10s]: %s\n", stamp, e.Level, e.Thread, l.text(e, color))
	return b.Bytes()
}

func (l *Log) text(e *Event, color bool) string {
	text := l.scrub(e.Text)
	if !color {
		text = plain(text)
	}
	return text
}

type envelope struct {
	Data map[string]any `json:"data"`
	Info info           `json:"info"`
}

type info struct {
	Category   string   `json:"category"`
	Code       string   `json:"code"`
	Extra      struct{} `json:"extra"`
	Invocation string   `json:"invocation_id"`
	Level      string   `json:"level"`
	Msg        string   `json:"msg"`
	Name       string   `json:"name"`
	PID        int      `json:"pid"`
	Thread     string   `json:"thread"`
	TS         string   `json:"ts"`
}

// record is dbt's JSON record of an event.
func (l *Log) record(e *Event) []byte {
	data := map[string]any{"msg": e.Text}
	if e.Data != nil {
		data = e.Data()
	}
	if data == nil {
		data = map[string]any{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(envelope{Data: data, Info: info{Code: e.Code, Invocation: l.o.Invocation, Level: e.Level.String(), Msg: e.Text, Name: e.Name,
		PID: l.o.PID, Thread: e.Thread, TS: Stamp(e.At)}}); err != nil {
		b.Reset()
		enc.Encode(envelope{Data: map[string]any{"msg": e.Text}, Info: info{Code: e.Code, Invocation: l.o.Invocation, Level: e.Level.String(), Msg: e.Text,
			Name: e.Name, PID: l.o.PID, Thread: e.Thread, TS: Stamp(e.At)}})
	}
	return []byte(l.scrub(b.String()))
}

// scrub takes out the secrets.
func (l *Log) scrub(s string) string {
	for _, secret := range l.o.Secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "*****")
		}
	}
	return s
}

// Stamp is a time as dbt's records have it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// plain takes colours out of a text.
func plain(s string) string {
	if !strings.Contains(s, "\x1b[") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '[' {
			end := strings.IndexByte(s[i:], 'm')
			if end > 0 {
				i += end
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
