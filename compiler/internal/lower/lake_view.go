package lower

import (
	"github.com/weft-data/weft/compiler/plan"
)

// lakeView replaces a view in one statement; where a table has its name, the view is made aside and the entry of the name takes it over.
func (b builder) lakeView(phase plan.Phase) []plan.Batch {
	if phase != plan.Publish {
		return nil
	}
	work := b.hooks(b.PreHooks, "pre-hook")
	old := b.found.Find(b.Relation)
	name, cause := b.Relation, "the view is new"
	if old != nil && old.Kind == plan.View {
		cause = "the view exists"
	} else if old != nil {
		name, cause = b.staged(), "a table has the view's name"
		work = append(work, b.discardStaged("a run that was killed may have left it behind"))
	}
	main := b.code(plan.Build, "create or replace view "+b.d.Render(name)+" as\n", "", cause)
	main.Main = true
	work = append(work, main)
	if name != b.Relation {
		work = append(work, b.point("the view takes the table's place"),
			b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "the view has its name now"),
			b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"))
	}
	work = append(work, b.describe()...)
	return []plan.Batch{{Phase: plan.Publish, Statements: append(work, b.hooks(b.PostHooks, "post-hook")...)}}
}
