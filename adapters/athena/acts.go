package athena

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
		if errors.Is(err, errStale) {
			return engine.Result{}, stale(a)
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
		return e.discard(ctx, k, a)
	case plan.Adopt:
		return e.adopt(ctx, k, a)
	case plan.Gather:
		return e.gather(ctx, k, a)
	case plan.Branch:
		return e.branch(ctx, k, a)
	case plan.Empty:
		return e.empty(ctx, a.Place)
	case plan.Expire:
		return e.expire(ctx, k, a)
	case plan.Erase:
		return e.erase(ctx, k, a.Relation)
	case plan.TrimEntry:
		return k.Trim(ctx, a.Relation.Schema, a.Relation.Identifier, a.Newest)
	case plan.Upload:
		return e.upload(ctx, a)
	case plan.DescribeEntry:
		_, err := k.Describe(ctx, a.Relation.Schema, a.Relation.Identifier, lake.Description{Text: a.Text, Columns: a.Columns, Parameters: a.Properties,
			ColumnParameters: a.ColumnProperties, Owner: a.Owner})
		return err
	case plan.TagEntry:
		return e.tag(ctx, a)
	case plan.FilterRows:
		return e.filter(ctx, a)
	}
	return fmt.Errorf("Athena has no act %q", a.Verb)
}

// builtAt is the parameter of a published entry that names the folder of the build which published it: no other build has it, so a later run can
// tell whether this one did.
const builtAt = "weft_built_at"

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
	seen, built, err := e.find(ctx, k, a.Seen)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		var now *lake.Table
		old, err := k.Table(ctx, db, name)
		switch {
		case err == nil:
			now = &old
		case !errors.Is(err, lake.ErrNotFound):
			return err
		}
		if repeated(old, staged, a) {
			return nil
		}
		if built && (now == nil || old.State() != seen.Parameters[lake.BuiltOn]) {
			return errStale
		}
		after := staged
		after.Parameters = map[string]string{}
		for k, v := range staged.Parameters {
			after.Parameters[k] = v
		}
		if now != nil && old.Location != "" && old.Location != staged.Location && !old.View {
			after.Parameters[lake.PreviousPlace] = old.Location
		}
		if now != nil {
			if place := old.Parameters[lake.PreviousPlace]; place != "" {
				after.Parameters[lake.ExpiredPlace] = place
			}
		}
		succeed(&after, old, a.Version.Identifier, a.Place)
		if a.Place != "" {
			after.Parameters[builtAt] = a.Place
		}
		maps.Copy(after.Parameters, a.Properties)
		if err = k.Point(ctx, db, name, after, now); err == nil {
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

// repeated says that the entry shows what is to be published already: an earlier attempt, whose answer was lost, has done it.
func repeated(old, staged lake.Table, a *plan.Act) bool {
	if a.Version.Identifier != "" {
		return old.Parameters[lake.CurrentVersion] == a.Version.Identifier
	}
	return staged.Iceberg && !staged.View && old.Metadata == staged.Metadata
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

// erase removes what a relation shows: its files, and of a table in versions the versions. The entries of versions go
// before their files, so that nothing names files that are gone but the relation itself, which the caller removes next.
func (e *Engine) erase(ctx context.Context, k *lake.Catalog, r node.Relation) error {
	shown, ok, err := e.find(ctx, k, r)
	if err != nil || !ok {
		return err
	}
	tables := []lake.Table{shown}
	for _, name := range []string{shown.Parameters[lake.CurrentVersion], shown.Parameters[lake.PreviousVersion]} {
		if name == "" {
			continue
		}
		version, ok, err := e.find(ctx, k, node.Relation{Database: r.Database, Schema: r.Schema, Identifier: name})
		if err != nil {
			return err
		}
		if ok {
			tables = append(tables, version)
		}
	}
	var places []string
	for _, t := range tables {
		places = append(places, t.Location, t.Parameters[lake.PreviousPlace])
		if len(t.Partitions) > 0 {
			list, err := k.PartitionPlaces(ctx, r.Schema, t.Name)
			if err != nil {
				return err
			}
			places = append(places, list...)
		}
	}
	for _, t := range tables[1:] {
		if err := k.Forget(ctx, r.Schema, t.Name); err != nil {
			return err
		}
	}
	slices.Sort(places)
	for _, place := range slices.Compact(places) {
		if place == "" {
			continue
		}
		if err := e.empty(ctx, place); err != nil {
			return err
		}
	}
	return nil
}
