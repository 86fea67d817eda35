package plan

import (
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
	// Staged is the relation whose files Relation takes over (Point, Overwrite).
	Staged node.Relation `json:"staged,omitzero"`
	// Keep is the relation that may have taken the files below Place over; they stay then (Discard).
	Keep node.Relation `json:"keep,omitzero"`
	// Place is a folder of files (Empty, Discard), where a file goes (Upload), or where the files are that Staged was made with (Point): a later
	// run tells by it whether the act was done.
	Place string `json:"place,omitempty"`
	// File is a file of the project (Upload).
	File string `json:"file,omitempty"`
	// Text and Columns are descriptions, Properties what else an entry says (Describe).
	Text       *string           `json:"text,omitempty"`
	Columns    map[string]string `json:"columns,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
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
	// Expire removes the files of the versions of Relation that nobody reads any more: all but the current and the one before.
	Expire Verb = "expire"
	// Upload stores File at Place.
	Upload Verb = "upload"
	// Describe writes descriptions and properties into the entry.
	DescribeEntry Verb = "describe"
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
	case Upload:
		add(a.File, "to", a.Place)
	case DescribeEntry:
		if a.Text != nil {
			add("as", strconv.Quote(*a.Text))
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

// Shown is what people see of a statement: its text, or its act in words.
func (s *Statement) Shown() string {
	if s.Act != nil {
		return s.Act.String()
	}
	return s.SQL
}
