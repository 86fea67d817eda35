// Package yamldoc reads YAML with the place of every key and value, within limits, and with the scalar types PyYAML gives.
//
// dbt reads its files with PyYAML, that is YAML 1.1: `yes` is a boolean, `012` is ten, `2024-01-01` is a date, and of duplicate
// keys the last wins. weft must see the same values, and must point at them in its messages. This is the only importer of
// the YAML library.
package yamldoc

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// Kind is the type of a value.
type Kind uint8

// The kinds of PyYAML's safe loader.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Date     // Str holds YYYY-MM-DD
	DateTime // Str holds the text as written
	Sequence
	Mapping
)

// Node is one value with its place. Scalars keep their text in Str; Bool and Int are decoded too.
type Node struct {
	Kind  Kind
	Span  source.Span // of the value; for a quoted scalar with its quotes
	Str   string
	Bool  bool
	Int   int64 // where it fits; else Kind is Int and Str holds the decimal digits, Big is true
	Big   bool
	Float float64
	// Quoted says that a scalar was written in quotes or as a block.
	Quoted bool
	Items  []*Node // of a sequence
	Pairs  []Pair  // of a mapping, in order, each key once (the last wins)
}

// Pair is one entry of a mapping. Keys that are not strings are given as PyYAML would hash them, with their text in Name.
type Pair struct {
	Name  string
	Key   *Node
	Value *Node
}

// Parse reads a file with one document. An empty file gives a Null node. The diagnostics hold syntax errors (codes Y…) and
// a warning for each duplicate key.
func Parse(f *source.File) (*Node, diag.List) { panic("yamldoc") }

// Get is the value of a key, or nil.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Name == name {
			return n.Pairs[i].Value
		}
	}
	return nil
}
