package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/event"
)

// progress keeps one line below what is printed on a terminal: how far a run is, and what runs. Lines printed through it push it down.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	line  string
	width int

	total, done int
	running     []string
}

const eraseLine = "\r\x1b[K"

// Write prints above the line.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line == "" {
		return p.w.Write(b)
	}
	if _, err := io.WriteString(p.w, eraseLine); err != nil {
		return 0, err
	}
	n, err := p.w.Write(b)
	if err == nil {
		_, err = io.WriteString(p.w, p.line)
	}
	return n, err
}

// feed follows a run.
func (p *progress) feed(r event.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch b := r.Body.(type) {
	case event.RunStarted:
		p.total, p.done = b.Nodes, 0
	case event.NodeStarted:
		if b.Silent || b.Skipping || b.HookOf != "" {
			return
		}
		p.running = append(p.running, b.Label.Name)
	case event.NodeFinished:
		if b.Silent || b.HookOf != "" {
			return
		}
		p.done++
		for i, name := range p.running {
			if name == b.Label.Name {
				p.running = append(p.running[:i], p.running[i+1:]...)
				break
			}
		}
	case event.RunFinished:
		p.running, p.total = nil, 0
	default:
		return
	}
	p.draw()
}

func (p *progress) draw() {
	text := ""
	if p.total > 0 {
		text = fmt.Sprintf("%d of %d done", p.done, p.total)
		if len(p.running) > 0 {
			text += ", running: " + strings.Join(p.running, ", ")
		}
		if runes := []rune(text); len(runes) >= p.width {
			text = string(runes[:p.width-2]) + "…"
		}
	}
	if text == p.line {
		return
	}
	p.line = text
	_, _ = io.WriteString(p.w, eraseLine+text) // a terminal that has gone must not stop a build
}

// showsProgress says whether there is a terminal that a line can be redrawn on.
func (o *options) showsProgress() bool {
	return o.world.Terminal && !o.jsonTalk() && !o.quiet && o.logLevel != "none" && o.env["TERM"] != "dumb" && o.env["CI"] == ""
}

// advise says what to do next, after a run that did not end well.
func (o *options) advise(outcome runner.Outcome) {
	if o.quiet || o.jsonTalk() {
		return
	}
	failed, skipped := 0, 0
	first := node.ID("")
	for _, r := range outcome.Results {
		switch {
		case r.Silent || r.HookOf != "" || r.Kind == node.Source || r.Kind == node.Macro:
		case r.Status.Bad():
			if failed++; first == "" {
				first = r.Node
			}
		case r.Status == event.Skipped && r.Kind != node.Exposure:
			skipped++
		}
	}
	if failed+skipped == 0 {
		return
	}
	counts := fmt.Sprintf("%d failed", failed)
	if skipped > 0 {
		counts += fmt.Sprintf(", %d skipped", skipped)
	}
	name := "weft"
	if o.asDbt() {
		name = "dbt"
	}
	fmt.Fprintf(o.world.Stderr, "next: %s; mend the cause, then `%s retry` runs these again", counts, name)
	if first.Kind() == node.Test {
		fmt.Fprintf(o.world.Stderr, "; `%s build --store-failures` keeps the rows that fail tests", name)
	}
	fmt.Fprintln(o.world.Stderr)
}
