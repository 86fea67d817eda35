package plan

import (
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/node"
)

// Act is what an engine does by a call of its catalog or its store, because no SQL of it can. Which acts an engine has stands in its dialect's data;
// it refuses all others.
type Act struct {
	Verb Verb `json:"verb"`
	// Relation is what it is done to.
	Relation node.Relation `json:"relation,omitzero"`
	// Staged is the relation whose files Relation takes over (Point, Overwrite, Adopt, Gather), or which remembers what Branch saw.
	Staged node.Relation `json:"staged,omitzero"`
	// Base is the published relation whose rows Relation has too (Adopt, Branch).
	Base node.Relation `json:"base,omitzero"`
	// Beside says that the rows of Staged stand beside those of Base in the same partitions, else they take their place (Adopt).
	Beside bool `json:"beside,omitempty"`
	// Typed says that the columns which Staged and Base both have must have the same types (Adopt).
	Typed bool `json:"typed,omitempty"`
	// Version is the table that Staged, a view, shows, and that Relation then is a version of (Point).
	Version node.Relation `json:"version,omitzero"`
	// Seen is the relation that remembers on which state of Relation Staged was built: if Relation is in another one, nothing is done (Point).
	Seen node.Relation `json:"seen,omitzero"`
	// Keep is the relation that may have taken the files below Place over, or show Relation as a version; what it uses stays (Discard, Adopt).
	Keep node.Relation `json:"keep,omitzero"`
	// Place is a folder of files (Empty, Discard), where a file goes (Upload), or where the files are that Staged was made with (Point): a later
	// run tells by it whether the act was done.
	Place string `json:"place,omitempty"`
	// File is a file of the project (Upload).
	File string `json:"file,omitempty"`
	// Text and Columns are descriptions (Describe), Properties what else an entry says (Describe, Point, Adopt).
	Text       *string           `json:"text,omitempty"`
	Columns    map[string]string `json:"columns,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
	// Owner is whose the entry says the relation is (Describe).
	Owner string `json:"owner,omitempty"`
	// ColumnProperties are what else an entry says of columns (Describe).
	ColumnProperties map[string]map[string]string `json:"column_properties,omitempty"`
	// Newest is how many versions of the entry stay, the current one among them (TrimEntry).
	Newest int `json:"newest,omitempty"`
	// Tags are those that Relation is to have (Tag), Filters those of its rows and columns, with who may select through each (Filter).
	Tags    *Tags             `json:"tags,omitempty"`
	Filters map[string]Filter `json:"filters,omitempty"`
}

// Tags are what the governance of a lake knows a table by: a value for each key, for the table and, by key and value, for columns.
type Tags struct {
	Table   map[string]string              `json:"table,omitempty"`
	Columns map[string]map[string][]string `json:"columns,omitempty"`
	// Inherited are keys whose tags are left alone.
	Inherited []string `json:"inherited,omitempty"`
}

// Filter lets principals select the rows for which an expression is true, of some columns or, if there are none, of all.
type Filter struct {
	Rows       string   `json:"rows"`
	Columns    []string `json:"columns,omitempty"`
	Principals []string `json:"principals,omitempty"`
}

// Verb is what an act does.
type Verb string

// The acts.
const (
	// Point makes Relation show what Staged holds, in one change of the catalog's entry: a reader sees the old or the new. It fails as a
	// conflict if somebody else changed the entry at the same moment.
	Point Verb = "point"
	// Overwrite makes the partitions that Staged has those of Relation, each in one change; the others stay.
	Overwrite Verb = "overwrite"
	// Forget removes an entry and leaves its files alone.
	Forget Verb = "forget"
	// Discard removes an entry, if it is there, and the files below Place, unless Keep's are among them: what a run left behind.
	Discard Verb = "discard"
	// Empty removes the files below Place.
	Empty Verb = "empty"
	// Adopt makes Relation, a new entry, of Staged's files, and removes the entry of Staged; with Base it has Base's partitions too. No file
	// is touched.
	Adopt Verb = "adopt"
	// Gather gives the partitions of Staged to Relation, and removes the entry of Staged.
	Gather Verb = "gather"
	// Branch makes Relation an entry of its own on the state of Base, an Iceberg table: what is committed to one of them is not seen in the
	// other.
	Branch Verb = "branch"
	// Expire removes the files of the versions of Relation that nobody reads any more: all but the current and the one before.
	Expire Verb = "expire"
	// Erase removes the files of Relation, of its versions and partitions, and the entries of its versions; its own entry stays. Of a view that
	// shows no versions it removes nothing.
	Erase Verb = "erase"
	// TrimEntry removes the versions of Relation's entry that the catalog has archived, all but the Newest. No file is touched.
	TrimEntry Verb = "trim"
	// Upload stores File at Place.
	Upload Verb = "upload"
	// Describe writes descriptions and properties into the entry.
	DescribeEntry Verb = "describe"
	// TagEntry makes the tags of Relation and of its columns those given; of a schema it adds them.
	TagEntry Verb = "tag"
	// FilterRows makes the filters of Relation, and who may select through them, those given.
	FilterRows Verb = "filter"
)

// String is the act as people read it, in the form of a comment of SQL: plan, log and target/run show it where a statement would stand.
func (a *Act) String() string {
	words := []string{"-- " + string(a.Verb)}
	add := func(parts ...string) { words = append(words, parts...) }
	if a.Relation != (node.Relation{}) {
		add(a.Relation.String())
	}
	switch a.Verb {
	case Overwrite:
		add("with the partitions of", a.Staged.String())
	case Point:
		add("at the files of", a.Staged.String())
		if a.Version != (node.Relation{}) {
			words[len(words)-2] = "at"
			add("on", a.Version.String())
		}
	case Adopt:
		add("with the files of", a.Staged.String())
		switch {
		case a.Beside:
			add("beside those of", a.Base.String())
		case a.Base != (node.Relation{}):
			add("and the other partitions of", a.Base.String())
		}
	case Gather:
		add("with the partitions of", a.Staged.String())
	case Branch:
		add("on the state of", a.Base.String())
	case TrimEntry:
		add("to", strconv.Itoa(a.Newest), "versions of its entry")
	case Upload:
		add(a.File, "to", a.Place)
	case TagEntry:
		add(a.Tags.words()...)
	case FilterRows:
		for _, name := range slices.Sorted(maps.Keys(a.Filters)) {
			f := a.Filters[name]
			add("by "+name, "("+strings.Join(append([]string{"where " + f.Rows}, f.Columns...), ", ")+")", "for", strings.Join(f.Principals, ", "))
		}
	case DescribeEntry:
		if a.Owner != "" {
			add("of", strconv.Quote(a.Owner))
		}
		if a.Text != nil {
			add("as", strconv.Quote(*a.Text))
		}
		for _, column := range slices.Sorted(maps.Keys(a.ColumnProperties)) {
			for _, k := range slices.Sorted(maps.Keys(a.ColumnProperties[column])) {
				add(column + "." + k + "=" + strconv.Quote(a.ColumnProperties[column][k]))
			}
		}
		for _, list := range []map[string]string{a.Columns, a.Properties} {
			keys := make([]string, 0, len(list))
			for k := range list {
				keys = append(keys, k)
			}
			sort.Strings(keys)
			for _, k := range keys {
				add(k + "=" + strconv.Quote(list[k]))
			}
		}
	default:
		if a.Place != "" {
			add(a.Place)
		}
	}
	return strings.Join(words, " ")
}

// words are tags as people read them.
func (t *Tags) words() []string {
	if t == nil {
		return nil
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(t.Table)) {
		out = append(out, k+"="+strconv.Quote(t.Table[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(t.Columns)) {
		for _, v := range slices.Sorted(maps.Keys(t.Columns[k])) {
			out = append(out, k+"="+strconv.Quote(v)+" ("+strings.Join(t.Columns[k][v], ", ")+")")
		}
	}
	return out
}

// Shown is what people see of a statement: its text, or its act in words.
func (s *Statement) Shown() string {
	if s.Act != nil {
		return s.Act.String()
	}
	return s.SQL
}
