package jinja

import "fmt"

// Bytes is Python's bytes, as far as templates meet it: the result of encode() on its way to a host function.
type Bytes string

// TypeName is Python's name of the type.
func (Bytes) TypeName() string { return "bytes" }

// Len counts the bytes.
func (b Bytes) Len() int { return len(b) }

func (b Bytes) String() string { return b.Repr() }

// Repr is b'...'.
func (b Bytes) Repr() string {
	out := []byte("b'")
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\'' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c == '\t':
			out = append(out, `\t`...)
		case c < ' ' || c >= 0x7f:
			out = fmt.Appendf(out, `\x%02x`, c)
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '\''))
}

// Attr gives decode().
func (b Bytes) Attr(name string) (Value, bool, error) {
	if name != "decode" {
		return nil, false, nil
	}
	return NewFunc("decode", func(*Call) (Value, error) { return boxString(string(b)), nil }), true, nil
}
