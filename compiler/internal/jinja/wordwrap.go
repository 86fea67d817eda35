package jinja

import (
	"strings"
	"unicode"
)

func filterWordwrap(c invocation) (Value, error) {
	width, err := c.int(0, 79)
	if err != nil {
		return nil, err
	}
	s, ok := asString(c.v)
	if !ok {
		if u, undef := c.v.(*Undefined); undef {
			return nil, undefinedFailure(u)
		}
		return nil, typeErrorf("'%s' object has no attribute 'splitlines'", c.v.TypeName())
	}
	sep := "\n"
	if v := c.or(2, None); v != None {
		if sep, ok = asString(v); !ok {
			return nil, typeErrorf("'%s' object has no attribute 'join'", v.TypeName())
		}
	}
	w := wrapper{width: width, breakLong: Truth(c.or(1, Bool(true)))}
	onHyphens := c.or(3, Bool(true))
	w.hyphens = onHyphens == Bool(true)
	w.cutAtHyphen = Truth(onHyphens)
	lines := splitLines(s, false)
	if width <= 0 && len(lines) > 0 {
		return nil, valueErrorf("invalid width %d (must be > 0)", width)
	}
	if err := c.x.growBy(len(sep)+1, int64(len(s))); err != nil {
		return nil, err
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Join(w.wrap([]rune(line)), sep)
	}
	return boxString(strings.Join(out, sep)), nil
}

// wrapper breaks a paragraph into lines, by the rules of Python's textwrap.
type wrapper struct {
	width                           int
	breakLong, hyphens, cutAtHyphen bool
}

// isWrapSpace is the white space that textwrap knows: only ASCII's.
func isWrapSpace(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }

// blank is what textwrap drops at the ends of lines: text that str.strip makes empty.
func blank(r []rune) bool {
	for _, c := range r {
		if !isSpace(c) {
			return false
		}
	}
	return true
}

func (w *wrapper) wrap(text []rune) []string {
	chunks := w.split(text)
	var lines []string
	for len(chunks) > 0 {
		var line []rune
		var last []rune // the chunk that was added last
		if len(lines) > 0 && blank(chunks[0]) {
			chunks = chunks[1:]
		}
		for len(chunks) > 0 && len(line)+len(chunks[0]) <= w.width {
			last = chunks[0]
			line = append(line, last...)
			chunks = chunks[1:]
		}
		if len(chunks) > 0 && len(chunks[0]) > w.width {
			room := w.width - len(line)
			switch {
			case w.breakLong:
				end := room
				if w.cutAtHyphen && len(chunks[0]) > room {
					if h := lastHyphen(chunks[0][:room]); h > 0 {
						end = h + 1
					}
				}
				last = chunks[0][:end]
				line = append(line, last...)
				chunks[0] = chunks[0][end:]
			case len(line) == 0:
				last = chunks[0]
				line = append(line, last...)
				chunks = chunks[1:]
			}
		}
		if last != nil && blank(last) {
			line = line[:len(line)-len(last)]
			last = nil
		}
		if len(line) > 0 || last != nil {
			lines = append(lines, string(line))
		}
	}
	return lines
}

// lastHyphen finds the last hyphen that has something else before it.
func lastHyphen(r []rune) int {
	for i := len(r) - 1; i > 0; i-- {
		if r[i] != '-' {
			continue
		}
		for _, c := range r[:i] {
			if c != '-' {
				return i
			}
		}
		return -1
	}
	return -1
}

// split cuts a text into the chunks that must stay whole: space, words, parts of hyphenated words, dashes.
func (w *wrapper) split(text []rune) [][]rune {
	var out [][]rune
	for i := 0; i < len(text); {
		end := i
		switch {
		case isWrapSpace(text[i]):
			for end < len(text) && isWrapSpace(text[end]) {
				end++
			}
		case w.hyphens:
			if end = dash(text, i); end == i {
				end = hyphenated(text, i)
			}
		default:
			for end < len(text) && !isWrapSpace(text[end]) {
				end++
			}
		}
		out = append(out, text[i:end])
		i = end
	}
	return out
}

func isWrapPunct(r rune) bool { return isWordRune(r) || strings.ContainsRune(`!"'&.,?`, r) }

func isWrapLetter(r rune) bool { return isWordRune(r) && !unicode.Is(unicode.Nd, r) }

// dash is where a dash between words ends that begins at i, or i.
func dash(text []rune, i int) int {
	if i == 0 || !isWrapPunct(text[i-1]) {
		return i
	}
	end := i
	for end < len(text) && text[end] == '-' {
		end++
	}
	if end-i >= 2 && end < len(text) && isWordRune(text[end]) {
		return end
	}
	return i
}

// hyphenated is where the word, or part of a word, ends that begins at i: the shortest end that the rules allow.
func hyphenated(text []rune, i int) int {
	letter := func(at int) bool { return at >= 0 && at < len(text) && isWrapLetter(text[at]) }
	for end := i + 1; ; end++ {
		// The word so far is text[i:end]; a hyphen may follow it.
		if end < len(text) && text[end] == '-' {
			after := end + 1
			twoLetters := letter(end-1) && letter(end-2)
			letterHyphenLetter := letter(end-1) && end >= 2 && text[end-2] == '-' && letter(end-3)
			next := letter(after) && (letter(after+1) || after+1 < len(text) && text[after+1] == '-' && letter(after+2))
			if (twoLetters || letterHyphenLetter) && next {
				return after
			}
		}
		if end >= len(text) || isWrapSpace(text[end]) {
			return end
		}
		if isWrapPunct(text[end-1]) && dash(text, end) > end {
			return end
		}
	}
}
