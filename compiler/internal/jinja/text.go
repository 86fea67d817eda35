package jinja

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRepr is how deep nested containers are printed, compared or hashed: Python stops at its recursion limit too.
const maxRepr = 900

// Truth is Python's bool().
func Truth(v Value) bool {
	switch v := v.(type) {
	case Bool:
		return bool(v)
	case Str:
		return v != ""
	case Int:
		return v != 0
	case NoneType, *Undefined:
		return false
	case *List:
		return len(v.Items) > 0
	case *Dict:
		return v.live > 0
	case Tuple:
		return len(v) > 0
	case Float:
		return v != 0
	case Markup:
		return v != ""
	case *Marked:
		return v.Text != ""
	case Truther:
		return v.Truth()
	case Sized:
		return v.Len() > 0
	}
	return v != nil
}

// Text is Python's str(). What cannot be printed (an integer of thousands of digits) gives its error's message.
func Text(v Value) string {
	s, err := textOf(v)
	if err != nil {
		return err.Error()
	}
	return s
}

// Repr is Python's repr().
func Repr(v Value) string {
	s, err := reprOf(v)
	if err != nil {
		return err.Error()
	}
	return s
}

func textOf(v Value) (string, error) {
	switch v := v.(type) {
	case Str:
		return string(v), nil
	case Int:
		return strconv.FormatInt(int64(v), 10), nil
	case Markup:
		return string(v), nil
	case *Marked:
		return v.Text, nil
	case *Undefined:
		return "", nil
	case NoneType, Bool, Float, *BigInt, Tuple, *List, *Dict, *Set, *View:
		return reprOf(v)
	case Texter:
		return v.String(), nil
	}
	return reprOf(v)
}

// appendText adds str(v) to a buffer; the common types need no string of their own.
func appendText(b []byte, v Value) ([]byte, error) {
	switch v := v.(type) {
	case Str:
		return append(b, v...), nil
	case Int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case *Undefined:
		return b, nil
	}
	s, err := textOf(v)
	return append(b, s...), err
}

func reprOf(v Value) (string, error) {
	switch v := v.(type) {
	case Str:
		return quote(string(v)), nil
	case Int:
		return strconv.FormatInt(int64(v), 10), nil
	case NoneType:
		return "None", nil
	case Bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case Float:
		return formatFloat(float64(v)), nil
	case *BigInt:
		return bigText(v.Int)
	}
	var r reprWriter
	err := r.value(v, 0)
	return r.b.String(), err
}

// reprWriter prints nested containers.
type reprWriter struct {
	b strings.Builder
	// the containers being printed: one that contains itself prints as [...]
	lists []*List
	dicts []*Dict
}

// maxText is how long one printed or built string may get, whatever the thread's own limit.
const maxText = 32 << 20

func (r *reprWriter) value(v Value, depth int) error {
	if depth > maxRepr {
		return limitErrorf("maximum recursion depth exceeded while getting the repr of an object")
	}
	if r.b.Len() > maxText {
		return limitErrorf("the text is longer than %d bytes", maxText)
	}
	switch v := v.(type) {
	case Tuple:
		return r.items("(", ")", v, depth, len(v) == 1)
	case *groupTuple:
		return r.items("(", ")", v.tuple(), depth, false)
	case *List:
		if slices.Contains(r.lists, v) {
			r.b.WriteString("[...]")
			return nil
		}
		r.lists = append(r.lists, v)
		err := r.items("[", "]", v.Items, depth, false)
		r.lists = r.lists[:len(r.lists)-1]
		return err
	case *Dict:
		return r.dict(v, depth)
	case *Set:
		if v.d.live == 0 {
			r.b.WriteString("set()")
			return nil
		}
		return r.items("{", "}", v.items(), depth, false)
	case *View:
		r.b.WriteString(v.TypeName())
		return r.items("([", "])", v.items(), depth, false)
	case *Namespace:
		r.b.WriteString("<Namespace ")
		if err := r.dict(v.attrs, depth); err != nil {
			return err
		}
		r.b.WriteByte('>')
		return nil
	case *Undefined:
		r.b.WriteString("Undefined")
	case Markup:
		r.b.WriteString("Markup(" + quote(string(v)) + ")")
	case *Marked:
		r.b.WriteString(quote(v.Text))
	case *Range:
		r.b.WriteString(v.repr())
	case Str, Int, NoneType, Bool, Float, *BigInt:
		s, err := reprOf(v)
		if err != nil {
			return err
		}
		r.b.WriteString(s)
	case Texter:
		r.b.WriteString(v.Repr())
	case *Func:
		r.b.WriteString("<function " + v.Name + ">")
	case nil:
		r.b.WriteString("None")
	default:
		r.b.WriteString("<" + v.TypeName() + " object>")
	}
	return nil
}

func (r *reprWriter) items(open, closing string, items []Value, depth int, comma bool) error {
	r.b.WriteString(open)
	for i, item := range items {
		if i > 0 {
			r.b.WriteString(", ")
		}
		if err := r.value(item, depth+1); err != nil {
			return err
		}
	}
	if comma {
		r.b.WriteByte(',')
	}
	r.b.WriteString(closing)
	return nil
}

func (r *reprWriter) dict(d *Dict, depth int) error {
	if slices.Contains(r.dicts, d) {
		r.b.WriteString("{...}")
		return nil
	}
	r.dicts = append(r.dicts, d)
	defer func() { r.dicts = r.dicts[:len(r.dicts)-1] }()
	r.b.WriteByte('{')
	first := true
	for k, v := range d.Entries {
		if !first {
			r.b.WriteString(", ")
		}
		first = false
		if err := r.value(k, depth+1); err != nil {
			return err
		}
		r.b.WriteString(": ")
		if err := r.value(v, depth+1); err != nil {
			return err
		}
	}
	r.b.WriteByte('}')
	return nil
}

// quote is repr() of a str.
func quote(s string) string {
	q := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		q = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, q)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == q || c == '\\':
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, `\n`...)
			case c == '\r':
				b = append(b, `\r`...)
			case c == '\t':
				b = append(b, `\t`...)
			case c < ' ' || c == 0x7f:
				b = fmt.Appendf(b, `\x%02x`, c)
			default:
				b = append(b, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = fmt.Appendf(b, `\x%02x`, c)
		case unicode.IsPrint(r):
			b = append(b, s[i:i+n]...)
		case r <= 0xff:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r <= 0xffff:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
		i += n
	}
	return string(append(b, q))
}

// asciiRepr is Python's ascii(): repr with everything beyond ASCII escaped.
func asciiRepr(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case r <= 0xff:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r <= 0xffff:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
	}
	return string(b)
}
