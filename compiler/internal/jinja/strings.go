package jinja

// Markup is text that is marked as safe HTML: what the filters tojson, escape and safe give. It is a str in every respect,
// but that text added to it is escaped.
type Markup string

// TypeName is Python's name of the type.
func (Markup) TypeName() string { return "Markup" }

// MarkKind says what a Marked asks of native rendering.
type MarkKind uint8

// The kinds of marks: plain text, whatever literal it is, a bool, a number.
const (
	MarkText MarkKind = iota
	MarkNative
	MarkBool
	MarkNumber
)

// Marked is a str that says how native rendering shall read it, where it is the whole of a template's output.
type Marked struct {
	Text string
	Kind MarkKind
}

// TypeName is Python's name of the type.
func (m *Marked) TypeName() string {
	return [...]string{"TextMarker", "NativeMarker", "BoolMarker", "NumberMarker"}[m.Kind]
}

// asString gives the text of any kind of str.
func asString(v Value) (string, bool) {
	switch v := v.(type) {
	case Str:
		return string(v), true
	case Markup:
		return string(v), true
	case *Marked:
		return v.Text, true
	}
	return "", false
}

// asTuple gives the items of any kind of tuple.
func asTuple(v Value) (Tuple, bool) {
	switch v := v.(type) {
	case Tuple:
		return v, true
	case *groupTuple:
		return v.tuple(), true
	}
	return nil, false
}

// groupTuple is what groupby gives: a tuple whose two items have names.
type groupTuple struct {
	grouper Value
	list    *List
}

func (*groupTuple) TypeName() string { return "_GroupTuple" }

func (g *groupTuple) tuple() Tuple { return Tuple{g.grouper, g.list} }

// oneByte and smallInts save an allocation for the commonest values.
var oneByte = func() (t [128]Value) {
	for i := range t {
		t[i] = Str(string(rune(i)))
	}
	return
}()

var emptyStr Value = Str("")

func boxString(s string) Value {
	switch len(s) {
	case 0:
		return emptyStr
	case 1:
		if s[0] < 128 {
			return oneByte[s[0]]
		}
	}
	return Str(s)
}
