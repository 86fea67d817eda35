package jinja

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// toJSON is json.dumps(v, sort_keys=True, indent=indent).
func (x *exec) toJSON(v, indent Value) (string, error) {
	j := &jsonWriter{x: x, sortKeys: true}
	if indent != None {
		j.pretty = true
		if s, ok := asString(indent); ok {
			j.indent = s
		} else {
			n, err := needInt(indent)
			if err != nil {
				return "", err
			}
			if n > 1000 {
				return "", limitErrorf("the indent is too wide")
			}
			j.indent = strings.Repeat(" ", max(n, 0))
		}
	}
	if err := j.value(v, 0); err != nil {
		return "", err
	}
	return j.b.String(), nil
}

// JSON writes a value as Python's json.dumps does: sorted says whether keys are sorted.
func JSON(v Value, sorted bool) (string, error) {
	th := &Thread{}
	th.start()
	j := &jsonWriter{x: &exec{th: th, lang: python}, sortKeys: sorted}
	err := j.value(v, 0)
	return j.b.String(), err
}

type jsonWriter struct {
	x        *exec
	b        strings.Builder
	sortKeys bool
	pretty   bool
	indent   string
}

func (j *jsonWriter) newline(depth int) {
	if j.pretty {
		j.b.WriteByte('\n')
		for range depth {
			j.b.WriteString(j.indent)
		}
	}
}

func (j *jsonWriter) value(v Value, depth int) error {
	if depth > maxRepr {
		return valueErrorf("Circular reference detected")
	}
	before := j.b.Len()
	if err := j.x.building(before); err != nil {
		return err
	}
	if err := j.x.charge(1); err != nil {
		return err
	}
	switch v := v.(type) {
	case NoneType:
		j.b.WriteString("null")
	case Bool:
		if v {
			j.b.WriteString("true")
		} else {
			j.b.WriteString("false")
		}
	case Float:
		j.b.WriteString(jsonFloat(float64(v)))
	case Int, *BigInt:
		s, err := textOf(v)
		if err != nil {
			return err
		}
		j.b.WriteString(s)
	case *List:
		return j.items(v.Items, depth)
	case *Dict:
		return j.dict(v, depth)
	default:
		if s, ok := asString(v); ok {
			QuoteJSON(&j.b, s)
			break
		}
		if t, ok := asTuple(v); ok {
			return j.items(t, depth)
		}
		return typeErrorf("Object of type %s is not JSON serializable", v.TypeName())
	}
	return j.x.grow(j.b.Len() - before)
}

func jsonFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return formatFloat(f)
}

func (j *jsonWriter) items(items []Value, depth int) error {
	if len(items) == 0 {
		j.b.WriteString("[]")
		return nil
	}
	j.b.WriteByte('[')
	for i, item := range items {
		j.comma(i, depth)
		if err := j.value(item, depth+1); err != nil {
			return err
		}
	}
	j.newline(depth)
	j.b.WriteByte(']')
	return nil
}

// comma begins the next item.
func (j *jsonWriter) comma(i, depth int) {
	if i > 0 {
		if j.pretty {
			j.b.WriteByte(',')
		} else {
			j.b.WriteString(", ")
		}
	}
	j.newline(depth + 1)
}

func (j *jsonWriter) dict(d *Dict, depth int) error {
	entries := make([]dictEntry, 0, d.live)
	for i := range d.entries {
		if d.entries[i].key != nil {
			entries = append(entries, d.entries[i])
		}
	}
	if j.sortKeys {
		var failed error
		sort.SliceStable(entries, func(a, b int) bool {
			less, err := order(OpLt, entries[a].key, entries[b].key)
			if err != nil {
				failed = err
			}
			return less
		})
		if failed != nil {
			return failed
		}
	}
	if len(entries) == 0 {
		j.b.WriteString("{}")
		return nil
	}
	j.b.WriteByte('{')
	for i := range entries {
		j.comma(i, depth)
		key, err := jsonKey(entries[i].key)
		if err != nil {
			return err
		}
		QuoteJSON(&j.b, key)
		j.b.WriteString(": ")
		if err := j.value(entries[i].value, depth+1); err != nil {
			return err
		}
	}
	j.newline(depth)
	j.b.WriteByte('}')
	return nil
}

func jsonKey(k Value) (string, error) {
	switch k := k.(type) {
	case NoneType:
		return "null", nil
	case Bool:
		if k {
			return "true", nil
		}
		return "false", nil
	case Float:
		return jsonFloat(float64(k)), nil
	case Int, *BigInt:
		return textOf(k)
	}
	if s, ok := asString(k); ok {
		return s, nil
	}
	return "", typeErrorf("keys must be str, int, float, bool or None, not %s", k.TypeName())
}

// QuoteJSON writes a text as Python's json.dumps does: whatever is not a printable character of ASCII is escaped.
func QuoteJSON(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case ' ' <= r && r <= '~':
			b.WriteByte(byte(r))
		case r <= 0xffff:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
	}
	b.WriteByte('"')
}
