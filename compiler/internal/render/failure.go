package render

import (
	"errors"
	"fmt"

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
		for _, frame := range failed.Chain {
			d.Related = append(d.Related, diag.Related{Span: frame.Call, Message: "in macro " + frame.Macro + ", called here"})
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
	return d
}
