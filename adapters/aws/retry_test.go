package aws

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"github.com/weft-data/weft/runner/engine"
)

// However the waits are drawn, a call that is throttled is repeated for more than a minute, and one that fails otherwise as often as it was
// asked for.
func TestPatience(t *testing.T) {
	for range 50 {
		r := newRetryer(2, nil, nil)
		total := time.Duration(0)
		for attempt := 1; attempt < r.MaxAttempts(); attempt++ {
			wait, err := r.RetryDelay(attempt, &smithy.GenericAPIError{Code: "ThrottlingException"})
			if err != nil || wait <= 0 || wait > maxWait {
				t.Fatalf("attempt %d: %s, %v", attempt, wait, err)
			}
			total += wait
		}
		if total < time.Minute {
			t.Errorf("throttling is endured for %s", total)
		}
	}
	broken := errors.New("connection reset")
	r := newRetryer(2, nil, nil)
	if _, err := r.RetryDelay(1, broken); err != nil {
		t.Errorf("the first failure: %v", err)
	}
	if _, err := r.RetryDelay(2, broken); !errors.Is(err, broken) {
		t.Errorf("the second failure: %v", err)
	}
}

// Many threads with one trouble are one notice, which counts them.
func TestVoice(t *testing.T) {
	var told []engine.Notice
	v := &Voice{Quiet: 30 * time.Millisecond, Notify: func(n engine.Notice) { told = append(told, n) }}
	for range 64 {
		v.Tell("throttled", engine.Notice{Kind: engine.Throttled})
	}
	v.Tell("renewed", engine.Notice{Kind: engine.Renewed})
	time.Sleep(40 * time.Millisecond)
	v.Tell("throttled", engine.Notice{Kind: engine.Throttled})
	if len(told) != 3 || told[0].Times != 1 || told[2].Times != 64 {
		t.Errorf("told %+v", told)
	}
}
