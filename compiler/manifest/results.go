package manifest

import "encoding/json"

// ResultMetadata is the metadata of all artifacts but the manifest.
type ResultMetadata struct {
	Schema              string            `json:"dbt_schema_version"`
	DbtVersion          string            `json:"dbt_version"`
	GeneratedAt         string            `json:"generated_at"`
	InvocationID        string            `json:"invocation_id"`
	InvocationStartedAt string            `json:"invocation_started_at"`
	Env                 map[string]string `json:"env"`
}

// RunResults is run_results.json v6.
type RunResults struct {
	Metadata    ResultMetadata  `json:"metadata"`
	Results     []RunResult     `json:"results"`
	ElapsedTime float64         `json:"elapsed_time"`
	Args        json.RawMessage `json:"args"`
}

// RunResult is what became of one node.
type RunResult struct {
	Status          string          `json:"status"`
	Timing          []Timing        `json:"timing"`
	ThreadID        string          `json:"thread_id"`
	ExecutionTime   float64         `json:"execution_time"`
	AdapterResponse json.RawMessage `json:"adapter_response"`
	Message         *string         `json:"message"`
	Failures        *int64          `json:"failures"`
	UniqueID        string          `json:"unique_id"`
	Compiled        *bool           `json:"compiled"`
	CompiledCode    *string         `json:"compiled_code"`
	RelationName    *string         `json:"relation_name"`
	BatchResults    json.RawMessage `json:"batch_results"`
	OverloadResults json.RawMessage `json:"overload_results"`
}

// Timing is one step of a node's run: "compile" or "execute".
type Timing struct {
	Name        string  `json:"name"`
	StartedAt   *string `json:"started_at"`
	CompletedAt *string `json:"completed_at"`
}

// Catalog is catalog.json v1: what the engine holds, by unique id.
type Catalog struct {
	Metadata ResultMetadata          `json:"metadata"`
	Nodes    map[string]CatalogTable `json:"nodes"`
	Sources  map[string]CatalogTable `json:"sources"`
	Errors   []string                `json:"errors"`
}

// CatalogTable is one relation of a catalog.
type CatalogTable struct {
	Metadata TableMetadata             `json:"metadata"`
	Columns  map[string]CatalogColumn  `json:"columns"`
	Stats    map[string]TableStatistic `json:"stats"`
	UniqueID *string                   `json:"unique_id"`
}

// TableMetadata names and describes a relation; Type is the engine's word, such as "BASE TABLE" or "VIEW".
type TableMetadata struct {
	Type     string  `json:"type"`
	Schema   string  `json:"schema"`
	Name     string  `json:"name"`
	Database *string `json:"database"`
	Comment  *string `json:"comment"`
	Owner    *string `json:"owner"`
}

// CatalogColumn is a column with its place, counted from 1 by most engines.
type CatalogColumn struct {
	Type    string  `json:"type"`
	Index   int     `json:"index"`
	Name    string  `json:"name"`
	Comment *string `json:"comment"`
}

// TableStatistic is one figure about a relation.
type TableStatistic struct {
	ID          string          `json:"id"`
	Label       string          `json:"label"`
	Value       json.RawMessage `json:"value"`
	Include     bool            `json:"include"`
	Description *string         `json:"description"`
}

// Sources is sources.json v3: how fresh sources are.
type Sources struct {
	Metadata    ResultMetadata    `json:"metadata"`
	Results     []FreshnessResult `json:"results"`
	ElapsedTime float64           `json:"elapsed_time"`
}

// FreshnessResult is one source's freshness; where it could not be measured Status is "runtime error" and only Error is set besides.
type FreshnessResult struct {
	UniqueID              string          `json:"unique_id"`
	Error                 json.RawMessage `json:"error,omitempty"`
	MaxLoadedAt           string          `json:"max_loaded_at,omitempty"`
	SnapshottedAt         string          `json:"snapshotted_at,omitempty"`
	MaxLoadedAtTimeAgoInS float64         `json:"max_loaded_at_time_ago_in_s,omitempty"`
	Status                string          `json:"status"`
	Criteria              json.RawMessage `json:"criteria,omitempty"`
	AdapterResponse       json.RawMessage `json:"adapter_response,omitempty"`
	Timing                []Timing        `json:"timing,omitempty"`
	ThreadID              string          `json:"thread_id,omitempty"`
	ExecutionTime         float64         `json:"execution_time,omitempty"`
}
