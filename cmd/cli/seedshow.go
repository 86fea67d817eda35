package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// sampleRows is how many rows of a table `seed --show` prints.
const sampleRows = 10

// showSeeds prints rows of the tables that were loaded.
func (o *options) showSeeds(ctx context.Context, p *compiler.Project, e engine.Engine, outcome runner.Outcome) error {
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	w := &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }}
	for i := range outcome.Results {
		r := &outcome.Results[i]
		if r.Kind != node.Seed || r.Status != event.Success {
			continue
		}
		// One row more than is printed tells whether there are more.
		result, err := w.Execute(ctx, fmt.Sprintf("select * from %s limit %d", p.RelationName(r.Node), sampleRows+1), true, sampleRows+1)
		if err != nil {
			return exitError{exitFailed, fmt.Errorf("%s: %w", r.Label.Name, err)}
		}
		header := fmt.Sprintf("First rows of table: %s.%s", r.Label.Schema, r.Label.Alias)
		o.say("")
		o.event(eventlog.Info, "SeedHeader", "Q004", header, map[string]any{"header": header})
		o.say(strings.Repeat("-", len(header)))
		o.messages([]compiler.Message{{Text: strings.TrimRight(compiler.ShowSample(result, sampleRows), "\n"), Print: true}})
		o.say("")
	}
	return nil
}
