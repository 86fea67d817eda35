// Package manifest is the set of dbt's artifacts as weft writes and reads them: manifest v12, run results v6, catalog v1 and sources v3.
//
// These files are how a project is known to the world: docs sites, catalogs, lineage tools and CI jobs read them. They are versioned
// contracts of their own, so they have their own structs, apart from the compiler's working forms. A manifest of a large project is
// hundreds of megabytes; it is therefore written node by node and never held as one value.
package manifest

import "encoding/json"

// Manifest is a whole manifest.json, as read. Values whose shape is open (config, meta) stay JSON.
type Manifest struct {
	Metadata       Metadata                     `json:"metadata"`
	Nodes          map[string]Node              `json:"nodes"`
	Sources        map[string]Source            `json:"sources"`
	Macros         map[string]Macro             `json:"macros"`
	Docs           map[string]Doc               `json:"docs"`
	Exposures      map[string]Exposure          `json:"exposures"`
	Metrics        map[string]Metric            `json:"metrics"`
	Groups         map[string]Group             `json:"groups"`
	Selectors      map[string]json.RawMessage   `json:"selectors"`
	Disabled       map[string][]json.RawMessage `json:"disabled"`
	ParentMap      map[string][]string          `json:"parent_map"`
	ChildMap       map[string][]string          `json:"child_map"`
	GroupMap       map[string][]string          `json:"group_map"`
	SavedQueries   map[string]SavedQuery        `json:"saved_queries"`
	SemanticModels map[string]SemanticModel     `json:"semantic_models"`
	UnitTests      map[string]UnitTest          `json:"unit_tests"`
	Functions      map[string]Node              `json:"functions"`
}

// Schemas of the artifacts, as their metadata names them.
const (
	ManifestSchema   = "https://schemas.getdbt.com/dbt/manifest/v12.json"
	RunResultsSchema = "https://schemas.getdbt.com/dbt/run-results/v6.json"
	CatalogSchema    = "https://schemas.getdbt.com/dbt/catalog/v1.json"
	SourcesSchema    = "https://schemas.getdbt.com/dbt/sources/v3.json"
)

// DbtVersion is the version of dbt Core whose artifacts and semantics weft keeps to, and which it names in them.
const DbtVersion = "1.12.6"

// Metadata is the manifest's metadata. Times are texts, as in the file.
type Metadata struct {
	Schema                  string            `json:"dbt_schema_version"`
	DbtVersion              string            `json:"dbt_version"`
	GeneratedAt             string            `json:"generated_at"`
	InvocationID            string            `json:"invocation_id"`
	InvocationStartedAt     string            `json:"invocation_started_at"`
	Env                     map[string]string `json:"env"`
	ProjectName             string            `json:"project_name"`
	ProjectID               string            `json:"project_id"`
	UserID                  *string           `json:"user_id"`
	SendAnonymousUsageStats bool              `json:"send_anonymous_usage_stats"`
	AdapterType             string            `json:"adapter_type"`
	Quoting                 Quoting           `json:"quoting"`
	RunStartedAt            string            `json:"run_started_at"`
}

// Quoting says which parts of a relation's name are quoted; nil is "as the adapter does".
type Quoting struct {
	Database   *bool `json:"database"`
	Schema     *bool `json:"schema"`
	Identifier *bool `json:"identifier"`
	Column     *bool `json:"column"`
}

// Node is an entry of `nodes` or `functions`: a model, test, seed, snapshot, analysis, operation or function. Which keys an entry has depends on its
// kind; AppendJSON knows. An empty text is null where dbt has null for "none".
type Node struct {
	Database         string          `json:"database"`
	Schema           string          `json:"schema"`
	Name             string          `json:"name"`
	ResourceType     string          `json:"resource_type"`
	PackageName      string          `json:"package_name"`
	Path             string          `json:"path"`
	OriginalFilePath string          `json:"original_file_path"`
	UniqueID         string          `json:"unique_id"`
	FQN              []string        `json:"fqn"`
	Alias            string          `json:"alias"`
	Checksum         Checksum        `json:"checksum"`
	Config           json.RawMessage `json:"config"`
	Tags             []string        `json:"tags"`
	Description      string          `json:"description"`
	Columns          Columns         `json:"columns"`
	Meta             json.RawMessage `json:"meta"`
	Group            string          `json:"group"`
	Docs             Docs            `json:"docs"`
	PatchPath        string          `json:"patch_path"`
	BuildPath        string          `json:"build_path"`
	UnrenderedConfig json.RawMessage `json:"unrendered_config"`
	CreatedAt        float64         `json:"created_at"`
	RelationName     string          `json:"relation_name"`
	RawCode          string          `json:"raw_code"`
	DocBlocks        []string        `json:"doc_blocks"`

	// RootPath is a seed's.
	RootPath string `json:"root_path,omitempty"`

	// What has SQL or Python text: everything but seeds.
	Language  string     `json:"language,omitempty"`
	Refs      []Ref      `json:"refs,omitempty"`
	Sources   [][]string `json:"sources,omitempty"`
	Metrics   [][]string `json:"metrics,omitempty"`
	Functions [][]string `json:"functions,omitempty"`
	DependsOn DependsOn  `json:"depends_on"`

	CompiledPath      string    `json:"compiled_path,omitempty"`
	Compiled          bool      `json:"compiled,omitempty"`
	CompiledCode      string    `json:"compiled_code,omitempty"`
	ExtraCTEsInjected bool      `json:"extra_ctes_injected,omitempty"`
	ExtraCTEs         []CTE     `json:"extra_ctes,omitempty"`
	Contract          *Contract `json:"contract,omitempty"`

	// A model's.
	Access          string            `json:"access,omitempty"`
	Constraints     []json.RawMessage `json:"constraints,omitempty"`
	Version         json.RawMessage   `json:"version,omitempty"`
	LatestVersion   json.RawMessage   `json:"latest_version,omitempty"`
	DeprecationDate string            `json:"deprecation_date,omitempty"`
	PrimaryKey      []string          `json:"primary_key,omitempty"`
	TimeSpine       json.RawMessage   `json:"time_spine,omitempty"`

	// A generic test's.
	ColumnName   string        `json:"column_name,omitempty"`
	FileKeyName  string        `json:"file_key_name,omitempty"`
	AttachedNode string        `json:"attached_node,omitempty"`
	TestMetadata *TestMetadata `json:"test_metadata,omitempty"`

	// Index is an operation's: which hook of the project it is.
	Index *int `json:"index,omitempty"`

	// A function's.
	Returns   json.RawMessage   `json:"returns,omitempty"`
	Arguments []json.RawMessage `json:"arguments,omitempty"`
	Overloads []json.RawMessage `json:"overloads,omitempty"`
}

// Checksum is the checksum of a node's file.
type Checksum struct {
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

// Docs says whether and how the docs site shows a node.
type Docs struct {
	Show      bool   `json:"show"`
	NodeColor string `json:"node_color"`
}

// Ref is one ref() call.
type Ref struct {
	Name    string          `json:"name"`
	Package string          `json:"package"`
	Version json.RawMessage `json:"version"`
}

// MarshalJSON writes null for what a call does not give.
func (r Ref) MarshalJSON() ([]byte, error) { return r.append(nil), nil }

func (r Ref) append(b []byte) []byte {
	o := open(b)
	o.text("name", r.Name)
	o.optional("package", r.Package)
	o.raw("version", r.Version, "null")
	return o.close()
}

// DependsOn is what a node needs: macros, and nodes where the kind has any.
type DependsOn struct {
	Macros []string `json:"macros"`
	Nodes  []string `json:"nodes"`
}

// CTE is an ephemeral model put before a node's text.
type CTE struct {
	ID  string `json:"id"`
	SQL string `json:"sql"`
}

// Contract is a node's contract.
type Contract struct {
	Enforced   bool   `json:"enforced"`
	AliasTypes bool   `json:"alias_types"`
	Checksum   string `json:"checksum"`
}

// TestMetadata says which generic test a test is, with which arguments.
type TestMetadata struct {
	Name      string          `json:"name"`
	Kwargs    json.RawMessage `json:"kwargs"`
	Namespace string          `json:"namespace"`
}

// Column is a declared column.
type Column struct {
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Meta        json.RawMessage   `json:"meta"`
	DataType    string            `json:"data_type"`
	Constraints []json.RawMessage `json:"constraints"`
	Quote       *bool             `json:"quote"`
	Config      json.RawMessage   `json:"config"`
	Tags        []string          `json:"tags"`
	Granularity string            `json:"granularity"`
	Dimension   json.RawMessage   `json:"dimension"`
	Entity      json.RawMessage   `json:"entity"`
	DocBlocks   []string          `json:"doc_blocks"`
	// Extra are keys that dbt keeps without knowing them.
	Extra []Field `json:"-"`
}

// Field is a key of an object with its encoded value.
type Field struct {
	Key   string
	Value json.RawMessage
}

// Columns are a node's columns by name, in the order they are declared.
type Columns []Column

// UnmarshalJSON reads an object of columns, keeping its order.
func (c *Columns) UnmarshalJSON(text []byte) error {
	return eachField(text, func(_ string, value json.RawMessage) error {
		var column Column
		if err := json.Unmarshal(value, &column); err != nil {
			return err
		}
		err := eachField(value, func(key string, v json.RawMessage) error {
			switch key {
			case "name", "description", "meta", "data_type", "constraints", "quote", "config", "tags", "granularity", "dimension", "entity", "doc_blocks":
			default:
				column.Extra = append(column.Extra, Field{key, v})
			}
			return nil
		})
		*c = append(*c, column)
		return err
	})
}

// MarshalJSON writes the object; AppendJSON of a node does the same without the detour.
func (c Columns) MarshalJSON() ([]byte, error) { return appendColumns(nil, c), nil }

// Source is an entry of `sources`: one table.
type Source struct {
	Database           string          `json:"database"`
	Schema             string          `json:"schema"`
	Name               string          `json:"name"`
	ResourceType       string          `json:"resource_type"`
	PackageName        string          `json:"package_name"`
	Path               string          `json:"path"`
	OriginalFilePath   string          `json:"original_file_path"`
	UniqueID           string          `json:"unique_id"`
	FQN                []string        `json:"fqn"`
	SourceName         string          `json:"source_name"`
	SourceDescription  string          `json:"source_description"`
	Loader             string          `json:"loader"`
	Identifier         string          `json:"identifier"`
	Quoting            json.RawMessage `json:"quoting"`
	LoadedAtField      json.RawMessage `json:"loaded_at_field"`
	LoadedAtQuery      json.RawMessage `json:"loaded_at_query"`
	Freshness          json.RawMessage `json:"freshness"`
	External           json.RawMessage `json:"external"`
	Description        string          `json:"description"`
	Columns            Columns         `json:"columns"`
	Meta               json.RawMessage `json:"meta"`
	SourceMeta         json.RawMessage `json:"source_meta"`
	Tags               []string        `json:"tags"`
	Config             json.RawMessage `json:"config"`
	PatchPath          string          `json:"patch_path"`
	UnrenderedConfig   json.RawMessage `json:"unrendered_config"`
	RelationName       string          `json:"relation_name"`
	CreatedAt          float64         `json:"created_at"`
	UnrenderedDatabase json.RawMessage `json:"unrendered_database"`
	UnrenderedSchema   json.RawMessage `json:"unrendered_schema"`
	DocBlocks          []string        `json:"doc_blocks"`
}

// Macro is an entry of `macros`.
type Macro struct {
	Name               string            `json:"name"`
	ResourceType       string            `json:"resource_type"`
	PackageName        string            `json:"package_name"`
	Path               string            `json:"path"`
	OriginalFilePath   string            `json:"original_file_path"`
	UniqueID           string            `json:"unique_id"`
	MacroSQL           string            `json:"macro_sql"`
	DependsOn          MacroDependsOn    `json:"depends_on"`
	Description        string            `json:"description"`
	Meta               json.RawMessage   `json:"meta"`
	Docs               Docs              `json:"docs"`
	Config             json.RawMessage   `json:"config"`
	PatchPath          string            `json:"patch_path"`
	Arguments          []json.RawMessage `json:"arguments"`
	CreatedAt          float64           `json:"created_at"`
	SupportedLanguages []string          `json:"supported_languages"`
}

// MacroDependsOn is what a macro calls.
type MacroDependsOn struct {
	Macros []string `json:"macros"`
}

// Doc is an entry of `docs`.
type Doc struct {
	Name             string `json:"name"`
	ResourceType     string `json:"resource_type"`
	PackageName      string `json:"package_name"`
	Path             string `json:"path"`
	OriginalFilePath string `json:"original_file_path"`
	UniqueID         string `json:"unique_id"`
	BlockContents    string `json:"block_contents"`
}

// Group is an entry of `groups`.
type Group struct {
	Name             string          `json:"name"`
	ResourceType     string          `json:"resource_type"`
	PackageName      string          `json:"package_name"`
	Path             string          `json:"path"`
	OriginalFilePath string          `json:"original_file_path"`
	UniqueID         string          `json:"unique_id"`
	Owner            json.RawMessage `json:"owner"`
	Description      *string         `json:"description"`
	Config           json.RawMessage `json:"config"`
}
