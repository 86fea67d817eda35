package planning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/rowdiff"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// unitProject is the little project that a unit test is: the model's text under the test's name, and an ephemeral model for each
// input. It answers references from nothing else, so that a test cannot read a real row.
type unitProject struct {
	*resolve.Graph
	test   *resource.Node
	inputs map[node.ID]*resource.Node // by what they stand for
	byID   map[node.ID]*resource.Node
	order  []*resource.Node
	unit   render.UnitTest
}

// Ref finds the input that stands for a model, seed or snapshot.
func (u *unitProject) Ref(from *resource.Node, pkg, name string, version jinja.Value) (*resource.Node, bool) {
	target, _ := u.Graph.Ref(from, pkg, name, version)
	return u.standIn(target), false
}

// Source finds the input that stands for a source's table.
func (u *unitProject) Source(from *resource.Node, source, table string) (*resource.Node, bool) {
	target, _ := u.Graph.Source(from, source, table)
	return u.standIn(target), false
}

func (u *unitProject) standIn(target *resource.Node) *resource.Node {
	if target == nil {
		return nil
	}
	return u.inputs[target.ID]
}

// Node finds the test or one of its inputs.
func (u *unitProject) Node(id node.ID) *resource.Node { return u.byID[id] }

// Nodes are the test and its inputs.
func (u *unitProject) Nodes() []*resource.Node { return u.order }

// unitProject makes a unit test's project. A problem says in words why there is none.
func (p *Project) unitProject(n *resource.Node) (u *unitProject, problem string) {
	t := n.UnitTest
	model := p.Bound.ByID[t.Tested]
	if model == nil {
		return nil, "the model " + t.Model + " is not there"
	}
	if model.Language == "python" {
		return nil, "weft does not run Python models, and so cannot test the model " + t.Model
	}
	test := *model
	test.ID, test.Kind, test.Name, test.Package = n.ID, node.UnitTest, n.VersionedName(), n.Package
	test.OriginalPath, test.Path, test.Alias = n.OriginalPath, compile.UnitPath(n), test.Name
	test.FQN = strings.Split(string(n.ID), ".")
	test.Config, test.RelationName, test.DependsOn = unitConfig(t), "", nil
	test.Version, test.LatestVersion = jinja.None, jinja.None
	u = &unitProject{Graph: p.Bound, test: &test, inputs: map[node.ID]*resource.Node{}, byID: map[node.ID]*resource.Node{test.ID: &test}, order: []*resource.Node{&test}}
	u.unit = render.UnitTest{Test: &test, Names: map[node.ID]string{}}
	if o := t.Overrides; o != nil {
		u.unit.Macros, u.unit.Vars, u.unit.EnvVars = dictAt(o, "macros"), dictAt(o, "vars"), dictAt(o, "env_vars")
	}
	for _, given := range t.Given {
		original, problem := p.Bound.Input(n, resource.SettingsOf(given).Text("input"))
		if problem != "" {
			return nil, problem
		}
		in := unitInput(n, original, given)
		if original == model {
			u.unit.This = in
		}
		if original.Kind == node.Source {
			u.unit.Names[in.ID] = original.Source.Name + "__" + original.Name
		}
		if _, twice := u.byID[in.ID]; !twice {
			u.order = append(u.order, in)
			test.DependsOn = append(test.DependsOn, in.ID)
		}
		u.inputs[original.ID], u.byID[in.ID] = in, in
	}
	for _, id := range model.DependsOn {
		if id.Kind() == node.Function {
			test.DependsOn = append(test.DependsOn, id)
		}
	}
	return u, ""
}

// unitInput is the ephemeral model that stands for what an input names: its rows as a query, or the query that was written.
func unitInput(n, original *resource.Node, given *jinja.Dict) *resource.Node {
	in := &resource.Node{
		Kind: node.Model, Name: original.Name, Package: original.Package, Path: original.Name + ".sql", OriginalPath: n.OriginalPath,
		Database: original.Database, Schema: original.Schema, Alias: original.Alias, FQN: original.FQN, Language: "sql", Dialect: original.Dialect,
		Declared: n.Declared, Config: jinja.NewDict(1), Unrendered: jinja.NewDict(0), Meta: jinja.NewDict(0), Enabled: true,
		Version: original.Version, LatestVersion: original.LatestVersion,
	}
	in.Config.Set("materialized", jinja.Str("ephemeral"))
	words := []string{original.Name}
	if original.Kind == node.Source {
		in.Alias = original.Source.Identifier
		words[0] = original.Source.Name + "__" + original.Name
	} else if v := original.Version; v != nil && v != jinja.Value(jinja.None) {
		words = append(words, "v"+jinja.Text(v))
	}
	in.ID = node.Make(node.Model, original.Package, words...)
	rows := resource.SettingsOf(given).Value("rows")
	if (resource.SettingsOf(given)).Text("format") == "sql" {
		in.RawCode = jinja.Text(rows)
	} else {
		in.RawCode = "{{ get_fixture_sql(" + jinja.Repr(rows) + ", None) }}"
	}
	in.Code = source.Whole(source.NewFile(n.OriginalPath, in.RawCode))
	return in
}

// unitConfig is what `config` of the tested text answers in a unit test: the test's settings, not the model's.
func unitConfig(t *resource.UnitTest) *jinja.Dict {
	d := jinja.NewDict(4)
	d.Set("materialized", jinja.Str("unit"))
	contract := jinja.NewDict(2)
	contract.Set("enforced", jinja.Bool(false))
	contract.Set("alias_types", jinja.Bool(true))
	d.Set("contract", contract)
	rows := resource.SettingsOf(t.Expect).Value("rows")
	if (resource.SettingsOf(t.Expect)).Text("format") == "sql" {
		d.Set("expected_rows", jinja.NewList())
		d.Set("expected_sql", rows)
	} else {
		d.Set("expected_rows", rows)
		d.Set("expected_sql", jinja.None)
	}
	return d
}

func dictAt(d *jinja.Dict, key string) *jinja.Dict {
	v, _ := d.Get(key)
	out, _ := v.(*jinja.Dict)
	if out == nil || out.Len() == 0 {
		return nil
	}
	return out
}

// unitQuery is the template of the query that gives the rows of both sides.
const unitQuery = `
{%- set types, quoted, columns = {}, {}, [] -%}
{%- for column in adapter.get_columns_in_relation(weft_result) -%}
  {%- do types.update({column.name | lower: column.data_type}) -%}
  {%- do quoted.update({column.name | lower: column.quoted}) -%}
{%- endfor -%}
{%- set rows, expected = config.get('expected_rows'), config.get('expected_sql') -%}
{%- set expected = expected or get_expected_sql(rows, types, quoted) -%}
{%- for name in rows[0] if rows -%}
  {%- do columns.append(quoted[name | lower]) -%}
{%- else -%}
  {%- do columns.extend(quoted.values()) -%}
{%- endfor -%}
{{ get_unit_test_sql(sql, expected, columns) }}`

// described answers for the columns of the tested query, and leaves all else to the warehouse behind it.
type described struct {
	warehouse.Warehouse
	relation node.Relation
	columns  []warehouse.ColumnInfo
}

// Columns lists a relation's columns.
func (d described) Columns(ctx context.Context, r node.Relation) ([]warehouse.ColumnInfo, error) {
	if r.Fold() == d.relation.Fold() {
		return d.columns, nil
	}
	return d.Warehouse.Columns(ctx, r)
}

// expandUnitTest makes the query of a unit test, now that what its inputs stand for exists: the columns and types of rows that are
// given come from there, those of the expected rows from the model's own query.
func (pl *Planned) expandUnitTest(ctx context.Context, n *resource.Node, w warehouse.Warehouse) (Expansion, diag.List) {
	p := pl.project
	u, problem := p.unitProject(n)
	if problem != "" {
		return Expansion{Refusal: &plan.Refusal{Code: string(diag.BadUnitTest), Message: pl.failure(diag.Diagnostic{Node: string(n.ID), Span: n.Declared, Detail: problem})}}, nil
	}
	if m := p.Engine.Materialization(u.test); m != nil {
		return Expansion{Refusal: &plan.Refusal{Code: string(diag.MacroOverride), Message: "the materialization `unit` is defined by the macro in " + m.OriginalPath +
			", and weft compares the rows of unit tests itself"}}, nil
	}
	renderer := func(w warehouse.Warehouse) *render.Renderer {
		return p.Engine.Renderer(u, render.RenderOptions{Context: ctx, Warehouse: w, Selected: pl.options.Selected.IDs, Deferred: p.Deferred, Unit: &u.unit})
	}
	t, diags := p.CompileNode(renderer(w), u.test)
	if diags.HasErrors() {
		for i := range diags {
			if diags[i].Node != string(n.ID) || diags[i].Span.IsZero() { // an input's text is in no file
				diags[i].Span = n.Declared
			}
		}
		return Expansion{Refusal: pl.unitRefusal(n, diags)}, diags
	}
	pl.remember(ctx, n.ID, t)
	out := Expansion{Compiled: true, CompiledCode: t.Code}
	dialect := p.lowerDialect(u.test)
	found := described{Warehouse: w, relation: u.test.Relation()}
	columns, list := queryColumns(ctx, u.test, &lower.Node{SQL: t.Code}, dialect, w)
	if list.HasErrors() {
		probe := lower.ProbeQuery(n.ID, t.Code, dialect)
		// The step runs the question itself, and fails as any other step does whose text the engine refuses.
		out.Batches = []plan.Batch{{Phase: plan.Audit, Statements: []plan.Statement{probe}}}
		return out, diags
	}
	for _, c := range columns {
		found.columns = append(found.columns, warehouse.ColumnInfo{Name: c.Name, Type: lower.StoredType(c.Type), Raw: true})
	}
	relation, err := warehouse.NewRelation(p.dialectData(u.test), warehouse.RelationPath(found.relation), warehouse.RelationOptions{})
	if err != nil {
		return Expansion{Refusal: &plan.Refusal{Code: string(diag.Internal), Message: err.Error()}}, diags
	}
	// The comparison is dbt's own text around the model's: overrides do not reach it.
	u.unit.Test = nil
	query, list := renderer(found).RenderText(u.test, source.Whole(source.NewFile(n.OriginalPath, unitQuery)), &t.Code, map[string]jinja.Value{"weft_result": relation})
	for i := range list { // the template is weft's own
		list[i].Span = n.Declared
	}
	if diags = append(diags, list...); list.HasErrors() {
		message := "An error occurred during execution of unit test '" + n.Name + "'. There may be an error in the unit test definition: check the data types.\n " + pl.unitRefusal(n, list).Message
		return Expansion{Refusal: &plan.Refusal{Code: string(list[0].Code), Message: fmt.Sprintf("Runtime Error in unit_test %s (%s)\n  %s", n.VersionedName(), n.OriginalPath, indented(message, "  "))}}, diags
	}
	lowered := lower.Lower(lower.Node{ID: n.ID, Kind: n.Kind, Language: "sql", Materialization: "unit", SQL: query.Text, Tested: t.Code}, dialect, pl.index)
	out.Batches, out.Refusal = lowered.Batches, lowered.Refusal
	return out, diags
}

// indented puts a prefix in front of all lines but the first.
func indented(text, prefix string) string { return strings.ReplaceAll(text, "\n", "\n"+prefix) }

// unitRefusal is the failure of a unit test whose text could not be made; it stands in the file that declares the test.
func (pl *Planned) unitRefusal(n *resource.Node, diags diag.List) *plan.Refusal {
	for _, d := range diags {
		if d.Severity == diag.Error {
			message := pl.failure(d)
			if id := node.ID(d.Node); id != n.ID { // an input has the name of what it stands for
				what, rest, _ := strings.Cut(message, "\n")
				what, _, _ = strings.Cut(what, " in ")
				message = what + " in " + kindWord(id.Kind()) + " " + d.Node[strings.LastIndexByte(d.Node, '.')+1:] + " (" + n.OriginalPath + ")\n" + rest
			}
			return &plan.Refusal{Code: string(d.Code), Message: message}
		}
	}
	return nil
}

// CompareUnitTest says how the rows that a unit test's query gave differ from those it expects, "" if they do not. The order of rows
// does not count.
func (pl *Planned) CompareUnitTest(r *warehouse.Result) string {
	lowered := *r
	lowered.Columns = make([]string, len(r.Columns))
	side := -1
	for i, name := range r.Columns {
		if lowered.Columns[i] = strings.ToLower(name); lowered.Columns[i] == "actual_or_expected" {
			side = i
		}
	}
	if side < 0 {
		return "\n\nthe query of the unit test has no column actual_or_expected\n"
	}
	table := warehouse.NewTable(&lowered)
	var actual, expected [][]jinja.Value
	for _, row := range table.Rows() {
		which := jinja.Text(row[side])
		row = slices.Delete(slices.Clone(row), side, side+1)
		if which == "actual" {
			actual = append(actual, row)
		} else {
			expected = append(expected, row)
		}
	}
	names := slices.Delete(slices.Clone(table.Names()), side, side+1)
	text := rowdiff.Compare(names, readable(expected), readable(actual))
	if text == "" {
		return ""
	}
	return "\n\nactual differs from expected:\n\n" + text + "\n"
}

// readable sorts rows, and writes their values as people read them.
func readable(rows [][]jinja.Value) [][]rowdiff.Cell {
	slices.SortStableFunc(rows, func(a, b []jinja.Value) int { return slices.CompareFunc(a, b, compareValues) })
	out := make([][]rowdiff.Cell, len(rows))
	for i, row := range rows {
		for _, v := range row {
			if v == jinja.Value(jinja.None) {
				out[i] = append(out[i], rowdiff.Cell{Null: true})
			} else {
				out[i] = append(out[i], rowdiff.Cell{Text: jinja.Text(v)})
			}
		}
	}
	return out
}

// compareValues orders values of one column; no value comes last.
func compareValues(a, b jinja.Value) int {
	noA, noB := a == jinja.Value(jinja.None), b == jinja.Value(jinja.None)
	if noA || noB {
		return cmp.Compare(truthNumber(noA), truthNumber(noB))
	}
	switch x := a.(type) {
	case jinja.Str:
		if y, ok := b.(jinja.Str); ok {
			return cmp.Compare(x, y)
		}
	case basecontext.Date, basecontext.DateTime:
		return cmp.Compare(jinja.Text(a), jinja.Text(b))
	}
	if c, ok := warehouse.CompareNumbers(a, b); ok {
		return c
	}
	return cmp.Compare(jinja.Text(a), jinja.Text(b))
}

func truthNumber(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unitsFirst takes the unit tests out of what a build works on, and hands them to the models that they test: they run right
// before them. A test whose model is not built is left out, as in dbt. An earlier run leaves no result of an ephemeral model behind, so
// where that run is taken up again, the model comes with its test and holds back what reads it, as it did then.
func (p *Project) unitsFirst(selected Selected) (without *graph.Set, of map[int32][]int32) {
	without, of = selected.Set.Clone(), map[int32][]int32{}
	for i := range selected.Set.Each {
		n := p.DAG.Node(i)
		if n.Kind != node.UnitTest {
			continue
		}
		without.Remove(i)
		for _, m := range p.DAG.Parents(i) {
			again := selected.Again && p.DAG.Node(m).ID == n.UnitTest.Tested && p.DAG.Node(m).Materialized() == "ephemeral"
			if again {
				without.Add(m)
			}
			if again || selected.Set.Has(m) {
				of[m] = append(of[m], i)
			}
		}
	}
	return without, of
}
