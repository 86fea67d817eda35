package planning

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// engineSettings are the configs of a node that go to its engine with each statement, and the database that the statements are about
// where that is not the target's own and names in them cannot say so.
func (p *Project) engineSettings(n *resource.Node) map[string]string {
	var out map[string]string
	put := func(name, value string) {
		if value == "" {
			return
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = value
	}
	data, c := p.dialectData(n), n.Settings()
	profile := resource.SettingsOf(p.Set.Profile.Output)
	for _, s := range data.Settings {
		if !s.Passed {
			continue
		}
		value := c.Text(s.Name)
		if value == "" && s.ByVerb != "" {
			value = resource.SettingsOf(profile.Dict(s.ByVerb)).Text(verb(n.Kind))
		}
		put(s.Name, value)
	}
	if n.HasRelation() {
		put(data.Build.Context, p.context(data, n.Database))
	}
	return out
}

// context is the database that an engine must be told beside a statement about one of its relations, "" if it is the target's own.
func (p *Project) context(d *dialect.Dialect, database string) string {
	if d.Build.Context == "" || strings.EqualFold(database, p.Set.Profile.Database) {
		return ""
	}
	return database
}

// managed says that a node's database keeps the files of its tables itself.
func (p *Project) managed(n *resource.Node) bool {
	return p.dialectData(n).Keeps(n.Database)
}

// refusedDatabase refuses to build where tables cannot be published, and what a database that keeps its tables' files does not have.
func (pl *Planned) refusedDatabase(n *resource.Node, materialization string) (diags diag.List) {
	p := pl.project
	data := p.dialectData(n)
	if data.Build.Home == "" || !n.HasRelation() {
		return nil
	}
	bad := func(hint, format string, args ...any) {
		d := diags.Add(diag.BadStorage, n.Code, format, args...)
		d.Node, d.Hint = string(n.ID), hint
	}
	stored := n.Kind != node.Test || n.StoresFailures()
	switch {
	case !stored, n.Kind == node.UnitTest:
	case !p.managed(n) && !strings.EqualFold(n.Database, data.Build.Home):
		bad("set the node's database to one of these; tables of other catalogs can be sources", "weft builds in %s and in %sBUCKET, and the node's database is %s", data.Build.Home, data.Build.Managed, n.Database)
	case !p.managed(n):
	case materialization == "view", n.Kind == node.Test && n.Settings().Text("store_failures_as") == "view":
		bad("set its database to "+data.Build.Home+" (a view there can read tables of "+n.Database+"), or materialize it as a table", "the catalog %s has no views", n.Database)
	case n.Kind == node.Seed:
		bad("set the database of seeds to "+data.Build.Home+" in dbt_project.yml, and select from them", "the catalog %s takes no files, and seeds are uploaded", n.Database)
	}
	return diags
}

// verb is dbt's command for nodes of a kind.
func verb(k node.Kind) string {
	switch k {
	case node.Seed, node.Snapshot:
		return string(k)
	case node.Test, node.UnitTest:
		return "test"
	case node.Source:
		return "freshness"
	}
	return "run"
}

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
		c, data := n.Settings(), pl.project.dialectData(n)
		idle := func(name, why string) {
			if u := uses[name]; u != nil {
				u.more++
				return
			}
			uses[name] = &use{first: n, why: why}
			names = append(names, name)
		}
		for _, s := range data.Settings {
			if !s.Refused && !s.Passed && c.Truth(s.Name) {
				idle(s.Name, s.Why)
			}
		}
		if data.Build.Lake && n.ContractEnforced() && constrained(n) {
			idle("constraints", data.Title+" keeps no constraints, so that nothing holds the rows to them; data tests do")
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

// constrained says that a node's contract has constraints beside columns and types.
func constrained(n *resource.Node) bool {
	return len(n.Constraints) > 0 || slices.ContainsFunc(n.Columns, func(c resource.Column) bool { return len(c.Constraints) > 0 })
}
