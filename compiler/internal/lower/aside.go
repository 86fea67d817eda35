package lower

import (
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Staged is where a relation is built aside.
func Staged(r node.Relation) node.Relation {
	r.Identifier += stagedSuffix
	return r
}

// StagedNames are the names under which a node of that relation may be built aside.
func StagedNames(r node.Relation) []node.Relation {
	names := []node.Relation{Staged(r)}
	suffixes := []string{rowsSuffix, branchSuffix, stagedSuffix + "_rows", stagedSuffix + "_part"}
	for i := range versions {
		suffixes = append(suffixes, versionSuffix+itoa(int64(i+1)))
	}
	for _, suffix := range suffixes {
		x := r
		x.Identifier += suffix
		names = append(names, x)
	}
	return names
}

// AsideFirst lowers the first batch of a microbatch model whose table is built aside from the first batch to the last: it makes the staged
// table, and publishes nothing. A reader sees the old table until the last batch has ended, and all batches at once afterwards.
func AsideFirst(n Node, d Dialect, found plan.Index) Lowered {
	if r := refuse(n, d, found); r != nil {
		return Lowered{Refusal: r}
	}
	b := builder{Node: n, d: d, found: found}
	if d.Lake {
		return Lowered{Publish: d.Publish[n.Materialization], Batches: append(outside(n, n.PreHooks, "pre-hook"), b.table(plan.Stage)...), Recover: b.lakeRecovery()}
	}
	work, phase := b.hooks(n.PreHooks, "pre-hook"), plan.Stage
	if len(work) > 0 {
		phase = plan.Publish
	}
	work = append(work, b.stage(b.build())...)
	return Lowered{Publish: d.Publish[n.Materialization],
		Batches: append(outside(n, n.PreHooks, "pre-hook"), plan.Batch{Phase: phase, Atomic: len(work) > 1, Statements: work})}
}

// AsideNext lowers a later batch: n.Relation is the staged table, which the batch finds and adds to as it would to the table itself. The last
// one ends with the table's taking the place of target.
func AsideNext(n Node, target node.Relation, last bool, d Dialect, found plan.Index) Lowered {
	inner := n
	inner.PostHooks, inner.Indexes, inner.Pointer, inner.Docs = nil, nil, nil, Docs{}
	if n.Storage != nil {
		hidden := *n.Storage
		hidden.Hidden = true
		inner.Storage = &hidden
	}
	out := Lower(inner, d, found)
	if !last || out.Refusal != nil {
		return out
	}
	n.Relation = target
	out.Batches = append(out.Batches, PublishStaged(n, d, found)...)
	return out
}

// PublishStaged puts the staged table in the place of the node's relation, with what belongs to it then.
func PublishStaged(n Node, d Dialect, found plan.Index) []plan.Batch {
	b := builder{Node: n, d: d, found: found}
	var batches []plan.Batch
	if d.Lake {
		if b.versioned() {
			if left := b.discardVersion(); left != nil {
				batches = append(batches, plan.Batch{Phase: plan.Stage, Statements: left})
			}
		}
		batches = append(append(batches, b.table(plan.Publish)...), b.table(plan.Clean)...)
	} else {
		work := append(b.swap(), b.indexes()...)
		work = append(work, b.after()...)
		batches = []plan.Batch{{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work}}
	}
	if n.Pointer != nil {
		batches = append(batches, b.pointer())
	}
	return append(batches, outside(n, n.PostHooks, "post-hook")...)
}

// DiscardStaged removes a table that was built aside and is not wanted any more.
func DiscardStaged(n Node, d Dialect, found plan.Index) []plan.Batch {
	b := builder{Node: n, d: d, found: found}
	if d.Lake {
		return []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{b.discardStaged("it was built aside and not published")}}}
	}
	return []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{b.drop(b.staged(), plan.Table, "it was built aside and not published")}}}
}
