package warehouse

import (
	"context"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Options are what an adapter answers from.
type Options struct {
	Dialect *dialect.Dialect
	// Parse is dbt's execute=False: methods that would ask the warehouse answer dbt's parse-time values.
	Parse bool
	// ReadOnly refuses calls that would change the warehouse (compile, show, ls).
	ReadOnly bool
	// Context and Warehouse answer what the project does not say. A nil Warehouse is Offline.
	Context   context.Context
	Warehouse Warehouse
	// Quoting is the project's quoting over the dialect's (adapter.config.quoting).
	Quoting dialect.Policy
	// Credentials are the output's keys as package warehouse read them (adapter.config.credentials).
	Credentials *jinja.Dict
	// ProjectName is the root project's, for messages and adapter.config.
	ProjectName string
	// Config is adapter.config; nil for one made of the fields above.
	Config jinja.Value
	// Dispatch is adapter.dispatch.
	Dispatch jinja.Value
	// RunMacro calls a macro as dbt's adapters do from Python: by name, wherever it is defined, a project's own going first. With
	// it, drop_relation and its kin call the macro of that name, so that what a project overrides is called. nil: they write
	// their statements themselves.
	RunMacro func(c *jinja.Call, name string, kwargs []jinja.Kwarg) (jinja.Value, error)
	// Flags are the project's behaviour flags, where it sets any.
	Flags map[string]bool
	// Catalogs are the names of the catalogs of catalogs.yml, and what build_catalog_relation makes of them.
	Catalogs map[string]*jinja.Dict
	// NewID gives a fresh random id (32 hex digits with dashes, as uuid4). Needed by unique S3 locations and table suffixes.
	NewID func() string
	// ConnectionName is the name dbt gives a node's connection: its unique id.
	ConnectionName string
	// Warn takes a warning of a method, as dbt's warn_or_error.
	Warn func(c *jinja.Call, message string)
}

// Adapter is the value `adapter`. It is cheap to make and belongs to one render.
type Adapter struct{ o Options }

// NewAdapter makes the value `adapter`.
func NewAdapter(o Options) *Adapter {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &Adapter{o}
}

// API is the value `api`, with Relation and Column.
func API(d *dialect.Dialect, quoting dialect.Policy) *jinja.Dict {
	api := jinja.NewDict(2)
	api.Set("Relation", Proxy{d, quoting})
	api.Set("Column", ColumnClass{d})
	return api
}

// TypeName is Python's.
func (*Adapter) TypeName() string { return "RuntimeDatabaseWrapper" }

// Attr finds a method or attribute.
func (a *Adapter) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "Relation":
		return Proxy{a.o.Dialect, a.o.Quoting}, true, nil
	case "dispatch":
		return a.o.Dispatch, a.o.Dispatch != nil, nil
	case "type":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str(a.o.Dialect.Name), nil }), true, nil
	}
	return nil, false, nil
}
