package plan

import (
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/node"
)

// Publishes says that a step makes something that readers see.
func (s *Step) Publishes() bool {
	switch s.Kind {
	case node.Exposure, node.SavedQuery, node.UnitTest:
		return false
	case node.Test:
		return s.Label.StoredFailures != ""
	}
	return s.Refusal == nil
}

// Way says in a few words how a step makes its result visible, as people read it beside its class; "" for a step that publishes nothing, and for
// one whose statements are made when it runs.
func (s *Step) Way() string {
	batches, statements := 0, 0
	whole, way := true, ""
	for _, b := range s.Batches {
		if b.Phase != Publish {
			continue
		}
		n := 0
		for _, st := range b.Statements {
			if st.Purpose == Hook || st.Purpose == Query || st.Purpose == RunTest {
				continue
			}
			n++
			if st.Act != nil {
				switch st.Act.Verb {
				case Point:
					way = "compare-and-set of the catalog's entry"
					if st.Act.Version != (node.Relation{}) {
						way = "flip of a view, by compare-and-set of its entry"
					}
				case Overwrite:
					way = "partition by partition"
				}
			}
		}
		if n > 0 {
			batches++
			statements += n
			whole = whole && b.Atomic
		}
	}
	if s.Publish == Weak && way != "" && !strings.HasPrefix(way, "partition") {
		way += ", then its partitions"
	}
	switch {
	case statements == 0 || way != "":
		return way
	case statements == 1:
		return "one statement"
	case batches == 1 && whole:
		return "one transaction"
	case whole:
		return strconv.Itoa(batches) + " transactions"
	}
	return strconv.Itoa(statements) + " statements"
}
