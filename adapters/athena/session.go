package athena

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// Session is work that is cancelled together.
type Session struct {
	engine *Engine

	mu     sync.Mutex
	cancel context.CancelFunc // of the batch that runs, nil if none does
}

// Close ends the session.
func (s *Session) Close() error { return nil }

// Do runs a batch's statements one after another. Athena has no transactions: an atomic batch may hold one statement.
func (s *Session) Do(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	var answer engine.Answer
	if b.Atomic && len(b.Statements) > 1 {
		return answer, &engine.Error{Class: engine.Permanent, Statement: -1, Position: -1,
			Message: fmt.Sprintf("Athena has no transactions: %d statements cannot happen wholly or not at all", len(b.Statements))}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.during(cancel)
	defer s.during(nil)
	for i, st := range b.Statements {
		var r engine.Result
		var err *engine.Error
		switch {
		case ctx.Err() != nil:
			err = cancelled(ctx)
		case st.Act != nil:
			// Acts are short, and one that was broken off would leave open whether it was done.
			r, err = s.act(context.WithoutCancel(ctx), st.Act)
		default:
			token := requestToken(b.Token, i)
			if b.Token != "" {
				st.SQL = marked(st, token)
			}
			r, err = s.statement(ctx, st, b.Settings, token)
		}
		if err != nil {
			err.Statement = i
			return answer, err
		}
		answer.Results = append(answer.Results, r)
	}
	return answer, nil
}

// requestToken is the ClientRequestToken of a statement: 64 characters, the same for the same work. Work without a token is nobody's
// repetition.
func requestToken(batch string, statement int) string {
	if batch == "" {
		var b [32]byte
		rand.Read(b[:])
		return hex.EncodeToString(b[:])
	}
	sum := sha256.Sum256([]byte(batch + "\x00" + strconv.Itoa(statement)))
	return hex.EncodeToString(sum[:])
}

// maxQuery is the most bytes of UTF-8 that a query may have (StartQueryExecution).
const maxQuery = 262144

// statement runs one statement to its end, again if Iceberg lost a race for a commit: then nothing was written.
func (s *Session) statement(ctx context.Context, st plan.Statement, settings map[string]string, token string) (engine.Result, *engine.Error) {
	if n := len(st.SQL); n > maxQuery {
		return engine.Result{}, &engine.Error{Class: engine.Permanent, Statement: -1, Position: -1,
			Message: fmt.Sprintf("the statement is %d bytes long; Athena takes at most %d", n, maxQuery),
			Hint:    "move parts of the query into views, or lists of values into a seed"}
	}
	// What attempts that failed came to.
	read, cost, earlier := int64(0), 0.0, []string(nil)
	for attempt := 0; ; attempt++ {
		t := token
		if attempt > 0 {
			t = requestToken(token, attempt)
		}
		r, err := s.execute(ctx, st, settings, t)
		r.BytesScanned, r.Cost, r.Earlier = r.BytesScanned+read, r.Cost+cost, earlier
		if err != nil {
			err.BytesScanned, err.Cost, err.Earlier = err.BytesScanned+read, err.Cost+cost, earlier
			read, cost, earlier = err.BytesScanned, err.Cost, append(slices.Clone(earlier), err.QueryID)
		}
		if err == nil || err.Class != engine.Conflict {
			return r, err
		}
		if attempt >= s.engine.profile.icebergRetries {
			err.Repeated = true
			return r, err
		}
		select {
		case <-ctx.Done():
			return r, err
		case <-time.After(time.Second << min(attempt, 5)):
		}
	}
}

// execute submits a statement, waits for its end and fetches what is wanted.
func (s *Session) execute(ctx context.Context, st plan.Statement, settings map[string]string, token string) (engine.Result, *engine.Error) {
	start := time.Now()
	id, failure := s.submit(ctx, st.SQL, settings, token)
	if failure != nil {
		return engine.Result{}, failure
	}
	q, err := s.engine.poller.Wait(ctx, id, s.queued(id))
	if err != nil && ctx.Err() != nil {
		// The run was told to stop: the engine is told too, and its last word awaited.
		q, err = s.stop(id)
	}
	if err != nil {
		f := s.engine.failure(err, "the state of query "+id+" is not known")
		f.Class, f.QueryID = engine.Unknown, id
		f.Hint = "the query may still run: look for its id in Athena's history before running the node again"
		return engine.Result{}, f
	}
	r := engine.Result{QueryID: id, RowsAffected: -1, Elapsed: time.Since(start)}
	if q.Statistics != nil {
		r.BytesScanned = aws.ToInt64(q.Statistics.DataScannedInBytes)
	}
	r.Cost = float64(billed(q)) / terabyte * s.engine.profile.price
	if q.Status.State == types.QueryExecutionStateSucceeded {
		r, failure = s.results(ctx, st, q, r)
	} else {
		failure = queryFailure(id, st.SQL, q)
	}
	if failure != nil {
		failure.QueryID, failure.BytesScanned, failure.Cost = id, r.BytesScanned, r.Cost
	}
	return r, failure
}

// longQueue is how long a query may wait for its turn before somebody is told.
const longQueue = 15 * time.Second

// queued watches a query's states for one that waits too long; it is told once.
func (s *Session) queued(id string) func(types.QueryExecution) {
	start, told := time.Now(), false
	return func(q types.QueryExecution) {
		if told || q.Status == nil || q.Status.State != types.QueryExecutionStateQueued || time.Since(start) < s.engine.longQueue {
			return
		}
		told = true
		s.engine.voice.Tell("queued", engine.Notice{Kind: engine.Queued, QueryID: id,
			Text: "Athena has kept query " + id + " in its queue for " + time.Since(start).Round(time.Second).String() + ": the workgroup or the account is full"})
	}
}

func (s *Session) during(cancel context.CancelFunc) {
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
}

// submitted is how long a submission that was begun may go on when the work is cancelled: whether the query runs must be known before it can
// be stopped.
const submitted = 3 * time.Second

// submit starts a query. The SDK repeats what was throttled or got no answer with the same token, so that one query runs.
// A result is never taken from an earlier query (ResultReuseConfiguration): what weft selects, it selects to learn how things are now.
func (s *Session) submit(ctx context.Context, sql string, settings map[string]string, token string) (string, *engine.Error) {
	e := s.engine
	name, staging, catalog := e.groupOf(settings), e.profile.staging, e.profile.database
	if v := settings[settingStaging]; v != "" {
		staging = v
	}
	if v := settings[settingCatalog]; v != "" {
		catalog = v
	}
	g, failure := e.group(ctx, name)
	if failure != nil {
		return "", failure
	}
	in := &api.StartQueryExecutionInput{QueryString: &sql, ClientRequestToken: &token, WorkGroup: &name,
		QueryExecutionContext: &types.QueryExecutionContext{Catalog: &catalog}}
	if staging != "" && !g.managed {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &staging}
	}
	call, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(submitted, cancel) })()
	out, err := e.client.StartQueryExecution(call, in)
	if err != nil {
		return "", e.submitFailure(err)
	}
	return aws.ToString(out.QueryExecutionId), nil
}

// patience is how long a cancelled query's last word is awaited.
const patience = 30 * time.Second

// stop cancels a query and waits until Athena says that it ended.
func (s *Session) stop(id string) (types.QueryExecution, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.engine.client.StopQueryExecution(ctx, &api.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
		return types.QueryExecution{}, err
	}
	return s.engine.poller.Wait(ctx, id, nil)
}

// Cancel ends the batch that runs: Do stops its query and waits for the engine's word, and begins no other.
func (s *Session) Cancel(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
	return nil
}

// pageRows is the most rows that a page can have.
const pageRows = 1000

// results reads the pages of what is wanted, and how many rows were changed.
func (s *Session) results(ctx context.Context, st plan.Statement, q types.QueryExecution, r engine.Result) (engine.Result, *engine.Error) {
	id := aws.ToString(q.QueryExecutionId)
	dml := q.StatementType == types.StatementTypeDml
	ctas := aws.ToString(q.SubstatementType) == "CREATE_TABLE_AS_SELECT"
	r.Message, r.Code = "OK", "OK"
	if !st.Fetch && !dml && !ctas {
		return r, nil
	}
	p := api.NewGetQueryResultsPaginator(s.engine.client, &api.GetQueryResultsInput{QueryExecutionId: &id}, func(o *api.GetQueryResultsPaginatorOptions) {
		o.Limit = pageRows
		if st.Limit > 0 { // and the line with the names of the columns
			o.Limit = int32(min(pageRows, st.Limit+1))
		}
	})
	var info []types.ColumnInfo
	for first := true; p.HasMorePages() && (st.Limit <= 0 || len(r.Rows) < st.Limit); first = false {
		page, err := p.NextPage(ctx)
		if err != nil && !st.Fetch {
			return r, nil // it is done; only the number of its rows is missing
		}
		if err != nil {
			return r, s.engine.failure(err, "the results of query "+id+" could not be read")
		}
		if first {
			if page.UpdateCount != nil && (dml || ctas) && !st.Fetch {
				r.RowsAffected = *page.UpdateCount
			}
			if page.ResultSet != nil && page.ResultSet.ResultSetMetadata != nil {
				info = page.ResultSet.ResultSetMetadata.ColumnInfo
				for _, c := range info {
					r.Columns = append(r.Columns, engine.Column{Name: aws.ToString(c.Name), Type: typeName(c)})
				}
			}
		}
		if !st.Fetch || page.ResultSet == nil {
			break
		}
		rows := page.ResultSet.Rows
		// The first page of a selection begins with the names of its columns.
		if first && dml && len(rows) > 0 {
			rows = rows[1:]
		}
		for _, row := range rows {
			if st.Limit > 0 && len(r.Rows) == st.Limit {
				break
			}
			values, err := readRow(row, info)
			if err != nil {
				return r, failed(fmt.Errorf("query %s: %w", id, err), "")
			}
			r.Rows = append(r.Rows, values)
		}
	}
	if r.RowsAffected >= 0 {
		r.Message = "OK " + strconv.FormatInt(r.RowsAffected, 10)
	}
	if !st.Fetch {
		r.Columns = nil
	}
	return r, nil
}

// typeName is a result column's type as SQL has it.
func typeName(c types.ColumnInfo) string {
	t := aws.ToString(c.Type)
	if t == "decimal" {
		return fmt.Sprintf("decimal(%d,%d)", c.Precision, c.Scale)
	}
	return strings.ToLower(t)
}
