package engine

import (
	"context"
	"time"

	"github.com/weft-data/weft/compiler/plan"
)

// Inquirer is an engine that can say what became of batches whose sender did not hear the answer: it was killed, or its patience ended. An
// engine without it has nothing that could go on after its process, such as a database in the same one.
type Inquirer interface {
	// Settle answers for each batch whether all of it was done. When it returns without an error nothing of the batches runs any more, and
	// nothing of them can begin: what publishes is waited for, what only prepares is stopped, and what was on its way is kept from
	// arriving. told hears what is waited for.
	Settle(ctx context.Context, what []Doubt, told func(string)) ([]bool, error)
}

// Doubt is a batch of which nobody knows what became of it. Its token and its statements are those of the journal.
type Doubt struct {
	Batch plan.Batch
	// Since is when it was announced.
	Since time.Time
	// Decides says that the last statement makes readers see new rows: it is waited for and not stopped.
	Decides bool
}
