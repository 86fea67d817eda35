package cli

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
)

// found is dbt's line on what the project holds.
func (o *options) found(p *compiler.Project) {
	names := []struct {
		kind node.Kind
		one  string
		many string
	}{
		{node.Model, "model", "models"}, {node.Snapshot, "snapshot", "snapshots"}, {node.Analysis, "analysis", "analyses"}, {node.Seed, "seed", "seeds"},
		{node.Operation, "operation", "operations"}, {node.Test, "test", "data tests"}, {node.Source, "source", "sources"}, {node.Exposure, "exposure", "exposures"},
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
	line := strings.Join(parts, ", ")
	o.event(eventlog.Info, "FoundStats", "W006", "Found "+line, map[string]any{"stat_line": line})
}

// messages shows what templates said: print() always, log(info=true) as talk.
func (o *options) messages(list []compiler.Message) {
	for _, m := range list {
		o.message(m)
	}
}

func (o *options) message(m compiler.Message) {
	switch {
	case m.Print && o.print:
		o.emit("PrintEvent", "Z052", m.Text, nil)
	case m.Print:
	case m.Info:
		o.event(eventlog.Info, "JinjaLogInfo", "I062", m.Text, map[string]any{"msg": m.Text})
	case m.Warning:
		o.log.Write(eventlog.Event{Level: eventlog.Warn, Name: "JinjaLogWarning", Code: "I061", Text: m.Text, FileOnly: !o.jsonTalk()})
	default:
		o.event(eventlog.Debug, "JinjaLogDebug", "I063", m.Text, map[string]any{"msg": m.Text})
	}
}
