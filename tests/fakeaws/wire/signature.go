package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// verify checks a Signature Version 4 as AWS does: that it was made with the secret of the key that it names, over this very request, now.
// payload is the body's digest, or what stands for it (x-amz-content-sha256). A client that signs wrongly works against no real service, so
// it must not work against a fake.
func verify(r *http.Request, sc scope, secret, payload string) *Error {
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil // a presigned address; only S3 has these, and nothing here makes them
	}
	var signedHeaders, signature string
	for _, part := range strings.Split(strings.TrimPrefix(header, "AWS4-HMAC-SHA256 "), ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch k {
		case "SignedHeaders":
			signedHeaders = v
		case "Signature":
			signature = v
		}
	}
	at := r.Header.Get("X-Amz-Date")
	t, err := time.Parse("20060102T150405Z", at)
	if err != nil || t.Format("20060102") != sc.date {
		return Errorf("IncompleteSignatureException", "Date must be in ISO-8601 'basic format' and that of the credential. Got '%s'", at)
	}
	if d := time.Since(t); d > 5*time.Minute || d < -5*time.Minute {
		return Errorf("InvalidSignatureException", "Signature expired: %s is now earlier or later than allowed", at)
	}
	names := strings.Split(signedHeaders, ";")
	if !sort.StringsAreSorted(names) || !slices.Contains(names, "host") {
		return Errorf("IncompleteSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	var b strings.Builder
	b.WriteString(r.Method + "\n" + canonicalPath(r, sc.service) + "\n" + canonicalQuery(r.URL.RawQuery) + "\n")
	for _, n := range names {
		b.WriteString(n + ":" + canonicalHeader(r, n) + "\n")
	}
	b.WriteString("\n" + signedHeaders + "\n" + payload)
	text := "AWS4-HMAC-SHA256\n" + at + "\n" + sc.date + "/" + sc.region + "/" + sc.service + "/aws4_request\n" + digest([]byte(b.String()))
	key := []byte("AWS4" + secret)
	for _, s := range []string{sc.date, sc.region, sc.service, "aws4_request", text} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(s))
		key = h.Sum(nil)
	}
	if !hmac.Equal([]byte(hex.EncodeToString(key)), []byte(signature)) {
		return Errorf("InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
	}
	return nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// canonicalPath is the path as it came; services other than S3 sign it escaped once more.
func canonicalPath(r *http.Request, service string) string {
	p, _, _ := strings.Cut(r.RequestURI, "?")
	if p == "" {
		p = "/"
	}
	if service == "s3" {
		return p
	}
	segments := strings.Split(p, "/")
	for i, s := range segments {
		segments[i] = escape(s)
	}
	return strings.Join(segments, "/")
}

// escape is the escaping of signatures: everything but letters, digits and -._~.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func canonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var out []string
	for _, kv := range strings.Split(raw, "&") {
		k, v, _ := strings.Cut(kv, "=")
		plainKey, _ := url.QueryUnescape(k)
		plainValue, _ := url.QueryUnescape(v)
		out = append(out, escape(plainKey)+"="+escape(plainValue))
	}
	sort.Strings(out)
	return strings.Join(out, "&")
}

func canonicalHeader(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		// Go takes it out of the headers.
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := r.Header.Values(name)
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}
