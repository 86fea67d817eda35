package render

import (
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// Override is a macro of the project, or of a package, that takes the place of one that dbt's materializations are made of.
type Override struct {
	// Helper is the name that is overridden, without a dialect's prefix: "create_table_as".
	Helper string
	Macro  *resource.Macro
}

// The macros that dbt's materializations call, by the materialization that calls them. Text exists once, in package lower; but a
// project that defines one of these expects it to be called, so it must be found.
var (
	everyMaterialization = []string{
		"run_hooks", "make_hook_config", "statement", "noop_statement", "load_cached_relation", "load_relation",
		"drop_relation_if_exists", "drop_relation", "get_drop_sql", "drop_table", "drop_view", "rename_relation", "get_rename_sql",
		"get_rename_table_sql", "get_rename_view_sql", "should_full_refresh",
	}
	relationMaterialization = []string{
		"make_intermediate_relation", "make_backup_relation", "make_temp_relation", "apply_grants", "should_revoke", "copy_grants",
		"get_show_grant_sql", "get_grant_sql", "get_revoke_sql", "get_dcl_statement_list", "call_dcl_statements",
		"support_multiple_grantees_per_dcl_statement", "persist_docs", "alter_column_comment", "alter_relation_comment",
		"get_assert_columns_equivalent", "assert_columns_equivalent", "get_table_columns_and_constraints",
		"table_columns_and_constraints", "get_select_subquery", "get_column_names", "get_create_sql", "get_replace_sql",
		"get_create_intermediate_sql", "get_create_backup_sql", "get_drop_backup_sql", "get_rename_intermediate_sql",
	}
	viewHelpers = []string{
		"get_create_view_as_sql", "create_view_as", "create_or_replace_view", "handle_existing_table", "get_replace_view_sql",
	}
	tableHelpers = []string{
		"get_create_table_as_sql", "create_table_as", "create_indexes", "get_create_index_sql", "get_replace_table_sql",
		"file_format_clause", "location_clause", "options_clause", "partition_cols", "clustered_cols", "comment_clause",
		"tblproperties_clause", "safe_create_table_as", "create_table_as_with_partitions",
	}
	incrementalHelpers = []string{
		"incremental_validate_on_schema_change", "check_for_schema_changes", "sync_column_schemas", "process_schema_changes",
		"diff_columns", "diff_column_data_types", "get_merge_update_columns", "get_merge_sql", "get_merge_unique_key_match",
		"get_delete_insert_merge_sql", "get_insert_overwrite_merge_sql", "get_incremental_append_sql",
		"get_incremental_delete_insert_sql", "get_incremental_merge_sql", "get_incremental_insert_overwrite_sql",
		"get_incremental_default_sql", "get_incremental_microbatch_sql", "get_insert_into_sql", "get_insert_overwrite_sql",
		"alter_relation_add_remove_columns", "alter_column_type", "dbt_spark_get_incremental_sql", "iceberg_merge",
		"incremental_insert", "delete_overlapping_partitions",
	}
	snapshotHelpers = []string{
		"create_columns", "post_snapshot", "get_true_sql", "snapshot_staging_table", "build_snapshot_table",
		"build_snapshot_staging_table", "snapshot_merge_sql", "strategy_dispatch", "snapshot_hash_arguments",
		"snapshot_timestamp_strategy", "snapshot_string_as_time", "snapshot_check_strategy",
		"snapshot_check_all_get_existing_columns", "get_dbt_valid_to_current", "unique_key_fields", "unique_key_join_on",
		"get_snapshot_table_column_names", "check_time_data_types", "get_columns_in_query", "get_empty_subquery_sql",
	}
	seedHelpers = []string{
		"create_csv_table", "reset_csv_table", "get_csv_sql", "get_binding_char", "get_batch_size", "get_seed_column_quoted_csv",
		"load_csv_rows", "create_indexes", "get_create_index_sql",
	}
	testHelpers             = []string{"get_test_sql", "get_limit_subquery_sql", "get_limit_sql", "should_store_failures", "get_create_sql"}
	materializedViewHelpers = []string{
		"materialized_view_setup", "materialized_view_teardown", "materialized_view_get_build_sql",
		"materialized_view_execute_no_op", "materialized_view_execute_build_sql", "get_create_materialized_view_as_sql",
		"get_alter_materialized_view_as_sql", "get_materialized_view_configuration_changes", "refresh_materialized_view",
		"get_replace_materialized_view_sql", "drop_materialized_view", "get_rename_materialized_view_sql",
	}
)

// helpersOf are the macros that a node's materialization may call.
func helpersOf(materialized string, kind node.Kind) [][]string {
	switch {
	case kind == node.Test:
		return [][]string{testHelpers}
	case materialized == "view":
		return [][]string{everyMaterialization, relationMaterialization, viewHelpers}
	case materialized == "table":
		return [][]string{everyMaterialization, relationMaterialization, tableHelpers}
	case materialized == "incremental":
		return [][]string{everyMaterialization, relationMaterialization, tableHelpers, incrementalHelpers}
	case materialized == "snapshot":
		return [][]string{everyMaterialization, relationMaterialization, tableHelpers, snapshotHelpers}
	case materialized == "seed":
		return [][]string{everyMaterialization, relationMaterialization, seedHelpers}
	case materialized == "materialized_view":
		return [][]string{everyMaterialization, relationMaterialization, materializedViewHelpers}
	}
	return [][]string{everyMaterialization}
}

// Overrides lists the macros of the project and its packages that dbt would call while it builds the node instead of its own,
// sorted by the name of what they override.
func (e *Engine) Overrides(n *resource.Node) []Override {
	d := e.dialect(n.Dialect)
	names := e.scope(n.Package, d)
	materialized := ""
	if n.Config != nil {
		if v, ok := n.Config.Get("materialized"); ok {
			materialized = jinja.Text(v)
		}
	}
	if materialized == "ephemeral" {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	key := overrideKey{names, materialized, n.Kind == node.Test}
	found, known := e.overrides[key]
	if !known {
		found = names.overrides(e.options.Dispatch, helpersOf(materialized, n.Kind))
		e.overrides[key] = found
	}
	return found
}

// Replaced finds the macro of the project, or of a package, that is called in place of a built-in one where no node is concerned; nil
// if there is none.
func (e *Engine) Replaced(helper string) *resource.Macro {
	names := e.scope(e.options.Root, e.dialect(""))
	if found := names.overrides(e.options.Dispatch, [][]string{{helper}}); len(found) > 0 {
		return found[0].Macro
	}
	return nil
}

// overrideKey is what overrides depend on: nodes that agree in it have the same.
type overrideKey struct {
	names        *names
	materialized string
	test         bool
}

func (n *names) overrides(order map[string][]string, groups [][]string) []Override {
	var found []Override
	add := func(helper string, m *macro) {
		if m == nil || m.res.BuiltIn || slices.ContainsFunc(found, func(o Override) bool { return o.Macro.ID == m.res.ID }) {
			return
		}
		found = append(found, Override{Helper: helper, Macro: &m.res})
	}
	for _, group := range groups {
		for _, helper := range group {
			add(helper, n.entries[helper].macro)
			if m, err := n.dispatch(order, helper, jinja.Str("dbt")); err == nil {
				add(helper, m)
			}
		}
	}
	slices.SortFunc(found, func(a, b Override) int {
		if a.Helper != b.Helper {
			if a.Helper < b.Helper {
				return -1
			}
			return 1
		}
		if a.Macro.ID < b.Macro.ID {
			return -1
		}
		return 1
	})
	return found
}

// Materialization finds the materialization macro of a node as dbt does: the most local one, and of those the most specific
// for the dialect. nil means that weft's own is meant. A package may not replace a built-in one unless it says so itself.
func (e *Engine) Materialization(n *resource.Node) *resource.Macro {
	if n.Config == nil {
		return nil
	}
	v, ok := n.Config.Get("materialized")
	if !ok {
		return nil
	}
	d := e.dialect(n.Dialect)
	l := e.options.Library
	packages := []string{l.root}
	if !slices.Contains(builtInMaterializations, jinja.Text(v)) {
		packages = append(packages, l.order...)
	}
	for _, pkg := range packages {
		p := l.packages[pkg]
		if p == nil {
			continue
		}
		for _, prefix := range d.family.prefixes {
			if m := p.byName["materialization_"+jinja.Text(v)+"_"+prefix]; m != nil {
				return &m.res
			}
		}
	}
	return nil
}

// builtInMaterializations are those that dbt and its adapters bring along.
var builtInMaterializations = []string{
	"view", "table", "incremental", "seed", "snapshot", "test", "unit", "materialized_view", "clone", "function", "external",
	"ephemeral", "table_function",
}
