package lower

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
)

// rebuilds says that an incremental model is built as a whole: it is new, or not a table, or a full refresh is wanted.
func rebuilds(n Node, found plan.Index) bool {
	old := found.Find(n.Relation)
	return old == nil || old.Kind == plan.View || n.FullRefresh
}

func refuseIncremental(n Node, d Dialect, found plan.Index) *plan.Refusal {
	strategy := n.strategy(d)
	if !slices.Contains(d.Strategies, strategy) {
		return &plan.Refusal{Code: string(diag.UnknownStrategy), Message: "The incremental strategy '" + strategy +
			"' is not valid for " + d.Name + "; it has " + strings.Join(d.Strategies, ", ")}
	}
	if rebuilds(n, found) && strategy != "microbatch" {
		return nil
	}
	switch {
	case !slices.Contains([]string{"append", "delete+insert", "merge"}, strategy):
		return &plan.Refusal{Code: string(diag.NotRunYet), Message: "weft does not run the incremental strategy `" + strategy + "` yet"}
	case n.Incremental.OnSchemaChange != "" && n.Incremental.OnSchemaChange != "ignore":
		return &plan.Refusal{Code: string(diag.NotRunYet), Message: "weft does not run `on_schema_change: " + n.Incremental.OnSchemaChange +
			"` yet on a table that exists; --full-refresh builds it anew"}
	case len(found.Find(n.Relation).Columns) == 0:
		return &plan.Refusal{Code: string(diag.Internal), Message: "the columns of " + d.Render(n.Relation) + " were not observed, and an incremental model needs them"}
	case len(n.Incremental.UpdateColumns) > 0 && len(n.Incremental.ExcludeColumns) > 0:
		return &plan.Refusal{Code: string(diag.BadIncrementalConfig), Message: "Model cannot specify merge_update_columns and merge_exclude_columns. " +
			"Please update model to use only one config"}
	}
	return nil
}

func (n Node) strategy(d Dialect) string {
	if n.Incremental.Strategy == "" || n.Incremental.Strategy == "default" {
		return d.DefaultStrategy
	}
	return n.Incremental.Strategy
}

// incremental builds a table as a whole, or stages the new rows and applies them to the table in one transaction.
func (b builder) incremental(phase plan.Phase) []plan.Batch {
	if rebuilds(b.Node, b.found) {
		return b.table(phase)
	}
	old := b.found.Find(b.Relation)
	before := b.hooks(b.PreHooks, "pre-hook")
	stage := []plan.Statement{b.code(plan.Build, "create temporary table "+b.temporary()+" as (\n", "\n)", "the new rows are made aside")}
	switch phase {
	case plan.Stage:
		if len(before) > 0 {
			return nil
		}
		return []plan.Batch{{Phase: plan.Stage, Statements: stage}}
	case plan.Publish:
		var work []plan.Statement
		if len(before) > 0 {
			work = append(before, stage...)
		}
		apply := b.apply(b.temporary(), old.Columns)
		apply[len(apply)-1].Main = true
		work = append(work, apply...)
		work = append(work, b.after()...)
		return []plan.Batch{{Phase: plan.Publish, Atomic: len(work) > 1, Statements: work}}
	case plan.Clean:
		return []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{
			b.statement(plan.Drop, "drop table if exists "+b.temporary(), "its rows are applied")}}}
	}
	return nil
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
