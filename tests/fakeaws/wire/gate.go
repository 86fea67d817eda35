package wire

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// Gate stands before every call of a client, for tests that stop a client at a call. It carries the call out by calling serve, or does not;
// when it returns false the client gets no answer, and its connection is cut.
type Gate func(c Call, serve func()) (answer bool)

// SetGate puts a gate up, or takes it away with nil. Calls of the principal that is left out do not go through it.
func (s *Server) SetGate(g Gate, without string) {
	s.mu.Lock()
	s.gate, s.ungated = g, without
	s.mu.Unlock()
}

// gated serves a call through the gate, if there is one for it.
func (s *Server) gated(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	g, without := s.gate, s.ungated
	s.mu.Unlock()
	if g == nil || strings.HasPrefix(r.URL.Path, "/_fake/") {
		return false
	}
	scope, _ := readScope(r)
	c := Call{Service: scope.service, Operation: r.Method + " " + r.URL.Path, At: time.Now(), Principal: s.keys.principal(scope.accessKey)}
	if c.Principal == without {
		return false
	}
	if _, op, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		c.Operation = op
	}
	answer := &kept{header: http.Header{}, status: http.StatusOK}
	if g(c, func() { s.route(answer, r) }) {
		answer.send(w)
	} else if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			conn.Close()
		}
	}
	return true
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
func (k *kept) WriteHeader(status int)      { k.status = status }

func (k *kept) send(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	w.WriteHeader(k.status)
	w.Write(k.body.Bytes())
}
