package athena

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// act does what no SQL can.
func (s *Session) act(ctx context.Context, a *plan.Act) (engine.Result, *engine.Error) {
	start := time.Now()
	err := s.engine.act(ctx, a)
	if err != nil {
		var known *engine.Error
		if errors.As(err, &known) {
			return engine.Result{}, known
		}
		f := s.engine.failure(err, a.String()[len("-- "):])
		if errors.Is(err, lake.ErrChanged) {
			f.Class = engine.Conflict
			f.Hint = "somebody else changed the table at the same moment; nothing was published, run it again"
		}
		return engine.Result{}, f
	}
	return engine.Result{Message: "OK", Code: "OK", RowsAffected: -1, Elapsed: time.Since(start)}, nil
}

func (e *Engine) act(ctx context.Context, a *plan.Act) error {
	k, err := e.catalog(ctx, a.Relation.Database)
	if err != nil {
		return err
	}
	switch a.Verb {
	case plan.Point:
		return e.point(ctx, k, a)
	case plan.Overwrite:
		return k.CopyPartitions(ctx, a.Relation.Schema, a.Staged.Identifier, a.Relation.Identifier, false)
	case plan.Forget:
		return k.Forget(ctx, a.Relation.Schema, a.Relation.Identifier)
	case plan.Discard:
		if err := k.Forget(ctx, a.Relation.Schema, a.Relation.Identifier); err != nil || a.Place == "" {
			return err
		}
		// What a run left behind can be what it published before it failed or was killed: a description that Glue refuses, say, comes after.
		used, err := e.uses(ctx, k, a.Keep, a.Place)
		if err != nil || used {
			return err
		}
		return e.empty(ctx, a.Place)
	case plan.Empty:
		return e.empty(ctx, a.Place)
	case plan.Expire:
		return e.expire(ctx, k, a)
	case plan.Upload:
		return e.upload(ctx, a)
	case plan.DescribeEntry:
		_, err := k.Describe(ctx, a.Relation.Schema, a.Relation.Identifier, lake.Description{Text: a.Text, Columns: a.Columns, Parameters: a.Properties})
		return err
	}
	return fmt.Errorf("Athena has no act %q", a.Verb)
}

// pointAttempts is how often the entry is read again when somebody else changed it between reading and writing.
const pointAttempts = 5

// point publishes. The entry is changed as it was read a moment before: a table that is built anew does not depend on what the old one held,
// so another writer's change of the old one is no reason to give up, only to look again.
func (e *Engine) point(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	db, name := a.Relation.Schema, a.Relation.Identifier
	staged, err := k.Table(ctx, db, a.Staged.Identifier)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		var seen *lake.Table
		old, err := k.Table(ctx, db, name)
		switch {
		case err == nil:
			seen = &old
		case !errors.Is(err, lake.ErrNotFound):
			return err
		}
		after := staged
		after.Parameters = map[string]string{}
		for k, v := range staged.Parameters {
			after.Parameters[k] = v
		}
		if seen != nil && old.Location != "" && old.Location != staged.Location && !old.View {
			after.Parameters[lake.PreviousPlace] = old.Location
		}
		if seen != nil {
			if place := old.Parameters[lake.PreviousPlace]; place != "" {
				after.Parameters[lake.ExpiredPlace] = place
			}
		}
		if err = k.Point(ctx, db, name, after, seen); err == nil {
			break
		}
		if !errors.Is(err, lake.ErrChanged) || attempt == pointAttempts || ctx.Err() != nil {
			return err
		}
	}
	if len(staged.Partitions) == 0 {
		return nil
	}
	return k.CopyPartitions(ctx, db, a.Staged.Identifier, name, true)
}

// expire removes the files of the version before the previous one. What is in use is never removed: an expired folder that is the
// current's, or holds it, is left alone.
func (e *Engine) expire(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	t, err := k.Table(ctx, a.Relation.Schema, a.Relation.Identifier)
	if errors.Is(err, lake.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(t.Partitions) > 0 {
		if err := e.expirePartitions(ctx, k, a); err != nil {
			return err
		}
	}
	place := t.Parameters[lake.ExpiredPlace]
	if place == "" || within(t.Location, place) || within(t.Parameters[lake.PreviousPlace], place) {
		return nil
	}
	return e.empty(ctx, place)
}

// expirePartitions removes the files of the versions of partitions that nobody reads any more.
func (e *Engine) expirePartitions(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	expired, err := k.ExpiredPartitions(ctx, a.Relation.Schema, a.Relation.Identifier)
	if err != nil {
		return err
	}
	for _, place := range expired {
		if err := e.empty(ctx, place); err != nil {
			return err
		}
	}
	return nil
}

// uses says that files of a table, or of its version before, lie below a place.
func (e *Engine) uses(ctx context.Context, k *lake.Catalog, table node.Relation, place string) (bool, error) {
	if table == (node.Relation{}) {
		return false, nil
	}
	t, err := k.Table(ctx, table.Schema, table.Identifier)
	if errors.Is(err, lake.ErrNotFound) {
		return false, nil
	}
	if err != nil || within(t.Location, place) || within(t.Parameters[lake.PreviousPlace], place) {
		return err == nil, err
	}
	if len(t.Partitions) == 0 {
		return false, nil
	}
	places, err := k.PartitionPlaces(ctx, table.Schema, table.Identifier)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(places, func(p string) bool { return within(p, place) }), nil
}

// within says that a place is another or below it.
func within(place, of string) bool {
	of = strings.TrimSuffix(of, "/") + "/"
	return strings.HasPrefix(strings.TrimSuffix(place, "/")+"/", of)
}

func (e *Engine) empty(ctx context.Context, url string) error {
	place, err := lake.ParsePlace(strings.TrimSuffix(url, "/") + "/")
	if err != nil {
		return err
	}
	_, err = e.objects.Remove(ctx, place)
	return err
}

func (e *Engine) upload(ctx context.Context, a *plan.Act) error {
	place, err := lake.ParsePlace(a.Place)
	if err != nil {
		return err
	}
	f, err := os.Open(a.File)
	if err != nil {
		return failed(err, "")
	}
	defer f.Close()
	if err := e.objects.Put(ctx, place, f); err != nil {
		return &engine.Error{Class: weftaws.Classify(err, false), Message: e.profile.aws.Redact("the seed could not be stored at " + a.Place + ": " + err.Error()),
			Statement: -1, Position: -1, Hint: weftaws.Hint(err), Err: err}
	}
	return nil
}
