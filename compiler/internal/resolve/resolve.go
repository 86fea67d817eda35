package resolve

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Options are what binding needs besides the project.
type Options struct {
	// Threads is how many templates are read at once; 0 takes as many as there are processors.
	Threads int
	// Names are the names that templates in the properties files of a package may use: var, env_var, target, ….
	Names func(p *project.Package) jinja.Scope
	// ReadFile reads a file that project left unread (seeds, fixtures); nil reads from disk.
	ReadFile func(path string) ([]byte, error)
	// Aliases maps the words that the profile's engine has for config keys to dbt's ("dbname" → "database").
	Aliases map[string]string
	// StoreFailures is --store-failures.
	StoreFailures bool
}

// Bind binds what set declares; the trees of its properties files are let go of. macros are those of all packages, the embedded library included; entries of properties
// files on macros are written into them.
func Bind(set *project.Set, macros []*resource.Macro, t Templates, o Options) (*Graph, diag.List) {
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	if o.Names == nil {
		o.Names = func(*project.Package) jinja.Scope { return jinja.Names{} }
	}
	b := newBinder(set, macros, t, o)
	b.readProperties()
	b.readFiles()
	b.applyProperties()
	b.sortOutDisabled()
	b.bindSources()
	b.finish()
	b.resolveAll()
	b.check()
	b.diags.Sort()
	g := b.graph()
	b.forget()
	return g, b.diags
}

// packageState is a package with what binding keeps for it.
type packageState struct {
	*project.Package
	scope jinja.Scope
	yaml  basecontext.Renderer
	root  bool
}

// draft is a node under construction: the node and where its config comes from.
type draft struct {
	n   *resource.Node
	pkg *packageState
	// calls is what config() calls said; patch what the properties file says, rendered, and rawPatch as written.
	calls, unrenderedCalls *jinja.Dict
	patch, rawPatch        *jinja.Dict
	// state is the config so far.
	state      *state
	prop       *property
	scanned    diag.List
	hints      []missingRef // of problems in scanned
	relational bool
	// unnamed says that the node is a snapshot declared in YAML without a config of its own. dbt names a snapshot's relation, and repeats
	// its config beside it, only when it applies such a config: this one stays in the target's schema, whatever dbt_project.yml says.
	unnamed bool
}

// keySpan is where a config key of the node is set: in its properties file, in a call of config(), or somewhere.
func (d *draft) keySpan(key string) source.Span {
	if d.prop != nil {
		for _, k := range d.prop.keys {
			if k.key == key {
				return k.span
			}
		}
	}
	for _, name := range [2]string{key, strings.Replace(key, "-", "_", 1)} {
		if d.calls == nil {
			break
		}
		if _, ok := d.calls.Get(name); !ok {
			continue
		}
		text := d.n.Code.Text()
		for from := max(strings.Index(text, "config("), 0); ; {
			i := strings.Index(text[from:], name)
			if i < 0 {
				break
			}
			from += i + len(name)
			if strings.HasPrefix(strings.TrimLeft(text[from:], " \t\n"), "=") {
				return d.n.Code.Sub(from-len(name), from)
			}
		}
	}
	return d.configSpan()
}

func (d *draft) configSpan() source.Span {
	if d.prop != nil {
		return d.prop.at.whole
	}
	if d.n.Code.IsZero() && d.pkg != nil && d.pkg.File != nil {
		return source.Span{File: d.pkg.File}
	}
	return d.n.Code
}

// table is an ordered map of drafts, from which entries may be taken out and put back at the end.
type table struct {
	order []*draft
	byID  map[node.ID]*draft
}

func newTable() *table { return &table{byID: map[node.ID]*draft{}} }

func (t *table) add(d *draft) { t.order = append(t.order, d); t.byID[d.n.ID] = d }

func (t *table) remove(d *draft) {
	delete(t.byID, d.n.ID)
	if i := slices.Index(t.order, d); i >= 0 {
		t.order = slices.Delete(t.order, i, i+1)
	}
}

type binder struct {
	set    *project.Set
	o      Options
	t      Templates
	config *configs
	pkgs   []*packageState
	byName map[string]*packageState
	macros *macroIndex
	diags  diag.List

	nodes, sources, exposures, metrics, semantic, saved, units, functions *table
	disabled                                                              []*draft
	groups                                                                []*resource.Group
	docs                                                                  []*resource.Doc
	docIndex                                                              map[string][]*resource.Doc
	fixtures                                                              map[string]*fixture
	names                                                                 *nameIndex // of refable nodes
	disabledNames                                                         map[string][]*draft
	tests                                                                 *testIndex

	contents      []*contents
	sourceEntries []*sourceEntry
	patches       map[[2]string]*sourcePatch

	resolver *resolver
	// unrenderedValues says that unrendered_config keeps what is written, not what it comes to (a behaviour flag of dbt).
	unrenderedValues bool

	// What nodes and columns share that have nothing of their own there.
	noMeta      *jinja.Dict
	noDetails   *columnDetails
	plainColumn *resource.ColumnDetails
}

func newBinder(set *project.Set, macros []*resource.Macro, t Templates, o Options) *binder {
	b := &binder{set: set, o: o, t: t, byName: map[string]*packageState{}, docIndex: map[string][]*resource.Doc{}, fixtures: map[string]*fixture{},
		nodes: newTable(), sources: newTable(), exposures: newTable(), metrics: newTable(), semantic: newTable(), saved: newTable(), units: newTable(), functions: newTable(),
		patches: map[[2]string]*sourcePatch{}, noMeta: jinja.NewDict(0)}
	b.noDetails = &columnDetails{quote: jinja.None, dimension: jinja.None, entity: jinja.None}
	b.plainColumn = &resource.ColumnDetails{Quote: jinja.None, Dimension: jinja.None, Entity: jinja.None, Meta: b.noMeta,
		Config: dictOf("meta", b.noMeta, "tags", jinja.NewList())}
	for _, p := range set.Packages {
		s := &packageState{Package: p, scope: o.Names(p), root: p == set.Root}
		s.yaml.Scope = s.scope
		b.pkgs = append(b.pkgs, s)
		b.byName[p.Name] = s
	}
	b.config = &configs{root: set.Root, schemas: newSchemas(), aliases: o.Aliases, analyses: b.flag("require_corrected_analysis_fqns", false),
		folders: map[folderKey]*folderConfig{}, levels: map[*jinja.Dict]layer{}, states: map[stateKey]*state{}}
	b.macros = newMacroIndex(macros, set)
	b.unrenderedValues = b.flag("state_modified_compare_more_unrendered_values", true)
	return b
}

// forget lets go of what only binding needs.
func (b *binder) forget() {
	b.tests, b.sourceEntries, b.patches, b.fixtures, b.docIndex = nil, nil, nil, nil, nil
	b.config.folders, b.config.levels, b.config.states = nil, nil, nil
	drop := func(ds []*draft) {
		for _, d := range ds {
			*d = draft{n: d.n}
		}
	}
	for _, t := range [...]*table{b.nodes, b.sources, b.exposures, b.functions, b.metrics, b.semantic, b.saved, b.units} {
		drop(t.order)
	}
	drop(b.disabled)
}

// flag is one of dbt's behaviour flags, which stand in the root project's dbt_project.yml.
func (b *binder) flag(name string, def bool) bool {
	if b.set.Root == nil || b.set.Root.Config == nil || b.set.Root.Config.Flags == nil {
		return def
	}
	if v, ok := b.set.Root.Config.Flags.Get(name); ok && !isNone(v) {
		return jinja.Truth(v)
	}
	return def
}

// parallel runs f for 0..n-1 on the binder's threads; each call writes only to its own place.
func (b *binder) parallel(n int, f func(i int)) {
	threads := min(b.o.Threads, n)
	if threads <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	const chunk = 16
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for {
				lo := int(next.Add(chunk)) - chunk
				if lo >= n {
					return
				}
				for i := lo; i < min(lo+chunk, n); i++ {
					f(i)
				}
			}
		})
	}
	wg.Wait()
}

// rootSpan is the beginning of the root's dbt_project.yml.
func (b *binder) rootSpan() source.Span {
	if b.set.Root == nil || b.set.Root.File == nil {
		return source.Span{}
	}
	return source.Span{File: b.set.Root.File}
}
