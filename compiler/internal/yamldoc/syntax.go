package yamldoc

import (
	"bytes"
	"errors"
	"io"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/weft-data/weft/compiler/diag"
)

// syntaxError makes a diagnostic of the library's error. The library names a line, and often the wrong one (where the
// surrounding construct began), and no column. The place where reading fails is found by asking the library itself: the
// shortest beginning of the text that gives the same message ends there.
func (d *document) syntaxError(err error) diag.Diagnostic {
	d.indexLines()
	line, message := splitError(err)
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return d.unknownAnchor(name)
	}
	at := d.failurePoint(message)
	if strings.HasSuffix(message, "unexpected end of stream") || strings.HasSuffix(message, "unexpected document indicator") {
		// The end of the file is no help; where the quote began is.
		if line >= 1 && line <= len(d.lines) {
			at = d.lines[line-1] + strings.IndexAny(d.text[d.lines[line-1]:]+`"`, `"'`)
		}
	}
	at = max(0, min(at, len(d.text)-1))
	if strings.HasPrefix(message, "did not find expected") {
		at = d.wordStart(at)
	}
	out := *d.fail(diag.YAMLSyntax, at, at+1, "%s", plainMessage(message))
	out.Hint = d.hint(message, at)
	return out
}

func splitError(err error) (line int, message string) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		if number, after, ok := strings.Cut(rest, ": "); ok {
			if n, bad := strconv.Atoi(number); bad == nil {
				return n, after
			}
		}
	}
	return 0, message
}

// failsWith says whether the first n bytes of the text give the message.
func (d *document) failsWith(n int, message string) bool {
	dec := yaml.NewDecoder(bytes.NewReader([]byte(d.text[:n])))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			_, got := splitError(err)
			return got == message
		}
	}
}

// failurePoint is the offset of the last byte of the shortest beginning that fails in the same way: first the line, then
// within the line.
func (d *document) failurePoint(message string) int {
	ends := append(d.lines[1:len(d.lines):len(d.lines)], len(d.text))
	line := sort.Search(len(ends), func(i int) bool { return d.failsWith(ends[i], message) })
	if line == len(ends) {
		return len(d.text)
	}
	from := d.lines[line]
	width := ends[line] - from
	// Beginnings that end inside the line can fail otherwise (an open quote), so the search wants them from the right.
	n := sort.Search(width, func(i int) bool { return d.failsWith(from+i, message) })
	at := from + n - 1
	return max(at, from)
}

// wordStart moves from the byte with which a token became complete to the token's beginning; an unquoted template in the
// line is the likelier cause.
func (d *document) wordStart(at int) int {
	begin := strings.LastIndexByte(d.text[:at], '\n') + 1
	line, _, _ := strings.Cut(d.text[begin:], "\n")
	for _, lead := range []string{": {{", "- {{", "[{{", ": {%"} {
		if i := strings.Index(line, lead); i >= 0 {
			return begin + i + len(lead) - 2
		}
	}
	for at > begin && blank(d.text[at]) {
		at--
	}
	for at > begin && !blank(d.text[at-1]) {
		at--
	}
	return at
}

func (d *document) unknownAnchor(name string) diag.Diagnostic {
	at := 0
	for i := 0; ; {
		j := strings.Index(d.text[i:], "*"+name)
		if j < 0 {
			break
		}
		i += j
		if i == 0 || blank(d.text[i-1]) || strings.IndexByte("[{,", d.text[i-1]) >= 0 {
			at = i
			break
		}
		i++
	}
	out := *d.fail(diag.YAMLAlias, at, at+1+len(name), "no anchor &%s stands before the alias *%s", name, name)
	out.Hint = "a value that begins with `*` must be put in quotes"
	return out
}

// plainMessage keeps the words of libyaml, which dbt's users know, but for those that say nothing.
func plainMessage(message string) string {
	switch message {
	case "did not find expected key":
		return "did not find expected key: the line does not fit the indentation of the block around it"
	case "did not find expected '-' indicator":
		return "did not find expected '-' indicator: the line does not fit the list around it"
	}
	return message
}

func (d *document) hint(message string, at int) string {
	begin := strings.LastIndexByte(d.text[:at], '\n') + 1
	line, _, _ := strings.Cut(d.text[begin:], "\n")
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	switch {
	case strings.Contains(indent, "\t"):
		return "a tab cannot indent in YAML: use blanks"
	case strings.Contains(message, "cannot start any token"):
		if at < len(d.text) && d.text[at] == '\t' {
			return "a tab cannot indent in YAML: use blanks"
		}
		return "a value that begins with one of % @ ` must be put in quotes"
	case strings.Contains(message, "mapping values are not allowed"):
		return "a value that contains `: ` must be put in quotes; else check the indentation"
	case strings.Contains(line, "{{") && (strings.Contains(message, "',' or '}'") || strings.Contains(message, "expected key") || strings.Contains(message, "node content")),
		strings.Contains(line, "{%"):
		return "a value that begins with `{{` or `{%` must be put in quotes"
	case strings.Contains(message, "could not find expected ':'"):
		return "a key needs `: ` behind it"
	case strings.Contains(message, "unexpected end of stream"):
		return "the quote that is opened here is never closed"
	case strings.Contains(message, "unknown escape character"):
		return "in double quotes a backslash begins an escape: use single quotes, or double the backslash"
	case strings.Contains(message, "expected key"), strings.Contains(message, "'-' indicator"):
		return "lines of one block must begin in the same column"
	}
	return ""
}
