// Package yamldoc reads YAML with the place of every key and value, within limits, and with the scalar types PyYAML gives.
//
// dbt reads its files with PyYAML, that is YAML 1.1: `yes` is a boolean, `012` is ten, `2024-01-01` is a date, and of duplicate
// keys the last wins. weft must see the same values, and must point at them in its messages. This is the only importer of
// the YAML library.
package yamldoc

import (
	"fmt"

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

func (k Kind) String() string {
	return [...]string{"nothing", "a boolean", "an integer", "a number", "a string", "a date", "a time", "a list", "a mapping"}[k]
}

// Style is how a scalar is written.
type Style uint8

// The styles of a scalar.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
)

// Node is one value with its place. Scalars keep their text in Str; Bool and Int are decoded too. A tree is not modified
// after Parse; an alias shares the node of its anchor, so a tree may reach one node by several ways.
type Node struct {
	Kind  Kind
	Style Style
	Bool  bool
	Big   bool
	// Quoted says that a scalar was written in quotes or as a block.
	Quoted bool
	Span   source.Span // of the value; for a quoted scalar with its quotes
	Str    string
	Int    int64 // where it fits; else Kind is Int and Str holds the decimal digits, Big is true
	Float  float64
	Items  []*Node // of a sequence
	Pairs  []Pair  // of a mapping, in order, each key once (the last wins)
}

// Pair is one entry of a mapping. Keys that are not strings are given as PyYAML would hash them, with Python's str() of them in
// Name ("True", "1", "None").
type Pair struct {
	Name  string
	Key   *Node
	Value *Node
}

// Limits of one document. They are far above what people write, and below what would hurt.
const (
	MaxBytes   = 64 << 20
	MaxDepth   = 250
	MaxAliased = 1 << 20 // nodes that aliases repeat, all together
)

// Parse reads a file with one document. An empty file gives a Null node. As dbt does, white space around the whole text is
// cut off first, so a block scalar at the end of a file has no final line break. The diagnostics hold syntax errors (codes
// Y…) and a warning for each duplicate key; with an error the node is nil.
func Parse(f *source.File) (*Node, diag.List) { return parse(source.Whole(f), &Memory{}) }

// ParseSpan reads a part of a file as if it were a file of its own; places are those of the whole file.
func ParseSpan(s source.Span) (*Node, diag.List) { return parse(s, &Memory{}) }

// Parse reads a file as the function Parse does, into the memory of the tree that was read before.
func (m *Memory) Parse(f *source.File) (*Node, diag.List) {
	m.reset()
	return parse(source.Whole(f), m)
}

func parse(s source.Span, m *Memory) (root *Node, diags diag.List) {
	d := document{file: s.File, memory: m}
	d.base, d.text = trim(s)
	defer func() {
		if r := recover(); r != nil {
			root = nil
			if stop, ok := r.(halt); ok {
				diags = append(d.diags, stop.d)
				return
			}
			diags = append(d.diags, diag.Diagnostic{Code: diag.YAMLSyntax, Detail: fmt.Sprintf("the text cannot be read as YAML: %v", r), Span: s})
		}
	}()
	d.checkText()
	root = d.read()
	return root, d.diags
}

// Get is the value of a key, or nil.
func (n *Node) Get(name string) *Node {
	if p := n.Pair(name); p != nil {
		return p.Value
	}
	return nil
}

// Pair is the entry with a key, or nil.
func (n *Node) Pair(name string) *Pair {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Name == name {
			return &n.Pairs[i]
		}
	}
	return nil
}

// IsNull says that the node is absent or null.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Null }
