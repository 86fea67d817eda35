package project

import (
	"path/filepath"
	"regexp"
	"strings"
)

// ignoreSpec is a .dbtignore file: patterns as in .gitignore, the last that matches a file decides.
type ignoreSpec struct{ rules []ignoreRule }

type ignoreRule struct {
	pattern *regexp.Regexp
	include bool
}

func (l *loader) ignoreFile(p *Package) (*ignoreSpec, error) {
	f, err := l.readText(filepath.Join(p.Dir, ".dbtignore"), l.shown(filepath.Join(p.Dir, ".dbtignore")))
	if f == nil || err != nil {
		return nil, err
	}
	return parseIgnore(f.Text), nil
}

func parseIgnore(text string) *ignoreSpec {
	s := &ignoreSpec{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasSuffix(line, `\ `) {
			line = strings.TrimRight(line, " \t")
		}
		if line == "" || line[0] == '#' || line == "/" {
			continue
		}
		include := line[0] == '!'
		if include {
			line = line[1:]
		}
		line = strings.TrimPrefix(line, `\`)
		if p, ok := ignorePattern(line); ok {
			s.rules = append(s.rules, ignoreRule{p, include})
		}
	}
	return s
}

// matches says whether a path, relative to the package's folder, is ignored.
func (s *ignoreSpec) matches(path string) bool {
	if s == nil {
		return false
	}
	path = strings.TrimPrefix(path, "./")
	ignored := false
	for _, r := range s.rules {
		if r.pattern.MatchString(path) {
			ignored = !r.include
		}
	}
	return ignored
}

// ignorePattern translates a pattern to an expression over whole paths. A pattern with a slash before its end counts from
// the folder of the file, any other matches at every depth; what it matches is ignored with all that lies below.
func ignorePattern(p string) (*regexp.Regexp, bool) {
	folder := strings.HasSuffix(p, "/")
	p = strings.TrimSuffix(p, "/")
	anchored := strings.Contains(p, "/")
	p = strings.TrimPrefix(p, "/")
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.+/)?")
	}
	parts := strings.Split(p, "/")
	for i, part := range parts {
		last := i == len(parts)-1
		if part == "**" {
			switch {
			case last && i == 0:
				b.WriteString(".+")
			case last:
				b.WriteString("/.+")
			case i == 0:
				b.WriteString("(?:.+/)?")
			default:
				b.WriteString("(?:/.+)?")
			}
			continue
		}
		if i > 0 && !(i == 1 && parts[0] == "**") {
			b.WriteString("/")
		}
		b.WriteString(globPart(part))
	}
	switch {
	case parts[len(parts)-1] == "**":
	case folder:
		b.WriteString("/.*")
	default:
		b.WriteString("(?:/.*)?")
	}
	b.WriteString("$")
	re, err := regexp.Compile("(?s)" + b.String())
	return re, err == nil
}

func globPart(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			if i++; i < len(s) {
				b.WriteString(regexp.QuoteMeta(s[i : i+1]))
			}
		case '*':
			b.WriteString("[^/]*")
		case '?':
			b.WriteString("[^/]")
		case '[':
			j := i + 1
			if j < len(s) && (s[j] == '!' || s[j] == '^') {
				j++
			}
			if j < len(s) && s[j] == ']' {
				j++
			}
			for j < len(s) && s[j] != ']' {
				j++
			}
			if j >= len(s) {
				b.WriteString(`\[`)
				continue
			}
			class := s[i+1 : j]
			if class[0] == '!' || class[0] == '^' {
				b.WriteString("[^" + strings.ReplaceAll(class[1:], `\`, `\\`) + "]")
			} else {
				b.WriteString("[" + strings.ReplaceAll(class, `\`, `\\`) + "]")
			}
			i = j
		default:
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		}
	}
	return b.String()
}
