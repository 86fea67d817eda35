package aws

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/weft-data/weft/runner/engine"
)

// Classify says what kind of failure an error of a call is. submitted says whether the call may have been carried out although no answer came:
// then a broken connection leaves the outcome unknown.
func Classify(err error, submitted bool) engine.Class {
	var api smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return classOf(api.ErrorCode())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return engine.Cancelled
	case strings.Contains(err.Error(), "get credentials"), strings.Contains(err.Error(), "failed to refresh cached credentials"), strings.Contains(err.Error(), "get identity"):
		return engine.Denied
	case submitted:
		return engine.Unknown
	}
	return engine.Transient
}

func classOf(code string) engine.Class {
	if _, ok := throttles[code]; ok {
		return engine.Capacity
	}
	if _, ok := passing[code]; ok {
		return engine.Transient
	}
	switch code {
	case "AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "InvalidClientTokenId", "ExpiredTokenException", "ExpiredToken",
		"InvalidSignatureException", "SignatureDoesNotMatch", "MissingAuthenticationTokenException", "IncompleteSignature", "Forbidden":
		return engine.Denied
	case "ConcurrentModificationException", "VersionMismatchException", "PreconditionFailed", "ConditionalRequestConflict":
		return engine.Conflict
	}
	return engine.Permanent
}

// Hint says what can be done about an error of rights, keys or the network.
func Hint(err error) string {
	switch Code(err) {
	case "ExpiredTokenException", "ExpiredToken":
		return "the session token has expired: renew it (aws sso login, or new keys in the environment), or let weft assume a role by assume_role_arn, which it renews itself"
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch":
		return "AWS does not know these keys: look at aws_profile_name, AWS_PROFILE and AWS_ACCESS_KEY_ID; `weft debug` shows which identity is used"
	case "AccessDeniedException", "AccessDenied", "Forbidden":
		return "the identity lacks a right: docs/adapters.md lists the IAM actions of each feature, and `weft debug` tries them"
	}
	if err == nil {
		return ""
	}
	var network net.Error
	switch text := err.Error(); {
	case strings.Contains(text, "get credentials"), strings.Contains(text, "get identity"):
		return "no credentials were found: set aws_profile_name in the profile, AWS_PROFILE, or keys in the environment"
	case errors.As(err, &network):
		return "AWS was not reached: look at the network, a proxy (HTTPS_PROXY), region_name, and at AWS_ENDPOINT_URL if it is set"
	}
	return ""
}
