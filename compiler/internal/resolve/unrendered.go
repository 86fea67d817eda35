package resolve

import (
	"slices"
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
	t, call, plain := firstCall(n)
	if call == nil {
		return nil
	}
	hooks := func(k jinja.Keyword) bool { return k.Name == "pre_hook" || k.Name == "post_hook" }
	if plain && n.Kind == node.Model && !slices.ContainsFunc(call.Kwargs, hooks) { // dbt runs a text that has hooks
		return asWritten(calls)
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

// firstCall finds the first call of config(). In most files it is an expression of its own at the top, with nothing but simple
// references below, which can be seen without parsing the whole text.
func firstCall(n *resource.Node) (t *jinja.Template, call *jinja.CallExpr, plain bool) {
	if at, rest, ok := leadingCall(n.RawCode); ok {
		if t, _ := jinja.ParseExpression(n.Code.Sub(at, rest), jinja.Options{}); t != nil && len(t.Body()) == 1 {
			if p, ok := t.Body()[0].(*jinja.Print); ok {
				if c, ok := p.Expr.(*jinja.CallExpr); ok {
					return t, c, isPlain(t) && simpleReferences(n.RawCode[rest:])
				}
			}
		}
	}
	t, problems := jinja.Parse(n.Code, jinja.Options{})
	if t == nil || problems.HasErrors() {
		return nil, nil, false
	}
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
	return t, call, isPlain(t)
}

// leadingCall finds "{{ config(...) }}" at the beginning of a text: text[start:end] is the call.
func leadingCall(text string) (start, end int, ok bool) {
	rest, ok := strings.CutPrefix(text, "{{")
	if !ok {
		return 0, 0, false
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "-"), " \t\r\n")
	if !strings.HasPrefix(rest, "config(") {
		return 0, 0, false
	}
	start = len(text) - len(rest)
	end = start + closing(rest)
	if end == start {
		return 0, 0, false
	}
	after := strings.TrimLeft(text[end:], " \t\r\n")
	return start, end, strings.HasPrefix(after, "}}") || strings.HasPrefix(after, "-}}")
}

// closing is the length of a text up to the parenthesis that closes its first one, 0 if there is none.
func closing(s string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// simpleReferences says whether all tags of a text are calls of ref and source with nothing but texts for arguments. It may
// say no of texts that are.
func simpleReferences(text string) bool {
	if strings.Contains(text, "{%") {
		return false
	}
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			return true
		}
		j := strings.Index(text[i:], "}}")
		if j < 0 {
			return false
		}
		inner := strings.Trim(text[i+2:i+j], "- \t\r\n")
		text = text[i+j+2:]
		args, ok := strings.CutPrefix(inner, "ref(")
		if !ok {
			args, ok = strings.CutPrefix(inner, "source(")
		}
		args, closed := strings.CutSuffix(args, ")")
		if !ok || !closed {
			return false
		}
		for _, a := range strings.Split(args, ",") {
			a = strings.TrimSpace(a)
			if len(a) < 2 || a[0] != a[len(a)-1] || a[0] != '\'' && a[0] != '"' || strings.ContainsAny(a[1:len(a)-1], "'\"\\") {
				return false
			}
		}
	}
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
		writeTree(sb, e)
	}
}

var compareNames = [...]string{jinja.OpEq: "eq", jinja.OpNe: "ne", jinja.OpLt: "lt", jinja.OpLe: "lteq", jinja.OpGt: "gt", jinja.OpGe: "gteq",
	jinja.OpIn: "in", jinja.OpNotIn: "notin"}

var binaryNames = [...]string{jinja.OpAdd: "Add", jinja.OpSub: "Sub", jinja.OpMul: "Mul", jinja.OpDiv: "Div", jinja.OpFloorDiv: "FloorDiv",
	jinja.OpMod: "Mod", jinja.OpPow: "Pow"}

// writeTree writes an expression as Jinja2's text of its syntax tree, which is what dbt keeps of the kinds of expressions that it
// does not put together anew.
func writeTree(sb *strings.Builder, e jinja.Expr) {
	one := func(name string, e jinja.Expr) {
		sb.WriteString(name + "=")
		writeTree(sb, e)
	}
	list := func(name string, items []jinja.Expr) {
		sb.WriteString(name + "=[")
		for i, x := range items {
			if i > 0 {
				sb.WriteString(", ")
			}
			writeTree(sb, x)
		}
		sb.WriteByte(']')
	}
	arguments := func(a *jinja.Arguments) {
		list("args", a.Args)
		sb.WriteString(", kwargs=[")
		for i := range a.Kwargs {
			if i > 0 {
				sb.WriteString(", ")
			}
			sb.WriteString("Keyword(key=" + quoted(a.Kwargs[i].Name) + ", ")
			one("value", a.Kwargs[i].Value)
			sb.WriteByte(')')
		}
		sb.WriteString("], ")
		one("dyn_args", a.DynArgs)
		sb.WriteString(", ")
		one("dyn_kwargs", a.DynKw)
	}
	pair := func(class, left string, a jinja.Expr, right string, b jinja.Expr) {
		sb.WriteString(class + "(")
		one(left, a)
		sb.WriteString(", ")
		one(right, b)
		sb.WriteByte(')')
	}
	switch e := e.(type) {
	case nil:
		sb.WriteString("None")
	case *jinja.Const:
		sb.WriteString("Const(value=" + jinja.Repr(e.Value) + ")")
	case *jinja.Name:
		sb.WriteString("Name(name=" + quoted(e.Name) + ", ctx='load')")
	case *jinja.ListExpr:
		sb.WriteString("List(")
		list("items", e.Items)
		sb.WriteByte(')')
	case *jinja.TupleExpr:
		sb.WriteString("Tuple(")
		list("items", e.Items)
		sb.WriteString(", ctx='load')")
	case *jinja.DictExpr:
		sb.WriteString("Dict(items=[")
		for i, p := range e.Items {
			if i > 0 {
				sb.WriteString(", ")
			}
			pair("Pair", "key", p.Key, "value", p.Value)
		}
		sb.WriteString("])")
	case *jinja.Cond:
		sb.WriteString("CondExpr(")
		one("test", e.Test)
		sb.WriteString(", ")
		one("expr1", e.Then)
		sb.WriteString(", ")
		one("expr2", e.Else)
		sb.WriteByte(')')
	case *jinja.CallExpr:
		sb.WriteString("Call(")
		one("node", e.Func)
		sb.WriteString(", ")
		arguments(&e.Arguments)
		sb.WriteByte(')')
	case *jinja.Filter:
		sb.WriteString("Filter(")
		one("node", e.Expr)
		sb.WriteString(", name=" + quoted(e.Name) + ", ")
		arguments(&e.Arguments)
		sb.WriteByte(')')
	case *jinja.Test:
		sb.WriteString("Test(")
		one("node", e.Expr)
		sb.WriteString(", name=" + quoted(e.Name) + ", ")
		arguments(&e.Arguments)
		sb.WriteByte(')')
	case *jinja.Getattr:
		sb.WriteString("Getattr(")
		one("node", e.Expr)
		sb.WriteString(", attr=" + quoted(e.Name) + ", ctx='load')")
	case *jinja.Getitem:
		sb.WriteString("Getitem(")
		one("node", e.Expr)
		sb.WriteString(", ")
		one("arg", e.Key)
		sb.WriteString(", ctx='load')")
	case *jinja.Concat:
		sb.WriteString("Concat(")
		list("nodes", e.Items)
		sb.WriteByte(')')
	case *jinja.Compare:
		sb.WriteString("Compare(")
		one("expr", e.Expr)
		sb.WriteString(", ops=[")
		for i, op := range e.Ops {
			if i > 0 {
				sb.WriteString(", ")
			}
			sb.WriteString("Operand(op=" + quoted(compareNames[op.Op]) + ", ")
			one("expr", op.Expr)
			sb.WriteByte(')')
		}
		sb.WriteString("])")
	case *jinja.Unary:
		sb.WriteString(map[byte]string{'!': "Not(", '-': "Neg(", '+': "Pos("}[e.Op])
		one("node", e.Expr)
		sb.WriteByte(')')
	case *jinja.Logic:
		if e.Or {
			pair("Or", "left", e.Left, "right", e.Right)
		} else {
			pair("And", "left", e.Left, "right", e.Right)
		}
	case *jinja.Binary:
		pair(binaryNames[e.Op], "left", e.Left, "right", e.Right)
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
