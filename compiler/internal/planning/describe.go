package planning

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Describe is the message of a step that failed at its engine, in dbt's form: what kind of error in which node and file, the
// engine's text, and the author's line where the engine points at one.
func (pl *Planned) Describe(step *plan.Step, message, code string, offset int, hook bool) string {
	if code != "" && step.Refusal != nil {
		return message
	}
	if strings.HasPrefix(message, "Compilation Error") || strings.HasPrefix(message, "Runtime Error") {
		return message
	}
	if strings.HasPrefix(message, "dbt internally failed") { // dbt does not blame the test for it
		return "Internal Error\n  " + message
	}
	n := pl.nodes[step.Node]
	if n == nil {
		return message
	}
	var b strings.Builder
	name := n.Name
	if n.Kind == node.UnitTest {
		name = n.VersionedName()
	}
	if n.Kind == node.UnitTest && code == string(diag.EngineFailed) {
		message = "An error occurred during execution of unit test '" + n.Name + "'. There may be an error in the unit test definition: check the data types.\n Runtime Error\n  " + indented(strings.TrimRight(message, "\n"), "  ")
	}
	fmt.Fprintf(&b, "Runtime Error in %s %s (%s)", kindWord(n.Kind), name, n.OriginalPath)
	for _, line := range strings.Split(strings.TrimRight(message, "\n"), "\n") {
		b.WriteString("\n  " + line)
	}
	if offset >= 0 && !hook {
		at := pl.Compilation.Position(n.ID, offset)
		if n.Test != nil && n.Test.Generic { // its text is a macro's, called for the place that declares it
			at = n.Declared
		}
		if !at.IsZero() {
			p := at.Position()
			fmt.Fprintf(&b, "\n  at %s:%d:%d", at.File.Path, p.Line, p.Column)
		}
	}
	return b.String()
}

// kindWord is a kind as dbt's messages have it.
func kindWord(k node.Kind) string {
	if k == node.UnitTest {
		return string(k)
	}
	return strings.ReplaceAll(string(k), "_", " ")
}
