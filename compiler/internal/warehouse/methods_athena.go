package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
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
		r, err := onlyRelation(c, name, "relation")
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
