package jinja

import (
	"math/big"

	"github.com/weft-data/weft/compiler/source"
)

// Value is any value that a template can hold. The types below are Python's; a host adds its own by implementing Value and
// those of the capability interfaces (Attributed, Indexed, Iterable, Sized, Truther, Texter, Equaler, Callable) that apply.
type Value interface {
	// TypeName is Python's name of the type, as error messages and type tests use it: "str", "int", "NoneType".
	TypeName() string
}

// NoneType has the one value None.
type NoneType struct{}

// None is Python's None.
var None = NoneType{}

// Python's immutable scalars. An integer is an Int where it fits into 64 bits, else a *BigInt.
type (
	Bool  bool
	Int   int64
	Float float64
	Str   string
)

// BigInt is an integer that does not fit into 64 bits; never modified.
type BigInt struct{ Int *big.Int }

// Tuple is immutable; List is mutable and shared by reference, as in Python.
type (
	Tuple []Value
	List  struct{ Items []Value }
)

func (NoneType) TypeName() string { return "NoneType" }
func (Bool) TypeName() string     { return "bool" }
func (Int) TypeName() string      { return "int" }
func (*BigInt) TypeName() string  { return "int" }
func (Float) TypeName() string    { return "float" }
func (Str) TypeName() string      { return "str" }
func (Tuple) TypeName() string    { return "tuple" }
func (*List) TypeName() string    { return "list" }
func (*Dict) TypeName() string    { return "dict" }

// NewList makes a list of the values.
func NewList(items ...Value) *List { return &List{Items: items} }

// Undefined is what an unknown name, attribute or key gives. It prints as nothing, is false and empty; every other use
// (calling, attribute access, arithmetic, order) is an error that says Reason.
type Undefined struct {
	Name    string
	Message string

	of           Value       // what has no such attribute or element, or nil
	key          Value       // the element, if it is not an attribute
	conditional  source.Span // the inline if without else
	sink, unsafe bool
}

func (*Undefined) TypeName() string { return "Undefined" }

// Attributed has attributes: `x.name`. found=false makes the result undefined (or falls back to Index for `x.name`).
type Attributed interface {
	Attr(name string) (v Value, found bool, err error)
}

// Indexed answers `x[key]`. found=false makes the result undefined (or falls back to Attr for a string key).
type Indexed interface {
	Index(key Value) (v Value, found bool, err error)
}

// Iterable is what `for` and the sequence filters take. Each calls yield until it answers false.
type Iterable interface{ Each(yield func(Value) bool) }

// Sized answers `x | length`.
type Sized interface{ Len() int }

// Truther answers truth; a value without it is true (or, if Sized, true when not empty).
type Truther interface{ Truth() bool }

// Texter answers str(x), which is what `{{ x }}` prints, and repr(x).
type Texter interface {
	String() string
	Repr() string
}

// Equaler answers `x == other`.
type Equaler interface{ Equal(other Value) bool }

// Comparer answers `x < other`: negative, zero or positive, or ok=false where the two cannot be ordered.
type Comparer interface {
	Compare(other Value) (order int, ok bool)
}

// Callable is anything with `x(...)`.
type Callable interface {
	Value
	Call(c *Call) (Value, error)
}
