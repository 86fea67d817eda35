package cli

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
)

// say prints a line of talk with the time in front, as dbt's verbs do on stdout.
func (o *options) say(text string) {
	if o.quiet || o.logLevel == "warn" || o.logLevel == "error" || o.logLevel == "none" {
		return
	}
	o.line(text)
}

// line prints with the time in front, whatever --quiet says.
func (o *options) line(text string) {
	stamp := o.world.Now().UTC().Format("15:04:05")
	for _, l := range strings.Split(text, "\n") {
		fmt.Fprintf(o.world.Stdout, "%s  %s\n", stamp, l)
	}
}

// found is dbt's line on what the project holds.
func (o *options) found(p *compiler.Project) {
	names := []struct {
		kind node.Kind
		one  string
		many string
	}{
		{node.Model, "model", "models"}, {node.Snapshot, "snapshot", "snapshots"}, {node.Analysis, "analysis", "analyses"}, {node.Seed, "seed", "seeds"},
		{node.Operation, "operation", "operations"}, {node.Test, "data test", "data tests"}, {node.Source, "source", "sources"}, {node.Exposure, "exposure", "exposures"},
		{node.Metric, "metric", "metrics"}, {node.Macro, "macro", "macros"}, {node.Group, "group", "groups"}, {node.SemanticModel, "semantic model", "semantic models"},
		{node.SavedQuery, "saved query", "saved queries"}, {node.UnitTest, "unit test", "unit tests"}, {node.Function, "function", "functions"},
	}
	var parts []string
	counts := p.Info().Nodes
	for _, n := range names {
		switch c := counts[n.kind]; c {
		case 0:
		case 1:
			parts = append(parts, "1 "+n.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", c, n.many))
		}
	}
	o.say("Found " + strings.Join(parts, ", "))
}

// messages shows what templates said: print() always, log(info=true) as talk.
func (o *options) messages(list []compiler.Message) {
	for _, m := range list {
		switch {
		case m.Print && o.print:
			fmt.Fprintln(o.world.Stdout, m.Text)
		case m.Info:
			o.say(m.Text)
		}
	}
}
