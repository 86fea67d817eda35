package render

import (
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
)

// adapterValue is `adapter`. While parsing it answers what dbt answers without a warehouse; later it asks the one the render
// was given.
func (c *nodeContext) adapterValue() jinja.Value {
	if v, ok := c.made["adapter"]; ok {
		return v
	}
	o := warehouse.Options{
		Dialect: c.dialect.data, Parse: !c.mode.executes(), Quoting: c.dialect.quoting, Credentials: c.dialect.credentials,
		ProjectName: c.engine.options.Root, Dispatch: function("dispatch", c.callDispatch), RunMacro: c.runMacro,
		Flags: c.engine.options.Behavior, Catalogs: c.engine.options.Catalogs, NewID: c.engine.options.NewID,
		Warn: func(call *jinja.Call, message string) {
			m := Message{Text: message, Warning: true}
			if call != nil {
				m.Span = call.Span
			}
			c.messages = append(c.messages, m)
		},
	}
	if c.node != nil {
		o.ConnectionName = string(c.node.ID)
	}
	if c.run != nil {
		o.Context, o.Warehouse, o.ReadOnly = c.run.options.Context, c.run.options.Warehouse, c.run.options.ReadOnly
		if f := c.run.options.WarehouseFor; f != nil && c.node != nil {
			o.Warehouse = f(c.node)
		}
		o.Warehouse = inTurns(o.Warehouse, c)
	}
	return warehouse.NewAdapter(o)
}

// adapterAttr is an attribute of api: Relation or Column of the node's dialect.
func (c *nodeContext) adapterAttr(name string) jinja.Value {
	v, _ := warehouse.API(c.dialect.data, c.dialect.quoting).Get(name)
	return v
}

// runMacro calls a macro as adapters do from Python (execute_macro): the root project's, then any package's, then the
// built-in one.
func (c *nodeContext) runMacro(call *jinja.Call, name string, kwargs []jinja.Kwarg) (jinja.Value, error) {
	m := c.engine.findMacro(name, "", c.dialect)
	if m == nil {
		return nil, failf(diag.MacroNotFound, "dbt could not find a macro with the name \"%s\" in any package", name)
	}
	def := m.definition()
	if def == nil {
		return nil, fail(m.diags[0].Code, m.diags[0].Detail)
	}
	one := *call
	one.Args, one.Kwargs = nil, kwargs
	c.depth++
	v, err := def.Bind(c).Call(&one)
	c.depth--
	return v, err
}

// FindMacro finds a macro as run-operation does, nil if there is none of that name.
func (e *Engine) FindMacro(name, pkg, dialect string) *resource.Macro {
	if m := e.findMacro(name, pkg, e.dialect(dialect)); m != nil {
		return &m.res
	}
	return nil
}

// findMacro finds a macro by its name, in one package or, with pkg "", wherever it is.
func (e *Engine) findMacro(name, pkg string, d *dialectContext) *macro {
	l := e.options.Library
	if pkg != "" {
		if p := l.packages[pkg]; p != nil {
			return p.byName[name]
		}
		return l.builtins.get(pkg).byName[name]
	}
	if p := l.packages[l.root]; p != nil && p.byName[name] != nil {
		return p.byName[name]
	}
	for _, other := range slices.Backward(l.order) {
		if m := l.packages[other].byName[name]; m != nil {
			return m
		}
	}
	for _, other := range d.family.packages {
		if m := l.builtins.get(other).byName[name]; m != nil {
			return m
		}
	}
	return nil
}
