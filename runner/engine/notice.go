package engine

import "time"

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds of notices.
const (
	// Throttled: the engine asked for fewer calls, and the call is repeated.
	Throttled NoticeKind = "throttled"
	// Repeated: a call failed in a way that passes, and is repeated.
	Repeated NoticeKind = "repeated"
	// Queued: a statement was accepted and waits for a place.
	Queued NoticeKind = "queued"
	// Renewed: credentials were about to end, or had ended, and new ones were fetched.
	Renewed NoticeKind = "renewed"
)

// Notice is something that people wait for without seeing why. It changes nothing.
type Notice struct {
	Kind NoticeKind
	Text string
	// Wait is the time until the next attempt, if there is one.
	Wait time.Duration
	// Times is how often it happened since the last notice of the same kind, if more than once.
	Times   int
	QueryID string
}
