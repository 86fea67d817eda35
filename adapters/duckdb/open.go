// Package duckdb runs plans on DuckDB, in this process.
//
// One engine is one database file (or memory); its sessions are connections to it. DuckDB's transactions make every batch that says
// so happen wholly or not at all, which is why all publishing on it is atomic. Only one process can have a file open for
// writing, so the file is opened when it is needed and an error names the process that holds it.
package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/runner/engine"
)

// Engine is an open database.
type Engine struct {
	connector *duck.Connector
	profile   profile
	version   string
	database  string // the file's own
	// shownLimit is the memory limit as DuckDB shows it with the profile's settings.
	shownLimit string

	// admin is the connection that observes; it is used by one goroutine at a time.
	mu    sync.Mutex
	admin *duck.Conn

	pressure pressure
	// sessions counts those that are open.
	sessions atomic.Int64
}

// Open opens the database that a profile's output describes.
func Open(ctx context.Context, c engine.Config) (engine.Engine, error) {
	p, err := readProfile(c)
	if err != nil {
		return nil, &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
	}
	if p.file != "" && !c.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(p.file), 0o755); err != nil {
			return nil, &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
		}
	}
	connector, err := connect(ctx, p)
	if err != nil {
		return nil, err
	}
	e := &Engine{connector: connector, profile: p}
	if err := e.prepare(ctx); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// connect opens the file, waiting for another process to let go of it as often as the profile's retries say.
func connect(ctx context.Context, p profile) (*duck.Connector, error) {
	for attempt := 0; ; attempt++ {
		connector, err := duck.NewConnector(p.dsn, nil)
		if err == nil {
			return connector, nil
		}
		failure := classify(err, "")
		if failure.Class != engine.Locked || attempt+1 >= p.connectAttempts {
			return nil, failure
		}
		select {
		case <-ctx.Done():
			return nil, failure
		case <-time.After(time.Second << min(attempt, 6)):
		}
	}
}

// prepare does once what the profile asks for: extensions, secrets, attached databases.
func (e *Engine) prepare(ctx context.Context) error {
	conn, err := e.connection(ctx)
	if err != nil {
		return err
	}
	e.admin = conn
	for _, alternatives := range e.profile.setup {
		var first error
		for _, sql := range alternatives {
			_, err := conn.ExecContext(ctx, sql, nil)
			if err == nil {
				first = nil
				break
			}
			if first == nil {
				first = classify(err, sql)
			}
		}
		if first != nil {
			return first
		}
	}
	result, err := query(ctx, conn, "select version(), current_database(), current_setting('memory_limit')", 0)
	if err != nil {
		return classify(err, "")
	}
	e.version, e.database, e.shownLimit = str(result.Rows[0][0]), str(result.Rows[0][1]), str(result.Rows[0][2])
	return nil
}

// connection makes a connection with the profile's settings.
func (e *Engine) connection(ctx context.Context) (*duck.Conn, error) {
	c, err := e.connector.Connect(ctx)
	if err != nil {
		return nil, classify(err, "")
	}
	conn, ok := c.(*duck.Conn)
	if !ok {
		_ = c.Close()
		return nil, fmt.Errorf("the driver gave a %T", c)
	}
	for _, sql := range e.profile.settings {
		if _, err := conn.ExecContext(ctx, sql, []driver.NamedValue{}); err != nil {
			_ = disconnect(conn)
			return nil, classify(err, sql)
		}
	}
	return conn, nil
}

// disconnect ends a connection. A statement that was given up between its preparation and its execution stays with the connection until the next
// one, and DuckDB (1.5) then sometimes never lets go of a connection that is closed meanwhile: its transaction stays open, and opening the file again
// waits for it without end. So there is always a next one; mostly it says that there is nothing to roll back.
func disconnect(conn *duck.Conn) error {
	_, _ = conn.ExecContext(context.Background(), "rollback", nil)
	return conn.Close()
}

// About says which DuckDB it is.
func (e *Engine) About() engine.About { return engine.About{Adapter: "duckdb", Version: e.version} }

// Session opens a connection.
func (e *Engine) Session(ctx context.Context) (engine.Session, error) {
	conn, err := e.connection(ctx)
	if err != nil {
		return nil, err
	}
	e.sessions.Add(1)
	return &Session{conn: conn, database: e.database, engine: e}, nil
}

// Close closes the database; DuckDB writes its log into the file if nobody else has it open.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var err error
	settled := true
	if e.admin != nil {
		settled = e.settle()
		err = disconnect(e.admin)
		e.admin = nil
	}
	err = errors.Join(err, e.connector.Close())
	if !settled {
		// What was committed is safe in the log. Opened anew, with its own limit, DuckDB brings it into the file.
		if connector, failure := duck.NewConnector(e.profile.dsn, nil); failure == nil {
			err = errors.Join(err, connector.Close())
		}
	}
	return err
}
