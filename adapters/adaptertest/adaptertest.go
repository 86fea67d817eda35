// Package adaptertest is what every adapter must do, as tests that each adapter runs against its own engine.
//
// The contract in runner/engine says in words what a runner may rely on; this package holds adapters to the words. It knows no engine:
// what engines spell differently comes in a Harness, and what they can and cannot do is read from their dialect's data, so that an
// engine is excused by what the compiler knows of it too and by nothing else.
package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// Harness is an engine as the suite sees it.
type Harness struct {
	// Dialect is the name of the engine's dialect.
	Dialect string
	// Open opens the engine on a place that is the test's own. Within one test it is the same place each time. Tests of an engine that has
	// but one place work in schemas of their own.
	Open func(t *testing.T, readOnly bool) engine.Engine
	// Database is the database that the suite works in, Schema how the names of its schemas begin.
	Database, Schema string
	// ReadOnly says that the engine can be opened so that nothing can be written.
	ReadOnly bool

	// CreateSchema, CreateTable and CreateView are statements; a query is one that Series or the suite itself wrote.
	CreateSchema            func(schema node.Relation) string
	CreateTable, CreateView func(r node.Relation, query string) string
	DropTable               func(r node.Relation) string
	// Relation is how a query names a relation, Identifier how it names a column.
	Relation   func(node.Relation) string
	Identifier func(string) string
	// Refuses are names that the engine does not take.
	Refuses []string
	// Series is a query for the whole numbers from 1 to n, in order, in a column `i`.
	Series func(n int) string
	// Endless is a query that does not end within an hour, and that reads and keeps little.
	Endless string

	// Weft runs a command line of weft in a folder, in this process, and gives the exit code and what it printed.
	Weft func(ctx context.Context, dir string, args ...string) (code int, output string)
	// Output is the profile's output for the place that Open opens, without schema.
	Output func(t *testing.T) map[string]any
	// Reader, if set, opens another way to read than by sessions of the engine, for readers that are to look often. Values are texts.
	Reader func(t *testing.T) func(ctx context.Context, sql string) ([][]string, error)
	// Builds is how many builds go on under readers' eyes: 50 are enough for all kinds of builds of all kinds of relations.
	Builds int
	// Vars are variables of the suite's projects: `moment` is the type of times that tables can hold.
	Vars map[string]any

	// Values are expressions of every type that the engine has, with the value they must come back as.
	Values []Value
	// Failures are statements that fail, with what must be said of them.
	Failures []Failure
}

// Value is an expression with the value and the type that a query for it answers.
type Value struct {
	SQL string
	// Want is compared by its Go type and its text.
	Want engine.Value
	Type string
}

// Failure is a statement that fails. Class must be the class of the failure; At is the text that the engine points at, "" if it points
// nowhere.
type Failure struct {
	SQL, At string
	Class   engine.Class
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	d, ok := dialect.Get(h.Dialect)
	if !ok {
		t.Fatalf("there is no dialect %q", h.Dialect)
	}
	s := suite{h, d, new(atomic.Int64)}
	for _, c := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"about", s.about},
		{"schemas are observed", s.seesSchemas},
		{"relations are observed", s.relations},
		{"what is not there is no error", s.absent},
		{"a large schema is observed at once", s.many},
		{"identifiers of any kind", s.identifiers},
		{"each statement has its answer", s.answers},
		{"values keep their types", s.values},
		{"rows come over many pages", s.pages},
		{"rows stop at a limit", s.limit},
		{"failures have a class and a place", s.failures},
		{"an atomic batch leaves nothing", s.atomicBatch},
		{"a transaction spans batches", s.transaction},
		{"cancel", s.cancel},
		{"a context that ends", s.contextEnds},
		{"sessions work side by side", s.sessions},
		{"temporary tables are the session's", s.temporary},
		{"nothing is written read-only", s.readOnly},
		{"what was written stays", s.stays},
		{"scripts and hooks open transactions", s.scripts},
		{"materializations", s.materializes},
		{"readers see what is naive", s.readersSee},
		{"readers see the old or the new", s.readers},
	} {
		t.Run(c.name, c.run)
	}
}

type suite struct {
	Harness
	dialect *dialect.Dialect
	schemas *atomic.Int64 // how many there are
}

// place is an open engine with a schema of its own and a session.
type place struct {
	suite
	engine.Engine
	session engine.Session
	schema  node.Relation
}

func (s suite) place(t *testing.T) place {
	t.Helper()
	p := place{suite: s, Engine: s.open(t, false), schema: s.nextSchema()}
	p.session = open(t, p.Engine)
	p.do(t, s.CreateSchema(p.schema))
	return p
}

// nextSchema is a schema that no other test has.
func (s suite) nextSchema() node.Relation {
	return node.Relation{Database: s.Database, Schema: fmt.Sprintf("%s_%d", s.Schema, s.schemas.Add(1))}
}

func (s suite) open(t *testing.T, readOnly bool) engine.Engine {
	t.Helper()
	e := s.Open(t, readOnly)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing the engine: %v", err)
		}
	})
	return e
}

func open(t *testing.T, e engine.Engine) engine.Session {
	t.Helper()
	session, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// relation is a relation of the place's schema.
func (p place) relation(name string) node.Relation {
	r := p.schema
	r.Identifier = name
	return r
}

func (p place) do(t *testing.T, statements ...string) {
	t.Helper()
	do(t, p.session, statements...)
}

func do(t *testing.T, session engine.Session, statements ...string) {
	t.Helper()
	if _, err := session.Do(t.Context(), batch(false, statements...)); err != nil {
		t.Fatalf("%q: %v", statements, err)
	}
}

func batch(atomic bool, statements ...string) plan.Batch {
	b := plan.Batch{Atomic: atomic}
	for _, sql := range statements {
		b.Statements = append(b.Statements, plan.Statement{SQL: sql})
	}
	return b
}

func fetch(t *testing.T, session engine.Session, sql string, limit int) engine.Result {
	t.Helper()
	a, err := session.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: sql, Purpose: plan.Query, Fetch: true, Limit: limit}}})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return a.Results[0]
}

// count is how many rows a relation has.
func (p place) count(t *testing.T, session engine.Session, r node.Relation) any {
	t.Helper()
	return fetch(t, session, "select count(*) as n from "+p.Relation(r), 0).Rows[0][0]
}

// failed is the failure that an error must be.
func failed(t *testing.T, err error) *engine.Error {
	t.Helper()
	var failure *engine.Error
	if !errors.As(err, &failure) {
		t.Fatalf("expected an *engine.Error, found %T: %v", err, err)
	}
	return failure
}
