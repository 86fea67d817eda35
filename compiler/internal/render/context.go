package render

import (
	"fmt"
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// mode is what a template is rendered for: dbt's "providers".
type mode uint8

const (
	// modeParse reads a node's text (execute=False): refs and configs are noted, the warehouse is not there.
	modeParse mode = iota
	// modeNames calls a generate_*_name macro while nodes are being bound.
	modeNames
	// modeRun renders a node's text for its engine.
	modeRun
	// modeOperation renders a macro that is no node: hooks of the project, run-operation.
	modeOperation
)

func (m mode) executes() bool { return m == modeRun || m == modeOperation }

// nodeContext is the context of one render: the scope of a node. It is used by one goroutine.
type nodeContext struct {
	engine  *Engine
	run     *Renderer // nil while parsing
	names   *names
	dialect *dialectContext
	mode    mode
	node    *resource.Node
	file    source.Span // where the template stands

	// extra overrides everything else: values that one render gets in addition.
	extra map[string]jinja.Value
	// replaced are the macros of packages that a unit test gives a fixed answer, by package and name.
	replaced map[string]map[string]jinja.Value
	// turn says that this render has the turn at the graph. ownGraph is the graph of a render ahead of its turn.
	turn     bool
	ownGraph *jinja.Dict
	// made are the values that were asked for, so that each is the same object to its end.
	made map[string]jinja.Value

	depth  int
	stack  []string
	macros []string

	scan        *resource.Scan
	placeholder *warehouse.Relation
	results     map[string]jinja.Value
	given       []givenRelation
	ctes        []node.ID
	compiled    *string
	messages    []Message
	written     *string
}

// Lookup finds a name as dbt's chain of contexts does: macros hide the functions of the context.
func (c *nodeContext) Lookup(name string) (jinja.Value, bool) {
	if v, ok := c.extra[name]; ok {
		return v, true
	}
	if name == "context" {
		return c.contextValue(), true
	}
	if b, ok := c.names.entries[name]; ok {
		return c.bindName(b), true
	}
	return c.builtin(name)
}

// builtin finds a name of the context that is no macro.
func (c *nodeContext) builtin(name string) (jinja.Value, bool) {
	if v, ok := c.made[name]; ok {
		return v, true
	}
	v, ok := c.member(name)
	if !ok {
		return c.engine.base.Lookup(name)
	}
	if c.made == nil {
		c.made = make(map[string]jinja.Value, 8)
	}
	c.made[name] = v
	return v, true
}

func (c *nodeContext) bindName(b binding) jinja.Value {
	if b.macro != nil {
		return c.bindMacro(b.macro)
	}
	return &packageValue{context: c, pack: b.pack}
}

func (c *nodeContext) bindMacro(m *macro) *macroValue { return &macroValue{context: c, macro: m} }

// contextValue is `context`: the whole context as a mapping.
func (c *nodeContext) contextValue() jinja.Value {
	if v, ok := c.made["context"]; ok {
		return v
	}
	o := &object{kind: "ChainMap", keys: c.allNames}
	o.attr = func(name string) (jinja.Value, bool) {
		if v, ok := c.Lookup(name); ok {
			return v, true
		}
		if name == "update" {
			return function("update", c.updateContext), true
		}
		return lookupMethods(o, name)
	}
	if c.made == nil {
		c.made = make(map[string]jinja.Value, 8)
	}
	c.made["context"] = o
	return o
}

// updateContext is context.update(mapping): packages keep what belongs to a whole render there, and find it with context.get.
func (c *nodeContext) updateContext(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "update", "other")
	if err != nil {
		return nil, err
	}
	d, ok := args[0].(*jinja.Dict)
	if !ok {
		return nil, fmt.Errorf("context.update() takes a mapping")
	}
	if c.extra == nil {
		c.extra = make(map[string]jinja.Value, d.Len())
	}
	for key, v := range d.Entries {
		if name, ok := key.(jinja.Str); ok {
			c.extra[string(name)] = v
		}
	}
	return jinja.None, nil
}

// builtinsValue is `builtins`: the context without the macros, so that an override can call what it overrides.
func (c *nodeContext) builtinsValue() jinja.Value {
	o := &object{kind: "dict", keys: func() []string { return slices.Clone(memberNames) }}
	o.attr = func(name string) (jinja.Value, bool) {
		if name != "builtins" && name != "context" {
			if v, ok := c.builtin(name); ok {
				return v, true
			}
		}
		return lookupMethods(o, name)
	}
	return o
}

func (c *nodeContext) allNames() []string {
	out := slices.Clone(memberNames)
	for name := range c.names.entries {
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// macroValue is a macro in a node's context. Calling it notes the macro as a dependency if the node's own text calls it.
type macroValue struct {
	context *nodeContext
	macro   *macro
}

// TypeName is dbt's class.
func (*macroValue) TypeName() string { return "MacroGenerator" }

// Call runs the macro with the context's names.
func (v *macroValue) Call(call *jinja.Call) (jinja.Value, error) {
	c := v.context
	def := v.macro.definition()
	if def == nil {
		return nil, fail(v.macro.diags[0].Code, v.macro.diags[0].Detail)
	}
	if c.depth == 0 && !slices.Contains(c.macros, v.macro.res.ID) {
		c.macros = append(c.macros, v.macro.res.ID)
	}
	c.depth++
	c.stack = append(c.stack, v.macro.res.ID)
	result, err := def.Bind(c).Call(call)
	c.stack = c.stack[:len(c.stack)-1]
	c.depth--
	return result, err
}

// Attr answers what Python code of dbt shows of a macro.
func (v *macroValue) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "name":
		return jinja.Str(v.macro.res.Name), true, nil
	case "macro":
		return &object{kind: "Macro", attr: func(name string) (jinja.Value, bool) {
			switch name {
			case "name":
				return jinja.Str(v.macro.res.Name), true
			case "unique_id":
				return jinja.Str(v.macro.res.ID), true
			case "package_name":
				return jinja.Str(v.macro.res.Package), true
			case "macro_sql":
				return jinja.Str(v.macro.res.Text), true
			case "original_file_path":
				return jinja.Str(v.macro.res.OriginalPath), true
			}
			return nil, false
		}}, true, nil
	}
	return nil, false, nil
}

// packageValue is a package of macros in a node's context.
type packageValue struct {
	context *nodeContext
	pack    *namespace
}

// TypeName is dbt's class.
func (*packageValue) TypeName() string { return "dbt.context.macros.MacroNamespace" }

// Attr finds a macro of the package.
func (v *packageValue) Attr(name string) (jinja.Value, bool, error) {
	if r, ok := v.context.replaced[v.pack.name][name]; ok {
		return r, true, nil
	}
	if m := v.pack.macros[name]; m != nil {
		return v.context.bindMacro(m), true, nil
	}
	if name == "get" || name == "keys" || name == "items" || name == "values" {
		o := &object{kind: v.TypeName(), keys: v.keys, attr: func(name string) (jinja.Value, bool) {
			m := v.pack.macros[name]
			if m == nil {
				return nil, false
			}
			return v.context.bindMacro(m), true
		}}
		method, ok := lookupMethods(o, name)
		return method, ok, nil
	}
	return nil, false, nil
}

// Index finds a macro of the package.
func (v *packageValue) Index(key jinja.Value) (jinja.Value, bool, error) {
	if name, ok := key.(jinja.Str); ok {
		if r, ok := v.context.replaced[v.pack.name][string(name)]; ok {
			return r, true, nil
		}
		if m := v.pack.macros[string(name)]; m != nil {
			return v.context.bindMacro(m), true, nil
		}
	}
	return nil, false, nil
}

// Each yields the names of the package's macros.
func (v *packageValue) Each(yield func(jinja.Value) bool) {
	for _, k := range v.keys() {
		if !yield(jinja.Str(k)) {
			return
		}
	}
}

func (v *packageValue) keys() []string {
	out := make([]string, 0, len(v.pack.macros))
	for name := range v.pack.macros {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
