package resolve

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// unrenderedCalls is what unrendered_config says of a text's config() calls: of models that dbt reads without running them,
// the values; of others, the first call's arguments as source text, put together anew from their syntax tree.
func unrenderedCalls(n *resource.Node, calls *jinja.Dict) *jinja.Dict {
	if calls == nil || !strings.Contains(n.RawCode, "config(") || n.Language == "python" {
		return nil
	}
	t, problems := jinja.Parse(n.Code, jinja.Options{})
	if t == nil || problems.HasErrors() {
		return nil
	}
	if n.Kind == node.Model && isPlain(t) {
		return asWritten(calls)
	}
	var call *jinja.CallExpr
	for _, s := range t.Body() {
		jinja.Walk(s, func(x jinja.Node) bool {
			if c, ok := x.(*jinja.CallExpr); ok && call == nil {
				if name, ok := c.Func.(*jinja.Name); ok && name.Name == "config" {
					call = c
				}
			}
			return call == nil
		})
	}
	if call == nil {
		return nil
	}
	out := jinja.NewDict(len(call.Kwargs))
	for i := range call.Kwargs {
		k := &call.Kwargs[i]
		if c, ok := k.Value.(*jinja.Const); ok {
			if s, ok := c.Value.(jinja.Str); ok {
				out.Set(k.Name, s)
				continue
			}
		}
		var sb strings.Builder
		writeSource(t, &sb, k.Value)
		out.Set(k.Name, jinja.Str(sb.String()))
	}
	return out
}

// asWritten undoes the spelling of hooks that config() gives them; nil if there are none.
func asWritten(calls *jinja.Dict) *jinja.Dict {
	_, pre := calls.Get("pre-hook")
	_, post := calls.Get("post-hook")
	if !pre && !post {
		return nil
	}
	out := jinja.NewDict(calls.Len())
	for k, v := range calls.Entries {
		name := jinja.Text(k)
		if name == "pre-hook" || name == "post-hook" {
			name = strings.Replace(name, "-", "_", 1)
			if l, ok := v.(*jinja.List); ok && len(l.Items) == 1 {
				v = l.Items[0]
			}
		}
		out.Set(name, v)
	}
	return out
}

// isPlain says whether dbt's static parser reads the template: nothing but calls of ref, source and config with texts, lists,
// mappings and Python's True and False.
func isPlain(t *jinja.Template) bool {
	for _, s := range t.Body() {
		switch s := s.(type) {
		case *jinja.Data:
		case *jinja.Print:
			c, ok := s.Expr.(*jinja.CallExpr)
			if !ok || c.DynArgs != nil || c.DynKw != nil {
				return false
			}
			name, ok := c.Func.(*jinja.Name)
			if !ok || name.Name != "ref" && name.Name != "source" && name.Name != "config" {
				return false
			}
			for i := range c.Kwargs {
				if name.Name == "config" && !plainLiteral(t, c.Kwargs[i].Value) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func plainLiteral(t *jinja.Template, e jinja.Expr) bool {
	switch e := e.(type) {
	case *jinja.Const:
		switch e.Value.(type) {
		case jinja.Str:
			return true
		case jinja.Bool:
			word := t.SpanOf(e).Text()
			return word == "True" || word == "False"
		}
		return false
	case *jinja.ListExpr:
		for _, x := range e.Items {
			if !plainLiteral(t, x) {
				return false
			}
		}
		return true
	case *jinja.DictExpr:
		for _, p := range e.Items {
			if !plainLiteral(t, p.Key) || !plainLiteral(t, p.Value) {
				return false
			}
		}
		return true
	}
	return false
}

// writeSource writes an expression in the form that dbt keeps it in.
func writeSource(t *jinja.Template, sb *strings.Builder, e jinja.Expr) {
	list := func(items []jinja.Expr) {
		for i, x := range items {
			if i > 0 {
				sb.WriteString(", ")
			}
			writeSource(t, sb, x)
		}
	}
	switch e := e.(type) {
	case *jinja.Const:
		sb.WriteString(jinja.Repr(e.Value))
	case *jinja.Name:
		sb.WriteString(e.Name)
	case *jinja.CallExpr:
		writeSource(t, sb, e.Func)
		sb.WriteByte('(')
		list(e.Args)
		first := len(e.Args) == 0
		next := func() {
			if !first {
				sb.WriteString(", ")
			}
			first = false
		}
		for i := range e.Kwargs {
			next()
			sb.WriteString(e.Kwargs[i].Name)
			sb.WriteByte('=')
			writeSource(t, sb, e.Kwargs[i].Value)
		}
		if e.DynArgs != nil {
			next()
			sb.WriteByte('*')
			writeSource(t, sb, e.DynArgs)
		}
		if e.DynKw != nil {
			next()
			sb.WriteString("**")
			writeSource(t, sb, e.DynKw)
		}
		sb.WriteByte(')')
	case *jinja.ListExpr:
		sb.WriteByte('[')
		list(e.Items)
		sb.WriteByte(']')
	case *jinja.TupleExpr:
		sb.WriteByte('(')
		list(e.Items)
		if len(e.Items) == 1 {
			sb.WriteByte(',')
		}
		sb.WriteByte(')')
	case *jinja.DictExpr:
		sb.WriteByte('{')
		for i, p := range e.Items {
			if i > 0 {
				sb.WriteString(", ")
			}
			writeSource(t, sb, p.Key)
			sb.WriteString(": ")
			writeSource(t, sb, p.Value)
		}
		sb.WriteByte('}')
	case *jinja.Getattr:
		writeSource(t, sb, e.Expr)
		sb.WriteByte('.')
		sb.WriteString(e.Name)
	case *jinja.Getitem:
		writeSource(t, sb, e.Expr)
		sb.WriteByte('[')
		writeSource(t, sb, e.Key)
		sb.WriteByte(']')
	case *jinja.Concat:
		for i, x := range e.Items {
			if i > 0 {
				sb.WriteString(" ~ ")
			}
			writeSource(t, sb, x)
		}
	case *jinja.Compare:
		writeSource(t, sb, e.Expr)
		for _, op := range e.Ops {
			sb.WriteString(" " + op.Op.String() + " ")
			writeSource(t, sb, op.Expr)
		}
	case *jinja.Unary:
		switch e.Op {
		case '!':
			sb.WriteString("not ")
		default:
			sb.WriteByte(e.Op)
		}
		writeSource(t, sb, e.Expr)
	case *jinja.Logic:
		writeSource(t, sb, e.Left)
		if e.Or {
			sb.WriteString(" or ")
		} else {
			sb.WriteString(" and ")
		}
		writeSource(t, sb, e.Right)
	default:
		sb.WriteString(t.SpanOf(e).Text())
	}
}

// unrenderedTest is the same for a generic test, whose text dbt writes itself.
func unrenderedTest(config *jinja.Dict) *jinja.Dict {
	if config.Len() == 0 {
		return nil
	}
	out := jinja.NewDict(config.Len())
	for k, v := range config.Entries {
		if _, ok := v.(jinja.Str); !ok {
			v = jinja.Str(jinja.Text(v))
		}
		_ = out.Store(k, v)
	}
	return out
}
