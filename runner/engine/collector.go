package engine

import (
	"context"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Collector is an engine that can find and remove what runs left behind.
type Collector interface {
	// Leftovers lists what was left and belongs to nobody any more, in stable order. It changes nothing.
	Leftovers(ctx context.Context, c Collection) ([]Leftover, error)
	// Collect removes one. What is gone already is no error.
	Collect(ctx context.Context, l Leftover) error
}

// Collection is what is known of the project and of its runs.
type Collection struct {
	// Schemas are where the project's relations are, Relations those, Staged the names under which they are built aside.
	Schemas           []plan.Observation
	Relations, Staged []node.Relation
	// Dead are runs of which nothing goes on any more, Live those that go on.
	Dead, Live []Remains
	// Before is when something must have been made at the latest that no known run has made, for it to count as left.
	Before time.Time
}

// Remains are what a run may have left: the folders that it wrote files to, and what it built aside.
type Remains struct {
	Invocation string
	Places     []string
	Staged     []node.Relation
	// Until is when the run is last known to have done something.
	Until time.Time
}

// Leftover is a relation or a folder that nobody needs.
type Leftover struct {
	// Kind is "staged table", "staged view", "files" or "old version".
	Kind     string        `json:"kind"`
	Relation node.Relation `json:"relation,omitzero"`
	Place    string        `json:"place,omitempty"`
	// Files and Bytes are what lies at Place.
	Files int   `json:"files,omitempty"`
	Bytes int64 `json:"bytes,omitempty"`
	// Run is the invocation that made it, if that is known.
	Run string `json:"run,omitempty"`
}
