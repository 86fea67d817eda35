package manifest

import "encoding/json"

// The kinds in this file are listed but not run. There are few of them, and encoding/json writes them; what is deep in them stays JSON.

// Identity is what entries of these kinds have in common.
type Identity struct {
	Name             string   `json:"name"`
	ResourceType     string   `json:"resource_type"`
	PackageName      string   `json:"package_name"`
	Path             string   `json:"path"`
	OriginalFilePath string   `json:"original_file_path"`
	UniqueID         string   `json:"unique_id"`
	FQN              []string `json:"fqn"`
}

// Exposure is an entry of `exposures`.
type Exposure struct {
	Identity
	Type             json.RawMessage `json:"type"`
	Owner            json.RawMessage `json:"owner"`
	Description      string          `json:"description"`
	Label            json.RawMessage `json:"label"`
	Maturity         json.RawMessage `json:"maturity"`
	Meta             json.RawMessage `json:"meta"`
	Tags             []string        `json:"tags"`
	Config           json.RawMessage `json:"config"`
	UnrenderedConfig json.RawMessage `json:"unrendered_config"`
	URL              json.RawMessage `json:"url"`
	DependsOn        DependsOn       `json:"depends_on"`
	Refs             []Ref           `json:"refs"`
	Sources          [][]string      `json:"sources"`
	Metrics          [][]string      `json:"metrics"`
	CreatedAt        float64         `json:"created_at"`
}

// Metric is an entry of `metrics`.
type Metric struct {
	Identity
	Description      json.RawMessage `json:"description"`
	Label            json.RawMessage `json:"label"`
	Type             json.RawMessage `json:"type"`
	TypeParams       json.RawMessage `json:"type_params"`
	Filter           json.RawMessage `json:"filter"`
	Metadata         json.RawMessage `json:"metadata"`
	TimeGranularity  json.RawMessage `json:"time_granularity"`
	Config           json.RawMessage `json:"config"`
	UnrenderedConfig json.RawMessage `json:"unrendered_config"`
	Sources          [][]string      `json:"sources"`
	DependsOn        DependsOn       `json:"depends_on"`
	Refs             []Ref           `json:"refs"`
	Metrics          [][]string      `json:"metrics"`
	CreatedAt        float64         `json:"created_at"`
	Group            *string         `json:"group"`
	Meta             json.RawMessage `json:"meta"`
	Tags             []string        `json:"tags"`
}

// SemanticModel is an entry of `semantic_models`.
type SemanticModel struct {
	Identity
	Model            json.RawMessage `json:"model"`
	NodeRelation     json.RawMessage `json:"node_relation"`
	Description      json.RawMessage `json:"description"`
	Label            json.RawMessage `json:"label"`
	Defaults         json.RawMessage `json:"defaults"`
	Entities         json.RawMessage `json:"entities"`
	Measures         json.RawMessage `json:"measures"`
	Dimensions       json.RawMessage `json:"dimensions"`
	Metadata         json.RawMessage `json:"metadata"`
	DependsOn        DependsOn       `json:"depends_on"`
	Refs             []Ref           `json:"refs"`
	CreatedAt        float64         `json:"created_at"`
	Config           json.RawMessage `json:"config"`
	UnrenderedConfig json.RawMessage `json:"unrendered_config"`
	PrimaryEntity    json.RawMessage `json:"primary_entity"`
	Group            *string         `json:"group"`
}

// SavedQuery is an entry of `saved_queries`.
type SavedQuery struct {
	Identity
	QueryParams      json.RawMessage `json:"query_params"`
	Exports          json.RawMessage `json:"exports"`
	Description      json.RawMessage `json:"description"`
	Label            json.RawMessage `json:"label"`
	Metadata         json.RawMessage `json:"metadata"`
	Config           json.RawMessage `json:"config"`
	UnrenderedConfig json.RawMessage `json:"unrendered_config"`
	Group            *string         `json:"group"`
	DependsOn        DependsOn       `json:"depends_on"`
	CreatedAt        float64         `json:"created_at"`
	Refs             []Ref           `json:"refs"`
	Tags             []string        `json:"tags"`
}

// UnitTest is an entry of `unit_tests`.
type UnitTest struct {
	Model  string          `json:"model"`
	Given  json.RawMessage `json:"given"`
	Expect json.RawMessage `json:"expect"`
	Identity
	Description string          `json:"description"`
	Overrides   json.RawMessage `json:"overrides"`
	DependsOn   DependsOn       `json:"depends_on"`
	Config      json.RawMessage `json:"config"`
	Checksum    *string         `json:"checksum"`
	Schema      *string         `json:"schema"`
	CreatedAt   float64         `json:"created_at"`
	Versions    json.RawMessage `json:"versions"`
	Version     json.RawMessage `json:"version"`
}
