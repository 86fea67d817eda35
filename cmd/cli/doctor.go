package cli

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/runner/engine"
)

// examine asks a target's doctor, says each check as it ends, and answers them all.
func (o *options) examine(ctx context.Context, info compiler.Info, examiner engine.Examiner) ([]engine.Check, error) {
	doctor, err := examiner(ctx, engine.Config{Profile: info.Output, Dir: info.Dir, Sessions: 1, Notify: o.notices.tell})
	if err != nil {
		return nil, err
	}
	var checks []engine.Check
	doctor.Examine(ctx, func(c engine.Check) {
		checks = append(checks, c)
		text := "  " + checkLine(c)
		o.event(eventlog.Info, "DebugCmdOut", "Z047", text, map[string]any{"msg": text, "check": c})
	})
	return checks, nil
}

// examined are a doctor's checks, and what failed of them.
func (o *options) examined(ctx context.Context, info compiler.Info, examiner engine.Examiner) (checks []engine.Check, problems []string) {
	checks, err := o.examine(ctx, info, examiner)
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, c := range checks {
		if c.Verdict == engine.Failing {
			text := c.Name + ": " + c.Found
			if c.Mend != "" {
				text += "\n  help: " + c.Mend
			}
			problems = append(problems, text)
		}
	}
	return checks, problems
}

// checkLine is a check as people read it.
func checkLine(c engine.Check) string {
	word := map[engine.Verdict]string{engine.OK: "OK", engine.Warned: "WARN", engine.Failing: "ERROR", engine.Omitted: "SKIP"}[c.Verdict]
	line := c.Name + " [" + word + "]: " + indented(c.Found)
	if c.Mend != "" {
		line += "\n    help: " + indented(c.Mend)
	}
	return line
}

func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }

// checkedJSON is the whole of `debug --output json`.
func (o *options) checkedJSON(problems []string, checks []engine.Check) error {
	if problems == nil {
		problems = []string{}
	}
	if checks == nil {
		checks = []engine.Check{}
	}
	enc := json.NewEncoder(o.world.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"ok": len(problems) == 0, "problems": problems, "checks": checks})
}
