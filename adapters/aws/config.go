// Package aws holds what the engines and publishers on AWS share: credentials and regions, retries that the user sees, one poller for
// all threads, the meaning of AWS's errors.
//
// Each of these is wrong in its own way when it is written twice: keys that expire in the middle of a run, a throttled account that every
// thread hammers for itself, an answer that got lost and is taken for a failure. The adapters bring the calls; this package decides how they
// are signed, repeated and paced. Endpoints are the SDK's own business (AWS_ENDPOINT_URL and its kin).
package aws

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/weft-data/weft/runner/engine"
)

// Options say who calls AWS and where. The zero value is the SDK's default chain: environment, shared files, web identity, instance.
type Options struct {
	Region string
	// Profile is a profile of the shared files.
	Profile string
	// AccessKey, SecretKey and SessionToken are keys given in words; all but the token, or none.
	AccessKey, SecretKey, SessionToken string
	// RoleARN is assumed with the credentials above, for Duration at a time (900 to 43,200 seconds), and again before that ends.
	RoleARN, ExternalID, SessionName string
	Duration                         time.Duration
	// Attempts is how often a call is tried in all before it fails.
	Attempts int
	// Voice tells of repetitions and of renewed keys; nil is silent.
	Voice *Voice
}

// Limits of sts:AssumeRole (AWS STS API reference).
const (
	minRoleDuration = 900 * time.Second
	maxRoleDuration = 43200 * time.Second
)

// Load makes the configuration that clients are built from. It calls nothing: keys are fetched when the first request is signed.
func Load(ctx context.Context, o Options) (aws.Config, error) {
	if (o.AccessKey == "") != (o.SecretKey == "") {
		return aws.Config{}, fmt.Errorf("an access key and a secret key must be given together")
	}
	load := []func(*config.LoadOptions) error{
		config.WithRetryer(func() aws.Retryer { return newRetryer(o.Attempts, o.Voice, nil) }),
		// Names the product in CloudTrail and in Athena's history.
		config.WithAppID("weft"),
		// The SDK writes its warnings to stderr, between the lines of a run. What matters of them comes back as an error or as a repetition, and is told.
		config.WithLogger(logging.Nop{}),
	}
	if o.Region != "" {
		load = append(load, config.WithRegion(o.Region))
	}
	if o.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.Profile))
	}
	if o.AccessKey != "" {
		load = append(load, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(o.AccessKey, o.SecretKey, o.SessionToken)))
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return aws.Config{}, err
	}
	renewable(&c, o)
	if o.RoleARN == "" {
		return c, nil
	}
	if o.Duration == 0 {
		o.Duration = time.Hour
	}
	if o.Duration < minRoleDuration || o.Duration > maxRoleDuration {
		return aws.Config{}, fmt.Errorf("a role is assumed for 900 to 43200 seconds at a time, not for %d", int(o.Duration.Seconds()))
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c), o.RoleARN, func(a *stscreds.AssumeRoleOptions) {
		a.RoleSessionName = o.SessionName
		a.Duration = o.Duration
		if o.ExternalID != "" {
			a.ExternalID = aws.String(o.ExternalID)
		}
	})
	// Keys are renewed five minutes before they end, so that no request is signed with keys that end under way.
	c.Credentials = aws.NewCredentialsCache(&renewals{provider: provider, role: o.RoleARN, voice: o.Voice}, func(c *aws.CredentialsCacheOptions) {
		c.ExpiryWindow = 5 * time.Minute
		c.ExpiryWindowJitterFrac = 0.2
	})
	renewable(&c, o)
	return c, nil
}

// renewable lets the clients of a configuration fetch new keys when AWS refuses the ones they have.
func renewable(c *aws.Config, o Options) {
	keys, _ := c.Credentials.(*aws.CredentialsCache)
	c.Retryer = func() aws.Retryer { return newRetryer(o.Attempts, o.Voice, keys) }
}

// renewals tells of every set of keys of a role after the first.
type renewals struct {
	provider aws.CredentialsProvider
	role     string
	voice    *Voice

	mu     sync.Mutex
	before bool
}

// Retrieve assumes the role.
func (r *renewals) Retrieve(ctx context.Context) (aws.Credentials, error) {
	keys, err := r.provider.Retrieve(ctx)
	if err != nil {
		return keys, err
	}
	r.mu.Lock()
	again := r.before
	r.before = true
	r.mu.Unlock()
	if again {
		r.voice.Tell("renewed", engine.Notice{Kind: engine.Renewed, Text: "the keys of " + r.role + " were renewed; they last until " + keys.Expires.UTC().Format(time.RFC3339)})
	}
	return keys, nil
}

// Identity is who the calls are made as.
type Identity struct {
	Account, ARN, UserID string
	// Ahead is how far AWS's clock is ahead of this machine's, to the second; Timed says that it is known, also where the call failed.
	Ahead time.Duration
	Timed bool
}

// WhoAmI asks STS.
func WhoAmI(ctx context.Context, c aws.Config) (Identity, error) {
	out, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		var who Identity
		who.Ahead, who.Timed = ahead(err, time.Now())
		return who, err
	}
	who := Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId)}
	if server, ok := middleware.GetServerTime(out.ResultMetadata); ok {
		if received, ok := middleware.GetResponseAt(out.ResultMetadata); ok {
			who.Ahead, who.Timed = server.Sub(received), true
		}
	}
	return who, nil
}

// Redact takes the options' secrets out of a text that people will see.
func (o Options) Redact(text string) string {
	for _, secret := range []string{o.SecretKey, o.SessionToken, o.ExternalID} {
		if len(secret) >= 4 {
			text = strings.ReplaceAll(text, secret, "****")
		}
	}
	return text
}
