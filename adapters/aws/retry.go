package aws

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// Retry is one repetition of a call, as the user is told of it.
type Retry struct {
	// Code is AWS's name of what went wrong ("ThrottlingException"), or "network".
	Code string
	// Attempt is the number of the attempt that failed, from 1; Of how many there are in all.
	Attempt, Of int
	After       time.Duration
	Throttled   bool
}

// The waits between attempts grow from about a second to this, each drawn at random up to its bound, so that threads that were throttled
// together do not come back together.
const maxWait = 20 * time.Second

// retryer is the SDK's standard one with our own bound on attempts, waits with full jitter, and a voice. The SDK's budget of tokens is
// left out: it stops repeating after some failures whatever their kind, and a run that is throttled for a minute must outlast that.
type retryer struct {
	*retry.Standard
	attempts int
	notify   func(Retry)
}

func newRetryer(attempts int, notify func(Retry)) aws.Retryer {
	if attempts <= 0 {
		attempts = 10
	}
	return &retryer{attempts: attempts, notify: notify, Standard: retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.RateLimiter = unlimited{}
		// Athena's own names of "too many", which the SDK does not take for throttling.
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{Codes: throttles}, retry.RetryableErrorCode{Codes: passing})
	})}
}

// throttles are codes that say "slower"; passing those that say "again".
var (
	throttles = map[string]struct{}{"TooManyRequestsException": {}, "ThrottlingException": {}, "Throttling": {}, "RequestLimitExceeded": {},
		"SlowDown": {}, "ProvisionedThroughputExceededException": {}, "LimitExceededException": {}, "ResourceNumberLimitExceededException": {}}
	passing = map[string]struct{}{"InternalServerException": {}, "InternalServiceException": {}, "OperationTimeoutException": {},
		"ServiceUnavailable": {}, "ResourceNotReadyException": {}}
)

// RetryDelay draws the wait before the next attempt, and tells of it.
func (r *retryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	bound := min(time.Second<<min(attempt-1, 10), maxWait)
	wait := bound/4 + rand.N(bound*3/4)
	if r.notify != nil {
		code := Code(err)
		_, throttled := throttles[code]
		if code == "" {
			code = "network"
		}
		r.notify(Retry{Code: code, Attempt: attempt, Of: r.attempts, After: wait, Throttled: throttled})
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
