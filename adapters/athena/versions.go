package athena

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// find reads an entry, which may be absent.
func (e *Engine) find(ctx context.Context, k *lake.Catalog, r node.Relation) (lake.Table, bool, error) {
	if r == (node.Relation{}) {
		return lake.Table{}, false, nil
	}
	t, err := k.Table(ctx, r.Schema, r.Identifier)
	if errors.Is(err, lake.ErrNotFound) {
		return lake.Table{}, false, nil
	}
	return t, err == nil, err
}

// showing says that the published entry shows a table as its version, or did before.
func showing(published lake.Table, version string) bool {
	return published.Parameters[lake.CurrentVersion] == version || published.Parameters[lake.PreviousVersion] == version
}

// adopt makes a version. Everything happens in the catalog, aside.
func (e *Engine) adopt(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	db, name := a.Relation.Schema, a.Relation.Identifier
	staged, ok, err := e.find(ctx, k, a.Staged)
	if err != nil {
		return err
	}
	if !ok || staged.View { // an earlier attempt came to its end, and to the view
		_, err := k.Table(ctx, db, name)
		return err
	}
	published, _, err := e.find(ctx, k, a.Keep)
	if err != nil {
		return err
	}
	if showing(published, name) {
		return errStale
	}
	list, err := k.PartitionsOf(ctx, db, a.Staged.Identifier)
	if err != nil {
		return err
	}
	var keys []lake.Column
	parameters := maps.Clone(a.Properties)
	if parameters == nil {
		parameters = map[string]string{}
	}
	if a.Base != (node.Relation{}) {
		base, old, err := e.published(ctx, k, a.Base)
		if err != nil {
			return err
		}
		if a.Typed {
			if err := lake.SameTypes(staged, base); err != nil {
				return refused(err)
			}
		}
		composed, hidden, err := lake.Compose(staged, base, list, old, path.Base(staged.Location), a.Beside)
		if err != nil {
			return refused(err)
		}
		if list = composed; hidden {
			keys = []lake.Column{{Name: lake.BuildColumn, Type: "string"}}
		}
		parameters[lake.BuiltOn] = published.State()
	}
	if err := k.Forget(ctx, db, name); err != nil {
		return err
	}
	if err := k.Make(ctx, db, name, staged, parameters, keys...); err != nil {
		return err
	}
	if err := k.AddPartitions(ctx, db, name, list); err != nil {
		return err
	}
	return k.Forget(ctx, db, a.Staged.Identifier)
}

// published is the table that a published name shows, with its partitions: itself, or its current version.
func (e *Engine) published(ctx context.Context, k *lake.Catalog, r node.Relation) (lake.Table, []lake.Partition, error) {
	t, err := k.Table(ctx, r.Schema, r.Identifier)
	if err != nil {
		return t, nil, err
	}
	if v := t.Parameters[lake.CurrentVersion]; v != "" {
		if t, err = k.Table(ctx, r.Schema, v); err != nil {
			return t, nil, err
		}
	}
	if len(t.Partitions) == 0 {
		return t, nil, nil
	}
	list, err := k.PartitionsOf(ctx, r.Schema, t.Name)
	return t, list, err
}

// branch makes an entry on the state of an Iceberg table, and lets the entry of the staged rows remember which state that is.
func (e *Engine) branch(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	base, err := k.Table(ctx, a.Base.Schema, a.Base.Identifier)
	if err != nil {
		return err
	}
	if _, err := k.Describe(ctx, a.Staged.Schema, a.Staged.Identifier, lake.Description{Parameters: map[string]string{lake.BuiltOn: base.State()}}); err != nil {
		return err
	}
	if err := k.Forget(ctx, a.Relation.Schema, a.Relation.Identifier); err != nil {
		return err
	}
	return k.Make(ctx, a.Relation.Schema, a.Relation.Identifier, base, nil)
}

// gather gives the partitions of one staged table to another.
func (e *Engine) gather(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	if _, ok, err := e.find(ctx, k, a.Staged); err != nil || !ok { // an earlier attempt came to its end
		return err
	}
	if err := k.CopyPartitions(ctx, a.Relation.Schema, a.Staged.Identifier, a.Relation.Identifier, false); err != nil {
		return err
	}
	return k.Forget(ctx, a.Staged.Schema, a.Staged.Identifier)
}

// errStale: what was built aside was built on a state of the table that it is not in any more.
var errStale = errors.New("somebody else changed the table while its successor was built on what it was")

// stale is that failure: the same statements would fail again, since they must be built on the new state.
func stale(a *plan.Act) *engine.Error {
	return &engine.Error{Class: engine.Permanent, Message: a.String()[len("-- "):] + ": " + errStale.Error(), Statement: -1, Position: -1, Err: errStale,
		Hint: "nothing was published; run the node again, which then starts with the table as it is now"}
}

func refused(err error) *engine.Error {
	return &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
}

// succeed notes in the entry to be which version it shows, which build made it, and what becomes of the versions of the entry that it replaces.
func succeed(after *lake.Table, old lake.Table, version, place string) {
	was := old.Parameters
	if version != "" {
		after.Parameters[lake.CurrentVersion] = version
	}
	if place != "" {
		after.Parameters[lake.BuiltAt] = place
	}
	if was[lake.BuiltAt] != "" {
		after.Parameters[lake.BuiltBefore] = was[lake.BuiltAt]
	}
	expired := strings.FieldsFunc(was[lake.ExpiredVersions], func(r rune) bool { return r == ',' })
	if v := was[lake.PreviousVersion]; v != "" {
		expired = append(expired, v)
	}
	if v := was[lake.CurrentVersion]; v != "" {
		after.Parameters[lake.PreviousVersion] = v
	}
	slices.Sort(expired)
	expired = slices.DeleteFunc(slices.Compact(expired), func(v string) bool { return v == version || v == after.Parameters[lake.PreviousVersion] })
	if len(expired) > 0 {
		after.Parameters[lake.ExpiredVersions] = strings.Join(expired, ",")
	}
	switch {
	case version == "":
	case !old.View && len(old.Partitions) > 0:
		after.Parameters[lake.LeftPartitions] = "previous"
	case was[lake.LeftPartitions] != "":
		after.Parameters[lake.LeftPartitions] = "expired"
	}
}

// live are the folders that a published table uses: of its files now, and of those of the version before, which queries may be reading.
func (e *Engine) live(ctx context.Context, k *lake.Catalog, t lake.Table) ([]string, error) {
	var out []string
	add := func(places ...string) {
		for _, p := range places {
			if p != "" {
				out = append(out, p)
			}
		}
	}
	partitions := func(table string) error {
		list, err := k.PartitionsOf(ctx, t.Database, table)
		for _, p := range list {
			add(p.Location, p.Previous)
		}
		return err
	}
	if !t.View {
		add(t.Location)
	}
	add(t.Parameters[lake.PreviousPlace])
	if !t.View && len(t.Partitions) > 0 || t.Parameters[lake.LeftPartitions] == "previous" {
		if err := partitions(t.Name); err != nil {
			return nil, err
		}
	}
	for _, v := range []string{t.Parameters[lake.CurrentVersion], t.Parameters[lake.PreviousVersion]} {
		table, ok, err := e.find(ctx, k, node.Relation{Schema: t.Database, Identifier: v})
		if v == "" || err == nil && !ok {
			continue
		}
		if err == nil && len(table.Partitions) > 0 {
			err = partitions(v)
		} else {
			add(table.Location)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clear removes the files below some places that are not among those that live.
func (e *Engine) clear(ctx context.Context, places, live []string) error {
	keep := make([]lake.Place, 0, len(live))
	for _, l := range live {
		if p, err := lake.ParsePlace(l); err == nil {
			keep = append(keep, p)
		}
	}
	done := map[string]bool{}
	for _, url := range places {
		if url == "" || done[url] || slices.ContainsFunc(live, func(l string) bool { return within(url, l) }) {
			continue
		}
		done[url] = true
		place, err := lake.ParsePlace(strings.TrimSuffix(url, "/") + "/")
		if err != nil {
			return err
		}
		if _, err := e.objects.Remove(ctx, place, keep...); err != nil {
			return err
		}
	}
	return nil
}

// folders are the places of a table's files.
func (e *Engine) folders(ctx context.Context, k *lake.Catalog, t lake.Table) ([]string, error) {
	out := []string{t.Location}
	if len(t.Partitions) == 0 {
		return out, nil
	}
	list, err := k.PartitionsOf(ctx, t.Database, t.Name)
	for _, p := range list {
		for _, place := range []string{p.Location, p.Previous} {
			if place != "" && !within(place, t.Location) {
				out = append(out, place)
			}
		}
	}
	return out, err
}

// discard removes an entry and its files, but not what a published table uses.
func (e *Engine) discard(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	keep, kept, err := e.find(ctx, k, a.Keep)
	if err != nil || kept && showing(keep, a.Relation.Identifier) {
		return err
	}
	places := []string{a.Place}
	if kept {
		if left, ok, err := e.find(ctx, k, a.Relation); err != nil {
			return err
		} else if ok && !left.View {
			more, err := e.folders(ctx, k, left)
			if err != nil {
				return err
			}
			places = append(places, more...)
		}
	}
	if err := k.Forget(ctx, a.Relation.Schema, a.Relation.Identifier); err != nil {
		return err
	}
	if len(places) == 1 && a.Place == "" {
		return nil
	}
	// What a run left behind can be what it published before it failed or was killed: a description that Glue refuses, say, comes after.
	var live []string
	if kept {
		if live, err = e.live(ctx, k, keep); err != nil {
			return err
		}
	}
	return e.clear(ctx, places, live)
}

// expire removes the files and versions that neither the current nor the previous one uses.
func (e *Engine) expire(ctx context.Context, k *lake.Catalog, a *plan.Act) error {
	t, ok, err := e.find(ctx, k, a.Relation)
	if err != nil || !ok {
		return err
	}
	if !t.View && len(t.Partitions) > 0 {
		if err := e.expirePartitions(ctx, k, a); err != nil {
			return err
		}
	}
	places := []string{t.Parameters[lake.ExpiredPlace]}
	var versions []string
	for _, v := range strings.Split(t.Parameters[lake.ExpiredVersions], ",") {
		old, ok, err := e.find(ctx, k, node.Relation{Schema: t.Database, Identifier: v})
		if v == "" || err == nil && !ok {
			continue
		}
		if err != nil {
			return err
		}
		more, err := e.folders(ctx, k, old)
		if err != nil {
			return err
		}
		places, versions = append(places, more...), append(versions, v)
	}
	if t.Parameters[lake.LeftPartitions] == "expired" {
		left, err := k.PartitionsOf(ctx, t.Database, t.Name)
		if err != nil {
			return err
		}
		for _, p := range left {
			places = append(places, p.Location, p.Previous)
		}
		if err := k.RemovePartitions(ctx, t.Database, t.Name, left); err != nil {
			return err
		}
	}
	if len(places) == 1 && places[0] == "" {
		return nil
	}
	live, err := e.live(ctx, k, t)
	if err != nil {
		return err
	}
	if err := e.clear(ctx, places, live); err != nil {
		return err
	}
	for _, v := range versions {
		if err := k.Forget(ctx, t.Database, v); err != nil {
			return fmt.Errorf("the old version %s: %w", v, err)
		}
	}
	return nil
}
