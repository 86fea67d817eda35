package runview

import "github.com/weft-data/weft/runner/event"

// source is the line of a source that was asked how old it is.
func (v *View) source(b event.NodeFinished) {
	word, status, color, l := "PASS", "PASS", green, Info
	switch b.Status {
	case event.RuntimeError, event.Skipped:
		word, status, color, l = "ERROR", "ERROR", red, Error
	case event.Error:
		word, status, color, l = "ERROR STALE", "ERROR STALE", red, Error
	case event.Warn:
		word, status, color, l = "WARN", "WARN", yellow, Warn
	}
	v.add(l, b.Node, v.fancy(word+" freshness of "+b.Label.Source+"."+b.Label.Name, v.paint(color, status), b.Index, b.Total, b.Elapsed, false))
	v.result(b, "LogFreshnessResult", "Q018", map[string]any{"status": string(b.Status), "source_name": b.Label.Source, "table_name": b.Label.Name})
}

// sources is what stands below the questions to sources: those that are too old or did not answer.
func (v *View) sources() {
	for _, r := range v.results {
		if r.Status.Bad() {
			v.failure(r, true)
		}
	}
	v.add(Info, "", "Done.")
	v.is("FreshnessCheckComplete", "Q003", func() map[string]any { return nil })
}
