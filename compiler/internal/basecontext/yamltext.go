package basecontext

import (
	"fmt"
	"sort"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// dumpYAML writes a value as PyYAML's safe_dump does, to the quotes and line breaks: block style, two blanks of indentation,
// lines of 80 characters where a text may be broken, ASCII only, anchors for what stands in two places.
func dumpYAML(v jinja.Value, sortKeys bool) (string, error) {
	return (&yamlWriter{sortKeys: sortKeys}).dump(v)
}

// PackagesYAML writes packages.yml and package-lock.yml as dbt does: keys sorted, and lists indented below their key.
func PackagesYAML(v *jinja.Dict) (string, error) {
	return (&yamlWriter{sortKeys: true, indentLists: true}).dump(v)
}

func (w *yamlWriter) dump(v jinja.Value) (string, error) {
	w.times, w.ids = map[any]int{}, map[any]string{}
	if err := w.count(v, 0); err != nil {
		return "", err
	}
	if err := w.node(v, 0, atRoot); err != nil {
		return "", err
	}
	if w.column > 0 {
		w.line()
	}
	if w.open {
		w.b.WriteString("...\n")
	}
	return w.b.String(), nil
}

// where a node stands.
type position uint8

const (
	atRoot position = iota
	asValue
	asItem
	asKey
)

const bestWidth = 80

type yamlWriter struct {
	b                     strings.Builder
	sortKeys, indentLists bool
	column                int
	// open says that the text ended in a plain scalar at the root, which needs an end mark.
	open  bool
	times map[any]int
	ids   map[any]string
	made  int
}

func (w *yamlWriter) put(s string) {
	w.b.WriteString(s)
	w.column += len(s)
}

func (w *yamlWriter) line() {
	w.b.WriteByte('\n')
	w.column = 0
}

func (w *yamlWriter) indent(n int) {
	w.line()
	w.put(strings.Repeat(" ", n))
}

// count finds the lists and dicts that stand in more than one place.
func (w *yamlWriter) count(v jinja.Value, depth int) error {
	if depth > maxNesting {
		return errCircular
	}
	switch v := v.(type) {
	case *jinja.List:
		if w.times[v]++; w.times[v] > 1 {
			return nil
		}
		for _, item := range v.Items {
			if err := w.count(item, depth+1); err != nil {
				return err
			}
		}
	case jinja.Tuple:
		for _, item := range v {
			if err := w.count(item, depth+1); err != nil {
				return err
			}
		}
	case *jinja.Dict:
		if w.times[v]++; w.times[v] > 1 {
			return nil
		}
		for _, item := range v.Entries {
			if err := w.count(item, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// anchor writes the anchor of a shared node, or its alias if it has been written before (then done is true).
func (w *yamlWriter) anchor(v any, at position) (done, anchored bool) {
	if w.times[v] < 2 {
		return false, false
	}
	w.lead(at)
	if id, ok := w.ids[v]; ok {
		w.put("*" + id)
		return true, false
	}
	w.made++
	w.ids[v] = fmt.Sprintf("id%03d", w.made)
	w.put("&" + w.ids[v])
	return false, true
}

// lead writes the blank before what stands behind a colon or a dash.
func (w *yamlWriter) lead(at position) {
	if at == asValue || at == asItem {
		w.put(" ")
	}
}

func (w *yamlWriter) node(v jinja.Value, indent int, at position) error {
	switch v := v.(type) {
	case *jinja.List:
		return w.list(v, v.Items, indent, at)
	case jinja.Tuple:
		return w.list(nil, v, indent, at)
	case *jinja.Dict:
		return w.dict(v, indent, at)
	}
	plain, isText, err := scalarText(v)
	if err != nil {
		return err
	}
	w.lead(at)
	w.scalar(plain, isText, indent, at)
	return nil
}

// scalarText is a scalar as PyYAML represents it; isText says that it must be read back as a string.
func scalarText(v jinja.Value) (s string, isText bool, err error) {
	switch v := v.(type) {
	case nil, jinja.NoneType:
		return "null", false, nil
	case jinja.Bool:
		if v {
			return "true", false, nil
		}
		return "false", false, nil
	case jinja.Int, *jinja.BigInt:
		return jinja.Text(v), false, nil
	case jinja.Float:
		s := yamldoc.FormatFloat(float64(v))
		switch s {
		case "inf", "-inf", "nan":
			return strings.Replace(s, "inf", ".inf", 1)[:len(s)] + map[bool]string{true: "f", false: ""}[s != "nan"], false, nil
		}
		if !strings.Contains(s, ".") {
			s = strings.Replace(s, "e", ".0e", 1)
		}
		return s, false, nil
	case jinja.Str:
		return string(v), true, nil
	case Date:
		return v.String(), false, nil
	case DateTime:
		return v.String(), false, nil
	}
	return "", false, fmt.Errorf("cannot represent an object of type %s", v.TypeName())
}

func (w *yamlWriter) list(id *jinja.List, items []jinja.Value, indent int, at position) error {
	anchored := false
	if id != nil {
		var done bool
		if done, anchored = w.anchor(id, at); done {
			return nil
		}
	}
	if len(items) == 0 {
		if at != atRoot || anchored {
			w.put(" ")
		}
		w.put("[]")
		return nil
	}
	// A list under a key is not indented; one in a list begins on the line of its dash.
	inner := indent
	if at == asItem || at == asValue && w.indentLists {
		inner = indent + 2
	}
	for i, item := range items {
		if i == 0 && at == asItem && !anchored {
			w.put(" ")
		} else if w.column > 0 || i > 0 {
			w.indent(inner)
		}
		w.put("-")
		if err := w.node(item, inner, asItem); err != nil {
			return err
		}
	}
	return nil
}

func (w *yamlWriter) dict(d *jinja.Dict, indent int, at position) error {
	done, anchored := w.anchor(d, at)
	if done {
		return nil
	}
	if d.Len() == 0 {
		if at != atRoot || anchored {
			w.put(" ")
		}
		w.put("{}")
		return nil
	}
	inner := indent
	if at != atRoot {
		inner = indent + 2
	}
	type entry struct{ k, v jinja.Value }
	var entries []entry
	for k, v := range d.Entries {
		entries = append(entries, entry{k, v})
	}
	if w.sortKeys {
		sort.SliceStable(entries, func(i, j int) bool { return keyLess(entries[i].k, entries[j].k) })
	}
	for i, e := range entries {
		if i == 0 && at == asItem && !anchored {
			w.put(" ")
		} else if w.column > 0 || i > 0 {
			w.indent(inner)
		}
		s, isText, err := scalarText(e.k)
		if err != nil {
			return err
		}
		if len([]rune(s)) < 128 && !strings.ContainsAny(s, "\n\u0085\u2028\u2029") {
			w.scalar(s, isText, inner, asKey)
			w.put(":")
		} else {
			w.put("? ")
			w.scalar(s, isText, inner, asItem)
			w.indent(inner)
			w.put(":")
		}
		if err := w.node(e.v, inner, asValue); err != nil {
			return err
		}
	}
	return nil
}

// scalar writes a text in the plainest style that reads back as the same.
func (w *yamlWriter) scalar(s string, isText bool, indent int, at position) {
	indent += 2
	plain, single := analyze(s)
	split := at != asKey
	w.open = false
	switch {
	case plain && (!isText || yamldoc.PlainString(s)):
		w.plain(s, indent, split)
		w.open = at == atRoot
	case single && (at != asKey || !strings.ContainsAny(s, "\n\u0085\u2028\u2029")):
		w.single(s, indent, split)
	default:
		w.double(s, indent, split)
	}
}

const (
	yamlBreaks = "\n\u0085\u2028\u2029"
	yamlBlanks = "\x00 \t\r\n\u0085\u2028\u2029"
)

// analyze says whether a text can be written plain, or in single quotes.
func analyze(s string) (plain, single bool) {
	if s == "" {
		return true, true
	}
	r := []rune(s)
	is := func(c rune, set string) bool { return strings.ContainsRune(set, c) }
	indicator := strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...")
	var special, breaks, edge, breakSpace, spaceBreak bool
	previousSpace, previousBreak := false, false
	before := true
	for i, c := range r {
		after := i+1 >= len(r) || is(r[i+1], yamlBlanks)
		if i == 0 {
			indicator = indicator || is(c, "#,[]{}&*!|>'\"%@`") || is(c, "?:-") && after
		} else {
			indicator = indicator || c == ':' && after || c == '#' && before
		}
		if is(c, yamlBreaks) {
			breaks = true
		}
		if c != '\n' && (c < 0x20 || c > 0x7e) {
			special = true
		}
		last := i == len(r)-1
		switch {
		case c == ' ':
			edge = edge || i == 0 || last
			breakSpace = breakSpace || previousBreak
			previousSpace, previousBreak = true, false
		case is(c, yamlBreaks):
			edge = edge || i == 0 || last
			spaceBreak = spaceBreak || previousSpace
			previousSpace, previousBreak = false, true
		default:
			previousSpace, previousBreak = false, false
		}
		before = is(c, yamlBlanks)
	}
	single = !breakSpace && !spaceBreak && !special
	return single && !edge && !breaks && !indicator, single
}

func (w *yamlWriter) plain(s string, indent int, split bool) {
	start, spaces := 0, false
	for end := 0; end <= len(s); end++ {
		blank := end < len(s) && s[end] == ' '
		switch {
		case spaces && !blank:
			if start+1 == end && w.column > bestWidth && split {
				w.indent(indent)
			} else {
				w.put(s[start:end])
			}
			start = end
		case !spaces && (blank || end == len(s)):
			w.put(s[start:end])
			start = end
		}
		spaces = blank
	}
}

func (w *yamlWriter) single(s string, indent int, split bool) {
	w.put("'")
	start := 0
	spaces, breaks := false, false
	for end := 0; end <= len(s); end++ {
		var c byte
		if end < len(s) {
			c = s[end]
		}
		atEnd := end == len(s)
		switch {
		case spaces:
			if atEnd || c != ' ' {
				if start+1 == end && w.column > bestWidth && split && start != 0 && !atEnd {
					w.indent(indent)
				} else {
					w.put(s[start:end])
				}
				start = end
			}
		case breaks:
			if atEnd || c != '\n' {
				w.line()
				for range s[start:end] {
					w.line()
				}
				// The last line break is the one that begins the next line.
				w.put(strings.Repeat(" ", indent))
				start = end
			}
		default:
			if atEnd || c == ' ' || c == '\n' || c == '\'' {
				w.put(s[start:end])
				start = end
			}
		}
		if !atEnd && c == '\'' {
			w.put("''")
			start = end + 1
		}
		spaces, breaks = !atEnd && c == ' ', !atEnd && c == '\n'
	}
	w.put("'")
}

var yamlEscapes = map[rune]string{0: "0", '\a': "a", '\b': "b", '\t': "t", '\n': "n", '\v': "v", '\f': "f", '\r': "r", 0x1b: "e",
	'"': `"`, '\\': `\`, 0x85: "N", 0xa0: "_", 0x2028: "L", 0x2029: "P"}

func (w *yamlWriter) double(s string, indent int, split bool) {
	w.put(`"`)
	r := []rune(s)
	start := 0
	for end := 0; end <= len(r); end++ {
		atEnd := end == len(r)
		var c rune
		if !atEnd {
			c = r[end]
		}
		if atEnd || c == '"' || c == '\\' || c < 0x20 || c > 0x7e {
			if start < end {
				w.put(string(r[start:end]))
				start = end
			}
			if !atEnd {
				escape, ok := yamlEscapes[c]
				switch {
				case ok:
				case c <= 0xff:
					escape = fmt.Sprintf("x%02X", c)
				case c <= 0xffff:
					escape = fmt.Sprintf("u%04X", c)
				default:
					escape = fmt.Sprintf("U%08X", c)
				}
				w.put(`\` + escape)
				start = end + 1
			}
		}
		if 0 < end && end < len(r)-1 && (c == ' ' || start >= end) && w.column+(end-start) > bestWidth && split {
			if start < end {
				w.put(string(r[start:end]))
				start = end
			}
			w.put(`\`)
			w.indent(indent)
			if r[start] == ' ' {
				w.put(`\`)
			}
		}
	}
	w.put(`"`)
}
