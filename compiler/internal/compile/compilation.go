package compile

import (
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Compilation is the outcome of Compile: the text of each node that could be compiled.
type Compilation struct {
	texts    map[node.ID]*Text
	Messages []Message
	// Inlined are the ephemeral models whose text was needed for others and that were not asked for themselves.
	Inlined []node.ID
}

// NewCompilation is one without any text.
func NewCompilation() *Compilation { return &Compilation{texts: map[node.ID]*Text{}} }

// Put keeps the text of a node.
func (c *Compilation) Put(id node.ID, t *Text) { c.texts[id] = t }

// PutInlined keeps the text of an ephemeral model that is needed for others alone.
func (c *Compilation) PutInlined(id node.ID, t *Text) {
	c.texts[id] = t
	c.Inlined = append(c.Inlined, id)
}

// Sent makes what was sent for a node its text, where that is more than its template gave: `show` adds the limit of rows.
func (c *Compilation) Sent(id node.ID, code string) {
	if t := c.texts[id]; t != nil {
		changed := *t
		changed.Code, changed.pieces = code, nil
		c.texts[id] = &changed
	}
}

// Text is the text of a node, nil if it has none.
func (c *Compilation) Text(id node.ID) *Text { return c.texts[id] }

// Code is the compiled code of a node.
func (c *Compilation) Code(id node.ID) (string, bool) {
	t := c.texts[id]
	if t == nil {
		return "", false
	}
	return t.Code, true
}

// Position finds the place in the author's file that an offset of a node's compiled code came from; the zero Span if it came
// from nowhere in a file.
func (c *Compilation) Position(id node.ID, offset int) source.Span {
	t := c.texts[id]
	if t == nil {
		return source.Span{}
	}
	return t.position(offset)
}

// Message is what a template said while it was rendered, with log(), print() or exceptions.warn().
type Message struct {
	Node        node.ID
	Text        string
	Print, Info bool
	Warning     bool
}

// Messages are what templates said, as of a node.
func Messages(id node.ID, said []render.Message) []Message {
	var out []Message
	for _, m := range said {
		out = append(out, Message{Node: id, Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}
	return out
}
