package jinja

import (
	"strings"
)

// writeNative puts out a value in native rendering. Inside a buffer there is only text: Jinja2 joins it as strings, and
// fails on anything else.
func (x *exec) writeNative(n Node, v Value) error {
	if x.captures == 0 {
		x.nodes = append(x.nodes, v)
		return nil
	}
	s, ok := asString(v)
	if !ok {
		return x.failure(n, typeErrorf("sequence item: expected str instance, %s found", v.TypeName()))
	}
	x.th.buf = append(x.th.buf, s...)
	if err := x.wrote(len(s)); err != nil {
		return x.failure(n, err)
	}
	return nil
}

// foldedText is what a constant expression gives: Jinja2 turns it into text when it compiles, if it can write it down.
func (x *exec) foldedText(v Value) Value {
	if !safeRepr(v, 0) {
		return v
	}
	return boxString(Text(v))
}

func safeRepr(v Value, depth int) bool {
	if depth > maxNesting {
		return false
	}
	var items []Value
	switch v := v.(type) {
	case NoneType, Bool, Int, Float, *BigInt, Str, Markup, *Range:
		return true
	case Tuple:
		items = v
	case *List:
		items = v.Items
	case *Dict:
		for k, val := range v.Entries {
			if !safeRepr(k, depth+1) || !safeRepr(val, depth+1) {
				return false
			}
		}
		return true
	default:
		return false
	}
	for _, item := range items {
		if !safeRepr(item, depth+1) {
			return false
		}
	}
	return true
}

// nativeResult joins the pieces of a native rendering.
func (x *exec) nativeResult() (Value, error) {
	switch len(x.nodes) {
	case 0:
		return emptyStr, nil
	case 1:
	default:
		var b strings.Builder
		for _, v := range x.nodes {
			s, err := textOf(v)
			if err != nil {
				return nil, err
			}
			b.WriteString(s)
		}
		return Str(b.String()), nil
	}
	m, ok := x.nodes[0].(*Marked)
	if !ok {
		return x.nodes[0], nil
	}
	if m.Kind == MarkText {
		return boxString(m.Text), nil
	}
	v, err := Literal(m.Text)
	if err != nil {
		v = boxString(m.Text)
	}
	_, isBool := v.(Bool)
	if m.Kind == MarkBool && !isBool {
		return nil, &pyError{nativeError, "Could not convert value '" + m.Text + "' into type 'bool'"}
	}
	if m.Kind == MarkNumber && (isBool || !isNumber(v)) {
		return nil, &pyError{nativeError, "Could not convert value '" + m.Text + "' into type 'number'"}
	}
	return v, nil
}

// MarkFilters are the filters that tell native rendering how to read a text: as_text, as_native, as_bool, as_number. In a
// text rendering they change nothing.
func MarkFilters() map[string]Callable {
	mark := func(name string, kind MarkKind) Callable {
		return NewFunc(name, func(c *Call) (Value, error) {
			if len(c.Args) != 1 || len(c.Kwargs) > 0 {
				return nil, callErrorf("the filter %s takes no arguments", name)
			}
			if !c.Native {
				return c.Args[0], nil
			}
			s, err := textOf(c.Args[0])
			return &Marked{Text: s, Kind: kind}, err
		})
	}
	return map[string]Callable{
		"as_text": mark("as_text", MarkText), "as_native": mark("as_native", MarkNative),
		"as_bool": mark("as_bool", MarkBool), "as_number": mark("as_number", MarkNumber),
	}
}
