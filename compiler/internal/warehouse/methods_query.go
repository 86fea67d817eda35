package warehouse

import (
	"errors"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
)

// commonMethods are the methods that every adapter has.
var commonMethods = map[string]call{
	"type":   func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return jinja.Str(a.o.Dialect.Name), nil },
	"commit": (*Adapter).commit,

	"execute":                      (*Adapter).execute,
	"add_query":                    (*Adapter).addQuery,
	"get_column_schema_from_query": (*Adapter).columnsOfQuery,
	"get_partitions_metadata": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return nil, fail(c, diag.AdapterMethod, "`get_partitions_metadata` is not implemented for this adapter!")
	},
	"run_sql_for_tests": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return nil, fail(c, diag.AdapterMethod, "run_sql_for_tests() serves dbt's own tests and is not available in templates")
	},
	"get_relation":               (*Adapter).getRelation,
	"already_exists":             (*Adapter).alreadyExists,
	"get_columns_in_relation":    (*Adapter).columnsInRelation,
	"get_columns_in_table":       (*Adapter).columnsInTable,
	"get_missing_columns":        (*Adapter).missingColumns,
	"expand_target_column_types": (*Adapter).expandTargetColumns,
	"check_schema_exists":        (*Adapter).checkSchemaExists,
	"cache_added":                (*Adapter).cacheAdded,
	"cache_dropped":              (*Adapter).cacheDropped,
	"cache_renamed":              (*Adapter).cacheRenamed,

	"drop_relation":     (*Adapter).dropRelation,
	"truncate_relation": (*Adapter).truncateRelation,
	"rename_relation":   (*Adapter).renameRelation,
	"create_schema":     (*Adapter).createSchema,
	"drop_schema":       (*Adapter).dropSchema,

	"quote":               (*Adapter).quote,
	"quote_as_configured": (*Adapter).quoteAsConfigured,
	"quote_seed_column":   (*Adapter).quoteSeedColumn,
	"convert_type":        (*Adapter).convertType,

	"valid_snapshot_target":                       (*Adapter).validSnapshotTarget,
	"assert_valid_snapshot_target_given_strategy": (*Adapter).validSnapshotStrategy,
	"get_hard_deletes_behavior":                   (*Adapter).hardDeletes,
	"standardize_grants_dict":                     (*Adapter).standardizeGrants,
	"get_incremental_strategy_macro":              (*Adapter).strategyMacro,
	"render_raw_columns_constraints":              (*Adapter).columnConstraints,
	"render_raw_model_constraints":                (*Adapter).modelConstraints,
	"build_catalog_relation":                      (*Adapter).buildCatalogRelation,
	"get_catalog_integration":                     (*Adapter).catalogIntegration,
}

// postgresMethods are what dbt-postgres adds.
var postgresMethods = map[string]call{
	"verify_database": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		database, same, err := a.verifyDatabase(c)
		if err != nil || same {
			return jinja.Str(""), err
		}
		return nil, fail(c, diag.AdapterMethod, "Cross-db references not allowed in %s (%s vs %s)", a.o.Dialect.Name, database, jinja.Text(a.credential("database")))
	},
	"parse_index": (*Adapter).parseIndex,
}

// verifyDatabase says whether a database is the output's.
func (a *Adapter) verifyDatabase(c *jinja.Call) (database string, same bool, err error) {
	args, _, err := bind(c, "verify_database", "database")
	if err != nil {
		return "", false, err
	}
	database, ok := str(args[0])
	if !ok {
		return "", false, fail(c, diag.CallArguments, "verify_database() expects a text, got %s", args[0].TypeName())
	}
	if strings.HasPrefix(database, `"`) {
		database = strings.Trim(database, `"`)
	}
	return database, strings.EqualFold(database, jinja.Text(a.credential("database"))), nil
}

// warehouse is where answers come from.
func (a *Adapter) warehouse() Warehouse {
	if a.o.Warehouse == nil {
		return Offline{}
	}
	return a.o.Warehouse
}

// run executes a text; Go errors of the engine become diagnostics.
func (a *Adapter) run(c *jinja.Call, sql string, fetch bool, limit int) (*Result, error) {
	r, err := a.warehouse().Execute(a.o.Context, sql, fetch, limit)
	if err != nil {
		return nil, asked(c, err, "running a query")
	}
	if r == nil {
		r = &Result{Affected: -1}
	}
	return r, nil
}

// asked is the error of asking the warehouse.
func asked(c *jinja.Call, err error, what string) error {
	var d diag.Diagnostic
	if errors.As(err, &d) {
		return at(c, d)
	}
	return fail(c, diag.StatementFailed, "%s: %s", what, err)
}

func (a *Adapter) execute(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "execute", "sql", "auto_begin?", "fetch?", "limit?")
	if err != nil {
		return nil, err
	}
	fetch := args[2] != nil && jinja.Truth(args[2])
	limit := -1
	if n, ok := args[3].(jinja.Int); ok {
		limit = int(n)
	}
	if args[1] != nil && jinja.Truth(args[1]) {
		if err := a.begin(c); err != nil {
			return nil, err
		}
	}
	r, err := a.run(c, jinja.Text(args[0]), fetch, limit)
	if err != nil {
		return nil, err
	}
	table := EmptyTable()
	if fetch {
		table = NewTable(r)
	}
	return jinja.Tuple{NewResponse(r), table}, nil
}

// begin opens a transaction where the warehouse has such, and the profile does not forbid it.
func (a *Adapter) begin(c *jinja.Call) error {
	t, ok := a.warehouse().(Transactional)
	if !ok || jinja.Truth(a.credential("disable_transactions")) {
		return nil
	}
	if err := t.Begin(a.o.Context); err != nil {
		return asked(c, err, "opening a transaction")
	}
	return nil
}

func (a *Adapter) commit(c *jinja.Call) (jinja.Value, error) {
	if t, ok := a.warehouse().(Transactional); ok {
		if err := t.Commit(a.o.Context); err != nil {
			return nil, asked(c, err, "committing")
		}
	}
	return jinja.None, nil
}

func (a *Adapter) addQuery(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "add_query", "sql", "auto_begin?", "bindings?", "abridge_sql_log?")
	if err != nil {
		return nil, err
	}
	sql := jinja.Text(args[0])
	if !isNone(args[2]) && jinja.Truth(args[2]) {
		if sql, err = a.bound(c, sql, args[2]); err != nil {
			return nil, err
		}
	}
	if isNone(args[1]) || jinja.Truth(args[1]) {
		if err := a.begin(c); err != nil {
			return nil, err
		}
	}
	if _, err := a.run(c, sql, false, -1); err != nil {
		return nil, err
	}
	return jinja.Tuple{jinja.None, jinja.None}, nil
}

// columnsOfQuery asks the engine which columns a query has.
func (a *Adapter) columnsOfQuery(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_column_schema_from_query", "sql")
	if err != nil {
		return nil, err
	}
	r, err := a.run(c, jinja.Text(args[0]), true, 0)
	if err != nil {
		return nil, err
	}
	out := jinja.NewList()
	for i, name := range r.Columns {
		dtype := ""
		if i < len(r.Types) {
			dtype = r.Types[i]
		}
		out.Items = append(out.Items, newColumn(a.o.Dialect, name, jinja.Str(translateType(a.o.Dialect, dtype)), jinja.None, jinja.None, jinja.None))
	}
	return out, nil
}

func (a *Adapter) getRelation(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_relation", "database", "schema", "identifier")
	if err != nil {
		return nil, err
	}
	r, err := a.find(c, args[0], args[1], args[2])
	if err != nil || r == nil {
		return jinja.None, err
	}
	return r, nil
}

// find looks a relation up; nil if there is none.
func (a *Adapter) find(c *jinja.Call, database, schema, identifier jinja.Value) (*Relation, error) {
	var p Path
	if !a.o.Dialect.Relation.Include.Database {
		database = jinja.None
	}
	for i, v := range []jinja.Value{database, schema, identifier} {
		if _, undefined := v.(*jinja.Undefined); undefined {
			v = jinja.None
		}
		if err := setPart(c, &p, []string{"database", "schema", "identifier"}[i], v); err != nil {
			return nil, err
		}
	}
	name := (&Relation{path: p}).Name()
	f, err := a.warehouse().GetRelation(a.o.Context, name)
	if err != nil {
		return nil, asked(c, err, "looking up "+name.String())
	}
	if f == nil {
		return nil, nil
	}
	return a.found(c, f)
}

// found makes a relation of what the warehouse knows.
func (a *Adapter) found(c *jinja.Call, f *Found) (*Relation, error) {
	d := a.o.Dialect
	kind := f.Type
	if kind != "" && !knownType(kind) {
		kind = "external"
	}
	r := &Relation{d: d, path: RelationPath(f.Relation), kind: kind, include: d.Relation.Include, quoting: d.Relation.Quoting}
	if d.Relation.NoDatabase {
		r.path.Database = nil
	}
	for _, key := range d.Relation.Extra {
		if v, ok := f.Extra[key]; ok {
			if r.extra == nil {
				r.extra = map[string]jinja.Value{}
			}
			r.extra[key] = cell(v)
		}
	}
	return r, r.check(c)
}

func (a *Adapter) alreadyExists(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "already_exists", "schema", "name")
	if err != nil {
		return nil, err
	}
	a.warn(c, "The adapter function `adapter.already_exists` is deprecated, use `adapter.get_relation` instead")
	r, err := a.find(c, a.credential("database"), args[0], args[1])
	return jinja.Bool(r != nil), err
}

// relation is a relation argument.
func relationArg(c *jinja.Call, fn, arg string, v jinja.Value) (*Relation, error) {
	r, ok := v.(*Relation)
	if !ok {
		return nil, fail(c, diag.CallArguments, "'%s' expects argument '%s' to be a relation, got %s", fn, arg, v.TypeName())
	}
	return r, nil
}

// onlyRelation is the argument of a method that takes a relation and nothing else.
func onlyRelation(c *jinja.Call, fn, arg string) (*Relation, error) {
	args, _, err := bind(c, fn, arg)
	if err != nil {
		return nil, err
	}
	return relationArg(c, fn, arg, args[0])
}

func (a *Adapter) columnsInRelation(c *jinja.Call) (jinja.Value, error) {
	r, err := onlyRelation(c, "get_columns_in_relation", "relation")
	if err != nil {
		return nil, err
	}
	columns, err := a.columns(c, r)
	if err != nil {
		return nil, err
	}
	return columnList(columns), nil
}

// columns asks for a relation's columns.
func (a *Adapter) columns(c *jinja.Call, r *Relation) ([]*Column, error) {
	infos, err := a.warehouse().Columns(a.o.Context, r.Name())
	if err != nil {
		return nil, asked(c, err, "reading the columns of "+r.Name().String())
	}
	out := make([]*Column, 0, len(infos))
	for _, info := range infos {
		col, err := DescribeColumn(a.o.Dialect, info)
		if err != nil {
			return nil, at(c, err)
		}
		out = append(out, col)
	}
	return out, nil
}

func (a *Adapter) columnsInTable(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_columns_in_table", "schema", "identifier")
	if err != nil {
		return nil, err
	}
	a.warn(c, "The adapter function `adapter.get_columns_in_table` is deprecated, use `adapter.get_columns_in_relation` instead")
	r := &Relation{d: a.o.Dialect}
	for i, v := range []jinja.Value{a.credential("database"), args[0], args[1]} {
		if err := setPart(c, &r.path, []string{"database", "schema", "identifier"}[i], v); err != nil {
			return nil, err
		}
	}
	columns, err := a.columns(c, r)
	return columnList(columns), err
}

// pair binds from_relation and to_relation.
func pair(c *jinja.Call, fn string) (from, to *Relation, err error) {
	args, _, err := bind(c, fn, "from_relation", "to_relation")
	if err != nil {
		return nil, nil, err
	}
	if from, err = relationArg(c, fn, "from_relation", args[0]); err != nil {
		return nil, nil, err
	}
	to, err = relationArg(c, fn, "to_relation", args[1])
	return from, to, err
}

func (a *Adapter) missingColumns(c *jinja.Call) (jinja.Value, error) {
	from, to, err := pair(c, "get_missing_columns")
	if err != nil {
		return nil, err
	}
	have, err := a.columns(c, from)
	if err != nil {
		return nil, err
	}
	want, err := a.columns(c, to)
	if err != nil {
		return nil, err
	}
	out := jinja.NewList()
	for _, col := range have {
		if !slices.ContainsFunc(want, func(w *Column) bool { return w.name == col.name }) {
			out.Items = append(out.Items, col)
		}
	}
	return out, nil
}

// expandTargetColumns widens the string columns of a table that an incremental run is about to fill.
func (a *Adapter) expandTargetColumns(c *jinja.Call) (jinja.Value, error) {
	from, to, err := pair(c, "expand_target_column_types")
	if err != nil || a.o.Dialect.Column.Unsized {
		return jinja.None, err
	}
	goal, err := a.columns(c, from)
	if err != nil {
		return nil, err
	}
	current, err := a.columns(c, to)
	if err != nil {
		return nil, err
	}
	for _, want := range goal {
		i := slices.IndexFunc(current, func(h *Column) bool { return h.name == want.name })
		if i < 0 {
			continue
		}
		wider, err := current[i].canExpandTo(want)
		if err != nil || !wider {
			if err != nil {
				return nil, err
			}
			continue
		}
		size, err := want.stringSize()
		if err != nil {
			return nil, err
		}
		_, err = a.change(c, "alter_column_type", nil, jinja.Kwarg{Name: "relation", Value: to},
			jinja.Kwarg{Name: "column_name", Value: jinja.Str(want.name)},
			jinja.Kwarg{Name: "new_column_type", Value: jinja.Str(stringType(a.o.Dialect, size))})
		if err != nil {
			return nil, err
		}
	}
	return jinja.None, nil
}

func (a *Adapter) checkSchemaExists(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "check_schema_exists", "database", "schema")
	if err != nil {
		return nil, err
	}
	database, _ := str(args[0])
	names, err := a.warehouse().Schemas(a.o.Context, database)
	if err != nil {
		return nil, asked(c, err, "listing the schemas of "+database)
	}
	want := jinja.Text(args[1])
	return jinja.Bool(slices.ContainsFunc(names, func(s string) bool { return strings.EqualFold(s, want) })), nil
}

func (a *Adapter) cacheAdded(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "cache_added", "relation")
	if err != nil {
		return nil, err
	}
	if args[0] == jinja.None {
		return nil, fail(c, diag.AdapterMethod, "Attempted to cache a null relation for %s", a.connection())
	}
	r, err := relationArg(c, "cache_added", "relation", args[0])
	if err != nil {
		return nil, err
	}
	if k, ok := a.warehouse().(Cacher); ok {
		k.CacheAdded(Found{Relation: r.Name(), Type: r.kind})
	}
	return jinja.Str(""), nil
}

func (a *Adapter) cacheDropped(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "cache_dropped", "relation")
	if err != nil {
		return nil, err
	}
	if args[0] == jinja.None {
		return nil, fail(c, diag.AdapterMethod, "Attempted to drop a null relation for %s", a.connection())
	}
	r, err := relationArg(c, "cache_dropped", "relation", args[0])
	if err != nil {
		return nil, err
	}
	a.forget(r.Name())
	return jinja.Str(""), nil
}

func (a *Adapter) forget(r node.Relation) {
	if k, ok := a.warehouse().(Cacher); ok {
		k.CacheDropped(r)
	}
}

func (a *Adapter) cacheRenamed(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "cache_renamed", "from_relation", "to_relation")
	if err != nil {
		return nil, err
	}
	if args[0] == jinja.None || args[1] == jinja.None {
		return nil, fail(c, diag.AdapterMethod, "Attempted to rename %s to %s for %s", jinja.Text(args[0]), jinja.Text(args[1]), a.connection())
	}
	from, to, err := pair(c, "cache_renamed")
	if err != nil {
		return nil, err
	}
	if k, ok := a.warehouse().(Cacher); ok {
		k.CacheRenamed(from.Name(), to.Name())
	}
	return jinja.Str(""), nil
}

// connection is what dbt calls the node's connection.
func (a *Adapter) connection() string {
	if a.o.ConnectionName == "" {
		return "<None>"
	}
	return a.o.ConnectionName
}
