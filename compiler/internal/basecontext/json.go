package basecontext

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"sort"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// jsonStyle is the part of Python's json.dumps options that are used.
type jsonStyle struct {
	sort   bool
	indent int
	// fallback writes the repr of what is no JSON instead of failing.
	fallback bool
}

// dumpJSON writes a value as Python's json.dumps does: blanks after commas and colons, everything but ASCII escaped.
func dumpJSON(v jinja.Value, style jsonStyle) (string, error) {
	w := jsonWriter{jsonStyle: style}
	if err := w.value(v, 0); err != nil {
		return "", err
	}
	return w.b.String(), nil
}

// SortedJSON writes a value as json.dumps(value, sort_keys=True) does; dbt hashes such texts.
func SortedJSON(v jinja.Value) (string, error) { return dumpJSON(v, jsonStyle{sort: true}) }

type jsonWriter struct {
	jsonStyle
	b strings.Builder
}

const maxNesting = 1000

// errCircular is what Python's json says of a value that contains itself.
var errCircular = errors.New("Circular reference detected") //nolint:staticcheck // Python's text

func (w *jsonWriter) newline(depth int) {
	if w.indent > 0 {
		w.b.WriteByte('\n')
		w.b.WriteString(strings.Repeat(" ", w.indent*depth))
	}
}

func (w *jsonWriter) comma() {
	if w.indent > 0 {
		w.b.WriteByte(',')
		return
	}
	w.b.WriteString(", ")
}

func (w *jsonWriter) value(v jinja.Value, depth int) error {
	if depth > maxNesting {
		return errCircular
	}
	switch v := v.(type) {
	case nil, jinja.NoneType:
		w.b.WriteString("null")
	case jinja.Bool:
		if v {
			w.b.WriteString("true")
		} else {
			w.b.WriteString("false")
		}
	case jinja.Int:
		fmt.Fprintf(&w.b, "%d", int64(v))
	case *jinja.BigInt:
		w.b.WriteString(v.Int.String())
	case jinja.Float:
		w.b.WriteString(jsonFloat(float64(v)))
	case jinja.Str:
		jinja.QuoteJSON(&w.b, string(v))
	case jinja.Tuple:
		return w.list(v, depth)
	case *jinja.List:
		return w.list(v.Items, depth)
	case *jinja.Dict:
		return w.dict(v, depth)
	default:
		if w.fallback {
			jinja.QuoteJSON(&w.b, jinja.Repr(v))
			return nil
		}
		return fmt.Errorf("Object of type %s is not JSON serializable", v.TypeName()[strings.LastIndexByte(v.TypeName(), '.')+1:]) //nolint:staticcheck // Python's text
	}
	return nil
}

func (w *jsonWriter) list(items []jinja.Value, depth int) error {
	if len(items) == 0 {
		w.b.WriteString("[]")
		return nil
	}
	w.b.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.comma()
		}
		w.newline(depth + 1)
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	w.newline(depth)
	w.b.WriteByte(']')
	return nil
}

func (w *jsonWriter) dict(d *jinja.Dict, depth int) error {
	if d.Len() == 0 {
		w.b.WriteString("{}")
		return nil
	}
	type entry struct {
		key   jinja.Value
		value jinja.Value
	}
	entries := make([]entry, 0, d.Len())
	strs := true
	for k, v := range d.Entries {
		if _, ok := k.(jinja.Str); !ok {
			strs = false
		}
		entries = append(entries, entry{k, v})
	}
	if w.sort {
		if !strs && !w.fallback {
			kinds := map[string]bool{}
			for _, e := range entries {
				kinds[e.key.TypeName()] = true
			}
			if len(kinds) > 1 && kinds["str"] {
				return fmt.Errorf("'<' not supported between instances of '%s' and '%s'", entries[1].key.TypeName(), entries[0].key.TypeName())
			}
		}
		sort.SliceStable(entries, func(i, j int) bool { return keyLess(entries[i].key, entries[j].key) })
	}
	w.b.WriteByte('{')
	for i, e := range entries {
		if i > 0 {
			w.comma()
		}
		w.newline(depth + 1)
		switch k := e.key.(type) {
		case jinja.Str:
			jinja.QuoteJSON(&w.b, string(k))
		case jinja.NoneType, jinja.Bool, jinja.Int, *jinja.BigInt, jinja.Float:
			w.b.WriteByte('"')
			if err := w.value(k, depth); err != nil {
				return err
			}
			w.b.WriteByte('"')
		default:
			if !w.fallback {
				return fmt.Errorf("keys must be str, int, float, bool or None, not %s", e.key.TypeName())
			}
			jinja.QuoteJSON(&w.b, jinja.Text(e.key))
		}
		w.b.WriteString(": ")
		if err := w.value(e.value, depth+1); err != nil {
			return err
		}
	}
	w.newline(depth)
	w.b.WriteByte('}')
	return nil
}

func keyLess(a, b jinja.Value) bool {
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x < y
	}
	return jinja.Text(a) < jinja.Text(b)
}

func number(v jinja.Value) (float64, bool) {
	switch v := v.(type) {
	case jinja.Int:
		return float64(v), true
	case jinja.Float:
		return float64(v), true
	case jinja.Bool:
		if v {
			return 1, true
		}
		return 0, true
	case *jinja.BigInt:
		f, _ := new(big.Float).SetInt(v.Int).Float64()
		return f, true
	}
	return 0, false
}

func jsonFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f != f:
		return "NaN"
	}
	return yamldoc.FormatFloat(f)
}

// loadJSON reads what Python's json.loads reads, NaN and Infinity included; ok is false where it raises.
func loadJSON(s string) (jinja.Value, bool) {
	r := jsonReader{s: s}
	v, ok := r.value(0)
	if !ok {
		return nil, false
	}
	r.space()
	return v, r.i == len(r.s)
}

type jsonReader struct {
	s string
	i int
}

func (r *jsonReader) space() {
	for r.i < len(r.s) && strings.IndexByte(" \t\n\r", r.s[r.i]) >= 0 {
		r.i++
	}
}

func (r *jsonReader) take(word string) bool {
	if strings.HasPrefix(r.s[r.i:], word) {
		r.i += len(word)
		return true
	}
	return false
}

func (r *jsonReader) value(depth int) (jinja.Value, bool) {
	r.space()
	if r.i >= len(r.s) || depth > maxNesting {
		return nil, false
	}
	switch c := r.s[r.i]; {
	case c == '{':
		return r.dict(depth)
	case c == '[':
		return r.list(depth)
	case c == '"':
		s, ok := r.text()
		return jinja.Str(s), ok
	case r.take("null"):
		return jinja.None, true
	case r.take("true"):
		return jinja.Bool(true), true
	case r.take("false"):
		return jinja.Bool(false), true
	case r.take("NaN"):
		return jinja.Float(math.NaN()), true
	case r.take("Infinity"):
		return jinja.Float(math.Inf(1)), true
	case r.take("-Infinity"):
		return jinja.Float(math.Inf(-1)), true
	}
	return r.number()
}

func (r *jsonReader) number() (jinja.Value, bool) {
	j := r.i
	digits := func() bool {
		from := j
		for j < len(r.s) && r.s[j] >= '0' && r.s[j] <= '9' {
			j++
		}
		return j > from
	}
	if j < len(r.s) && r.s[j] == '-' {
		j++
	}
	if j < len(r.s) && r.s[j] == '0' {
		j++
	} else if !digits() {
		return nil, false
	}
	whole := true
	if k := j; j < len(r.s) && r.s[j] == '.' {
		j++
		if digits() {
			whole = false
		} else {
			j = k
		}
	}
	if k := j; j < len(r.s) && (r.s[j] == 'e' || r.s[j] == 'E') {
		j++
		if j < len(r.s) && (r.s[j] == '+' || r.s[j] == '-') {
			j++
		}
		if digits() {
			whole = false
		} else {
			j = k
		}
	}
	word := r.s[r.i:j]
	r.i = j
	if !whole {
		return parseFloat(word)
	}
	return parseInt(word)
}

func (r *jsonReader) list(depth int) (jinja.Value, bool) {
	r.i++
	l := jinja.NewList()
	r.space()
	if r.take("]") {
		return l, true
	}
	for {
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		l.Items = append(l.Items, v)
		r.space()
		if r.take("]") {
			return l, true
		}
		if !r.take(",") {
			return nil, false
		}
	}
}

func (r *jsonReader) dict(depth int) (jinja.Value, bool) {
	r.i++
	d := jinja.NewDict(0)
	r.space()
	if r.take("}") {
		return d, true
	}
	for {
		r.space()
		if r.i >= len(r.s) || r.s[r.i] != '"' {
			return nil, false
		}
		k, ok := r.text()
		if !ok {
			return nil, false
		}
		r.space()
		if !r.take(":") {
			return nil, false
		}
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		d.Set(k, v)
		r.space()
		if r.take("}") {
			return d, true
		}
		if !r.take(",") {
			return nil, false
		}
	}
}

// text reads a string; Python refuses control characters in it, as encoding/json does.
func (r *jsonReader) text() (string, bool) {
	j := r.i + 1
	for j < len(r.s) && r.s[j] != '"' {
		if r.s[j] == '\\' {
			j++
		}
		j++
	}
	if j >= len(r.s) {
		return "", false
	}
	var s string
	if err := json.Unmarshal([]byte(r.s[r.i:j+1]), &s); err != nil {
		return "", false
	}
	r.i = j + 1
	return s, true
}
