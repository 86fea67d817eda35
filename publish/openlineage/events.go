package openlineage

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
)

// specURL is what a line of the file is.
const specURL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"

// The types of events: a START is followed by exactly one of the others.
const (
	Start    = "START"
	Complete = "COMPLETE"
	Fail     = "FAIL"
	Abort    = "ABORT"
)

// Event is an OpenLineage RunEvent.
type Event struct {
	EventType string    `json:"eventType"`
	EventTime string    `json:"eventTime"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
	Run       Run       `json:"run"`
	Job       Job       `json:"job"`
	Inputs    []Dataset `json:"inputs"`
	Outputs   []Dataset `json:"outputs"`

	// node is the node that the event is about; "" for the command, for statements, and for events read from a file.
	node node.ID
}

// Run is one execution of a job.
type Run struct {
	ID     string         `json:"runId"`
	Facets map[string]any `json:"facets,omitempty"`
}

// Job is the command or a node.
type Job struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets,omitempty"`
}

// Dataset is what a run reads or writes.
type Dataset struct {
	Namespace    string         `json:"namespace"`
	Name         string         `json:"name"`
	Facets       map[string]any `json:"facets,omitempty"`
	InputFacets  map[string]any `json:"inputFacets,omitempty"`
	OutputFacets map[string]any `json:"outputFacets,omitempty"`
}

// Options are what the records do not say.
type Options struct {
	// Namespace is that of the jobs, "" for "dbt"; Project names the command's job.
	Namespace, Project string
	// ProjectVersion and Profile describe the project further; DbtVersion is the version of dbt that it is read as.
	ProjectVersion, Profile, DbtVersion string
	// Parent is the run that started this command, nil if none is known.
	Parent *Parent
	// Statements asks for a run of each statement that the engine was sent.
	Statements bool
	// Node tells of a node's datasets; it may be nil.
	Node func(node.ID) (lineage.Node, bool)
}

// RunID is the id of a node's run, or with "" of the command's: the same for the same invocation and node (a UUID of version 5).
func RunID(invocation string, id node.ID) string { return runID(invocation, string(id)) }

func runID(invocation, name string) string {
	h := sha1.New()
	h.Write([]byte("weft openlineage\x00" + invocation + "\x00" + name))
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// Line is the event as a line of a file, with its end.
func (e Event) Line() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return out.Bytes(), err
}
