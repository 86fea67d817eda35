package artifact

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/manifest"
)

// AppendValue appends a template's value as JSON, as Python's json module and dbt's encoder write it: keys of any scalar type become
// texts, an undefined value is an empty text, and whatever else a host put there is shown as text.
func AppendValue(b []byte, v jinja.Value) []byte { return compact.value(b, v) }

// AppendLine is AppendValue with the white space and the escapes of Python's json.dumps, for lines that people and scripts compare.
func AppendLine(b []byte, v jinja.Value) []byte { return python.value(b, v) }

// form is how JSON is spelled.
type form struct {
	comma, colon string
	text         func(b []byte, s string) []byte
}

var (
	compact = form{",", ":", manifest.AppendString}
	python  = form{", ", ": ", appendASCII}
)

func (f *form) value(b []byte, v jinja.Value) []byte {
	switch v := v.(type) {
	case nil, jinja.NoneType:
		return append(b, "null"...)
	case jinja.Str:
		return f.text(b, string(v))
	case jinja.Bool:
		return strconv.AppendBool(b, bool(v))
	case jinja.Int:
		return strconv.AppendInt(b, int64(v), 10)
	case *jinja.BigInt:
		return v.Int.Append(b, 10)
	case jinja.Float:
		return manifest.AppendFloat(b, float64(v))
	case *jinja.List:
		return f.items(b, v.Items)
	case jinja.Tuple:
		return f.items(b, v)
	case *jinja.Dict:
		return f.dict(b, v)
	case *jinja.Undefined:
		return append(b, '"', '"')
	}
	return f.text(b, jinja.Text(v))
}

func (f *form) items(b []byte, items []jinja.Value) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, f.comma...)
		}
		b = f.value(b, item)
	}
	return append(b, ']')
}

func (f *form) dict(b []byte, d *jinja.Dict) []byte {
	if d == nil {
		return append(b, '{', '}')
	}
	b = append(b, '{')
	first := true
	for k, v := range d.Entries {
		if !first {
			b = append(b, f.comma...)
		}
		first = false
		switch k := k.(type) {
		case jinja.Str:
			b = f.text(b, string(k))
		case jinja.Bool, jinja.NoneType, jinja.Int, jinja.Float, *jinja.BigInt:
			// true, null, 1.0: the JSON of the key, as a text.
			b = append(f.value(append(b, '"'), k), '"')
		default:
			b = f.text(b, jinja.Text(k))
		}
		b = f.value(append(b, f.colon...), v)
	}
	return append(b, '}')
}

// appendDict appends a dict compactly; nil is an empty one.
func appendDict(b []byte, d *jinja.Dict) []byte { return compact.dict(b, d) }

// appendASCII appends a string in which every character beyond ASCII is escaped, as UTF-16.
func appendASCII(b []byte, s string) []byte {
	start := len(b)
	b = manifest.AppendString(b, s)
	if !slices.ContainsFunc(b[start:], func(c byte) bool { return c >= utf8.RuneSelf }) {
		return b
	}
	text := string(b[start:])
	b = b[:start]
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return b
}
