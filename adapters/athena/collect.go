package athena

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/engine"
)

// What counts as left is proven, never guessed: an entry by the name under which the project builds aside, files by the folder that a run's
// journal names, or an entry's own note of the version before the last. A folder that any entry of the databases refers to stays, and so does
// what a run that goes on has made. Results of queries are not looked at: they are the workgroup's, with a lifecycle of its own.

// Leftovers lists staged entries, folders of files and old versions that nobody refers to.
func (e *Engine) Leftovers(ctx context.Context, c engine.Collection) ([]engine.Leftover, error) {
	tables, err := e.entries(ctx, c)
	if err != nil {
		return nil, err
	}
	var out, files []engine.Leftover
	var used []string
	for _, t := range tables {
		if l, ok := stagedLeft(t, tables, c); ok {
			out = append(out, l)
			continue
		}
		places, expired, err := e.placesOf(ctx, t)
		if err != nil {
			return nil, e.failure(err, "the partitions of "+t.relation.String()+" could not be listed")
		}
		used = append(used, places...)
		if contains(c.Relations, t.relation) {
			for _, place := range expired {
				files = append(files, engine.Leftover{Kind: "old version", Relation: t.relation, Place: place})
			}
		}
	}
	for _, run := range c.Live {
		used = append(used, run.Places...)
	}
	for _, run := range c.Dead {
		for _, place := range run.Places {
			files = append(files, engine.Leftover{Kind: "files", Place: place, Run: run.Invocation})
		}
	}
	files, err = e.unused(ctx, files, used)
	return append(out, files...), err
}

// entry is an entry of the catalog with the name that the project has for it.
type entry struct {
	lake.Table
	relation node.Relation
}

// entries lists all databases that the project or its runs have to do with.
func (e *Engine) entries(ctx context.Context, c engine.Collection) ([]entry, error) {
	var schemas []node.Relation
	add := func(r node.Relation) {
		r = node.Relation{Database: r.Database, Schema: strings.ToLower(r.Schema)}
		if r.Schema != "" && !slices.Contains(schemas, r) {
			schemas = append(schemas, r)
		}
	}
	for _, o := range c.Schemas {
		add(o.Relation)
	}
	for _, run := range c.Dead {
		for _, r := range run.Staged {
			add(r)
		}
	}
	slices.SortFunc(schemas, func(a, b node.Relation) int { return cmp.Compare(a.String(), b.String()) })
	var out []entry
	for _, schema := range schemas {
		k, err := e.catalog(ctx, schema.Database)
		if err != nil {
			return nil, e.failure(err, "the catalog "+schema.Database+" could not be opened")
		}
		tables, err := k.Tables(ctx, schema.Schema)
		if err != nil && !errors.Is(err, lake.ErrNotFound) {
			return nil, e.failure(err, "the tables of "+schema.Schema+" could not be listed")
		}
		for _, t := range tables {
			out = append(out, entry{t, node.Relation{Database: schema.Database, Schema: schema.Schema, Identifier: t.Name}})
		}
	}
	return out, nil
}

// placesOf are the folders that an entry refers to, with those of its version before, and the folders that it refers to as older ones.
func (e *Engine) placesOf(ctx context.Context, t entry) (used, expired []string, err error) {
	used, expired = []string{t.Location, t.Parameters[lake.PreviousPlace]}, []string{t.Parameters[lake.ExpiredPlace]}
	if len(t.Partitions) == 0 {
		return used, expired, nil
	}
	k, err := e.catalog(ctx, t.relation.Database)
	if err != nil {
		return nil, nil, err
	}
	list, err := k.PartitionsOf(ctx, t.Database, t.Name)
	if errors.Is(err, lake.ErrNotFound) {
		return used, expired, nil
	}
	if err != nil {
		return nil, nil, err
	}
	// The folder of the table itself may be that of one build, and hold none of the partitions that are there now.
	used = used[1:]
	for _, p := range list {
		used = append(used, p.Location, p.Previous)
	}
	if len(list) == 0 {
		used = append(used, t.Location)
	}
	more, err := k.ExpiredPartitions(ctx, t.Database, t.Name)
	return used, append(expired, more...), err
}

func contains(list []node.Relation, r node.Relation) bool {
	return slices.ContainsFunc(list, func(x node.Relation) bool {
		return strings.EqualFold(x.Schema, r.Schema) && strings.EqualFold(x.Identifier, r.Identifier)
	})
}

// stagedLeft says whether an entry was built aside by a run that does not go on, and shows nothing that anybody reads.
func stagedLeft(t entry, all []entry, c engine.Collection) (engine.Leftover, bool) {
	l := engine.Leftover{Kind: "staged table", Relation: t.relation}
	if t.View {
		l.Kind = "staged view"
	}
	shown := slices.ContainsFunc(all, func(p entry) bool { return p.relation.Schema == t.relation.Schema && showing(p.Table, t.Name) })
	if shown || contains(c.Relations, t.relation) {
		return l, false
	}
	below := func(places []string) bool {
		return t.Location != "" && slices.ContainsFunc(places, func(p string) bool { return within(t.Location, p) })
	}
	for _, run := range c.Live {
		if contains(run.Staged, t.relation) || below(run.Places) {
			return l, false
		}
	}
	ours := contains(c.Staged, t.relation)
	for _, run := range c.Dead {
		// By the folder, which no other run writes to, or by the name and the time.
		known := contains(run.Staged, t.relation)
		if (ours || known) && below(run.Places) || known && !t.Made.IsZero() && !t.Made.After(run.Until.Add(time.Minute)) {
			l.Run = run.Invocation
			return l, true
		}
	}
	// Another folder's run, or dbt, has made it. It is left if it is old: the next build would discard it as well.
	return l, ours && !t.Made.IsZero() && t.Made.Before(c.Before)
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
		k, err := e.catalog(ctx, l.Relation.Database)
		if err == nil {
			err = k.Forget(ctx, l.Relation.Schema, l.Relation.Identifier)
		}
		if err != nil {
			return e.failure(err, "the entry "+l.Relation.Schema+"."+l.Relation.Identifier+" could not be removed")
		}
		return nil
	}
	if err := e.empty(ctx, folder(l.Place)); err != nil {
		return e.failure(err, "the files at "+l.Place+" could not be removed")
	}
	return nil
}
