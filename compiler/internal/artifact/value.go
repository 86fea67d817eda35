package artifact

import (
	"strconv"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/manifest"
)

// AppendValue appends a template's value as JSON, as Python's json module and dbt's encoder write it: keys of any scalar type become
// texts, an undefined value is an empty text, and whatever else a host put there is shown as text.
func AppendValue(b []byte, v jinja.Value) []byte {
	switch v := v.(type) {
	case nil, jinja.NoneType:
		return append(b, "null"...)
	case jinja.Str:
		return manifest.AppendString(b, string(v))
	case jinja.Bool:
		return strconv.AppendBool(b, bool(v))
	case jinja.Int:
		return strconv.AppendInt(b, int64(v), 10)
	case *jinja.BigInt:
		return v.Int.Append(b, 10)
	case jinja.Float:
		return manifest.AppendFloat(b, float64(v))
	case *jinja.List:
		return appendItems(b, v.Items)
	case jinja.Tuple:
		return appendItems(b, v)
	case *jinja.Dict:
		return appendDict(b, v)
	case *jinja.Undefined:
		return append(b, '"', '"')
	}
	return manifest.AppendString(b, jinja.Text(v))
}

func appendItems(b []byte, items []jinja.Value) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendValue(b, item)
	}
	return append(b, ']')
}

func appendDict(b []byte, d *jinja.Dict) []byte {
	if d == nil {
		return append(b, '{', '}')
	}
	b = append(b, '{')
	first := true
	for k, v := range d.Entries {
		if !first {
			b = append(b, ',')
		}
		first = false
		switch k := k.(type) {
		case jinja.Str:
			b = manifest.AppendString(b, string(k))
		case jinja.Bool, jinja.NoneType, jinja.Int, jinja.Float, *jinja.BigInt:
			// true, null, 1.0: the JSON of the key, as a text.
			b = append(AppendValue(append(b, '"'), k), '"')
		default:
			b = manifest.AppendString(b, jinja.Text(k))
		}
		b = AppendValue(append(b, ':'), v)
	}
	return append(b, '}')
}
