package cli

import (
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
	"github.com/weft-data/weft/publish/openlineage"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// openLineage begins the run's OpenLineage events if weft.yml asks for them, after ending those of runs that were killed. nil if there
// are none; what goes wrong is a warning.
func (o *options) openLineage(p *compiler.Project, planned *compiler.Planned, world effect.World) *openlineage.File {
	path, info := p.LineageFile(), p.Info()
	switch strings.ToLower(o.env["OPENLINEAGE_DISABLED"]) {
	case "true", "1", "yes", "on":
		return nil
	}
	notes := filepath.Join(info.TargetPath, "weft", "lineage")
	err := openlineage.Recover(notes, func(invocation string) []event.Record {
		c, err := journal.Read(world, journal.Path(info.TargetPath, invocation))
		if err != nil { // then nothing is known of the run's nodes, and they are aborted
			return nil
		}
		return c.Records
	})
	if err != nil {
		o.lineageFailed(err)
	}
	if path == "" || o.verb == "clone" { // a clone reads what another target made, of which the project does not know
		return nil
	}
	f, err := openlineage.Open(path, notes, o.invocation, openlineage.Options{
		Namespace: o.env["OPENLINEAGE_NAMESPACE"], Project: info.Name, Node: p.Lineage(planned),
	})
	if err != nil {
		o.lineageFailed(err)
		return nil
	}
	return f
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
