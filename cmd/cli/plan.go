package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/plan"
)

// plannable are the commands whose plan can be shown.
var plannable = []string{"build", "run", "test", "seed", "snapshot"}

// planCommand shows what a run would do, on what exists now, and does nothing of it.
func planCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "plan [" + strings.Join(plannable, "|") + "]",
		Short: "Show what a run would do and how it would publish, without doing it",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && !slices.Contains(plannable, args[0]) {
				return fmt.Errorf("plan takes one of %s, and nothing for build; found %q", strings.Join(plannable, ", "), strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", o.output, "text", "json"); err != nil {
				return err
			}
			verb := "build"
			if len(args) == 1 {
				verb = args[0]
			}
			return o.showPlan(cmd.Context(), verb)
		},
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.resourceTypeFlags(f)
	o.eventTimeFlags(f)
	o.refreshFlag(f)
	o.emptyFlag(f)
	o.storeFailuresFlag(f)
	f.BoolVar(&o.statements, "statements", false, "show each statement, and why it is there")
	f.StringVar(&o.output, "output", "text", "text or json: all of the plan, as data")
	return c
}

// showPlan looks, plans and prints.
func (o *options) showPlan(ctx context.Context, verb string) error {
	o.introspect, o.planning = true, true
	p, err := o.open(ctx, verb)
	if err != nil {
		return err
	}
	o.verb = "plan"
	selected, err := o.choose(p, verb)
	if err != nil {
		return err
	}
	if len(selected.IDs) == 0 {
		return o.nothingToDo()
	}
	e, err := o.openEngine(ctx, p, 1, true)
	if err != nil {
		return err
	}
	defer e.Close()
	planned, err := o.plan(ctx, p, e, verb, selected)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if o.output == "json" {
		err = json.NewEncoder(&text).Encode(planned.Plan)
	} else {
		err = writePlan(&text, &planned.Plan, o.statements)
	}
	if err != nil {
		return err
	}
	o.emit("PrintEvent", "Z052", strings.TrimRight(text.String(), "\n"), nil)
	for i := range planned.Plan.Steps {
		if planned.Plan.Steps[i].Refusal != nil {
			return exitError{code: exitFailed}
		}
	}
	return nil
}

// writePlan is the plan as a table: a line for each step that people count, with the class and the way of its publishing.
func writePlan(out io.Writer, p *plan.Plan, statements bool) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STEP\tRELATION\tCLASS\tPUBLISHED BY")
	var counted []*plan.Step
	for i := range p.Steps {
		if p.Steps[i].Silent {
			continue
		}
		s := &p.Steps[i]
		counted = append(counted, s)
		if s.Publishes() || s.Refusal != nil {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", stepName(s), s.Label.RelationName, stepClass(s), stepWay(s))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if statements {
		for _, batch := range p.Setup {
			writeBatch(out, "setup", &batch)
		}
		for _, s := range counted {
			for i := range s.Batches {
				writeBatch(out, stepName(s), &s.Batches[i])
			}
		}
	}
	_, err := fmt.Fprintln(out, "\n"+planSummary(counted))
	return err
}

func writeBatch(out io.Writer, name string, b *plan.Batch) {
	whole := ""
	if b.Atomic && len(b.Statements) > 1 {
		whole = ", in one transaction"
	}
	for i := range b.Statements {
		s := &b.Statements[i]
		fmt.Fprintf(out, "\n-- %s, %s%s: %s", name, b.Phase, whole, s.Purpose)
		if s.Cause != "" {
			fmt.Fprintf(out, " (%s)", s.Cause)
		}
		text := strings.TrimSpace(s.Shown())
		if s.Late != nil {
			text = "-- its text is made when the run comes to it"
		}
		fmt.Fprintf(out, "\n%s\n", text)
	}
}

func stepName(s *plan.Step) string {
	kind := string(s.Kind)
	if s.Materialization != "" && s.Materialization != kind {
		kind = s.Materialization + " " + kind
	}
	return strings.ReplaceAll(kind, "_", " ") + " " + s.Label.Name
}

func stepClass(s *plan.Step) string {
	if !s.Publishes() || s.Publish == "" {
		return "-"
	}
	return string(s.Publish)
}

func stepWay(s *plan.Step) string {
	switch way := s.Way(); {
	case s.Refusal != nil:
		reason, _, _ := strings.Cut(s.Refusal.Message, "\n")
		return "nothing: " + reason
	case !s.Publishes():
		return "-"
	case len(s.Intervals) > 0:
		how := "each by itself"
		if s.Batching.Aside {
			how = "all at once"
		}
		return fmt.Sprintf("%d batches, %s", len(s.Intervals), how)
	case way == "" && s.Late:
		return "statements that are made when the run comes to it"
	case way == "":
		return "-"
	default:
		return way
	}
}

// planSummary counts the steps by class: "40 steps: 12 publish atomically, 1 weakly (readers may see them half done): daily, 27 publish nothing".
func planSummary(steps []*plan.Step) string {
	names := map[plan.Class][]string{}
	for _, s := range steps {
		if s.Publishes() && s.Publish != "" {
			names[s.Publish] = append(names[s.Publish], s.Label.Name)
		}
	}
	word := "steps"
	if len(steps) == 1 {
		word = "step"
	}
	text := fmt.Sprintf("%d %s: %d publish atomically", len(steps), word, len(names[plan.Atomic]))
	for _, c := range []struct {
		class plan.Class
		says  string
	}{{plan.Weak, "weakly (readers may see them half done)"}, {plan.None, "without any promise (their statements are a macro's own)"}} {
		if list := names[c.class]; len(list) > 0 {
			text += fmt.Sprintf(", %d %s: %s", len(list), c.says, strings.Join(list, ", "))
		}
	}
	if quiet := len(steps) - len(names[plan.Atomic]) - len(names[plan.Weak]) - len(names[plan.None]); quiet > 0 {
		text += fmt.Sprintf(", %d publish nothing", quiet)
	}
	return text
}

// classes tells before a run what readers may see of it, where that is not everything or nothing.
func (o *options) classes(planned *compiler.Planned) {
	if o.quiet || o.jsonTalk() {
		return
	}
	var steps []*plan.Step
	whole := true
	for i := range planned.Plan.Steps {
		s := &planned.Plan.Steps[i]
		if s.Silent || !s.Publishes() || s.Publish == "" {
			continue
		}
		steps = append(steps, s)
		whole = whole && s.Publish == plan.Atomic
	}
	if len(steps) > 0 && !whole {
		fmt.Fprintln(o.world.Stderr, "note: "+planSummary(steps))
	}
}
