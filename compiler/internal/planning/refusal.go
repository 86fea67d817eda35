package planning

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// refusal makes a step's failure of what went wrong while its text was rendered.
func (pl *Planned) refusal(diags diag.List) *plan.Refusal {
	for _, d := range diags {
		if d.Severity == diag.Error {
			return &plan.Refusal{Code: string(d.Code), Message: pl.failure(d)}
		}
	}
	return nil
}

// headed puts dbt's heading over a refusal that says what is wrong with a model's config.
func headed(n *resource.Node, r *plan.Refusal) *plan.Refusal {
	if r == nil {
		return nil
	}
	what := "Compilation Error"
	switch diag.Code(r.Code) {
	case diag.UnknownStrategy:
		what = "Runtime Error"
	case diag.BadIncrementalConfig, diag.SchemaChanged:
	default:
		return r
	}
	return &plan.Refusal{Code: r.Code, Message: what + " in " + kindWord(n.Kind) + " " + n.Name + " (" + n.OriginalPath + ")\n  " + indented(r.Message, "  ")}
}

// failure is the message that run_results.json has for a node whose template failed: an error of compilation, or of the run where the
// warehouse refused a statement. dbt names the node's own file, wherever the template failed, and below the text the macros that led there.
func (pl *Planned) failure(d diag.Diagnostic) string {
	var b strings.Builder
	what, detail := "Compilation Error", d.Detail
	switch d.Code {
	case diag.IncrementalStrategy:
		what = "Runtime Error"
	case diag.StatementFailed:
		what, detail = "Runtime Error", strings.TrimPrefix(detail, "running a query: ")
	}
	b.WriteString(what)
	of := ""
	if d.Node != "" {
		of = kindWord(node.ID(d.Node).Kind()) + " "
		n := pl.nodes[node.ID(d.Node)]
		switch {
		case n != nil && n.Kind == node.UnitTest:
			of += n.VersionedName() + " (" + n.OriginalPath + ")"
		case n != nil:
			of += n.Name + " (" + n.OriginalPath + ")"
		case !d.Span.IsZero():
			of += d.Node[strings.LastIndexByte(d.Node, '.')+1:] + " (" + d.Span.File.Path + ")"
		default:
			of += d.Node[strings.LastIndexByte(d.Node, '.')+1:]
		}
		b.WriteString(" in " + of)
	}
	for _, line := range strings.Split(strings.TrimRight(detail, "\n"), "\n") {
		b.WriteString("\n  " + line)
	}
	if len(d.Stack) > 0 && d.Code != diag.StatementFailed {
		b.WriteString("\n  \n  > in " + strings.Join(append(d.Stack[:len(d.Stack):len(d.Stack)], of), "\n  > called by "))
	}
	return b.String()
}
