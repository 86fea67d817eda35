package jinja

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// Block is a top-level block of a file as dbt extracts it before Jinja parses anything.
//
// The extraction knows less than the parser: only tags, comments, expressions and strings. What it accepts, and where it
// thinks that a block ends, differ from Jinja in corners, and files in use depend on it.
type Block struct {
	// Tag is "macro", "materialization", "test" (also for data_test), "docs", "snapshot".
	Tag, Name string
	// Span is the block with its tags, Body what stands between them.
	Span, Body source.Span
}

// tagMatch is one tag {% name ... %} of a file.
type tagMatch struct {
	name, block string
	start, end  int
}

// tagScanner walks the tags of a text. Each kind of opening is searched for once and the finding kept until the scanner has
// passed it, so that a file is read in linear time.
type tagScanner struct {
	text string
	pos  int
	base int
	next [3]int // where the next tag, comment, expression opens, by kind; -1: not searched, len(text): none
	// ends and quote are where the next }} and %}, and the next quotation mark stand, kept in the same way.
	ends  [2]int
	quote int
}

const (
	openTag = iota
	openComment
	openExpr
)

// blockError ends the extraction.
type blockError struct {
	at      int
	message string
}

func (b *blockError) Error() string { return b.message }

// Blocks finds the top-level blocks with the given tags (dbt-common's extract_toplevel_blocks); all else is skipped.
func Blocks(src source.Span, tags ...string) ([]Block, diag.List) {
	s := &tagScanner{text: src.Text(), base: src.Start, next: [3]int{-1, -1, -1}, ends: [2]int{-1, -1}, quote: -1}
	blocks, err := s.blocks(src, tags)
	var list diag.List
	if err != nil {
		at := min(max(err.at, 0), len(s.text))
		end := at
		if i := strings.Index(s.text[at:], "%}"); i >= 0 && i < 200 {
			end = at + i + 2
		}
		list.Add(diag.TemplateBlock, src.Sub(at, end), "%s", err.message)
	}
	return blocks, list
}

var controlEnds = map[string]string{"endif": "if", "endfor": "for"}

func (s *tagScanner) blocks(src source.Span, tags []string) ([]Block, *blockError) {
	var out []Block
	var stack []string
	var current *tagMatch
	for {
		tag, err := s.tag()
		if err != nil {
			return out, err
		}
		if tag == nil {
			break
		}
		switch tag.name {
		case "if", "for":
			stack = append(stack, tag.name)
		case "endif", "endfor":
			n := len(stack)
			if n == 0 {
				return out, s.fail(tag.start, "Got an unexpected control flow end tag, got %s but never saw a preceeding %s (@ %s)",
					tag.name, controlEnds[tag.name], s.position(tag.start))
			}
			if want := "end" + stack[n-1]; want != tag.name {
				return out, s.fail(tag.start, "Got an unexpected control flow end tag, got %s but expected %s next (@ %s)",
					tag.name, want, s.position(tag.start))
			}
			stack = stack[:n-1]
		}
		switch {
		case slices.Contains(tags, tag.name):
			if len(stack) > 0 {
				return out, s.fail(tag.start, "Got a block definition inside control flow at %s. All dbt block definitions must be at the top level",
					s.position(tag.start))
			}
			if current != nil {
				return out, s.fail(tag.start, "Got nested tags: %s (started at %d) did not have a matching {{%% end%s %%}} before a subsequent %s was found (started at %d)",
					current.name, utf8.RuneCountInString(s.text[:current.start]), current.name, tag.name, utf8.RuneCountInString(s.text[:tag.start]))
			}
			current = tag
		case current != nil && tag.name == "end"+current.name:
			name := current.name
			if name == "data_test" {
				name = "test"
			}
			out = append(out, Block{Tag: name, Name: current.block,
				Span: src.Sub(current.start, tag.end), Body: src.Sub(current.end, tag.start)})
			current = nil
		}
	}
	if current != nil {
		return out, s.fail(current.start, "Reached EOF without finding a close tag for %s (searched from line %d)",
			current.name, strings.Count(s.text[:current.end], "\n")+1)
	}
	return out, nil
}

func (s *tagScanner) fail(at int, format string, args ...any) *blockError {
	return &blockError{at: at, message: fmt.Sprintf(format, args...)}
}

// position is line and column as dbt counts them: the column from 0.
func (s *tagScanner) position(at int) string {
	line := strings.LastIndexByte(s.text[:at], '\n') + 1
	return fmt.Sprintf("%d:%d", strings.Count(s.text[:at], "\n")+1, utf8.RuneCountInString(s.text[line:at]))
}

// tag gives the next tag, or nil at the end.
func (s *tagScanner) tag() (*tagMatch, *blockError) {
	for {
		kind, start, end, match := s.opening()
		if kind < 0 {
			return nil, nil
		}
		s.pos = end
		switch kind {
		case openComment:
			i := strings.Index(s.text[s.pos:], "#}")
			if i < 0 {
				return nil, s.eof("#}")
			}
			s.pos += i + 2
		case openExpr:
			if err := s.until("}}", "}}"); err != nil {
				return nil, err
			}
		case openTag:
			match.start = start
			if match.name == "raw" {
				s.pos = start
				if err := s.raw(); err != nil {
					return nil, err
				}
			} else if err := s.until("%}", `tag close ("%}")`); err != nil {
				return nil, err
			}
			match.end = s.pos
			return &match, nil
		}
	}
}

func (s *tagScanner) eof(expected string) *blockError {
	return s.fail(s.pos, "unexpected EOF, expected %s, got \"%s\"", expected, shorten(s.text[s.pos:]))
}

func shorten(s string) string {
	if r := []rune(s[:min(len(s), 400)]); len(r) > 80 {
		return string(r[:80]) + "..."
	}
	return s
}

// opening finds the opening that ends first: a tag's opening reaches to its names, so the comparison is by ends.
func (s *tagScanner) opening() (kind, start, end int, tag tagMatch) {
	kind = -1
	for k, marker := range [3]string{"{%", "{#", "{{"} {
		at := s.next[k]
		if at < s.pos {
			at = s.pos
			for {
				i := strings.Index(s.text[at:], marker)
				if i < 0 {
					at = len(s.text)
					break
				}
				at += i
				if k != openTag {
					break
				}
				if _, _, ok := s.tagHead(at); ok {
					break
				}
				at++
			}
			s.next[k] = at
		}
		if at == len(s.text) {
			continue
		}
		var m tagMatch
		from, to := at, at+2
		switch k {
		case openTag:
			m, to, _ = s.tagHead(at)
			if strings.HasPrefix(s.text[at:], "{%-") {
				from = s.spaceBefore(at)
			}
		case openComment:
			from = s.spaceBefore(at)
		case openExpr:
			to = skipSpace(s.text, to)
		}
		if kind < 0 || to < end {
			kind, start, end, tag = k, from, to, m
		}
	}
	return kind, start, end, tag
}

// spaceBefore is where the white space before an opening begins, as far as the scanner has not passed it.
func (s *tagScanner) spaceBefore(at int) int { return trimSpaceRight(s.text, s.pos, at) }

// tagHead reads `{% name block`.
func (s *tagScanner) tagHead(at int) (m tagMatch, end int, ok bool) {
	i := at + 2
	if strings.HasPrefix(s.text[i:], "-") {
		i++
	}
	i = skipSpace(s.text, i)
	end = nameEnd(s.text, i)
	if end == i {
		return m, 0, false
	}
	m.name = s.text[i:end]
	if j := skipSpace(s.text, end); j > end {
		if k := nameEnd(s.text, j); k > j {
			m.block, end = s.text[j:k], k
		}
	}
	return m, end, true
}

func nameEnd(s string, i int) int {
	start := i
	for i < len(s) && isNameByte(s[i]) && (i > start || s[i] < '0' || s[i] > '9') {
		i++
	}
	return i
}

// until reads up to the closing marker; strings on the way may hold it.
func (s *tagScanner) until(closing, expected string) *blockError {
	kind := 0
	if closing == "%}" {
		kind = 1
	}
	for {
		if s.ends[kind] < s.pos {
			s.ends[kind] = s.index(closing)
		}
		if s.quote < s.pos {
			s.quote = len(s.text)
			if i := strings.IndexAny(s.text[s.pos:], `'"`); i >= 0 {
				s.quote = s.pos + i
			}
		}
		end, none := s.ends[kind], len(s.text)
		if end == none && s.quote == none {
			return s.eof(expected)
		}
		// The match that ends first wins; a quote is one character long, the marker two.
		if s.quote != none && (end == none || s.quote+1 < end+len(closing)) {
			if !s.quoted(s.quote - s.pos) {
				return s.eof("string")
			}
			continue
		}
		begin := s.pos
		s.pos = end + len(closing)
		if closing == "%}" && end > begin && s.text[end-1] == '-' {
			s.pos = skipSpace(s.text, s.pos)
		}
		return nil
	}
}

// index finds a marker from the scanner's place on; the text's length means that there is none.
func (s *tagScanner) index(marker string) int {
	if i := strings.Index(s.text[s.pos:], marker); i >= 0 {
		return s.pos + i
	}
	return len(s.text)
}

// quoted reads the first complete string from the offset on; one that is not closed is passed over.
func (s *tagScanner) quoted(offset int) bool {
	for i := s.pos + offset; i < len(s.text); {
		j := strings.IndexAny(s.text[i:], `'"`)
		if j < 0 {
			return false
		}
		i += j
		for k := i + 1; k < len(s.text); k++ {
			if s.text[k] == '\\' {
				k++
			} else if s.text[k] == s.text[i] {
				s.pos = k + 1
				return true
			}
		}
		// No string begins here. If the other quote does not close either, nothing does.
		other := byte('\'')
		if s.text[i] == other {
			other = '"'
		}
		j = strings.IndexByte(s.text[i:], other)
		if j < 0 {
			return false
		}
		i += j
	}
	return false
}

// raw reads {% raw %} ... {% endraw %} from where the scanner stands.
func (s *tagScanner) raw() *blockError {
	l := lexer{src: s.text}
	for i := s.pos; ; {
		j := strings.Index(s.text[i:], "{%")
		if j < 0 {
			return s.eof("{% raw %}...{% endraw %}")
		}
		i += j + 2
		if body, ok := l.keywordTag(skipMinus(s.text, i), "raw", false); ok {
			i = body
			break
		}
	}
	for i := s.pos; ; {
		j := strings.Index(s.text[i:], "{%")
		if j < 0 {
			return s.eof("{% raw %}...{% endraw %}")
		}
		i += j + 2
		if end, ok := l.keywordTag(skipMinus(s.text, i), "endraw", false); ok {
			s.pos = end
			return nil
		}
	}
}

func skipMinus(s string, i int) int {
	if i < len(s) && s[i] == '-' {
		return i + 1
	}
	return i
}
