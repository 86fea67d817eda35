package yamldoc

import "strings"

// blockScalar reads a literal or folded scalar.
func (r *reader) blockScalar(indent int) *Node {
	n := r.d.newNode()
	n.Kind, n.Quoted, n.Style = String, true, Literal
	folded := r.t[r.i] == '>'
	if folded {
		n.Style = Folded
	}
	start := r.i
	chomp, digit := byte(0), 0
	for r.i++; ; r.i++ {
		c := r.at(r.i)
		if (c == '-' || c == '+') && chomp == 0 {
			chomp = c
			continue
		}
		if c >= '1' && c <= '9' && digit == 0 {
			digit = int(c - '0')
			continue
		}
		break
	}
	end := r.i
	if !r.ends(r.i) || r.blanks() {
		r.fail()
	}
	for r.at(r.i) != '\n' {
		r.i++
	}
	if r.i >= len(r.t) {
		n.Span = r.d.span(start, end)
		return n
	}
	r.i++
	r.line = r.i
	width := r.blockWidth(indent, digit)
	n.Str, end = r.blockText(width, folded, chomp, end)
	n.Span = r.d.span(start, end)
	return n
}

// blockWidth is the indentation of a block scalar's content: told by the header, or that of its first line with text.
func (r *reader) blockWidth(indent, digit int) int {
	if digit > 0 {
		return max(indent, 0) + digit
	}
	widest := 0
	for i := r.i; i < len(r.t); {
		j := i
		for j < len(r.t) && r.t[j] == ' ' {
			j++
		}
		widest = max(widest, j-i)
		if j >= len(r.t) || r.t[j] != '\n' {
			break
		}
		i = j + 1
	}
	return max(widest, indent+1, 1)
}

// blockText collects the lines of a block scalar.
func (r *reader) blockText(width int, folded bool, chomp byte, end int) (string, int) {
	t := r.t
	var b strings.Builder
	// breaks counts the line ends behind the last line with text; more says that this line, or the one before, is
	// indented further, where nothing is folded.
	breaks, any, previousMore := 0, false, false
	terminated := false
	for r.i < len(t) {
		i := r.i
		blanks := 0
		for i < len(t) && blanks < width && t[i] == ' ' {
			i++
			blanks++
		}
		if i < len(t) && t[i] == '\n' {
			breaks++
			r.i = i + 1
			r.line = r.i
			continue
		}
		if blanks < width || i >= len(t) {
			break
		}
		stop := strings.IndexByte(t[i:], '\n')
		if stop < 0 {
			stop = len(t)
		} else {
			stop += i
		}
		more := t[i] == ' '
		switch {
		case !any:
			writeBreaks(&b, breaks)
		case folded && !previousMore && !more:
			// The first line end folds to a blank, unless empty lines follow it.
			if breaks == 0 {
				b.WriteByte(' ')
			} else {
				writeBreaks(&b, breaks)
			}
		default:
			writeBreaks(&b, breaks+1)
		}
		b.WriteString(t[i:stop])
		any, previousMore, breaks = true, more, 0
		end = stop
		terminated = stop < len(t)
		r.i = min(stop+1, len(t))
		r.line = r.i
	}
	if !any {
		// Only empty lines: they count with "+" alone.
		if chomp == '+' {
			writeBreaks(&b, breaks)
		}
		r.back()
		return b.String(), end
	}
	if terminated && chomp != '-' {
		b.WriteByte('\n')
	}
	if chomp == '+' {
		writeBreaks(&b, breaks)
	}
	r.back()
	return b.String(), end
}

// back puts the cursor on the beginning of its line, where the next token is looked for.
func (r *reader) back() { r.i = r.line }

func writeBreaks(b *strings.Builder, n int) {
	for range n {
		b.WriteByte('\n')
	}
}

// flow reads a flow collection, which may span lines.
func (r *reader) flow(depth int) *Node {
	if depth > MaxDepth {
		r.fail()
	}
	n := r.d.newNode()
	start := r.i
	if r.t[r.i] == '[' {
		n.Kind = Sequence
		base := len(r.items)
		r.i++
		for {
			if !r.next() {
				r.fail()
			}
			if r.t[r.i] == ']' {
				break
			}
			item := r.flowNode(depth + 1)
			r.items = append(r.items, item)
			r.separator(']')
		}
		n.Items = r.keepItems(base)
	} else {
		n.Kind = Mapping
		base := len(r.pairs)
		r.i++
		for {
			if !r.next() {
				r.fail()
			}
			if r.t[r.i] == '}' {
				break
			}
			r.flowPair(depth)
			r.separator('}')
		}
		n.Pairs = r.keepPairs(base)
	}
	r.i++
	n.Span = r.d.span(start, r.i)
	return n
}

// separator moves over a comma, or to the closing bracket.
func (r *reader) separator(closing byte) {
	if !r.next() {
		r.fail()
	}
	switch r.t[r.i] {
	case closing:
	case ',':
		r.i++
	default:
		r.fail()
	}
}

func (r *reader) flowNode(depth int) *Node {
	switch c := r.t[r.i]; c {
	case '[', '{':
		return r.flow(depth)
	case '"', '\'':
		return r.quoted(c)
	}
	n := r.d.newNode()
	start, end := r.flowPlain()
	n.Span = r.d.span(start, end)
	return r.setPlain(n, r.t[start:end])
}

// flowPlain reads a plain scalar of one line in a flow collection.
func (r *reader) flowPlain() (start, end int) {
	t := r.t
	start = r.i
	switch t[start] {
	case '?', ':', '-':
		if t[start] != '-' || r.ends(start+1) || strings.IndexByte(",[]{}", r.at(start+1)) >= 0 {
			r.fail()
		}
	default:
		r.plainStart()
	}
	i := start
scan:
	for ; i < len(t) && t[i] != '\n'; i++ {
		switch t[i] {
		case ',', '[', ']', '{', '}':
			break scan
		case ':':
			if r.ends(i + 1) {
				break scan
			}
			if strings.IndexByte(",?[]{}", r.at(i+1)) >= 0 {
				r.fail()
			}
		case '#':
			if t[i-1] == ' ' {
				break scan
			}
		}
	}
	r.i = i
	end = i
	for end > start && t[end-1] == ' ' {
		end--
	}
	if end == start {
		r.fail()
	}
	return start, end
}

func (r *reader) flowPair(depth int) {
	line := r.line
	var key *Node
	switch c := r.t[r.i]; c {
	case '"', '\'':
		key = r.quoted(c)
	case '[', '{':
		r.fail()
	default:
		key = r.d.newNode()
		start, end := r.flowPlain()
		key.Span = r.d.span(start, end)
		if s := resolve(key, r.t[start:end]); s == merge || s == impossible {
			r.fail()
		}
	}
	if !r.next() || r.line != line {
		r.fail()
	}
	v := (*Node)(nil)
	if r.t[r.i] == ':' {
		if r.i-(key.Span.Start-r.d.base) > 1000 {
			r.fail()
		}
		r.i++
		if !r.next() {
			r.fail()
		}
		if c := r.t[r.i]; c == ',' || c == '}' {
			v = r.null(r.i)
		} else {
			v = r.flowNode(depth + 1)
		}
	} else {
		v = r.null(r.i)
	}
	r.pairs = append(r.pairs, Pair{Name: keyName(key), Key: key, Value: v})
}
