package wire

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Keys are the access keys that the fakes know, and whom they stand for.
type Keys struct {
	mu    sync.Mutex
	known map[string]Key
}

// Key is one access key. Token is the session token that must come with it, Expires the instant after which it is refused; zero is
// never.
type Key struct {
	Secret, Token string
	Principal     string
	Expires       time.Time
}

// NewKeys makes a set with one permanent key.
func NewKeys(accessKey, secret, principal string) *Keys {
	return &Keys{known: map[string]Key{accessKey: {Secret: secret, Principal: principal}}}
}

// Put adds or replaces a key.
func (k *Keys) Put(accessKey string, key Key) {
	k.mu.Lock()
	k.known[accessKey] = key
	k.mu.Unlock()
}

// principal is whom a key stands for, if it is known.
func (k *Keys) principal(accessKey string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[accessKey].Principal
}

// identify answers who signed a request, in the words of the AWS front door. payload is the digest of the body.
func (k *Keys) identify(sc scope, signed bool, r *http.Request, payload string) (Caller, *Error) {
	if !signed {
		return Caller{}, Errorf("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	k.mu.Lock()
	key, ok := k.known[sc.accessKey]
	k.mu.Unlock()
	if !ok || key.Token != r.Header.Get("X-Amz-Security-Token") {
		return Caller{}, Errorf("UnrecognizedClientException", "The security token included in the request is invalid.")
	}
	if e := verify(r, sc, key.Secret, payload); e != nil {
		return Caller{}, e
	}
	if !key.Expires.IsZero() && time.Now().After(key.Expires) {
		return Caller{}, Errorf("ExpiredTokenException", "The security token included in the request is expired")
	}
	return Caller{AccessKey: sc.accessKey, Region: sc.region, Principal: key.Principal}, nil
}

// identifyS3 does the same for S3, which has names of its own for what is wrong. The body is not read here: its digest is signed as the client
// gives it, and objects checks what it takes.
func (s *Server) identifyS3(sc scope, signed bool, r *http.Request) *Error {
	_, e := s.keys.identify(sc, signed, r, r.Header.Get("X-Amz-Content-Sha256"))
	if e == nil {
		return nil
	}
	code := map[string]string{"MissingAuthenticationTokenException": "AccessDenied", "UnrecognizedClientException": "InvalidAccessKeyId",
		"ExpiredTokenException": "ExpiredToken", "InvalidSignatureException": "SignatureDoesNotMatch"}[e.Code]
	if code == "" {
		code = "AccessDenied"
	}
	return Errorf(code, "%s", strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(e.Message))
}

// scope is what a signature says that it is for.
type scope struct{ accessKey, date, region, service string }

// readScope reads the credential scope of a Signature Version 4, from the header or from a presigned address.
func readScope(r *http.Request) (scope, bool) {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if a := r.Header.Get("Authorization"); strings.HasPrefix(a, "AWS4-HMAC-SHA256 ") {
		for _, part := range strings.Split(strings.TrimPrefix(a, "AWS4-HMAC-SHA256 "), ",") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(part), "Credential="); ok {
				credential = v
			}
		}
	}
	p := strings.Split(credential, "/")
	if len(p) != 5 || p[4] != "aws4_request" {
		return scope{}, false
	}
	return scope{p[0], p[1], p[2], p[3]}, true
}
