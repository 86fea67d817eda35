package render

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
)

// Materialized is what a materialization written in Jinja came to.
type Materialized struct {
	// Relations are those that it says it made.
	Relations []*warehouse.Relation
	// Message, Code and Affected are the answer of its statement `main`; Affected is negative where the engine did not say.
	Message, Code string
	Affected      int64
	// Columns and Rows are what `main` fetched.
	Columns []string
	Rows    [][]jinja.Value
	// Written is what it gave to write(), if it did.
	Written  *string
	Messages []Message
}

// BuiltInMaterialization is weft's own materialization of a node, nil if there is none.
func (e *Engine) BuiltInMaterialization(n *resource.Node) *resource.Macro {
	d := e.dialect(n.Dialect)
	name := ""
	if v, ok := n.Config.Get("materialized"); ok {
		name = jinja.Text(v)
	}
	for _, prefix := range d.family.prefixes {
		for _, pkg := range d.family.packages {
			if m := e.options.Library.builtins.get(pkg).byName["materialization_"+name+"_"+prefix]; m != nil {
				return &m.res
			}
		}
	}
	return nil
}

// StrategyMacro is the macro of the project or a package that writes an incremental strategy; nil if the strategy is built in or
// unknown.
func (e *Engine) StrategyMacro(n *resource.Node, strategy string) *resource.Macro {
	b := e.scope(n.Package, e.dialect(n.Dialect)).entries["get_incremental_"+strings.ReplaceAll(strategy, "+", "_")+"_sql"]
	if b.macro == nil || b.macro.res.BuiltIn {
		return nil
	}
	return &b.macro.res
}

// Materialize runs a materialization in a node's context. Its statements go to the renderer's warehouse. compiled is the node's
// compiled code.
func (r *Renderer) Materialize(n *resource.Node, id string, compiled string) (out Materialized, diags diag.List) {
	defer recoverInternal(&diags, n)
	m := r.engine.macroByID(id, n)
	if m == nil {
		diags.Add(diag.MacroNotFound, n.Code, "the materialization %s does not exist", id).Node = string(n.ID)
		return out, diags
	}
	def := m.definition()
	if def == nil {
		return out, ofNode(m.diags, n)
	}
	language := n.Language
	if language == "" {
		language = "sql"
	}
	if !slices.Contains(m.res.SupportedLanguages, language) {
		diags.Add(diag.TemplateArguments, n.Code, "Materialization \"%s\" only supports languages %s; got \"%s\"", m.res.Name,
			jinja.Repr(textList(m.res.SupportedLanguages)), language).Node = string(n.ID)
		return out, diags
	}
	c := r.context(n, modeRun)
	defer c.endTurn()
	c.file, c.compiled = n.Code, &compiled
	thread := c.thread()
	c.depth++
	c.stack = append(c.stack, m.res.ID)
	v, err := def.Bind(c).Call(&jinja.Call{Thread: thread, Scope: c, Span: m.span})
	out.Messages, out.Written = c.messages, c.written
	diags = append(diags, c.warnings()...)
	if err == nil {
		out.Relations, err = madeRelations(n, v)
	}
	if err == nil {
		err = out.take(n, c.results["main"])
	}
	if err != nil {
		diags = append(diags, c.diagnose(err))
	}
	return out, diags
}

// macroByID finds a macro of the library by its id.
func (e *Engine) macroByID(id string, n *resource.Node) *macro {
	for _, p := range e.options.Library.inDialect(e.dialect(n.Dialect).family) {
		for _, m := range p.order {
			if m.res.ID == id {
				return m
			}
		}
	}
	return nil
}

// madeRelations reads what a materialization returned.
func madeRelations(n *resource.Node, v jinja.Value) ([]*warehouse.Relation, error) {
	name := ""
	if kind, ok := n.Config.Get("materialized"); ok {
		name = jinja.Text(kind)
	}
	var list jinja.Value
	switch v := v.(type) {
	case *jinja.Dict:
		list, _ = v.Get("relations")
		if list == nil {
			return nil, failf(diag.TemplateFailed, "Invalid return value from materialization, expected a dict with key \"relations\", got: %s", jinja.Repr(v))
		}
	case jinja.Str, *jinja.Markup:
		return nil, failf(diag.TemplateFailed, "The materialization (\"%s\") did not explicitly return a list of relations to add to the cache.", name)
	default:
		return nil, failf(diag.TemplateFailed, "Invalid return value from materialization, expected a dict with key \"relations\", got: %s", jinja.Text(v))
	}
	if _, ok := list.(*jinja.List); !ok {
		return nil, failf(diag.TemplateFailed, "Invalid return value from materialization, \"relations\" not a list, got: %s", jinja.Text(list))
	}
	var out []*warehouse.Relation
	for item := range items(list) {
		r, ok := item.(*warehouse.Relation)
		if !ok {
			return nil, failf(diag.TemplateFailed, "Invalid return value from materialization, \"relations\" contains non-Relation: %s", jinja.Text(item))
		}
		out = append(out, r)
	}
	return out, nil
}

// take reads the result of the statement `main`.
func (out *Materialized) take(n *resource.Node, main jinja.Value) error {
	result, ok := main.(*jinja.Dict)
	if !ok {
		return fail(diag.StatementFailed, "main is not being called during running model")
	}
	out.Affected = -1
	response, _ := result.Get("response")
	out.Message = jinja.Text(response)
	field := func(name string) jinja.Value {
		switch v := response.(type) {
		case *jinja.Dict:
			f, _ := v.Get(name)
			return f
		case jinja.Attributed:
			if f, ok, err := v.Attr(name); err == nil && ok {
				return f
			}
		}
		return nil
	}
	if v, ok := field("_message").(jinja.Str); ok {
		out.Message = string(v)
	}
	if v, ok := field("code").(jinja.Str); ok {
		out.Code = string(v)
	}
	if v, ok := field("rows_affected").(jinja.Int); ok {
		out.Affected = int64(v)
	}
	table, _ := result.Get("table")
	t, ok := table.(jinja.Attributed)
	if !ok {
		return nil
	}
	if names, ok, err := t.Attr("column_names"); err == nil && ok {
		for name := range items(names) {
			out.Columns = append(out.Columns, jinja.Text(name))
		}
	}
	for row := range items(rowsOf(table)) {
		var cells []jinja.Value
		for cell := range items(row) {
			cells = append(cells, cell)
		}
		out.Rows = append(out.Rows, cells)
	}
	return nil
}
