package jinja

import (
	"github.com/weft-data/weft/compiler/source"
)

// Macro is a macro's definition, not bound to names.
type Macro struct {
	Name string
	Span source.Span
	// Params are the parameters, in order.
	Params []MacroParam
	// Host is for the host: dbt's package of the macro.
	Host any

	tmpl *Template
	def  *MacroDef
}

// MacroParam is a parameter of a macro.
type MacroParam struct {
	Name string
	// Default is the expression of the default, or nil.
	Default Expr
}

// Bind gives the macro the scope its free names are looked up in. A bound macro is a Callable whose call gives what the
// macro returned with return(), else its text as a Str.
func (m *Macro) Bind(s Scope) *BoundMacro { return &BoundMacro{Macro: m, scope: s} }

// Walk calls fn for the macro's definition and all nodes in it, in order, as Walk does.
func (m *Macro) Walk(fn func(Node) bool) { Walk(m.def, fn) }

// SpanOf is the place of a node of the macro.
func (m *Macro) SpanOf(n Node) source.Span { return m.tmpl.SpanOf(n) }

// Body is the syntax tree of the macro's body.
func (m *Macro) Body() []Stmt { return m.def.Body }

// BoundMacro is a macro as a value.
type BoundMacro struct {
	Macro *Macro
	scope Scope
}

// TypeName is Python's name of the type.
func (*BoundMacro) TypeName() string { return "Macro" }

// String is what the macro prints as.
func (b *BoundMacro) String() string { return b.Repr() }

// Repr is what the macro prints as inside a list.
func (b *BoundMacro) Repr() string { return "<Macro " + quote(b.Macro.def.symbol) + ">" }

// Attr is an attribute of the macro: name, arguments.
func (b *BoundMacro) Attr(name string) (Value, bool, error) { return b.Macro.def.attr(name) }

// returnSignal is a return() on its way to the macro that it ends.
type returnSignal struct{ value Value }

func (*returnSignal) Error() string { return "return() is called outside of a macro" }

// Call runs the macro.
func (b *BoundMacro) Call(c *Call) (Value, error) {
	th := c.Thread
	th.start()
	if th.OnMacro != nil {
		th.OnMacro(b.Macro)
	}
	x := &exec{th: th, lang: python, scope: b.scope, tmpl: b.Macro.tmpl, file: b.Macro.tmpl.file, blocks: b.Macro.tmpl.blocks}
	root := &frame{x: x, fn: b.Macro.tmpl.fn, unbound: true}
	v, err := x.callMacro(b.Macro.def, root, c.Args, c.Kwargs, c.Span)
	if r, ok := err.(*returnSignal); ok {
		return r.value, nil
	}
	return v, err
}

// macroValue is a macro defined in the template that runs, or the body of a call block.
type macroValue struct {
	def    *MacroDef
	parent *frame
}

func (*macroValue) TypeName() string { return "Macro" }

func (m *macroValue) String() string { return m.Repr() }

func (m *macroValue) Repr() string {
	if m.def.symbol == "" {
		return "<Macro anonymous>"
	}
	return "<Macro " + quote(m.def.symbol) + ">"
}

func (m *macroValue) Attr(name string) (Value, bool, error) { return m.def.attr(name) }

func (m *macroValue) Call(c *Call) (Value, error) {
	v, err := m.parent.x.callMacro(m.def, m.parent, c.Args, c.Kwargs, c.Span)
	if r, ok := err.(*returnSignal); ok && m.def.symbol != "" {
		return r.value, nil
	}
	return v, err
}

func (m *MacroDef) attr(name string) (Value, bool, error) {
	switch name {
	case "name":
		if m.symbol == "" {
			return None, true, nil
		}
		return Str(m.symbol), true, nil
	case "arguments":
		names := make(Tuple, len(m.Params))
		for i := range m.Params {
			names[i] = Str(m.Params[i].Name)
		}
		return names, true, nil
	case "catch_kwargs":
		return Bool(m.kwargs >= 0), true, nil
	case "catch_varargs":
		return Bool(m.varargs >= 0), true, nil
	case "caller":
		return Bool(m.caller >= 0), true, nil
	case "explicit_caller":
		return Bool(m.explicitCaller), true, nil
	}
	return nil, false, nil
}

// callMacro runs a macro's body with arguments bound to its parameters, by the rules of Jinja2's Macro.
func (x *exec) callMacro(m *MacroDef, parent *frame, args []Value, kwargs []Kwarg, at source.Span) (Value, error) {
	th := x.th
	name := m.symbol
	if name == "" {
		name = "caller"
	}
	if th.depth++; th.depth > th.Limits.Depth {
		th.depth--
		return nil, limitErrorf("calls nest deeper than %d levels: maximum recursion depth exceeded", th.Limits.Depth)
	}
	f := x.push(m.fn, parent)
	if err := m.arguments(f, args, kwargs); err != nil {
		f.pop()
		th.depth--
		return nil, err
	}
	th.frames = append(th.frames, Frame{Macro: name, Call: at})
	start := len(th.buf)
	x.captures++
	err := m.defaults(f)
	if err == nil {
		_, err = f.run(m.Body)
	}
	x.captures--
	var v Value
	if err == nil {
		v = boxString(string(th.buf[start:]))
	}
	th.buf = th.buf[:start]
	th.frames = th.frames[:len(th.frames)-1]
	th.depth--
	f.pop()
	return v, err
}

// arguments binds the arguments of a call to the slots of a macro's parameters.
func (m *MacroDef) arguments(f *frame, args []Value, kwargs []Kwarg) error {
	taken := uint64(0) // the keyword arguments that are used up, the first 64 as bits
	var many map[int]bool
	if len(kwargs) > maxNames && m.kwargs < 0 {
		return callErrorf("macro %s got %d keyword arguments", m.repr(), len(kwargs))
	}
	take := func(name string) (Value, bool) {

		for i := range kwargs {
			if kwargs[i].Name == name {
				if i < 64 {
					taken |= 1 << i
				} else {
					if many == nil {
						many = map[int]bool{}
					}
					many[i] = true
				}
				return kwargs[i].Value, true
			}
		}
		return nil, false
	}
	used := func(i int) bool { return i < 64 && taken&(1<<i) != 0 || many[i] }
	foundCaller := false
	for i := range m.Params {
		p := &m.Params[i]
		if i < len(args) {
			f.slots[p.slot] = args[i]
			continue
		}
		if v, ok := take(p.Name); ok {
			f.slots[p.slot] = v
		}
		foundCaller = foundCaller || p.Name == "caller"
	}
	if len(args) >= len(m.Params) {
		foundCaller = m.explicitCaller
	}
	if m.caller >= 0 && !foundCaller {
		v, ok := take("caller")
		if !ok || v == None {
			v = &Undefined{Name: "caller", Message: "No caller defined", sink: f.x.sink}
		}
		f.slots[m.caller] = v
	}
	if m.kwargs >= 0 {
		rest := NewDict(len(kwargs))
		for i := range kwargs {
			if !used(i) {
				rest.Set(kwargs[i].Name, kwargs[i].Value)
			}
		}
		f.slots[m.kwargs] = rest
	} else {
		first := -1
		for i := range kwargs {
			if used(i) {
				continue
			}
			if kwargs[i].Name == "caller" {
				return callErrorf("macro %s was invoked with two values for the special caller argument. This is most likely a bug.", m.repr())
			}
			if first < 0 {
				first = i
			}
		}
		if first >= 0 {
			return callErrorf("macro %s takes no keyword argument %s", m.repr(), quote(kwargs[first].Name))
		}
	}
	if m.varargs >= 0 {
		var rest Tuple
		if len(args) > len(m.Params) {
			rest = append(rest, args[len(m.Params):]...)
		}
		f.slots[m.varargs] = rest
	} else if len(args) > len(m.Params) {
		return callErrorf("macro %s takes not more than %d argument(s)", m.repr(), len(m.Params))
	}
	return nil
}

func (m *MacroDef) repr() string {
	if m.symbol == "" {
		return "None"
	}
	return quote(m.symbol)
}

// defaults evaluates the defaults of the parameters that got no argument, in order, so that they see those before them.
func (m *MacroDef) defaults(f *frame) error {
	for i := range m.aliases {
		a := &m.aliases[i]
		f.slots[a.slot] = f.read(a.source, a.hops)
	}
	for i := range m.Params {
		p := &m.Params[i]
		if v := f.slots[p.slot]; v != nil && v != missing {
			continue
		}
		if p.Default == nil {
			f.slots[p.slot] = &Undefined{Name: p.Name, Message: "parameter " + quote(p.Name) + " was not provided", sink: f.x.sink}
			continue
		}
		v, err := p.Default.eval(f)
		if err != nil {
			return err
		}
		f.slots[p.slot] = v
	}
	return nil
}

// Return is the function `return`: called in a macro, it ends the macro with its argument as the value.
var Return = NewFunc("return", func(c *Call) (Value, error) {
	if len(c.Args)+len(c.Kwargs) != 1 {
		return nil, callErrorf("return() takes exactly one argument (%d given)", len(c.Args)+len(c.Kwargs))
	}
	if len(c.Args) == 0 {
		return nil, &returnSignal{c.Kwargs[0].Value}
	}
	return nil, &returnSignal{c.Args[0]}
})

// templateReference is the variable `self`, whose items are the template's blocks.
type templateReference struct{ x *exec }

func (*templateReference) TypeName() string { return "TemplateReference" }
func (*templateReference) String() string   { return "<TemplateReference None>" }
func (*templateReference) Repr() string     { return "<TemplateReference None>" }

func (t *templateReference) Index(key Value) (Value, bool, error) {
	name, ok := asString(key)
	b := t.x.blocks[name]
	if !ok || b == nil {
		return nil, false, nil
	}
	return NewFunc(name, func(c *Call) (Value, error) {
		x := t.x
		start := len(x.th.buf)
		x.captures++
		err := b.render(x)
		x.captures--
		text := ""
		if err == nil {
			text = string(x.th.buf[start:])
		}
		x.th.buf = x.th.buf[:start]
		return boxString(text), err
	}), true, nil
}
