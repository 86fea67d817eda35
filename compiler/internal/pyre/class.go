package pyre

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// set is a class of characters: ranges, and kinds like \d.
type set struct {
	negative bool
	ranges   [][2]rune
	kinds    []kind
}

// kind is \d, \w or \s, or what is none of it.
type kind struct {
	letter          byte
	negative, ascii bool
}

func (k kind) has(r rune) bool {
	in := false
	switch k.letter {
	case 'd':
		in = r >= '0' && r <= '9' || !k.ascii && r >= utf8.RuneSelf && unicode.Is(unicode.Nd, r)
	case 'w':
		in = isWord(r, k.ascii)
	case 's':
		in = isSpace(r, k.ascii)
	}
	return in != k.negative
}

func isWord(r rune, ascii bool) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return !ascii && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

func isSpace(r rune, ascii bool) bool {
	if r == ' ' || r >= '\t' && r <= '\r' {
		return true
	}
	return !ascii && (r >= 0x1c && r <= 0x1f || r == 0x85 || r >= utf8.RuneSelf && unicode.Is(unicode.Z, r))
}

func (s *set) has(r rune, fold, ascii bool) bool {
	in := s.plain(r)
	if fold && !in {
		for other := simpleFold(r, ascii); other != r && !in; other = simpleFold(other, ascii) {
			in = s.plain(other)
		}
	}
	return in != s.negative
}

func (s *set) plain(r rune) bool {
	for _, x := range s.ranges {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	for _, k := range s.kinds {
		if k.has(r) {
			return true
		}
	}
	return false
}

// simpleFold is the next of the characters that are the same but for their case.
func simpleFold(r rune, ascii bool) rune {
	if !ascii {
		return unicode.SimpleFold(r)
	}
	switch {
	case r >= 'a' && r <= 'z':
		return r - 32
	case r >= 'A' && r <= 'Z':
		return r + 32
	}
	return r
}

func same(a, b rune, fold, ascii bool) bool {
	if a == b || !fold {
		return a == b
	}
	for other := simpleFold(a, ascii); other != a; other = simpleFold(other, ascii) {
		if other == b {
			return true
		}
	}
	return false
}

// class reads [...].
func (p *parser) class() (*node, error) {
	at := p.i
	p.i++
	s := &set{negative: p.take("^")}
	ascii := p.flags&ASCII != 0
	for begin := p.i; ; {
		if p.i >= len(p.s) {
			return nil, p.errorf(at, "unterminated character set")
		}
		if p.s[p.i] == ']' && p.i > begin {
			p.i++
			break
		}
		from := p.i
		lo, k, err := p.member(at, ascii)
		if err != nil {
			return nil, err
		}
		if p.peek() != '-' || strings.HasPrefix(p.s[p.i:], "-]") {
			if k != nil {
				s.kinds = append(s.kinds, *k)
			} else {
				s.ranges = append(s.ranges, [2]rune{lo, lo})
			}
			continue
		}
		p.i++
		if p.i >= len(p.s) {
			return nil, p.errorf(at, "unterminated character set")
		}
		hi, k2, err := p.member(at, ascii)
		if err != nil {
			return nil, err
		}
		if k != nil || k2 != nil || hi < lo {
			return nil, p.errorf(from, "bad character range %s", p.s[from:p.i])
		}
		s.ranges = append(s.ranges, [2]rune{lo, hi})
	}
	return &node{op: opSet, set: s, fold: p.flags&IgnoreCase != 0, ascii: ascii}, nil
}

// member reads one member of a class: a character or a kind.
func (p *parser) member(at int, ascii bool) (rune, *kind, error) {
	if p.s[p.i] != '\\' {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		p.i += n
		return r, nil, nil
	}
	if p.i+1 >= len(p.s) {
		return 0, nil, p.errorf(p.i, "bad escape (end of pattern)")
	}
	if c := p.s[p.i+1]; strings.IndexByte("dDwWsS", c) >= 0 {
		p.i += 2
		return 0, &kind{c | 0x20, c < 'a', ascii}, nil
	}
	r, err := p.character()
	return r, nil, err
}
