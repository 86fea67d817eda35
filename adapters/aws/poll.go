package aws

import (
	"context"
	"sync"
	"time"
)

// Poller asks for the states of many things at once, for all threads: services answer for up to fifty executions in one call, and the
// quota of calls is the account's, not the thread's.
type Poller[T any] struct {
	// Describe answers the states of things by their ids; what it does not answer is asked again.
	Describe func(ctx context.Context, ids []string) (map[string]T, error)
	// Ended says that a state is the last.
	Ended func(T) bool
	// Batch is the greatest number of ids in one call.
	Batch int
	// First is the wait before a thing's first look; it doubles from look to look up to Longest.
	First, Longest time.Duration
	// Tick is the least time between two calls.
	Tick time.Duration

	mu      sync.Mutex
	waiting map[string]*watch[T]
	running bool
}

type watch[T any] struct {
	next     time.Time
	interval time.Duration
	answer   chan result[T] // of one
	seen     func(T)
}

type result[T any] struct {
	state T
	err   error
}

// Wait returns the last state of a thing. seen, if not nil, is told every state on the way, from the poller's goroutine. When ctx ends it returns
// its error at once, and the thing is no longer watched.
func (p *Poller[T]) Wait(ctx context.Context, id string, seen func(T)) (T, error) {
	now := time.Now()
	w := &watch[T]{next: now.Add(p.First), interval: p.First, answer: make(chan result[T], 1), seen: seen}
	p.mu.Lock()
	if p.waiting == nil {
		p.waiting = map[string]*watch[T]{}
	}
	p.waiting[id] = w
	if !p.running {
		p.running = true
		go p.run()
	}
	p.mu.Unlock()
	select {
	case r := <-w.answer:
		return r.state, r.err
	case <-ctx.Done():
		p.mu.Lock()
		if p.waiting[id] == w {
			delete(p.waiting, id)
		}
		p.mu.Unlock()
		var zero T
		return zero, ctx.Err()
	}
}

// run looks as long as anybody waits.
func (p *Poller[T]) run() {
	for {
		ids, until := p.due()
		if until.IsZero() {
			return
		}
		if len(ids) == 0 {
			time.Sleep(max(time.Until(until), 0))
			continue
		}
		start := time.Now()
		p.look(ids)
		// The pace is kept whatever the number of threads.
		time.Sleep(p.Tick - time.Since(start))
	}
}

// due are the things to look at now, at most a batch of them; every look moves a thing's turn into the future, so that all
// come to theirs. Without any, it answers when the next is due; the zero time if nobody waits.
func (p *Poller[T]) due() ([]string, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.running = false
		return nil, time.Time{}
	}
	now := time.Now()
	// A look that is nearly due shares the call.
	soon := now.Add(p.Tick)
	var ids []string
	next := time.Time{}
	ready := false
	for id, w := range p.waiting {
		if next.IsZero() || w.next.Before(next) {
			next = w.next
		}
		if !w.next.After(soon) && len(ids) < p.Batch {
			ids = append(ids, id)
			ready = ready || !w.next.After(now)
		}
	}
	if !ready {
		// The sleep is short, so that a new thing with an earlier turn does not wait for an older one's.
		return nil, minTime(next, now.Add(p.First))
	}
	return ids, now
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (p *Poller[T]) look(ids []string) {
	states, err := p.Describe(context.Background(), ids)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, id := range ids {
		w := p.waiting[id]
		if w == nil {
			continue
		}
		state, ok := states[id]
		switch {
		case err != nil:
			delete(p.waiting, id)
			w.answer <- result[T]{err: err}
		case ok && p.Ended(state):
			delete(p.waiting, id)
			w.answer <- result[T]{state: state}
		default:
			if ok && w.seen != nil {
				w.seen(state)
			}
			w.interval = min(w.interval*2, p.Longest)
			w.next = now.Add(w.interval)
		}
	}
}
