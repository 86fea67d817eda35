package render

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// exceptionsValue is `exceptions`: the functions with which a template raises errors and warnings.
func (c *nodeContext) exceptionsValue() jinja.Value {
	made := map[string]jinja.Value{}
	o := &object{kind: "dict", keys: func() []string {
		names := make([]string, len(raisers))
		for i, r := range raisers {
			names[i] = r.name
		}
		return names
	}}
	o.attr = func(name string) (jinja.Value, bool) {
		if v, ok := made[name]; ok {
			return v, true
		}
		switch name {
		case "warn":
			made[name] = function(name, c.callWarn)
			return made[name], true
		case "warn_snapshot_timestamp_data_types":
			made[name] = function(name, c.callWarnTimestamps)
			return made[name], true
		}
		for i := range raisers {
			if r := &raisers[i]; r.name == name {
				made[name] = function(name, func(call *jinja.Call) (jinja.Value, error) {
					args, err := bind(call, name, r.params...)
					if err != nil {
						return nil, err
					}
					return nil, fail(r.code, r.text(c, args))
				})
				return made[name], true
			}
		}
		return lookupMethods(o, name)
	}
	return o
}

// callWarn is exceptions.warn(msg).
func (c *nodeContext) callWarn(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "warn", "msg", "node=")
	if err != nil {
		return nil, err
	}
	c.messages = append(c.messages, Message{Text: jinja.Text(args[0]), Warning: true, Span: call.Span})
	return jinja.Str(""), nil
}

// callWarnTimestamps is exceptions.warn_snapshot_timestamp_data_types(snapshot_time_data_type, updated_at_data_type).
func (c *nodeContext) callWarnTimestamps(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "warn_snapshot_timestamp_data_types", "snapshot_time_data_type", "updated_at_data_type")
	if err != nil {
		return nil, err
	}
	c.messages = append(c.messages, Message{Warning: true, Span: call.Span, Text: "Data type of snapshot table timestamp columns (" + jinja.Text(args[0]) +
		") doesn't match derived column 'updated_at' (" + jinja.Text(args[1]) + "). Please update snapshot config 'updated_at'."})
	return jinja.None, nil
}

// raiser is one function of `exceptions` that ends the render.
type raiser struct {
	name   string
	params []string
	code   diag.Code
	text   func(c *nodeContext, args []jinja.Value) string
}

func first(_ *nodeContext, args []jinja.Value) string { return jinja.Text(args[0]) }

// attrText is an attribute of a value as text.
func attrText(v jinja.Value, name string) string {
	found := jinja.Value(jinja.Str(""))
	switch v := v.(type) {
	case *jinja.Dict:
		if f, ok := v.Get(name); ok {
			found = f
		}
	case jinja.Attributed:
		if f, ok, err := v.Attr(name); ok && err == nil {
			found = f
		}
	}
	return jinja.Text(found)
}

var raisers = []raiser{
	{"column_type_missing", []string{"column_names"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type are defined within the YAML configuration for the " + jinja.Text(a[0]) + " column(s)."
	}},
	{"missing_config", []string{"model", "name"}, diag.MissingConfig, func(_ *nodeContext, a []jinja.Value) string {
		return "Model '" + attrText(a[0], "unique_id") + "' does not define a required config parameter '" + jinja.Text(a[1]) + "'."
	}},
	{"missing_materialization", []string{"model", "adapter_type"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		dialect := jinja.Text(a[1])
		types := "'default'"
		if dialect != "default" {
			types += " and '" + dialect + "'"
		}
		materialized := ""
		if m, ok := a[0].(*jinja.Dict); ok {
			if config, ok := m.Get("config"); ok {
				materialized = attrText(config, "materialized")
			}
		}
		return "No materialization '" + materialized + "' was found for adapter " + dialect + "! (searched types " + types + ")"
	}},
	{"missing_relation", []string{"relation", "model="}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "Relation " + jinja.Text(a[0]) + " not found!"
	}},
	{"raise_ambiguous_alias", []string{"node_1", "node_2", "duped_name="}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		duped := attrText(a[0], "database") + "." + attrText(a[0], "schema") + "." + attrText(a[0], "alias")
		if !isNone(a[2]) {
			duped = jinja.Text(a[2])
		}
		line := func(n jinja.Value) string {
			return "\n- " + attrText(n, "unique_id") + " (" + attrText(n, "original_file_path") + ")"
		}
		return "dbt found two resources with the database representation \"" + duped + "\".\ndbt cannot create two resources with identical database representations. To fix this,\nchange the configuration of one of these resources:" + line(a[0]) + line(a[1])
	}},
	{"raise_ambiguous_catalog_match", []string{"unique_id", "match_1", "match_2"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "dbt found two relations in your warehouse with similar database identifiers. dbt\nis unable to determine which of these relations was created by the model \"" + jinja.Text(a[0]) + "\"."
	}},
	{"raise_cache_inconsistent", []string{"message"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "Cache inconsistency detected: " + jinja.Text(a[0])
	}},
	{"raise_compiler_error", []string{"msg", "node="}, diag.RaisedError, first},
	{"raise_contract_error", []string{"yaml_columns", "sql_columns"}, diag.RaisedError, contractError},
	{"raise_database_error", []string{"msg", "node="}, diag.RaisedError, first},
	{"raise_dataclass_not_dict", []string{"obj"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "The object (\"" + jinja.Text(a[0]) + "\") was used as a dictionary. This capability has been removed from objects of this type."
	}},
	{"raise_dep_not_found", []string{"node", "node_description", "required_pkg"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "Error while parsing " + jinja.Text(a[1]) + ".\nThe required package \"" + jinja.Text(a[2]) + "\" was not found. Is the package installed?\nHint: You may need to run `dbt deps`."
	}},
	{"raise_dependency_error", []string{"msg"}, diag.RaisedError, first},
	{"raise_duplicate_patch_name", []string{"patch_1", "existing_patch_path"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "dbt found two schema.yml entries for the same resource named " + attrText(a[0], "name") + ". Resources and their associated columns may only be described a single time."
	}},
	{"raise_duplicate_resource_name", []string{"node_1", "node_2"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "dbt found two resources with the name \"" + attrText(a[0], "name") + "\"."
	}},
	{"raise_fail_fast_error", []string{"msg", "node="}, diag.RaisedError, first},
	{"raise_invalid_property_yml_version", []string{"path", "issue"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "The yml property file at " + jinja.Text(a[0]) + " is invalid because " + jinja.Text(a[1]) + "."
	}},
	{"raise_not_implemented", []string{"msg"}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		return "ERROR: " + jinja.Text(a[0])
	}},
	{"relation_wrong_type", []string{"relation", "expected_type", "model="}, diag.RaisedError, func(_ *nodeContext, a []jinja.Value) string {
		r := jinja.Text(a[0])
		return "Trying to create " + jinja.Text(a[1]) + " " + r + ", but it currently exists as a " + attrText(a[0], "type") + ". Either drop " + r + " manually, or run dbt with `--full-refresh` and dbt will drop it for you."
	}},
}

// contractError lists where a model's columns differ from its contract.
func contractError(_ *nodeContext, a []jinja.Value) string {
	type column struct{ name, kind string }
	read := func(v jinja.Value) (out []column) {
		for item := range items(v) {
			out = append(out, column{attrText(item, "name"), attrText(item, "data_type")})
		}
		return out
	}
	declared, found := read(a[0]), read(a[1])
	rows := [][4]string{{"column_name", "definition_type", "contract_type", "mismatch_reason"}}
	seen := map[string]bool{}
	for _, f := range found {
		seen[f.name] = true
		row := [4]string{f.name, f.kind, "", "missing in contract"}
		for _, d := range declared {
			if d.name == f.name {
				row = [4]string{f.name, f.kind, d.kind, "data type mismatch"}
				break
			}
		}
		if row[2] != f.kind {
			rows = append(rows, row)
		}
	}
	for _, d := range declared {
		if !seen[d.name] {
			rows = append(rows, [4]string{d.name, "", d.kind, "missing in definition"})
		}
	}
	slices.SortStableFunc(rows[1:], func(a, b [4]string) int { return strings.Compare(a[0], b[0]) })
	var width [4]int
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], len(cell))
		}
	}
	var b strings.Builder
	b.WriteString("This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.\n\n")
	for i, r := range rows {
		for j, cell := range r {
			b.WriteString("| " + cell + strings.Repeat(" ", width[j]-len(cell)) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, w := range width {
				b.WriteString("| " + strings.Repeat("-", w) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
