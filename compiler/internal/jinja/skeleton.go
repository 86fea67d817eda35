package jinja

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// Dict is Python's dict: ordered by insertion, keys any hashable Value.
type Dict struct{}

// NewDict makes an empty dict with room for n entries.
func NewDict(n int) *Dict { panic("jinja") }

// Get finds the value of a string key.
func (d *Dict) Get(key string) (Value, bool) { panic("jinja") }

// Set sets the value of a string key; a new key goes to the end.
func (d *Dict) Set(key string, v Value) { panic("jinja") }

// Delete removes a string key.
func (d *Dict) Delete(key string) { panic("jinja") }

// Lookup, Store and Remove are Get, Set and Delete for any key; an unhashable key is an error.
func (d *Dict) Lookup(key Value) (Value, bool, error) { panic("jinja") }
func (d *Dict) Store(key, v Value) error              { panic("jinja") }

// Len counts the entries.
func (d *Dict) Len() int { panic("jinja") }

// Entries yields keys and values in order: for k, v := range d.Entries.
func (d *Dict) Entries(yield func(k, v Value) bool) { panic("jinja") }

// Copy is a shallow copy, DeepCopy copies contained lists and dicts too.
func (d *Dict) Copy() *Dict     { panic("jinja") }
func (d *Dict) DeepCopy() *Dict { panic("jinja") }

// Truth, Text, Repr, Equal are Python's bool(), str(), repr() and ==.
func Truth(v Value) bool    { panic("jinja") }
func Text(v Value) string   { panic("jinja") }
func Repr(v Value) string   { panic("jinja") }
func Equal(a, b Value) bool { panic("jinja") }

// Options of parsing.
type Options struct{}

// Template is a parsed template: immutable, safe for concurrent use.
type Template struct{}

// Parse reads a template. The diagnostics' spans lie in src.File. A template with errors is nil.
func Parse(src source.Span, o Options) (*Template, diag.List) { panic("jinja") }

// ParseExpression reads a bare expression, as NativeEnvironment.compile_expression does.
func ParseExpression(src source.Span, o Options) (*Template, diag.List) { panic("jinja") }

// Render runs the template and gives its text.
func (t *Template) Render(th *Thread, scope Scope) (Output, error) { panic("jinja") }

// RenderNative runs the template as Jinja2's NativeEnvironment does with a host's rule for text: a template that is a single
// expression gives the expression's value unchanged; several pieces are joined to a Str.
func (t *Template) RenderNative(th *Thread, scope Scope) (Value, error) { panic("jinja") }

// Constant says that the template has no tags or expressions at all (its text is its output).
func (t *Template) Constant() bool { panic("jinja") }

// Macros are the macros defined at the top level of the template.
func (t *Template) Macros() []*Macro { panic("jinja") }

// Macro is a macro's definition, not bound to names.
type Macro struct {
	Name string
	Span source.Span
	// Host is for the host: dbt's package of the macro.
	Host any
}

// Bind gives the macro the scope its free names are looked up in. A bound macro is a Callable whose call gives what the
// macro returned with return(), else its text as a Str.
func (m *Macro) Bind(s Scope) *BoundMacro { panic("jinja") }

// BoundMacro is a macro as a value.
type BoundMacro struct{}

func (*BoundMacro) TypeName() string            { return "Macro" }
func (*BoundMacro) Call(c *Call) (Value, error) { panic("jinja") }

// Return is the function `return`: called in a macro, it ends the macro with its argument as the value.
var Return *Func

// Block is a top-level block of a file as dbt extracts it before Jinja parses anything.
type Block struct {
	// Tag is "macro", "materialization", "test" (also for data_test), "docs", "snapshot".
	Tag, Name string
	// Span is the block with its tags, Body what stands between them.
	Span, Body source.Span
}

// Blocks finds the top-level blocks with the given tags (dbt-common's extract_toplevel_blocks); all else is skipped.
func Blocks(src source.Span, tags ...string) ([]Block, diag.List) { panic("jinja") }
