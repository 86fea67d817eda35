package runner

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// send runs one batch: intent, act, outcome. What failed in a way that passes is tried again, if the batch left nothing behind.
func (w *worker) send(name string, b plan.Batch, step *plan.Step) (engine.Answer, *event.Failure) {
	number := w.batch
	w.batch++
	b.Settings = settings(b, step)
	for attempt := 1; ; attempt++ {
		b.Token = token(w.r.o.Invocation, w.node, w.interval, number, attempt)
		answer, failure := w.try(name, b, number, attempt, step)
		if failure == nil || attempt >= w.r.o.Attempts || !(b.Atomic || b.Again || len(b.Statements) == 1) || failure.Repeated || !passes(failure.Class) {
			return answer, failure
		}
		wait := w.pause(attempt)
		if !w.r.record(event.Retrying{Node: w.node, Batch: number, Attempt: attempt + 1, Class: failure.Class, Message: failure.Message, Wait: wait}) {
			return answer, failure
		}
		if err := w.r.o.World.Sleep(w.r.ctx, wait); err != nil || w.r.stopped() != "" {
			return answer, failure
		}
	}
}

func (w *worker) try(name string, b plan.Batch, number, attempt int, step *plan.Step) (engine.Answer, *event.Failure) {
	local := func(class engine.Class, message string) *event.Failure {
		return &event.Failure{Class: string(class), Message: message, Statement: -1, CodeOffset: -1}
	}
	session, err := w.session(name)
	if err != nil {
		e := asEngineError(err)
		return engine.Answer{}, &event.Failure{Class: string(e.Class), Message: e.Message, Statement: -1, CodeOffset: -1, Hint: e.Hint}
	}
	if !w.r.record(event.BatchStarted{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Work: b}) {
		return engine.Answer{}, local(engine.Permanent, "the journal cannot be written; nothing was sent")
	}
	if !w.enter(session) {
		failure := local(engine.Cancelled, "not sent: the run is being stopped")
		w.r.record(event.BatchFinished{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Failure: failure})
		return engine.Answer{}, failure
	}
	answer, err := w.commented(w.r.ctx, session, b, step)
	w.leave()
	w.usage.add(answer, err)
	done := event.BatchFinished{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Results: summaries(answer)}
	if err != nil {
		done.Failure = explain(asEngineError(err), b, step)
	}
	w.r.record(done)
	return answer, done.Failure
}

// commented sends a batch with the step's comment at each statement. Places in errors are those of the statements without it.
func (w *worker) commented(ctx context.Context, session engine.Session, b plan.Batch, step *plan.Step) (engine.Answer, error) {
	comment := w.r.o.Plan.Comment
	if step != nil {
		comment = step.Comment
	}
	if comment.Text == "" {
		return session.Do(ctx, b)
	}
	sent := b
	sent.Statements = slices.Clone(b.Statements)
	before := 0
	for i := range sent.Statements {
		if sent.Statements[i].Act == nil {
			sent.Statements[i].SQL, before = comment.Add(b.Statements[i].SQL)
		}
	}
	answer, err := session.Do(ctx, sent)
	if err == nil {
		return answer, nil
	}
	moved := *asEngineError(err)
	if moved.Position >= 0 {
		moved.Position = max(moved.Position-before, -1)
	}
	return answer, &moved
}

// enter registers the session as busy, unless the run is being stopped. Hooks at the end of a run that --fail-fast stopped are run.
func (w *worker) enter(s engine.Session) bool {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	if w.r.stopping != "" && !(w.r.stopping == failFast && w.name == "main") {
		return false
	}
	w.r.active[w] = s
	return true
}

func (w *worker) leave() {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	delete(w.r.active, w)
}

// recover removes what a failed step left behind. It is sent also while the run is being stopped, and its own failure changes
// nothing about the step's; it is answered for those who want to know.
func (w *worker) recover(step *plan.Step, batches []plan.Batch) (failure *event.Failure) {
	for _, b := range batches {
		b.Settings = settings(b, step)
		b.Token = token(w.r.o.Invocation, w.node, w.interval, w.batch, 1)
		session, err := w.session(step.Engine)
		if err != nil || !w.r.record(event.BatchStarted{Node: w.node, Interval: w.interval, Batch: w.batch, Attempt: 1, Work: b}) {
			return &event.Failure{Message: "not sent", Statement: -1, CodeOffset: -1}
		}
		answer, err := w.commented(context.WithoutCancel(w.r.ctx), session, b, step)
		w.usage.add(answer, err)
		done := event.BatchFinished{Node: w.node, Interval: w.interval, Batch: w.batch, Attempt: 1, Results: summaries(answer)}
		if err != nil {
			done.Failure = explain(asEngineError(err), b, step)
			failure = done.Failure
		}
		w.batch++
		w.r.record(done)
	}
	return failure
}

// settings are those of a batch: its own, else its step's.
func settings(b plan.Batch, step *plan.Step) map[string]string {
	if b.Settings == nil && step != nil {
		return step.Settings
	}
	return b.Settings
}

// pause doubles with every attempt, and is random so that those who collided do not collide again.
func (w *worker) pause(attempt int) time.Duration {
	var b [8]byte
	w.r.o.World.Random(b[:])
	most := 50 * time.Millisecond << min(attempt-1, 8)
	return most/2 + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(most/2+1))
}

func passes(class string) bool {
	switch engine.Class(class) {
	case engine.Transient, engine.Conflict, engine.Capacity:
		return true
	}
	return false
}

func summaries(a engine.Answer) []event.StatementResult {
	out := make([]event.StatementResult, len(a.Results))
	for i, r := range a.Results {
		out[i] = event.StatementResult{Message: r.Message, Code: r.Code, RowsAffected: r.RowsAffected, QueryID: r.QueryID,
			BytesScanned: r.BytesScanned, Cost: r.Cost, Earlier: r.Earlier, Elapsed: r.Elapsed}
	}
	return out
}

// explain turns an engine's error into a failure that knows its statement, and the place in the author's code if it lies there.
func explain(e *engine.Error, b plan.Batch, step *plan.Step) *event.Failure {
	f := &event.Failure{Class: string(e.Class), Message: e.Message, Statement: e.Statement, CodeOffset: -1, QueryID: e.QueryID, BytesScanned: e.BytesScanned, Cost: e.Cost, Earlier: e.Earlier, Repeated: e.Repeated, Hint: e.Hint}
	if e.Class != engine.Cancelled {
		f.Code = string(diag.EngineFailed)
	}
	if step != nil && step.Doubts != "" {
		f.Hint = step.Doubts
	}
	if e.Statement < 0 || e.Statement >= len(b.Statements) {
		return f
	}
	s := b.Statements[e.Statement]
	f.Purpose = s.Purpose
	if step != nil && s.CodeEnd > s.CodeStart && e.Position >= s.CodeStart && e.Position <= s.CodeEnd {
		f.CodeOffset = e.Position - s.CodeStart
	}
	return f
}

// token is the same whenever this invocation makes this attempt at this batch.
func token(invocation string, n node.ID, interval string, batch, attempt int) string {
	sum := sha256.Sum256([]byte(invocation + "\x00" + string(n) + "\x00" + interval + "\x00" + strconv.Itoa(batch) + "\x00" + strconv.Itoa(attempt)))
	return hex.EncodeToString(sum[:16])
}

// asEngineError finds the engine's error in an error; what is none is permanent.
func asEngineError(err error) *engine.Error {
	var e *engine.Error
	if errors.As(err, &e) {
		return e
	}
	return &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
}
