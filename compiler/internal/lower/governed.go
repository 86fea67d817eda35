package lower

import "github.com/weft-data/weft/compiler/plan"

// governed tells the governance of a lake who may see what, right after the relation became visible and before anything else is done with
// it. A relation that was there keeps what it had while it is published over, because its entry stays.
func (b builder) governed() []plan.Batch {
	var out []plan.Batch
	add := func(a plan.Act, cause string) {
		out = append(out, plan.Batch{Phase: plan.Clean, Statements: []plan.Statement{b.act(plan.Change, a, cause)}})
	}
	if b.Tags != nil {
		add(plan.Act{Verb: plan.TagEntry, Relation: b.Relation, Tags: b.Tags}, "the config `lf_tags_config` asks for it")
	}
	if b.Filters != nil {
		add(plan.Act{Verb: plan.FilterRows, Relation: b.Relation, Filters: b.Filters}, "the config `lf_grants` asks for it")
	}
	return out
}
