package jinja

import (
	"math/big"
	"strconv"
	"strings"
)

// Literal reads a Python literal, as ast.literal_eval does: numbers, strings, None, True, False, and tuples, lists, dicts
// and sets of them.
func Literal(s string) (Value, error) {
	lit := literalReader{lex: lexer{src: strings.TrimLeft(s, " \t"), tag: 'e'}}
	if strings.IndexByte(s, 0) >= 0 {
		return nil, valueErrorf("source code string cannot contain null bytes")
	}
	lit.lex.src = strings.TrimRight(lit.lex.src, " \t\r\n\f")
	if err := lit.next(); err != nil {
		return nil, err
	}
	v, err := lit.tuple()
	if err != nil {
		return nil, err
	}
	if lit.tok.kind != tokEOF {
		return nil, valueErrorf("malformed literal")
	}
	return v, nil
}

type literalReader struct {
	lex   lexer
	tok   token
	depth int
}

func (l *literalReader) next() error {
	before := l.lex.pos
	l.lex.tag = 'e' // a tag without an end
	for at := skipSpace(l.lex.src, before); at < len(l.lex.src) && l.lex.src[at] == '#'; at = skipSpace(l.lex.src, at) {
		if end := strings.IndexByte(l.lex.src[at:], '\n'); end >= 0 {
			at += end
		} else {
			at = len(l.lex.src)
		}
		l.lex.pos = at
	}
	if err := l.lex.inTag(&l.tok); err != nil {
		return valueErrorf("malformed literal")
	}
	// Outside of brackets a line end ends the expression.
	if len(l.lex.open) == 0 && strings.ContainsAny(l.lex.src[before:l.tok.start], "\n\r") {
		return valueErrorf("malformed literal")
	}
	return nil
}

// tuple reads values up to a closing bracket; with a comma they are a tuple.
func (l *literalReader) tuple() (Value, error) {
	v, err := l.value()
	if err != nil || l.tok.kind != tokComma {
		return v, err
	}
	items := Tuple{v}
	for l.tok.kind == tokComma {
		if err := l.next(); err != nil {
			return nil, err
		}
		if l.tok.kind == tokRParen || l.tok.kind == tokEOF {
			break
		}
		if v, err = l.value(); err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, nil
}

func (l *literalReader) value() (Value, error) {
	if l.depth++; l.depth > maxNesting {
		return nil, valueErrorf("malformed literal")
	}
	defer func() { l.depth-- }()
	text := l.tok.text
	switch l.tok.kind {
	case tokSub, tokAdd:
		negative := l.tok.kind == tokSub
		if err := l.next(); err != nil {
			return nil, err
		}
		if k := l.tok.kind; k != tokInteger && k != tokFloat {
			return nil, valueErrorf("malformed literal")
		}
		v, err := l.value()
		if err != nil || !negative {
			return v, err
		}
		return unary('-', v)
	case tokInteger:
		text = strings.ReplaceAll(text, "_", "")
		n, ok := new(big.Int).SetString(text, 0)
		if !ok || len(text) > maxIntDigits {
			return nil, valueErrorf("malformed literal")
		}
		return normInt(n), l.next()
	case tokFloat:
		f, _ := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
		return Float(f), l.next()
	case tokString:
		if strings.ContainsAny(l.lex.src[l.tok.start:l.tok.end], "\n\r") {
			return nil, valueErrorf("malformed literal")
		}
		var b strings.Builder
		for l.tok.kind == tokString {
			b.WriteString(l.tok.text)
			if err := l.next(); err != nil {
				return nil, err
			}
		}
		return boxString(b.String()), nil
	case tokName:
		switch text {
		case "None":
			return None, l.next()
		case "True", "False":
			return Bool(text == "True"), l.next()
		case "set":
			return l.emptySet()
		}
	case tokLParen:
		if err := l.next(); err != nil {
			return nil, err
		}
		if l.tok.kind == tokRParen {
			return Tuple(nil), l.next()
		}
		v, err := l.tuple()
		if err == nil {
			err = l.close(tokRParen)
		}
		return v, err
	case tokLBracket:
		return l.list()
	case tokLBrace:
		return l.dictOrSet()
	}
	return nil, valueErrorf("malformed literal")
}

func (l *literalReader) close(k tokenKind) error {
	if l.tok.kind != k {
		return valueErrorf("malformed literal")
	}
	return l.next()
}

func (l *literalReader) emptySet() (Value, error) {
	for _, k := range [...]tokenKind{tokName, tokLParen, tokRParen} {
		if err := l.close(k); err != nil {
			return nil, err
		}
	}
	return &Set{}, nil
}

func (l *literalReader) list() (Value, error) {
	out := &List{}
	for {
		if err := l.next(); err != nil {
			return nil, err
		}
		if l.tok.kind == tokRBracket {
			return out, l.next()
		}
		v, err := l.value()
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
		if l.tok.kind != tokComma {
			return out, l.close(tokRBracket)
		}
	}
}

func (l *literalReader) dictOrSet() (Value, error) {
	d := NewDict(0)
	isSet := false
	for n := 0; ; n++ {
		if err := l.next(); err != nil {
			return nil, err
		}
		if l.tok.kind == tokRBrace {
			break
		}
		k, err := l.value()
		if err != nil {
			return nil, err
		}
		var v Value = None
		if colon := l.tok.kind == tokColon; n == 0 {
			isSet = !colon
		} else if isSet == colon {
			return nil, valueErrorf("malformed literal")
		}
		if !isSet {
			if err := l.next(); err != nil {
				return nil, err
			}
			if v, err = l.value(); err != nil {
				return nil, err
			}
		}
		if err := d.Store(k, v); err != nil {
			return nil, valueErrorf("malformed literal")
		}
		if l.tok.kind != tokComma {
			break
		}
	}
	if isSet {
		return &Set{d: *d}, l.close(tokRBrace)
	}
	return d, l.close(tokRBrace)
}
