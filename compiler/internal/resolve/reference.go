package resolve

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// parseReference reads a text that is one call of ref() or source() with literal arguments, as it stands in the relation of a
// snapshot, the `to` of a foreign key or an input of a unit test.
func parseReference(text string, at source.Span) (*resource.Ref, *resource.SourceRef, bool) {
	s := strings.TrimSpace(text)
	name, rest, ok := strings.Cut(s, "(")
	if !ok {
		return nil, nil, false
	}
	name = strings.TrimSpace(name)
	rest = strings.TrimSpace(rest)
	if !strings.HasSuffix(rest, ")") || name != "ref" && name != "source" {
		return nil, nil, false
	}
	var words []string
	version := jinja.Value(jinja.None)
	for _, arg := range splitArguments(rest[:len(rest)-1]) {
		key, value, keyed := "", arg, false
		if i := strings.IndexByte(arg, '='); i >= 0 && !strings.ContainsAny(arg[:i], `'"`) {
			key, value, keyed = strings.TrimSpace(arg[:i]), strings.TrimSpace(arg[i+1:]), true
		}
		v, ok := literal(value)
		if !ok {
			return nil, nil, false
		}
		switch {
		case keyed && (key == "v" || key == "version") && name == "ref":
			version = v
		case keyed:
			return nil, nil, false
		default:
			t, ok := v.(jinja.Str)
			if !ok {
				return nil, nil, false
			}
			words = append(words, string(t))
		}
	}
	switch {
	case name == "ref" && len(words) == 1:
		return &resource.Ref{Name: words[0], Version: version, Span: at}, nil, true
	case name == "ref" && len(words) == 2:
		return &resource.Ref{Package: words[0], Name: words[1], Version: version, Span: at}, nil, true
	case name == "source" && len(words) == 2:
		return nil, &resource.SourceRef{Source: words[0], Table: words[1], Span: at}, true
	}
	return nil, nil, false
}

// splitArguments splits at commas outside quotes and brackets; white space around the parts is dropped.
func splitArguments(s string) []string {
	var out []string
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(s[start:]); last != "" {
		out = append(out, last)
	}
	return out
}

// literal reads a literal of Jinja or Python: text, number, boolean, None, list, tuple or dict of such.
func literal(s string) (jinja.Value, bool) {
	t, problems := jinja.ParseExpression(source.Whole(source.NewFile("", s)), jinja.Options{})
	if problems.HasErrors() {
		return nil, false
	}
	v, err := t.RenderNative(&jinja.Thread{}, jinja.Names{"True": jinja.Bool(true), "False": jinja.Bool(false), "None": jinja.None})
	if err != nil {
		return nil, false
	}
	if _, undefined := v.(*jinja.Undefined); undefined {
		return nil, false
	}
	return v, true
}
