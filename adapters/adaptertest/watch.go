package adaptertest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Watch is a number of readers that look at subjects, round and round, until they are stopped.
type Watch struct {
	names []string
	stop  atomic.Bool
	done  sync.WaitGroup
	looks []atomic.Int64
	focus atomic.Pointer[[]int]

	// mu is held by readers while they look, and by whoever ends a phase. What was seen in a phase can then be told from what is
	// seen in the next.
	mu   sync.RWMutex
	seen []sync.Map // of each subject: what was seen in this phase
}

// NewWatch sends readers to subjects. Each has a function of its own that looks at one of them and tells what is there in a text, and
// perhaps one that ends it.
func NewWatch(names []string, readers []func(subject int) string, ends ...func()) *Watch {
	w := &Watch{names: names, looks: make([]atomic.Int64, len(names)), seen: make([]sync.Map, len(names))}
	all := make([]int, len(names))
	for i := range all {
		all[i] = i
	}
	w.Focus(all)
	for n, look := range readers {
		w.done.Go(func() {
			for i := n * len(names) / len(readers); !w.stop.Load(); i++ {
				w.mu.RLock()
				focus := *w.focus.Load()
				at := focus[i%len(focus)]
				w.seen[at].Store(look(at), true)
				w.mu.RUnlock()
				w.looks[at].Add(1)
			}
			if n < len(ends) {
				ends[n]()
			}
		})
	}
	return w
}

// Focus is what is looked at from now on.
func (w *Watch) Focus(subjects []int) { w.focus.Store(&subjects) }

// Hold keeps the readers from looking until Release, between two phases.
func (w *Watch) Hold() { w.mu.Lock() }

// Release lets them look.
func (w *Watch) Release() { w.mu.Unlock() }

// Judge ends a phase, while the readers are held: whatever was seen of a subject must be what was there before it or what is there after it.
// Those that excused says are left out.
func (w *Watch) Judge(before, after []string, excused func(subject int) bool) (violations []string) {
	for i, name := range w.names {
		var seen []string
		w.seen[i].Range(func(k, _ any) bool { seen = append(seen, k.(string)); return true })
		w.seen[i].Clear()
		slices.Sort(seen)
		for _, look := range seen {
			if look != before[i] && look != after[i] && !excused(i) {
				violations = append(violations, fmt.Sprintf("%s: a reader saw %q; it was %q and became %q", name, look, before[i], after[i]))
			}
		}
	}
	return violations
}

// End stops the readers. It may be called twice.
func (w *Watch) End() {
	w.stop.Store(true)
	w.done.Wait()
}

// Looks is how often the readers have looked at a subject.
func (w *Watch) Looks(subject int) int64 { return w.looks[subject].Load() }

// Total is how often they have looked, and the fewest looks at a subject.
func (w *Watch) Total() (total, fewest int64) {
	for i := range w.looks {
		n := w.Looks(i)
		if total += n; i == 0 || n < fewest {
			fewest = n
		}
	}
	return total, fewest
}
