package resolve

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
)

// merge is what happens where a later layer of config sets a key that an earlier one has set.
type merge uint8

const (
	clobber   merge = iota // the later value counts
	appendTo               // lists are joined
	update                 // mappings are merged, one level deep
	keyAppend              // mappings of lists; a key written "+select" extends the list, "select" replaces it
)

// shape is how a value is brought into the form that the manifest shows.
type shape uint8

const (
	anyValue shape = iota
	optText        // None or str(value)
	boolValue
	optBool
	optInt
	textOrList // a str or a list of str, or None
	textList
	mapping
	hookList
	docsShape
	contractShape
	pointerShape
	metaColumnsShape
	cacheShape
	snowflakeShape
	freshnessShape // of models
	thresholdShape // of sources
	accessShape
	changeShape
	onErrorShape
	onOffShape // YAML reads on and off as booleans; the manifest shows the words
)

// field is one key that dbt gives every node of a kind, in the order in which the manifest shows them.
type field struct {
	name  string
	merge merge
	shape shape
	def   jinja.Value
}

// schema is the list of the config keys of a kind. Further keys are kept behind them, as written.
type schema struct {
	fields []field
	keys   []jinja.Value // the names of the fields, as keys of the mappings of all nodes
	index  map[string]int
}

func newSchema(fields []field) *schema {
	s := &schema{fields: fields, index: make(map[string]int, len(fields))}
	for i, f := range fields {
		s.index[f.name] = i
		s.keys = append(s.keys, jinja.Str(f.name))
	}
	return s
}

// schemas are the config classes of dbt 1.12.
type schemas struct {
	model, node, seed, snapshot, test, source, exposure, metric, savedQuery, unitTest, group, function *schema
}

func (s *schemas) of(kind node.Kind) *schema {
	switch kind {
	case node.Model:
		return s.model
	case node.Seed:
		return s.seed
	case node.Snapshot:
		return s.snapshot
	case node.Test:
		return s.test
	case node.Source:
		return s.source
	case node.Exposure:
		return s.exposure
	case node.Metric, node.SemanticModel:
		return s.metric
	case node.SavedQuery:
		return s.savedQuery
	case node.UnitTest:
		return s.unitTest
	case node.Group:
		return s.group
	case node.Function:
		return s.function
	}
	return s.node
}

func newSchemas() *schemas {
	common := []field{
		{"enabled", clobber, boolValue, jinja.Bool(true)},
		{"alias", clobber, optText, jinja.None},
		{"schema", clobber, optText, jinja.None},
		{"database", clobber, optText, jinja.None},
		{"tags", appendTo, textOrList, nil},
		{"meta", update, mapping, nil},
		{"group", clobber, optText, jinja.None},
		{"static_analysis", clobber, onOffShape, jinja.None},
	}
	runnable := func(materialized string) []field {
		return append(common[:len(common):len(common)],
			field{"materialized", clobber, optText, jinja.Str(materialized)},
			field{"incremental_strategy", clobber, optText, jinja.None},
			field{"batch_size", clobber, anyValue, jinja.None},
			field{"lookback", clobber, anyValue, jinja.Int(1)},
			field{"begin", clobber, anyValue, jinja.None},
			field{"persist_docs", clobber, mapping, nil},
			field{"post-hook", appendTo, hookList, nil},
			field{"pre-hook", appendTo, hookList, nil},
			field{"quoting", update, mapping, nil},
			field{"column_types", update, mapping, nil},
			field{"full_refresh", clobber, optBool, jinja.None},
			field{"unique_key", clobber, textOrList, jinja.None},
			field{"on_schema_change", clobber, optText, jinja.Str("ignore")},
			field{"on_configuration_change", clobber, changeShape, jinja.Str("apply")},
			field{"grants", keyAppend, mapping, nil},
			field{"packages", appendTo, textList, nil},
			field{"docs", update, docsShape, nil},
			field{"contract", update, contractShape, nil},
			field{"event_time", clobber, anyValue, jinja.None},
			field{"concurrent_batches", clobber, anyValue, jinja.None})
	}
	test := append(common[:len(common):len(common)],
		field{"materialized", clobber, optText, jinja.Str("test")},
		field{"severity", clobber, optText, jinja.Str("ERROR")},
		field{"store_failures", clobber, optBool, jinja.None},
		field{"store_failures_as", clobber, optText, jinja.None},
		field{"sql_header", clobber, anyValue, jinja.None},
		field{"where", clobber, optText, jinja.None},
		field{"limit", clobber, optInt, jinja.None},
		field{"fail_calc", clobber, optText, jinja.Str("count(*)")},
		field{"warn_if", clobber, optText, jinja.Str("!= 0")},
		field{"error_if", clobber, optText, jinja.Str("!= 0")})
	test[2].def = jinja.Str("dbt_test__audit")
	snapshot := append(runnable("snapshot"),
		field{"strategy", clobber, optText, jinja.None},
		field{"target_schema", clobber, optText, jinja.None},
		field{"target_database", clobber, optText, jinja.None},
		field{"updated_at", clobber, optText, jinja.None},
		field{"check_cols", clobber, textOrList, jinja.None},
		field{"snapshot_meta_column_names", clobber, metaColumnsShape, nil},
		field{"dbt_valid_to_current", clobber, optText, jinja.None})
	enabled, group := common[0], common[6]
	meta := common[5]
	return &schemas{
		node: newSchema(runnable("view")),
		model: newSchema(append(runnable("view"),
			field{"access", clobber, accessShape, jinja.Str("protected")},
			field{"freshness", clobber, freshnessShape, jinja.None},
			field{"on_error", clobber, onErrorShape, jinja.None},
			field{"latest_version_pointer", update, pointerShape, nil})),
		seed: newSchema(append(runnable("seed"),
			field{"delimiter", clobber, optText, jinja.Str(",")},
			field{"quote_columns", clobber, optBool, jinja.None})),
		snapshot: newSchema(snapshot),
		test:     newSchema(test),
		source: newSchema([]field{enabled,
			{"event_time", clobber, anyValue, jinja.None},
			{"freshness", clobber, thresholdShape, nil},
			{"loaded_at_field", clobber, optText, jinja.None},
			{"loaded_at_query", clobber, optText, jinja.None},
			meta,
			{"tags", clobber, textList, nil},
			{"static_analysis", clobber, onOffShape, jinja.None}}),
		exposure: newSchema([]field{enabled, {"tags", clobber, textList, nil}, {"meta", clobber, mapping, nil}}),
		metric:   newSchema([]field{enabled, group, meta}),
		savedQuery: newSchema([]field{enabled, group, meta,
			{"export_as", clobber, optText, jinja.None},
			{"schema", clobber, optText, jinja.None},
			{"cache", clobber, cacheShape, nil}}),
		unitTest: newSchema([]field{common[4], meta, enabled, {"static_analysis", clobber, onOffShape, jinja.None}}),
		group:    newSchema([]field{meta}),
		function: newSchema(append(runnable("function"),
			field{"type", clobber, optText, jinja.Str("scalar")},
			field{"volatility", clobber, optText, jinja.None},
			field{"runtime_version", clobber, optText, jinja.None},
			field{"entry_point", clobber, optText, jinja.None},
			field{"snowflake", clobber, snowflakeShape, nil})),
	}
}
