package aws

import (
	"context"
	"slices"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Pace bounds the calls of all threads together: quotas of calls are the account's, and a call that is refused costs more time than
// one that waits its turn.
type Pace struct {
	// Every is the time between two calls in the long run; Burst calls may come at once after a pause.
	Every time.Duration
	Burst int

	mu   sync.Mutex
	next time.Time
}

// Wait returns when it is the caller's turn; turns are given in the order of asking.
func (p *Pace) Wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if earliest := now.Add(-time.Duration(p.Burst) * p.Every); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(p.Every)
	turn := p.next
	p.mu.Unlock()
	wait := turn.Sub(now)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Calls makes a client keep the pace with some of its operations. Each attempt of a call counts.
func (p *Pace) Calls(operations ...string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		wait := middleware.FinalizeMiddlewareFunc("WeftPace", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			if slices.Contains(operations, awsmiddleware.GetOperationName(ctx)) {
				if err := p.Wait(ctx); err != nil {
					return middleware.FinalizeOutput{}, middleware.Metadata{}, err
				}
			}
			return next.HandleFinalize(ctx, in)
		})
		return stack.Finalize.Insert(wait, "Retry", middleware.After)
	}
}
