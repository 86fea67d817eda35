package render

import (
	"errors"
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// fail is what a function of the context returns when the user's template is wrong: a diagnostic without a place, since the
// template engine knows the place and the chain of macro calls.
func fail(code diag.Code, detail string) error { return diag.Diagnostic{Code: code, Detail: detail} }

func failf(code diag.Code, format string, args ...any) error {
	return diag.Diagnostic{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// diagnose turns what a render returned into a diagnostic of the node, with the chain of macro calls as further places.
func diagnose(err error, node string, at source.Span) diag.Diagnostic {
	d := diag.Diagnostic{Code: diag.TemplateFailed, Detail: err.Error(), Span: at, Node: node}
	var failed *jinja.Error
	if errors.As(err, &failed) {
		d.Code, d.Detail = failed.Code, failed.Message
		if !failed.Span.IsZero() {
			d.Span = failed.Span
		}
		in := failed.Span // a place in the macro that the frame is of
		for _, frame := range failed.Chain {
			name := strings.TrimPrefix(frame.Macro, dialectOfDbt.MacroPrefix)
			d.Related = append(d.Related, diag.Related{Span: frame.Call, Message: "in macro " + name + ", called here"})
			if in.File != nil && !inBuiltin(in) {
				d.Stack = append(d.Stack, "macro "+name+" ("+in.File.Path+")")
			}
			in = frame.Call
		}
	}
	var own diag.Diagnostic
	if errors.As(err, &own) {
		d.Code, d.Detail, d.Hint = own.Code, own.Detail, own.Hint
		if !own.Span.IsZero() {
			d.Span = own.Span
		}
		d.Related = append(d.Related, own.Related...)
	}
	if d.Code == "" {
		d.Code = diag.TemplateFailed
	}
	pointAtAuthor(&d)
	return d
}

// diagnose is diagnose for the context's node.
func (c *nodeContext) diagnose(err error) diag.Diagnostic {
	n := c.node
	generic := n.Test != nil && n.Test.Generic
	at := n.Code
	if generic {
		at = n.Declared
	}
	d := diagnose(err, string(n.ID), at)
	if d.Code == diag.TemplateHost && d.Hint == "" {
		d.Hint = missingHint(d.Detail)
	}
	if d.Code == diag.TemplateUndefined && d.Hint == "" {
		d.Hint = c.undefinedHint(d.Detail)
	}
	if !generic {
		return d
	}
	if d.Span.File != nil && d.Span.File.Path == testFile {
		d.Span = n.Declared
	}
	for i := range d.Related {
		if f := d.Related[i].Span.File; f != nil && f.Path == testFile {
			d.Related[i].Span = n.Declared
		}
	}
	pointAtAuthor(&d)
	return d
}

// pointAtAuthor moves a diagnostic that stands in a built-in macro to the innermost call in a file of the project: nobody can
// mend weft's macros, and what they fail on is what they were called with.
func pointAtAuthor(d *diag.Diagnostic) {
	if !inBuiltin(d.Span) {
		return
	}
	for i, r := range d.Related {
		if r.Span.IsZero() || inBuiltin(r.Span) {
			continue
		}
		inside := diag.Related{Span: d.Span, Message: "failed here"}
		d.Span = r.Span
		d.Related = append([]diag.Related{inside}, append(d.Related[:i:i], d.Related[i+1:]...)...)
		return
	}
}

// inBuiltin says whether a place is in one of weft's own macros.
func inBuiltin(s source.Span) bool {
	if s.File == nil {
		return false
	}
	pkg, _, named := strings.Cut(s.File.Path, ":")
	return named && (pkg == "dbt" || strings.HasPrefix(pkg, "dbt_"))
}
