package render

import (
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// varValue is `var` in a node's template. While parsing, a variable that is missing is None; a text with tags in it is rendered
// in the node's context.
func (c *nodeContext) varValue() jinja.Value {
	v := &basecontext.Var{Variables: c.engine.vars(c.names.local), Optional: c.mode == modeParse}
	if u := c.testing(); u != nil && u.Vars != nil {
		v.Variables = unitVars{u.Vars, v.Variables}
	}
	if c.node != nil {
		v.Node = c.node.Name
	}
	v.Text = func(call *jinja.Call, template string) (jinja.Value, error) {
		out, err := c.renderText(call.Thread, template)
		return jinja.Str(out), err
	}
	return v
}

// vars are the variables that a package's templates see.
func (e *Engine) vars(pkg string) basecontext.Variables {
	if e.options.Vars != nil {
		if v := e.options.Vars(pkg); v != nil {
			return v
		}
	}
	return basecontext.VarMap{}
}
