package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/node"
)

// Kind is what sort of relation an engine holds under a name, in the words of dbt's relation types.
type Kind string

// The kinds of relations.
const (
	Table            Kind = "table"
	View             Kind = "view"
	MaterializedView Kind = "materialized_view"
	External         Kind = "external"
	// Temporary is a table of one session.
	Temporary Kind = "temporary"
)

// Observation asks what is there: the schemas of a database, the relations of a schema, or one relation.
type Observation struct {
	// Engine is the name of the engine to ask; empty is the target's default.
	Engine string `json:"engine,omitempty"`
	// Relation is a whole schema where Identifier is empty, and a database whose schemas are wanted where Schema is empty too. With an
	// Identifier alone it is a temporary table of the session that is asked.
	Relation node.Relation `json:"relation"`
	// Columns asks for the columns of relations too.
	Columns bool `json:"columns,omitempty"`
	// Links asks by which names others know the relation, Snapshot for the commit that a table is at. The latter may cost a question more.
	Links    bool `json:"links,omitempty"`
	Snapshot bool `json:"snapshot,omitempty"`
}

// Observed is what was found: plain, sorted, comparable. Nothing in here is inferred.
type Observed struct {
	// Schemas are the schemas that exist, with an empty Identifier.
	Schemas []node.Relation `json:"schemas,omitempty"`
	Objects []Object        `json:"objects,omitempty"`
}

// Object is one relation that exists.
type Object struct {
	Relation node.Relation `json:"relation"`
	Kind     Kind          `json:"kind"`
	// Columns is nil where nobody asked for them.
	Columns []Column `json:"columns,omitempty"`
	Owner   string   `json:"owner,omitempty"`
	Comment string   `json:"comment,omitempty"`
	// Format is how the files of a table on a lake are kept ("iceberg", "hive"), Location where they are; empty where there are none.
	Format   string `json:"format,omitempty"`
	Location string `json:"location,omitempty"`
	// Partitioned says that parts of the table stand in the catalog by themselves.
	Partitioned bool `json:"partitioned,omitempty"`
	// Version is the newest version of a table that is or was kept in versions: the identifier of the table with its files. Behind says that
	// what people and engines read under the name is a view, which counts as a table here.
	Version string `json:"version,omitempty"`
	Behind  bool   `json:"behind,omitempty"`
	// Links and Snapshot are nil where nobody asked for them, or there are none.
	Links    []Link    `json:"links,omitempty"`
	Snapshot *Snapshot `json:"snapshot,omitempty"`
}

// Link is another name of a relation: its name in a namespace of OpenLineage, and what has that name ("TABLE", "LOCATION").
type Link struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Type      string `json:"type"`
}

// Snapshot is the commit that a table is at, and what that added; counts are -1 where the table does not say.
type Snapshot struct {
	ID    string `json:"id"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
	Files int64  `json:"files"`
}

// Column is a column as the engine describes it, its type in the engine's own spelling.
type Column struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Comment string `json:"comment,omitempty"`
}

// Sort puts schemas and objects into their one order.
func (o *Observed) Sort() {
	slices.SortFunc(o.Schemas, compareRelations)
	slices.SortFunc(o.Objects, func(a, b Object) int { return compareRelations(a.Relation, b.Relation) })
}

// Merge adds what another observation found; it wins where both saw the same relation.
func (o *Observed) Merge(other Observed) {
	for _, s := range other.Schemas {
		if !slices.Contains(o.Schemas, s) {
			o.Schemas = append(o.Schemas, s)
		}
	}
	at := map[node.Relation]int{}
	for i, object := range o.Objects {
		at[object.Relation] = i
	}
	for _, object := range other.Objects {
		if i, found := at[object.Relation]; found {
			o.Objects[i] = object
			continue
		}
		o.Objects = append(o.Objects, object)
	}
	o.Sort()
}

// Index finds objects and schemas by name, whatever the case: engines fold names, and dbt compares them folded.
type Index struct {
	objects map[string]*Object
	schemas map[string]bool
}

// Index makes an index of what was observed; it stays valid as long as the slices are not changed.
func (o *Observed) Index() Index {
	ix := Index{objects: make(map[string]*Object, len(o.Objects)), schemas: make(map[string]bool, len(o.Schemas))}
	for i := range o.Objects {
		ix.objects[fold(o.Objects[i].Relation)] = &o.Objects[i]
	}
	for _, s := range o.Schemas {
		ix.schemas[fold(node.Relation{Database: s.Database, Schema: s.Schema})] = true
	}
	return ix
}

// Find is the object of that name, nil if there is none.
func (ix Index) Find(r node.Relation) *Object { return ix.objects[fold(r)] }

// Without is the index without one object.
func (ix Index) Without(r node.Relation) Index {
	if ix.Find(r) == nil {
		return ix
	}
	out := Index{objects: maps.Clone(ix.objects), schemas: ix.schemas}
	delete(out.objects, fold(r))
	return out
}

// HasSchema says whether the relation's schema exists.
func (ix Index) HasSchema(r node.Relation) bool {
	return ix.schemas[fold(node.Relation{Database: r.Database, Schema: r.Schema})]
}

func fold(r node.Relation) string {
	return strings.ToLower(r.Database) + "\x00" + strings.ToLower(r.Schema) + "\x00" + strings.ToLower(r.Identifier)
}

func compareRelations(a, b node.Relation) int {
	return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Identifier, b.Identifier))
}
