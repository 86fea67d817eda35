package cli

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
	"github.com/weft-data/weft/publish/openlineage"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// openLineage begins the run's OpenLineage events if weft.yml asks for them, after ending those of runs that were killed. nil if there
// are none; what goes wrong is a warning.
func (o *options) openLineage(ctx context.Context, p *compiler.Project, e engine.Engine, planned *compiler.Planned, world effect.World) *openlineage.File {
	path, statements := p.LineageFile()
	info := p.Info()
	switch strings.ToLower(o.env["OPENLINEAGE_DISABLED"]) {
	case "true", "1", "yes", "on":
		return nil
	}
	notes, places := lineageNotes(info.TargetPath), p.Lineage(planned)
	err := openlineage.Recover(notes, func(invocation string) []event.Record {
		c, err := journal.Read(world, journal.Path(info.TargetPath, invocation))
		if err != nil { // then nothing is known of the run's nodes, and they are aborted
			return nil
		}
		return c.Records
	}, places.Node)
	if err != nil {
		o.lineageFailed(err)
	}
	if path == "" || o.verb == "clone" { // a clone reads what another target made, of which the project does not know
		return nil
	}
	parent, err := openlineage.ParentOf(o.env)
	if err != nil {
		o.lineageFailed(err)
	}
	f, err := openlineage.Open(openlineage.FileOptions{
		Path: path, Notes: notes, Invocation: o.invocation, Every: 2 * time.Second,
		Look: func(made []node.ID) {
			ask := places.Unobserved(made)
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			defer cancel()
			if found, err := e.Observe(ctx, ask); err == nil { // else the declared columns are told
				places.Learn(ask, found)
			}
		},
		Options: openlineage.Options{
			Namespace: o.env["OPENLINEAGE_NAMESPACE"], Project: info.Name, ProjectVersion: info.Version, Profile: info.Profile, DbtVersion: dbtVersion,
			Parent: parent, Statements: statements, Node: places.Node,
		},
	})
	if err != nil {
		o.lineageFailed(err)
		return nil
	}
	return f
}

// lineageNotes is the folder of the notes on runs whose events have no end yet.
func lineageNotes(target string) string { return filepath.Join(target, "weft", "lineage") }

// collectJournals removes the journals that nobody needs. What cannot be removed stays until the next run.
func collectJournals(target string, world effect.World) {
	_ = journal.Collect(world, target, func(invocation string) bool { return openlineage.Unpublished(lineageNotes(target), invocation) })
}

// closeLineage ends the events.
func (o *options) closeLineage(f *openlineage.File) {
	if f == nil {
		return
	}
	if err := f.Close(); err != nil {
		o.lineageFailed(err)
	}
}

func (o *options) lineageFailed(err error) {
	var diags diag.List
	d := diags.Add(diag.LineageNotWritten, source.Span{}, "cannot write lineage events: %s", err)
	d.Hint = "the run is not affected; set OPENLINEAGE_DISABLED=true to write none"
	o.report(diags)
}
