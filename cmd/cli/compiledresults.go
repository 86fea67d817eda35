package cli

import (
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/event"
)

// compiledResult is what run_results.json says of a node that was compiled, or asked for its rows, and not built.
func compiledResult(p *compiler.Project, id node.ID, code string, compiled bool) event.NodeFinished {
	return event.NodeFinished{
		Node: id, Kind: id.Kind(), Label: plan.Label{Name: p.Name(id), RelationName: p.RelationName(id)}, Thread: "MainThread", Status: event.Success,
		Compiled: compiled, CompiledCode: code, Response: &event.Response{},
	}
}

// inlineResult is the result of the text of --inline.
func inlineResult(p *compiler.Project, code string) event.NodeFinished {
	id := node.Make(node.SQLOperation, p.Info().Name, "inline_query")
	return event.NodeFinished{Node: id, Kind: node.SQLOperation, Label: plan.Label{Name: "inline_query"}, Thread: "MainThread", Status: event.Success,
		Compiled: true, CompiledCode: code, Response: &event.Response{}}
}

// compiledResults are the results of a compilation that went well. Ephemeral models are among them only where they were asked for.
func compiledResults(p *compiler.Project, c *compiler.Compilation, ids []node.ID, ephemeral bool) []event.NodeFinished {
	var out []event.NodeFinished
	for _, id := range ids {
		if !ephemeral && p.Ephemeral(id) {
			continue
		}
		code, ok := c.Code(id)
		out = append(out, compiledResult(p, id, code, ok))
	}
	return out
}

// writeCompiledResults writes run_results.json of a command that compiles and does not build.
func (o *options) writeCompiledResults(p *compiler.Project, results []event.NodeFinished) error {
	return o.writeResults(p, runner.Outcome{Results: results, Elapsed: o.world.Now().Sub(o.started)})
}
