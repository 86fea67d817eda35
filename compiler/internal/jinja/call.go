package jinja

import (
	"strings"

	"github.com/weft-data/weft/compiler/source"
)

// builtin is a filter, test, method or function of the language. Its parameters are bound to arguments as Python would.
type builtin struct {
	name     string
	params   []string // without the value, or self, it works on
	required int
	variadic bool // further positional arguments are in extra
	keywords bool // further keyword arguments are in kwargs
	noKeys   bool // parameters are positional only
	context  bool // Jinja2 does not compute it at compile time
	fn       func(c invocation) (Value, error)
}

// invocation is one use of a builtin.
type invocation struct {
	x      *exec
	v      Value   // the filter's value, or self
	args   []Value // by parameter; nil where none was given
	extra  []Value
	kwargs []Kwarg
	at     source.Span
}

// arg gives an argument, or nil.
func (c *invocation) arg(i int) Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return nil
}

// or gives an argument, or the default.
func (c *invocation) or(i int, d Value) Value {
	if v := c.arg(i); v != nil {
		return v
	}
	return d
}

// define makes a builtin from a signature: "a, b=, *, **"; a parameter with = is optional, a leading / forbids keywords.
func define(signature string, fn func(c invocation) (Value, error)) *builtin {
	b := &builtin{fn: fn}
	for _, p := range strings.Split(signature, ",") {
		p = strings.TrimSpace(p)
		switch {
		case p == "":
		case p == "/":
			b.noKeys = true
		case p == "*":
			b.variadic = true
		case p == "**":
			b.keywords = true
		case strings.HasSuffix(p, "="):
			b.params = append(b.params, strings.TrimSuffix(p, "="))
		default:
			b.params = append(b.params, p)
			b.required++
		}
	}
	return b
}

// named gives the builtins of a table their names.
func named(table map[string]*builtin, contextual ...string) map[string]*builtin {
	for name, b := range table {
		if b.name == "" {
			b.name = name
		}
	}
	for _, name := range contextual {
		table[name].context = true
	}
	return table
}

// invoke binds arguments to parameters and runs the builtin.
func (b *builtin) invoke(c invocation, args []Value, kwargs []Kwarg) (Value, error) {
	if s, ok := asString(c.v); ok && len(s) >= 1<<textShift && c.x != nil {
		if err := c.x.charge(len(s) >> textShift); err != nil {
			return nil, err
		}
	}
	if len(args) > len(b.params) {
		if !b.variadic {
			return nil, callErrorf("%s() takes at most %d arguments (%d given)", b.name, len(b.params), len(args))
		}
		c.extra, args = args[len(b.params):], args[:len(b.params)]
	}
	c.args = args
	if len(kwargs) > 0 {
		c.args = make([]Value, len(b.params))
		copy(c.args, args)
	kwargs:
		for _, k := range kwargs {
			if !b.noKeys {
				for i, p := range b.params {
					if p != k.Name {
						continue
					}
					if c.args[i] != nil {
						return nil, callErrorf("%s() got multiple values for argument '%s'", b.name, k.Name)
					}
					c.args[i] = k.Value
					continue kwargs
				}
			}
			if !b.keywords {
				return nil, callErrorf("%s() got an unexpected keyword argument '%s'", b.name, k.Name)
			}
			c.kwargs = append(c.kwargs, k)
		}
	}
	for i := 0; i < b.required; i++ {
		if c.arg(i) == nil {
			return nil, callErrorf("%s() missing 1 required positional argument: '%s'", b.name, b.params[i])
		}
	}
	return b.fn(c)
}

// boundMethod is a method of one of Python's types with its object.
type boundMethod struct {
	self   Value
	method *builtin
	x      *exec
}

func (*boundMethod) TypeName() string { return "builtin_function_or_method" }

func (m *boundMethod) Call(c *Call) (Value, error) {
	return m.method.invoke(invocation{x: m.x, v: m.self, at: c.Span}, c.Args, c.Kwargs)
}

func (m *boundMethod) Equal(o Value) bool {
	b, ok := o.(*boundMethod)
	return ok && b.method == m.method && same(b.self, m.self)
}

// arguments evaluates the arguments of a call, filter or test. first, if not nil, goes before them.
func (f *frame) arguments(n Node, a *Arguments, first Value) (args []Value, kwargs []Kwarg, err error) {
	count := len(a.Args)
	if first != nil {
		count++
	}
	if count > 0 {
		args = make([]Value, 0, count)
		if first != nil {
			args = append(args, first)
		}
		for _, e := range a.Args {
			v, err := e.eval(f)
			if err != nil {
				return nil, nil, err
			}
			args = append(args, v)
		}
	}
	if len(a.Kwargs) > 0 {
		kwargs = make([]Kwarg, len(a.Kwargs), len(a.Kwargs)+1)
		for i := range a.Kwargs {
			v, err := a.Kwargs[i].Value.eval(f)
			if err != nil {
				return nil, nil, err
			}
			kwargs[i] = Kwarg{a.Kwargs[i].Name, v}
		}
	}
	if a.DynArgs != nil {
		v, err := a.DynArgs.eval(f)
		if err != nil {
			return nil, nil, err
		}
		more, err := f.x.collect(v)
		if err != nil {
			if isPy(err, typeError) {
				err = typeErrorf("argument after * must be an iterable, not %s", v.TypeName())
			}
			return nil, nil, f.x.failure(n, err)
		}
		args = append(args, more...)
	}
	if a.DynKw != nil {
		v, err := a.DynKw.eval(f)
		if err != nil {
			return nil, nil, err
		}
		if kwargs, err = spread(kwargs, v); err != nil {
			return nil, nil, f.x.failure(n, err)
		}
	}
	return args, kwargs, nil
}

// spread adds the entries of a mapping to keyword arguments: **v.
func spread(kwargs []Kwarg, v Value) ([]Kwarg, error) {
	entries, ok := entriesOf(v)
	if !ok {
		return nil, callErrorf("argument after ** must be a mapping, not %s", v.TypeName())
	}
	var err error
	given := len(kwargs)
	for k, val := range entries {
		name, ok := asString(k)
		if !ok {
			return nil, callErrorf("keywords must be strings")
		}
		for i := 0; i < given; i++ { // the mapping's own keys differ
			if kwargs[i].Name == name {
				err = callErrorf("got multiple values for keyword argument '%s'", name)
			}
		}
		kwargs = append(kwargs, Kwarg{name, val})
	}
	return kwargs, err
}

func (n *CallExpr) eval(f *frame) (Value, error) {
	x := f.x
	if err := x.charge(1); err != nil {
		return nil, x.failure(n, err)
	}
	var callee, self Value
	var method *builtin
	var err error
	if g, ok := n.Func.(*Getattr); ok {
		// x.method(...) needs no bound method in between.
		if self, err = g.Expr.eval(f); err != nil {
			return nil, err
		}
		if method = x.methodOf(self, g.Name); method == nil {
			if callee, err = x.getattr(self, g.Name); err != nil {
				return nil, x.failure(g, err)
			}
		}
	} else if callee, err = n.Func.eval(f); err != nil {
		return nil, err
	}
	args, kwargs, err := f.arguments(n, &n.Arguments, nil)
	if err != nil {
		return nil, err
	}
	if n.caller != nil {
		f.keep()
		kwargs = append(kwargs, Kwarg{"caller", &macroValue{def: n.caller, parent: f}})
	}
	at := source.Span{File: x.file, Start: int(n.start), End: int(n.end)}
	var v Value
	if method != nil {
		v, err = method.invoke(invocation{x: x, v: self, at: at}, args, kwargs)
	} else {
		v, err = x.call(callee, args, kwargs, at)
	}
	if err != nil {
		return nil, x.failure(n, err)
	}
	return v, nil
}

// call calls any value.
func (x *exec) call(callee Value, args []Value, kwargs []Kwarg, at source.Span) (Value, error) {
	switch c := callee.(type) {
	case Callable:
		v, err := c.Call(&Call{Thread: x.th, Scope: x.scope, Args: args, Kwargs: kwargs, Span: at, Native: x.native, x: x})
		if v == nil && err == nil {
			v = None
		}
		return v, err
	case *Undefined:
		if c.sink {
			return c, nil
		}
		return nil, undefinedFailure(c)
	}
	return nil, typeErrorf("'%s' object is not callable", callee.TypeName())
}

func (n *Filter) eval(f *frame) (Value, error) {
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	return n.apply(f, v)
}

// chain applies the filters of a filter block, the innermost first.
func (n *Filter) chain(f *frame, v Value) (Value, error) {
	if inner, ok := n.Expr.(*Filter); ok {
		var err error
		if v, err = inner.chain(f, v); err != nil {
			return nil, err
		}
	}
	return n.apply(f, v)
}

func (n *Filter) apply(f *frame, v Value) (Value, error) {
	x := f.x
	err := x.charge(1)
	if err != nil {
		return nil, x.failure(n, err)
	}
	switch {
	case n.host != nil:
		v, err = n.applyHost(f, n.host, &n.Arguments, v)
	case n.builtin == nil:
		err = &pyError{filterError, "No filter named " + quote(n.Name) + " found."}
	case n.Args == nil && n.Kwargs == nil && n.DynArgs == nil && n.DynKw == nil:
		v, err = n.builtin.invoke(invocation{x: x, v: v}, nil, nil)
	default:
		args, kwargs, bad := f.arguments(n, &n.Arguments, nil)
		if bad != nil {
			return nil, bad
		}
		v, err = n.builtin.invoke(invocation{x: x, v: v}, args, kwargs)
	}
	if err != nil {
		return nil, x.failure(n, err)
	}
	return v, nil
}

func (n *Filter) applyHost(f *frame, host Callable, a *Arguments, v Value) (Value, error) {
	args, kwargs, err := f.arguments(n, a, v)
	if err != nil {
		return nil, err
	}
	start, end := n.Range()
	return f.x.call(host, args, kwargs, source.Span{File: f.x.file, Start: start, End: end})
}

func (n *Test) eval(f *frame) (Value, error) {
	v, err := n.Expr.eval(f)
	if err != nil {
		return nil, err
	}
	x := f.x
	if n.builtin == nil && n.host == nil {
		return nil, x.failure(n, &pyError{filterError, "No test named " + quote(n.Name) + " found."})
	}
	if n.host != nil {
		args, kwargs, bad := f.arguments(n, &n.Arguments, v)
		if bad != nil {
			return nil, bad
		}
		v, err = x.call(n.host, args, kwargs, source.Span{File: x.file, Start: int(n.start), End: int(n.end)})
	} else {
		args, kwargs, bad := f.arguments(n, &n.Arguments, nil)
		if bad != nil {
			return nil, bad
		}
		v, err = n.builtin.invoke(invocation{x: x, v: v}, args, kwargs)
	}
	if err != nil {
		return nil, x.failure(n, err)
	}
	return v, nil
}
