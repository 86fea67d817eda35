package jinja

import (
	"encoding/json"
	"math/big"
	"sort"
)

// FromPlain makes a value of plain data, as decoders of JSON and callers in Go have it; keys come in alphabetical order. What is none of that is None.
func FromPlain(v any) Value {
	switch v := v.(type) {
	case nil:
		return None
	case bool:
		return Bool(v)
	case int:
		return Int(v)
	case int64:
		return Int(v)
	case float64:
		return Float(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return Int(n)
		}
		f, _ := v.Float64()
		return Float(f)
	case string:
		return Str(v)
	case []string:
		l := NewList()
		for _, s := range v {
			l.Items = append(l.Items, Str(s))
		}
		return l
	case []any:
		l := NewList()
		for _, x := range v {
			l.Items = append(l.Items, FromPlain(x))
		}
		return l
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		sort.Strings(names)
		d := NewDict(len(v))
		for _, name := range names {
			d.Set(name, FromPlain(v[name]))
		}
		return d
	}
	return None
}

// Plain makes plain data of a value: nil, bool, int64, *big.Int, float64, string, []any, map[string]any.
func Plain(v Value) any {
	switch v := v.(type) {
	case nil, NoneType, *Undefined:
		return nil
	case Bool:
		return bool(v)
	case Int:
		return int64(v)
	case *BigInt:
		return new(big.Int).Set(v.Int)
	case Float:
		return float64(v)
	case Str:
		return string(v)
	case *List:
		return plainList(v.Items)
	case Tuple:
		return plainList(v)
	case *Dict:
		return PlainDict(v)
	}
	return Text(v)
}

func plainList(items []Value) []any {
	out := make([]any, len(items))
	for i, x := range items {
		out[i] = Plain(x)
	}
	return out
}

// PlainDict makes plain data of a dict; nil stays nil.
func PlainDict(d *Dict) map[string]any {
	if d == nil {
		return nil
	}
	out := make(map[string]any, d.Len())
	for k, v := range d.Entries {
		out[Text(k)] = Plain(v)
	}
	return out
}
