package athena

import (
	"fmt"
	"strings"
)

// tok is a token of a statement; word is its upper-case text for words and signs, and empty for literals and quoted names.
type tok struct {
	kind       byte // 'w' word, 'n' number, 's' string, 'q' "name", 'b' `name`, 'p' sign
	text, word string
	start, end int
}

func lex(sql string) ([]tok, error) {
	var out []tok
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.HasPrefix(sql[i:], "--"):
			n := strings.IndexByte(sql[i:], '\n')
			if n < 0 {
				return out, nil
			}
			i += n
		case strings.HasPrefix(sql[i:], "/*"):
			n := strings.Index(sql[i+2:], "*/")
			if n < 0 {
				return nil, fmt.Errorf("unterminated comment")
			}
			i += n + 4
		case c == '\'' || c == '"' || c == '`':
			j := i + 1
			for {
				n := strings.IndexByte(sql[j:], c)
				if n < 0 {
					return nil, fmt.Errorf("unterminated %c", c)
				}
				j += n + 1
				if j < len(sql) && sql[j] == c {
					j++
					continue
				}
				break
			}
			k := map[byte]byte{'\'': 's', '"': 'q', '`': 'b'}[c]
			out = append(out, tok{k, strings.ReplaceAll(sql[i+1:j-1], string([]byte{c, c}), string(c)), "", i, j})
			i = j
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80:
			j := i
			for j < len(sql) && (sql[j] == '_' || sql[j] == '$' || sql[j] >= 'a' && sql[j] <= 'z' || sql[j] >= 'A' && sql[j] <= 'Z' || sql[j] >= '0' && sql[j] <= '9' || sql[j] >= 0x80) {
				j++
			}
			out = append(out, tok{'w', sql[i:j], strings.ToUpper(sql[i:j]), i, j})
			i = j
		case c >= '0' && c <= '9':
			j := i
			for j < len(sql) && (sql[j] == '.' || sql[j] >= '0' && sql[j] <= '9' || sql[j] == 'e' || sql[j] == 'E') {
				j++
			}
			out = append(out, tok{'n', sql[i:j], "", i, j})
			i = j
		default:
			out = append(out, tok{'p', sql[i : i+1], sql[i : i+1], i, i + 1})
			i++
		}
	}
	return out, nil
}

// reader walks over tokens.
type reader struct {
	sql  string
	toks []tok
	at   int
	err  error
}

func (r *reader) peek() tok {
	if r.at < len(r.toks) {
		return r.toks[r.at]
	}
	return tok{start: len(r.sql), end: len(r.sql)}
}

func (r *reader) next() tok {
	t := r.peek()
	r.at++
	return t
}

// take consumes words if they are next, all or none.
func (r *reader) take(words ...string) bool {
	for i, w := range words {
		if r.at+i >= len(r.toks) || r.toks[r.at+i].word != w {
			return false
		}
	}
	r.at += len(words)
	return true
}

func (r *reader) need(word string) {
	if !r.take(word) {
		r.fail("expected " + word)
	}
}

// fail notes the first error, in the form of Athena's errors of syntax.
func (r *reader) fail(what string) {
	if r.err != nil {
		return
	}
	t := r.peek()
	line, column := 1, 1
	for _, c := range r.sql[:t.start] {
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	near := r.sql[t.start:]
	if len(near) > 30 {
		near = near[:30]
	}
	r.err = fmt.Errorf("FAILED: ParseException line %d:%d %s near '%s'", line, column, what, near)
}

func (r *reader) done() bool { return r.at >= len(r.toks) }

// name reads a dotted name. Hive's DDL quotes with backticks and knows no double quotes; hive says which grammar it is.
func (r *reader) name(hive bool) []string {
	var parts []string
	for {
		t := r.next()
		switch {
		case t.kind == 'w':
			parts = append(parts, strings.ToLower(t.text))
		case t.kind == 'b' && hive, t.kind == 'q' && !hive:
			parts = append(parts, strings.ToLower(t.text))
		default:
			r.at--
			r.fail("cannot recognize input")
			return parts
		}
		if !r.take(".") {
			return parts
		}
	}
}

// group reads a parenthesised group and gives the tokens inside, split at its top-level commas.
func (r *reader) group() [][]tok {
	r.need("(")
	var out [][]tok
	var cur []tok
	depth := 0
	for !r.done() {
		t := r.next()
		switch t.word {
		case "(", "<", "[":
			depth++
		case ")":
			if depth == 0 {
				if len(cur) > 0 {
					out = append(out, cur)
				}
				return out
			}
			depth--
		case ">", "]":
			depth--
		case ",":
			if depth == 0 {
				out = append(out, cur)
				cur = nil
				continue
			}
		}
		cur = append(cur, t)
	}
	r.fail("missing )")
	return out
}

// text is the source of some tokens.
func (r *reader) text(toks []tok) string {
	if len(toks) == 0 {
		return ""
	}
	return r.sql[toks[0].start:toks[len(toks)-1].end]
}

// rest is the source from here to the end.
func (r *reader) rest() string { return r.sql[r.peek().start:] }
