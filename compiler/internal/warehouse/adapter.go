package warehouse

import (
	"context"
	"fmt"

	"github.com/weft-data/weft/compiler/diag"
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
	// Catalogs are those of catalogs.yml.
	Catalogs []dialect.Catalog
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

// call is the Go side of a method of the adapter.
type call func(a *Adapter, c *jinja.Call) (jinja.Value, error)

// parseValues is what dbt's wrapper answers while it parses, instead of asking the warehouse.
var parseValues = map[string]func() jinja.Value{
	"execute":                                     parseTable,
	"get_partitions_metadata":                     parseTable,
	"add_query":                                   func() jinja.Value { return jinja.Tuple{jinja.None, jinja.None} },
	"get_column_schema_from_query":                emptyList,
	"get_columns_in_relation":                     emptyList,
	"get_columns_in_table":                        emptyList,
	"get_missing_columns":                         emptyList,
	"check_schema_exists":                         no,
	"already_exists":                              no,
	"drop_relation":                               none,
	"truncate_relation":                           none,
	"rename_relation":                             none,
	"valid_snapshot_target":                       none,
	"assert_valid_snapshot_target_given_strategy": none,
	"expand_target_column_types":                  none,
	"get_relation":                                none,
	"create_schema":                               none,
	"drop_schema":                                 none,
	"get_incremental_strategy_macro":              none,
	"get_hard_deletes_behavior":                   none,
}

func parseTable() jinja.Value { return jinja.Tuple{jinja.Str(""), EmptyTable()} }
func emptyList() jinja.Value  { return jinja.NewList() }
func no() jinja.Value         { return jinja.Bool(false) }
func none() jinja.Value       { return jinja.None }

// own is what dbt's adapter of an engine does in code that no data can say.
type own struct {
	// methods are those that the adapter has beyond the common ones.
	methods map[string]call
	// prepare looks at an output before its keys are checked, derive completes it.
	prepare, derive func(output *jinja.Dict) []CredentialProblem
}

// ownOf is the one place that asks for an engine's name; all else that differs is data of the dialect.
func ownOf(name string) own {
	switch name {
	case "athena":
		return own{methods: athenaMethods}
	case "duckdb":
		return own{methods: duckdbMethods, prepare: duckdbDatabase, derive: duckdbOutput}
	case "postgres":
		return own{methods: postgresMethods}
	case "redshift":
		return own{methods: redshiftMethods}
	case "spark":
		return own{methods: sparkMethods, derive: sparkOutput}
	}
	return own{}
}

// lookup finds a method of the dialect's adapter.
func lookup(dialect, name string) call {
	if f, ok := ownOf(dialect).methods[name]; ok {
		return f
	}
	return commonMethods[name]
}

// Attr finds a method or attribute.
func (a *Adapter) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "Relation":
		return Proxy{a.o.Dialect, a.o.Quoting}, true, nil
	case "dispatch":
		return a.o.Dispatch, a.o.Dispatch != nil, nil
	case "config":
		if a.o.Config != nil {
			return a.o.Config, true, nil
		}
		return config{a}, true, nil
	case "behavior":
		return behavior{a}, true, nil
	}
	f := lookup(a.o.Dialect.Name, name)
	if f == nil {
		return nil, false, nil
	}
	if value, ok := parseValues[name]; ok && a.o.Parse {
		return method(name, func(*jinja.Call) (jinja.Value, error) { return value(), nil }), true, nil
	}
	return method(name, func(c *jinja.Call) (jinja.Value, error) {
		v, err := f(a, c)
		if err != nil {
			return nil, at(c, err)
		}
		return v, nil
	}), true, nil
}

// warn passes a warning on.
func (a *Adapter) warn(c *jinja.Call, format string, args ...any) {
	if a.o.Warn != nil {
		a.o.Warn(c, fmt.Sprintf(format, args...))
	}
}

// credential is a key of the output.
func (a *Adapter) credential(key string) jinja.Value {
	if a.o.Credentials != nil {
		if v, ok := a.o.Credentials.Get(key); ok {
			return v
		}
	}
	return jinja.None
}

// config is adapter.config where the host gives none: the part of dbt's RuntimeConfig that macros look at.
type config struct{ a *Adapter }

func (config) TypeName() string { return "RuntimeConfig" }

func (k config) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "quoting":
		return policyValue{k.a.o.Quoting}.dict(), true, nil
	case "project_name":
		return jinja.Str(k.a.o.ProjectName), true, nil
	case "credentials":
		return credentials(k), true, nil
	}
	return nil, false, nil
}

// credentials are the output's keys as attributes.
type credentials struct{ a *Adapter }

func (credentials) TypeName() string { return "Credentials" }

func (k credentials) Attr(name string) (jinja.Value, bool, error) {
	d := k.a.o.Dialect
	if name == "type" {
		return jinja.Str(d.Name), true, nil
	}
	if _, ok := d.Profile.Key(name); !ok || d.Profile.Canonical(name) != name {
		return nil, false, nil
	}
	return k.a.credential(name), true, nil
}

// behavior is adapter.behavior: the behaviour flags by name.
type behavior struct{ a *Adapter }

func (behavior) TypeName() string { return "Behavior" }

func (b behavior) Attr(name string) (jinja.Value, bool, error) {
	if on, ok := b.a.flag(name); ok {
		return behaviorFlag{name, on}, true, nil
	}
	return nil, false, fail(nil, diag.BehaviorFlag, "The flag %s has not been registered.", name)
}

// flag finds a behaviour flag of dbt's base adapter or of the dialect's.
func (a *Adapter) flag(name string) (on, ok bool) {
	switch name {
	case "require_batched_execution_for_custom_microbatch_strategy", "enable_truthy_nulls_equals_macro":
		ok = true
	}
	for _, f := range a.o.Dialect.Behavior {
		if f.Name == name {
			on, ok = f.Default, true
		}
	}
	if set, said := a.o.Flags[name]; said && ok {
		on = set
	}
	return on, ok
}

type behaviorFlag struct {
	name string
	on   bool
}

func (behaviorFlag) TypeName() string { return "BehaviorFlagRendered" }
func (f behaviorFlag) Truth() bool    { return f.on }

func (f behaviorFlag) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "no_warn", "setting":
		return jinja.Bool(f.on), true, nil
	case "name":
		return jinja.Str(f.name), true, nil
	}
	return nil, false, nil
}
