package warehouse

import (
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// jsonText is a list or dict of a result as JSON, the way dbt keeps it.
func jsonText(v jinja.Value) string {
	var b strings.Builder
	writeJSON(&b, v)
	return b.String()
}

func writeJSON(b *strings.Builder, v jinja.Value) {
	sequence := func(items []jinja.Value) {
		b.WriteByte('[')
		for i, e := range items {
			if i > 0 {
				b.WriteString(", ")
			}
			writeJSON(b, e)
		}
		b.WriteByte(']')
	}
	switch v := v.(type) {
	case jinja.NoneType:
		b.WriteString("null")
	case jinja.Bool:
		b.WriteString(strconv.FormatBool(bool(v)))
	case jinja.Int, *jinja.BigInt, jinja.Float:
		b.WriteString(jinja.Text(v))
	case Decimal:
		b.WriteString(jinja.Repr(jinja.Float(v.Float64())))
	case *jinja.List:
		sequence(v.Items)
	case jinja.Tuple:
		sequence(v)
	case *jinja.Dict:
		b.WriteByte('{')
		first := true
		for k, e := range v.Entries {
			if !first {
				b.WriteString(", ")
			}
			first = false
			jinja.QuoteJSON(b, jinja.Text(k))
			b.WriteString(": ")
			writeJSON(b, e)
		}
		b.WriteByte('}')
	default:
		jinja.QuoteJSON(b, jinja.Text(v))
	}
}
