package warehouse

import (
	"path"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// duckdbMethods are what dbt-duckdb adds.
var duckdbMethods = map[string]call{
	"parse_index":          (*Adapter).parseIndex,
	"disable_transactions": func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return a.truth("disable_transactions"), nil },
	"external_root": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return a.credential("external_root"), nil
	},
	"is_motherduck": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return jinja.Bool(a.o.Credentials != nil && motherduck(a.o.Credentials)), nil
	},
	"is_ducklake": (*Adapter).isDucklake,
	"use_ducklake_table_workarounds": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return jinja.Bool(false), nil // they serve DuckDB before 1.5.3
	},
	"escape_sql_string": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "escape_sql_string", "value")
		if err != nil {
			return nil, err
		}
		return jinja.Str(strings.ReplaceAll(jinja.Text(args[0]), "'", "''")), nil
	},
	"warn_once": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "warn_once", "msg")
		if err != nil {
			return nil, err
		}
		a.warn(c, "%s", jinja.Text(args[0]))
		return jinja.None, nil
	},
	"valid_incremental_strategies": func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return texts(a.o.Dialect.Strategies), nil },
	"get_binding_char":             func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return jinja.Str("?"), nil },
	"ensure_transaction":           func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return jinja.None, a.begin(c) },
	"get_seed_file_path":           (*Adapter).seedFilePath,
	"external_write_options":       (*Adapter).externalWriteOptions,
	"external_read_location":       (*Adapter).externalReadLocation,
	"location_exists":              (*Adapter).locationExists,
	"convert_datetimes_to_strs":    (*Adapter).datetimesToTexts,
	"get_column_schema_from_query": (*Adapter).describeQuery,
	"batch_id_for_model":           (*Adapter).batchID,
	"get_temp_relation_path":       (*Adapter).tempRelationPath,
	"catalog_supports_foreign_keys": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		_, _, err := bind(c, "catalog_supports_foreign_keys", "database")
		return jinja.Bool(!a.ducklake(jinja.Text(c.Args[0]))), err
	},
	"existing_key_constraint_types": (*Adapter).keyConstraints,
	"store_relation": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return nil, fail(c, diag.EngineOnly, "store_relation() runs a Python plugin of dbt-duckdb, which weft does not have")
	},
}

func (a *Adapter) truth(key string) jinja.Value { return jinja.Bool(jinja.Truth(a.credential(key))) }

// ducklake says whether a database is a DuckLake.
func (a *Adapter) ducklake(database string) bool {
	is := func(flag, p jinja.Value) bool {
		return flag == jinja.Bool(true) || p != nil && strings.Contains(strings.ToLower(jinja.Text(p)), "ducklake:")
	}
	file := a.credential("path")
	if is(a.credential("is_ducklake"), file) && DuckDBDatabase(jinja.Text(file)) == database {
		return true
	}
	if a.o.Credentials == nil {
		return false
	}
	for _, at := range attachments(a.o.Credentials) {
		flag, _ := at.Get("is_ducklake")
		p, _ := at.Get("path")
		if !is(flag, p) {
			continue
		}
		if alias, ok := at.Get("alias"); ok && jinja.Truth(alias) {
			if jinja.Text(alias) == database {
				return true
			}
		} else if p != nil && DuckDBDatabase(jinja.Text(p)) == database {
			return true
		}
	}
	return false
}

func (a *Adapter) isDucklake(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "is_ducklake", "relation")
	if err != nil {
		return nil, err
	}
	r, ok := args[0].(*Relation)
	return jinja.Bool(ok && r.path.Database != nil && a.ducklake(*r.path.Database)), nil
}

func (a *Adapter) seedFilePath(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_seed_file_path", "model")
	if err != nil {
		return nil, err
	}
	root, _ := attr(args[0], "root_path")
	file, ok := attr(args[0], "original_file_path")
	if !ok {
		return nil, fail(c, diag.CallArguments, "get_seed_file_path() expects a seed")
	}
	if isNone(root) {
		return file, nil
	}
	return jinja.Str(joinPath(jinja.Text(root), jinja.Text(file))), nil
}

// joinPath is Python's os.path.join: an absolute part starts anew.
func joinPath(parts ...string) string {
	out := ""
	for _, p := range parts {
		switch {
		case strings.HasPrefix(p, "/") || out == "":
			out = p
		case strings.HasSuffix(out, "/"):
			out += p
		default:
			out += "/" + p
		}
	}
	return out
}

// externalWriteOptions writes the options of a COPY, after adding what the location tells to the dict that was passed.
func (a *Adapter) externalWriteOptions(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "external_write_options", "write_location", "rendered_options")
	if err != nil {
		return nil, err
	}
	o, ok := args[1].(*jinja.Dict)
	if !ok {
		return nil, fail(c, diag.CallArguments, "external_write_options() expects a dict of options, got %s", args[1].TypeName())
	}
	if _, ok := o.Get("format"); !ok {
		root := path.Base(jinja.Text(args[0]))
		ext := extension(root)
		compression := map[string]string{".gz": "gzip", ".zst": "zstd"}[strings.ToLower(ext)]
		if compression != "" {
			ext = extension(strings.TrimSuffix(root, ext))
		}
		_, delimited := o.Get("delimiter")
		switch {
		case ext != "":
			o.Set("format", jinja.Str(strings.ToLower(ext[1:])))
			if _, said := o.Get("compression"); compression != "" && !said {
				o.Set("compression", jinja.Str(compression))
			}
		case delimited:
			o.Set("format", jinja.Str("csv"))
		default:
			o.Set("format", jinja.Str("parquet"))
		}
	}
	if f, _ := o.Get("format"); jinja.Equal(f, jinja.Str("csv")) {
		if _, ok := o.Get("header"); !ok {
			o.Set("header", jinja.Int(1))
		}
	}
	if v, ok := o.Get("partition_by"); ok {
		if s := jinja.Text(v); strings.Contains(s, ",") && !strings.HasPrefix(s, "(") {
			o.Set("partition_by", jinja.Str("("+s+")"))
		}
	}
	var out []string
	for k, v := range o.Entries {
		key, value := jinja.Text(k), jinja.Text(v)
		if slices.Contains([]string{"delimiter", "quote", "escape", "null"}, strings.ToLower(key)) && !strings.HasPrefix(value, "'") {
			value = "'" + value + "'"
		}
		out = append(out, key+" "+value)
	}
	return jinja.Str(strings.Join(out, ", ")), nil
}

// extension is Python's os.path.splitext(name)[1]: leading dots are no extension.
func extension(name string) string {
	bare := strings.TrimLeft(name, ".")
	if i := strings.LastIndexByte(bare, '.'); i >= 0 && bare != "" {
		return bare[i:]
	}
	return ""
}

func (a *Adapter) externalReadLocation(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "external_read_location", "write_location", "rendered_options")
	if err != nil {
		return nil, err
	}
	o, ok := args[1].(*jinja.Dict)
	if !ok {
		return nil, fail(c, diag.CallArguments, "external_read_location() expects a dict of options, got %s", args[1].TypeName())
	}
	option := func(key string) (string, bool) {
		v, ok := o.Get(key)
		if !ok || !jinja.Truth(v) {
			return "", false
		}
		return jinja.Text(v), true
	}
	partition, partitioned := option("partition_by")
	_, perThread := option("per_thread_output")
	if !partitioned && !perThread {
		return args[0], nil
	}
	globs := []string{jinja.Text(args[0]), "*"}
	if partitioned {
		for range strings.Split(partition, ",") {
			globs = append(globs, "*")
		}
	}
	format := "parquet"
	if v, ok := o.Get("format"); ok {
		format = jinja.Text(v)
	}
	return jinja.Str(strings.Join(globs, "/") + "." + format), nil
}

func (a *Adapter) locationExists(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "location_exists", "location")
	if err != nil {
		return nil, err
	}
	_, err = a.warehouse().Execute(a.o.Context, "select 1 from '"+jinja.Text(args[0])+"' where 1=0", false, -1)
	if d, ok := err.(diag.Diagnostic); ok && d.Code == diag.NeedsWarehouse {
		return nil, at(c, d)
	}
	return jinja.Bool(err == nil), nil
}

func (a *Adapter) datetimesToTexts(c *jinja.Call) (jinja.Value, error) {
	t, err := tableArg(c, "convert_datetimes_to_strs", "table")
	if err != nil {
		return nil, err
	}
	out := &Table{names: t.names, types: slices.Clone(t.types), rows: make([][]jinja.Value, len(t.rows))}
	for i, row := range t.rows {
		out.rows[i] = slices.Clone(row)
	}
	for j, k := range t.types {
		if name := k.String(); name != "DateTime" && name != "ISODateTime" {
			continue
		}
		out.types[j] = textKind
		for i := range out.rows {
			if out.rows[i][j] != jinja.None {
				out.rows[i][j] = jinja.Str(jinja.Text(out.rows[i][j]))
			}
		}
	}
	return out, nil
}

// describeQuery asks DuckDB to describe a query; structs are given field by field.
func (a *Adapter) describeQuery(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_column_schema_from_query", "sql")
	if err != nil {
		return nil, err
	}
	r, err := a.run(c, "DESCRIBE ("+jinja.Text(args[0])+")", true, -1)
	if err != nil {
		return nil, err
	}
	var out []*Column
	for _, row := range r.Rows {
		if len(row) < 2 {
			continue
		}
		col := newColumn(a.o.Dialect, jinja.Text(cell(row[0])), jinja.Str(jinja.Text(cell(row[1]))), jinja.None, jinja.None, jinja.None)
		out = append(out, col.flatten()...)
	}
	return columnList(out), nil
}

// batchID is the part of a temporary table's name that tells the batches of a microbatch model apart.
func (a *Adapter) batchID(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "batch_id_for_model", "model")
	if err != nil {
		return nil, err
	}
	batch, ok := attr(args[0], "batch")
	if !ok || !jinja.Truth(batch) {
		return jinja.Str(""), nil
	}
	start, ok := attr(batch, "event_time_start")
	if !ok || !jinja.Truth(start) {
		return jinja.Str(""), nil
	}
	return jinja.Str(strings.NewReplacer("-", "", ":", "", " ", "_", "+", "").Replace(jinja.Text(start))), nil
}

func (a *Adapter) tempRelationPath(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_temp_relation_path", "model", "batch_id?")
	if err != nil {
		return nil, err
	}
	identifier, ok := attr(args[0], "identifier")
	if !ok {
		if identifier, ok = attr(args[0], "alias"); !ok {
			return nil, fail(c, diag.CallArguments, "get_temp_relation_path() expects a model or its relation")
		}
	}
	id := a.newID()
	name := jinja.Text(identifier) + "__" + id[strings.LastIndexByte(id, '-')+1:]
	if !isNone(args[1]) && jinja.Truth(args[1]) {
		name += "__" + jinja.Text(args[1])
	}
	schema := "dbt_temp"
	p := Path{Schema: &schema, Identifier: &name}
	if database, ok := attr(args[0], "database"); ok {
		if err := setPart(c, &p, "database", database); err != nil {
			return nil, err
		}
	}
	return pathValue{p}, nil
}

// keyConstraints asks DuckDB which keys an existing table has.
func (a *Adapter) keyConstraints(c *jinja.Call) (jinja.Value, error) {
	r, err := onlyRelation(c, "existing_key_constraint_types", "relation")
	if err != nil {
		return nil, err
	}
	name := r.Name()
	literal := func(s string) string { return "lower('" + strings.ReplaceAll(s, "'", "''") + "')" }
	result, err := a.run(c, "select distinct constraint_type from duckdb_constraints() where lower(database_name) = "+literal(name.Database)+
		" and lower(schema_name) = "+literal(name.Schema)+" and lower(table_name) = "+literal(name.Identifier)+
		" and constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')", true, -1)
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, row := range result.Rows {
		if len(row) > 0 {
			kinds = append(kinds, strings.ReplaceAll(strings.ToLower(jinja.Text(cell(row[0]))), " ", "_"))
		}
	}
	slices.Sort(kinds)
	return texts(kinds), nil
}
