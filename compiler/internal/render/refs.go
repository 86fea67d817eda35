package render

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// Graph is what rendering needs to know of the whole project: who a reference names. Names are resolved as from the package
// of the node that asks. disabled says that there is such a resource, but not enabled.
type Graph interface {
	Ref(from *resource.Node, pkg, name string, version jinja.Value) (target *resource.Node, disabled bool)
	Source(from *resource.Node, source, table string) (target *resource.Node, disabled bool)
	Metric(from *resource.Node, pkg, name string) (target *resource.Node, disabled bool)
	Function(from *resource.Node, pkg, name string) (target *resource.Node, disabled bool)
	// Node finds a resource by its unique id, nil if there is none.
	Node(id node.ID) *resource.Node
	// Nodes are all resources, in the manifest's order; Groups all groups.
	Nodes() []*resource.Node
	Groups() []*resource.Group
}

// RelationKind says how a template came by a relation.
type RelationKind uint8

// The ways to a relation.
const (
	RefRelation RelationKind = iota
	SourceRelation
	ThisRelation
)

// TrackedRelation is a relation's name in rendered text: Text[Start:End].
type TrackedRelation struct {
	Start, End int
	Node       node.ID
	Kind       RelationKind
}

// givenRelation is a relation that a template was given.
type givenRelation struct {
	id   node.ID
	kind RelationKind
	text string
}

// callRef is ref(name), ref(package, name), both with version= or v=.
func (c *nodeContext) callRef(call *jinja.Call) (jinja.Value, error) {
	ref, err := refArguments(call)
	if err != nil {
		return nil, err
	}
	if !c.mode.executes() {
		if c.scan != nil {
			c.scan.Refs = append(c.scan.Refs, ref)
		}
		return c.thisRelation("")
	}
	return c.resolveRef(ref.Package, ref.Name, ref.Version)
}

// refArguments reads the arguments of a call of ref.
func refArguments(call *jinja.Call) (resource.Ref, error) {
	var pkg, name jinja.Value = jinja.None, nil
	switch len(call.Args) {
	case 1:
		name = call.Args[0]
	case 2:
		pkg, name = call.Args[0], call.Args[1]
	default:
		return resource.Ref{}, failf(diag.TemplateArguments, "ref() takes at most two arguments (%d given)", len(call.Args))
	}
	var version, v jinja.Value = jinja.None, jinja.None
	for _, kw := range call.Kwargs {
		switch kw.Name {
		case "version":
			version = kw.Value
		case "v":
			v = kw.Value
		}
	}
	if !jinja.Truth(version) {
		version = v
	}
	nameText, pkgText, err := nameAndPackage("ref", name, pkg)
	if err != nil {
		return resource.Ref{}, err
	}
	switch version.(type) {
	case jinja.NoneType, jinja.Str, jinja.Int, jinja.Float, jinja.Bool:
	default:
		return resource.Ref{}, failf(diag.TemplateArguments, "The version argument to ref() must be a string, int, float, or None - got %s", className(version))
	}
	return resource.Ref{Package: pkgText, Name: nameText, Version: version, Span: call.Span}, nil
}

// nameAndPackage checks the arguments that ref, metric and function share.
func nameAndPackage(function string, name, pkg jinja.Value) (string, string, error) {
	n, ok := name.(jinja.Str)
	if !ok {
		if u, ok := name.(*jinja.Undefined); ok && u.Name != "" {
			return "", "", failf(diag.TemplateArguments, "The name argument to %s() must be a string, got the undefined variable %s: a name stands in quotes, %s('%s')", function, u.Name, function, u.Name)
		}
		return "", "", failf(diag.TemplateArguments, "The name argument to %s() must be a string, got %s", function, className(name))
	}
	if isNone(pkg) {
		return string(n), "", nil
	}
	p, ok := pkg.(jinja.Str)
	if !ok {
		return "", "", failf(diag.TemplateArguments, "The package argument to %s() must be a string or None, got %s", function, className(pkg))
	}
	return string(n), string(p), nil
}

func (c *nodeContext) resolveRef(pkg, name string, version jinja.Value) (jinja.Value, error) {
	target, disabled := c.run.graph.Ref(c.node, pkg, name, version)
	if target == nil || disabled {
		return nil, c.notFound("node", name, pkg, version, disabled)
	}
	if c.mode == modeRun && c.node != nil && c.node.Kind != node.Operation && !slices.Contains(c.node.DependsOn, target.ID) {
		return nil, c.undeclared(pkg, name, version)
	}
	options := warehouse.RelationOptions{Limit: c.limit(), EventTime: c.eventTime(target)}
	if isEphemeral(target) {
		if c.mode == modeOperation || c.node != nil && c.node.Kind == node.Operation {
			return nil, failf(diag.TargetNotFound, "Operations can not ref() ephemeral nodes, but %s is ephemeral", target.Name)
		}
		if !slices.Contains(c.ctes, target.ID) {
			c.ctes = append(c.ctes, target.ID)
		}
		return warehouse.NewEphemeral(c.dialect.data, target.Alias, options)
	}
	options.Quoting = c.engine.options.Quoting
	return c.give(target, RefRelation, options)
}

// isEphemeral says whether a node is put into its readers as a CTE.
func isEphemeral(n *resource.Node) bool {
	if n.Kind != node.Model && n.Kind != node.Seed && n.Kind != node.Snapshot {
		return false
	}
	if n.Config == nil {
		return false
	}
	v, _ := n.Config.Get("materialized")
	return v == jinja.Value(jinja.Str("ephemeral"))
}

// give makes the relation of a node and remembers that the template has it.
func (c *nodeContext) give(target *resource.Node, kind RelationKind, options warehouse.RelationOptions) (jinja.Value, error) {
	path := relationPath(target)
	if kind == RefRelation && c.run != nil {
		if d := c.run.options.Deferred[target.ID]; d.Read {
			path = warehouse.RelationPath(d.Relation)
		}
	}
	r, err := warehouse.NewRelation(c.dialect.data, path, options)
	if err != nil {
		return nil, err
	}
	if c.mode.executes() {
		text, err := r.Text()
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(c.given, func(g givenRelation) bool { return g.id == target.ID && g.text == text && g.kind == kind }) {
			c.given = append(c.given, givenRelation{id: target.ID, kind: kind, text: text})
		}
	}
	return r, nil
}

// deferRelation is `defer_relation`: where another environment has the node itself.
func (c *nodeContext) deferRelation() jinja.Value {
	if c.node == nil || c.run == nil {
		return jinja.None
	}
	d, ok := c.run.options.Deferred[c.node.ID]
	if !ok {
		return jinja.None
	}
	r, err := warehouse.NewRelation(c.dialect.data, warehouse.RelationPath(d.Relation), warehouse.RelationOptions{Quoting: c.engine.options.Quoting})
	if err != nil {
		return jinja.None
	}
	return r
}

// relationPath is the name of a node's relation.
func relationPath(n *resource.Node) warehouse.Path {
	identifier := n.Alias
	if n.Source != nil {
		identifier = n.Source.Identifier
	}
	return warehouse.RelationPath(node.Relation{Database: n.Database, Schema: n.Schema, Identifier: identifier})
}

func (c *nodeContext) notFound(kind, name, pkg string, version jinja.Value, disabled bool) error {
	reason := "was not found"
	if disabled {
		reason = "is disabled"
	}
	var what strings.Builder
	if !isNone(version) {
		what.WriteString("with version '" + jinja.Text(version) + "' ")
	}
	if pkg != "" {
		what.WriteString("in package or project '" + pkg + "' ")
	}
	n := c.node
	title, id, path := "Operation", "", ""
	if n != nil {
		title, id, path = titleCase(string(n.Kind)), string(n.ID), n.OriginalPath
	}
	return failf(diag.TargetNotFound, "%s '%s' (%s) depends on a %s named '%s' %swhich %s", title, id, path, kind, name, what.String(), reason)
}

// titleCase is Python's str.title() of a resource type.
func titleCase(s string) string {
	words := strings.Split(s, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "_")
}

func (c *nodeContext) undeclared(pkg, name string, version jinja.Value) error {
	args := "'" + name + "'"
	if pkg != "" {
		args = "'" + pkg + "', " + args
	}
	if jinja.Truth(version) {
		args += ",version='" + jinja.Text(version) + "'"
	}
	hint := "-- depends_on: {{ ref(" + args + ") }}"
	return diag.Diagnostic{
		Code: diag.UndeclaredRef,
		Detail: "dbt was unable to infer all dependencies for the model \"" + c.node.Name + "\".\n" +
			"This typically happens when ref() is placed within a conditional block.\n" +
			"To fix this, add the following hint to the top of the model \"" + c.node.Name + "\":\n" + hint,
		Hint: "Add " + hint + " to the top of the model.",
	}
}

// callSource is source(source_name, table_name).
func (c *nodeContext) callSource(call *jinja.Call) (jinja.Value, error) {
	ref, err := sourceArguments(call)
	if err != nil {
		return nil, err
	}
	if !c.mode.executes() {
		if c.scan != nil {
			c.scan.Sources = append(c.scan.Sources, ref)
		}
		return c.thisRelation("")
	}
	name, table := ref.Source, ref.Table
	target, disabled := c.run.graph.Source(c.node, name, table)
	if target == nil || disabled {
		return nil, c.notFound("source", name+"."+table, "", nil, disabled)
	}
	if u := c.testing(); u != nil {
		return c.unitSource(u, target)
	}
	options := warehouse.RelationOptions{Limit: c.limit(), EventTime: c.eventTime(target)}
	if target.Source != nil {
		options.Quoting = warehouse.QuotingOf(target.Source.Quoting)
	}
	if options.External, err = externalLocation(c.dialect, target); err != nil {
		return nil, err
	}
	return c.give(target, SourceRelation, options)
}

// sourceArguments reads the arguments of a call of source.
func sourceArguments(call *jinja.Call) (resource.SourceRef, error) {
	if len(call.Args) != 2 || len(call.Kwargs) != 0 {
		return resource.SourceRef{}, failf(diag.TemplateArguments, "source() takes exactly two arguments (%d given)", len(call.Args))
	}
	name, ok := call.Args[0].(jinja.Str)
	if !ok {
		return resource.SourceRef{}, failf(diag.TemplateArguments, "The source name (first) argument to source() must be a string, got %s", className(call.Args[0]))
	}
	table, ok := call.Args[1].(jinja.Str)
	if !ok {
		return resource.SourceRef{}, failf(diag.TemplateArguments, "The table name (second) argument to source() must be a string, got %s", className(call.Args[1]))
	}
	return resource.SourceRef{Source: string(name), Table: string(table), Span: call.Span}, nil
}

// callFunction is function(name), function(package, name): the relation of a user-defined function.
func (c *nodeContext) callFunction(call *jinja.Call) (jinja.Value, error) {
	name, pkg, err := oneOrTwo("function", "ref", call)
	if err != nil {
		return nil, err
	}
	if !c.mode.executes() {
		if c.scan != nil {
			c.scan.Functions = append(c.scan.Functions, repack(pkg, name))
		}
		return c.thisRelation("function")
	}
	target, disabled := c.run.graph.Function(c.node, pkg, name)
	if target == nil || disabled {
		return nil, c.notFound("function", name, "", nil, disabled)
	}
	return c.give(target, RefRelation, warehouse.RelationOptions{Type: "function", Limit: c.limit()})
}

// oneOrTwo reads the arguments of functions that take a name, or a package and a name. counted is whom the error names.
func oneOrTwo(function, counted string, call *jinja.Call) (name, pkg string, err error) {
	switch len(call.Args) {
	case 1:
		return nameAndPackage(function, call.Args[0], nil)
	case 2:
		return nameAndPackage(function, call.Args[1], call.Args[0])
	}
	return "", "", failf(diag.TemplateArguments, "%s() takes at most two arguments (%d given)", counted, len(call.Args))
}

func repack(pkg, name string) []string {
	if pkg == "" {
		return []string{name}
	}
	return []string{pkg, name}
}

// callMetric is metric(name): a reference that prints the metric's name.
func (c *nodeContext) callMetric(call *jinja.Call) (jinja.Value, error) {
	name, pkg, err := oneOrTwo("metric", "metric", call)
	if err != nil {
		return nil, err
	}
	if !c.mode.executes() {
		if c.scan != nil {
			c.scan.Metrics = append(c.scan.Metrics, repack(pkg, name))
		}
		return &metricValue{name: name, pkg: pkg}, nil
	}
	target, disabled := c.run.graph.Metric(c.node, pkg, name)
	if target == nil || disabled {
		return nil, c.notFound("metric", name, pkg, nil, false)
	}
	return &metricValue{name: name, pkg: pkg, node: target}, nil
}

// metricValue is what metric() gives.
type metricValue struct {
	name, pkg string
	node      *resource.Node
}

func (*metricValue) TypeName() string { return "MetricReference" }
func (m *metricValue) String() string { return m.name }
func (m *metricValue) Repr() string   { return m.name }

// Attr gives the fields of the metric.
func (m *metricValue) Attr(name string) (jinja.Value, bool, error) {
	switch {
	case name == "metric_name":
		return jinja.Str(m.name), true, nil
	case name == "package_name":
		return textOrNone(m.pkg), true, nil
	case m.node != nil && m.node.Other != nil:
		v, ok := m.node.Other.Get(name)
		return v, ok, nil
	}
	return nil, false, nil
}

// thisRelation is the relation of the node itself; while parsing it also stands for whatever is referred to.
func (c *nodeContext) thisRelation(kind string) (jinja.Value, error) {
	if c.node == nil {
		return jinja.None, nil
	}
	options := warehouse.RelationOptions{Type: kind, Quoting: c.engine.options.Quoting}
	path := relationPath(c.node)
	if !c.mode.executes() {
		if r := c.placeholder; r != nil && kind == "" {
			return r, nil
		}
		if c.node.Schema == "" {
			path = c.provisionalPath()
		}
		r, err := warehouse.NewRelation(c.dialect.data, path, options)
		if err != nil {
			return nil, err
		}
		if kind == "" {
			c.placeholder = r
		}
		return r, nil
	}
	if c.run != nil && c.run.options.Batch != nil && c.run.options.Batch.Aside != "" {
		path.Identifier = &c.run.options.Batch.Aside
		return warehouse.NewRelation(c.dialect.data, path, options)
	}
	return c.give(c.node, ThisRelation, options)
}

// provisionalPath is the relation of a node before its names are generated: the target's database and schema, its own name.
func (c *nodeContext) provisionalPath() warehouse.Path {
	return warehouse.RelationPath(node.Relation{Database: c.dialect.database, Schema: c.dialect.schema, Identifier: c.node.Name})
}

// limit is 0 where --empty asks for relations without rows.
func (c *nodeContext) limit() *int {
	if c.run == nil || !c.run.options.Empty {
		return nil
	}
	return new(int)
}
