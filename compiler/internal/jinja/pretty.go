package jinja

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// prettyWidth is the width that the filter pprint aims at.
const prettyWidth = 80

// prettyPrint is Python's pprint.pformat: containers that do not fit on a line are broken up, dicts are sorted by key.
func prettyPrint(x *exec, v Value) (string, error) {
	p := &prettyPrinter{x: x}
	sorted, err := p.sortDicts(v, 0)
	if err != nil {
		return "", err
	}
	if err := p.value(sorted, 0, 0, 0); err != nil {
		return "", err
	}
	return p.b.String(), nil
}

type prettyPrinter struct {
	x *exec
	b strings.Builder
}

// sortDicts gives the value with all dicts in it sorted, so that their repr is.
func (p *prettyPrinter) sortDicts(v Value, depth int) (Value, error) {
	if depth > maxNesting {
		return nil, limitErrorf("maximum recursion depth exceeded while getting the repr of an object")
	}
	if err := p.x.charge(2 * itemCost); err != nil {
		return nil, err
	}
	items := func(in []Value) ([]Value, error) {
		out := make([]Value, len(in))
		for i, item := range in {
			s, err := p.sortDicts(item, depth+1)
			if err != nil {
				return nil, err
			}
			out[i] = s
		}
		return out, nil
	}
	switch v := v.(type) {
	case *List:
		out, err := items(v.Items)
		return &List{out}, err
	case Tuple:
		out, err := items(v)
		return Tuple(out), err
	case *Dict:
		entries := make([]dictEntry, 0, v.live)
		for i := range v.entries {
			if e := v.entries[i]; e.key != nil {
				val, err := p.sortDicts(e.value, depth+1)
				if err != nil {
					return nil, err
				}
				e.value = val
				entries = append(entries, e)
			}
		}
		sort.SliceStable(entries, func(i, j int) bool {
			less, err := order(OpLt, entries[i].key, entries[j].key)
			if err != nil { // keys of different types go by the name of their type
				return "<class '"+entries[i].key.TypeName() < "<class '"+entries[j].key.TypeName()
			}
			return less
		})
		d := &Dict{entries: entries, live: len(entries)}
		d.index()
		return d, nil
	}
	return v, nil
}

func (p *prettyPrinter) value(v Value, indent, allowance, level int) error {
	rep, err := reprOf(v)
	if err != nil {
		return err
	}
	if err := p.x.grow(len(rep)); err != nil {
		return err
	}
	if utf8.RuneCountInString(rep) <= prettyWidth-indent-allowance {
		p.b.WriteString(rep)
		return nil
	}
	switch v := v.(type) {
	case *List:
		return p.items("[", "]", v.Items, indent, allowance, level)
	case Tuple:
		if len(v) == 1 {
			return p.items("(", ",)", v, indent, allowance, level)
		}
		return p.items("(", ")", v, indent, allowance, level)
	case *Dict:
		return p.dict(v, indent, allowance, level)
	case Str:
		p.text(string(v), indent, allowance, level+1)
		return nil
	}
	p.b.WriteString(rep)
	return nil
}

func (p *prettyPrinter) newline(indent int) {
	p.b.WriteByte('\n')
	p.b.WriteString(strings.Repeat(" ", indent))
}

func (p *prettyPrinter) items(open, closing string, items []Value, indent, allowance, level int) error {
	p.b.WriteString(open)
	for i, item := range items {
		after := 1
		if i == len(items)-1 {
			after = allowance + len(closing)
		}
		if i > 0 {
			p.b.WriteByte(',')
			p.newline(indent + 1)
		}
		if err := p.value(item, indent+1, after, level+1); err != nil {
			return err
		}
	}
	p.b.WriteString(closing)
	return nil
}

func (p *prettyPrinter) dict(d *Dict, indent, allowance, level int) error {
	p.b.WriteByte('{')
	n := 0
	for k, v := range d.Entries {
		if n > 0 {
			p.b.WriteByte(',')
			p.newline(indent + 1)
		}
		n++
		rep, err := reprOf(k)
		if err != nil {
			return err
		}
		p.b.WriteString(rep + ": ")
		after := 1
		if n == d.live {
			after = allowance + 1
		}
		if err := p.value(v, indent+1+utf8.RuneCountInString(rep)+2, after, level+1); err != nil {
			return err
		}
	}
	p.b.WriteByte('}')
	return nil
}

// text breaks a long string into several literals, at line ends and between words.
func (p *prettyPrinter) text(s string, indent, allowance, level int) {
	if level == 1 {
		indent++
		allowance++
	}
	size := func(s string) int { return utf8.RuneCountInString(quote(s)) }
	width := prettyWidth - indent
	var chunks []string
	lines := splitLines(s, true)
	for i, line := range lines {
		lastLine := i == len(lines)-1
		room := width
		if lastLine {
			room -= allowance
		}
		if size(line) <= room {
			chunks = append(chunks, quote(line))
			continue
		}
		current := ""
		parts := wordsWithSpace(line)
		for j, part := range parts {
			room := width
			if lastLine && j == len(parts)-1 {
				room -= allowance
			}
			if size(current+part) <= room {
				current += part
				continue
			}
			if current != "" {
				chunks = append(chunks, quote(current))
			}
			current = part
		}
		if current != "" {
			chunks = append(chunks, quote(current))
		}
	}
	if len(chunks) == 1 {
		p.b.WriteString(chunks[0])
		return
	}
	if level == 1 {
		p.b.WriteByte('(')
	}
	for i, c := range chunks {
		if i > 0 {
			p.newline(indent)
		}
		p.b.WriteString(c)
	}
	if level == 1 {
		p.b.WriteByte(')')
	}
}

// wordsWithSpace cuts a line into words, each with the space that follows it.
func wordsWithSpace(s string) []string {
	var out []string
	for s != "" {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 {
			end = len(s)
		}
		end = skipSpace(s, end)
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}
