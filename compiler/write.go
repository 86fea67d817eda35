package compiler

import (
	"io"
	"strings"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/artifact"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/selector"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// WriteManifest writes manifest.json (version 12), node by node. c may be nil: nothing is compiled then.
func (p *Project) WriteManifest(w io.Writer, c *Compilation) error {
	p.engine.CompleteMacros(p.set.Profile.Type)
	definitions, _ := selector.Define(p.set.Selectors, selector.Eager, p.renderSelector)
	return artifact.Write(w, artifact.Project{
		Graph: p.dag, Disabled: p.bound.Disabled, Macros: p.bound.Macros, Docs: p.bound.Docs, Groups: p.bound.Groups(), Selectors: definitions.Manifest(),
	}, artifact.Options{
		Metadata: p.metadata(), CreatedAt: float64(p.options.Now.UnixMicro()) / 1e6, Threads: p.options.Workers,
		Compiled: func(id node.ID) (artifact.Compiled, bool) { return p.compiled(c, id) },
	})
}

func (p *Project) metadata() manifest.Metadata {
	stamp := p.options.Now.UTC().Format("2006-01-02T15:04:05.000000Z")
	m := manifest.Metadata{
		DbtVersion: basecontext.DbtVersion, GeneratedAt: stamp,
		InvocationID: p.options.InvocationID, InvocationStartedAt: stamp, RunStartedAt: p.options.Now.UTC().Format("2006-01-02T15:04:05.000000+00:00"), Env: p.MetadataEnv(),
		ProjectName: p.set.Root.Name, ProjectID: artifact.ProjectID(p.set.Root.Name), AdapterType: p.set.Profile.Type,
	}
	if d, ok := dialect.Get(p.set.Profile.Type); ok {
		q := warehouse.QuotingOf(p.set.Root.Config.Quoting).Over(d.Relation.Quoting)
		m.Quoting = manifest.Quoting{Database: &q.Database, Schema: &q.Schema, Identifier: &q.Identifier}
	}
	return m
}

func (p *Project) compiled(c *Compilation, id node.ID) (artifact.Compiled, bool) {
	if c == nil {
		return artifact.Compiled{}, false
	}
	t := c.Text(id)
	if t == nil {
		return artifact.Compiled{}, false
	}
	target := strings.TrimSuffix(p.set.Root.Config.TargetPath, "/")
	out := artifact.Compiled{Path: target + "/" + p.CompiledPath(id), Code: t.Code}
	for _, cte := range t.CTEs {
		out.CTEs = append(out.CTEs, manifest.CTE{ID: string(cte.ID), SQL: cte.Clause()})
	}
	return out, true
}

// ListKeys are the keys that `ls --output json` shows unless others are asked for, in dbt's order.
var listKeys = []string{"name", "resource_type", "package_name", "original_file_path", "unique_id", "alias", "source_name", "config", "tags", "depends_on"}

// Listing is one line of `ls`.
type Listing struct {
	// Selector is dbt's default form: the fqn joined by dots, with the kind in front for what is no model. Path is the file.
	Name, Selector, Path string

	project *Project
	node    *resource.Node
}

// JSON is the node's entry, cut to the keys. keys may be empty; a key may go into a dict: "config.materialized".
func (l Listing) JSON(keys []string) []byte {
	return listEntry(l.project.engine.NodeValue(l.node), keys)
}

// List shows nodes as `ls` does.
func (p *Project) List(ids []node.ID) []Listing {
	out := make([]Listing, 0, len(ids))
	for _, id := range ids {
		n := p.bound.ByID[id]
		if n == nil {
			continue
		}
		l := Listing{project: p, node: n, Name: n.Name, Path: n.OriginalPath, Selector: strings.Join(n.FQN, ".")}
		version := ""
		if _, none := n.Version.(jinja.NoneType); n.Version != nil && !none {
			version = "v" + jinja.Text(n.Version)
		}
		switch n.Kind {
		case node.Model:
			if version != "" {
				l.Name += "." + version
			}
		case node.Source:
			l.Selector = "source:" + n.Package + "." + n.Source.Name + "." + n.Name
			l.Name = n.Source.Name + "." + n.Name
		case node.Exposure, node.Metric, node.SavedQuery, node.SemanticModel, node.UnitTest:
			l.Selector = string(n.Kind) + ":" + n.Package + "." + n.Name
			if n.Kind == node.UnitTest && version != "" {
				l.Selector += "_" + version
			}
		}
		out = append(out, l)
	}
	return out
}

func listEntry(v jinja.Value, keys []string) []byte {
	all, ok := v.(*jinja.Dict)
	if !ok {
		return []byte("{}")
	}
	d := jinja.NewDict(len(listKeys))
	if len(keys) == 0 {
		for _, k := range listKeys {
			if x, ok := all.Get(k); ok {
				d.Set(k, x)
			}
		}
	}
	for _, k := range keys {
		var x jinja.Value = all
		found := true
		for _, part := range strings.Split(k, ".") {
			inner, isDict := x.(*jinja.Dict)
			if !isDict {
				found = false
				break
			}
			if x, found = inner.Get(part); !found {
				break
			}
		}
		// A key with a path is left out where there is nothing, a key by itself shows its null.
		if _, none := x.(jinja.NoneType); found && !(none && strings.Contains(k, ".")) {
			d.Set(k, x)
		}
	}
	return artifact.AppendLine(nil, d)
}
