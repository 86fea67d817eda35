package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong with calls, by script.
type Fault struct {
	// Service and Operation choose calls ("athena", "GetQueryExecution"; for s3 the HTTP method); an empty operation is any. Match must be
	// part of the request's body (for s3: of its path) if it is set.
	Service, Operation, Match string
	// Skip calls go through before the first that fails; then Count calls fail, or all for Seconds.
	Skip, Count int
	Seconds     float64
	// Error is the code that is answered, with Message and Fields. "lost" instead does the call and cuts the connection before the
	// answer; "cut" cuts it before the call is done; DelayMillis waits first.
	Error, Message string
	Fields         map[string]any
	Lost, Cut      bool
	DelayMillis    int
	// Scanned is what an execution that fails by script had read.
	Scanned int64
	// Meanwhile happens before the call is served: what another client does just then. Only tests in this process can say it.
	Meanwhile func() `json:"-"`

	until time.Time
}

func (f Fault) message() string {
	if f.Message != "" {
		return f.Message
	}
	return "Rate exceeded"
}

// apply carries out a fault of the connection; it answers whether the call is to be served in the ordinary way after that.
func (f Fault) apply(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) bool {
	if f.Meanwhile != nil {
		f.Meanwhile()
	}
	if f.DelayMillis > 0 {
		select {
		case <-time.After(time.Duration(f.DelayMillis) * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	if f.Error != "" {
		f.failObject(w)
		return false
	}
	if !f.Lost && !f.Cut {
		return true
	}
	if f.Lost {
		serve(discard{http.Header{}})
	}
	if h, ok := w.(http.Hijacker); ok {
		if c, _, err := h.Hijack(); err == nil {
			c.Close()
		}
	}
	return false
}

// objectStatus is the HTTP status of S3's errors (S3 API reference, list of error codes); any other is 503.
var objectStatus = map[string]int{"AccessDenied": 403, "InvalidAccessKeyId": 403, "SignatureDoesNotMatch": 403, "RequestTimeTooSkewed": 403,
	"NoSuchBucket": 404, "NoSuchKey": 404, "PermanentRedirect": 301, "ExpiredToken": 400, "InternalError": 500}

// failObject answers as S3 does; Fields are headers.
func (f Fault) failObject(w http.ResponseWriter) {
	for name, value := range f.Fields {
		w.Header().Set(name, fmt.Sprint(value))
	}
	w.Header().Set("Content-Type", "application/xml")
	status := objectStatus[f.Error]
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, f.Error, f.message())
}

// discard is the writer of an answer that nobody gets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// Faults is what is scripted to go wrong.
type Faults struct {
	mu   sync.Mutex
	list []*Fault
}

// Take answers the fault that a call meets, if any, and counts it. Fakes ask too, for what fails behind the wire (an execution of a query that
// was accepted).
func (f *Faults) Take(service, op, body string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.list {
		if x.Service != service || x.Operation != "" && x.Operation != op || !strings.Contains(body, x.Match) {
			continue
		}
		if x.Skip > 0 {
			x.Skip--
			continue
		}
		if x.Seconds > 0 {
			if x.until.IsZero() {
				x.until = time.Now().Add(time.Duration(x.Seconds * float64(time.Second)))
			}
			if time.Now().After(x.until) {
				continue
			}
			return *x, true
		}
		if x.Count > 0 {
			x.Count--
			return *x, true
		}
	}
	return Fault{}, false
}

// Script adds faults; those added first are met first.
func (f *Faults) Script(list ...Fault) {
	f.mu.Lock()
	for _, x := range list {
		f.list = append(f.list, &x)
	}
	f.mu.Unlock()
}

// Calm removes all faults.
func (f *Faults) Calm() {
	f.mu.Lock()
	f.list = nil
	f.mu.Unlock()
}

// control is the server's own interface for tests in other processes: POST /_fake/faults with a list of Fault, DELETE to remove them, GET
// /_fake/calls and /_fake/defects.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, "/_fake/") {
	case "POST faults":
		var list []Fault
		if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.Faults.Script(list...)
		w.Write([]byte("{}"))
	case "DELETE faults":
		s.Faults.Calm()
		w.Write([]byte("{}"))
	case "GET calls":
		json.NewEncoder(w).Encode(s.Calls())
	case "GET defects":
		json.NewEncoder(w).Encode(s.Defects())
	default:
		http.NotFound(w, r)
	}
}
