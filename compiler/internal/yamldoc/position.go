package yamldoc

import (
	"math"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/source"
)

// scalarEnd finds where a scalar ends: the library tells only where it begins.
func (d *document) scalarEnd(style Style, value string, start int) int {
	t := d.text
	switch style {
	case SingleQuoted, DoubleQuoted:
		if start >= len(t) {
			return len(t)
		}
		quote := t[start]
		for i := start + 1; i < len(t); i++ {
			switch {
			case t[i] == '\\' && quote == '"':
				i++
			case t[i] == quote && quote == '\'' && i+1 < len(t) && t[i+1] == quote:
				i++
			case t[i] == quote:
				return i + 1
			}
		}
		return len(t)
	case Literal, Folded:
		return d.blockEnd(value, start)
	}
	if strings.HasPrefix(t[start:], value) {
		return start + len(value)
	}
	// A plain scalar over several lines: its words stand in the text one after another.
	i := start
	for word := range strings.FieldsSeq(value) {
		at := strings.Index(t[i:], word)
		if at < 0 {
			break
		}
		i += at + len(word)
	}
	return i
}

// blockEnd passes the lines of a block scalar: those that are empty or indented at least as far as its content.
func (d *document) blockEnd(value string, start int) int {
	t := d.text
	end := start
	for end < len(t) && t[end] != '\n' {
		end++
	}
	header := t[start:end]
	if hash := strings.IndexByte(header, '#'); hash >= 0 {
		header = header[:hash]
	}
	end = start + len(strings.TrimRight(header, " \t\r"))
	if strings.TrimSpace(value) == "" {
		return end
	}
	_, indent := d.blockIndent(value, start)
	i := strings.IndexByte(t[start:], '\n')
	if i < 0 {
		return end
	}
	for i += start + 1; i < len(t); {
		line := t[i:]
		next := len(t)
		if j := strings.IndexByte(line, '\n'); j >= 0 {
			line, next = line[:j], i+j+1
		}
		if blank := strings.Trim(line, " \t\r") == ""; !blank {
			if len(line)-len(strings.TrimLeft(line, " ")) < indent {
				break
			}
			end = i + len(strings.TrimRight(line, "\r"))
		}
		i = next
	}
	return end
}

// blockIndent finds where the content of a block scalar begins and how far it is indented.
func (d *document) blockIndent(value string, start int) (content, indent int) {
	return blockIndent(d.text, value, start)
}

func blockIndent(t, value string, start int) (content, indent int) {
	i := strings.IndexByte(t[start:], '\n')
	if i < 0 {
		return len(t), 0
	}
	content = start + i + 1
	for rest := t[content:]; rest != ""; {
		line, after, _ := strings.Cut(rest, "\n")
		if trimmed := strings.TrimLeft(line, " "); strings.Trim(trimmed, "\t\r") != "" || len(trimmed) > 0 && trimmed[0] == '\t' {
			// With an indentation indicator the first line may keep blanks of its own.
			first := strings.TrimLeft(value, "\n")
			return content, len(line) - len(trimmed) - (len(first) - len(strings.TrimLeft(first, " ")))
		}
		rest = after
	}
	return content, 0
}

// Text is the place of a scalar's content, without quotes or block header. Exact says that the text there is Str byte for
// byte; else (escapes, folding, indentation) Locate finds single places.
func (n *Node) Text() (at source.Span, exact bool) {
	at = n.Span
	if at.File == nil {
		return at, false
	}
	switch n.Style {
	case SingleQuoted, DoubleQuoted:
		if at.End-at.Start >= 2 {
			at = at.Sub(1, at.End-at.Start-1)
		}
	case Literal, Folded:
		content, _ := blockIndent(at.File.Text[:at.End], n.Str, at.Start)
		at.Start = min(content, at.End)
	}
	return at, at.Text() == n.Str
}

// Locate is the place in the file of the bytes [start, end) of Str.
func (n *Node) Locate(start, end int) source.Span {
	at, exact := n.Text()
	if exact || at.File == nil {
		return at.Sub(max(0, min(start, len(n.Str))), max(0, min(end, len(n.Str))))
	}
	raw := at.Text()
	from, to := n.rawOffset(raw, start)
	if end > start {
		_, to = n.rawOffset(raw, end-1)
	}
	return at.Sub(from, max(from, to))
}

// rawOffset finds the place of the byte Str[want] in the text as written. Folding and indentation change nothing but white
// space, so the n-th byte that is no white space is the same in both; escapes are passed as wholes. White space is taken
// for the byte before it, or for the first.
func (n *Node) rawOffset(raw string, want int) (start, end int) {
	solid := 0
	for i := 0; i <= want && i < len(n.Str); i++ {
		if !blank(n.Str[i]) {
			solid++
		}
	}
	if want >= len(n.Str) {
		return len(raw), len(raw)
	}
	for i := 0; i < len(raw); {
		if blank(raw[i]) {
			i++
			continue
		}
		width, bytes := 1, 1
		switch {
		case n.Style == SingleQuoted && raw[i] == '\'':
			width = 2
		case n.Style == DoubleQuoted && raw[i] == '\\' && i+1 < len(raw):
			width, bytes = escapeWidth(raw[i:])
		}
		if solid -= bytes; bytes > 0 && solid <= 0 {
			return i, min(i+width, len(raw))
		}
		i += width
	}
	return len(raw), len(raw)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// escapeWidth says how long an escape of a double-quoted scalar is, and how many bytes that are no white space it stands for.
func escapeWidth(s string) (width, bytes int) {
	size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[1]]
	if size > 0 && len(s) >= 2+size {
		v, err := strconv.ParseUint(s[2:2+size], 16, 32)
		if err != nil {
			return 2, 1
		}
		if v < 0x80 && blank(byte(v)) {
			return 2 + size, 0
		}
		return 2 + size, len(string(rune(v)))
	}
	switch s[1] {
	case 'n', 't', 'r', ' ', '\t', '\n', '\r':
		return 2, 0
	case 'N', '_':
		return 2, 2
	case 'L', 'P':
		return 2, 3
	}
	return 2, 1
}

// FormatFloat is Python's repr() of a float.
func FormatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != f:
		return "nan"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if e < -4 || e >= 16 {
		if e < 0 {
			return mantissa + "e-" + pad2(-e)
		}
		return mantissa + "e+" + pad2(e)
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
