package aws

import (
	"sync"
	"time"

	"github.com/weft-data/weft/runner/engine"
)

// Voice tells of what is waited for, but of the same thing no more often than each Quiet: sixty-four threads that are throttled at once are
// one piece of news.
type Voice struct {
	Notify func(engine.Notice)
	// Quiet is the least time between two notices of one subject; 0 means five seconds.
	Quiet time.Duration

	mu   sync.Mutex
	said map[string]*subject
}

type subject struct {
	at    time.Time
	count int // since it was last told
}

// Tell tells a notice on a subject, or counts it for the next one. A nil voice is silent.
func (v *Voice) Tell(about string, n engine.Notice) {
	if v == nil || v.Notify == nil {
		return
	}
	quiet := v.Quiet
	if quiet == 0 {
		quiet = 5 * time.Second
	}
	v.mu.Lock()
	if v.said == nil {
		v.said = map[string]*subject{}
	}
	s := v.said[about]
	if s == nil {
		s = &subject{}
		v.said[about] = s
	}
	s.count++
	now := time.Now()
	if !s.at.IsZero() && now.Sub(s.at) < quiet {
		v.mu.Unlock()
		return
	}
	n.Times = s.count
	s.at, s.count = now, 0
	v.mu.Unlock()
	v.Notify(n)
}
