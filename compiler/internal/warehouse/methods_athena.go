package warehouse

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/plan"
)

// athenaMethods are what dbt-athena adds. Removing things from Glue and S3 is an act of the session, which the journal has like any other. What
// publishes or governs is refused: in weft that is the runner's work, and a template that did it would go past the plan.
var athenaMethods = map[string]call{
	"is_list": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "is_list", "value")
		if err != nil {
			return nil, err
		}
		_, ok := args[0].(*jinja.List)
		return jinja.Bool(ok), nil
	},
	"is_s3_tables_database": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "is_s3_tables_database", "database")
		if err != nil {
			return nil, err
		}
		s, _ := str(args[0])
		return jinja.Bool(a.o.Dialect.Keeps(s)), nil
	},
	// whether a work group enforces its output location is known to AWS alone; dbt's answer for one that does not is false
	"is_work_group_output_location_enforced": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		_, _, err := bind(c, "is_work_group_output_location_enforced")
		return jinja.Bool(false), err
	},
	"generate_s3_location": (*Adapter).s3Location,
	"generate_unique_temporary_table_suffix": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "generate_unique_temporary_table_suffix", "suffix_initial?")
		if err != nil {
			return nil, err
		}
		suffix := "__dbt_tmp"
		if args[0] != nil {
			suffix = jinja.Text(args[0])
		}
		return jinja.Str(suffix + "_" + strings.ReplaceAll(a.newID(), "-", "_")), nil
	},
	"get_glue_table":                 (*Adapter).glueTable,
	"get_glue_table_type":            (*Adapter).glueTableType,
	"get_glue_table_location":        (*Adapter).glueTableLocation,
	"list_schemas":                   (*Adapter).listSchemas,
	"list_relations_without_caching": (*Adapter).listRelations,
	"format_partition_keys":          (*Adapter).formatPartitionKeys,
	"format_one_partition_key": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, "format_one_partition_key", "partition_key")
		if err != nil {
			return nil, err
		}
		return jinja.Str(partitionKey(jinja.Text(args[0]))), nil
	},
	"format_value_for_partition":                 (*Adapter).partitionValue,
	"murmur3_hash":                               (*Adapter).murmur3,
	"run_query_with_partitions_limit_catching":   (*Adapter).runCatchingPartitions,
	"run_operation_with_potential_multiple_runs": (*Adapter).runMany,

	"add_lf_tags":                storageCall("add_lf_tags"),
	"add_lf_tags_to_database":    storageCall("add_lf_tags_to_database"),
	"apply_lf_grants":            storageCall("apply_lf_grants"),
	"clean_up_partitions":        storageCall("clean_up_partitions"),
	"clean_up_table":             removal("clean_up_table", plan.Erase),
	"delete_from_glue_catalog":   removal("delete_from_glue_catalog", plan.Forget),
	"delete_from_s3":             (*Adapter).deleteFromS3,
	"drop_glue_database":         storageCall("drop_glue_database"),
	"expire_glue_table_versions": (*Adapter).expireVersions,
	"persist_docs_to_glue":       storageCall("persist_docs_to_glue"),
	"swap_table":                 storageCall("swap_table"),
	"upload_seed_to_s3":          storageCall("upload_seed_to_s3"),
}

// act does an act of a template. Commands that only look refuse it.
func (a *Adapter) act(c *jinja.Call, name string, act plan.Act) (jinja.Value, error) {
	if a.o.ReadOnly {
		return nil, looksOnly(c, "adapter."+name)
	}
	if err := a.warehouse().Act(a.o.Context, act); err != nil {
		return nil, asked(c, err, "adapter."+name+"()")
	}
	return jinja.None, nil
}

// removal is a call that removes something of a relation.
func removal(name string, verb plan.Verb) call {
	return func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		args, _, err := bind(c, name, "relation")
		if err != nil {
			return nil, err
		}
		r, err := relationArg(c, name, "relation", args[0])
		if err != nil {
			return nil, err
		}
		return a.act(c, name, plan.Act{Verb: verb, Relation: r.Name()})
	}
}

// deleteFromS3 removes the files below a folder.
func (a *Adapter) deleteFromS3(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "delete_from_s3", "s3_path")
	if err != nil {
		return nil, err
	}
	place := jinja.Text(args[0])
	bucket, path, ok := strings.Cut(strings.TrimPrefix(place, "s3://"), "/")
	if !strings.HasPrefix(place, "s3://") || bucket == "" || !ok || strings.Trim(path, "/") == "" {
		return nil, fail(c, diag.AdapterMethod, "adapter.delete_from_s3() takes a folder in a bucket, such as s3://bucket/folder, and got `%s`", place)
	}
	return a.act(c, "delete_from_s3", plan.Act{Verb: plan.Empty, Place: place})
}

// expireVersions removes archived versions of a relation's entry. Their files are the runner's business, whatever delete_s3 says: it keeps those of the
// version before, and removes older ones.
func (a *Adapter) expireVersions(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "expire_glue_table_versions", "relation", "to_keep", "delete_s3")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, "expire_glue_table_versions", "relation", args[0])
	if err != nil {
		return nil, err
	}
	n, ok := args[1].(jinja.Int)
	if !ok || n < 1 {
		return nil, fail(c, diag.AdapterMethod, "adapter.expire_glue_table_versions() keeps one version or more, and to_keep is `%s`", jinja.Text(args[1]))
	}
	return a.act(c, "expire_glue_table_versions", plan.Act{Verb: plan.TrimEntry, Relation: r.Name(), Newest: int(n)})
}

// storageCall refuses a call on the engine's storage.
func storageCall(name string) call {
	return func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		return nil, fail(c, diag.EngineOnly, "adapter.%s() works on S3, Glue or Lake Formation, which templates cannot do here", name)
	}
}

// s3Naming are the ways to name a table's place in S3.
var s3Naming = []string{"unique", "table", "table_unique", "schema_table", "schema_table_unique"}

// s3Location is where a table's files go.
func (a *Adapter) s3Location(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "generate_s3_location", "relation", "s3_data_dir?", "s3_data_naming?", "s3_tmp_table_dir?", "external_location?", "is_temporary_table?")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, "generate_s3_location", "relation", args[0])
	if err != nil {
		return nil, err
	}
	temporary := args[5] != nil && jinja.Truth(args[5])
	if !isNone(args[4]) && jinja.Truth(args[4]) && !temporary {
		return jinja.Str(strings.TrimRight(jinja.Text(args[4]), "/")), nil
	}
	tmp := args[3]
	if isNone(tmp) || !jinja.Truth(tmp) {
		tmp = a.credential("s3_tmp_table_dir")
	}
	var prefix string
	switch {
	case temporary && !isNone(tmp) && jinja.Truth(tmp):
		prefix = jinja.Text(tmp)
	case !isNone(args[1]):
		prefix = jinja.Text(args[1])
	default:
		staging := a.credential("s3_staging_dir")
		if isNone(staging) {
			return nil, fail(c, diag.AdapterMethod, "the place of %s in S3 needs s3_data_dir or s3_staging_dir in the profile", r)
		}
		prefix = joinPath(jinja.Text(staging), "tables")
	}
	naming := args[2]
	if isNone(naming) {
		naming = a.credential("s3_data_naming")
	}
	table := ""
	if v, ok := r.extra["s3_path_table_part"]; ok && jinja.Truth(v) {
		table = jinja.Text(v)
	} else if r.path.Identifier != nil {
		table = *r.path.Identifier
	}
	schema := ""
	if r.path.Schema != nil {
		schema = *r.path.Schema
	}
	switch jinja.Text(naming) {
	case "unique":
		return jinja.Str(joinPath(prefix, a.newID())), nil
	case "table":
		return jinja.Str(joinPath(prefix, table)), nil
	case "table_unique":
		return jinja.Str(joinPath(prefix, table, a.newID())), nil
	case "schema_table":
		return jinja.Str(joinPath(prefix, schema, table)), nil
	case "schema_table_unique":
		return jinja.Str(joinPath(prefix, schema, table, a.newID())), nil
	}
	return nil, fail(c, diag.AdapterMethod, "%s is not a valid S3DataNaming: expected one of %s", jinja.Repr(naming), strings.Join(s3Naming, ", "))
}

// glue finds a relation and what Glue would say of its type.
func (a *Adapter) glue(c *jinja.Call, fn string) (*Found, error) {
	args, _, err := bind(c, fn, "relation")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, fn, "relation", args[0])
	if err != nil {
		return nil, err
	}
	f, err := a.warehouse().GetRelation(a.o.Context, r.Name())
	if err != nil {
		return nil, asked(c, err, "looking up "+r.Name().String())
	}
	return f, nil
}

// extraText is a fact of a relation as text.
func extraText(f *Found, key string) string {
	if v, ok := f.Extra[key]; ok && v != nil {
		return jinja.Text(cell(v))
	}
	return ""
}

func (a *Adapter) glueTable(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table")
	if err != nil || f == nil {
		return jinja.None, err
	}
	table := jinja.NewDict(5)
	table.Set("Name", jinja.Str(f.Identifier))
	table.Set("DatabaseName", jinja.Str(f.Schema))
	kind := "EXTERNAL_TABLE"
	if f.Type == "view" {
		kind = "VIRTUAL_VIEW"
	}
	table.Set("TableType", jinja.Str(kind))
	parameters := jinja.NewDict(1)
	if t := extraText(f, "detailed_table_type"); t != "" {
		parameters.Set("table_type", jinja.Str(t))
	}
	table.Set("Parameters", parameters)
	storage := jinja.NewDict(1)
	if l := extraText(f, "location"); l != "" {
		storage.Set("Location", jinja.Str(l))
	}
	table.Set("StorageDescriptor", storage)
	out := jinja.NewDict(1)
	out.Set("Table", table)
	return out, nil
}

func (a *Adapter) glueTableType(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table_type")
	if err != nil || f == nil {
		return jinja.None, err
	}
	return glueType(f), nil
}

func glueType(f *Found) tableType {
	switch {
	case strings.EqualFold(extraText(f, "detailed_table_type"), "iceberg"):
		return "iceberg_table"
	case f.Type == "view":
		return "view"
	}
	return "table"
}

// tableType is dbt-athena's enumeration of what Glue knows.
type tableType string

// TypeName is Python's.
func (tableType) TypeName() string { return "TableType" }

// String and Repr are Python's for an enumeration.
func (t tableType) String() string { return "TableType." + t.name() }

// Repr is Python's repr().
func (t tableType) Repr() string { return "<TableType." + t.name() + ": '" + string(t) + "'>" }

func (t tableType) name() string {
	if t == "iceberg_table" {
		return "ICEBERG"
	}
	return strings.ToUpper(string(t))
}

// Attr finds value, name and is_physical().
func (t tableType) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "value":
		return jinja.Str(t), true, nil
	case "name":
		return jinja.Str(t.name()), true, nil
	case "is_physical":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Bool(t == "table" || t == "iceberg_table"), nil }), true, nil
	}
	return nil, false, nil
}

func (a *Adapter) glueTableLocation(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table_location")
	if err != nil || f == nil || f.Type == "view" {
		return jinja.None, err
	}
	return orNone(extraText(f, "location")), nil
}

func (a *Adapter) listSchemas(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "list_schemas", "database")
	if err != nil {
		return nil, err
	}
	database, _ := str(args[0])
	names, err := a.warehouse().Schemas(a.o.Context, database)
	if err != nil {
		return nil, asked(c, err, "listing the schemas of "+database)
	}
	return texts(names), nil
}

func (a *Adapter) listRelations(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "list_relations_without_caching", "schema_relation")
	if err != nil {
		return nil, err
	}
	r, err := relationArg(c, "list_relations_without_caching", "schema_relation", args[0])
	if err != nil {
		return nil, err
	}
	name := r.Name()
	list, err := a.warehouse().List(a.o.Context, name.Database, name.Schema)
	if err != nil {
		return nil, asked(c, err, "listing "+name.Schema)
	}
	out := jinja.NewList()
	for i := range list {
		found, err := a.found(c, &list[i])
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, found)
	}
	return out, nil
}

func (a *Adapter) formatPartitionKeys(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "format_partition_keys", "partition_keys")
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, k := range nameArgs(args[0]) {
		keys = append(keys, partitionKey(k))
	}
	return jinja.Str(strings.Join(keys, ", ")), nil
}

// partitionKey is the expression that gives a partition's value: of Iceberg's hidden partitions the truncated time, of a bucket
// its column.
func partitionKey(key string) string {
	lower := strings.ToLower(key)
	for _, unit := range []string{"hour", "day", "month", "year"} {
		if rest, ok := strings.CutPrefix(lower, unit+"("); ok {
			line, _, _ := strings.Cut(rest, "\n")
			if end := strings.LastIndexByte(line, ')'); end > 0 {
				return "date_trunc('" + unit + "', " + line[:end] + ")"
			}
		}
	}
	for rest := lower; ; {
		_, after, ok := strings.Cut(rest, "bucket(")
		if !ok {
			return lower
		}
		line, _, _ := strings.Cut(after, "\n")
		if end := strings.LastIndexByte(line, ','); end > 0 {
			return line[:end]
		}
		rest = after
	}
}

func (a *Adapter) partitionValue(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "format_value_for_partition", "value", "column_type")
	if err != nil {
		return nil, err
	}
	give := func(s, compare string) (jinja.Value, error) {
		return jinja.Tuple{jinja.Str(s), jinja.Str(compare)}, nil
	}
	if args[0] == jinja.None {
		return give("null", " is ")
	}
	value := jinja.Text(args[0])
	switch jinja.Text(args[1]) {
	case "integer":
		return give(value, "=")
	case "string":
		return give("'"+strings.ReplaceAll(value, "'", "''")+"'", "=")
	case "date":
		return give("DATE'"+value+"'", "=")
	case "timestamp":
		return give("TIMESTAMP'"+value+"'", "=")
	}
	return nil, fail(c, diag.AdapterMethod, "Unsupported column type: %s", jinja.Text(args[1]))
}

// murmur3 is the bucket of a value as Iceberg numbers them.
func (a *Adapter) murmur3(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "murmur3_hash", "value", "num_buckets")
	if err != nil {
		return nil, err
	}
	buckets, ok := args[1].(jinja.Int)
	if !ok || buckets <= 0 {
		return nil, fail(c, diag.CallArguments, "murmur3_hash() expects a number of buckets, got %s", jinja.Repr(args[1]))
	}
	var data []byte
	number := func(n int64) { data = binary.LittleEndian.AppendUint64(nil, uint64(n)) }
	switch v := args[0].(type) {
	case jinja.Int:
		number(int64(v))
	case jinja.Bool:
		number(0)
		if v {
			number(1)
		}
	case jinja.Str:
		data = []byte(v)
	case basecontext.Date:
		number(time.Date(v.Year, time.Month(v.Month), v.Day, 0, 0, 0, 0, time.UTC).Unix())
	case basecontext.DateTime:
		number(v.Instant().Unix())
	default:
		return nil, fail(c, diag.AdapterMethod, "Need to add support data type for hashing: <class '%s'>", v.TypeName())
	}
	return jinja.Int(int64(murmur3x86(data)&0x7fffffff) % int64(buckets)), nil
}

// murmur3x86 is the 32-bit MurmurHash3 with seed 0.
func murmur3x86(data []byte) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	var h uint32
	n := len(data)
	for ; len(data) >= 4; data = data[4:] {
		h ^= bits.RotateLeft32(binary.LittleEndian.Uint32(data)*c1, 15) * c2
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	var k uint32
	for i := len(data) - 1; i >= 0; i-- {
		k = k<<8 | uint32(data[i])
	}
	if len(data) > 0 {
		h ^= bits.RotateLeft32(k*c1, 15) * c2
	}
	h ^= uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

// runCatchingPartitions runs a statement that may touch more partitions than Athena writes at once, and says so instead of failing.
func (a *Adapter) runCatchingPartitions(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "run_query_with_partitions_limit_catching", "sql")
	if err != nil {
		return nil, err
	}
	r, err := a.run(c, jinja.Text(args[0]), false, -1)
	if err != nil {
		if strings.Contains(err.Error(), "TOO_MANY_OPEN_PARTITIONS") {
			return jinja.Str("TOO_MANY_OPEN_PARTITIONS"), nil
		}
		return nil, err
	}
	scanned := jinja.Value(jinja.Int(0))
	if v, ok := r.Extra["data_scanned_in_bytes"]; ok {
		scanned = cell(v)
	}
	return jinja.Str(`{"rowcount":` + jinja.Text(jinja.Int(r.Affected)) + `,"data_scanned_in_bytes":` + jinja.Text(scanned) + "}"), nil
}

// runMany repeats an Iceberg maintenance statement until Athena says that it is done. The bound keeps an engine that never is
// from hanging a run.
func (a *Adapter) runMany(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "run_operation_with_potential_multiple_runs", "query", "op")
	if err != nil {
		return nil, err
	}
	again := "ICEBERG_" + strings.ToUpper(jinja.Text(args[1])) + "_MORE_RUNS_NEEDED"
	for range 10000 {
		_, err = a.run(c, jinja.Text(args[0]), false, -1)
		if err == nil {
			return jinja.None, nil
		}
		if !strings.Contains(err.Error(), again) || a.o.Context.Err() != nil {
			return nil, err
		}
	}
	return nil, err
}
