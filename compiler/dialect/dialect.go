// Package dialect is what differs between engines, as data: how a relation is spelled, which profile keys there are, what a
// type is called, which strategies and constraints exist.
//
// Everything that knows an engine by name reads it from here, so that adding an engine is adding a data file and not a switch
// in every stage. The facts are those of dbt's adapters, because a project must compile to the text that dbt writes. The
// package holds no behaviour beyond small pure functions and imports nothing of weft: it can be read from anywhere.
package dialect

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// Dialect is one engine's data. Values are shared and must not be modified.
type Dialect struct {
	// Name is dbt's adapter type: what adapter.type() and target.type answer.
	Name string `json:"name"`
	// Title is the engine's name as people write it.
	Title string `json:"title"`
	// Parents follow the name in the search for dispatched macros, before "default".
	Parents []string `json:"parents"`
	// Quote is the character that adapter.quote() puts around an identifier.
	Quote string `json:"quote"`
	// Case says what the engine does to an unquoted name: "lower" or "preserve".
	Case string `json:"case"`
	// Relation says how relations are spelled and checked.
	Relation Relation `json:"relation"`
	// Column says what the columns' types mean.
	Column Column `json:"column"`
	// Seed names the column types of a CSV file.
	Seed Seed `json:"seed"`
	// Profile describes an output of this type in profiles.yml.
	Profile Profile `json:"profile"`
	// Constraints is the support of each constraint type: Enforced, NotEnforced or NotSupported.
	Constraints map[string]string `json:"constraints"`
	// ForeignKeyWithoutDatabase: the target of a foreign key is written without its database.
	ForeignKeyWithoutDatabase bool `json:"foreign_key_without_database"`
	// Strategies are the incremental strategies the engine knows, in dbt's order.
	Strategies []string `json:"strategies"`
	// Capabilities are dbt's names of what the adapter can do, sorted.
	Capabilities []string `json:"capabilities"`
	// Behavior are the adapter's own behaviour flags and their defaults.
	Behavior []Flag `json:"behavior"`
	// Uncommented are the words that begin statements which take no comment; with any, comments are of one line.
	Uncommented []string `json:"uncommented"`
	// Transactions says that several statements can be made visible at once.
	Transactions bool `json:"transactions"`
	// Publish is the publish class of each materialization.
	Publish map[string]string `json:"publish"`
	// Build says by which statements relations are built.
	Build `json:"build"`
	// Change says how relations are changed where no macro does it.
	Change Change `json:"change"`
	// Index is what a config of `indexes` may say; the zero value if the engine has none.
	Index Index `json:"index"`
	// Catalogs are the catalogs that every project on the engine has.
	Catalogs []Catalog `json:"catalogs"`
	// CatalogTypes are the types that catalogs of catalogs.yml can have; none where the engine has no such catalogs. CatalogFormats says
	// what the table formats of dbt's second version of that file are called here.
	CatalogTypes   []CatalogType     `json:"catalog_types"`
	CatalogFormats map[string]string `json:"catalog_formats"`
	// Grants: relations can be granted to others.
	Grants bool `json:"grants"`
	// Now is how a text of SQL has the current time.
	Now string `json:"now"`
	// Lexicon says how the text of SQL is cut into words.
	Lexicon Lexicon `json:"lexicon"`
	// Settings are configs of nodes that dbt's adapter has and weft treats otherwise.
	Settings []Setting `json:"settings"`
	// Dataset says where OpenLineage places the engine's tables.
	Dataset Dataset `json:"dataset"`
}

// Setting is a config of nodes that weft does not heed, or hands to the engine.
type Setting struct {
	Name string `json:"name"`
	// Passed: it goes to the engine with each batch of the node's step. ByVerb is then the profile's key that gives it for each kind of
	// work, by the name of dbt's command for that ("test"), where a node has none of its own.
	Passed bool   `json:"passed"`
	ByVerb string `json:"by_verb"`
	// Refused: a node that has it is not run. Else it has no effect, which is told.
	Refused bool `json:"refused"`
	// Why says what weft does instead, or what to do.
	Why string `json:"why"`
}

// Dataset says how OpenLineage names the place where an engine's tables live.
type Dataset struct {
	// Namespace is the name with profile keys in braces ("postgres://{host}:{port}"). Defaults stand for keys that the profile leaves
	// out; without one of either kind the place is called by the dialect's name.
	Namespace string            `json:"namespace"`
	Defaults  map[string]string `json:"defaults"`
	// File is set where a database is a file.
	File *DatasetFile `json:"file"`
}

// DatasetFile names the place of a database that is a file.
type DatasetFile struct {
	Scheme string `json:"scheme"`
	// Path is the profile key of the file, Attach that of the list of further ones, each with a path and perhaps an alias.
	Path   string `json:"path"`
	Attach string `json:"attach"`
	// Memory begins a path that is no file at all; Remote are the beginnings by which a path is
	// known to be an address, as URLs are: kept as it is.
	Memory string   `json:"memory"`
	Remote []string `json:"remote"`
}

// Build says what a materialization can use on the engine.
type Build struct {
	// Strategies are those that weft writes, where they are not those that dbt's adapter answers for its own (Dialect.Strategies).
	Strategies []string `json:"strategies"`
	// DefaultStrategy is the incremental strategy of a model that names none.
	DefaultStrategy string `json:"default_strategy"`
	// ReplaceView: `create or replace view` is there, and readers see the old view or the new.
	ReplaceView bool `json:"replace_view"`
	// MergeByName: MERGE can match columns by their names, and leaves alone those that the source does not have.
	MergeByName bool `json:"merge_by_name"`
	// Managed is how the names of databases begin that keep the files of their tables themselves, so that a table has no place that could
	// be chosen or pointed at; "" if there are none. Home is the one database beside them that tables are built in, "" if any is. Context is the setting by which a statement's own database is told, for names that
	// cannot hold it.
	Managed string `json:"managed"`
	Home    string `json:"home"`
	// SchemaTags is the profile's key of the tags that schemas get when they are made.
	SchemaTags string `json:"schema_tags"`
	Context    string `json:"context"`
	// Lake: tables are files and entries of a catalog; what SQL cannot do with them is done by acts (plan.Act).
	Lake bool `json:"lake"`
	// StoredTypes are the names that types have in statements that define things, and in the catalog, where queries name them otherwise.
	StoredTypes map[string]string `json:"stored_types"`
	// TemporaryTables: a session has tables of its own, spelled without schema.
	TemporaryTables bool `json:"temporary_tables"`
	// DescribeQuery: DESCRIBE takes a query and answers a row for each of its columns.
	DescribeQuery bool `json:"describe_query"`
	// Hash makes the id of a snapshot's row, %s standing for the text that is hashed; HashText is the type its parts are cast to.
	Hash     string `json:"hash"`
	HashText string `json:"hash_text"`
	// AlterType changes a column's type ({table}, {column}, {type}); where it is missing, a second column takes the place of the first.
	AlterType string `json:"alter_type"`
}

// Change says how relations are dropped, emptied and renamed.
type Change struct {
	// DropCascades: DROP takes along what depends on the relation, unless the key DropCascadesUnless of the output is true.
	DropCascades       bool   `json:"drop_cascades"`
	DropCascadesUnless string `json:"drop_cascades_unless"`
	// TruncateByDelete: a table is emptied by DELETE instead of TRUNCATE.
	TruncateByDelete bool `json:"truncate_by_delete"`
	// Rename: relations can be renamed. RenameViewAsTable: views too are renamed by ALTER TABLE. RenameToFullName: the new name is written
	// with its schema.
	Rename            bool `json:"rename"`
	RenameViewAsTable bool `json:"rename_view_as_table"`
	RenameToFullName  bool `json:"rename_to_full_name"`
	// CreateSchemaAlways: dbt's adapter does not find the schemas that exist, and so calls a project's own create_schema for them too.
	CreateSchemaAlways bool `json:"create_schema_always"`
}

// Index is what a config of `indexes` may say.
type Index struct {
	// Class is the name of dbt's class, which templates can see.
	Class string `json:"class"`
	// Typed: an index has a method ("btree").
	Typed bool `json:"typed"`
}

// Catalog is where models keep their tables that name it (catalog_name): one that every project has, or one of catalogs.yml.
type Catalog struct {
	Name string `json:"name"`
	// Type is one of the engine's CatalogTypes; Called is the catalog's name on the platform, as templates see it.
	Type   string `json:"type"`
	Called string `json:"called"`
	// TableFormat and FileFormat are those of its tables where they set none; Volume is where the files go, Database the tables' database.
	TableFormat string `json:"table_format"`
	FileFormat  string `json:"file_format"`
	Volume      string `json:"volume"`
	Database    string `json:"database"`
}

// CatalogType is a type of catalogs.
type CatalogType struct {
	Name string `json:"name"`
	// TableFormat is that of its tables where the catalog names none.
	TableFormat string `json:"table_format"`
	// Managed: it keeps the files of its tables itself, so that a volume means nothing to it.
	Managed bool `json:"managed"`
}

// Support of a constraint type.
const (
	Enforced     = "enforced"
	NotEnforced  = "not_enforced"
	NotSupported = "not_supported"
)

// Publish classes: what a reader may see while a materialization replaces its target.
const (
	PublishAtomic = "atomic" // the old or the new, never anything else
	PublishWeak   = "weak"   // for a moment nothing, or a mixture
	PublishNone   = "none"   // no promise
)

// Flag is a behaviour flag.
type Flag struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
}

// Policy is one decision for each part of a relation's name.
type Policy struct {
	Database   bool `json:"database"`
	Schema     bool `json:"schema"`
	Identifier bool `json:"identifier"`
}

// Relation says how relations are spelled.
type Relation struct {
	// Class is the name of dbt's class, which templates can see.
	Class string `json:"class"`
	Quote string `json:"quote"`
	// Include says which parts are written, Quoting which of them in quotes, unless a project says otherwise.
	Include Policy `json:"include"`
	Quoting Policy `json:"quoting"`
	// Hive: statements that define things are read by Hive, which has names in backticks and without a database. Templates can ask a
	// relation for that spelling.
	Hive bool `json:"hive"`
	// ExternalSources: a source can name a place of files, which is written instead of the relation.
	ExternalSources bool `json:"external_sources"`
	// NoDatabase: a database that is not the schema is refused.
	NoDatabase bool `json:"no_database"`
	// MaxIdentifier is the longest name of a relation whose type is known; 0 for no limit.
	MaxIdentifier int `json:"max_identifier"`
	// SubqueryAlias: the subquery that --empty and --sample write needs an alias.
	SubqueryAlias bool `json:"subquery_alias"`
	// EventTimeCast: an event-time filter casts the column and its bounds to timestamp.
	EventTimeCast bool `json:"event_time_cast"`
	// Renameable and Replaceable are the relation types that can be renamed, and replaced in one statement.
	Renameable  []string `json:"renameable"`
	Replaceable []string `json:"replaceable"`
	// Extra are fields that the adapter's relations have beyond the common ones.
	Extra []string `json:"extra"`
}

// Column says what types mean: lists are of lower-case type names without size.
type Column struct {
	Class string `json:"class"`
	Quote string `json:"quote"`
	// Labels translates type names, given in upper case.
	Labels   map[string]string `json:"labels"`
	Strings  []string          `json:"strings"`
	Floats   []string          `json:"floats"`
	Integers []string          `json:"integers"`
	Numerics []string          `json:"numerics"`
	// StringType is the name of a string type of a size, which replaces %d; StringTypeUnsized that of one without, if set.
	StringType        string `json:"string_type"`
	StringTypeUnsized string `json:"string_type_unsized"`
	// StringSize is the size of a string whose type names none.
	StringSize int `json:"string_size"`
	// NumericType replaces the type's own name in front of precision and scale, if set.
	NumericType string `json:"numeric_type"`
	// Verbatim: data_type is the type as the engine wrote it. VerbatimUnsized are the types for which that holds as long as
	// they have no size; "text" never has one.
	Verbatim        bool     `json:"verbatim"`
	VerbatimUnsized []string `json:"verbatim_unsized"`
	// LiteralCast: literal() writes cast(v as t) instead of v::t.
	LiteralCast bool `json:"literal_cast"`
	// ExpandsStrings: every string type can be expanded to every other.
	ExpandsStrings bool `json:"expands_strings"`
	// Nested says which types are taken apart: NestedStructs, NestedArrays or none.
	Nested string `json:"nested"`
	// TableFormat: a column knows whether its table is one of Iceberg.
	TableFormat bool `json:"table_format"`
	// Parameters are those that making a column takes beyond name, type and sizes; each may be left out.
	Parameters []string `json:"parameters"`
	// ShortRepr: Python shows a column by name and type only.
	ShortRepr bool `json:"short_repr"`
	// Unsized: the engine keeps no sizes of strings, so that there is nothing to expand.
	Unsized bool `json:"unsized"`
	// RawDescription: a column read from the engine keeps its type as one text, sizes included.
	RawDescription bool `json:"raw_description"`
}

// What Column.Nested can be.
const (
	NestedStructs = "structs"
	NestedArrays  = "arrays" // and binary types
)

// Seed names the column types of a CSV file. Text may hold %d, which is the longest value's length in bytes.
type Seed struct {
	// QuoteArgument: quote_seed_column() takes the character to quote with.
	QuoteArgument bool `json:"quote_argument"`
	// ReadsFile: the engine reads the file itself, unless the seed's config `fast` is false.
	ReadsFile bool `json:"reads_file"`
	// Binding is the mark of a bound value in a statement, where adapter.add_query() takes bindings.
	Binding string `json:"binding"`

	Text     string `json:"text"`
	Integer  string `json:"integer"`
	Number   string `json:"number"`
	Decimal  string `json:"decimal"`
	Boolean  string `json:"boolean"`
	Datetime string `json:"datetime"`
	Date     string `json:"date"`
	Time     string `json:"time"`
}

// Profile describes an output.
type Profile struct {
	Keys []ProfileKey `json:"keys"`
	// Aliases are other names of keys, in dbt's order.
	Aliases []Alias `json:"aliases"`
	// Target are the keys that templates see in `target`, in dbt's order; aliases of them follow.
	Target []string `json:"target"`
	// MissingKey is what is said of a required key that is not there, %s being the key. NullIsMissing: a null is no value.
	MissingKey    string `json:"missing_key"`
	NullIsMissing bool   `json:"null_is_missing"`
}

// ProfileKey is a key of an output.
type ProfileKey struct {
	Name string `json:"name"`
	// Type is JSON Schema's: string, integer, number, boolean, array, object.
	Type     string `json:"type"`
	Required bool   `json:"required"`
	Nullable bool   `json:"nullable"`
	// Default is JSON; nothing means null.
	Default json.RawMessage `json:"default"`
	// Secret values are never shown.
	Secret bool `json:"secret"`
	// Enum lists the values allowed, if they are limited.
	Enum []string `json:"enum"`
	// Unused says why the key changes nothing in weft, for keys that do something in dbt's adapter; it is told when the key has another value
	// than its default.
	Unused string `json:"unused"`
	// Fields are the keys of an object, or of each object of an array.
	Fields []ProfileKey `json:"fields"`
}

// Alias says that Alias is another name of Key.
type Alias struct {
	Alias string `json:"alias"`
	Key   string `json:"key"`
}

//go:embed data/*.json
var data embed.FS

// loaders reads each dialect's file once, when it is first asked for.
var loaders = map[string]func() *Dialect{
	"athena":   sync.OnceValue(func() *Dialect { return load("athena") }),
	"duckdb":   sync.OnceValue(func() *Dialect { return load("duckdb") }),
	"postgres": sync.OnceValue(func() *Dialect { return load("postgres") }),
	"redshift": sync.OnceValue(func() *Dialect { return load("redshift") }),
	"spark":    sync.OnceValue(func() *Dialect { return load("spark") }),
}

// Get finds a dialect by dbt's adapter type.
func Get(name string) (*Dialect, bool) {
	l, ok := loaders[name]
	if !ok {
		return nil, false
	}
	return l(), true
}

// Names lists the dialects in alphabetical order.
func Names() []string {
	names := make([]string, 0, len(loaders))
	for n := range loaders {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func load(name string) *Dialect {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		panic("dialect: " + err.Error())
	}
	d := &Dialect{}
	if err := json.Unmarshal(text, d); err != nil {
		panic("dialect " + name + ": " + err.Error())
	}
	return d
}

// Prefixes are the prefixes of a dispatched macro's name, in the order of the search.
func (d *Dialect) Prefixes() []string {
	return append(append([]string{d.Name}, d.Parents...), "default")
}

// QuoteIdentifier puts the dialect's quotes around a name. Like dbt it does not double quotes inside: a name that holds one
// is passed on as its author wrote it. EscapeIdentifier is for names that nobody wrote.
func (d *Dialect) QuoteIdentifier(name string) string { return d.Quote + name + d.Quote }

// EscapeIdentifier puts the dialect's quotes around a name and doubles those inside, so that any text is one identifier.
func (d *Dialect) EscapeIdentifier(name string) string {
	return d.Quote + strings.ReplaceAll(name, d.Quote, d.Quote+d.Quote) + d.Quote
}

// Fold spells an unquoted name as the engine stores it.
func (d *Dialect) Fold(name string) string {
	if d.Case == "lower" {
		return strings.ToLower(name)
	}
	return name
}

// Supports says whether the adapter has one of dbt's capabilities.
func (d *Dialect) Supports(capability string) bool {
	_, ok := slices.BinarySearch(d.Capabilities, capability)
	return ok
}

// Key finds a key of an output by its name or an alias of it.
func (p *Profile) Key(name string) (*ProfileKey, bool) {
	name = p.Canonical(name)
	for i := range p.Keys {
		if p.Keys[i].Name == name {
			return &p.Keys[i], true
		}
	}
	return nil, false
}

// Canonical is the name that an alias stands for; any other name is its own.
func (p *Profile) Canonical(name string) string {
	for _, a := range p.Aliases {
		if a.Alias == name {
			return a.Key
		}
	}
	return name
}

// Keeps says that a database keeps the files of its tables itself.
func (d *Dialect) Keeps(database string) bool {
	n := len(d.Build.Managed)
	return n > 0 && len(database) > n && strings.EqualFold(database[:n], d.Build.Managed)
}
