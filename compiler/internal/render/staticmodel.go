package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
)

// scanStatic reads a template that does nothing but call ref, source, config and var with literals. Most models do only that, and
// their calls can be read off the syntax tree; running the template would give the same, since nothing in it can depend on
// anything. It answers false, with nothing noted, for any other template.
func (e *Engine) scanStatic(t *jinja.Template, n *resource.Node, found *resource.Scan) bool {
	names := e.scope(n.Package, e.dialect(n.Dialect))
	for _, name := range []string{"ref", "source", "config", "var"} {
		if names.entries[name].macro != nil || names.entries[name].pack != nil {
			return false
		}
	}
	var out resource.Scan
	for _, s := range t.Body() {
		var expr jinja.Expr
		switch s := s.(type) {
		case *jinja.Data:
			continue
		case *jinja.Print:
			expr = s.Expr
		case *jinja.Do:
			expr = s.Expr
		}
		if expr == nil || !e.staticCall(t, n, expr, &out) {
			return false
		}
	}
	found.Refs = append(found.Refs, out.Refs...)
	found.Sources = append(found.Sources, out.Sources...)
	found.Config = out.Config
	return true
}

// staticCall notes one call of ref, source, config or var with literal arguments.
func (e *Engine) staticCall(t *jinja.Template, n *resource.Node, expr jinja.Expr, found *resource.Scan) bool {
	c, ok := expr.(*jinja.CallExpr)
	if !ok || c.DynArgs != nil || c.DynKw != nil {
		return false
	}
	name, ok := c.Func.(*jinja.Name)
	if !ok {
		return false
	}
	call := jinja.Call{Span: t.SpanOf(c)}
	for _, a := range c.Args {
		v, ok := literal(a)
		if !ok {
			return false
		}
		call.Args = append(call.Args, v)
	}
	for i := range c.Kwargs {
		v, ok := literal(c.Kwargs[i].Value)
		if !ok {
			return false
		}
		call.Kwargs = append(call.Kwargs, jinja.Kwarg{Name: c.Kwargs[i].Name, Value: v})
	}
	switch name.Name {
	case "ref":
		ref, err := refArguments(&call)
		if err != nil {
			return false
		}
		found.Refs = append(found.Refs, ref)
	case "source":
		ref, err := sourceArguments(&call)
		if err != nil {
			return false
		}
		found.Sources = append(found.Sources, ref)
	case "config":
		if err := addConfigCall(found, &call); err != nil {
			return false
		}
	case "var":
		// A variable is looked up for nothing, unless its text is a template, which could call anything.
		if len(call.Args)+len(call.Kwargs) == 0 || len(call.Args)+len(call.Kwargs) > 2 || len(call.Args) == 0 {
			return false
		}
		name, ok := call.Args[0].(jinja.Str)
		if !ok || len(call.Kwargs) == 1 && call.Kwargs[0].Name != "default" {
			return false
		}
		if v, found := e.vars(n.Package).Lookup(string(name)); found {
			text, isText := v.(jinja.Str)
			return !isText || !strings.Contains(string(text), "{")
		}
	default:
		return false
	}
	return true
}

// literal is the value of an expression that is a literal: a constant, or a list or dict of literals.
func literal(e jinja.Expr) (jinja.Value, bool) {
	switch e := e.(type) {
	case *jinja.Const:
		return e.Value, true
	case *jinja.ListExpr:
		out := jinja.NewList()
		for _, item := range e.Items {
			v, ok := literal(item)
			if !ok {
				return nil, false
			}
			out.Items = append(out.Items, v)
		}
		return out, true
	case *jinja.DictExpr:
		out := jinja.NewDict(len(e.Items))
		for _, item := range e.Items {
			k, ok := literal(item.Key)
			if !ok {
				return nil, false
			}
			v, ok := literal(item.Value)
			if !ok || out.Store(k, v) != nil {
				return nil, false
			}
		}
		return out, true
	}
	return nil, false
}
