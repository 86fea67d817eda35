package planning

import (
	"context"
	"errors"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// setup makes the schemas that are missing: with a macro of the project where there is one.
func (pl *Planned) setup(ctx context.Context) (diags diag.List) {
	var relations []node.Relation
	seen := map[node.Relation]bool{}
	for _, s := range pl.Plan.Steps {
		n := pl.nodes[s.Node]
		if n.HasRelation() && s.Refusal == nil {
			schema := node.Relation{Database: n.Database, Schema: n.Schema}
			if !seen[schema] {
				seen[schema] = true
				relations = append(relations, schema)
			}
		}
	}
	data, _ := dialect.Get(pl.project.Set.Profile.Type)
	macro := pl.project.Engine.Replaced("create_schema")
	if macro == nil {
		for _, r := range relations {
			for _, b := range lower.Schemas(pl.project.lowerDialect(nil), []node.Relation{r}, pl.index) {
				if own := pl.project.context(data, r.Database); own != "" {
					b.Settings = map[string]string{data.Build.Context: own}
				}
				pl.Plan.Setup = append(pl.Plan.Setup, b)
				if tags := pl.schemaTags(data); tags != nil {
					pl.Plan.Setup = append(pl.Plan.Setup, plan.Batch{Phase: plan.Stage, Statements: []plan.Statement{{Purpose: plan.CreateSchema,
						Act: &plan.Act{Verb: plan.TagEntry, Relation: r, Tags: tags}, Cause: "the profile's " + data.SchemaTags + " asks for it"}}})
				}
			}
		}
		return nil
	}
	for _, r := range relations {
		if r.Schema == "" || pl.index.HasSchema(r) && !data.Change.CreateSchemaAlways {
			continue
		}
		batches, list := pl.schemaByMacro(ctx, macro, r)
		diags = append(diags, list...)
		pl.Plan.Setup = append(pl.Plan.Setup, batches...)
	}
	return diags
}

// schemaTags are the tags that the profile wants new schemas to have.
func (pl *Planned) schemaTags(d *dialect.Dialect) *plan.Tags {
	if d.SchemaTags == "" {
		return nil
	}
	tags := resource.SettingsOf(pl.project.Set.Profile.Output).Dict(d.SchemaTags)
	if tags == nil || tags.Len() == 0 {
		return nil
	}
	out := &plan.Tags{Table: map[string]string{}}
	for k, v := range tags.Entries {
		out.Table[jinja.Text(k)] = jinja.Text(v)
	}
	return out
}

// schemaByMacro asks the project's create_schema macro what it would send, without sending it: the plan has it, and the run sends it.
func (pl *Planned) schemaByMacro(ctx context.Context, macro *resource.Macro, r node.Relation) ([]plan.Batch, diag.List) {
	p := pl.project
	data, _ := dialect.Get(p.Set.Profile.Type)
	var diags diag.List
	relation, err := warehouse.NewRelation(data, warehouse.RelationPath(r), warehouse.RelationOptions{Quoting: warehouse.QuotingOf(p.Set.Root.Config.Quoting)})
	if err != nil {
		diags.Add(diag.MacroOverride, source.Span{}, "the macro create_schema of the project cannot be called for %s: %s", r, err)
		return nil, diags
	}
	recorder := &recording{Warehouse: p.Commented(ctx, pl.options.Warehouse)(nil)}
	args := jinja.NewDict(1)
	args.Set("relation", relation)
	_, said, diags := pl.renderer(ctx, recorder).RunMacro("", "create_schema", args, p.Set.Profile.Type)
	pl.tell("", said)
	var batches []plan.Batch
	for _, sql := range recorder.sent {
		batches = append(batches, plan.Batch{Phase: plan.Stage, Statements: []plan.Statement{{
			SQL: sql, Purpose: plan.CreateSchema, Cause: "the schema is used; the statement is of " + macro.OriginalPath}}})
	}
	return batches, diags
}

// recording is a warehouse that answers questions and keeps for later what would change something.
type recording struct {
	warehouse.Warehouse
	sent []string
}

// Act is refused: the statements of create_schema are kept as texts.
func (r *recording) Act(_ context.Context, a plan.Act) error {
	return errors.New("the macro create_schema sends statements alone, and this is none: " + a.String())
}

func (r *recording) Execute(ctx context.Context, sql string, fetch bool, limit int) (*warehouse.Result, error) {
	if fetch && r.Warehouse != nil {
		return r.Warehouse.Execute(ctx, sql, fetch, limit)
	}
	r.sent = append(r.sent, sql)
	return &warehouse.Result{Message: "OK", Affected: -1}, nil
}
