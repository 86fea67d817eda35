package yamldoc

import (
	"strings"
	"unicode/utf8"
)

// The reader below knows the YAML that people write in dbt projects: block mappings and lists, plain, quoted and block
// scalars, flow collections, comments. It is several times faster than the library and allocates little, because scalars are
// slices of the text. On anything else (anchors, tags, complex keys, directives, tabs, carriage returns) and on everything
// that may be an error it gives up, and the library reads the whole text again: so the library's behaviour stays the rule, and
// each message on bad YAML comes from one place. The two are compared by tests and by fuzzing.

// giveUp is how the fast reader hands over to the library.
type giveUp struct{}

// fast reads the document, or says that it cannot.
func (d *document) fast() (root *Node, ok bool) {
	t := d.text
	if strings.IndexByte(t, '\t') >= 0 || strings.IndexByte(t, '\r') >= 0 || t == "" || t[0] == '%' ||
		strings.Contains(t, "\u0085") || strings.Contains(t, "\u2028") || strings.Contains(t, "\u2029") || strings.Contains(t, "\ufeff") {
		return nil, false
	}
	r := reader{d: d, t: t, items: d.memory.openItems[:0], pairs: d.memory.openPairs[:0]}
	defer func() { d.memory.openItems, d.memory.openPairs = r.items, r.pairs }()
	if strings.HasPrefix(t, "---\n") {
		r.i, r.line = 4, 4
	}
	if strings.Contains(t[r.i:], "\n---") || strings.Contains(t[r.i:], "\n...") || strings.HasPrefix(t[r.i:], "---") || strings.HasPrefix(t[r.i:], "...") {
		return nil, false
	}
	defer func() {
		if p := recover(); p != nil {
			if _, mine := p.(giveUp); !mine {
				panic(p)
			}
			d.diags = nil
			root, ok = nil, false
		}
	}()
	if !r.next() {
		return &Node{Span: d.span(0, 0)}, true
	}
	root = r.block(-1, 1)
	if r.next() {
		panic(giveUp{})
	}
	return root, true
}

// reader is the state of the fast reader: a cursor in the text, and where its line begins.
type reader struct {
	d    *document
	t    string
	i    int
	line int
	// items and pairs are stacks on which collections grow before they are cut to size.
	items []*Node
	pairs []Pair
}

// keepItems takes the items from base on off the stack.
func (r *reader) keepItems(base int) []*Node {
	n := len(r.items) - base
	kept := r.d.memory.items.take(n, len(r.t)/128)
	copy(kept, r.items[base:])
	r.items = r.items[:base]
	return kept
}

// keepPairs takes the pairs from base on off the stack.
func (r *reader) keepPairs(base int) []Pair {
	n := len(r.pairs) - base
	kept := r.d.memory.pairs.take(n, len(r.t)/128)
	copy(kept, r.pairs[base:])
	r.pairs = r.pairs[:base]
	return r.d.unique(kept)
}

func (r *reader) fail() { panic(giveUp{}) }

func (r *reader) column() int { return r.i - r.line }

// at is the byte at an offset, or a line end behind the text.
func (r *reader) at(i int) byte {
	if i < len(r.t) {
		return r.t[i]
	}
	return '\n'
}

// ends says that a token ends before offset i: a blank, a line end, the end of the text.
func (r *reader) ends(i int) bool { c := r.at(i); return c == ' ' || c == '\n' }

// next moves to the next token, over blanks, comments and line ends; false at the end of the text.
func (r *reader) next() bool {
	t := r.t
	for r.i < len(t) {
		switch t[r.i] {
		case ' ':
			r.i++
		case '\n':
			r.i++
			r.line = r.i
		case '#':
			if r.i > 0 && t[r.i-1] != ' ' && t[r.i-1] != '\n' {
				r.fail()
			}
			n := strings.IndexByte(t[r.i:], '\n')
			if n < 0 {
				r.i = len(t)
				return false
			}
			r.i += n
		default:
			return true
		}
	}
	return false
}

// blanks moves over blanks in the line, and says whether anything but a comment follows.
func (r *reader) blanks() bool {
	for r.i < len(r.t) && r.t[r.i] == ' ' {
		r.i++
	}
	c := r.at(r.i)
	if c == '#' && r.t[r.i-1] != ' ' {
		r.fail()
	}
	return c != '\n' && c != '#'
}

// block reads the block node at the cursor; indent is the column of the collection around it.
func (r *reader) block(indent, depth int) *Node {
	if depth > MaxDepth {
		r.fail()
	}
	c := r.t[r.i]
	if c == '-' && r.ends(r.i+1) {
		return r.sequence(r.column(), depth)
	}
	if end := r.keyEnd(); end >= 0 {
		return r.mapping(r.column(), depth)
	}
	return r.value(indent, depth)
}

// keyEnd is the offset of the colon if a key begins at the cursor, else -1.
func (r *reader) keyEnd() int {
	t := r.t
	i := r.i
	switch c := t[i]; c {
	case '"', '\'':
		for i++; i < len(t) && t[i] != c; i++ {
			if t[i] == '\n' {
				return -1
			}
			if t[i] == '\\' && c == '"' {
				i++
			}
		}
		if c == '\'' && i+1 < len(t) && t[i+1] == '\'' {
			// A doubled quote: find the closing one.
			for i < len(t) && t[i] != '\n' {
				if t[i] == '\'' {
					if i+1 >= len(t) || t[i+1] != '\'' {
						break
					}
					i++
				}
				i++
			}
		}
		if i >= len(t) || t[i] != c {
			return -1
		}
		for i++; i < len(t) && t[i] == ' '; i++ {
		}
		if i < len(t) && t[i] == ':' {
			if !r.ends(i+1) || i-r.i > 1000 {
				r.fail()
			}
			return i
		}
		return -1
	case '[', '{', '|', '>':
		return -1
	}
	r.plainStart()
	for ; i < len(t) && t[i] != '\n'; i++ {
		switch t[i] {
		case ':':
			if r.ends(i + 1) {
				if i-r.i > 1000 || i == r.i {
					r.fail()
				}
				return i
			}
		case '#':
			if t[i-1] == ' ' {
				return -1
			}
		}
	}
	return -1
}

// plainStart gives up where no plain scalar begins.
func (r *reader) plainStart() {
	switch c := r.t[r.i]; c {
	case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		r.fail()
	case '-', '?', ':':
		if r.ends(r.i + 1) {
			r.fail()
		}
	}
}

func (r *reader) sequence(column, depth int) *Node {
	n := r.d.newNode()
	n.Kind = Sequence
	start, base := r.i, len(r.items)
	var end int
	for {
		r.i++
		after := r.i
		var item *Node
		if r.blanks() {
			item = r.block(column, depth+1)
			end = item.Span.End - r.d.base
		} else if r.next() && r.column() > column {
			item = r.block(column, depth+1)
			end = item.Span.End - r.d.base
		} else {
			item = r.null(after)
			end = after
		}
		r.items = append(r.items, item)
		if !r.next() || r.column() < column {
			break
		}
		if r.column() > column {
			r.fail()
		}
		if r.t[r.i] != '-' || !r.ends(r.i+1) {
			// The mapping around an unindented list goes on.
			break
		}
	}
	n.Items = r.keepItems(base)
	n.Span = r.d.span(start, end)
	return n
}

func (r *reader) null(at int) *Node {
	n := r.d.newNode()
	n.Span = r.d.span(at, at)
	return n
}

func (r *reader) mapping(column, depth int) *Node {
	n := r.d.newNode()
	n.Kind = Mapping
	start, base := r.i, len(r.pairs)
	var end int
	for {
		colon := r.keyEnd()
		if colon < 0 {
			r.fail()
		}
		key := r.key(colon)
		r.i = colon + 1
		var v *Node
		end = r.i
		switch {
		case r.blanks():
			if r.t[r.i] == '-' && r.ends(r.i+1) {
				r.fail()
			}
			v = r.value(column, depth+1)
			end = v.Span.End - r.d.base
		case r.next() && r.column() > column:
			v = r.block(column, depth+1)
			end = v.Span.End - r.d.base
		case r.i < len(r.t) && r.column() == column && r.t[r.i] == '-' && r.ends(r.i+1):
			v = r.sequence(column, depth+1)
			end = v.Span.End - r.d.base
		default:
			v = r.null(end)
		}
		r.pairs = append(r.pairs, Pair{Name: keyName(key), Key: key, Value: v})
		if !r.next() || r.column() < column {
			break
		}
		if r.column() > column || r.t[r.i] == '-' && r.ends(r.i+1) {
			r.fail()
		}
	}
	n.Pairs = r.keepPairs(base)
	n.Span = r.d.span(start, end)
	return n
}

// key reads the key that ends before the colon.
func (r *reader) key(colon int) *Node {
	if c := r.t[r.i]; c == '"' || c == '\'' {
		return r.quoted(c)
	}
	end := colon
	for end > r.i && r.t[end-1] == ' ' {
		end--
	}
	n := r.d.newNode()
	n.Span = r.d.span(r.i, end)
	if s := resolve(n, r.t[r.i:end]); s == merge || s == impossible {
		r.fail()
	}
	return n
}

// value reads a node that is no block collection.
func (r *reader) value(indent, depth int) *Node {
	var n *Node
	switch c := r.t[r.i]; c {
	case '|', '>':
		return r.blockScalar(indent)
	case '"', '\'':
		n = r.quoted(c)
	case '[', '{':
		n = r.flow(depth)
	default:
		return r.plain(indent)
	}
	if r.blanks() {
		r.fail()
	}
	return n
}

func (r *reader) setPlain(n *Node, s string) *Node {
	if resolve(n, s) != ordinary {
		r.fail()
	}
	return n
}

// plain reads a plain scalar of a block context, which may go on in lines that are indented further than indent.
func (r *reader) plain(indent int) *Node {
	r.plainStart()
	n := r.d.newNode()
	start := r.i
	end, comment := r.plainLine(start)
	text := r.t[start:end]
	r.i = end
	if comment || !r.continues(indent) {
		n.Span = r.d.span(start, end)
		return r.setPlain(n, text)
	}
	var b strings.Builder
	b.WriteString(text)
	for {
		breaks := 0
		i := end
		for ; i < len(r.t) && (r.t[i] == '\n' || r.t[i] == ' '); i++ {
			if r.t[i] == '\n' {
				breaks++
				r.line = i + 1
			}
		}
		fold(&b, breaks)
		start := i
		end, comment = r.plainLine(start)
		b.WriteString(r.t[start:end])
		r.i = end
		if comment || !r.continues(indent) {
			break
		}
	}
	n.Span = r.d.span(start, end)
	return r.setPlain(n, b.String())
}

// plainLine is the end of the part of a plain scalar in its line, and whether a comment follows.
func (r *reader) plainLine(i int) (end int, comment bool) {
	t := r.t
	n := strings.IndexByte(t[i:], '\n')
	stop := len(t)
	if n >= 0 {
		stop = i + n
	}
	for j := i; j < stop; j++ {
		switch t[j] {
		case ':':
			if r.ends(j + 1) {
				r.fail()
			}
		case '#':
			if j > i && t[j-1] == ' ' {
				stop, comment = j, true
			}
		}
	}
	for stop > i && t[stop-1] == ' ' {
		stop--
	}
	return stop, comment
}

// continues says whether a plain scalar goes on behind the line end at the cursor.
func (r *reader) continues(indent int) bool {
	i, line := r.i, r.line
	for ; i < len(r.t) && (r.t[i] == '\n' || r.t[i] == ' '); i++ {
		if r.t[i] == '\n' {
			line = i + 1
		}
	}
	if i >= len(r.t) || r.t[i] == '#' {
		return false
	}
	return i-line > indent
}

// fold writes what a number of line ends between two parts of a scalar means.
func fold(b *strings.Builder, breaks int) {
	if breaks == 1 {
		b.WriteByte(' ')
		return
	}
	for range breaks - 1 {
		b.WriteByte('\n')
	}
}

// quoted reads a quoted scalar.
func (r *reader) quoted(quote byte) *Node {
	n := r.d.newNode()
	n.Kind, n.Quoted, n.Style = String, true, SingleQuoted
	special := "'\n"
	if quote == '"' {
		n.Style, special = DoubleQuoted, "\"\\\n"
	}
	start := r.i
	r.i++
	from := r.i
	var b *strings.Builder
	for {
		j := indexAny(r.t[r.i:], special)
		if j < 0 {
			r.fail()
		}
		r.i += j
		switch c := r.t[r.i]; {
		case c == '\'' && r.at(r.i+1) == '\'' && quote == '\'':
			b = r.flush(b, from, r.i+1)
			r.i += 2
			from = r.i
		case c == quote:
			if b == nil {
				n.Str = r.t[from:r.i]
			} else {
				b.WriteString(r.t[from:r.i])
				n.Str = b.String()
			}
			r.i++
			n.Span = r.d.span(start, r.i)
			return n
		case c == '\\':
			b = r.flush(b, from, r.i)
			r.escape(b)
			from = r.i
		default:
			end := r.i
			for end > from && r.t[end-1] == ' ' {
				end--
			}
			b = r.flush(b, from, end)
			breaks := 0
			for ; r.i < len(r.t) && (r.t[r.i] == '\n' || r.t[r.i] == ' '); r.i++ {
				if r.t[r.i] == '\n' {
					breaks++
					r.line = r.i + 1
				}
			}
			fold(b, breaks)
			from = r.i
		}
	}
}

// indexAny is strings.IndexAny for two or three bytes.
func indexAny(s, set string) int {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == set[0] || c == set[1] || len(set) > 2 && c == set[2] {
			return i
		}
	}
	return -1
}

func (r *reader) flush(b *strings.Builder, from, to int) *strings.Builder {
	if b == nil {
		b = &strings.Builder{}
	}
	b.WriteString(r.t[from:to])
	return b
}

const escapes = "0\x00a\ab\bt\tn\nv\vf\fr\re\x1b  \"\"//\\\\"

// escape decodes the escape at the cursor.
func (r *reader) escape(b *strings.Builder) {
	c := r.at(r.i + 1)
	for i := 0; i < len(escapes); i += 2 {
		if escapes[i] == c {
			b.WriteByte(escapes[i+1])
			r.i += 2
			return
		}
	}
	width := 0
	switch c {
	case 'N':
		b.WriteRune(0x85)
	case '_':
		b.WriteRune(0xa0)
	case 'L':
		b.WriteRune(0x2028)
	case 'P':
		b.WriteRune(0x2029)
	case 'x':
		width = 2
	case 'u':
		width = 4
	case 'U':
		width = 8
	default:
		r.fail()
	}
	r.i += 2
	if width == 0 {
		return
	}
	if r.i+width > len(r.t) {
		r.fail()
	}
	v := rune(0)
	for _, h := range []byte(r.t[r.i : r.i+width]) {
		switch {
		case h >= '0' && h <= '9':
			v = v<<4 | rune(h-'0')
		case h|0x20 >= 'a' && h|0x20 <= 'f':
			v = v<<4 | rune(h|0x20-'a'+10)
		default:
			r.fail()
		}
	}
	if !utf8.ValidRune(v) {
		r.fail()
	}
	b.WriteRune(v)
	r.i += width
}
