package duckdb

import (
	"encoding/json"
	"math/big"
	"sort"
	"strings"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/runner/engine"
)

// kind is a type's name taken apart: the driver gives one Go type for several types of DuckDB (time.Time for all that has to do
// with time), and loses the order of a struct's fields.
type kind struct {
	name   string // "INTEGER", "LIST", "STRUCT", "MAP", …
	fields []field
}

type field struct {
	name string
	kind *kind
}

// parseKind reads a type's name as the driver spells it.
func parseKind(name string) *kind {
	p := &kindParser{rest: name}
	return p.parse()
}

type kindParser struct{ rest string }

func (p *kindParser) parse() *kind {
	end := strings.IndexAny(p.rest, "([,)")
	if end < 0 {
		end = len(p.rest)
	}
	k := &kind{name: strings.TrimSpace(p.rest[:end])}
	p.rest = p.rest[end:]
	if strings.HasPrefix(p.rest, "(") {
		p.rest = p.rest[1:]
		switch k.name {
		case "STRUCT", "UNION":
			for len(p.rest) > 0 && p.rest[0] != ')' {
				f := field{name: p.quoted()}
				f.kind = p.parse()
				k.fields = append(k.fields, f)
				p.rest = strings.TrimLeft(p.rest, ", ")
			}
		case "MAP":
			for len(p.rest) > 0 && p.rest[0] != ')' {
				k.fields = append(k.fields, field{kind: p.parse()})
				p.rest = strings.TrimLeft(p.rest, ", ")
			}
		default:
			if close := strings.IndexByte(p.rest, ')'); close >= 0 {
				p.rest = p.rest[close:]
			}
		}
		p.rest = strings.TrimPrefix(p.rest, ")")
	}
	for strings.HasPrefix(p.rest, "[") {
		close := strings.IndexByte(p.rest, ']')
		if close < 0 {
			break
		}
		p.rest = p.rest[close+1:]
		k = &kind{name: "LIST", fields: []field{{kind: k}}}
	}
	return k
}

// quoted reads a field's name in double quotes, and the blank behind it.
func (p *kindParser) quoted() string {
	var name strings.Builder
	s := strings.TrimLeft(p.rest, " ")
	if !strings.HasPrefix(s, `"`) {
		before, after, _ := strings.Cut(s, " ")
		p.rest = after
		return before
	}
	s = s[1:]
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			p.rest = ""
			return name.String() + s
		}
		name.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			break
		}
		name.WriteByte('"')
		s = s[1:]
	}
	p.rest = strings.TrimLeft(s, " ")
	return name.String()
}

func (k *kind) child(i int) *kind {
	if i < len(k.fields) {
		return k.fields[i].kind
	}
	return &kind{}
}

// value converts what the driver gives to the contract's types.
func (k *kind) value(v any) engine.Value {
	if k.name == "JSON" && v != nil {
		text, err := json.Marshal(v) // the driver has read it already
		if err != nil {
			return nil
		}
		return string(text)
	}
	switch v := v.(type) {
	case nil:
		return nil
	case bool, int64, float64, string:
		return v
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		if v > 1<<63-1 {
			return new(big.Int).SetUint64(v)
		}
		return int64(v)
	case float32:
		// Its exact value, as Python gets it: a template that writes the number into SQL writes the same digits as dbt.
		return float64(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return v
	case duck.Decimal:
		return engine.Decimal{Unscaled: v.Value, Scale: int(v.Scale)}
	case duck.Interval:
		return engine.Interval{Months: v.Months, Days: v.Days, Micros: v.Micros}
	case []byte:
		if k.name == "UUID" && len(v) == 16 {
			id := duck.UUID(v)
			return id.String()
		}
		return v
	case time.Time:
		return k.time(v)
	case []any:
		out := make(engine.List, len(v))
		for i := range v {
			out[i] = k.child(0).value(v[i])
		}
		return out
	case map[string]any:
		return k.structure(v)
	case duck.OrderedMap:
		keys, values := v.Keys(), v.Values()
		out := make(engine.Map, len(keys))
		for i := range keys {
			out[i] = engine.Entry{Key: k.child(0).value(keys[i]), Value: k.child(1).value(values[i])}
		}
		return out
	case duck.Union:
		for _, f := range k.fields {
			if f.name == v.Tag {
				return f.kind.value(v.Value)
			}
		}
		return (&kind{}).value(v.Value)
	case duck.Bit:
		return v.String()
	}
	return nil
}

func (k *kind) time(t time.Time) engine.Value {
	switch k.name {
	case "DATE":
		return engine.Date{Time: t}
	case "TIME", "TIME_TZ", "TIMETZ", "TIME WITH TIME ZONE":
		since := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second +
			time.Duration(t.Nanosecond())
		zone := ""
		if k.name != "TIME" {
			zone = t.Format("-07:00")
		}
		return engine.TimeOfDay{Since: since, Zone: zone}
	}
	return engine.Timestamp{Time: t, Zoned: strings.HasPrefix(k.name, "TIMESTAMP") && (strings.Contains(k.name, "TZ") || strings.Contains(k.name, "ZONE"))}
}

func (k *kind) structure(v map[string]any) engine.Value {
	var out engine.Struct
	if len(k.fields) == 0 {
		names := make([]string, 0, len(v))
		for n := range v {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			out = append(out, engine.Field{Name: n, Value: (&kind{}).value(v[n])})
		}
		return out
	}
	for _, f := range k.fields {
		out = append(out, engine.Field{Name: f.name, Value: f.kind.value(v[f.name])})
	}
	return out
}
