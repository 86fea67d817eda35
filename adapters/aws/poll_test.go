package aws

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// However many threads wait, the calls keep their pace and hold at most a batch of ids.
func TestPollerPace(t *testing.T) {
	var mu sync.Mutex
	looks := map[string]int{}
	var calls atomic.Int64
	p := &Poller[string]{Batch: 50, First: 5 * time.Millisecond, Longest: 40 * time.Millisecond, Tick: 10 * time.Millisecond,
		Ended: func(s string) bool { return s == "done" },
		Describe: func(_ context.Context, ids []string) (map[string]string, error) {
			calls.Add(1)
			if len(ids) == 0 || len(ids) > 50 {
				t.Errorf("a call with %d ids", len(ids))
			}
			mu.Lock()
			defer mu.Unlock()
			out := map[string]string{}
			for _, id := range ids {
				looks[id]++
				out[id] = "running"
				if looks[id] == 4 {
					out[id] = "done"
				}
			}
			return out, nil
		}}
	start := time.Now()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			seen := 0
			s, err := p.Wait(t.Context(), fmt.Sprint(i), func(string) { seen++ })
			if err != nil || s != "done" || seen != 3 {
				t.Errorf("%d: %q, %v, seen %d", i, s, err, seen)
			}
		})
	}
	wg.Wait()
	if most := int64(time.Since(start)/p.Tick) + 2; calls.Load() > most {
		t.Errorf("%d calls in %s: more than one each %s", calls.Load(), time.Since(start), p.Tick)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) != 0 {
		t.Errorf("%d things are still watched", len(p.waiting))
	}
}

func TestPollerEnds(t *testing.T) {
	failed := errors.New("no access")
	p := &Poller[string]{Batch: 50, First: time.Millisecond, Longest: time.Millisecond, Tick: time.Millisecond,
		Ended: func(string) bool { return false },
		Describe: func(_ context.Context, ids []string) (map[string]string, error) {
			for _, id := range ids {
				if id == "bad" {
					return nil, failed
				}
			}
			return nil, nil
		}}
	if _, err := p.Wait(t.Context(), "bad", nil); !errors.Is(err, failed) {
		t.Errorf("an error of the call: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := p.Wait(ctx, "slow", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that was given up: %v", err)
	}
}
