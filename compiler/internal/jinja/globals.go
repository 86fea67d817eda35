package jinja

// globalTable are the functions of the language itself, below everything the host's scope has.
func globalTable() map[string]Value {
	return map[string]Value{
		"range":     NewFunc("range", globalRange),
		"dict":      dictType{},
		"namespace": NewFunc("namespace", globalNamespace),
		"cycler":    NewFunc("cycler", globalCycler),
		"joiner":    NewFunc("joiner", globalJoiner),
	}
}

// exec gives what runs the calling template; a host that calls a builtin by hand gets one for its thread.
func (c *Call) exec() *exec {
	if c.x == nil {
		if c.Thread == nil {
			c.Thread = &Thread{}
		}
		c.Thread.start()
		c.x = &exec{th: c.Thread, lang: python, scope: c.Scope, file: c.Span.File}
	}
	return c.x
}

// Iterate collects the items of any iterable value, as Python's list() does.
func (c *Call) Iterate(v Value) ([]Value, error) { return c.exec().collect(v) }

// Invoke calls a value with arguments, at the place of the call.
func (c *Call) Invoke(callee Value, args []Value, kwargs ...Kwarg) (Value, error) {
	return c.exec().call(callee, args, kwargs, c.Span)
}

// Bind matches the call's arguments with parameters of the names: out[i] is nil where one was not given. The first
// required ones must be there.
func (c *Call) Bind(function string, required int, params ...string) ([]Value, error) {
	b := &builtin{name: function, params: params, required: required}
	var out []Value
	b.fn = func(c invocation) (Value, error) {
		out = c.args
		return nil, nil
	}
	_, err := b.invoke(invocation{}, c.Args, c.Kwargs)
	if len(out) < len(params) {
		out = append(make([]Value, 0, len(params)), out...)[:len(params)]
	}
	return out, err
}

func globalRange(c *Call) (Value, error) {
	if len(c.Kwargs) > 0 {
		return nil, callErrorf("range() takes no keyword arguments")
	}
	var n [3]int64
	for i, v := range c.Args {
		if i == 3 {
			return nil, callErrorf("range expected at most 3 arguments, got %d", len(c.Args))
		}
		k, err := needInt(v)
		if err != nil {
			return nil, err
		}
		n[i] = int64(k)
	}
	switch len(c.Args) {
	case 0:
		return nil, callErrorf("range expected at least 1 argument, got 0")
	case 1:
		return newRange(0, n[0], 1)
	case 2:
		return newRange(n[0], n[1], 1)
	}
	return newRange(n[0], n[1], n[2])
}

// dictType is the function `dict`.
type dictType struct{}

func (dictType) TypeName() string { return "type" }
func (dictType) String() string   { return "<class 'dict'>" }
func (dictType) Repr() string     { return "<class 'dict'>" }

func (dictType) Attr(name string) (Value, bool, error) {
	if name != "fromkeys" {
		return nil, false, nil
	}
	return NewFunc("fromkeys", func(c *Call) (Value, error) {
		args, err := c.Bind("fromkeys", 1, "iterable", "value")
		if err != nil {
			return nil, err
		}
		return c.exec().fromKeys(args[0], orNone(args[1]))
	}), true, nil
}

func (dictType) Call(c *Call) (Value, error) { return newDict(c, "dict") }

func newDict(c *Call, name string) (*Dict, error) {
	d := NewDict(len(c.Kwargs))
	if len(c.Args) > 1 {
		return nil, callErrorf("%s expected at most 1 argument, got %d", name, len(c.Args))
	}
	if len(c.Args) == 1 {
		if err := c.exec().update(d, c.Args[0]); err != nil {
			return nil, err
		}
	}
	for _, k := range c.Kwargs {
		d.Set(k.Name, k.Value)
	}
	return d, nil
}

// Namespace is what namespace() makes: an object whose attributes a set may assign.
type Namespace struct{ attrs *Dict }

// TypeName is Python's name of the type.
func (*Namespace) TypeName() string { return "Namespace" }

func globalNamespace(c *Call) (Value, error) {
	d, err := newDict(c, "namespace")
	return &Namespace{d}, err
}

type cycler struct {
	items []Value
	pos   int
}

func (*cycler) TypeName() string { return "Cycler" }

func (cy *cycler) Attr(name string) (Value, bool, error) {
	switch name {
	case "current":
		return cy.items[cy.pos], true, nil
	case "pos":
		return Int(cy.pos), true, nil
	case "items":
		return Tuple(cy.items), true, nil
	case "next":
		return NewFunc("next", func(*Call) (Value, error) {
			v := cy.items[cy.pos]
			cy.pos = (cy.pos + 1) % len(cy.items)
			return v, nil
		}), true, nil
	case "reset":
		return NewFunc("reset", func(*Call) (Value, error) {
			cy.pos = 0
			return None, nil
		}), true, nil
	}
	return nil, false, nil
}

func globalCycler(c *Call) (Value, error) {
	if len(c.Kwargs) > 0 {
		return nil, callErrorf("cycler() got an unexpected keyword argument '%s'", c.Kwargs[0].Name)
	}
	if len(c.Args) == 0 {
		return nil, runtimeErrorf("at least one item has to be provided")
	}
	return &cycler{items: append([]Value(nil), c.Args...)}, nil
}

type joiner struct {
	sep  Value
	used bool
}

func (*joiner) TypeName() string { return "Joiner" }

func (j *joiner) Attr(name string) (Value, bool, error) {
	switch name {
	case "sep":
		return j.sep, true, nil
	case "used":
		return Bool(j.used), true, nil
	}
	return nil, false, nil
}

func (j *joiner) Call(c *Call) (Value, error) {
	if len(c.Args)+len(c.Kwargs) > 0 {
		return nil, callErrorf("Joiner.__call__() takes no arguments")
	}
	if !j.used {
		j.used = true
		return emptyStr, nil
	}
	return j.sep, nil
}

func globalJoiner(c *Call) (Value, error) {
	args, err := c.Bind("joiner", 0, "sep")
	if err != nil {
		return nil, err
	}
	if args[0] == nil {
		args[0] = Str(", ")
	}
	return &joiner{sep: args[0]}, nil
}
