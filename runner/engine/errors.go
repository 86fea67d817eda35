package engine

// Class is what kind of failure it was; it alone decides whether a thing is tried again. Transient, Conflict and Capacity say that
// nothing was done; after any other class a batch is not sent again.
type Class string

// The classes of failures.
const (
	// Transient: nothing was done, and it may work when tried again.
	Transient Class = "transient"
	// Conflict: another writer was faster; nothing was done.
	Conflict Class = "conflict"
	// Capacity: the engine is full or throttles; try again later and slower.
	Capacity Class = "capacity"
	// Permanent: it will fail again in the same way.
	Permanent Class = "permanent"
	// TooManyPartitions: permanent, because the statement writes more partitions than one statement may; nothing was published.
	TooManyPartitions Class = "too many partitions"
	// Syntax: permanent, and the text is at fault at Position.
	Syntax Class = "syntax"
	// Locked: another process holds what is needed.
	Locked Class = "locked"
	// Denied: credentials or rights are missing.
	Denied Class = "denied"
	// Unknown: nobody knows whether it was done; the engine must be asked before anything is repeated.
	Unknown Class = "unknown"
	// Cancelled: the engine stopped it because it was asked to.
	Cancelled Class = "cancelled"
)

// Error is a failure as an engine reports it.
type Error struct {
	Class Class
	// Message is the engine's own text.
	Message string
	// Statement is the index in the batch of the statement that failed, -1 if it was none of them (the commit, the connection).
	Statement int
	// Position is the byte in that statement's text that the engine points at, -1 if it does not.
	Position int
	QueryID  string
	// BytesScanned is what the statement read before it failed, where the engine says.
	BytesScanned int64
	// Cost and Earlier are as in Result.
	Cost    float64
	Earlier []string
	// Repeated says that the adapter has begun again as often as the profile allows. The runner does not.
	Repeated bool
	// Hint is what the adapter can say about the mend.
	Hint string
	Err  error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Err }
