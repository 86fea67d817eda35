// Package wire speaks the protocols of AWS over HTTP for the fakes, so that each fake is only functions from a request to an answer.
//
// One server stands for all services: a request is told by its target header or by the service that it was signed for, as
// a real client sends it; AWS_ENDPOINT_URL is all that a client needs to be told. Every request is checked by the service's
// published model before a fake sees it, and every answer before a client sees it: a fake that answers what the model does not allow
// fails its caller with HTTP 500 and is entered as a defect (Server.Defects), which tests assert to be none.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
)

// Caller is who sent a request.
type Caller struct {
	AccessKey, Region string
	// Principal is the ARN that the access key stands for.
	Principal string
}

// Error is an error as a service answers it: the name of its shape and its members ("Message" is added).
type Error struct {
	Code, Message string
	Fields        map[string]any
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf makes an Error.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Handler answers one operation: input and output are the JSON forms of its shapes.
type Handler func(ctx context.Context, who Caller, input []byte) (any, error)

// Op makes a handler of a function over structs with JSON tags.
func Op[In, Out any](f func(ctx context.Context, who Caller, in In) (Out, error)) Handler {
	return func(ctx context.Context, who Caller, input []byte) (any, error) {
		var in In
		d := json.NewDecoder(bytes.NewReader(input))
		d.UseNumber()
		if err := d.Decode(&in); err != nil {
			return nil, Errorf("SerializationException", "%v", err)
		}
		return f(ctx, who, in)
	}
}

// Service is one fake: its model, the error it answers to input that breaks the model, and its operations.
type Service struct {
	Model *awsmodel.Service
	// Invalid is the error for input that breaks the model ("ValidationException", Athena's "InvalidRequestException").
	Invalid string
	// SignedAs is the name that requests are signed for, where it is not the model's name.
	SignedAs   string
	Operations map[string]Handler
}

// Call is one request that was served, for tests that count and time them.
type Call struct {
	Service, Operation string
	At                 time.Time
	// Principal is who called, if it was told.
	Principal string
	// Error is the code of the error that it was answered with, or empty; Message is the error's.
	Error, Message string
}

// Server serves the fakes and hands everything else to the store of objects.
type Server struct {
	URL string
	*Faults

	services map[string]*Service // by signing name
	objects  http.Handler        // S3
	keys     *Keys
	http     *http.Server

	mu      sync.Mutex
	calls   []Call
	defects []string
	gate    Gate
	ungated string
}

// Start serves on an address ("127.0.0.1:0" for any port). objects answers requests signed for s3.
func Start(addr string, keys *Keys, faults *Faults, objects http.Handler, services ...*Service) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + l.Addr().String(), Faults: faults, services: map[string]*Service{}, objects: objects, keys: keys}
	for _, svc := range services {
		name := svc.SignedAs
		if name == "" {
			name = svc.Model.Name
		}
		s.services[name] = svc
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go s.http.Serve(l)
	return s, nil
}

// Close stops serving; requests under way are cut off.
func (s *Server) Close() error { return s.http.Close() }

// Calls are the calls served so far.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Defects are the answers that a fake gave and its model does not allow.
func (s *Server) Defects() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.defects...)
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.mu.Unlock()
}

// ServeHTTP routes a request to its service.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.gated(w, r) {
		s.route(w, r)
	}
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_fake/") {
		s.control(w, r)
		return
	}
	scope, signed := readScope(r)
	svc := s.services[scope.service]
	if svc == nil {
		if target := r.Header.Get("X-Amz-Target"); target != "" {
			http.Error(w, "no fake for "+target, http.StatusNotImplemented)
			return
		}
		if f, ok := s.Take("s3", r.Method, r.URL.Path); ok && !f.apply(w, r, func(w http.ResponseWriter) { s.objects.ServeHTTP(w, r) }) {
			return
		}
		if e := s.identifyS3(scope, signed, r); e != nil {
			s.record(Call{Service: "s3", Operation: r.Method, At: time.Now(), Error: e.Code, Message: e.Message})
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, e.Code, e.Message)
			return
		}
		s.record(Call{Service: "s3", Operation: r.Method, Principal: s.keys.principal(scope.accessKey), At: time.Now()})
		s.objects.ServeHTTP(w, r)
		return
	}
	p := protocolOf(svc.Model)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	op, input, perr := p.decode(r, svc.Model, body)
	if perr != nil {
		p.fail(w, svc.Model, perr)
		return
	}
	answer := func(w http.ResponseWriter) {
		out, failure := s.serve(r.Context(), svc, op, input, scope, signed, r, digest(body))
		call := Call{Service: svc.Model.Name, Operation: op, Principal: s.keys.principal(scope.accessKey), At: time.Now()}
		if failure != nil {
			call.Error, call.Message = failure.Code, failure.Message
			p.fail(w, svc.Model, failure)
		} else {
			p.answer(w, svc.Model, op, out)
		}
		s.record(call)
	}
	if f, ok := s.Take(svc.Model.Name, op, string(body)); ok {
		if f.Error != "" {
			p.fail(w, svc.Model, &Error{Code: f.Error, Message: f.message(), Fields: f.Fields})
			s.record(Call{Service: svc.Model.Name, Operation: op, Principal: s.keys.principal(scope.accessKey), At: time.Now(), Error: f.Error, Message: f.message()})
			return
		}
		if !f.apply(w, r, answer) {
			return
		}
	}
	answer(w)
}

// Call lets a fake do an operation without the wire, for tests that set a state up or look at it: who is the caller, in and the answer are as JSON
// has them. It is checked by the model as any call, and counted as none.
func (s *Server) Call(ctx context.Context, who Caller, service, op string, in map[string]any) (map[string]any, error) {
	var svc *Service
	for _, x := range s.services {
		if x.Model.Name == service {
			svc = x
		}
	}
	if svc == nil {
		return nil, fmt.Errorf("there is no fake of %s", service)
	}
	input, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	text, failure := s.do(ctx, svc, op, input, who)
	if failure != nil {
		return nil, failure
	}
	var out map[string]any
	err = json.Unmarshal(text, &out)
	return out, err
}

// serve checks who calls, and lets the fake do the rest.
func (s *Server) serve(ctx context.Context, svc *Service, op string, input []byte, scope scope, signed bool, r *http.Request, payload string) ([]byte, *Error) {
	who, failure := s.keys.identify(scope, signed, r, payload)
	if failure != nil {
		return nil, failure
	}
	return s.do(ctx, svc, op, input, who)
}

// do checks what is asked and what is answered.
func (s *Server) do(ctx context.Context, svc *Service, op string, input []byte, who Caller) ([]byte, *Error) {
	shape := svc.Model.Operations[op]
	h := svc.Operations[op]
	if shape.Name == "" || h == nil {
		return nil, Errorf("UnknownOperationException", "the fake of %s has no operation %s", svc.Model.Name, op)
	}
	if v, err := decode(input); err != nil {
		return nil, Errorf("SerializationException", "%v", err)
	} else if found := svc.Model.Check(shape.Input, v, false); len(found) > 0 {
		return nil, &Error{Code: svc.Invalid, Message: awsmodel.Message(found)}
	}
	out, err := h(ctx, who, input)
	if err != nil {
		e, ok := err.(*Error)
		if !ok {
			e = Errorf("InternalServerException", "%v", err)
		}
		return nil, e
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, s.defect("%s.%s: %v", svc.Model.Name, op, err)
	}
	v, err := decode(text)
	if err != nil {
		return nil, s.defect("%s.%s: %v", svc.Model.Name, op, err)
	}
	if found := svc.Model.Check(shape.Output, v, true); len(found) > 0 {
		return nil, s.defect("%s.%s answers against its model: %s", svc.Model.Name, op, awsmodel.Message(found))
	}
	return text, nil
}

func (s *Server) defect(format string, args ...any) *Error {
	m := fmt.Sprintf(format, args...)
	s.mu.Lock()
	s.defects = append(s.defects, m)
	s.mu.Unlock()
	return Errorf("InternalServerException", "defect of the fake: %s", m)
}

func decode(text []byte) (any, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	return v, d.Decode(&v)
}
