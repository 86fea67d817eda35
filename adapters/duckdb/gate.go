package duckdb

import (
	"sync"
	"time"
)

// gate lets statements pass, many at once, and can be shut for a moment in which none runs. Its zero value is open.
type gate struct {
	mu      sync.Mutex
	running int
	// shut is there while the gate is shut, and closed when it opens; drained while somebody waits for the last statement.
	shut, drained chan struct{}
}

// enter waits until the gate is open.
func (g *gate) enter() {
	for {
		g.mu.Lock()
		shut := g.shut
		if shut == nil {
			g.running++
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		<-shut
	}
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if g.running == 0 && g.drained != nil {
		close(g.drained)
		g.drained = nil
	}
}

// close shuts the gate if what runs ends within patience. A statement that takes longer is not waited for, and nobody waits for it.
func (g *gate) close(patience time.Duration) bool {
	g.mu.Lock()
	if g.shut != nil {
		g.mu.Unlock()
		return false
	}
	g.shut = make(chan struct{})
	if g.running == 0 {
		g.mu.Unlock()
		return true
	}
	drained := make(chan struct{})
	g.drained = drained
	g.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-drained:
		return true
	case <-timer.C:
	}
	g.mu.Lock()
	late := g.drained != nil
	g.drained = nil
	g.mu.Unlock()
	if late {
		g.open()
	}
	return !late
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.shut)
	g.shut = nil
}
