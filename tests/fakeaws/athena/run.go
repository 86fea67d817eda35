package athena

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// session is one execution as the code of its statement sees it.
type session struct {
	a *Athena
	// catalog is the catalog of the query; tables tells that it is one of S3 Tables.
	catalog *glue.Catalog
	tables  bool
	ctx     context.Context
	e       *execution
	client  engines.Client

	scanned, rowsIn, rowsOut, updates int64
	columns                           []column
	rows                              [][]*string
}

// run carries an execution through its states.
func (a *Athena) run(ctx context.Context, e *execution, st statement, refused error) {
	defer e.cancel()
	wait(ctx, a.Queued)
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		a.finish(e, nil, ctx.Err())
		return
	}
	a.mu.Lock()
	e.state, e.started = "RUNNING", time.Now()
	a.mu.Unlock()
	wait(ctx, a.Running)
	s := &session{a: a, catalog: a.Catalog, ctx: ctx, e: e, client: a.Trino}
	// Results have times with all their digits, though the types that are told beside them have none.
	s.client.Precise = true
	defaultCatalog := "awsdatacatalog"
	if strings.HasPrefix(strings.ToLower(e.in.QueryExecutionContext.Catalog), tableBuckets) {
		s.catalog, s.tables, defaultCatalog = a.Tables, true, "s3tables"
	}
	s.client.Catalog, s.client.Schema = defaultCatalog, strings.ToLower(e.in.QueryExecutionContext.Database)
	// A hundred open partitions are a limit of the whole statement only with one writer.
	s.client.Session = map[string]string{"task_max_writer_count": "1", "task_min_writer_count": "1", "scale_writers": "false",
		"s3tables.expire_snapshots_min_retention": "0s",
		"iceglue.expire_snapshots_min_retention":  "0s", "iceglue.remove_orphan_files_min_retention": "0s"}
	err := refused
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		if f, ok := a.Faults.Take("athena", "Execution", e.in.QueryString); ok {
			if f.Lost { // what the failure hides was done
				err = st.do(s)
			}
			if err == nil {
				err = scripted(f)
				s.scanned += f.Scanned
			}
		} else {
			err = st.do(s)
		}
	}
	if err == nil && e.cutoff > 0 && s.scanned > e.cutoff {
		err = errCutoff
	}
	a.finish(e, s, err)
}

var errCutoff = errors.New("Query cancelled! : Bytes scanned limit was exceeded")

// scriptedError is a failure of an execution by script; its Fields are those of AthenaError.
type scriptedError struct {
	reason string
	fields map[string]any
}

func (e *scriptedError) Error() string { return e.reason }

func scripted(f wire.Fault) error { return &scriptedError{f.Message, f.Fields} }

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (a *Athena) finish(e *execution, s *session, err error) {
	if s == nil {
		s = &session{}
	}
	if err == nil && !e.managed {
		err = a.store(e, s)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	e.ended = time.Now()
	e.scanned, e.rowsIn, e.rowsOut, e.updates, e.columns, e.rows = s.scanned, s.rowsIn, s.rowsOut, s.updates, s.columns, s.rows
	var byScript *scriptedError
	switch {
	case err == nil:
		e.state = "SUCCEEDED"
	case err == errCutoff:
		e.state, e.reason = "CANCELLED", err.Error()
	case e.cancelling:
		e.state, e.reason = "CANCELLED", "Query cancelled by user"
	case errors.As(err, &byScript):
		e.state, e.reason = "FAILED", byScript.reason
		e.failure = doc{"ErrorMessage": byScript.reason}
		for k, v := range byScript.fields {
			e.failure[k] = v
		}
	default:
		e.state, e.reason = "FAILED", err.Error()
		e.failure = athenaError(err)
	}
}

// athenaError is what is known of the numbers behind Athena's errors.
func athenaError(err error) doc {
	d := doc{"ErrorCategory": 2, "Retryable": false, "ErrorMessage": err.Error()}
	var q *queryError
	if errors.As(err, &q) {
		if q.ErrorType == "INTERNAL_ERROR" || q.ErrorType == "INSUFFICIENT_RESOURCES" {
			d["ErrorCategory"] = 1
		}
		switch q.ErrorName {
		case "ICEBERG_COMMIT_ERROR":
			d["ErrorType"] = 233
		case "TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND":
			d["ErrorType"] = 1110
		}
	}
	return d
}

// queryError is an error of Trino in Athena's words: name, place, message.
type queryError struct{ *engines.QueryError }

func (e *queryError) Error() string { return e.ErrorName + ": " + e.Message }

// trino runs a statement and takes its result as the execution's.
func (s *session) trino(sql string) error {
	sql = renamed(sql, s.a.TableBucket)
	if n := len(s.e.in.ExecutionParameters); n > 0 {
		// Athena takes parameters as texts of expressions.
		sql = "EXECUTE IMMEDIATE '" + strings.ReplaceAll(sql, "'", "''") + "' USING " + strings.Join(s.e.in.ExecutionParameters, ", ")
	}
	r, err := s.query(sql)
	if err != nil {
		return err
	}
	s.columns, s.rows = nil, nil
	if r.UpdateType != "" {
		if r.UpdateCount != nil {
			s.updates, _ = r.UpdateCount.Int64()
		}
		return nil
	}
	for _, c := range r.Columns {
		s.columns = append(s.columns, columnOf(c.Name, c.TypeSignature))
	}
	for _, row := range r.Rows {
		out := make([]*string, len(row))
		for i, v := range row {
			out[i] = text(v, r.Columns[i].TypeSignature)
		}
		s.rows = append(s.rows, out)
	}
	return nil
}

func (s *session) query(sql string) (engines.Result, error) {
	r, err := s.client.Run(s.ctx, sql)
	var failed *engines.QueryError
	switch {
	case errors.As(err, &failed):
		return r, &queryError{failed}
	case err != nil:
		return r, err
	}
	s.scanned += r.Stats.PhysicalInput
	s.rowsIn += r.Stats.ProcessedRows
	s.rowsOut += int64(len(r.Rows))
	return r, nil
}

// columnOf gives a column its Athena type.
func columnOf(name string, t engines.TypeSignature) column {
	c := column{name: name, typ: t.RawType}
	number := func(i int) int {
		if i >= len(t.Arguments) {
			return 0
		}
		var n int
		json.Unmarshal(t.Arguments[i].Value, &n)
		return n
	}
	switch t.RawType {
	case "decimal":
		c.precision, c.scale = number(0), number(1)
	case "varchar":
		c.precision = number(0)
		if c.precision == 0 {
			c.precision = 2147483647
		}
	case "integer":
		c.precision = 10
	case "bigint":
		c.precision = 19
	case "double":
		c.precision = 17
	case "timestamp":
		c.precision = 3
	case "timestamp with time zone":
		c.precision = 3
	}
	return c
}

// text writes a value as Athena's results have it: everything is VARCHAR, arrays and rows in Trino's old notation.
func text(v any, t engines.TypeSignature) *string {
	if v == nil {
		return nil
	}
	s := plainText(v, t)
	return &s
}

func plainText(v any, t engines.TypeSignature) string {
	argument := func(i int) engines.TypeSignature {
		var a engines.TypeSignature
		if i < len(t.Arguments) {
			json.Unmarshal(t.Arguments[i].Value, &a)
		}
		return a
	}
	switch x := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(x)
	case json.Number:
		return x.String()
	case string:
		if t.RawType == "varbinary" {
			if b, err := base64.StdEncoding.DecodeString(x); err == nil {
				return strings.TrimSpace(fmt.Sprintf("% x", b))
			}
		}
		return x
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			if t.RawType == "row" {
				var field struct {
					FieldName     *struct{ Name string }
					TypeSignature engines.TypeSignature
				}
				if i < len(t.Arguments) {
					json.Unmarshal(t.Arguments[i].Value, &field)
				}
				name := "field" + strconv.Itoa(i)
				if field.FieldName != nil && field.FieldName.Name != "" {
					name = field.FieldName.Name
				}
				parts[i] = name + "=" + plainText(e, field.TypeSignature)
			} else {
				parts[i] = plainText(e, argument(0))
			}
		}
		if t.RawType == "row" {
			return "{" + strings.Join(parts, ", ") + "}"
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, k := range sortedKeys(x) {
			parts = append(parts, k+"="+plainText(x[k], argument(1)))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// store writes the result file that Athena leaves in the output location.
func (a *Athena) store(e *execution, s *session) error {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(e.output, "s3://"), "/")
	var b bytes.Buffer
	if e.kind.text {
		for _, r := range s.rows {
			for i, v := range r {
				if i > 0 {
					b.WriteByte('\t')
				}
				if v != nil {
					b.WriteString(*v)
				}
			}
			b.WriteByte('\n')
		}
	} else {
		writeCSV(&b, s)
	}
	if err := a.Objects.Put(bucket, key, b.Bytes()); err != nil {
		return fmt.Errorf("Unable to verify/create output bucket %s: %v", bucket, err)
	}
	return nil
}

// writeCSV quotes every value but null, which stays empty, as Athena does.
func writeCSV(b *bytes.Buffer, s *session) {
	quote := func(v string) string { return `"` + strings.ReplaceAll(v, `"`, `""`) + `"` }
	line := make([]string, len(s.columns))
	for i, c := range s.columns {
		line[i] = quote(c.name)
	}
	if len(line) > 0 {
		b.WriteString(strings.Join(line, ",") + "\n")
	}
	for _, r := range s.rows {
		for i, v := range r {
			line[i] = ""
			if v != nil {
				line[i] = quote(*v)
			}
		}
		b.WriteString(strings.Join(line, ",") + "\n")
	}
}
