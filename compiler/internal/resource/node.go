// Package resource is the working form of what a project declares: nodes as they are filled in by scanning, binding,
// ordering and rendering.
//
// Scan, resolve, selector, render and lower all look at the same facts of a node; this is the one plain struct they share, so
// that none of them has to know another. What leaves the compiler is converted (compiler/manifest, compiler/plan).
package resource

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Node is a resource with a unique id: model, test, seed, snapshot, analysis, operation, source, exposure, metric, … Fields
// that a kind does not have stay empty. Names of fields follow dbt's manifest v12.
type Node struct {
	ID      node.ID
	Kind    node.Kind
	Name    string
	Package string
	// Path is relative to the resource folder ("staging/a.sql"), OriginalPath to the package's folder ("models/staging/a.sql").
	Path, OriginalPath string
	FQN                []string
	Language           string // "sql" or "python"

	// Database, Schema and Alias are final (after generate_*_name); RelationName is rendered for the node's engine, "" where
	// the node has no relation (ephemeral, tests that store nothing).
	Database, Schema, Alias string
	RelationName            string

	// Engine runs the node, Dialect is what its text is written in; both as design.md 1 "Engine and dialect of a node".
	Engine, Dialect string

	// Config is the final, rendered config with dbt's defaults, in dbt's order of keys. Unrendered is what was written.
	Config                             *jinja.Dict
	Unrendered                         *jinja.Dict
	ConfigCalls, UnrenderedConfigCalls *jinja.Dict

	Enabled     bool
	Description string
	DocBlocks   []string
	Columns     []Column
	// Declared is where the node's properties stand (zero if none), PatchPath dbt's "package://models/x.yml".
	Declared  source.Span
	PatchPath string
	Tags      []string
	Meta      *jinja.Dict
	Group     string
	Access    string
	Docs      Docs
	Checksum  Checksum

	// RawCode is the template text; Code is where it stands in its file (they differ where dbt strips white space).
	RawCode string
	Code    source.Span

	Refs    []Ref
	Sources []SourceRef
	Metrics [][]string
	// Functions are the function() calls, as refs.
	Functions [][]string

	DependsOn       []node.ID
	DependsOnMacros []string
	// ParsedMacros are those that parsing found, where compiling added some; else nil.
	ParsedMacros []string

	Version, LatestVersion jinja.Value // None if not versioned
	DeprecationDate        string
	Constraints            []*jinja.Dict
	ContractChecksum       string
	PrimaryKey             []string
	TimeSpine              jinja.Value

	Test     *Test
	Source   *Source
	Seed     *Seed
	UnitTest *UnitTest
	// Other holds the remaining manifest keys of kinds that weft lists but does not run (exposures, metrics, semantic models,
	// saved queries, functions): key → value, in manifest order.
	Other *jinja.Dict
}

// Docs is the `docs:` config.
type Docs struct {
	Show      bool
	NodeColor string
}

// Checksum is a file's checksum as dbt computes it: name "sha256", "path" (large seeds) or "none".
type Checksum struct{ Name, Value string }

// Column is a column as declared in properties. There are more of them than of anything else, so what few columns have stands apart;
// all columns that have nothing of it share one.
type Column struct {
	Name, Description string
	DataType          string // "" if none
	DocBlocks         []string
	Span              source.Span
	*ColumnDetails    // never nil, never changed
}

// ColumnDetails is what most columns do without.
type ColumnDetails struct {
	Quote       jinja.Value
	Tags        []string
	Meta        *jinja.Dict
	Constraints []*jinja.Dict
	Granularity string
	// Config is {meta, tags} as the manifest shows it; Extra are further keys as declared.
	Config *jinja.Dict
	Extra  *jinja.Dict
	// Dimension and Entity are the column's part in a semantic model, None if none.
	Dimension, Entity jinja.Value
}

// Ref is one call of ref(): package may be empty, version None. Span is the call in the author's file.
type Ref struct {
	Package, Name string
	Version       jinja.Value
	Span          source.Span
}

// SourceRef is one call of source().
type SourceRef struct {
	Source, Table string
	Span          source.Span
}

// Test is what a test node has beyond other nodes.
type Test struct {
	Generic bool
	// Name and Namespace are the generic test's ("not_null", "dbt_utils"); Macro is the unique id of its macro.
	Name, Namespace string
	// Kwargs are the arguments as written, `model` included, as in manifest test_metadata.kwargs.
	Kwargs      *jinja.Dict
	ColumnName  string
	FileKeyName string
	Attached    node.ID // "" for singular tests
}

// Source is what a source table has beyond other nodes.
type Source struct {
	Name, Description, Loader, Identifier string
	Meta                                  *jinja.Dict
	Quoting                               *jinja.Dict
	LoadedAtField, LoadedAtQuery          jinja.Value
	Freshness                             jinja.Value
	// UnrenderedDatabase and UnrenderedSchema are what was written, "" if nothing.
	UnrenderedDatabase, UnrenderedSchema string
	External                             jinja.Value
	EventTime                            jinja.Value
}

// Seed is what a seed has beyond other nodes: the CSV file's place.
type Seed struct {
	File     string // path on disk, as source read it
	Size     int64
	RootPath string
}

// UnitTest is a unit test as declared; values are rendered.
type UnitTest struct {
	Model     string
	Given     []*jinja.Dict
	Expect    *jinja.Dict
	Overrides *jinja.Dict
	Versions  jinja.Value
	Tested    node.ID
}

// Macro is a macro of a package, with what the manifest shows of it.
type Macro struct {
	ID           string // "macro.<package>.<name>"
	Name         string
	Package      string
	Path         string
	OriginalPath string
	Def          *jinja.Macro
	// Text is the block as written, tags included (macro_sql).
	Text            string
	Description     string
	Arguments       []*jinja.Dict
	DependsOnMacros []string
	PatchPath       string
	Docs            Docs
	Meta            *jinja.Dict
	// SupportedLanguages is set for materializations.
	SupportedLanguages []string
	Materialization    bool
	// BuiltIn says that the macro is of weft's embedded library.
	BuiltIn bool
}

// Doc is a {% docs %} block.
type Doc struct {
	ID, Name, Package, Path, OriginalPath, Contents string
	Span                                            source.Span
}

// Group is an owner's group of models.
type Group struct {
	ID, Name, Package, Path, OriginalPath, Description string
	Owner, Config                                      *jinja.Dict
}
