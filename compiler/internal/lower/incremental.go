package lower

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Rebuilds says that an incremental model is built as a whole.
func Rebuilds(n Node, found plan.Index) bool { return rebuilds(n, found) }

// Strategy is the incremental strategy of a node, the engine's default where it names none.
func Strategy(n Node, d Dialect) string { return n.strategy(d) }

// TemporaryRelation is the session's table of new rows, which has no schema.
func TemporaryRelation(n Node, _ Dialect) node.Relation {
	return node.Relation{Identifier: n.Relation.Identifier + stagedSuffix}
}

// rebuilds says that an incremental model is built as a whole: it is new, or not a table, or a full refresh is wanted.
func rebuilds(n Node, found plan.Index) bool {
	old := found.Find(n.Relation)
	return old == nil || old.Kind == plan.View || n.FullRefresh
}

func refuseIncremental(n Node, d Dialect, found plan.Index) *plan.Refusal {
	strategy := n.strategy(d)
	if rebuilds(n, found) {
		return nil
	}
	if n.Incremental.Scripted == nil && !slices.Contains(d.Strategies, strategy) {
		return &plan.Refusal{Code: string(diag.UnknownStrategy), Message: "The incremental strategy '" + strategy +
			"' is not valid for " + d.Name + "; it has " + strings.Join(d.Strategies, ", ")}
	}
	if strategy == "microbatch" && n.Incremental.Scripted == nil && len(n.Incremental.UniqueKey) > 0 && !d.Lake {
		return &plan.Refusal{Code: string(diag.BadIncrementalConfig), Message: "a microbatch model replaces whole batches by its event_time and cannot have a unique_key; " +
			"remove it, or use incremental_strategy `merge`"}
	}
	switch {
	case n.Incremental.Scripted == nil && !slices.Contains([]string{"append", "delete+insert", "merge", "microbatch", "insert_overwrite"}, strategy):
		return &plan.Refusal{Code: string(diag.NotRunYet), Message: "weft does not run the incremental strategy `" + strategy + "` yet"}
	case len(found.Find(n.Relation).Columns) == 0:
		return &plan.Refusal{Code: string(diag.Internal), Message: "the columns of " + d.Render(n.Relation) + " were not observed, and an incremental model needs them"}
	case len(n.Incremental.UpdateColumns) > 0 && len(n.Incremental.ExcludeColumns) > 0:
		return &plan.Refusal{Code: string(diag.BadIncrementalConfig), Message: "Model cannot specify merge_update_columns and merge_exclude_columns. " +
			"Please update model to use only one config"}
	}
	return refuseSchemaChange(n, d, found)
}

func (n Node) strategy(d Dialect) string {
	if n.Incremental.Strategy == "" || n.Incremental.Strategy == "default" {
		return d.DefaultStrategy
	}
	return n.Incremental.Strategy
}

// incremental builds a table as a whole, or stages the new rows and applies them to the table in one transaction.
func (b builder) incremental(phase plan.Phase) []plan.Batch {
	if b.d.Lake {
		return b.lakeIncremental(phase)
	}
	if rebuilds(b.Node, b.found) {
		return b.table(phase)
	}
	old := b.found.Find(b.Relation)
	stage := []plan.Statement{b.code(plan.Build, "create temporary table "+b.temporary()+" as (\n", "\n)", "the new rows are made aside")}
	work, columns := b.followColumns(old.Columns)
	apply := b.apply(b.temporary(), columns)
	apply[len(apply)-1].Main = true
	return b.stageAndApply(phase, stage, append(work, apply...))
}

// stageAndApply makes a session's table of new rows and applies it in one transaction with the hooks. A hook inside the transaction
// before the query ties both together.
func (b builder) stageAndApply(phase plan.Phase, stage, apply []plan.Statement) []plan.Batch {
	before := b.hooks(b.PreHooks, "pre-hook")
	switch phase {
	case plan.Stage:
		if len(before) > 0 {
			return nil
		}
		return append(b.leftover(), plan.Batch{Phase: plan.Stage, Statements: stage})
	case plan.Publish:
		var work []plan.Statement
		if len(before) > 0 {
			work = append(before, stage...)
		}
		work = append(work, apply...)
		work = append(work, b.after()...)
		var batches []plan.Batch
		if len(before) > 0 {
			batches = b.leftover()
		}
		return append(batches, plan.Batch{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work})
	case plan.Clean:
		return []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{
			b.statement(plan.Drop, "drop table if exists "+b.temporary(), "its rows are applied")}}}
	}
	return nil
}

// leftover removes the table that a run built aside, when it made the model as a whole, and was killed before it published it.
func (b builder) leftover() []plan.Batch {
	left := b.found.Find(b.staged())
	if left == nil || left.Kind == plan.Temporary {
		return nil
	}
	return []plan.Batch{{Phase: plan.Stage, Statements: []plan.Statement{b.drop(b.staged(), left.Kind, "a run that was killed left it behind")}}}
}

// temporary is the session's table of new rows. It has the name of what is built aside, so that the two cannot be taken for one
// another: a node has one or the other.
func (b builder) temporary() string { return b.d.Quote(b.staged().Identifier) }

// apply writes the statements of a strategy: what is staged at source goes into the target, whose columns are given.
func (b builder) apply(source string, columns []plan.Column) []plan.Statement {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = b.d.Quote(c.Name)
	}
	list := strings.Join(quoted, ", ")
	target := b.d.Render(b.Relation)
	insert := b.statement(plan.Change, "insert into "+target+" ("+list+")\n(\n  select "+list+"\n  from "+source+"\n)", "the new rows")
	switch strategy := b.strategy(b.d); {
	case len(b.Incremental.Scripted) > 0:
		var work []plan.Statement
		for _, sql := range b.Incremental.Scripted {
			work = append(work, b.statement(plan.Change, sql, "a macro wrote it"))
		}
		return work
	case strategy == "microbatch" && b.Incremental.Interval != nil:
		return b.replaceInterval(target, source, list)
	case strategy == "insert_overwrite":
		return []plan.Statement{b.statement(plan.Change, "insert overwrite table "+target+"\nselect "+list+"\nfrom "+source, "the partitions of the new rows are replaced")}
	case strategy == "merge":
		return []plan.Statement{b.merge(target, source, columns)}
	case strategy == "delete+insert" && len(b.Incremental.UniqueKey) > 0:
		return []plan.Statement{b.delete(target, source), insert}
	default:
		return []plan.Statement{insert}
	}
}

func (b builder) delete(target, source string) plan.Statement {
	var s strings.Builder
	keys := b.Incremental.UniqueKey
	if b.Incremental.KeyIsList {
		s.WriteString("delete from " + target + " as DBT_INCREMENTAL_TARGET\nusing " + source + "\nwhere (")
		for i, k := range keys {
			if i > 0 {
				s.WriteString(" and ")
			}
			s.WriteString(source + "." + k + " = DBT_INCREMENTAL_TARGET." + k)
		}
		for _, p := range b.Incremental.Predicates {
			s.WriteString("\n  and " + p)
		}
		s.WriteString("\n)")
	} else {
		s.WriteString("delete from " + target + "\nwhere (" + keys[0] + ") in (\n  select (" + keys[0] + ")\n  from " + source + "\n)")
		for _, p := range b.Incremental.Predicates {
			s.WriteString("\n  and " + p)
		}
	}
	return b.statement(plan.Change, s.String(), "rows with the keys of new rows are replaced")
}

// replaceInterval replaces the rows of a batch's time.
func (b builder) replaceInterval(target, source, list string) []plan.Statement {
	in := b.Incremental
	batch := in.EventTime + " >= " + literal(in.Interval.Start) + "\n  and " + in.EventTime + " < " + literal(in.Interval.End)
	where := batch
	for _, p := range in.Predicates {
		where += "\n  and (" + p + ")"
	}
	return []plan.Statement{
		b.statement(plan.Change, "delete from "+target+"\nwhere "+where, "the batch is replaced"),
		b.statement(plan.Change, "insert into "+target+" ("+list+")\nselect "+list+"\nfrom "+source+"\nwhere "+batch, "the rows of the batch"),
	}
}

// merge updates rows whose key is there and inserts the others; without a key it inserts all.
func (b builder) merge(target, source string, columns []plan.Column) plan.Statement {
	var on []string
	for _, k := range b.Incremental.UniqueKey {
		on = append(on, "DBT_INTERNAL_SOURCE."+k+" = DBT_INTERNAL_DEST."+k)
	}
	if len(b.Incremental.UniqueKey) == 0 {
		on = append(on, "FALSE")
	}
	on = append(on, b.Incremental.Predicates...)
	var all, set, values []string
	for _, c := range columns {
		q := b.d.Quote(c.Name)
		all, values = append(all, q), append(values, "DBT_INTERNAL_SOURCE."+q)
		if len(b.Incremental.UpdateColumns) == 0 && !containsFold(b.Incremental.ExcludeColumns, c.Name) {
			set = append(set, q+" = DBT_INTERNAL_SOURCE."+q)
		}
	}
	for _, c := range b.Incremental.UpdateColumns {
		set = append(set, c+" = DBT_INTERNAL_SOURCE."+c)
	}
	update, insert := "set "+strings.Join(set, ", "), "("+strings.Join(all, ", ")+")\nvalues ("+strings.Join(values, ", ")+")"
	if b.d.MergeByName {
		insert = "by name"
		if len(b.Incremental.UpdateColumns)+len(b.Incremental.ExcludeColumns) == 0 {
			update = "by name"
		}
	}
	sql := "merge into " + target + " as DBT_INTERNAL_DEST\nusing " + source + " as DBT_INTERNAL_SOURCE\non (" + strings.Join(on, ") and (") + ")"
	if len(b.Incremental.UniqueKey) > 0 && len(set) > 0 {
		sql += "\nwhen matched then update " + update
	}
	sql += "\nwhen not matched then insert " + insert
	return b.statement(plan.Change, sql, "rows are updated or inserted by their key")
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(e string) bool { return strings.EqualFold(e, s) })
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
