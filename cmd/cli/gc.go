package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/journal"
)

// gcCommand lists what runs left behind, and removes it if told to.
func gcCommand(o *options) *cobra.Command {
	var yes bool
	var age time.Duration
	c := &cobra.Command{
		Use:   "gc",
		Short: "List what runs that were killed left in the warehouse; --yes removes it",
		Long: `List what runs left in the warehouse and nobody needs: tables and views that were built aside and never
published, files that no table refers to, versions of tables older than the one before the current.

Nothing is removed without --yes. What is listed is weft's own by proof: by the journals below target/, by the
names under which this project builds aside, or by what a table's entry says of its older versions. What a table
refers to stays, and so does everything of a run that goes on. With --yes the statements of killed runs that still
run at the engine are brought to their end first.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.gc(cmd.Context(), yes, age) },
	}
	c.Flags().BoolVarP(&yes, "yes", "y", false, "remove what is listed")
	c.Flags().DurationVar(&age, "older-than", 24*time.Hour, "how old a table that was built aside must be, if no journal of this project tells which run made it")
	c.Flags().StringVar(&o.output, "output", "text", "text or json")
	return c
}

func (o *options) gc(ctx context.Context, yes bool, age time.Duration) error {
	if err := oneOf("output", o.output, "text", "json"); err != nil {
		return err
	}
	o.collecting = true
	p, err := o.open(ctx, "gc")
	if err != nil {
		return err
	}
	info := p.Info()
	e, err := o.openEngine(ctx, p, 1, !yes)
	if err != nil {
		return err
	}
	defer e.Close()
	collector, ok := e.(engine.Collector)
	if !ok {
		return exitError{exitUsage, diag.Diagnostic{Code: diag.NotRunYet, Detail: "weft does not know what runs leave behind on " + info.Type}}
	}
	if yes {
		if err := o.settle(ctx, info, e); err != nil {
			return err
		}
	}
	left, err := collector.Leftovers(ctx, o.collection(p, age))
	if err != nil {
		return exitError{exitUsage, o.uncollected("what runs left behind cannot be listed", err)}
	}
	failed := o.collect(ctx, collector, left, yes)
	if yes {
		collectJournals(info.TargetPath, effect.Real{})
	}
	text, err := o.leftoversText(left, failed, yes)
	if err != nil {
		return exitError{exitUsage, err}
	}
	o.emit("PrintEvent", "Z052", text, nil)
	if len(failed) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// collection is what the journals and the project say. Without marks of open files a run that did not end counts as going on for a day.
func (o *options) collection(p *compiler.Project, age time.Duration) engine.Collection {
	var c engine.Collection
	c.Relations, c.Staged, c.Schemas = p.Relations()
	now := o.world.Now()
	c.Before = now.Add(-age)
	target := p.Info().TargetPath
	for _, invocation := range journals(target) {
		held, known := effect.Held(journal.Path(target, invocation))
		r, ok := recall(target, invocation)
		if !ok {
			continue
		}
		remains := engine.Remains{Invocation: r.Invocation, Places: r.Places, Staged: r.Staged, Until: r.Until}
		if held || !known && !r.Ended && now.Sub(r.At) < 24*time.Hour {
			c.Live = append(c.Live, remains)
		} else if sameEngine(r, p.Info()) {
			c.Dead = append(c.Dead, remains)
		}
	}
	return c
}

func sameEngine(r runner.Recalled, info compiler.Info) bool {
	return r.Started.Adapter == info.Type && r.Started.Target == info.Target
}

// collect removes what was listed, and answers what could not be removed by its place in the list.
func (o *options) collect(ctx context.Context, collector engine.Collector, left []engine.Leftover, yes bool) map[int]bool {
	failed := map[int]bool{}
	if !yes {
		return failed
	}
	for i, l := range left {
		if err := collector.Collect(ctx, l); err != nil {
			failed[i] = true
			o.report(diag.List{o.uncollected("what a run left behind cannot be removed", err)})
		}
	}
	return failed
}

func (o *options) uncollected(what string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: diag.NotCollected, Span: source.Span{}, Detail: what + ": " + err.Error()}
	var failure *engine.Error
	if errors.As(err, &failure) {
		d.Hint = failure.Hint
	}
	return d
}

// leftoversText is the list and what became of it, as people or programs read it.
func (o *options) leftoversText(left []engine.Leftover, failed map[int]bool, yes bool) (string, error) {
	var out strings.Builder
	files, bytes := 0, int64(0)
	for _, l := range left {
		files, bytes = files+l.Files, bytes+l.Bytes
	}
	if o.output == "json" {
		if left == nil {
			left = []engine.Leftover{}
		}
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err := enc.Encode(map[string]any{"leftovers": left, "removed": yes && len(failed) == 0, "files": files, "bytes": bytes})
		return strings.TrimSpace(out.String()), err
	}
	w := tabwriter.NewWriter(&out, 0, 8, 2, ' ', 0)
	for i, l := range left {
		name, size, note := l.Place, "", ""
		if name == "" {
			name = l.Relation.String()
		} else {
			size = fmt.Sprintf("%d files, %s", l.Files, sizeText(l.Bytes))
		}
		if l.Run != "" {
			note = "of run " + l.Run
		} else if l.Kind == "old version" {
			note = "of " + l.Relation.String()
		}
		if failed[i] {
			note += " (not removed)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Kind, name, size, note)
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	switch {
	case len(left) == 0:
		out.WriteString("Nothing is left behind.")
	case yes:
		fmt.Fprintf(&out, "Removed %d of %d: %d files, %s.", len(left)-len(failed), len(left), files, sizeText(bytes))
	default:
		fmt.Fprintf(&out, "%d left behind: %d files, %s. `%s gc --yes` removes them.", len(left), files, sizeText(bytes), o.world.Name)
	}
	return out.String(), nil
}

func sizeText(n int64) string {
	const step = 1024
	switch {
	case n < step:
		return fmt.Sprintf("%d bytes", n)
	case n < step*step:
		return fmt.Sprintf("%.1f KiB", float64(n)/step)
	case n < step*step*step:
		return fmt.Sprintf("%.1f MiB", float64(n)/step/step)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/step/step/step)
}
