// Package objects fakes S3 for the engine tests: the objects that Trino and weft read and write, in memory.
//
// It is gofakes3 behind the conditions that gofakes3 leaves out: If-Match of GET, of DELETE and of the completion of a multipart upload
// (found by driving it beside real S3's documented answers). weft's publishing rests on such conditions, so a stand-in that ignores one
// would prove nothing.
package objects

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Store is the objects of one account.
type Store struct {
	backend gofakes3.Backend
	handler http.Handler
}

// New makes a store with some buckets.
func New(buckets ...string) (*Store, error) {
	b := s3mem.New()
	for _, name := range buckets {
		if err := b.CreateBucket(name); err != nil {
			return nil, err
		}
	}
	return &Store{backend: b, handler: gofakes3.New(b, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()}, nil
}

// ServeHTTP answers S3 requests by path.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if want := r.Header.Get("If-Match"); want != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodDelete) {
		bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if o, err := s.backend.HeadObject(bucket, key); err == nil && want != "*" && strings.Trim(want, `"`) != tag(o) {
			fail(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
			return
		}
	}
	if err := plain(r); err != nil {
		fail(w, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	s.handler.ServeHTTP(w, r)
}

// Keys lists the keys of a bucket below a prefix, for tests that look into the store.
func (s *Store) Keys(bucket, prefix string) ([]string, error) {
	var keys []string
	page := gofakes3.ListBucketPage{MaxKeys: 1000}
	for {
		l, err := s.backend.ListBucket(bucket, &gofakes3.Prefix{HasPrefix: prefix != "", Prefix: prefix}, page)
		if err != nil {
			return nil, err
		}
		for _, c := range l.Contents {
			keys = append(keys, c.Key)
		}
		if !l.IsTruncated {
			return keys, nil
		}
		page.Marker, page.HasMarker = l.NextMarker, true
	}
}

// Put stores an object.
func (s *Store) Put(bucket, key string, body []byte) error {
	_, err := s.backend.PutObject(bucket, key, map[string]string{}, bytes.NewReader(body), int64(len(body)), nil)
	return err
}

func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>` + code + `</Code><Message>` + message + `</Message></Error>`))
}

// Delete removes an object; one that is not there is no error, as in S3.
func (s *Store) Delete(bucket, key string) error {
	_, err := s.backend.DeleteObject(bucket, key)
	return err
}
