package athena

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/engine"
)

// What counts as left is proven, never guessed: an entry by the name under which the project builds aside, files by the folder that a run's
// journal names, or an entry's own note of the version before the last. A folder that any entry of the databases refers to stays, and so does
// what a run that goes on has made. Results of queries are not looked at: they are the workgroup's, with a lifecycle of its own.

// Leftovers lists staged entries, folders of files and old versions that nobody refers to.
func (e *Engine) Leftovers(ctx context.Context, c engine.Collection) ([]engine.Leftover, error) {
	tables, err := e.databases(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []engine.Leftover
	var used []string
	left := map[node.Relation]bool{}
	for _, t := range tables {
		if l, ok := stagedLeft(t, c); ok {
			out = append(out, l)
			left[key(l.Relation)] = true
		}
	}
	var old []engine.Leftover
	for _, t := range tables {
		if left[node.Relation{Schema: t.Database, Identifier: t.Name}] {
			continue
		}
		used = append(used, t.Location, t.Parameters[lake.PreviousPlace])
		expired := []string{t.Parameters[lake.ExpiredPlace]}
		if len(t.Partitions) > 0 {
			places, err := e.catalog.PartitionPlaces(ctx, t.Database, t.Name)
			if err == nil {
				used = append(used, places...)
				places, err = e.catalog.ExpiredPartitions(ctx, t.Database, t.Name)
			}
			if err != nil && !errors.Is(err, lake.ErrNotFound) {
				return nil, e.failure(err, "the partitions of "+t.Database+"."+t.Name+" could not be listed")
			}
			expired = append(expired, places...)
		}
		if owned(t, c.Relations) {
			for _, place := range expired {
				old = append(old, engine.Leftover{Kind: "old version", Relation: node.Relation{Schema: t.Database, Identifier: t.Name}, Place: place})
			}
		}
	}
	for _, run := range c.Live {
		used = append(used, run.Places...)
	}
	for _, run := range c.Dead {
		for _, place := range run.Places {
			old = append(old, engine.Leftover{Kind: "files", Place: place, Run: run.Invocation})
		}
	}
	files, err := e.unused(ctx, old, used)
	return append(out, files...), err
}

// databases lists the entries of all databases that the project or its runs have to do with.
func (e *Engine) databases(ctx context.Context, c engine.Collection) ([]lake.Table, error) {
	var names []string
	for _, o := range c.Schemas {
		names = append(names, strings.ToLower(o.Relation.Schema))
	}
	for _, run := range c.Dead {
		for _, r := range run.Staged {
			names = append(names, strings.ToLower(r.Schema))
		}
	}
	slices.Sort(names)
	var out []lake.Table
	for _, name := range slices.Compact(names) {
		if name == "" {
			continue
		}
		tables, err := e.catalog.Tables(ctx, name)
		if err != nil && !errors.Is(err, lake.ErrNotFound) {
			return nil, e.failure(err, "the tables of "+name+" could not be listed")
		}
		out = append(out, tables...)
	}
	return out, nil
}

func key(r node.Relation) node.Relation {
	return node.Relation{Schema: strings.ToLower(r.Schema), Identifier: strings.ToLower(r.Identifier)}
}

func owned(t lake.Table, list []node.Relation) bool {
	return slices.ContainsFunc(list, func(r node.Relation) bool {
		return strings.EqualFold(r.Schema, t.Database) && strings.EqualFold(r.Identifier, t.Name)
	})
}

// stagedLeft says whether an entry was built aside by a run that does not go on.
func stagedLeft(t lake.Table, c engine.Collection) (engine.Leftover, bool) {
	l := engine.Leftover{Kind: "staged table", Relation: node.Relation{Schema: t.Database, Identifier: t.Name}}
	if t.View {
		l.Kind = "staged view"
	}
	if owned(t, c.Relations) {
		return l, false
	}
	for _, run := range c.Live {
		if owned(t, run.Staged) || slices.ContainsFunc(run.Places, func(p string) bool { return t.Location != "" && within(t.Location, p) }) {
			return l, false
		}
	}
	for _, run := range c.Dead {
		mine := owned(t, run.Staged)
		if mine && t.View || (mine || owned(t, c.Staged)) && slices.ContainsFunc(run.Places, func(p string) bool { return t.Location != "" && within(t.Location, p) }) {
			l.Run = run.Invocation
			return l, true
		}
	}
	// Another folder's run, or dbt, has made it. It is left if it is old: the next build would discard it as well.
	return l, owned(t, c.Staged) && !t.Made.IsZero() && t.Made.Before(c.Before)
}

// listings is how many folders are listed at once.
const listings = 8

// unused are the folders that hold files and that nobody refers to.
func (e *Engine) unused(ctx context.Context, list []engine.Leftover, used []string) ([]engine.Leftover, error) {
	seen := map[string]bool{}
	list = slices.DeleteFunc(list, func(l engine.Leftover) bool {
		if l.Place == "" || seen[folder(l.Place)] {
			return true
		}
		seen[folder(l.Place)] = true
		return slices.ContainsFunc(used, func(u string) bool { return u != "" && (within(u, l.Place) || within(l.Place, u)) })
	})
	errs := make([]error, len(list))
	slots := make(chan struct{}, listings)
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			place, err := lake.ParsePlace(folder(list[i].Place))
			if err == nil {
				err = e.objects.List(ctx, place, func(_ string, size int64) bool {
					list[i].Files++
					list[i].Bytes += size
					return true
				})
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, e.failure(err, "the files that runs left could not be listed")
	}
	list = slices.DeleteFunc(list, func(l engine.Leftover) bool { return l.Files == 0 })
	slices.SortFunc(list, func(a, b engine.Leftover) int { return cmp.Compare(a.Place, b.Place) })
	return list, nil
}

func folder(place string) string { return strings.TrimSuffix(place, "/") + "/" }

// Collect removes an entry, or the files of a folder.
func (e *Engine) Collect(ctx context.Context, l engine.Leftover) error {
	if l.Place == "" {
		if err := e.catalog.Forget(ctx, l.Relation.Schema, l.Relation.Identifier); err != nil {
			return e.failure(err, "the entry "+l.Relation.Schema+"."+l.Relation.Identifier+" could not be removed")
		}
		return nil
	}
	if err := e.empty(ctx, folder(l.Place)); err != nil {
		return e.failure(err, "the files at "+l.Place+" could not be removed")
	}
	return nil
}
