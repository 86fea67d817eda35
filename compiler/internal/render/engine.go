package render

import (
	"sync"
	"sync/atomic"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
)

// Options are what an Engine answers from. All of it is data that does not change while the Engine lives.
type Options struct {
	Library *Library
	// Root is the root project's name.
	Root string
	// Packages are the root project and all packages by their names.
	Packages map[string]Package
	// Dispatch is the root project's `dispatch:`: namespace → packages to search.
	Dispatch map[string][]string
	// Default is the dialect of a node that names none; Dialects has an entry for each dialect that a node can have.
	Default  string
	Dialects map[string]Dialect
	// Catalogs are those of catalogs.yml.
	Catalogs []dialect.Catalog
	// Quoting is the root project's `quoting:`.
	Quoting warehouse.Quoting
	// Vars are the variables that templates of a package see: the command line's over the root project's over the package's own.
	Vars func(pkg string) basecontext.Variables
	// Env is the environment for env_var().
	Env map[string]string
	// Base is what templates share with YAML files (package basecontext): fromjson, modules, invocation values, ….
	Base jinja.Scope
	// Flags is `flags`; InvocationArgs and MetadataEnvs are invocation_args_dict and dbt_metadata_envs.
	Flags                        jinja.Value
	InvocationArgs, MetadataEnvs *jinja.Dict
	// Behavior are the project's behaviour flags, where it sets any (adapter.behavior).
	Behavior map[string]bool
	// StoreFailures is --store-failures.
	StoreFailures bool
	// Limits bound each render.
	Limits jinja.Limits
	// NewID gives a fresh random id, for the names that templates ask to be unique.
	NewID func() string
}

// Dialect is how a target looks to templates in one dialect.
type Dialect struct {
	// Target is `target`: the output's connection keys as dbt shows them, no secrets. Its `type` is the dialect's.
	Target *jinja.Dict
	// Database and Schema are the output's own; "" for none.
	Database, Schema string
	// Credentials are the output's keys for adapter.config.credentials.
	Credentials *jinja.Dict
}

// Engine reads and renders templates of one project. It is safe for concurrent use.
type Engine struct {
	options  Options
	base     jinja.Scope
	envVar   jinja.Value
	dialects map[string]*dialectContext

	mu        sync.Mutex
	names     map[nameKey]*names
	overrides map[overrideKey][]Override
	resolvers map[string]*resolver

	// graphTurn is held by the template that works with `graph`; graphs are those there are, by the renderers' graphs.
	graphTurn sync.Mutex
	graphs    []sharedGraph
	// hooksKeep says that a hook of the project keeps something in the graph.
	hooksKeep atomic.Bool

	// threads are the threads of scans that have ended.
	threads sync.Pool

	// testTexts holds the templates of generic tests by their text.
	testTexts sync.Map

	// noShortcuts makes Scan run every template; tests compare the two ways.
	noShortcuts bool
}

type nameKey struct{ pkg, dialect string }

// dialectContext is what nodes of a dialect share.
type dialectContext struct {
	name             string
	data             *dialect.Dialect
	family           family
	target           *jinja.Dict
	credentials      *jinja.Dict
	database, schema string
	quoting          dialect.Policy
}

// New makes an Engine.
func New(o Options) *Engine {
	e := &Engine{options: o, base: o.Base, envVar: basecontext.EnvVar(o.Env), dialects: map[string]*dialectContext{}, names: map[nameKey]*names{}, overrides: map[overrideKey][]Override{}, resolvers: map[string]*resolver{}}
	if e.base == nil {
		e.base = jinja.Names{}
	}
	for name, d := range o.Dialects {
		data, ok := dialect.Get(name)
		if !ok {
			continue
		}
		target := d.Target
		if target == nil {
			target = jinja.NewDict(0)
		}
		e.dialects[name] = &dialectContext{
			name: name, data: data, family: familyOf(name), target: target, credentials: d.Credentials,
			database: d.Database, schema: d.Schema, quoting: o.Quoting.Over(data.Relation.Quoting),
		}
	}
	return e
}

// dialect is the context of a node's dialect.
func (e *Engine) dialect(name string) *dialectContext {
	if d := e.dialects[name]; d != nil {
		return d
	}
	return e.dialects[e.options.Default]
}

// scope is the names of a package in a dialect.
func (e *Engine) scope(pkg string, d *dialectContext) *names {
	key := nameKey{pkg, d.name}
	e.mu.Lock()
	defer e.mu.Unlock()
	n := e.names[key]
	if n == nil {
		n = e.options.Library.names(pkg, d.family)
		e.names[key] = n
	}
	return n
}

// context makes the context of a render of a node.
func (e *Engine) context(n *resource.Node, m mode) *nodeContext {
	d := e.dialect(n.Dialect)
	return &nodeContext{engine: e, mode: m, node: n, dialect: d, names: e.scope(n.Package, d), file: n.Code}
}

// thread makes the state of one render. While parsing, undefined values of a node's own text swallow what is done with them,
// and nobody asks where the text came from.
func (c *nodeContext) thread() *jinja.Thread {
	parse := c.mode == modeParse
	return &jinja.Thread{Limits: c.engine.options.Limits, Host: c, UndefinedSink: parse, NoMap: !c.mode.executes()}
}

// scanThread is the thread of a scan, which is given back to e.threads when the scan has ended: a project has many texts, each
// read once.
func (c *nodeContext) scanThread() *jinja.Thread {
	th, ok := c.engine.threads.Get().(*jinja.Thread)
	if !ok {
		return c.thread()
	}
	th = th.Recycled()
	th.Limits, th.Host, th.UndefinedSink, th.NoMap = c.engine.options.Limits, c, c.mode == modeParse, true
	return th
}

// dialectOfDbt is Jinja as dbt reads it: macros are stored under a prefix, so that a call by the bare name goes through the
// context, and may declare the types of their parameters; five filters are dbt's own.
var dialectOfDbt = jinja.Options{MacroPrefix: "dbt_macro__", TypedMacros: true, Filters: dbtFilters()}

func dbtFilters() map[string]jinja.Callable {
	filters := jinja.MarkFilters()
	filters["is_list"] = jinja.NewFunc("is_list", func(call *jinja.Call) (jinja.Value, error) {
		args, err := bind(call, "is_list", "value")
		if err != nil {
			return nil, err
		}
		_, list := args[0].(*jinja.List)
		return jinja.Bool(list), nil
	})
	return filters
}
