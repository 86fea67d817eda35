package resolve

import (
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/node"
)

// The config of a node is built from layers: the levels of its own package's dbt_project.yml from the root to its folder, its
// properties file, its config() calls, and, for a node of an installed package, the levels of the root project's
// dbt_project.yml. Most nodes of a folder have nothing but the first; what these come to is computed once per folder, and
// such nodes share one state and one finished mapping. Finished states are never changed.

// entry is one key of a layer.
type entry struct {
	key   string
	value jinja.Value
}

// layer is one level of config, in the order written.
type layer []entry

// state is a config under construction: the kind's own keys by position (nil: the default), then further keys in order.
type state struct {
	schema *schema
	vals   []jinja.Value
	extra  []entry
	// cleared says that a layer set None over a value: see (*binder).settle.
	cleared bool

	once sync.Once
	dict *jinja.Dict
}

func newState(s *schema) *state { return &state{schema: s, vals: make([]jinja.Value, len(s.fields))} }

func (s *state) clone() *state {
	c := &state{schema: s.schema, vals: make([]jinja.Value, len(s.vals)), cleared: s.cleared}
	copy(c.vals, s.vals)
	if len(s.extra) > 0 {
		c.extra = append(make([]entry, 0, len(s.extra)+2), s.extra...)
	}
	return c
}

// get is the present value of a key; None where it is neither set nor a key of the kind.
func (s *state) get(key string) jinja.Value {
	if i, ok := s.schema.index[key]; ok {
		if v := s.vals[i]; v != nil {
			return v
		}
		if d := s.schema.fields[i].def; d != nil {
			return d
		}
		return jinja.None
	}
	for _, e := range s.extra {
		if e.key == key {
			return e.value
		}
	}
	return jinja.None
}

func (s *state) enabled() bool {
	i, ok := s.schema.index["enabled"]
	if !ok || s.vals[i] == nil {
		return true
	}
	return jinja.Truth(s.vals[i])
}

// add lays a layer over the state. It returns the first key whose value cannot be merged, with what was expected.
func (s *state) add(l layer) (bad *configProblem) {
	for _, e := range l {
		key := canonicalKey(e.key)
		i, known := s.schema.index[key]
		if !known {
			s.setExtra(e.key, e.value)
			continue
		}
		f := &s.schema.fields[i]
		old := s.vals[i]
		if _, none := e.value.(jinja.NoneType); none && f.merge == clobber {
			if old != nil && !isNone(old) {
				s.cleared = true
			}
			s.vals[i] = jinja.None
			continue
		}
		switch f.merge {
		case clobber:
			s.vals[i] = e.value
		case appendTo:
			s.vals[i] = joinLists(old, e.value)
		case update:
			v, ok := e.value.(*jinja.Dict)
			if !ok {
				if bad == nil {
					bad = &configProblem{key: e.key, text: "expected dict, got " + jinja.Repr(e.value)}
				}
				continue
			}
			s.vals[i] = mergeDicts(old, v)
		case keyAppend:
			v, ok := e.value.(*jinja.Dict)
			if !ok {
				if bad == nil {
					bad = &configProblem{key: e.key, text: "expected dict, got " + jinja.Repr(e.value)}
				}
				continue
			}
			s.vals[i] = extendKeys(old, v)
		}
	}
	return bad
}

func (s *state) setExtra(key string, v jinja.Value) {
	for i := range s.extra {
		if s.extra[i].key == key {
			s.extra[i].value = v
			return
		}
	}
	s.extra = append(s.extra, entry{key, v})
}

// configProblem is a value that a config key cannot have.
type configProblem struct{ key, text string }

func canonicalKey(key string) string {
	switch key {
	case "pre_hook":
		return "pre-hook"
	case "post_hook":
		return "post-hook"
	}
	return key
}

func isNone(v jinja.Value) bool { _, ok := v.(jinja.NoneType); return ok }

func dictOf(pairs ...any) *jinja.Dict {
	d := jinja.NewDict(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		d.Set(pairs[i].(string), pairs[i+1].(jinja.Value))
	}
	return d
}

func items(v jinja.Value) []jinja.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case *jinja.List:
		return v.Items
	case jinja.Tuple:
		return v
	}
	return []jinja.Value{v}
}

func joinLists(a, b jinja.Value) jinja.Value {
	x, y := items(a), items(b)
	if t, ok := b.(jinja.Tuple); ok { // dbt wraps what is not a list
		y = []jinja.Value{t}
	}
	all := make([]jinja.Value, 0, len(x)+len(y))
	return jinja.NewList(append(append(all, x...), y...)...)
}

func mergeDicts(old jinja.Value, add *jinja.Dict) jinja.Value {
	base, ok := old.(*jinja.Dict)
	if !ok {
		return add
	}
	d := base.Copy()
	for k, v := range add.Entries {
		_ = d.Store(k, v)
	}
	return d
}

func asList(v jinja.Value) *jinja.List {
	if l, ok := v.(*jinja.List); ok {
		return jinja.NewList(append([]jinja.Value(nil), l.Items...)...)
	}
	return jinja.NewList(v)
}

func extendKeys(old jinja.Value, add *jinja.Dict) jinja.Value {
	d := jinja.NewDict(add.Len())
	if base, ok := old.(*jinja.Dict); ok {
		for k, v := range base.Entries {
			_ = d.Store(k, asList(v))
		}
	}
	for k, v := range add.Entries {
		name, extend := strings.CutPrefix(jinja.Text(k), "+")
		name = strings.TrimLeft(name, "+")
		if have, ok := d.Get(name); ok && extend {
			l := have.(*jinja.List)
			l.Items = append(l.Items, asList(v).Items...)
			continue
		}
		d.Set(name, asList(v))
	}
	return d
}

// mergeCalls joins the config of one call to what earlier calls said. It differs from state.add in keeping a "+" before
// grants, because the call is laid over other layers later.
func mergeCalls(into *jinja.Dict, call *jinja.Dict) {
	if into.Len() == 0 {
		for k, v := range call.Entries {
			_ = into.Store(k, v)
		}
		return
	}
	for k, v := range call.Entries {
		name := jinja.Text(k)
		old, have := into.Get(name)
		switch name {
		case "pre-hook", "pre_hook", "post-hook", "post_hook", "tags", "packages":
			if have {
				into.Set(name, joinLists(old, v))
			} else {
				into.Set(name, asList(v))
			}
		case "quoting", "column_types", "meta", "docs", "contract", "snapshot_meta_column_names":
			if add, ok := v.(*jinja.Dict); ok && have {
				into.Set(name, mergeDicts(old, add))
			} else {
				into.Set(name, v)
			}
		case "grants":
			add, ok := v.(*jinja.Dict)
			if !ok {
				into.Set(name, v)
				continue
			}
			d := jinja.NewDict(add.Len())
			if base, ok := old.(*jinja.Dict); ok && have {
				for k, v := range base.Entries {
					_ = d.Store(k, asList(v))
				}
			}
			for k, v := range add.Entries {
				key := jinja.Text(k)
				if l, ok := d.Get(key); ok && strings.HasPrefix(key, "+") {
					d.Set(key, joinLists(l, asList(v)))
				} else {
					d.Set(key, asList(v))
				}
			}
			into.Set(name, d)
		default:
			into.Set(name, v)
		}
	}
}

// folderConfig is what the levels of one dbt_project.yml come to for the nodes of one folder.
type folderConfig struct {
	state    *state
	layers   []layer     // for laying over something else
	raw      []layer     // as written, for unrendered_config
	plain    *jinja.Dict // raw as one mapping
	problems []configProblem
}

type folderKey struct {
	level *jinja.Dict
	kind  node.Kind
}

// configs answers the config of folders. It is safe for several goroutines.
type configs struct {
	root    *project.Package
	schemas *schemas
	aliases map[string]string
	// analyses says that analyses have their own section in dbt_project.yml (a behaviour flag of dbt).
	analyses bool

	mu      sync.Mutex
	folders map[folderKey]*folderConfig
	levels  map[*jinja.Dict]layer
	states  map[stateKey]*state
}

func sectionOf(kind node.Kind, analyses bool) string {
	switch kind {
	case node.Seed:
		return "seeds"
	case node.Snapshot:
		return "snapshots"
	case node.Source:
		return "sources"
	case node.Test:
		return "data_tests"
	case node.Metric:
		return "metrics"
	case node.SemanticModel:
		return "semantic-models"
	case node.SavedQuery:
		return "saved-queries"
	case node.Exposure:
		return "exposures"
	case node.UnitTest:
		return "unit_tests"
	case node.Function:
		return "functions"
	case node.Analysis:
		if analyses {
			return "analyses"
		}
	}
	return "models"
}

// folder finds the levels of p's dbt_project.yml that hold for the fqn. The result is cached by the deepest level.
func (c *configs) folder(p *project.Package, kind node.Kind, fqn []string) *folderConfig {
	if p.Config == nil {
		return c.empty(kind)
	}
	h, ok := p.Config.Resources[sectionOf(kind, c.analyses)]
	if !ok || h.Rendered == nil {
		return c.empty(kind)
	}
	deepest := h.Rendered
	depth := 0
	for _, part := range fqn {
		v, ok := deepest.Get(part)
		if !ok {
			break
		}
		d, ok := v.(*jinja.Dict)
		if !ok {
			break
		}
		deepest, depth = d, depth+1
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := folderKey{deepest, kind}
	if f, ok := c.folders[key]; ok {
		return f
	}
	f := &folderConfig{state: newState(c.schemas.of(kind))}
	level := h.Rendered
	for i := 0; ; i++ {
		l := c.level(level)
		f.layers = append(f.layers, l)
		if bad := f.state.add(l); bad != nil {
			f.problems = append(f.problems, *bad)
		}
		if i == depth {
			break
		}
		v, _ := level.Get(fqn[i])
		level = v.(*jinja.Dict)
	}
	written := h
	if kind == node.Function {
		written = p.Config.Resources["models"] // where dbt looks for what is written of functions
	}
	f.raw = c.rawLevels(written, kind, fqn)
	f.plain = jinja.NewDict(4)
	for _, l := range f.raw {
		for _, e := range l {
			f.plain.Set(e.key, e.value)
		}
	}
	c.folders[key] = f
	return f
}

// rawLevels are the levels as written. dbt looks for three kinds under a name that dbt_project.yml does not have, and so
// finds nothing for them.
func (c *configs) rawLevels(h project.Hierarchy, kind node.Kind, fqn []string) []layer {
	if h.Unrendered == nil || kind == node.SemanticModel || kind == node.SavedQuery {
		return nil
	}
	level := h.Unrendered
	out := []layer{c.level(level)}
	for _, part := range fqn {
		v, ok := level.Get(part)
		if !ok {
			break
		}
		d, ok := v.(*jinja.Dict)
		if !ok {
			break
		}
		level = d
		out = append(out, c.level(level))
	}
	return out
}

func (c *configs) empty(kind node.Kind) *folderConfig {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := folderKey{nil, kind}
	f, ok := c.folders[key]
	if !ok {
		f = &folderConfig{state: newState(c.schemas.of(kind)), plain: jinja.NewDict(0)}
		c.folders[key] = f
	}
	return f
}

// level reads the config keys of one level: those with a "+", and those without one whose value is not a mapping.
func (c *configs) level(d *jinja.Dict) layer {
	if l, ok := c.levels[d]; ok {
		return l
	}
	var l layer
	for k, v := range d.Entries {
		name := jinja.Text(k)
		if plus, ok := strings.CutPrefix(name, "+"); ok {
			l = append(l, entry{c.alias(strings.TrimSpace(plus)), v})
		} else if _, nested := v.(*jinja.Dict); !nested {
			l = append(l, entry{c.alias(name), v})
		}
	}
	c.levels[d] = l
	return l
}

// alias gives the name of a key where the profile's engine has another word for it (dbname for database).
func (c *configs) alias(key string) string {
	if canonical, ok := c.aliases[key]; ok {
		return canonical
	}
	return key
}

func (c *configs) layerOf(d *jinja.Dict) layer {
	if d == nil || d.Len() == 0 {
		return nil
	}
	l := make(layer, 0, d.Len())
	for k, v := range d.Entries {
		l = append(l, entry{c.alias(jinja.Text(k)), v})
	}
	return l
}

// build lays patch and calls over the folder's config, and for nodes of installed packages the root project's over all.
// Without either, the folder's own state is given back.
func (c *configs) build(p *project.Package, kind node.Kind, fqn []string, patch, calls *jinja.Dict) (*state, []configProblem) {
	own := c.folder(p, kind, fqn)
	var over *folderConfig
	if p != c.root {
		if f := c.folder(c.root, kind, fqn); hasEntries(f.layers) {
			over = f
		}
	}
	if over == nil && (patch == nil || patch.Len() == 0) && (calls == nil || calls.Len() == 0) {
		return own.state, own.problems
	}
	return c.shared(own, over, patch, calls, func() (*state, []configProblem) { return c.laid(own, over, patch, calls) })
}

// laid is a new state with the layers laid over the folder's.
func (c *configs) laid(own, over *folderConfig, patch, calls *jinja.Dict) (*state, []configProblem) {
	problems := own.problems
	s := own.state.clone()
	lay := func(l layer) {
		if bad := s.add(l); bad != nil {
			problems = append(problems[:len(problems):len(problems)], *bad)
		}
	}
	lay(c.layerOf(patch))
	lay(c.layerOf(calls))
	if over != nil {
		for _, l := range over.layers {
			lay(l)
		}
	}
	return s, problems
}

func hasEntries(ls []layer) bool {
	for _, l := range ls {
		if len(l) > 0 {
			return true
		}
	}
	return false
}

// unrendered is the config as written: later layers replace earlier ones, with no merging.
func (c *configs) unrendered(p *project.Package, kind node.Kind, fqn []string, patch, calls *jinja.Dict) *jinja.Dict {
	own := c.folder(p, kind, fqn)
	var over []layer
	if p != c.root {
		if f := c.folder(c.root, kind, fqn); hasEntries(f.raw) {
			over = f.raw
		}
	}
	if over == nil && (patch == nil || patch.Len() == 0) && (calls == nil || calls.Len() == 0) {
		return own.plain
	}
	d := own.plain.Copy()
	for _, l := range append([]layer{c.layerOf(patch), c.layerOf(calls)}, over...) {
		for _, e := range l {
			d.Set(e.key, e.value)
		}
	}
	return d
}

// report turns problems into diagnostics of a node.
func (b *binder) reportConfig(out *diag.List, d *draft, problems []configProblem) {
	for _, p := range problems {
		x := out.Add(diag.BadConfig, d.keySpan(p.key), "Invalid value for config '%s' of %s '%s' (%s): %s", p.key, d.n.Kind, d.n.ID, d.n.OriginalPath, p.text)
		x.Node = string(d.n.ID)
	}
}
