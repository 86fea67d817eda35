package jinja

// specialNames is a set of the names that mean something to Jinja itself.
type specialNames uint8

const (
	nameCaller specialNames = 1 << iota
	nameKwargs
	nameVarargs
	nameLoop
	nameSelf
	nameSuper
)

func specialName(s string) specialNames {
	switch s {
	case "caller":
		return nameCaller
	case "kwargs":
		return nameKwargs
	case "varargs":
		return nameVarargs
	case "loop":
		return nameLoop
	case "self":
		return nameSelf
	case "super":
		return nameSuper
	}
	return 0
}

// undeclared answers which of the names a body reads before it assigns them. Like Jinja2's, it looks at names in the order
// of the tree and goes into inner scopes, but not into blocks.
func undeclared(body []Stmt, want specialNames) specialNames {
	var found specialNames
	var visit func(n Node)
	visit = func(n Node) {
		if want == found {
			return
		}
		switch n := n.(type) {
		case *BlockDef:
			return
		case *Name:
			bit := specialName(n.Name)
			if n.store || n.param {
				want &^= bit
			} else {
				found |= bit & want
			}
			return
		case *Param:
			want &^= specialName(n.Name)
			return
		}
		children(n, visit)
	}
	for _, s := range body {
		if want == found {
			break
		}
		visit(s)
	}
	return found
}
