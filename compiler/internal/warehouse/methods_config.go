package warehouse

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

func (a *Adapter) quote(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "quote", "identifier")
	if err != nil {
		return nil, err
	}
	return jinja.Str(a.o.Dialect.QuoteIdentifier(jinja.Text(args[0]))), nil
}

func (a *Adapter) quoteAsConfigured(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "quote_as_configured", "identifier", "quote_key")
	if err != nil {
		return nil, err
	}
	key, _ := str(args[1])
	quoted := false
	switch key {
	case "database":
		quoted = a.o.Quoting.Database
	case "schema":
		quoted = a.o.Quoting.Schema
	case "identifier":
		quoted = a.o.Quoting.Identifier
	}
	if quoted {
		return jinja.Str(a.o.Dialect.QuoteIdentifier(jinja.Text(args[0]))), nil
	}
	return args[0], nil
}

func (a *Adapter) quoteSeedColumn(c *jinja.Call) (jinja.Value, error) {
	params := []string{"column", "quote_config"}
	if a.o.Dialect.Seed.QuoteArgument {
		params = append(params, "quote_character?")
	}
	args, _, err := bind(c, "quote_seed_column", params...)
	if err != nil {
		return nil, err
	}
	quoted := true
	switch q := args[1].(type) {
	case jinja.Bool:
		quoted = bool(q)
	case jinja.NoneType:
	default:
		return nil, fail(c, diag.AdapterMethod, "The seed configuration value of \"quote_columns\" has an invalid type <class '%s'>", q.TypeName())
	}
	if !quoted {
		return args[0], nil
	}
	name := jinja.Text(args[0])
	if len(args) > 2 && !isNone(args[2]) && jinja.Truth(args[2]) {
		q := jinja.Text(args[2])
		return jinja.Str(q + name + q), nil
	}
	return jinja.Str(a.o.Dialect.QuoteIdentifier(name)), nil
}

// convertType is the dialect's type for a column of a table.
func (a *Adapter) convertType(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "convert_type", "agate_table", "col_idx")
	if err != nil {
		return nil, err
	}
	t, ok := args[0].(*Table)
	i, isInt := args[1].(jinja.Int)
	if !ok || !isInt {
		return nil, fail(c, diag.CallArguments, "convert_type() expects a table and an index, got %s and %s", args[0].TypeName(), args[1].TypeName())
	}
	if i < 0 {
		i += jinja.Int(len(t.names))
	}
	if i < 0 || int(i) >= len(t.names) {
		return nil, fail(c, diag.TableOperation, "the table has %d columns, there is none with index %d", len(t.names), i)
	}
	return jinja.Str(t.columnType(a.o.Dialect, int(i))), nil
}

// snapshotColumns are the columns that every snapshot table has.
var snapshotColumns = []string{"dbt_scd_id", "dbt_valid_from", "dbt_valid_to"}

func (a *Adapter) validSnapshotTarget(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "valid_snapshot_target", "relation", "column_names?")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, "valid_snapshot_target", "relation", args[0])
	if err != nil {
		return nil, err
	}
	return jinja.None, a.hasColumns(c, r, args[1], snapshotColumns, true)
}

// hasColumns checks that a snapshot table has the columns of the given roles, under their configured names.
func (a *Adapter) hasColumns(c *jinja.Call, r *Relation, names jinja.Value, roles []string, fold bool) error {
	columns, err := a.columns(c, r)
	if err != nil {
		return err
	}
	var missing []string
	for _, role := range roles {
		want := role
		if d, ok := names.(*jinja.Dict); ok && d.Len() > 0 {
			v, ok := d.Get(role)
			if !ok {
				return fail(c, diag.SnapshotTarget, "the snapshot's column names lack '%s'", role)
			}
			if !jinja.Truth(v) {
				continue
			}
			want = jinja.Text(v)
		}
		sought := want
		if fold {
			sought = strings.ToLower(want)
		}
		if !slices.ContainsFunc(columns, func(col *Column) bool { return strings.ToLower(col.name) == sought }) {
			missing = append(missing, want)
		}
	}
	if len(missing) > 0 {
		return fail(c, diag.SnapshotTarget, "Snapshot target is missing configured columns (missing \"%s\"). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.",
			strings.Join(missing, `", "`))
	}
	return nil
}

func (a *Adapter) validSnapshotStrategy(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "assert_valid_snapshot_target_given_strategy", "relation", "column_names", "strategy")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, "assert_valid_snapshot_target_given_strategy", "relation", args[0])
	if err != nil {
		return nil, err
	}
	if err := a.hasColumns(c, r, args[1], snapshotColumns, true); err != nil {
		return nil, err
	}
	if v, ok := attr(args[2], "hard_deletes"); ok && jinja.Equal(v, jinja.Str("new_record")) {
		return jinja.None, a.hasColumns(c, r, args[1], []string{"dbt_is_deleted"}, false)
	}
	return jinja.None, nil
}

func (a *Adapter) hardDeletes(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_hard_deletes_behavior", "config")
	if err != nil {
		return nil, err
	}
	invalidate, hasInvalidate := setting(c, args[0], "invalidate_hard_deletes")
	deletes, hasDeletes := setting(c, args[0], "hard_deletes")
	switch {
	case hasInvalidate && hasDeletes:
		return nil, fail(c, diag.SnapshotTarget, "You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.")
	case hasInvalidate && jinja.Truth(invalidate), hasDeletes && jinja.Equal(deletes, jinja.Str("invalidate")):
		return jinja.Str("invalidate"), nil
	case hasDeletes && jinja.Equal(deletes, jinja.Str("new_record")):
		return jinja.Str("new_record"), nil
	case !hasDeletes, jinja.Equal(deletes, jinja.Str("ignore")):
		return jinja.Str("ignore"), nil
	}
	return nil, fail(c, diag.SnapshotTarget, "Invalid setting for property hard_deletes.")
}

// setting reads a key of a config, which is a dict or dbt's config object with get(); None counts as not set.
func setting(c *jinja.Call, v jinja.Value, key string) (jinja.Value, bool) {
	var found jinja.Value
	if d, ok := v.(*jinja.Dict); ok {
		found, _ = d.Get(key)
	} else if get, ok := attr(v, "get"); ok {
		if f, ok := get.(jinja.Callable); ok {
			r, err := f.Call(&jinja.Call{Thread: c.Thread, Scope: c.Scope, Args: []jinja.Value{jinja.Str(key)}, Span: c.Span})
			if err == nil {
				found = r
			}
		}
	}
	if _, undefined := found.(*jinja.Undefined); undefined {
		return nil, false
	}
	return found, !isNone(found)
}

// attr is x.name: a key of a dict, an attribute of anything else.
func attr(v jinja.Value, name string) (jinja.Value, bool) {
	switch v := v.(type) {
	case *jinja.Dict:
		return v.Get(name)
	case jinja.Attributed:
		if r, ok, err := v.Attr(name); ok && err == nil {
			return r, true
		}
	}
	if v, ok := v.(jinja.Indexed); ok {
		if r, ok, err := v.Index(jinja.Str(name)); ok && err == nil {
			return r, true
		}
	}
	return nil, false
}

// standardizeGrants turns the rows of a query for grants into the shape of the config `grants`.
func (a *Adapter) standardizeGrants(c *jinja.Call) (jinja.Value, error) {
	t, err := tableArg(c, "standardize_grants_dict", "grants_table")
	if err != nil {
		return nil, err
	}
	out := jinja.NewDict(4)
	for i := range t.rows {
		grantee, err := t.field(c, i, "grantee")
		if err != nil {
			return nil, err
		}
		privilege, err := t.field(c, i, "privilege_type")
		if err != nil {
			return nil, err
		}
		addGrant(out, privilege, grantee)
	}
	return out, nil
}

// sparkMethods are what dbt-spark answers in its own way.
var sparkMethods = map[string]call{
	"standardize_grants_dict": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		t, err := tableArg(c, "standardize_grants_dict", "grants_table")
		if err != nil {
			return nil, err
		}
		out := jinja.NewDict(4)
		for i := range t.rows {
			cells, err := t.texts(c, i, "Principal", "ActionType", "ObjectType")
			if err != nil {
				return nil, err
			}
			if cells[2] == "TABLE" && cells[1] != "OWN" {
				addGrant(out, jinja.Str(cells[1]), jinja.Str(cells[0]))
			}
		}
		return out, nil
	},
}

func addGrant(to *jinja.Dict, privilege, grantee jinja.Value) {
	if have, ok, _ := to.Lookup(privilege); ok {
		l := have.(*jinja.List)
		l.Items = append(l.Items, grantee)
		return
	}
	_ = to.Store(privilege, jinja.NewList(grantee)) // a cell of a table is always hashable
}

// tableArg binds a method's only argument, a table.
func tableArg(c *jinja.Call, fn, arg string) (*Table, error) {
	args, _, err := bind(c, fn, arg)
	if err != nil {
		return nil, err
	}
	t, ok := args[0].(*Table)
	if !ok {
		return nil, fail(c, diag.CallArguments, "'%s' expects argument '%s' to be a table, got %s", fn, arg, args[0].TypeName())
	}
	return t, nil
}

// strategyMacro finds the macro of an incremental strategy in the context that the template passes.
func (a *Adapter) strategyMacro(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_incremental_strategy_macro", "model_context", "strategy")
	if err != nil {
		return nil, err
	}
	strategy := "default"
	if args[1] != jinja.None {
		strategy = jinja.Text(args[1])
	}
	builtin := []string{"append", "delete+insert", "merge", "insert_overwrite"}
	if on, _ := a.flag("require_batched_execution_for_custom_microbatch_strategy"); !on {
		builtin = append(builtin, "microbatch")
	}
	if slices.Contains(builtin, strategy) && !slices.Contains(a.o.Dialect.Strategies, strategy) {
		return nil, fail(c, diag.IncrementalStrategy, "The incremental strategy '%s' is not valid for this adapter", strategy)
	}
	name := "get_incremental_" + strings.ReplaceAll(strategy, "+", "_") + "_sql"
	if m, ok := attr(args[0], name); ok {
		if _, undefined := m.(*jinja.Undefined); !undefined {
			return m, nil
		}
	}
	return nil, fail(c, diag.IncrementalStrategy, "dbt could not find an incremental strategy macro with the name \"%s\" in %s", name, a.o.ProjectName)
}

// parseIndex reads an entry of the config `indexes`.
func (a *Adapter) parseIndex(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "parse_index", "raw_index")
	if err != nil || args[0] == jinja.None {
		return jinja.None, err
	}
	raw, ok := args[0].(*jinja.Dict)
	if !ok {
		return nil, fail(c, diag.InvalidIndex, "Invalid index config:\n  Got: %s\n  Expected a dictionary with at minimum a \"columns\" key", jinja.Text(args[0]))
	}
	x := index{a: a, kind: jinja.None}
	for k, v := range raw.Entries {
		switch jinja.Text(k) {
		case "columns":
			l, ok := v.(*jinja.List)
			if !ok {
				return nil, fail(c, diag.InvalidIndex, "Could not parse index config: %s is not of type 'array'", jinja.Repr(v))
			}
			for _, e := range l.Items {
				if _, ok := e.(jinja.Str); !ok {
					return nil, fail(c, diag.InvalidIndex, "Could not parse index config: %s is not of type 'string'", jinja.Repr(e))
				}
			}
			x.columns = l
		case "unique":
			b, ok := v.(jinja.Bool)
			if !ok {
				return nil, fail(c, diag.InvalidIndex, "Could not parse index config: %s is not of type 'boolean'", jinja.Repr(v))
			}
			x.unique = bool(b)
		case "type":
			if !a.o.Dialect.Index.Typed {
				return nil, fail(c, diag.InvalidIndex, "Could not parse index config: Additional properties are not allowed ('type' was unexpected)")
			}
			if _, ok := v.(jinja.Str); !ok && v != jinja.None {
				return nil, fail(c, diag.InvalidIndex, "Could not parse index config: %s is not valid under any of the given schemas", jinja.Repr(v))
			}
			x.kind = v
		default:
			return nil, fail(c, diag.InvalidIndex, "Could not parse index config: Additional properties are not allowed (%s was unexpected)", jinja.Repr(k))
		}
	}
	if x.columns == nil {
		return nil, fail(c, diag.InvalidIndex, "Could not parse index config: 'columns' is a required property")
	}
	return x, nil
}

// index is a parsed index config.
type index struct {
	a       *Adapter
	columns *jinja.List
	unique  bool
	kind    jinja.Value
}

func (x index) TypeName() string { return x.a.o.Dialect.Index.Class }

func (x index) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "columns":
		return x.columns, true, nil
	case "unique":
		return jinja.Bool(x.unique), true, nil
	case "type":
		return x.kind, x.a.o.Dialect.Index.Typed, nil
	case "render":
		return method(name, func(c *jinja.Call) (jinja.Value, error) {
			r, err := onlyRelation(c, name, "relation")
			if err != nil {
				return nil, err
			}
			rendered, err := r.Render()
			if err != nil {
				return nil, err
			}
			var parts []string
			for _, col := range x.columns.Items {
				parts = append(parts, jinja.Text(col))
			}
			parts = append(parts, rendered, jinja.Text(jinja.Bool(x.unique)))
			if x.a.o.Dialect.Index.Typed {
				parts = append(parts, jinja.Text(x.kind))
			}
			// the name must be new in each run, else an index that was dropped with its table would not be made again
			sum := md5.Sum([]byte(strings.Join(append(parts, x.a.newID()), "_")))
			return jinja.Str(hex.EncodeToString(sum[:])), nil
		}), true, nil
	}
	return nil, false, nil
}

// newID is a fresh id, or a constant where the host gives none.
func (a *Adapter) newID() string {
	if a.o.NewID == nil {
		return "00000000-0000-4000-8000-000000000000"
	}
	return a.o.NewID()
}
