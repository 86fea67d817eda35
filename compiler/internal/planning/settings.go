package planning

import (
	"fmt"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
)

// refusedSettings refuses configs of dbt's adapter that change what a node means and that weft cannot heed.
func (pl *Planned) refusedSettings(n *resource.Node) (diags diag.List) {
	c := n.Settings()
	for _, s := range pl.project.dialectData(n).Settings {
		if s.Refused && c.Truth(s.Name) {
			d := diags.Add(diag.NotRunYet, n.Code, "weft does not heed the config `%s`", s.Name)
			d.Node, d.Hint = string(n.ID), s.Why
		}
	}
	return diags
}

// idleSettings tells of configs that have no effect: each once, with the first node that has it, since most stand in dbt_project.yml.
func (pl *Planned) idleSettings(order []int32) (diags diag.List) {
	type use struct {
		first *resource.Node
		more  int
		why   string
	}
	uses := map[string]*use{}
	var names []string
	for _, i := range order {
		n := pl.project.DAG.Node(i)
		if !n.HasRelation() {
			continue
		}
		c := n.Settings()
		for _, s := range pl.project.dialectData(n).Settings {
			if s.Refused || !c.Truth(s.Name) {
				continue
			}
			if u := uses[s.Name]; u != nil {
				u.more++
				continue
			}
			uses[s.Name] = &use{first: n, why: s.Why}
			names = append(names, s.Name)
		}
	}
	for _, name := range names {
		u := uses[name]
		where := "of " + string(u.first.ID)
		if u.more > 0 {
			where += fmt.Sprintf(" and %d more", u.more)
		}
		d := diags.Add(diag.IdleSetting, u.first.Code, "the config `%s` %s has no effect in weft", name, where)
		d.Hint = u.why
	}
	return diags
}
