package engine

import "context"

// Doctor is an engine that can look at its own surroundings: rights, places, settings, clocks.
type Doctor interface {
	// Examine makes the checks and reports each as it ends. What it tries out it removes.
	Examine(ctx context.Context, report func(Check))
}

// Examiner makes a Doctor without opening the engine: what is wrong may be just what keeps it from opening.
type Examiner func(ctx context.Context, c Config) (Doctor, error)

// Verdict is how a check ended.
type Verdict string

// The verdicts.
const (
	OK Verdict = "ok"
	// Warned: it works, but somebody should know.
	Warned  Verdict = "warn"
	Failing Verdict = "fail"
	// Omitted: it could not be asked, or does not apply.
	Omitted Verdict = "skip"
)

// Check is one line of a doctor.
type Check struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"status"`
	// Found says what is there, Mend what can be done about it.
	Found string `json:"found"`
	Mend  string `json:"mend,omitempty"`
}
