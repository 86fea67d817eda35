package basecontext

import (
	"errors"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Step is one step of a keypath: a key, or an index (then Name is "").
type Step struct {
	Name  string
	Index int
	List  bool
}

// Renderer renders the strings of a YAML tree natively: a string that is one expression becomes the expression's value.
// Templates that dbt renders later are left as they are written.
type Renderer struct {
	Scope jinja.Scope
	// Late says that the value at a keypath is not rendered now; nil renders all.
	Late func(path []Step) bool
	// Secrets replaces the placeholders that a secret env_var gives (see SecretEnvVar) by the values; nil where secrets
	// are not allowed.
	Secrets map[string]string
	// Thread makes the thread of one rendering; nil takes a zero thread.
	Thread func() *jinja.Thread
}

// Tree renders a whole tree. A value that fails is a diagnostic at its place in the file, and None in the result.
func (r *Renderer) Tree(n *yamldoc.Node) (jinja.Value, diag.List) {
	return r.TreeAt(n, nil)
}

// TreeAt is Tree for a part of a larger tree, which begins with the keypath.
func (r *Renderer) TreeAt(n *yamldoc.Node, path []Step) (jinja.Value, diag.List) {
	w := walk{r: r, path: append(make([]Step, 0, len(path)+8), path...)}
	v := w.value(n)
	return v, w.diags
}

// Dict is Tree for a mapping.
func (r *Renderer) Dict(n *yamldoc.Node) (*jinja.Dict, diag.List) {
	v, diags := r.Tree(n)
	if d, ok := v.(*jinja.Dict); ok {
		return d, diags
	}
	return jinja.NewDict(0), diags
}

// NativeOptions are the options of parsing with which dbt renders YAML: its filters beside those of the language.
func NativeOptions() jinja.Options { return nativeOptions }

// nativeOptions is made once and never changed.
var nativeOptions = func() jinja.Options {
	filters := jinja.MarkFilters()
	filters["is_list"] = method("is_list", []string{"value"}, func(a []jinja.Value) (jinja.Value, error) {
		_, ok := a[0].(*jinja.List)
		return jinja.Bool(ok), nil
	})
	return jinja.Options{Filters: filters, MacroPrefix: "dbt_macro__", TypedMacros: true}
}()

type walk struct {
	r     *Renderer
	path  []Step
	diags diag.List
}

func (w *walk) value(n *yamldoc.Node) jinja.Value {
	if n == nil {
		return jinja.None
	}
	switch n.Kind {
	case yamldoc.Sequence:
		items := make([]jinja.Value, len(n.Items))
		for i, c := range n.Items {
			w.path = append(w.path, Step{Index: i, List: true})
			items[i] = w.value(c)
			w.path = w.path[:len(w.path)-1]
		}
		return jinja.NewList(items...)
	case yamldoc.Mapping:
		d := jinja.NewDict(len(n.Pairs))
		for i := range n.Pairs {
			p := &n.Pairs[i]
			w.path = append(w.path, Step{Name: p.Name})
			setPair(d, p, w.value(p.Value))
			w.path = w.path[:len(w.path)-1]
		}
		return d
	}
	if w.r.Late != nil && w.r.Late(w.path) {
		return scalarFromYAML(n)
	}
	v, diags := w.r.Scalar(n)
	w.diags = append(w.diags, diags...)
	return v
}

// Scalar renders one scalar: a string natively; a date becomes its ISO text, as dbt makes of it; other values stay.
func (r *Renderer) Scalar(n *yamldoc.Node) (jinja.Value, diag.List) {
	switch {
	case n == nil:
		return jinja.None, nil
	case n.Kind == yamldoc.Date, n.Kind == yamldoc.DateTime:
		return jinja.Str(n.ISOFormat()), nil
	case n.Kind != yamldoc.String:
		return scalarFromYAML(n), nil
	case !HasTemplate(n.Str):
		return jinja.Str(plainTemplate(n.Str)), nil
	}
	at, exact := n.Text()
	if !exact {
		// The text differs from the file's (escapes, folding, indentation): render it as a file of its own, and move what
		// is said of it back to the author's.
		at = source.Whole(source.NewFile(n.Span.File.Path, n.Str))
	}
	v, diags := r.text(at)
	if !exact {
		for i := range diags {
			diags[i].Span = relocate(diags[i].Span, at.File, n)
			for j := range diags[i].Related {
				diags[i].Related[j].Span = relocate(diags[i].Related[j].Span, at.File, n)
			}
		}
	}
	return v, diags
}

func relocate(s source.Span, from *source.File, n *yamldoc.Node) source.Span {
	if s.File != from {
		return s
	}
	return n.Locate(s.Start, s.End)
}

// text renders a template natively.
func (r *Renderer) text(at source.Span) (jinja.Value, diag.List) {
	t, diags := jinja.Parse(at, nativeOptions)
	if diags.HasErrors() || t == nil {
		for i := range diags {
			diags[i].Detail = couldNot(at, diags[i].Detail)
		}
		return jinja.None, diags
	}
	th := &jinja.Thread{}
	if r.Thread != nil {
		th = r.Thread()
	}
	v, err := t.RenderNative(th, r.Scope)
	if err != nil {
		return jinja.None, append(diags, renderFailure(err, at))
	}
	if u, ok := v.(*jinja.Undefined); ok {
		return jinja.Str(""), append(diags, diag.Diagnostic{Code: diag.YAMLUndefined, Severity: diag.Warning, Deprecation: true, Span: at,
			Detail: at.Text() + ": " + undefinedReason(u) + "; dbt takes it as an empty text"})
	}
	if r.Secrets != nil {
		v = r.reveal(v)
	}
	return v, diags
}

func undefinedReason(u *jinja.Undefined) string {
	if u.Message != "" {
		return u.Message
	}
	return "'" + u.Name + "' is undefined"
}

func couldNot(at source.Span, why string) string {
	return "Could not render " + at.Text() + ": " + why
}

// renderFailure makes a diagnostic of a failed rendering.
func renderFailure(err error, at source.Span) diag.Diagnostic {
	d := diag.Diagnostic{Code: diag.Internal, Span: at, Detail: couldNot(at, err.Error())}
	var je *jinja.Error
	if !errors.As(err, &je) {
		return d
	}
	if je.Code != "" {
		d.Code = je.Code
	}
	if !je.Span.IsZero() {
		d.Span = je.Span
	}
	for _, f := range je.Chain {
		d.Related = append(d.Related, diag.Related{Span: f.Call, Message: "in macro " + f.Macro})
	}
	return d
}

// HasTemplate says that a text holds anything for Jinja to do.
func HasTemplate(s string) bool {
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 || i+1 >= len(s) {
			return false
		}
		if c := s[i+1]; c == '{' || c == '%' || c == '#' {
			return true
		}
		s = s[i+1:]
	}
}

// plainTemplate is what Jinja makes of a text with nothing to render: line ends become \n, and one at the end goes.
func plainTemplate(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSuffix(s, "\n")
}

// reveal puts secrets in the place of their placeholders.
func (r *Renderer) reveal(v jinja.Value) jinja.Value {
	s, ok := v.(jinja.Str)
	if !ok || !strings.Contains(string(s), secretStart) {
		return v
	}
	var b strings.Builder
	rest := string(s)
	for {
		before, after, found := strings.Cut(rest, secretStart)
		b.WriteString(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, secretEnd)
		value, known := r.Secrets[name]
		if !closed || !known {
			b.WriteString(secretStart + after)
			break
		}
		b.WriteString(value)
		rest = tail
	}
	return jinja.Str(b.String())
}
