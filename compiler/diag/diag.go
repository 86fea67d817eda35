// Package diag is the one type in which weft tells a user what is wrong with their files.
//
// Stages return (T, diag.List) and go on after the first problem, so that one run shows everything that can be said.
// `error` is kept for the environment (disk, network), `panic` for weft's own bugs. Printing belongs to the command line.
package diag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/weft-data/weft/compiler/source"
)

// Severity says whether a diagnostic stops the node or the command.
type Severity uint8

const (
	// Error: the node, or the whole project, cannot be used.
	Error Severity = iota
	// Warning: the build goes on; `strict: true` or --warn-error may turn some into errors.
	Warning
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one problem. Summary is constant for its code and holds no names of the user's; Detail says what was
// expected and what was found; Hint says how to mend it.
type Diagnostic struct {
	Code     Code
	Severity Severity
	Detail   string
	Hint     string
	Span     source.Span
	// Related are further places that contribute: the other definition, the edges of a cycle, the chain of macro calls.
	Related []Related
	// Stack are the macros of the project and its packages that were being called, each with its file, the innermost first.
	Stack []string
	// Node is the unique id of the node that fails because of this, if only that node does.
	Node string
	// Deprecation says that dbt takes this too, with a deprecation: `strict: true` turns it into an error.
	Deprecation bool
}

// Related is a second place with the sentence that says why it matters.
type Related struct {
	Span    source.Span
	Message string
}

// Summary is the constant one-line description of the diagnostic's code.
func (d Diagnostic) Summary() string { return d.Code.Summary() }

// Error makes a Diagnostic usable where Go wants an error; it is the one-line form.
func (d Diagnostic) Error() string {
	if d.Span.IsZero() {
		return fmt.Sprintf("%s[%s]: %s", d.Severity, d.Code, d.Detail)
	}
	p := d.Span.Position()
	return fmt.Sprintf("%s:%d:%d: %s[%s]: %s", d.Span.File.Path, p.Line, p.Column, d.Severity, d.Code, d.Detail)
}

// List is any number of diagnostics.
type List []Diagnostic

// HasErrors says whether the list holds anything but warnings.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Add appends a diagnostic with a formatted detail and returns a pointer for setting the rest.
func (l *List) Add(code Code, at source.Span, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Code: code, Severity: code.severity(), Span: at, Detail: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}

// Sort orders by file, place, code and text, so that output does not depend on the number of threads.
func (l List) Sort() {
	path := func(s source.Span) string {
		if s.File == nil {
			return ""
		}
		return s.File.Path
	}
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(path(a.Span), path(b.Span)), cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Detail, b.Detail))
	})
}
