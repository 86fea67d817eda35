package openlineage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// Where the schemas of facets stand: the specification's, and those of OpenLineage's integration of dbt, whose readers know them by
// these names.
const (
	facetsURL = "https://openlineage.io/spec/facets/"
	dbtURL    = "https://github.com/OpenLineage/OpenLineage/tree/main/integration/common/src/openlineage/common/schema/"
)

// facet adds to a facet who made it and what it is: "1-1-0/SQLJobFacet" is a version and a name.
func (b *Builder) facet(of string, fields map[string]any) map[string]any {
	_, name, _ := strings.Cut(of, "/")
	fields["_producer"], fields["_schemaURL"] = b.producer(), facetsURL+of+".json#/$defs/"+name
	return fields
}

// dbtFacet is a facet of the integration of dbt: "dbt-run-run-facet" is the name of its schema's file.
func (b *Builder) dbtFacet(of string, fields map[string]any) map[string]any {
	fields["_producer"], fields["_schemaURL"] = b.producer(), dbtURL+of+".json"
	return fields
}

func (b *Builder) producer() string {
	return "https://github.com/weft-data/weft/tree/" + b.started.Version
}

// texts adds the fields that have a value, given as name, value, name, value.
func texts(to map[string]any, pairs ...string) map[string]any {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			to[pairs[i]] = pairs[i+1]
		}
	}
	return to
}

// runRef points at a run.
type runRef struct{ namespace, job, run string }

func (r runRef) facet() map[string]any {
	return map[string]any{"run": map[string]any{"runId": r.run}, "job": map[string]any{"namespace": r.namespace, "name": r.job}}
}

// parent says which run a run belongs to, and which one began it all: the command, or whoever began the command.
func (b *Builder) parent(of runRef) map[string]any {
	root := runRef{b.o.Namespace, b.commandName(), RunID(b.started.Invocation, "")}
	if p := b.o.Parent; p != nil {
		if p.Root != nil {
			p = p.Root
		}
		root = runRef{p.Namespace, p.Job, p.Run}
	}
	fields := of.facet()
	fields["root"] = root.facet()
	return b.facet("1-2-0/ParentRunFacet", fields)
}

// runFacets are those of every run.
func (b *Builder) runFacets() map[string]any {
	dbt := b.dbtFacet("dbt-run-run-facet", texts(map[string]any{"invocation_id": b.started.Invocation, "dbt_runtime": "core"},
		"project_name", b.o.Project, "project_version", b.o.ProjectVersion, "profile_name", b.o.Profile))
	if full, _ := b.started.Args["full_refresh"].(bool); full {
		dbt["full_refresh"] = true
	}
	out := map[string]any{
		"dbt_run":           dbt,
		"processing_engine": b.facet("1-1-1/ProcessingEngineRunFacet", map[string]any{"name": "weft", "version": b.started.Version, "openlineageAdapterVersion": b.started.Version}),
	}
	if b.o.DbtVersion != "" {
		out["dbt_version"] = b.dbtFacet("dbt-version-run-facet", map[string]any{"version": b.o.DbtVersion})
	}
	return out
}

func (b *Builder) jobType(kind string) map[string]any {
	return b.facet("2-0-4/JobTypeJobFacet", map[string]any{"processingType": "BATCH", "integration": "DBT", "jobType": kind})
}

func (b *Builder) errorMessage(text string) map[string]any {
	return b.facet("1-0-1/ErrorMessageRunFacet", map[string]any{"message": text, "programmingLanguage": "sql"})
}

// externalQuery is the engine's own name for a query.
func (b *Builder) externalQuery(id, source string) map[string]any {
	return b.facet("1-0-2/ExternalQueryRunFacet", map[string]any{"externalQueryId": id, "source": source})
}

// describe says what the node is: where it is declared, what it is for, its tags and its meta.
func (b *Builder) describe(e *Event, id node.ID, place lineage.Node) {
	about := texts(map[string]any{"unique_id": string(id)}, "original_file_path", place.File, "database", place.Database, "schema", place.Schema, "alias", place.Alias)
	if place.Test != nil {
		about["test_type"] = "singular"
		if place.Test.Generic {
			about["test_type"] = "generic"
		}
	}
	e.Job.Facets["dbt_node"] = b.dbtFacet("dbt-node-job-facet", about)
	if place.Description != "" {
		e.Job.Facets["documentation"] = b.facet("1-1-0/DocumentationJobFacet", map[string]any{"description": place.Description})
	}
	if len(place.Tags)+len(place.Meta) == 0 {
		return
	}
	tags := make([]any, 0, len(place.Tags)+len(place.Meta))
	for _, t := range place.Tags {
		tags = append(tags, map[string]any{"key": t, "value": "true", "source": "DBT"})
	}
	for _, m := range place.Meta {
		tags = append(tags, map[string]any{"key": m.Key, "value": m.Value, "source": "DBT_META"})
	}
	e.Run.Facets["tags"] = b.facet("1-0-0/TagsRunFacet", map[string]any{"tags": tags})
}

// made says what success did to the node's dataset, and who reads it and its inputs.
func (b *Builder) made(e *Event, place lineage.Node) {
	for i, in := range place.Inputs {
		b.exposures(e.Inputs[i].Facets, in)
	}
	if place.Output == nil {
		return
	}
	b.exposures(e.Outputs[0].Facets, *place.Output)
	change := place.Change
	if change == "" && b.altered[e.node] {
		change = lineage.Alter
	}
	if change != "" {
		e.Outputs[0].Facets["lifecycleStateChange"] = b.facet("1-0-1/LifecycleStateChangeDatasetFacet", map[string]any{"lifecycleStateChange": change})
	}
}

func (b *Builder) exposures(to map[string]any, d lineage.Dataset) {
	if len(d.Exposures) == 0 {
		return
	}
	list := make([]any, len(d.Exposures))
	for i, x := range d.Exposures {
		list[i] = texts(map[string]any{"unique_id": x.ID, "name": x.Name}, "type", x.Type, "url", x.URL)
	}
	to["dbt_exposures"] = b.dbtFacet("dbt-exposures-dataset-facet", map[string]any{"exposures": list})
}

// outcome adds what came of a node to the event of its end.
func (b *Builder) outcome(e *Event, f event.NodeFinished, place lineage.Node) {
	if f.Compiled && strings.TrimSpace(f.CompiledCode) != "" {
		e.Job.Facets["sql"] = b.facet("1-1-0/SQLJobFacet", map[string]any{"query": f.CompiledCode, "dialect": b.started.Adapter})
	}
	if e.EventType == Fail {
		message := f.Message
		if message == "" {
			message = string(f.Node) + ": " + string(f.Status)
		}
		e.Run.Facets["errorMessage"] = b.errorMessage(message)
	}
	if t := place.Test; t != nil && e.EventType != Abort {
		e.Run.Facets["test"] = b.test(*t, place.Description, f)
		if t.Of >= 0 && f.Status != event.Error { // a test that could not be run says nothing of the data
			e.Inputs[t.Of].InputFacets = map[string]any{"dataQualityAssertions": b.assertion(*t, f)}
		}
	}
	if i := f.Intervals; i != nil && len(i.Successful)+len(i.Failed) > 0 {
		e.Run.Facets["nominalTime"] = b.nominalTime(span(slices.Concat(i.Successful, i.Failed)))
	}
	r := f.Response
	if r == nil {
		return
	}
	if r.QueryID != "" {
		source := b.started.Adapter
		if len(e.Outputs) > 0 {
			source = e.Outputs[0].Namespace
		}
		e.Run.Facets["externalQuery"] = b.externalQuery(r.QueryID, source)
	}
	if len(e.Outputs) > 0 && e.EventType == Complete && place.Test == nil && r.RowsAffected != nil && *r.RowsAffected >= 0 && f.Materialization != "view" {
		e.Outputs[0].OutputFacets = map[string]any{"outputStatistics": b.facet(outputStatistics, map[string]any{"rowCount": *r.RowsAffected})}
	}
}

const outputStatistics = "1-0-2/OutputStatisticsOutputDatasetFacet"

// written adds to the statistics of an output what the table itself says of the commit that the run made of it. The rows that a commit
// added are the better count: an engine counts those that a statement deleted among its own.
func (b *Builder) written(out *Dataset, w *lineage.Written) {
	if w == nil {
		return
	}
	fields, _ := out.OutputFacets["outputStatistics"].(map[string]any)
	if fields == nil {
		fields = b.facet(outputStatistics, map[string]any{})
	}
	for name, n := range map[string]int64{"rowCount": w.Rows, "size": w.Bytes, "fileCount": w.Files} {
		if n >= 0 {
			fields[name] = n
		}
	}
	if out.OutputFacets == nil {
		out.OutputFacets = map[string]any{}
	}
	out.OutputFacets["outputStatistics"] = fields
}

// test is a data test as a run of its own.
func (b *Builder) test(t lineage.Assertion, description string, f event.NodeFinished) map[string]any {
	one := texts(map[string]any{"name": string(f.Node), "status": "fail", "severity": t.Severity, "type": "singular"}, "description", description)
	if f.Status == event.Pass {
		one["status"] = "pass"
	}
	if t.Generic {
		one["type"] = t.Name
		if len(t.Params) > 0 {
			one["params"] = t.Params
		}
	}
	if f.Compiled && f.CompiledCode != "" {
		one["content"], one["contentType"] = f.CompiledCode, "sql"
	}
	if f.Failures != nil {
		one["actual"], one["expected"] = strconv.FormatInt(*f.Failures, 10), t.Expected
	}
	return b.facet("1-0-1/TestRunFacet", map[string]any{"tests": []any{one}})
}

// assertion is a data test as a fact about the dataset that it tests.
func (b *Builder) assertion(t lineage.Assertion, f event.NodeFinished) map[string]any {
	a := texts(map[string]any{"assertion": t.Name, "name": t.Test, "success": f.Status == event.Pass, "severity": t.Severity}, "column", t.Column)
	if f.Failures != nil {
		a["actual"], a["expected"] = strconv.FormatInt(*f.Failures, 10), t.Expected
	}
	return b.facet("1-1-0/DataQualityAssertionsDatasetFacet", map[string]any{"assertions": []any{a}})
}

func (b *Builder) dataset(d lineage.Dataset) Dataset {
	out := Dataset{Namespace: d.Namespace, Name: d.Name, Facets: map[string]any{
		"dataSource": b.facet("1-0-1/DatasourceDatasetFacet", map[string]any{"name": d.Namespace, "uri": d.Namespace}),
	}}
	if d.Description != "" {
		out.Facets["documentation"] = b.facet("1-1-0/DocumentationDatasetFacet", map[string]any{"description": d.Description})
	}
	if len(d.Owners) > 0 {
		owners := make([]any, len(d.Owners))
		for i, name := range d.Owners {
			owners[i] = map[string]any{"name": name}
		}
		out.Facets["ownership"] = b.facet("1-0-1/OwnershipDatasetFacet", map[string]any{"owners": owners})
	}
	if d.Model != nil {
		if config := modelConfig(*d.Model); len(config) > 0 {
			out.Facets["dbt_model"] = b.dbtFacet("dbt-model-dataset-facet", map[string]any{"config": config})
		}
	}
	b.observed(out.Facets, d)
	return out
}

// observed adds what an engine can say of a dataset.
func (b *Builder) observed(to map[string]any, d lineage.Dataset) {
	if d.Kind != "" {
		to["datasetType"] = b.facet("1-0-1/DatasetTypeDatasetFacet", map[string]any{"datasetType": d.Kind})
	}
	if len(d.Links) > 0 {
		names := make([]any, len(d.Links))
		for i, x := range d.Links {
			names[i] = map[string]any{"namespace": x.Namespace, "name": x.Name, "type": x.Type}
		}
		to["symlinks"] = b.facet("1-0-1/SymlinksDatasetFacet", map[string]any{"identifiers": names})
	}
	if d.Version != "" {
		to["version"] = b.facet("1-0-1/DatasetVersionDatasetFacet", map[string]any{"datasetVersion": d.Version})
	}
	if d.Format != "" {
		to["storage"] = b.facet("1-0-1/StorageDatasetFacet", map[string]any{"storageLayer": d.Format})
	}
	if len(d.Columns) == 0 {
		return
	}
	fields := make([]any, len(d.Columns))
	for i, c := range d.Columns {
		fields[i] = texts(map[string]any{"name": c.Name, "ordinal_position": i + 1}, "type", c.Type, "description", c.Description)
	}
	to["schema"] = b.facet("1-2-0/SchemaDatasetFacet", map[string]any{"fields": fields})
}

// modelConfig is a node's config in the integration's words.
func modelConfig(m lineage.Model) map[string]any {
	out := texts(map[string]any{}, "materialized", m.Materialized, "access", m.Access, "owner", m.Owner, "group", m.Group)
	in := m.Incremental
	if in == nil {
		return out
	}
	fields := texts(map[string]any{}, "strategy", in.Strategy, "on_schema_change", in.OnSchemaChange, "event_time", in.EventTime, "batch_size", in.BatchSize, "begin", in.Begin)
	if len(in.UniqueKey) > 0 {
		fields["unique_key"] = in.UniqueKey
	}
	if len(in.Predicates) > 0 {
		fields["incremental_predicates"] = in.Predicates
	}
	if len(in.PartitionBy) > 0 {
		fields["partition_by"] = map[string]any{"columns": in.PartitionBy}
	}
	if in.Lookback != nil {
		fields["lookback"] = *in.Lookback
	}
	if in.FullRefresh != nil {
		fields["full_refresh"] = *in.FullRefresh
	}
	out["incremental"] = fields
	return out
}
