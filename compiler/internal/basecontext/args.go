package basecontext

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// params binds the arguments of a call to names, as Python binds them. A name that ends in "=" may be left out and is then
// nil. The messages are those of Python's TypeError.
func params(c *jinja.Call, fn string, names ...string) ([]jinja.Value, error) {
	out := make([]jinja.Value, len(names))
	if len(c.Args) > len(names) {
		return nil, fmt.Errorf("%s() takes %d positional argument%s but %d %s given", fn, len(names), plural(len(names)), len(c.Args), wasWere(len(c.Args)))
	}
	copy(out, c.Args)
	for _, kw := range c.Kwargs {
		i := indexName(names, kw.Name)
		if i < 0 {
			return nil, fmt.Errorf("%s() got an unexpected keyword argument '%s'", fn, kw.Name)
		}
		if out[i] != nil {
			return nil, fmt.Errorf("%s() got multiple values for argument '%s'", fn, kw.Name)
		}
		out[i] = kw.Value
	}
	var missing []string
	for i, v := range out {
		if v == nil && !strings.HasSuffix(names[i], "=") {
			missing = append(missing, "'"+names[i]+"'")
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s() missing %d required positional argument%s: %s", fn, len(missing), plural(len(missing)), joinAnd(missing))
	}
	return out, nil
}

func indexName(names []string, name string) int {
	for i, n := range names {
		if strings.TrimSuffix(n, "=") == name {
			return i
		}
	}
	return -1
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// joinAnd lists words as Python's messages do: "a", "a and b", "a, b, and c".
func joinAnd(words []string) string {
	switch len(words) {
	case 1:
		return words[0]
	case 2:
		return words[0] + " and " + words[1]
	}
	return strings.Join(words[:len(words)-1], ", ") + ", and " + words[len(words)-1]
}

// text is the value of a string argument.
func text(v jinja.Value) (string, bool) {
	s, ok := v.(jinja.Str)
	return string(s), ok
}

// isNone says that an argument was left out or is None.
func isNone(v jinja.Value) bool {
	if v == nil {
		return true
	}
	_, none := v.(jinja.NoneType)
	return none
}

func orNone(v jinja.Value) jinja.Value {
	if v == nil {
		return jinja.None
	}
	return v
}
