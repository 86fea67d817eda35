package sqlsyntax

import "strings"

// Statements splits a text at the semicolons that stand outside brackets and outside the bodies of routines. A span holds one
// statement without its semicolon and without white space around it; what holds nothing but white space and comments is left
// out.
func Statements(sql string, l *Lexicon) []Span {
	var out []Span
	s := splitter{sql: sql}
	// start is where the statement's first token stands, comments counted; -1 before it. full: it holds more than comments.
	start, end, full := -1, 0, false
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		if !ok || s.ends(t) {
			if full {
				out = append(out, Span{start, end})
			}
			if !ok {
				return out
			}
			s, start, full = splitter{sql: sql}, -1, false
			continue
		}
		if t.Kind == Space {
			continue
		}
		if start < 0 {
			start = t.Start
		}
		full = full || !t.Kind.Trivia()
		end = t.End
	}
}

// splitter finds the end of a statement.
type splitter struct {
	sql   string
	depth int
	// create: the statement begins with CREATE, so that BEGIN opens a routine's body. blocks counts open BEGIN and CASE.
	words, blocks int
	create        bool
}

// ends takes the next token and says that it is the semicolon which ends the statement.
func (s *splitter) ends(t Token) bool {
	switch t.Kind {
	case Semicolon:
		return s.depth == 0 && s.blocks == 0
	case OpenParen, OpenBracket, OpenBrace:
		s.depth++
	case CloseParen, CloseBracket, CloseBrace:
		s.depth = max(0, s.depth-1)
	case Word:
		if s.words == 0 {
			s.create = t.Is(s.sql, "create")
		}
		s.words++
		switch {
		case !s.create:
		case s.depth == 0 && t.Is(s.sql, "begin"), t.Is(s.sql, "case") && s.blocks > 0:
			s.blocks++
		case t.Is(s.sql, "end") && s.blocks > 0:
			s.blocks--
		}
	}
	return false
}

// StripComments takes comments out. A comment becomes one blank, so that it still separates what stands on its two sides; a
// line comment's line end stays.
func StripComments(sql string, l *Lexicon) string {
	if !strings.Contains(sql, "--") && !strings.Contains(sql, "/*") {
		return sql
	}
	var b strings.Builder
	b.Grow(len(sql))
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		switch {
		case !ok:
			return b.String()
		case t.Kind == LineComment || t.Kind == BlockComment:
			b.WriteByte(' ')
		default:
			b.WriteString(t.Text(sql))
		}
	}
}

// Empty says that a text holds no statement: nothing but white space, comments and semicolons.
func Empty(sql string, l *Lexicon) bool {
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		if !ok {
			return true
		}
		if !t.Kind.Trivia() && t.Kind != Semicolon {
			return false
		}
	}
}

// TooDeep finds the first bracket that is nested deeper than limit, which is what keeps later stages from recursing without
// bound.
func TooDeep(sql string, l *Lexicon, limit int) (Span, bool) {
	depth := 0
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		if !ok {
			return Span{}, false
		}
		switch t.Kind {
		case OpenParen, OpenBracket, OpenBrace:
			if depth++; depth > limit {
				return Span{t.Start, t.End}, true
			}
		case CloseParen, CloseBracket, CloseBrace:
			depth = max(0, depth-1)
		}
	}
}
