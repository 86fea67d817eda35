package duckdb

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/compiler/plan"
)

// The figures that decide when memory is given back. A table that was just made takes 16 to 32 KiB a column until it is written into the
// file, rows that were inserted into a written one 256 KiB a column; after that the cache holds 256 KiB of the smallest table. So
// 1,000 tables of a few rows, rebuilt, hold 700 MB, of which nobody needs much.
const (
	// slack is the memory that the last checkpoint may take beyond what is in use when it begins.
	slack = 16 << 20
	// unwritten is how much may wait to be written into the file, much when that is worth any time; kept is how much of the cache is left
	// when there is a choice.
	unwritten = 16 << 20
	much      = 32 << 20
	kept      = 32 << 20
	// valuable is the cache that is kept whole: it belongs to tables that cost time to read.
	valuable = 512 << 20
	// lookEvery is after how many batches the memory is looked at, patience how long statements that run are waited for, four times as
	// long when much waits.
	lookEvery = 8
	patience  = 30 * time.Millisecond
)

// pressure is what an engine knows of its memory.
type pressure struct {
	// gate is what statements pass. It is shut while the memory limit is narrow: none may meet it.
	gate gate
	// batches counts those that stored something since the memory was looked at.
	batches atomic.Int64
	// looking is held by who looks and writes; the rest belongs to it: when that ended the last time, and how long it took.
	looking sync.Mutex
	ended   time.Time
	took    time.Duration
}

// due says whether it is time to write what waits. Writing takes at most half of the time as long as not much waits: what is written is
// mostly what would have to be written at the end.
func (p *pressure) due(waiting int64, now time.Time) bool {
	return waiting >= much || waiting >= unwritten && now.Sub(p.ended) >= p.took
}

// patient is how long statements are waited for.
func patient(waiting int64) time.Duration {
	if waiting >= much {
		return 4 * patience
	}
	return patience
}

// stores says whether a batch leaves something behind that takes memory.
func stores(b plan.Batch) bool {
	for i := range b.Statements {
		switch b.Statements[i].Purpose {
		case plan.Build, plan.Load, plan.Change, plan.Hook, plan.Query:
			return true
		}
	}
	return false
}

// usage is what DuckDB holds: in all, of that what waits to be written, and the limit as it shows it.
type usage struct {
	all, unwritten int64
	limit          string
}

func (e *Engine) usage(ctx context.Context) (usage, bool) {
	if e.admin == nil {
		return usage{}, false
	}
	result, err := query(ctx, e.admin, `select coalesce(sum(memory_usage_bytes), 0)::bigint,
coalesce(sum(memory_usage_bytes) filter (tag = 'IN_MEMORY_TABLE'), 0)::bigint, current_setting('memory_limit') from duckdb_memory()`, 0)
	if err != nil || len(result.Rows) != 1 || len(result.Rows[0]) != 3 {
		return usage{}, false
	}
	all, ok1 := result.Rows[0][0].(int64)
	waiting, ok2 := result.Rows[0][1].(int64)
	return usage{all, waiting, str(result.Rows[0][2])}, ok1 && ok2
}

// relieve writes what was made into the file, and lets go of the cache, when much has come together. No statement runs meanwhile; one that
// takes long is not disturbed.
func (e *Engine) relieve() {
	p := &e.pressure
	if e.profile.file == "" || p.batches.Add(1) < lookEvery || !p.looking.TryLock() {
		return
	}
	defer p.looking.Unlock()
	p.batches.Store(0)
	ctx := context.Background()
	e.mu.Lock()
	u, ok := e.usage(ctx)
	e.mu.Unlock()
	begin := time.Now()
	if !ok || !p.due(u.unwritten, begin) {
		return
	}
	defer func() {
		p.ended = time.Now()
		p.took = p.ended.Sub(begin)
	}()
	if !p.gate.close(patient(u.unwritten)) {
		return
	}
	defer p.gate.open()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.admin == nil {
		return
	}
	// It fails where a session left a transaction open; then there will be another chance.
	if _, err := e.admin.ExecContext(ctx, e.checkpoint(), nil); err != nil {
		return
	}
	if u, ok = e.usage(ctx); ok && u.all > kept && u.all < valuable && kept < bytesOf(u.limit) {
		// If something cannot be let go DuckDB says so, and keeps the old limit.
		_ = e.limit(ctx, strconv.Itoa(kept)+"B")
		_ = e.limit(ctx, e.own(u.limit))
	}
}

// settle writes the log into the file before the database is closed, in little more memory than is in use already: DuckDB keeps what it
// writes in its cache too, and nobody will read it. The answer is false if that memory was not enough: the checkpoint is still to be made. With a session
// left open, as after a run that was abandoned, nothing is done: it may be in a transaction. Where another engine of this process is in one, that engine
// writes the log when it is closed.
func (e *Engine) settle() bool {
	if e.profile.file == "" || e.database == "" || e.sessions.Load() > 0 {
		return true
	}
	if log, err := os.Stat(e.profile.file + ".wal"); err != nil || log.Size() == 0 {
		return true
	}
	ctx := context.Background()
	u, ok := e.usage(ctx)
	if !ok || u.all < 2*slack || u.all+slack >= bytesOf(u.limit) || e.limit(ctx, strconv.FormatInt(u.all+slack, 10)+"B") != nil {
		return true
	}
	_, err := e.admin.ExecContext(ctx, e.checkpoint(), nil)
	_ = e.limit(ctx, e.own(u.limit)) // attached databases are written with it when they are closed
	var failure *duck.Error
	return err == nil || errors.As(err, &failure) && failure.Type == duck.ErrorTypeTransaction
}

func (e *Engine) checkpoint() string {
	return `checkpoint "` + strings.ReplaceAll(e.database, `"`, `""`) + `"`
}

func (e *Engine) limit(ctx context.Context, size string) error {
	_, err := e.admin.ExecContext(ctx, "set memory_limit = "+literal(size), nil)
	return err
}

// own is the limit as the profile gives it, if that is the one that is shown: what is shown is rounded.
func (e *Engine) own(shown string) string {
	if shown == e.shownLimit && e.profile.memoryLimit != "" {
		return e.profile.memoryLimit
	}
	return shown
}

// bytesOf reads a size as DuckDB shows it ("12.5 GiB"); 0 if it is none.
func bytesOf(size string) int64 {
	number, unit, _ := strings.Cut(size, " ")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	for i, u := range []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"} {
		if u == unit {
			return int64(n * float64(int64(1)<<(10*i)))
		}
	}
	return 0
}
