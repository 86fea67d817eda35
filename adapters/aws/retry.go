package aws

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"github.com/weft-data/weft/runner/engine"
)

// The waits between attempts grow from about a second to this, each drawn at random up to its bound, so that threads that were throttled
// together do not come back together.
const maxWait = 20 * time.Second

// throttledAttempts is how often a call that is throttled is tried, however few attempts others have: the least sum of the waits between
// them is over a minute, and an account that is busy for a minute is no reason for a run to fail.
const throttledAttempts = 20

// retryer is the SDK's standard one with our own bounds on attempts, waits with full jitter, and a voice. The SDK's budget of tokens is
// left out: it stops repeating after some failures whatever their kind, and a run that is throttled for a minute must outlast that.
type retryer struct {
	*retry.Standard
	attempts int
	voice    *Voice
	// keys are renewed when AWS says that they have expired; nil if there is nothing to renew.
	keys *aws.CredentialsCache
}

func newRetryer(attempts int, voice *Voice, keys *aws.CredentialsCache) aws.Retryer {
	if attempts <= 0 {
		attempts = 10
	}
	return &retryer{attempts: attempts, voice: voice, keys: keys, Standard: retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = max(attempts, throttledAttempts)
		o.RateLimiter = unlimited{}
		// Athena's own names of "too many", which the SDK does not take for throttling.
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{Codes: throttles}, retry.RetryableErrorCode{Codes: passing})
	})}
}

// throttles are codes that say "slower"; passing those that say "again"; expired those that say "with new keys".
var (
	throttles = map[string]struct{}{"TooManyRequestsException": {}, "ThrottlingException": {}, "Throttling": {}, "RequestLimitExceeded": {},
		"SlowDown": {}, "ProvisionedThroughputExceededException": {}, "LimitExceededException": {}, "ResourceNumberLimitExceededException": {}}
	passing = map[string]struct{}{"InternalServerException": {}, "InternalServiceException": {}, "OperationTimeoutException": {},
		"ServiceUnavailable": {}, "ResourceNotReadyException": {}}
	expired = map[string]struct{}{"ExpiredTokenException": {}, "ExpiredToken": {}, "RequestExpired": {}}
)

// IsErrorRetryable says whether a call may be repeated. Keys that AWS takes for expired although their time is not up (a clock that is slow,
// a session that was ended) are thrown away if new ones can be had.
func (r *retryer) IsErrorRetryable(err error) bool {
	if _, ended := expired[Code(err)]; ended && r.keys != nil {
		if held, cannot := r.keys.Retrieve(context.Background()); cannot == nil && held.CanExpire {
			r.keys.Invalidate()
			return true
		}
	}
	return r.Standard.IsErrorRetryable(err)
}

// RetryDelay draws the wait before the next attempt, and tells of it. What is not throttled has fewer attempts.
func (r *retryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	code := Code(err)
	_, throttled := throttles[code]
	if !throttled && attempt >= r.attempts {
		return 0, fmt.Errorf("after %d attempts: %w", attempt, err)
	}
	bound := min(time.Second<<min(max(attempt-1, 0), 10), maxWait)
	wait := bound/4 + rand.N(bound*3/4)
	if _, ended := expired[code]; ended {
		return wait / 8, nil // the renewal itself is told
	}
	switch {
	case throttled:
		r.voice.Tell("throttled "+code, engine.Notice{Kind: engine.Throttled, Text: "AWS throttles this account's calls (" + code + ")", Wait: wait})
	case code == "":
		r.voice.Tell("network", engine.Notice{Kind: engine.Repeated, Text: "no answer from AWS: " + cause(err), Wait: wait})
	default:
		r.voice.Tell("repeated "+code, engine.Notice{Kind: engine.Repeated, Text: "a call to AWS failed and is repeated (" + code + ")", Wait: wait})
	}
	return wait, nil
}

// unlimited is no budget at all.
type unlimited struct{}

func (unlimited) GetToken(context.Context, uint) (func() error, error) {
	return func() error { return nil }, nil
}
func (unlimited) AddTokens(uint) error { return nil }

// Code is AWS's name of an error, empty if it did not come from a service.
func Code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// cause is the innermost error, which is the one that people can act on.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
