package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Several statements on a table of Iceberg are several commits, and readers see each. Work that takes more than one is done on a branch: an
// entry of its own that begins with the state of the published table, shares its files, and then takes its place, unless somebody else has
// changed the published table meanwhile. Nothing is copied.

const branchSuffix = "__weft_next"

func (b builder) branch() node.Relation {
	next := b.Relation
	next.Identifier += branchSuffix
	return next
}

// branches says that work on the published table may be done on a branch of it.
func (b builder) branches() bool {
	s := b.Storage
	return s != nil && s.Iceberg && !s.Managed && !s.Hidden && len(b.Incremental.Scripted) == 0 && b.found.Find(b.Relation) != nil &&
		(b.Materialization == "incremental" && !rebuilds(b.Node, b.found) || b.Materialization == "snapshot")
}

func (b builder) branchOff() plan.Statement {
	return b.act(plan.Build, plan.Act{Verb: plan.Branch, Relation: b.branch(), Base: b.Relation, Staged: b.staged()}, "the work takes several commits, which nobody is to see one by one")
}

// merged lets the published entry take over the state of the branch.
func (b builder) merged() plan.Statement {
	return b.act(plan.Swap, plan.Act{Verb: plan.Point, Relation: b.Relation, Staged: b.branch(), Seen: b.staged(), Place: b.Storage.Aside}, "all commits become visible at once")
}

// splitRows is how the staged rows get into the branch in batches of partitions. whole says that the branch has yet to be made, and to be
// published.
func (b builder) splitRows(columns []plan.Column, whole bool) *plan.Split {
	key, limit := b.Storage.splitting(b.d.Quote)
	if limit < 1 || b.Materialization != "incremental" {
		return nil
	}
	if b.Incremental.follows() {
		columns = b.QueryColumns
	}
	names := columnNames(columns, b.d.Quote)
	target, staged := b.d.Render(b.target()), b.d.Render(b.staged())
	rows := "(\n  select * from " + staged + "\n  where " + key + " between " + plan.SplitFrom + " and " + plan.SplitTo + "\n)"
	keys := b.statement(plan.Query, "select "+key+" as "+keyColumn+"\nfrom "+staged+"\ngroup by 1\norder by 1", "the keys of the partitions")
	keys.Fetch = true
	split := &plan.Split{Force: b.Storage.Force, Limit: limit, Keys: keys}
	var batch plan.Statement
	markers, on, cause := b.replaced(columns)
	switch strategy := b.strategy(b.d); {
	case on != "":
		batch = b.insertOnLake(target, rows, strings.Join(names, ", "))
		split.Before = append(split.Before, b.statement(plan.Change, "merge into "+target+" as t\nusing (\n  select * from (\n    "+markers+"\n  ) as m ("+
			strings.Join(append(names[:len(names):len(names)], "dbt_marker"), ", ")+")\n) as s\non "+on+"\nwhen matched then delete", cause))
	case strategy == "merge", strategy == "microbatch":
		batch = b.mergeOnLake(target, rows, columns)
	default:
		batch = b.insertOnLake(target, rows, strings.Join(names, ", "))
	}
	split.First, split.Next = []plan.Statement{batch}, []plan.Statement{batch}
	if whole {
		split.Before = append([]plan.Statement{b.branchOff()}, split.Before...)
		split.After = []plan.Statement{b.merged()}
	}
	return split
}
