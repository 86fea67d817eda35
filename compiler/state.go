package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/artifact"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/selector"
	"github.com/weft-data/weft/compiler/internal/state"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// State is what an earlier run left behind, for selections that compare with it and for relations that are read there. Parts that the
// run did not leave are missing.
type State struct {
	manifest *state.Manifest
	results  map[node.ID]string
	// sources are the times of the sources' latest rows then, current those of the project's own last look.
	sources, current *freshness
}

// freshness is what a sources.json says: when sources last got rows, and of which that is not known.
type freshness struct {
	loaded map[node.ID]string
	failed map[node.ID]bool
}

// StateFiles are the artifacts that a State is read from; nil where there is none. Current is the project's own sources.json.
type StateFiles struct{ Manifest, Results, Sources, Current io.Reader }

// ReadState reads the artifacts of an earlier run. The error names the file.
func ReadState(f StateFiles) (*State, error) {
	s := new(State)
	if f.Manifest != nil {
		m, err := state.ReadManifest(f.Manifest)
		if err != nil {
			return nil, fmt.Errorf("manifest.json %w", err)
		}
		s.manifest = m
	}
	if f.Results != nil {
		r, err := manifest.ReadRunResults(f.Results)
		if err != nil {
			return nil, fmt.Errorf("run_results.json: %w", err)
		}
		s.results = map[node.ID]string{}
		for _, x := range r.Results {
			s.results[node.ID(x.UniqueID)] = x.Status
		}
	}
	for _, x := range []struct {
		from io.Reader
		to   **freshness
	}{{f.Sources, &s.sources}, {f.Current, &s.current}} {
		if x.from == nil {
			continue
		}
		r, err := manifest.ReadSources(x.from)
		if err != nil {
			return nil, fmt.Errorf("sources.json: %w", err)
		}
		found := &freshness{loaded: map[node.ID]string{}, failed: map[node.ID]bool{}}
		for _, one := range r.Results {
			if one.MaxLoadedAt == "" {
				found.failed[node.ID(one.UniqueID)] = true
			} else {
				found.loaded[node.ID(one.UniqueID)] = one.MaxLoadedAt
			}
		}
		*x.to = found
	}
	return s, nil
}

// HasManifest says whether the earlier run left a manifest.
func (s *State) HasManifest() bool { return s != nil && s.manifest != nil }

// earlier answers the selection methods that compare with an earlier run; nil without a state.
func (p *Project) earlier(s *State) func(selector.Method, string, source.Span) (map[node.ID]bool, string, diag.List) {
	if s == nil {
		return nil
	}
	var changes *state.Changes
	return func(m selector.Method, value string, span source.Span) (ids map[node.ID]bool, problem string, diags diag.List) {
		missing := func(file, hint string) (map[node.ID]bool, string, diag.List) {
			d := diags.Add(diag.SelectorNeedsState, span, "Got a %s selector method, but there is no %s to compare with", m, file)
			d.Hint = hint
			return nil, "", diags
		}
		switch m {
		case selector.ByResult:
			if s.results == nil {
				return missing("run_results.json", "The folder of --state must hold the artifacts of a run, test or build.")
			}
			ids = map[node.ID]bool{}
			for id, status := range s.results {
				if status == value {
					ids[id] = true
				}
			}
			return ids, "", nil
		case selector.BySourceStatus:
			switch {
			case s.sources == nil:
				return missing("sources.json", "The folder of --state must hold what an earlier `source freshness` wrote.")
			case s.current == nil:
				return missing("sources.json of the project itself", "Run `source freshness` first.")
			}
			return s.fresher(value), "", nil
		}
		if s.manifest == nil {
			return missing("manifest.json", "The folder of --state must hold the artifacts of an earlier run.")
		}
		if changes == nil {
			changes = state.Compare(p.current(), s.manifest)
		}
		ids, known, diags, err := changes.Select(value, span)
		switch {
		case err != nil:
			diags.Add(diag.Internal, span, "%s", err)
			return nil, "", diags
		case !known:
			return nil, selector.Suggest(value, state.States), nil
		}
		return ids, "", diags
	}
}

// fresher are the sources with newer rows than the earlier run saw, or that it did not see.
func (s *State) fresher(value string) map[node.ID]bool {
	ids := map[node.ID]bool{}
	if value != "fresher" {
		return ids
	}
	for id, at := range s.current.loaded {
		if before, known := s.sources.loaded[id]; (!known || at > before) && !s.current.failed[id] {
			ids[id] = true
		}
	}
	return ids
}

// current is the project as comparisons see it.
func (p *Project) current() state.Current {
	p.engine.CompleteMacros(p.set.Profile.Type) // which macros they call is not known before
	unrendered, said := p.set.Root.Config.Flags.Get("state_modified_compare_more_unrendered_values")
	c := state.Current{Disabled: map[node.ID]bool{}, Macros: p.bound.Macros, Adapter: p.set.Profile.Type, Now: p.options.Now, Rendered: said && !jinja.Truth(unrendered),
		Row: func(n *resource.Node) (*state.Row, error) {
			row := new(state.Row)
			return row, json.Unmarshal(artifact.Entry(n), row)
		}}
	c.Nodes = p.dag.Nodes()
	for _, n := range p.bound.All() {
		if !n.Enabled {
			c.Disabled[n.ID] = true
		}
	}
	return c
}

// Defer lets references read what another environment has, where this one does not have it: nodes that are not built in this run, and
// whose relation does not exist here, or, with favor, whatever exists here. w says what exists; nil: nothing does. It must be called
// before anything is rendered.
func (p *Project) Defer(ctx context.Context, s *State, selected Selected, command string, favor bool, w Warehouse) error {
	return p.planner.Defer(ctx, s.manifest.Relation, selected, command, favor, w)
}
