package sqlsyntax

import (
	"errors"
	"strings"
)

// CTE is a query that is put in front of another under a name: an ephemeral model.
type CTE struct{ Name, SQL string }

// Piece says where a stretch of an injected text came from: Text[Out:] up to the next piece is Source[In:]. Source is the
// index of the CTE, or FromQuery, or FromNowhere for the words that join them.
type Piece struct{ Out, Source, In int }

// The sources of a piece that are no CTE.
const (
	FromQuery   = -1
	FromNowhere = -2
)

// Injected is a query with CTEs put in front, and the map back to what it was made of.
type Injected struct {
	Text   string
	Pieces []Piece
}

// ErrNoStatement says that there is no statement to put CTEs in front of.
var ErrNoStatement = errors.New("the text holds no SQL statement")

// InjectCTEs puts CTEs in front of a query, with dbt's spacing: into its WITH (behind RECURSIVE, if that follows at once), else
// behind a new one. As in dbt only the first statement survives, with the comments that follow its semicolon on the same
// line. With no CTEs the text stays as it is.
func InjectCTEs(sql string, ctes []CTE, l *Lexicon) (Injected, error) {
	if len(ctes) == 0 {
		return Injected{sql, []Piece{{0, FromQuery, 0}}}, nil
	}
	tokens := firstStatement(sql, l)
	first := skipSpace(tokens, 0)
	if first == len(tokens) {
		return Injected{}, ErrNoStatement
	}
	end := tokens[len(tokens)-1].End
	b := injection{sql: sql, ctes: ctes}
	at := tokens[first].Start
	with := findWith(sql, tokens)
	if with >= 0 {
		at = end
		if next := skipSpace(tokens, with+1); next < len(tokens) {
			at = tokens[next].Start
		}
	}
	b.copy(0, at)
	if with < 0 {
		b.join("with")
	}
	for i, cte := range ctes {
		if i > 0 {
			b.join(", ")
		}
		b.join(" " + cte.Name + " as (\n")
		b.piece(i, 0)
		b.out.WriteString(cte.SQL)
		b.join("\n)")
	}
	if with < 0 {
		b.join(" ")
	} else {
		b.join(", ")
	}
	b.copy(at, end)
	return Injected{b.out.String(), b.pieces}, nil
}

// injection writes the text and its map together.
type injection struct {
	sql    string
	ctes   []CTE
	out    strings.Builder
	pieces []Piece
}

func (b *injection) piece(source, in int) {
	out := b.out.Len()
	if n := len(b.pieces); n > 0 && b.pieces[n-1].Out == out {
		b.pieces = b.pieces[:n-1]
	}
	if n := len(b.pieces); n > 0 && source == FromNowhere && b.pieces[n-1].Source == FromNowhere {
		return
	}
	b.pieces = append(b.pieces, Piece{out, source, in})
}

func (b *injection) copy(start, end int) {
	b.piece(FromQuery, start)
	b.out.WriteString(b.sql[start:end])
}

func (b *injection) join(text string) {
	b.piece(FromNowhere, 0)
	b.out.WriteString(text)
}

// Origin is where the byte at offset of the injected text came from.
func (in *Injected) Origin(offset int) Piece {
	lo, hi := 0, len(in.Pieces)
	for lo < hi {
		if mid := (lo + hi) / 2; in.Pieces[mid].Out <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return Piece{offset, FromNowhere, 0}
	}
	p := in.Pieces[lo-1]
	if p.Source == FromNowhere {
		return Piece{offset, FromNowhere, 0}
	}
	return Piece{offset, p.Source, p.In + offset - p.Out}
}

// firstStatement is the tokens of the first statement as dbt sees it: up to its semicolon, with blanks and line comments behind
// that, but not the line end.
func firstStatement(sql string, l *Lexicon) []Token {
	tokens := make([]Token, 0, len(sql)/4+4)
	s := splitter{sql: sql}
	ended := false
	for x := NewLexer(sql, l); ; {
		t, ok := x.Next()
		switch {
		case !ok:
			return tokens
		case !ended:
			ended = s.ends(t)
		case t.Kind == Space:
			// The line end of a comment goes with it; any other line end is the end.
			n := 0
			if tokens[len(tokens)-1].Kind == LineComment {
				n = lineEnd(sql[t.Start:t.End])
			}
			for ; t.Start+n < t.End && !isLineEnd(sql[t.Start+n]); n++ {
			}
			if t.Start+n < t.End {
				return append(tokens, Token{Space, t.Start, t.Start + n})
			}
		case t.Kind != LineComment:
			return tokens
		}
		tokens = append(tokens, t)
	}
}

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

// lineEnd is the length of the line end that the text begins with.
func lineEnd(text string) int {
	switch {
	case strings.HasPrefix(text, "\r\n"):
		return 2
	case text != "" && isLineEnd(text[0]):
		return 1
	}
	return 0
}

func skipSpace(tokens []Token, i int) int {
	for i < len(tokens) && tokens[i].Kind == Space {
		i++
	}
	return i
}

func skipTrivia(tokens []Token, i int) int {
	for i < len(tokens) && tokens[i].Kind.Trivia() {
		i++
	}
	return i
}

// findWith finds the WITH of the statement: the index of that token, or of the RECURSIVE behind it; -1 if there is none.
func findWith(sql string, tokens []Token) int {
	i := skipTrivia(tokens, 0)
	if !isKeyword(sql, tokens, i, "with") {
		i = laterWith(sql, tokens)
	}
	if i < 0 {
		return -1
	}
	if next := skipSpace(tokens, i+1); isKeyword(sql, tokens, next, "recursive") {
		return next
	}
	return i
}

// isKeyword says that token i is the keyword, and not a function's name or a part of a dotted name.
func isKeyword(sql string, tokens []Token, i int, keyword string) bool {
	if i >= len(tokens) || !tokens[i].Is(sql, keyword) {
		return false
	}
	if i > 0 && tokens[i-1].Kind == Dot {
		return false
	}
	if i+1 == len(tokens) {
		return true
	}
	if tokens[i+1].Kind == OpenParen {
		return false
	}
	next := skipSpace(tokens, i+1)
	return next == len(tokens) || tokens[next].Kind != Dot
}

// laterWith finds a WITH further on, outside brackets, CASE and WHERE: of "insert into t with a as (…) select …", say.
func laterWith(sql string, tokens []Token) int {
	closed := matching(sql, tokens)
	where := false
	for i := 0; i < len(tokens); i++ {
		if closed[i] > 0 {
			i = closed[i]
			continue
		}
		if tokens[i].Kind != Word {
			continue
		}
		switch {
		case where:
			where = !endsWhere(sql, tokens, i)
		case isKeyword(sql, tokens, i, "where"):
			where = true
		case isKeyword(sql, tokens, i, "with"):
			return i
		}
	}
	return -1
}

// matching gives for the index of each bracket that has a partner, and of each CASE that has an END, the index of the partner;
// 0 for all else.
func matching(sql string, tokens []Token) []int {
	closed := make([]int, len(tokens))
	var open []int
	for i, t := range tokens {
		switch {
		case t.Kind == OpenParen, t.Kind == OpenBracket, t.Is(sql, "case"):
			open = append(open, i)
		case t.Kind == CloseParen, t.Kind == CloseBracket, t.Is(sql, "end"):
			// An opener of another kind in between has no partner of its own.
			for n := len(open) - 1; n >= 0; n-- {
				if partners(tokens[open[n]].Kind, t.Kind) {
					closed[open[n]] = i
					open = open[:n]
					break
				}
			}
		}
	}
	return closed
}

func partners(open, close Kind) bool {
	return open == close || open == OpenParen && close == CloseParen || open == OpenBracket && close == CloseBracket
}

// endsWhere says that the word ends a WHERE clause.
func endsWhere(sql string, tokens []Token, i int) bool {
	for _, k := range [...]string{"limit", "union", "except", "having", "returning", "into"} {
		if isKeyword(sql, tokens, i, k) {
			return true
		}
	}
	if isKeyword(sql, tokens, i, "group") || isKeyword(sql, tokens, i, "order") {
		next := skipSpace(tokens, i+1)
		return next > i+1 && isKeyword(sql, tokens, next, "by")
	}
	return false
}
