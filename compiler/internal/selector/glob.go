package selector

import (
	"strings"
	"unicode/utf8"
)

// wildcard says whether a pattern has anything that match treats specially.
func wildcard(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// match is Python's fnmatch on a file system that keeps case: * any text, ? one character, [a-z] and [!a-z] one of a set. A bracket that
// is never closed stands for itself.
func match(name, pattern string) bool {
	if !wildcard(pattern) {
		return name == pattern
	}
	// The last star seen, and how much of the name it has eaten; earlier stars never need to be tried again.
	star, eaten := -1, 0
	i, j := 0, 0
	for i < len(name) {
		if j < len(pattern) && pattern[j] == '*' {
			star, eaten = j, i
			j++
			continue
		}
		r, size := utf8.DecodeRuneInString(name[i:])
		if j < len(pattern) {
			if width, ok := matchOne(r, pattern[j:]); ok {
				i, j = i+size, j+width
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(name[eaten:])
		eaten += size
		i, j = eaten, star+1
	}
	return strings.Trim(pattern[j:], "*") == ""
}

// matchOne matches one character against the element at the start of a pattern, and says how long that element is.
func matchOne(r rune, pattern string) (width int, ok bool) {
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		if end := closing(pattern); end > 0 {
			return end + 1, inSet(r, pattern[1:end])
		}
	}
	p, size := utf8.DecodeRuneInString(pattern)
	return size, p == r && (r != utf8.RuneError || size > 1)
}

// closing is the index of the bracket that closes the set at the start of a pattern, or -1. A bracket right behind the opening is a member.
func closing(pattern string) int {
	from := 1
	if strings.HasPrefix(pattern[from:], "!") {
		from++
	}
	if strings.HasPrefix(pattern[from:], "]") {
		from++
	}
	if end := strings.IndexByte(pattern[from:], ']'); end >= 0 {
		return from + end
	}
	return -1
}

func inSet(r rune, set string) bool {
	members, negated := strings.CutPrefix(set, "!")
	found := false
	runes := []rune(members)
	for k := 0; k < len(runes); k++ {
		if k+2 < len(runes) && runes[k+1] == '-' {
			found = found || runes[k] <= r && r <= runes[k+2]
			k += 2
			continue
		}
		found = found || runes[k] == r
	}
	return found != negated
}
