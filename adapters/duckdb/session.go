package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"sync"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// Session is one connection.
type Session struct {
	conn     *duck.Conn
	database string
	engine   *Engine

	mu     sync.Mutex
	cancel context.CancelFunc // of the batch that runs, nil if none does
}

// Do runs a batch: in a transaction if it is atomic, else each statement for itself.
func (s *Session) Do(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	s.engine.pressure.gate.enter()
	answer, err := s.do(ctx, b)
	s.engine.pressure.gate.leave()
	if err == nil && stores(b) {
		s.engine.relieve()
	}
	return answer, err
}

func (s *Session) do(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.cancel = nil
		s.mu.Unlock()
		cancel()
	}()
	if !b.Atomic {
		return s.statements(ctx, b)
	}
	if _, err := s.conn.ExecContext(ctx, "begin transaction", nil); err != nil {
		return engine.Answer{}, classify(err, "")
	}
	answer, err := s.statements(ctx, b)
	if err == nil {
		// From here on there is no way back: a commit that is under way is not interrupted.
		if _, commit := s.conn.ExecContext(context.WithoutCancel(ctx), "commit", nil); commit != nil {
			err = classify(commit, "")
		}
	}
	if err != nil {
		// A failed commit has ended the transaction already; then there is nothing to roll back.
		_, _ = s.conn.ExecContext(context.WithoutCancel(ctx), "rollback", nil)
		return answer, err
	}
	return answer, nil
}

func (s *Session) statements(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	answer := engine.Answer{Results: make([]engine.Result, 0, len(b.Statements))}
	for i := range b.Statements {
		st := &b.Statements[i]
		begin := time.Now()
		result, err := s.one(ctx, st)
		if err != nil {
			failure := classify(err, st.SQL)
			failure.Statement = i
			return answer, failure
		}
		result.Elapsed = time.Since(begin)
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

func (s *Session) one(ctx context.Context, st *plan.Statement) (engine.Result, error) {
	if st.Fetch {
		return query(ctx, s.conn, st.SQL, st.Limit)
	}
	r, err := s.conn.ExecContext(ctx, st.SQL, nil)
	if err != nil {
		return engine.Result{}, err
	}
	rows := int64(-1)
	if n, err := r.RowsAffected(); err == nil && (n > 0 || st.Purpose == plan.Change || st.Purpose == plan.Load) {
		rows = n
	}
	return engine.Result{Message: "OK", RowsAffected: rows}, nil
}

// Cancel interrupts what runs. DuckDB answers at its next chance, and it is Do that reports it.
func (s *Session) Cancel(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
	return nil
}

// Close ends the connection; its temporary tables go with it.
func (s *Session) Close() error {
	err := disconnect(s.conn)
	if err == nil {
		s.engine.sessions.Add(-1)
	}
	return err
}

// query runs a statement and reads its rows, at most limit of them if that is not 0.
func query(ctx context.Context, conn *duck.Conn, sql string, limit int) (engine.Result, error) {
	rows, err := conn.QueryContext(ctx, sql, nil)
	if err != nil {
		return engine.Result{}, err
	}
	result, err := read(ctx, rows, limit)
	return result, errors.Join(err, rows.Close())
}

func read(ctx context.Context, rows driver.Rows, limit int) (engine.Result, error) {
	names := rows.Columns()
	result := engine.Result{Message: "OK", RowsAffected: -1, Columns: make([]engine.Column, len(names))}
	types := make([]*kind, len(names))
	described, _ := rows.(driver.RowsColumnTypeDatabaseTypeName)
	for i, n := range names {
		name := ""
		if described != nil {
			name = described.ColumnTypeDatabaseTypeName(i)
		}
		result.Columns[i] = engine.Column{Name: n, Type: name}
		types[i] = parseKind(name)
	}
	raw := make([]driver.Value, len(names))
	for n := 0; ; n++ {
		if n%1024 == 1023 && ctx.Err() != nil {
			return engine.Result{}, ctx.Err()
		}
		switch err := rows.Next(raw); {
		case errors.Is(err, io.EOF):
			return result, nil
		case err != nil:
			return engine.Result{}, err
		}
		row := make([]engine.Value, len(raw))
		for i, v := range raw {
			row[i] = types[i].value(v)
		}
		if result.Rows = append(result.Rows, row); len(result.Rows) == limit {
			return result, nil
		}
	}
}
