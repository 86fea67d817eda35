package jinja

// Node is a node of a template's syntax tree. Trees are immutable once parsed; the fields of the node types are for reading.
type Node interface {
	// Range is the node's place in the file, as byte offsets.
	Range() (start, end int)
}

// Expr is an expression.
type Expr interface {
	Node
	eval(f *frame) (Value, error)
}

// Stmt is a statement or a piece of output.
type Stmt interface {
	Node
	exec(f *frame) (control, error)
}

// place is the byte range of a node.
type place struct{ start, end int32 }

// Range is the node's place in the file, as byte offsets.
func (p *place) Range() (start, end int) { return int(p.start), int(p.end) }

// Expressions.
type (
	// Const is a literal: none, a bool, a number or a string.
	Const struct {
		place
		Value Value
	}
	// Name reads (or, as a target, writes) a variable.
	Name struct {
		place
		Name string
		// store and param tell a target from a use; slot and hops are where the variable lives.
		store, param bool
		hops         uint8
		slot         int32
	}
	// NamespaceRef is the target `ns.attr` of a set.
	NamespaceRef struct {
		place
		Name, Attr string
		hops       uint8
		slot       int32
	}
	// TupleExpr is `a, b`, also as a target.
	TupleExpr struct {
		place
		Items []Expr
	}
	// ListExpr is `[a, b]`.
	ListExpr struct {
		place
		Items []Expr
	}
	// DictExpr is `{k: v}`.
	DictExpr struct {
		place
		Items []Pair
	}
	// Pair is one entry of a DictExpr.
	Pair struct{ Key, Value Expr }
	// Unary is `-x`, `+x` or `not x`; Op is '-', '+' or '!'.
	Unary struct {
		place
		Op   byte
		Expr Expr
	}
	// Binary is an arithmetic operation: + - * / // % **.
	Binary struct {
		place
		Op          BinaryOp
		Left, Right Expr
	}
	// Logic is `a and b` or `a or b`.
	Logic struct {
		place
		Or          bool
		Left, Right Expr
	}
	// Compare is a chain of comparisons: a < b <= c.
	Compare struct {
		place
		Expr Expr
		Ops  []Comparison
	}
	// Comparison is one link of a Compare. Op is == != < <= > >= in, or "not in".
	Comparison struct {
		Op   CompareOp
		Expr Expr
	}
	// Concat is a ~ b ~ c.
	Concat struct {
		place
		Items []Expr
	}
	// Cond is `Then if Test else Else`; Else may be nil.
	Cond struct {
		place
		Test, Then, Else Expr
		missing          *Undefined
	}
	// Arguments are those of a call, filter or test.
	Arguments struct {
		Args    []Expr
		Kwargs  []Keyword
		DynArgs Expr // *x, or nil
		DynKw   Expr // **x, or nil
	}
	// Keyword is one keyword argument as written.
	Keyword struct {
		place
		Name  string
		Value Expr
	}
	// CallExpr is f(...).
	CallExpr struct {
		place
		Func Expr
		Arguments
		// caller is the body that a call block hands to its call, or nil.
		caller *MacroDef
	}
	// Filter is `x | name(...)`. Expr is nil for the first filter of a filter block.
	Filter struct {
		place
		Expr Expr
		Name string
		Arguments
		builtin *builtin
		host    Callable
	}
	// Test is `x is name(...)`.
	Test struct {
		place
		Expr Expr
		Name string
		Arguments
		builtin *builtin
		host    Callable
	}
	// Getattr is x.name.
	Getattr struct {
		place
		Expr Expr
		Name string
	}
	// Getitem is x[key].
	Getitem struct {
		place
		Expr, Key Expr
	}
	// Slice is x[start:stop:step]; each part may be nil.
	Slice struct {
		place
		Expr, Start, Stop, Step Expr
	}
	// sliceKey is a slice among the keys of a subscript, before Getitem and Slice are told apart.
	sliceKey struct {
		place
		Start, Stop, Step Expr
	}
)

// BinaryOp is an arithmetic operator.
type BinaryOp uint8

// The arithmetic operators.
const (
	OpAdd BinaryOp = iota
	OpSub
	OpMul
	OpDiv
	OpFloorDiv
	OpMod
	OpPow
)

var binaryWords = [...]string{OpAdd: "+", OpSub: "-", OpMul: "*", OpDiv: "/", OpFloorDiv: "//", OpMod: "%", OpPow: "**"}

func (op BinaryOp) String() string { return binaryWords[op] }

// CompareOp is a comparison operator.
type CompareOp uint8

// The comparison operators.
const (
	OpEq CompareOp = iota
	OpNe
	OpLt
	OpLe
	OpGt
	OpGe
	OpIn
	OpNotIn
)

var compareWords = [...]string{OpEq: "==", OpNe: "!=", OpLt: "<", OpLe: "<=", OpGt: ">", OpGe: ">=", OpIn: "in", OpNotIn: "not in"}

func (op CompareOp) String() string { return compareWords[op] }

// Statements.
type (
	// Data is template text.
	Data struct {
		place
		Text string
	}
	// Print is {{ expr }}.
	Print struct {
		place
		Expr Expr
		// constant says that Jinja2 may fold the expression into text, which native rendering shows.
		constant bool
		// expression: the node is a bare expression, not text between other text.
		expression bool
	}
	// If is if/elif/else.
	If struct {
		place
		Test Expr
		Body []Stmt
		Elif []ElifBranch
		Else []Stmt
	}
	// ElifBranch is one elif of an If.
	ElifBranch struct {
		Test Expr
		Body []Stmt
	}
	// For is a loop.
	For struct {
		place
		Target    Expr
		Iter      Expr
		Test      Expr // the `if` of the loop, or nil
		Recursive bool
		Body      []Stmt
		Else      []Stmt

		scope, elseScope, testScope scopeInfo
		// testTarget is Target as the `if` sees it, which runs ahead of the body.
		testTarget Expr
		loopSlot   int32     // slot of `loop`, or -1 where the body does not use it
		fn         *function // what a recursive loop's body runs in
		special    specialNames
	}
	// Assign is {% set a, b = x %}.
	Assign struct {
		place
		Target, Value Expr
		refs          []*NamespaceRef
	}
	// AssignBlock is {% set x | filter %}...{% endset %}.
	AssignBlock struct {
		place
		Target Expr
		Filter *Filter // or nil
		Body   []Stmt
		scope  scopeInfo
	}
	// MacroDef defines a macro. Materializations, tests and docs blocks are macros too.
	MacroDef struct {
		place
		Name   string
		Params []Param
		Body   []Stmt

		symbol string // the name it is stored under
		slot   int32
		fn     *function
		// where the special names of a macro live, or -1 where its body does not use them
		caller, kwargs, varargs int32
		explicitCaller          bool
		aliases                 []alias
		// special are the special names that occur anywhere in the body.
		special specialNames
	}
	// Param is a parameter of a macro; Default is nil if it has none.
	Param struct {
		place
		Name    string
		Default Expr
		slot    int32
	}
	// CallBlock is {% call(args) f() %}...{% endcall %}. Its body is a macro without a name.
	CallBlock struct {
		place
		Call *CallExpr
		Def  *MacroDef
	}
	// FilterBlock is {% filter f %}...{% endfilter %}.
	FilterBlock struct {
		place
		Filter *Filter
		Body   []Stmt
		scope  scopeInfo
	}
	// With is {% with a = 1 %}...{% endwith %}.
	With struct {
		place
		Targets, Values []Expr
		Body            []Stmt
		scope           scopeInfo
	}
	// Scoped is a body with a scope of its own: {% autoescape false %}.
	Scoped struct {
		place
		Option Expr
		Body   []Stmt
		scope  scopeInfo
	}
	// Do is {% do expr %}.
	Do struct {
		place
		Expr Expr
	}
	// Break is {% break %}.
	Break struct{ place }
	// Continue is {% continue %}.
	Continue struct{ place }
	// BlockDef is {% block name %}...{% endblock %}.
	BlockDef struct {
		place
		Name             string
		Scoped, Required bool
		Body             []Stmt

		fn          *function
		self, super int32
		// visible are the names a scoped block sees from where it stands.
		visible []visibleName
	}
)

// HasDefault says whether the parameter may be omitted with a default of its own.
func (p *Param) HasDefault() bool { return p.Default != nil }

// arena gives nodes of one type out of slabs: one allocation for many nodes.
type arena[T any] struct {
	free []T
	size int
}

func (a *arena[T]) new() *T {
	if len(a.free) == 0 {
		a.size = min(2*a.size+2, maxSlab)
		a.free = make([]T, a.size)
	}
	n := &a.free[0]
	a.free = a.free[1:]
	return n
}

// maxSlab is how many nodes of one type are allocated at once, at most; most templates are small, so slabs begin small.
const maxSlab = 64
