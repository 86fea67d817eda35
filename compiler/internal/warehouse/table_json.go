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
			quoteJSON(b, jinja.Text(k))
			b.WriteString(": ")
			writeJSON(b, e)
		}
		b.WriteByte('}')
	default:
		quoteJSON(b, jinja.Text(v))
	}
}

// quoteJSON writes a text as json.dumps does: all that is not ASCII is escaped.
func quoteJSON(b *strings.Builder, s string) {
	const digits = "0123456789abcdef"
	unit := func(u rune) {
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(digits[u>>shift&15])
		}
	}
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
		case r >= 0x10000:
			r -= 0x10000
			unit(0xd800 + r>>10)
			unit(0xdc00 + r&0x3ff)
		case r < 0x20 || r >= 0x7f:
			unit(r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
