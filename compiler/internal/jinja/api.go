package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// Call is one call of a Callable: the thread it runs on, its arguments, and where it stands.
type Call struct {
	Thread *Thread
	// Scope is the scope the caller's names are looked up in (what dbt calls the context).
	Scope  Scope
	Args   []Value
	Kwargs []Kwarg
	Span   source.Span
	// Native says that the calling template is rendered natively.
	Native bool

	x *exec
}

// Kwarg is a keyword argument; the order of a call is kept.
type Kwarg struct {
	Name  string
	Value Value
}

// NewFunc makes a host function. An error it returns is reported at the call, with the chain of macro calls.
func NewFunc(name string, f func(c *Call) (Value, error)) *Func { return &Func{Name: name, f: f} }

// Func is a function of the host.
type Func struct {
	Name string
	f    func(c *Call) (Value, error)
}

func (*Func) TypeName() string { return "function" }

// Call runs the function.
func (f *Func) Call(c *Call) (Value, error) { return f.f(c) }

// Scope is where a template's free names are looked up. It is asked once per name and render of a template or macro, so that
// a host may build values late. Implementations must be safe for the threads that share them.
type Scope interface {
	Lookup(name string) (Value, bool)
}

// Names is the simplest Scope.
type Names map[string]Value

// Lookup finds a name.
func (n Names) Lookup(name string) (Value, bool) { v, ok := n[name]; return v, ok }

// Layers looks a name up in each scope in turn.
type Layers []Scope

// Lookup finds a name in the first layer that has it.
func (l Layers) Lookup(name string) (Value, bool) {
	for _, s := range l {
		if v, ok := s.Lookup(name); ok {
			return v, true
		}
	}
	return nil, false
}

// Limits bound one render. Zero means the default.
type Limits struct {
	Steps  int // evaluated AST nodes; default 50 million
	Depth  int // nested calls; default 200
	Output int // bytes of text, counting discarded text; default 64 MiB
}

// Thread is the state of one render: limits, call stack, and whatever the host wants to carry to its functions. A Thread is
// used by one goroutine at a time; one render may run on the thread of another (nested rendering shares limits and chain).
type Thread struct {
	Limits Limits
	// Host is the host's own state for this render (dbt's node context); package jinja does not look at it.
	Host any
	// OnMacro, if set, sees each call of a macro before it runs: how dbt records depends_on.macros.
	OnMacro func(m *Macro)
	// UndefinedSink lets an undefined value of the rendered template (not of the macros it calls) swallow attribute access,
	// subscripts and calls, as dbt does while it captures what a node refers to.
	UndefinedSink bool
	// NoMap leaves Output.Map empty.
	NoMap bool

	steps, depth, output, built int
	frames                      []Frame
	buf                         []byte // the text of all templates and macros that run, one behind the other
	base                        int    // where the text of the innermost template begins
	spare                       []*frame
	random                      uint64
}

// Frame is one entry of the chain of macro calls: which macro, called from where.
type Frame struct {
	Macro string
	Call  source.Span
}

// Error is a failure while rendering.
type Error struct {
	Code    diag.Code
	Message string
	Span    source.Span
	// Chain is the macro calls that led here, the innermost first.
	Chain []Frame
	// Cause is the host function's own error, if one failed.
	Cause error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Cause }

// Output is rendered text with the map back to its source.
type Output struct {
	Text string
	// Map tells which source bytes each stretch of Text came from, in order of Out. A stretch of template text maps byte for
	// byte; the output of an expression maps as a whole onto the expression (Literal=false).
	Map []Segment
}

// Segment says that Text[Out:] up to the next segment came from Span.
type Segment struct {
	Out     int
	Span    source.Span
	Literal bool
}
