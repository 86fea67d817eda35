// Package state compares a project with what an earlier run of it left behind: the selection methods state:, result: and
// source_status:, and the relations that --defer reads instead of the project's own.
//
// Jobs that build only what changed decide by these answers what is not built, so they must be dbt's to the letter. Both sides are
// compared as rows of a manifest, as dbt does: weft then gives the same answer for a state that dbt wrote as for one of its own.
package state

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/node"
)

// Row is an entry of a manifest, as far as it is compared or deferred to. One form serves all kinds; what a kind does not have is empty
// on both sides.
type Row struct {
	ResourceType     string         `json:"resource_type"`
	Name             string         `json:"name"`
	PackageName      string         `json:"package_name"`
	OriginalFilePath string         `json:"original_file_path"`
	UniqueID         string         `json:"unique_id"`
	FQN              []string       `json:"fqn"`
	Database         string         `json:"database"`
	Schema           string         `json:"schema"`
	Alias            string         `json:"alias"`
	RawCode          string         `json:"raw_code"`
	Checksum         any            `json:"checksum"`
	Config           any            `json:"config"`
	UnrenderedConfig map[string]any `json:"unrendered_config"`
	Description      string         `json:"description"`
	Columns          Columns        `json:"columns"`
	Contract         struct {
		Enforced bool   `json:"enforced"`
		Checksum string `json:"checksum"`
	} `json:"contract"`
	Constraints     []Constraint `json:"constraints"`
	Version         any          `json:"version"`
	LatestVersion   any          `json:"latest_version"`
	Access          string       `json:"access"`
	DeprecationDate string       `json:"deprecation_date"`
	TestMetadata    any          `json:"test_metadata"`
	DependsOn       struct {
		Macros []string `json:"macros"`
		Nodes  []string `json:"nodes"`
	} `json:"depends_on"`

	// A source's.
	Identifier    string `json:"identifier"`
	Quoting       any    `json:"quoting"`
	Freshness     any    `json:"freshness"`
	LoadedAtField any    `json:"loaded_at_field"`
	External      any    `json:"external"`

	UnrenderedDatabase any `json:"unrendered_database"`
	UnrenderedSchema   any `json:"unrendered_schema"`

	// What exposures, metrics, semantic models, saved queries and functions have.
	Label         any `json:"label"`
	Type          any `json:"type"`
	Owner         any `json:"owner"`
	Maturity      any `json:"maturity"`
	URL           any `json:"url"`
	Model         any `json:"model"`
	Defaults      any `json:"defaults"`
	Entities      any `json:"entities"`
	Dimensions    any `json:"dimensions"`
	Measures      any `json:"measures"`
	PrimaryEntity any `json:"primary_entity"`
	Group         any `json:"group"`
	Tags          any `json:"tags"`
	QueryParams   any `json:"query_params"`
	Exports       any `json:"exports"`
	Arguments     any `json:"arguments"`
	Returns       any `json:"returns"`
	Overloads     any `json:"overloads"`
}

// Column is a declared column.
type Column struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	DataType    string       `json:"data_type"`
	Constraints []Constraint `json:"constraints"`
}

// Columns are the declared columns by name.
type Columns map[string]Column

// UnmarshalJSON reads columns; unit tests and others that have no columns of this shape have none.
func (c *Columns) UnmarshalJSON(text []byte) error {
	var columns map[string]Column
	if err := json.Unmarshal(text, &columns); err != nil {
		*c = nil
		return nil
	}
	*c = columns
	return nil
}

// Constraint is a constraint of a model or a column.
type Constraint struct {
	Type       string   `json:"type"`
	Name       string   `json:"name"`
	Expression string   `json:"expression"`
	Columns    []string `json:"columns"`
	To         string   `json:"to"`
	ToColumns  []string `json:"to_columns"`
}

// Macro is a macro's text and what it calls.
type Macro struct {
	Package   string `json:"package_name"`
	SQL       string `json:"macro_sql"`
	DependsOn struct {
		Macros []string `json:"macros"`
	} `json:"depends_on"`
}

// Manifest is an earlier manifest.
type Manifest struct {
	Metadata struct {
		Schema string `json:"dbt_schema_version"`
	} `json:"metadata"`
	Nodes          map[string]*Row  `json:"nodes"`
	Sources        map[string]*Row  `json:"sources"`
	Exposures      map[string]*Row  `json:"exposures"`
	Metrics        map[string]*Row  `json:"metrics"`
	SemanticModels map[string]*Row  `json:"semantic_models"`
	UnitTests      map[string]*Row  `json:"unit_tests"`
	SavedQueries   map[string]*Row  `json:"saved_queries"`
	Functions      map[string]*Row  `json:"functions"`
	Macros         map[string]Macro `json:"macros"`
}

// ReadManifest reads a manifest of schema v12, the one that dbt 1.8 and later write.
func ReadManifest(r io.Reader) (*Manifest, error) {
	m := new(Manifest)
	if err := json.NewDecoder(r).Decode(m); err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	dir, file := path.Split(m.Metadata.Schema)
	version, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(file, "v"), ".json"))
	if path.Base(dir) != "manifest" || err != nil || version != 12 {
		return nil, fmt.Errorf("is no manifest of schema v12: its dbt_schema_version is %q", m.Metadata.Schema)
	}
	return m, nil
}

// Row finds an entry by its unique id, nil if there is none.
func (m *Manifest) Row(id node.ID) *Row {
	for _, section := range []map[string]*Row{m.Nodes, m.Sources, m.Exposures, m.Metrics, m.SemanticModels, m.UnitTests, m.SavedQueries, m.Functions} {
		if row := section[string(id)]; row != nil {
			return row
		}
	}
	return nil
}

// Relation is where the earlier run has put a node; ok is false for what has no relation that could be read.
func (m *Manifest) Relation(id node.ID) (r node.Relation, ok bool) {
	row := m.Nodes[string(id)]
	if row == nil || row.materialized() == "ephemeral" {
		return r, false
	}
	switch node.Kind(row.ResourceType) {
	case node.Model, node.Seed, node.Snapshot:
		return node.Relation{Database: row.Database, Schema: row.Schema, Identifier: row.Alias}, true
	}
	return r, false
}

func (r *Row) config(key string) any {
	c, _ := r.Config.(map[string]any)
	return c[key]
}

func (r *Row) materialized() string {
	s, _ := r.config("materialized").(string)
	return s
}
