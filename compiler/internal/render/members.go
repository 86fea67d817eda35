package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// memberNames are the names that nodeContext.member serves, sorted: what `builtins` and `context` list beside the names that
// templates share with YAML.
var memberNames = []string{
	"adapter", "adapter_macro", "api", "builtins", "column", "compiled_code", "config", "context_macro_stack", "database",
	"dbt_metadata_envs", "defer_relation", "env", "env_var", "exceptions", "execute", "flags", "function", "graph",
	"invocation_args_dict", "load_agate_table", "load_result", "log", "metric", "model", "post_hooks", "pre_hooks", "print",
	"project_name", "ref", "render", "schema", "selected_resources", "source", "sql", "sql_now", "store_raw_result",
	"store_result", "submit_python_job", "target", "this", "try_or_compiler_error", "validation", "var", "write",
}

// member makes a value of the context that depends on the node, the dialect or the render.
func (c *nodeContext) member(name string) (jinja.Value, bool) {
	switch name {
	case "ref":
		return refValue{c}, true
	case "source":
		return function("source", c.callSource), true
	case "config":
		return &configValue{context: c}, true
	case "this":
		return c.thisValue()
	case "execute":
		return jinja.Bool(c.mode.executes()), true
	case "var":
		return c.varValue(), true
	case "env_var":
		if u := c.testing(); u != nil && u.EnvVars != nil {
			return c.unitEnvVar(u), true
		}
		return c.engine.envVar, true
	case "target", "env":
		return c.dialect.target.Copy(), true
	case "model":
		return c.modelValue(), true
	case "graph":
		return c.graphValue(), true
	case "adapter":
		return c.adapterValue(), true
	case "api":
		d := jinja.NewDict(2)
		d.Set("Relation", c.adapterAttr("Relation"))
		d.Set("Column", c.adapterAttr("Column"))
		return d, true
	case "column":
		return c.adapterAttr("Column"), true
	case "sql_now":
		return jinja.Str(c.dialect.data.Now), true
	case "metric":
		return function("metric", c.callMetric), true
	case "function":
		return function("function", c.callFunction), true
	case "exceptions":
		return c.exceptionsValue(), true
	case "validation":
		return c.validationValue(), true
	case "builtins":
		return c.builtinsValue(), true
	case "context_macro_stack":
		return c.stackValue(), true
	case "project_name":
		return jinja.Str(c.engine.options.Root), true
	case "database":
		if c.node != nil && c.node.Schema != "" {
			return textOrNone(c.node.Database), true
		}
		return textOrNone(c.dialect.database), true
	case "schema":
		if c.node != nil && c.node.Schema != "" {
			return jinja.Str(c.node.Schema), true
		}
		return jinja.Str(c.dialect.schema), true
	case "pre_hooks", "post_hooks":
		return c.hooksValue(name), true
	case "sql", "compiled_code":
		if c.run != nil && c.compiled != nil {
			return jinja.Str(*c.compiled), true
		}
		return jinja.None, true
	case "defer_relation":
		return c.deferRelation(), true
	case "log", "print":
		return function(name, func(call *jinja.Call) (jinja.Value, error) { return c.say(name, call) }), true
	case "render":
		return function("render", c.callRender), true
	case "write":
		return function("write", c.callWrite), true
	case "try_or_compiler_error":
		return function("try_or_compiler_error", tryOrCompilerError), true
	case "load_result":
		return function("load_result", c.callLoadResult), true
	case "store_result":
		return function("store_result", c.callStoreResult), true
	case "store_raw_result":
		return function("store_raw_result", c.callStoreRawResult), true
	case "load_agate_table":
		return function("load_agate_table", c.callLoadTable), true
	case "submit_python_job":
		return function("submit_python_job", func(*jinja.Call) (jinja.Value, error) {
			return nil, fail(diag.NotInTemplate, "submit_python_job() is not available: weft does not run Python models")
		}), true
	case "adapter_macro":
		return function("adapter_macro", func(call *jinja.Call) (jinja.Value, error) {
			called := ""
			if len(call.Args) > 0 {
				called = jinja.Text(call.Args[0])
			}
			return nil, failf(diag.NotInTemplate, "The \"adapter_macro\" macro has been deprecated. Instead, use the `adapter.dispatch` method to find a macro and call the result. adapter_macro was called for: %s", called)
		}), true
	case "selected_resources":
		if c.run == nil {
			return jinja.NewList(), true
		}
		out := jinja.NewList()
		for _, id := range c.run.options.Selected {
			out.Items = append(out.Items, jinja.Str(id))
		}
		return out, true
	case "dbt_metadata_envs":
		return copyOrEmpty(c.engine.options.MetadataEnvs), true
	case "invocation_args_dict":
		return copyOrEmpty(c.engine.options.InvocationArgs), true
	case "flags":
		if c.engine.options.Flags != nil {
			return c.engine.options.Flags, true
		}
	}
	return nil, false
}

func copyOrEmpty(d *jinja.Dict) jinja.Value {
	if d == nil {
		return jinja.NewDict(0)
	}
	return d.DeepCopy()
}

// thisValue is `this`. Operations have none.
func (c *nodeContext) thisValue() (jinja.Value, bool) {
	if c.node == nil {
		return nil, false
	}
	if c.node.Kind == node.Operation {
		return jinja.None, true
	}
	if u := c.testing(); u != nil {
		return c.unitThis(u), true
	}
	r, err := c.thisRelation("")
	if err != nil {
		return &failing{err: err}, true
	}
	return r, true
}

// failing is a value that could not be made: whoever touches it is told why.
type failing struct{ err error }

func (*failing) TypeName() string                               { return "Relation" }
func (f *failing) Attr(string) (jinja.Value, bool, error)       { return nil, false, f.err }
func (f *failing) Index(jinja.Value) (jinja.Value, bool, error) { return nil, false, f.err }
func (f *failing) Call(*jinja.Call) (jinja.Value, error)        { return nil, f.err }

// stackValue is `context_macro_stack`: the unique ids of the macros that are running.
func (c *nodeContext) stackValue() jinja.Value {
	return &object{kind: "MacroStack", attr: func(name string) (jinja.Value, bool) {
		switch name {
		case "depth":
			return jinja.Int(len(c.stack)), true
		case "call_stack":
			return textList(c.stack), true
		}
		return nil, false
	}}
}

// hooksValue is pre_hooks or post_hooks: the node's hooks as a materialization runs them.
func (c *nodeContext) hooksValue(name string) jinja.Value {
	if c.node == nil || c.node.Config == nil {
		return jinja.None
	}
	switch c.node.Kind {
	case node.Source, node.Test, node.UnitTest:
		return jinja.NewList()
	}
	v, _ := c.node.Config.Get(strings.Replace(strings.TrimSuffix(name, "s"), "_", "-", 1))
	if l, ok := v.(*jinja.List); ok {
		return jinja.NewList(l.Items...)
	}
	return jinja.NewList()
}

// Message is what a template said with log() or print().
type Message struct {
	Text string
	// Print says that it was print(), which goes to stdout as it is; Info that log() was asked to show it.
	Print, Info bool
	Span        source.Span
	// Warning says that it was exceptions.warn().
	Warning bool
}

func (c *nodeContext) say(name string, call *jinja.Call) (jinja.Value, error) {
	m := Message{Span: call.Span, Print: name == "print"}
	if m.Print {
		args, err := bind(call, name, "msg")
		if err != nil {
			return nil, err
		}
		m.Text = jinja.Text(args[0])
	} else {
		args, err := bind(call, name, "msg", "info=")
		if err != nil {
			return nil, err
		}
		m.Text, m.Info = jinja.Text(args[0]), jinja.Truth(args[1])
	}
	if c.run != nil && c.run.options.Said != nil {
		c.run.options.Said(m)
		return jinja.Str(""), nil
	}
	c.messages = append(c.messages, m)
	return jinja.Str(""), nil
}

// callRender is render(string): the string as a template, in the same context.
func (c *nodeContext) callRender(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "render", "string")
	if err != nil {
		return nil, err
	}
	text := jinja.Text(args[0])
	out, err := c.renderText(call.Thread, text)
	return jinja.Str(out), err
}

// renderText renders text that came into being while rendering.
func (c *nodeContext) renderText(thread *jinja.Thread, text string) (string, error) {
	if !strings.ContainsAny(text, "{") {
		return text, nil
	}
	t, diags := jinja.Parse(source.Whole(source.NewFile(c.fileName(), text)), dialectOfDbt)
	if t == nil {
		if len(diags) == 0 {
			return "", fail(diag.TemplateFailed, "the text could not be read as a template")
		}
		return "", fail(diags[0].Code, diags[0].Detail)
	}
	out, err := t.Render(thread, c)
	return out.Text, err
}

// fileName is how messages name text that came into being while rendering: by the file of the node it came from.
func (c *nodeContext) fileName() string {
	if c.file.File == nil {
		return ""
	}
	return c.file.File.Path
}

// callWrite is write(payload): the text that a materialization keeps under target/run.
func (c *nodeContext) callWrite(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "write", "payload")
	if err != nil {
		return nil, err
	}
	if c.node == nil || c.node.Kind == node.Source {
		return nil, fail(diag.TemplateArguments, "cannot \"write\" macros or sources")
	}
	text := jinja.Text(args[0])
	c.written = &text
	return jinja.Str(""), nil
}

// tryOrCompilerError is try_or_compiler_error(message, function, ...): the function's result, or the message as an error.
func tryOrCompilerError(call *jinja.Call) (jinja.Value, error) {
	if len(call.Args) < 2 {
		return nil, fail(diag.TemplateArguments, "try_or_compiler_error() takes a message and a function")
	}
	f, ok := call.Args[1].(jinja.Callable)
	message := fail(diag.RaisedError, jinja.Text(call.Args[0]))
	if !ok {
		return nil, message
	}
	one := *call
	one.Args = call.Args[2:]
	v, err := f.Call(&one)
	if err != nil {
		return nil, message
	}
	return v, nil
}

// Print is what a table prints: it reaches the user as print() does.
func (c *nodeContext) Print(text string) {
	m := Message{Text: text, Print: true}
	if c.run != nil && c.run.options.Said != nil {
		c.run.options.Said(m)
		return
	}
	c.messages = append(c.messages, m)
}
