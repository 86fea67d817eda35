package athena

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// A statement that a dead process has sent is found by two things that Athena keeps. Its history, of 45 days, has the text with the mark that
// stands at its end. And its token, which Athena takes once: submitted again with another text it is refused if it was taken before, and
// else it is spent by that, so that the original cannot begin any more, wherever it is on its way. The history answers for the past, the
// token for the present.

// mark is the end of a statement's text that tells it from every other: it is of the token that all its attempts come from.
func mark(token string) string { return "\n-- weft " + token[:32] }

// unmarked are the statements that Athena takes no comments with (dbt-athena sends none with them).
var unmarked = []string{"alter", "drop", "optimize", "vacuum", "msck", "show", "describe"}

// marked is a statement as it is sent. Queries that fetch rows change nothing, and stay as they are.
func marked(st plan.Statement, token string) string {
	if st.Fetch || token == "" {
		return st.SQL
	}
	word := strings.ToLower(strings.TrimLeft(withoutComments(st.SQL), " \t\r\n"))
	if slices.ContainsFunc(unmarked, func(w string) bool { return strings.HasPrefix(word, w) }) {
		return st.SQL
	}
	return strings.TrimRight(strings.TrimRight(st.SQL, " \t\r\n"), ";") + mark(token)
}

// withoutComments is a statement behind the comments that it begins with.
func withoutComments(sql string) string {
	for {
		sql = strings.TrimLeft(sql, " \t\r\n")
		end, skip := "", 0
		switch {
		case strings.HasPrefix(sql, "--"):
			end, skip = "\n", 1
		case strings.HasPrefix(sql, "/*"):
			end, skip = "*/", 2
		default:
			return sql
		}
		at := strings.Index(sql, end)
		if at < 0 {
			return ""
		}
		sql = sql[at+skip:]
	}
}

// Settle asks Athena's history, the tokens and the catalog what became of batches, and leaves nothing of them running.
func (e *Engine) Settle(ctx context.Context, what []engine.Doubt, told func(string)) ([]bool, error) {
	if len(what) == 0 {
		return nil, nil
	}
	since := what[0].Since
	for _, d := range what {
		if d.Since.Before(since) {
			since = d.Since
		}
	}
	// Each workgroup has a history of its own.
	histories := map[string][]types.QueryExecution{}
	done := make([]bool, len(what))
	for i, d := range what {
		group := e.groupOf(d.Batch.Settings)
		past, read := histories[group]
		var err error
		if !read {
			if past, err = e.history(ctx, group, since.Add(-skew)); err != nil {
				f := e.failure(err, "the history of queries could not be read, so that nobody knows what became of a run that was killed")
				f.Hint = "allow athena:ListQueryExecutions and athena:BatchGetQueryExecution for the workgroup `" + group + "`"
				return nil, f
			}
			histories[group] = past
		}
		if done[i], err = e.settle(ctx, d, past, told); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// skew is how far the clock of the process that was killed may have been ahead of AWS's: requests that are further off are refused.
const skew = 5 * time.Minute

// history are the executions of a workgroup since a time, newest first.
func (e *Engine) history(ctx context.Context, group string, since time.Time) ([]types.QueryExecution, error) {
	var out []types.QueryExecution
	p := api.NewListQueryExecutionsPaginator(e.client, &api.ListQueryExecutionsInput{WorkGroup: &group})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		if len(page.QueryExecutionIds) == 0 {
			continue
		}
		states, err := e.client.BatchGetQueryExecution(ctx, &api.BatchGetQueryExecutionInput{QueryExecutionIds: page.QueryExecutionIds})
		if err != nil {
			return nil, err
		}
		fresh := false
		for _, q := range states.QueryExecutions {
			if q.Status != nil && q.Status.SubmissionDateTime != nil && q.Status.SubmissionDateTime.Before(since) {
				continue
			}
			out, fresh = append(out, q), true
		}
		// The history is in order of time, newest first; a page without anything of the time ends it.
		if !fresh {
			break
		}
	}
	return out, nil
}

// settle follows one batch, statement by statement, to the one that was the last to be sent.
func (e *Engine) settle(ctx context.Context, d engine.Doubt, past []types.QueryExecution, told func(string)) (done bool, err error) {
	for i, st := range d.Batch.Statements {
		if st.Act != nil {
			continue // it was a call, and ended with the process or soon after
		}
		if st.SQL == "" {
			continue
		}
		last := i == len(d.Batch.Statements)-1
		state, err := e.follow(ctx, st, d.Batch.Settings, requestToken(d.Batch.Token, i), d.Since, past, d.Decides && last, told)
		if err != nil {
			return false, err
		}
		if state != types.QueryExecutionStateSucceeded {
			return false, nil
		}
		done = last
	}
	if n := len(d.Batch.Statements); n > 0 && d.Batch.Statements[n-1].Act != nil {
		return e.acted(ctx, d.Batch.Statements[n-1].Act)
	}
	return done, nil
}

// follow is how the attempts at a statement ended; "" if none was ever begun, and then none will be.
func (e *Engine) follow(ctx context.Context, st plan.Statement, settings map[string]string, token string, since time.Time, past []types.QueryExecution, decides bool, told func(string)) (types.QueryExecutionState, error) {
	text := marked(st, token)
	isMarked := text != st.SQL
	of := func(past []types.QueryExecution) (found []types.QueryExecution) {
		for _, q := range past {
			query := aws.ToString(q.Query)
			if isMarked && strings.HasSuffix(query, mark(token)) || !isMarked && strings.HasPrefix(withoutComments(query), withoutComments(text)) {
				found = append(found, q)
			}
		}
		return found
	}
	// What is found by its text alone may be another's, and is not stopped.
	decides = decides || !isMarked
	list := of(past)
	attempts := len(list)
	state, err := e.end(ctx, list, decides, told)
	if err != nil || state == types.QueryExecutionStateSucceeded {
		return state, err
	}
	// After the attempts that the history knows another may be on its way, or in the history in a moment.
	next := token
	if attempts > 0 {
		next = requestToken(token, attempts)
	}
	taken, err := e.spend(ctx, settings, next)
	if err != nil || !taken {
		return state, err
	}
	// It was taken by what the history does not show yet.
	for wait := 200 * time.Millisecond; wait < lag; wait *= 2 {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(wait):
		}
		past, err := e.history(ctx, e.groupOf(settings), since.Add(-skew))
		if err != nil {
			return "", e.failure(err, "the history of queries could not be read")
		}
		if again := of(past); len(again) > attempts {
			return e.end(ctx, again, decides, told)
		}
	}
	return "", failed(errors.New("Athena has taken a statement of a run that was killed, and its history does not show it"), "try again in a minute")
}

// lag bounds the waits for what was submitted to show in the history.
const lag = 30 * time.Second

// end brings executions to their end, newest last, and answers the last state: none follows one that succeeded.
func (e *Engine) end(ctx context.Context, list []types.QueryExecution, decides bool, told func(string)) (state types.QueryExecutionState, err error) {
	for _, q := range slices.Backward(list) {
		q, err := e.await(ctx, q, decides, told)
		if err != nil {
			return "", err
		}
		if state = q.Status.State; state == types.QueryExecutionStateSucceeded {
			break
		}
	}
	return state, nil
}

// spend uses a token up, so that nothing can begin with it any more. It says whether it was used before.
func (e *Engine) spend(ctx context.Context, settings map[string]string, token string) (taken bool, err error) {
	s := &Session{engine: e}
	_, failure := s.submit(ctx, "select 1", settings, token)
	if failure == nil {
		return false, nil
	}
	var refused *types.InvalidRequestException
	if errors.As(failure, &refused) && strings.Contains(strings.ToLower(refused.ErrorMessage()), "idempotent") {
		return true, nil
	}
	failure.Message = "it could not be found out whether a statement of a run that was killed was begun: " + failure.Message
	return false, failure
}

// await brings an execution to its end. What decides what readers see is waited for; anything else is stopped.
func (e *Engine) await(ctx context.Context, q types.QueryExecution, decides bool, told func(string)) (types.QueryExecution, error) {
	if ended(q) {
		return q, nil
	}
	id := aws.ToString(q.QueryExecutionId)
	if decides {
		told("waiting for the query " + id + " of a run that was killed: it publishes")
	} else if _, err := e.client.StopQueryExecution(ctx, &api.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
		return q, e.failure(err, "the query "+id+" of a run that was killed could not be stopped")
	}
	q, err := e.poller.Wait(ctx, id, nil)
	if err != nil {
		f := e.failure(err, "the state of query "+id+" of a run that was killed is not known")
		f.QueryID = id
		return q, f
	}
	return q, nil
}

// acted says whether the act that ends a batch was done. Only what publishes a whole table can be told by what the entry shows; what was
// begun of it is brought to its end. Everything else may be done again.
func (e *Engine) acted(ctx context.Context, a *plan.Act) (bool, error) {
	if a.Verb != plan.Point || a.Place == "" {
		return false, nil
	}
	what := fmt.Sprintf("the entry of %s could not be read", a.Relation)
	k, err := e.catalog(ctx, a.Relation.Database)
	if err != nil {
		return false, e.failure(err, what)
	}
	t, err := k.Table(ctx, a.Relation.Schema, a.Relation.Identifier)
	if errors.Is(err, lake.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, e.failure(err, what)
	}
	if a.Place == t.Parameters[lake.BuiltAt] && (t.View || t.Iceberg) || a.Place == t.Parameters[lake.BuiltBefore] {
		return true, nil
	}
	if within(t.Parameters[lake.PreviousPlace], a.Place) {
		return true, nil // and published over since
	}
	if t.Parameters[builtAt] != a.Place && !within(t.Location, a.Place) {
		return false, nil
	}
	if len(t.Partitions) == 0 || a.Version != (node.Relation{}) {
		return true, nil
	}
	if err := k.CopyPartitions(ctx, a.Relation.Schema, a.Staged.Identifier, a.Relation.Identifier, true); err != nil && !errors.Is(err, lake.ErrNotFound) {
		return false, e.failure(err, what)
	}
	return true, nil
}
