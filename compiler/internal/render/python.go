package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// scanPython finds what a Python model refers to: its calls of dbt.ref, dbt.source, dbt.config and dbt.config.get. dbt reads
// Python's syntax tree and takes literal arguments only; literals of Python are literals of Jinja, so the calls are cut out of
// the text, comments and strings left aside, and read as expressions.
func (e *Engine) scanPython(n *resource.Node) (found resource.Scan, diags diag.List) {
	text := n.Code
	if text.IsZero() {
		text = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	}
	c := e.context(n, modeParse)
	c.scan = &found
	config := &configValue{context: c}
	var used, defaults, metaUsed, metaDefaults []jinja.Value
	note := func(names, values *[]jinja.Value) jinja.Value {
		return function("get", func(call *jinja.Call) (jinja.Value, error) {
			if len(call.Args) == 0 || len(call.Args) > 2 {
				return nil, failf(diag.TemplateArguments, "dbt.config.get() takes at most 2 arguments (%d given)", len(call.Args))
			}
			*names = append(*names, call.Args[0])
			if len(call.Args) == 2 {
				*values = append(*values, call.Args[1])
			} else {
				*values = append(*values, jinja.None)
			}
			return jinja.None, nil
		})
	}
	configObject := &pythonConfig{call: config, get: note(&used, &defaults), metaGet: note(&metaUsed, &metaDefaults)}
	dbt := jinja.NewDict(3)
	dbt.Set("ref", function("ref", c.callRef))
	dbt.Set("source", function("source", c.callSource))
	dbt.Set("config", configObject)
	scope := jinja.Names{"dbt": dbt}
	for _, span := range pythonCalls(text) {
		t, d := jinja.ParseExpression(span, dialectOfDbt)
		if t == nil {
			diags = append(diags, ofNode(d, n)...)
			continue
		}
		if _, err := t.RenderNative(c.thread(), scope); err != nil {
			diags = append(diags, diagnose(err, string(n.ID), span))
		}
	}
	if len(used)+len(metaUsed) > 0 {
		if found.Config == nil {
			found.Config = jinja.NewDict(4)
		}
		found.Config.Set("config_keys_used", jinja.NewList(used...))
		found.Config.Set("config_keys_defaults", jinja.NewList(defaults...))
		found.Config.Set("meta_keys_used", jinja.NewList(metaUsed...))
		found.Config.Set("meta_keys_defaults", jinja.NewList(metaDefaults...))
	}
	return found, diags
}

// pythonConfig is dbt.config in a Python model: called, or asked with get.
type pythonConfig struct {
	call         *configValue
	get, metaGet jinja.Value
}

// TypeName is a name for messages.
func (*pythonConfig) TypeName() string { return "config" }

// Call is dbt.config(...).
func (p *pythonConfig) Call(call *jinja.Call) (jinja.Value, error) { return p.call.Call(call) }

// Attr has get and meta_get.
func (p *pythonConfig) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "get":
		return p.get, true, nil
	case "meta_get":
		return p.metaGet, true, nil
	}
	return nil, false, nil
}

// pythonCalls are the calls of dbt.<function>(...) in Python text, outermost first, in order.
func pythonCalls(text source.Span) []source.Span {
	s := text.Text()
	var calls []source.Span
	for i := 0; i < len(s); {
		if next := skipPythonText(s, i); next > i {
			i = next
			continue
		}
		if name := pythonCallee(s, i); name > 0 {
			if end := closingParen(s, i+name); end > 0 {
				calls = append(calls, text.Sub(i, end))
				i = end
				continue
			}
			i += name
			continue
		}
		i++
	}
	return calls
}

// pythonCallee is the length of "dbt.ref", "dbt.source", "dbt.config", … at i, if a call follows and no longer name is meant.
func pythonCallee(s string, i int) int {
	if !strings.HasPrefix(s[i:], "dbt.") || i > 0 && (isIdent(s[i-1]) || s[i-1] == '.') {
		return 0
	}
	for _, name := range []string{"dbt.config.meta_get", "dbt.config.get", "dbt.config", "dbt.source", "dbt.ref"} {
		if strings.HasPrefix(s[i:], name) {
			rest := strings.TrimLeft(s[i+len(name):], " \t")
			if strings.HasPrefix(rest, "(") {
				return len(name)
			}
		}
	}
	return 0
}

func isIdent(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// skipPythonText is the end of the comment or string that begins at i, else i.
func skipPythonText(s string, i int) int {
	switch s[i] {
	case '#':
		if end := strings.IndexByte(s[i:], '\n'); end >= 0 {
			return i + end
		}
		return len(s)
	case '\'', '"':
		quote := s[i : i+1]
		if strings.HasPrefix(s[i:], strings.Repeat(quote, 3)) {
			quote = strings.Repeat(quote, 3)
		}
		for j := i + len(quote); j < len(s); j++ {
			if s[j] == '\\' {
				j++
				continue
			}
			if strings.HasPrefix(s[j:], quote) {
				return j + len(quote)
			}
			if len(quote) == 1 && s[j] == '\n' {
				return j
			}
		}
		return len(s)
	}
	return i
}

// closingParen is the end of the parenthesis that opens at or after i, or 0.
func closingParen(s string, i int) int {
	depth := 0
	for i < len(s) {
		if next := skipPythonText(s, i); next > i {
			i = next
			continue
		}
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return 0
}
