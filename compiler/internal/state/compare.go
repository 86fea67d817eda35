package state

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/node"
)

// parsed says whether dbt keeps the kind among its manifest's `nodes`; functions are compared in the same way.
func (r *Row) parsed() bool {
	switch node.Kind(r.ResourceType) {
	case node.Model, node.Test, node.Seed, node.Snapshot, node.Analysis, node.Operation, node.SQLOperation, node.Function:
		return true
	}
	return false
}

func (r *Row) is(kind node.Kind) bool { return r.ResourceType == string(kind) }

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// sameBody compares what a node is written in: a seed by the checksum of its file.
func sameBody(a, b *Row) bool {
	if a.is(node.Seed) {
		return same(a.Checksum, b.Checksum)
	}
	return a.RawCode == b.RawCode
}

// sameContents says whether a node is what it was, but for its contract and its macros. Sources, exposures, metrics, semantic models and
// saved queries that are new do not count as modified.
func sameContents(a, b *Row, rendered bool) bool {
	switch kind := node.Kind(a.ResourceType); {
	case kind == node.UnitTest:
		return b != nil && same(a.Checksum, b.Checksum)
	case b == nil:
		return !a.parsed()
	case kind == node.Source:
		return sameRelation(a, b, rendered) && same(a.FQN, b.FQN) && sameConfig(a, b) && same(a.Quoting, b.Quoting) && same(a.Freshness, b.Freshness) &&
			same(a.LoadedAtField, b.LoadedAtField) && same(a.External, b.External)
	case kind == node.Exposure:
		return same(a.FQN, b.FQN) && same(a.Type, b.Type) && same(a.Owner, b.Owner) && same(a.Maturity, b.Maturity) && same(a.URL, b.URL) &&
			a.Description == b.Description && same(a.Label, b.Label) && sameConfig(a, b) &&
			same(slices.Compact(slices.Sorted(slices.Values(a.DependsOn.Nodes))), slices.Compact(slices.Sorted(slices.Values(b.DependsOn.Nodes))))
	case kind == node.Metric:
		return same(a.Type, b.Type) && a.Description == b.Description && same(a.Label, b.Label) && sameConfig(a, b)
	case kind == node.SemanticModel:
		return same(a.Model, b.Model) && a.Description == b.Description && same(a.Defaults, b.Defaults) && same(a.Entities, b.Entities) &&
			same(a.Dimensions, b.Dimensions) && same(a.Measures, b.Measures) && same(a.Config, b.Config) && same(a.PrimaryEntity, b.PrimaryEntity) && same(a.Group, b.Group)
	case kind == node.SavedQuery:
		return same(a.QueryParams, b.QueryParams) && a.Description == b.Description && same(a.Label, b.Label) && same(a.Config, b.Config) && same(a.Group, b.Group) &&
			same(exports(a), exports(b)) && same(a.Tags, b.Tags)
	case kind == node.Test && a.TestMetadata != nil:
		return sameConfig(a, b) && same(a.FQN, b.FQN)
	}
	if !sameBody(a, b) || !sameConfig(a, b) || !sameDescriptions(a, b) || !same(a.FQN, b.FQN) || !sameRelation(a, b, rendered) {
		return false
	}
	switch node.Kind(a.ResourceType) {
	case node.Model:
		return same(a.LatestVersion, b.LatestVersion) && a.Access == b.Access && a.DeprecationDate == b.DeprecationDate
	case node.Function:
		return same(a.Arguments, b.Arguments) && same(a.Returns, b.Returns) && same(withoutDescriptions(a.Overloads), withoutDescriptions(b.Overloads))
	}
	return true
}

// exports are the parts of a saved query's exports that are compared.
func exports(r *Row) []any {
	list, _ := r.Exports.([]any)
	var out []any
	for _, x := range list {
		e, _ := x.(map[string]any)
		c, _ := e["unrendered_config"].(map[string]any)
		out = append(out, []any{e["name"], c["export_as"], c["schema"], c["alias"]})
	}
	return out
}

func withoutDescriptions(v any) []any {
	list, _ := v.([]any)
	var out []any
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			m = maps.Clone(m)
			delete(m, "description")
			x = m
		}
		out = append(out, x)
	}
	return out
}

// sameRelation compares where a node is to be, as configured: what the target or a macro makes of it does not count. rendered compares
// the database and the schema of a source as their templates come out.
func sameRelation(a, b *Row, rendered bool) bool {
	if a.is(node.Source) {
		if rendered {
			return a.Database == b.Database && a.Schema == b.Schema && a.Identifier == b.Identifier
		}
		return same(a.UnrenderedDatabase, b.UnrenderedDatabase) && same(a.UnrenderedSchema, b.UnrenderedSchema) && a.Identifier == b.Identifier
	}
	for _, key := range []string{"database", "schema", "alias"} {
		if !same(a.UnrenderedConfig[key], b.UnrenderedConfig[key]) {
			return false
		}
	}
	return true
}

// testConfigs are the configs of a data test that count.
var testConfigs = []string{"severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as", "sql_header"}

// apart are configs that do not count by themselves: they say where a relation is, or only label a node.
var apart = []string{"alias", "schema", "database", "tags", "group"}

// sameConfig compares configs as they are written, with their templates: environments that differ in a variable alone are not different.
func sameConfig(a, b *Row) bool {
	switch node.Kind(a.ResourceType) {
	case node.SemanticModel, node.SavedQuery:
		return same(a.Config, b.Config)
	case node.Test:
		for _, key := range testConfigs {
			if !sameKey(a.UnrenderedConfig, b.UnrenderedConfig, key) {
				return false
			}
		}
		return true
	}
	var ignored []string
	switch node.Kind(a.ResourceType) {
	case node.Source, node.Exposure:
	case node.Metric:
		ignored = []string{"group"}
	default:
		ignored = apart
	}
	for _, side := range []map[string]any{a.UnrenderedConfig, b.UnrenderedConfig} {
		for key := range side {
			if !slices.Contains(ignored, key) && !sameKey(a.UnrenderedConfig, b.UnrenderedConfig, key) {
				return false
			}
		}
	}
	return true
}

func sameKey(a, b map[string]any, key string) bool {
	x, inA := a[key]
	y, inB := b[key]
	return inA == inB && same(x, y)
}

// sameDescriptions compares descriptions where they are written to the warehouse.
func sameDescriptions(a, b *Row) bool {
	persist, _ := a.config("persist_docs").(map[string]any)
	if on, _ := persist["relation"].(bool); on && a.Description != b.Description {
		return false
	}
	if on, _ := persist["columns"].(bool); on {
		return maps.EqualFunc(a.Columns, b.Columns, func(x, y Column) bool { return x.Description == y.Description })
	}
	return true
}

// baseType is a type without size, precision and scale, which may change without breaking a contract.
func baseType(t string) string {
	name, _, _ := strings.Cut(t, "(")
	return strings.ToLower(strings.TrimSpace(name))
}
