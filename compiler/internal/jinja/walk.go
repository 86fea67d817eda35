package jinja

// Walk calls fn for the node and, where fn answers true, for the nodes below it, in the order of Jinja2's tree.
func Walk(n Node, fn func(Node) bool) {
	if isNil(n) || !fn(n) {
		return
	}
	children(n, func(c Node) { Walk(c, fn) })
}

func isNil(n Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *Filter:
		return n == nil
	case *CallExpr:
		return n == nil
	}
	return false
}

// children calls fn for the node's children in the order in which Jinja2 lists a node's fields; rules of scope hang on it.
func children(n Node, fn func(Node)) {
	one := func(e Expr) {
		if e != nil {
			fn(e)
		}
	}
	exprs := func(es []Expr) {
		for _, e := range es {
			fn(e)
		}
	}
	body := func(ss []Stmt) {
		for _, s := range ss {
			fn(s)
		}
	}
	args := func(a *Arguments) {
		exprs(a.Args)
		for i := range a.Kwargs {
			fn(a.Kwargs[i].Value)
		}
		one(a.DynArgs)
		one(a.DynKw)
	}
	params := func(m *MacroDef) {
		for i := range m.Params {
			fn(&m.Params[i])
		}
		for i := range m.Params {
			one(m.Params[i].Default)
		}
	}
	switch n := n.(type) {
	case *TupleExpr:
		exprs(n.Items)
	case *ListExpr:
		exprs(n.Items)
	case *DictExpr:
		for i := range n.Items {
			fn(n.Items[i].Key)
			fn(n.Items[i].Value)
		}
	case *Unary:
		fn(n.Expr)
	case *Binary:
		fn(n.Left)
		fn(n.Right)
	case *Logic:
		fn(n.Left)
		fn(n.Right)
	case *Compare:
		fn(n.Expr)
		for i := range n.Ops {
			fn(n.Ops[i].Expr)
		}
	case *Concat:
		exprs(n.Items)
	case *Cond:
		fn(n.Test)
		fn(n.Then)
		one(n.Else)
	case *CallExpr:
		fn(n.Func)
		args(&n.Arguments)
	case *Filter:
		one(n.Expr)
		args(&n.Arguments)
	case *Test:
		fn(n.Expr)
		args(&n.Arguments)
	case *Getattr:
		fn(n.Expr)
	case *Getitem:
		fn(n.Expr)
		fn(n.Key)
	case *Slice:
		fn(n.Expr)
		one(n.Start)
		one(n.Stop)
		one(n.Step)
	case *Print:
		fn(n.Expr)
	case *If:
		fn(n.Test)
		body(n.Body)
		for i := range n.Elif {
			fn(n.Elif[i].Test)
			body(n.Elif[i].Body)
		}
		body(n.Else)
	case *For:
		fn(n.Target)
		fn(n.Iter)
		body(n.Body)
		body(n.Else)
		one(n.Test)
	case *Assign:
		fn(n.Target)
		fn(n.Value)
	case *AssignBlock:
		fn(n.Target)
		if n.Filter != nil {
			fn(n.Filter)
		}
		body(n.Body)
	case *MacroDef:
		params(n)
		body(n.Body)
	case *CallBlock:
		fn(n.Call)
		params(n.Def)
		body(n.Def.Body)
	case *FilterBlock:
		body(n.Body)
		fn(n.Filter)
	case *With:
		exprs(n.Targets)
		exprs(n.Values)
		body(n.Body)
	case *Scoped:
		one(n.Option)
		body(n.Body)
	case *Do:
		fn(n.Expr)
	case *BlockDef:
		body(n.Body)
	}
}
