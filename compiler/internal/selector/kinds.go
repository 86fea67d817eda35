package selector

import (
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// commandKinds are the resource types each of dbt's commands works on: by default, and at most.
type commandKinds struct{ usual, all []node.Kind }

func kindsOf(command string) commandKinds {
	both := func(k ...node.Kind) commandKinds { return commandKinds{k, k} }
	switch command {
	case "run":
		return both(node.Model)
	case "test":
		return both(node.Test, node.UnitTest)
	case "seed":
		return both(node.Seed)
	case "snapshot":
		return both(node.Snapshot)
	case "freshness":
		return both(node.Source)
	case "clone":
		return both(node.Model, node.Seed, node.Snapshot)
	case "build":
		return both(node.Model, node.Snapshot, node.Seed, node.Test, node.UnitTest, node.SavedQuery, node.Exposure, node.Function)
	case "ls", "list":
		usual := []node.Kind{node.Model, node.Snapshot, node.Seed, node.Test, node.Source, node.Exposure, node.Metric, node.SavedQuery,
			node.SemanticModel, node.UnitTest, node.Function}
		return commandKinds{usual, append(slices.Clone(usual), node.Analysis)}
	}
	// compile, show, docs: everything that can be executed.
	return both(node.Model, node.Test, node.Snapshot, node.Analysis, node.Operation, node.Seed, node.Doc, node.SQLOperation, node.Function)
}

// typeOptions are the values of --resource-type; --exclude-resource-type takes all but "all".
var typeOptions = []string{"all", "analysis", "default", "exposure", "function", "metric", "model", "saved_query", "seed", "semantic_model",
	"snapshot", "source", "test", "unit_test"}

// Kinds are the resource types that a command works on, given the values of --resource-type and --exclude-resource-type. The
// command is dbt's name of it ("ls", "build", "compile").
func Kinds(command string, include, exclude []string) ([]node.Kind, diag.List) {
	var list diag.List
	of := kindsOf(command)
	check := func(option string, values []string) []string {
		var out []string
		for _, v := range values {
			if !slices.Contains(typeOptions, v) || option == "--exclude-resource-type" && v == "all" {
				f := source.NewFile(option, v)
				list.Add(diag.ResourceType, source.Whole(f), "Invalid value for %q: %q is not a resource type", option, v).Hint = suggest(v, typeOptions)
				continue
			}
			out = append(out, v)
		}
		return out
	}
	include, exclude = check("--resource-type", include), check("--exclude-resource-type", exclude)
	chosen := of.usual
	if len(include) > 0 {
		chosen = nil
		for _, v := range include {
			switch v {
			case "all":
				chosen = append(chosen, of.all...)
			case "default":
				chosen = append(chosen, of.usual...)
			default:
				chosen = append(chosen, node.Kind(v))
			}
		}
	}
	var out []node.Kind
	for _, k := range chosen {
		refused := slices.Contains(exclude, string(k)) || slices.Contains(out, k)
		// test and clone never go beyond their own kinds, whatever is asked for.
		if command == "test" || command == "clone" {
			refused = refused || !slices.Contains(of.all, k)
		}
		if !refused {
			out = append(out, k)
		}
	}
	if out == nil {
		out = []node.Kind{}
	}
	return out, list
}
