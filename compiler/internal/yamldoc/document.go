package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// document is the state of one Parse.
type document struct {
	file *source.File
	base int // where text begins in the file
	text string

	lines   []int // byte offsets of the lines in text, as the library counts lines
	diags   diag.List
	memory  *Memory
	anchors map[*yaml.Node]*anchored
	names   map[string]bool
	aliased int
}

// anchored is a node that an alias may name: open while it is being read, so that a cycle is seen.
type anchored struct {
	node *Node
	size int
	open bool
}

// halt carries the error that ends reading from the depth of the tree to parse.
type halt struct{ d diag.Diagnostic }

func (d *document) fail(code diag.Code, start, end int, format string, args ...any) *diag.Diagnostic {
	start = max(0, min(start, len(d.text)))
	end = max(start, min(end, len(d.text)))
	return &diag.Diagnostic{Code: code, Span: d.span(start, end), Detail: fmt.Sprintf(format, args...)}
}

func (d *document) stop(code diag.Code, start, end int, format string, args ...any) {
	panic(halt{*d.fail(code, start, end, format, args...)})
}

func (d *document) span(start, end int) source.Span {
	return source.Span{File: d.file, Start: d.base + start, End: d.base + end}
}

// trim cuts a byte order mark and the white space around a text, as Python's str.strip() does.
func trim(s source.Span) (base int, text string) {
	text = s.Text()
	all := len(text)
	text = strings.TrimLeftFunc(text, pythonSpace)
	text = strings.TrimPrefix(text, "\ufeff")
	base = s.Start + all - len(text)
	return base, strings.TrimRightFunc(text, pythonSpace)
}

func pythonSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// checkText refuses what no YAML reader takes, with its place: the library names none.
func (d *document) checkText() {
	if len(d.text) > MaxBytes {
		d.stop(diag.YAMLLimit, 0, 0, "the file has %d bytes; the limit for YAML is %d", len(d.text), MaxBytes)
	}
	t := d.text
	for i := 0; i < len(t); {
		for i < len(t) && (t[i]-0x20 < 0x5f || t[i] == '\n') {
			i++
		}
		if i == len(t) {
			return
		}
		c := t[i]
		if c == '\t' || c == '\r' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(t[i:])
		if r == utf8.RuneError && n <= 1 {
			d.stop(diag.YAMLEncoding, i, i+1, "expected UTF-8 text, found byte 0x%02x", c)
		}
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff {
			d.stop(diag.YAMLEncoding, i, i+n, "the control character U+%04X is not allowed in YAML", r)
		}
		i += n
	}
}

func (d *document) read() *Node {
	if d.text == "" {
		return &Node{Span: d.span(0, 0)}
	}
	if n, ok := d.fast(); ok {
		return n
	}
	d.memory.reset()
	return d.library()
}

// library reads the document with the YAML library.
func (d *document) library() *Node {
	if strings.HasPrefix(d.text, "%YAML 1.2") {
		// The library knows version 1.1 only; for what it does, the two are the same.
		d.text = "%YAML 1.1" + d.text[len("%YAML 1.2"):]
	}
	if d.text == "" {
		return &Node{Span: d.span(0, 0)}
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(d.text))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		// Nothing but comments.
		return &Node{Span: d.span(0, 0)}
	} else if err != nil {
		panic(halt{d.syntaxError(err)})
	}
	d.indexLines()
	var next yaml.Node
	switch err := dec.Decode(&next); {
	case err == nil:
		at := d.offset(&next)
		h := d.fail(diag.YAMLDocuments, at, at, "expected a single document in the file, found another")
		h.Hint = "a line `---` begins another document; dbt reads one document a file, so put this one into a file of its own"
		panic(halt{*h})
	case !errors.Is(err, io.EOF):
		panic(halt{d.syntaxError(err)})
	}
	if len(doc.Content) == 0 {
		return &Node{Span: d.span(0, 0)}
	}
	n, _ := d.convert(doc.Content[0], 1)
	d.refuseSpecial(doc.Content[0], n)
	return n
}

func (d *document) newNode() *Node {
	n := &d.memory.nodes.take(1, len(d.text)/64)[0]
	*n = Node{}
	return n
}

// convert makes our node of the library's, and counts the nodes that it stands for when its aliases are followed.
func (d *document) convert(y *yaml.Node, depth int) (*Node, int) {
	if depth > MaxDepth {
		at := d.offset(y)
		d.stop(diag.YAMLLimit, at, at, "values are nested more than %d deep", MaxDepth)
	}
	if y.Kind == yaml.AliasNode {
		return d.alias(y)
	}
	n := d.newNode()
	var mark *anchored
	if y.Anchor != "" {
		d.declareAnchor(y)
		mark = &anchored{node: n, open: true}
		d.anchors[y] = mark
	}
	size := 1
	start := d.offset(y)
	content := d.skipProperties(start)
	switch y.Kind {
	case yaml.ScalarNode:
		d.scalar(n, y, start, content)
	case yaml.SequenceNode:
		n.Kind = Sequence
		d.checkTag(y, "!!seq", start)
		n.Items = make([]*Node, len(y.Content))
		end := content
		for i, c := range y.Content {
			item, s := d.convert(c, depth+1)
			d.refuseSpecial(c, item)
			n.Items[i] = item
			size += s
			end = d.endOf(item, end)
		}
		n.Span = d.span(content, d.closing(y, content, end, '[', ']'))
	case yaml.MappingNode:
		n.Kind = Mapping
		d.checkTag(y, "!!map", start)
		end := d.mapping(n, y, depth, content, &size)
		n.Span = d.span(content, d.closing(y, content, end, '{', '}'))
	}
	if mark != nil {
		mark.open, mark.size = false, size
	}
	return n, size
}

// declareAnchor refuses a second anchor of one name, as PyYAML does.
func (d *document) declareAnchor(y *yaml.Node) {
	if d.anchors == nil {
		d.anchors, d.names = map[*yaml.Node]*anchored{}, map[string]bool{}
	}
	if d.names[y.Anchor] {
		at := d.offset(y)
		d.stop(diag.YAMLAlias, at, at+1+len(y.Anchor), "the anchor &%s is declared twice", y.Anchor)
	}
	d.names[y.Anchor] = true
}

// endOf is the end of a child, unless the child stands elsewhere in the file (an alias).
func (d *document) endOf(child *Node, end int) int {
	if at := child.Span.End - d.base; at > end && child.Span.Start-d.base >= end {
		return at
	}
	return end
}

// closing extends a flow collection to its bracket.
func (d *document) closing(y *yaml.Node, start, end int, left, right byte) int {
	if y.Style&yaml.FlowStyle == 0 || start >= len(d.text) || d.text[start] != left {
		return end
	}
	for i := max(end, start+1); i < len(d.text); i++ {
		switch c := d.text[i]; c {
		case right:
			return i + 1
		case '#':
			for i < len(d.text) && d.text[i] != '\n' {
				i++
			}
		}
	}
	return end
}

func (d *document) alias(y *yaml.Node) (*Node, int) {
	at := d.offset(y)
	m := d.anchors[y.Alias]
	if m == nil || m.open {
		d.stop(diag.YAMLAlias, at, at+1+len(y.Value), "the alias *%s stands inside its own anchor", y.Value)
	}
	d.aliased += m.size
	if d.aliased > MaxAliased {
		d.stop(diag.YAMLLimit, at, at+1+len(y.Value), "aliases repeat more than %d values", MaxAliased)
	}
	return m.node, m.size
}

// scalar fills in a scalar's value and span.
func (d *document) scalar(n *Node, y *yaml.Node, start, content int) {
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
	case y.Style&yaml.LiteralStyle != 0:
		n.Style = Literal
	case y.Style&yaml.FoldedStyle != 0:
		n.Style = Folded
	}
	n.Quoted = n.Style != Plain
	n.Span = d.span(content, d.scalarEnd(n.Style, y.Value, content))
	if y.Style&yaml.TaggedStyle != 0 {
		d.tagged(n, y, start)
		return
	}
	if n.Quoted {
		n.Kind, n.Str = String, y.Value
		return
	}
	if resolve(n, y.Value) == impossible {
		d.stop(diag.YAMLValue, content, n.Span.End-d.base, "%s looks like %s, but there is none such", y.Value, n.Kind)
	}
}

// tagged gives a scalar the type that its tag demands.
func (d *document) tagged(n *Node, y *yaml.Node, start int) {
	value := y.Value
	n.Kind, n.Str = String, value
	want := y.ShortTag()
	ok := true
	switch want {
	case "!!str":
	case "!!null":
		n.Kind = Null
	case "!!bool":
		var b bool
		switch strings.ToLower(value) {
		case "yes", "true", "on":
			b = true
		case "no", "false", "off":
		default:
			ok = false
		}
		n.Kind, n.Bool = Bool, b
	case "!!int":
		ok = isInt(value) && setInt(n, value) == ordinary
	case "!!float":
		// PyYAML takes whatever Python's float() takes here.
		ok = (isFloat(value) || isInt(value) && !strings.ContainsAny(value, "xb")) && setFloat(n, value) == ordinary
	case "!!timestamp":
		_, _, ok = readTimestamp(value)
		ok = ok && setTimestamp(n, value) == ordinary
	default:
		h := d.fail(diag.YAMLTag, start, n.Span.End-d.base, "the tag %s has no meaning in a dbt project", y.Tag)
		h.Hint = "write the value without a tag, or in quotes if it begins with `!`"
		panic(halt{*h})
	}
	if !ok {
		d.stop(diag.YAMLValue, start, n.Span.End-d.base, "%q is not a value of the tag %s", value, want)
	}
}

func (d *document) checkTag(y *yaml.Node, want string, start int) {
	if y.Style&yaml.TaggedStyle != 0 && y.ShortTag() != want {
		d.stop(diag.YAMLTag, start, start+1, "the tag %s has no meaning in a dbt project", y.Tag)
	}
}

// refuseSpecial reports `<<` and `=` where they are values.
func (d *document) refuseSpecial(y *yaml.Node, n *Node) {
	if y.Kind != yaml.ScalarNode || n.Quoted || y.Style&yaml.TaggedStyle != 0 || (n.Str != "<<" && n.Str != "=") || n.Kind != String {
		return
	}
	h := d.fail(diag.YAMLValue, n.Span.Start-d.base, n.Span.End-d.base, "%s alone is not a value in YAML 1.1", n.Str)
	h.Hint = fmt.Sprintf("put it in quotes: '%s'", n.Str)
	panic(halt{*h})
}

// indexLines finds the beginnings of lines as the library counts them: also after a lone carriage return and after the
// Unicode line ends.
func (d *document) indexLines() {
	t := d.text
	d.lines = make([]int, 1, strings.Count(t, "\n")+1)
	unusual := strings.IndexByte(t, '\r') >= 0 || strings.Contains(t, "\u0085") || strings.Contains(t, "\u2028") || strings.Contains(t, "\u2029")
	if !unusual {
		for i := 0; ; {
			j := strings.IndexByte(t[i:], '\n')
			if j < 0 {
				return
			}
			i += j + 1
			d.lines = append(d.lines, i)
		}
	}
	for i := 0; i < len(t); {
		n := breakAt(t[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		d.lines = append(d.lines, i)
	}
}

// breakAt is the length of the line end at the beginning of s, or 0.
func breakAt(s string) int {
	switch s[0] {
	case '\n':
		return 1
	case '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	case 0xc2:
		if len(s) > 1 && s[1] == 0x85 {
			return 2
		}
	case 0xe2:
		if len(s) > 2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9) {
			return 3
		}
	}
	return 0
}

// offset converts the library's line and column, the column counted in characters, to a byte offset in text.
func (d *document) offset(y *yaml.Node) int {
	if y.Line < 1 || y.Line > len(d.lines) {
		return len(d.text)
	}
	return columnOffset(d.text, d.lines[y.Line-1], y.Column-1)
}

func columnOffset(text string, from, column int) int {
	i := from
	for ; column > 0 && i < len(text); column-- {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	return i
}

var separators = []byte(" \t\r\n")

// skipProperties passes the anchor and the tag before a value.
func (d *document) skipProperties(i int) int {
	for i < len(d.text) && (d.text[i] == '&' || d.text[i] == '!') {
		j := i
		for j < len(d.text) && bytes.IndexByte(separators, d.text[j]) < 0 && strings.IndexByte(",[]{}", d.text[j]) < 0 {
			j++
		}
		for j < len(d.text) && (bytes.IndexByte(separators, d.text[j]) >= 0 || d.text[j] == '#') {
			if d.text[j] == '#' {
				for j < len(d.text) && d.text[j] != '\n' {
					j++
				}
				continue
			}
			j++
		}
		i = j
	}
	return i
}
