package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// bound is a statement with the values of adapter.add_query(bindings=…) written in the places of its marks. The engine gets one
// text, which the journal can show.
func (a *Adapter) bound(c *jinja.Call, sql string, bindings jinja.Value) (string, error) {
	mark := a.o.Dialect.Seed.Binding
	if mark == "" {
		return "", fail(c, diag.AdapterMethod, "adapter.add_query() with bindings is not available on this engine: write the values into the statement")
	}
	var values []jinja.Value
	switch v := bindings.(type) {
	case *jinja.List:
		values = v.Items
	case jinja.Tuple:
		values = v
	default:
		return "", fail(c, diag.AdapterMethod, "the bindings of adapter.add_query() must be a list, got %s", jinja.Repr(bindings))
	}
	var out strings.Builder
	out.Grow(len(sql) + 8*len(values))
	used, quote := 0, byte(0)
	for i := 0; i < len(sql); i++ {
		switch ch := sql[i]; {
		case quote != 0:
			if ch == quote {
				quote = 0
			}
			out.WriteByte(ch)
		case ch == '\'' || ch == '"':
			quote = ch
			out.WriteByte(ch)
		case strings.HasPrefix(sql[i:], mark):
			i += len(mark) - 1
			if used == len(values) {
				return "", fail(c, diag.AdapterMethod, "adapter.add_query() has fewer bindings than the statement has marks for")
			}
			out.WriteString(literal(values[used]))
			used++
		default:
			out.WriteByte(ch)
		}
	}
	if used < len(values) {
		return "", fail(c, diag.AdapterMethod, "adapter.add_query() has more bindings than the statement has marks for")
	}
	return out.String(), nil
}

// literal writes a value as a statement takes it.
func literal(v jinja.Value) string {
	switch v := v.(type) {
	case nil, jinja.NoneType, *jinja.Undefined:
		return "NULL"
	case jinja.Bool:
		if v {
			return "true"
		}
		return "false"
	case jinja.Int, *jinja.BigInt, jinja.Float, Decimal:
		return jinja.Text(v)
	}
	return "'" + strings.ReplaceAll(jinja.Text(v), "'", "''") + "'"
}
