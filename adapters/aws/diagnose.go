package aws

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Diagnosis is an error of a call in words that people can act on.
type Diagnosis struct {
	// Found is what happened, Mend what can be done.
	Found, Mend string
	// Denied says that the caller lacks a right, Unreachable that no answer came, Expired that keys are no good.
	Denied, Unreachable, Expired bool
}

// Call is what was tried: the IAM action ("glue:GetDatabase") and what it was tried on.
type Call struct{ Action, Resource, Region string }

// Diagnose explains an error of a call.
func Diagnose(err error, call Call) Diagnosis {
	code, message := Code(err), Message(err)
	switch {
	case unsigned(err):
		return Diagnosis{Found: "no credentials were found: " + cause(err), Expired: true,
			Mend: "set aws_profile_name in the profile, AWS_PROFILE, or keys in the environment; `aws sso login` renews a session of SSO"}
	case strings.HasPrefix(code, "KMS.") || strings.Contains(message, "kms:"):
		return Diagnosis{Found: "AWS refuses the key of the bucket's encryption: " + message, Denied: true,
			Mend: "allow kms:GenerateDataKey and kms:Decrypt on that key, in the key's policy too"}
	case code == "ExpiredToken" || code == "ExpiredTokenException" || code == "RequestExpired":
		return Diagnosis{Found: "the keys have expired (" + code + ")", Expired: true, Mend: Hint(err)}
	case code == "RequestTimeTooSkewed" || strings.Contains(message, "Signature expired") || strings.Contains(message, "Signature not yet current"):
		return Diagnosis{Found: "AWS refuses the time of the request: " + message, Mend: "set this machine's clock (NTP)"}
	case code == "UnrecognizedClientException" || code == "InvalidClientTokenId" || code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch" || code == "InvalidSignatureException":
		return Diagnosis{Found: "AWS does not know these keys (" + code + ")", Expired: true,
			Mend: "look at aws_profile_name, AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; new keys take some seconds to be known; a partition such as China has keys of its own"}
	case code == "OptInRequired" || code == "SubscriptionRequiredException":
		return Diagnosis{Found: "the account does not use this service or region: " + message, Mend: "enable the region for the account, or set another region_name"}
	case code == "AccessDenied" || code == "AccessDeniedException" || code == "Forbidden" || status(err) == 403:
		d := Diagnosis{Denied: true, Found: "AWS refuses " + call.Action + " on " + call.Resource}
		if message != "" && message != "Forbidden" {
			d.Found += ": " + message
		}
		d.Mend = "allow " + call.Action + " on " + call.Resource + " to this identity (docs/adapters.md has the policies)"
		if strings.Contains(message, "explicit deny") {
			d.Mend = "some policy denies " + call.Action + " explicitly: look at the policies of the identity, of the resource, and at the organization's (SCP)"
		}
		return d
	case code == "NoSuchBucket" || code == "NotFound" && strings.HasPrefix(call.Action, "s3:"):
		return Diagnosis{Found: "the bucket " + bucketOf(call.Resource) + " does not exist", Mend: "make the bucket in region " + call.Region + ", or correct its name in the profile"}
	case status(err) == 301 || code == "PermanentRedirect" || code == "MovedPermanently" || code == "AuthorizationHeaderMalformed" || code == "IllegalLocationConstraintException":
		return Elsewhere(call, header(err, "x-amz-bucket-region"))
	case code != "":
		return Diagnosis{Found: code + ": " + message, Mend: "see what AWS says of " + code + " for " + call.Action}
	}
	return unreachable(err, call)
}

// Elsewhere is a bucket that is in another region, "" if nobody says in which.
func Elsewhere(call Call, region string) Diagnosis {
	where := "another region"
	if region != "" {
		where = region
	}
	return Diagnosis{Found: "the bucket " + bucketOf(call.Resource) + " is in " + where + ", Athena is asked in " + call.Region,
		Mend: "use a bucket in " + call.Region + ", or set region_name to " + where}
}

// bucketOf is the bucket's name in an ARN or a URL of S3.
func bucketOf(resource string) string {
	if _, rest, ok := strings.Cut(resource, ":::"); ok {
		resource = rest
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(resource, "s3://"), "/")
	return "`" + name + "`"
}

// unreachable explains that no answer came.
func unreachable(err error, call Call) Diagnosis {
	d := Diagnosis{Unreachable: true, Found: "no answer: " + cause(err)}
	var dns *net.DNSError
	var certificate *x509.UnknownAuthorityError
	var named x509.HostnameError
	switch {
	case errors.As(err, &dns):
		d.Found = "there is no host " + dns.Name
		d.Mend = "look at region_name (" + call.Region + "), endpoint_url and AWS_ENDPOINT_URL, and at the name servers; in a network without a way out the service needs an interface endpoint"
	case errors.As(err, &certificate), errors.As(err, &named), strings.Contains(err.Error(), "x509:"):
		d.Mend = "a proxy seems to sign the connections: name its certificates in AWS_CA_BUNDLE"
	case errors.Is(err, context.DeadlineExceeded):
		d.Found = "no answer in time"
		d.Mend = "look at firewalls, proxies (HTTPS_PROXY, NO_PROXY) and endpoints of the network"
	default:
		d.Mend = "look at endpoint_url and AWS_ENDPOINT_URL, at proxies (HTTPS_PROXY, NO_PROXY) and firewalls"
	}
	return d
}

// unsigned says that a call failed because there were no keys to sign it with.
func unsigned(err error) bool {
	if Code(err) != "" {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "get credentials") || strings.Contains(s, "failed to refresh cached credentials") || strings.Contains(s, "get identity")
}

// Message is the service's own message, without what the SDK says around it; empty if no service answered.
func Message(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorMessage()
	}
	return ""
}

func status(err error) int {
	var r *awshttp.ResponseError
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

func header(err error, name string) string {
	var r *awshttp.ResponseError
	if errors.As(err, &r) && r.Response != nil {
		return r.Response.Header.Get(name)
	}
	return ""
}

// ahead is how far AWS's clock is ahead of this machine's, by the date of an error's answer.
func ahead(err error, now time.Time) (time.Duration, bool) {
	at, bad := time.Parse(time.RFC1123, header(err, "Date"))
	if bad != nil {
		return 0, false
	}
	return at.Sub(now), true
}

// Keys says until when a configuration's keys last, and whether there is an end; source is what the SDK calls the place they come from.
func Keys(ctx context.Context, c aws.Config) (until time.Time, ends bool, source string, err error) {
	if c.Credentials == nil {
		return until, false, "", errors.New("get credentials: none are configured")
	}
	k, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return until, false, "", err
	}
	// A session token without a known end ends all the same.
	return k.Expires, k.CanExpire || k.SessionToken != "", k.Source, nil
}
