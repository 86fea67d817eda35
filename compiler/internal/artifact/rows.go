package artifact

import (
	"encoding/json"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// encoder holds the scratch memory in which the open-ended values of one entry are encoded. Slices of it stay valid when it grows,
// because growing copies; the next entry overwrites it.
type encoder struct {
	scratch []byte
	columns []manifest.Column
	refs    []manifest.Ref
	sources [][]string
	ids     []string
}

func (e *encoder) reset() {
	e.scratch, e.columns, e.refs, e.sources, e.ids = e.scratch[:0], e.columns[:0], e.refs[:0], e.sources[:0], e.ids[:0]
}

func (e *encoder) value(v jinja.Value) json.RawMessage {
	start := len(e.scratch)
	e.scratch = AppendValue(e.scratch, v)
	return e.scratch[start:len(e.scratch):len(e.scratch)]
}

func (e *encoder) dict(d *jinja.Dict) json.RawMessage {
	if d == nil {
		return nil
	}
	return e.value(d)
}

func (e *encoder) dicts(list []*jinja.Dict) []json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	out := make([]json.RawMessage, len(list))
	for i, d := range list {
		out[i] = e.value(d)
	}
	return out
}

// optional is a value's JSON, nil if there is none.
func (e *encoder) optional(v jinja.Value) json.RawMessage {
	if isNone(v) {
		return nil
	}
	return e.value(v)
}

// written is a text that may be absent.
func (e *encoder) written(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return e.value(jinja.Str(s))
}

func isNone(v jinja.Value) bool {
	_, none := v.(jinja.NoneType)
	return v == nil || none
}

// node appends the manifest's entry of a node of any kind.
func (e *encoder) node(b []byte, n *resource.Node, o *Options) []byte {
	e.reset()
	switch n.Kind {
	case node.Source:
		return e.source(b, n, o)
	case node.Exposure, node.Metric, node.SemanticModel, node.SavedQuery, node.UnitTest:
		return e.listed(b, n, o)
	}
	row := e.row(n, o)
	return row.AppendJSON(b)
}

// row is the manifest's form of a node that is in `nodes` or `functions`. It is valid until the next one.
func (e *encoder) row(n *resource.Node, o *Options) manifest.Node {
	row := manifest.Node{
		Database: n.Database, Schema: n.Schema, Name: n.Name, ResourceType: string(n.Kind), PackageName: n.Package,
		Path: n.Path, OriginalFilePath: n.OriginalPath, UniqueID: string(n.ID), FQN: n.FQN, Alias: n.Alias,
		Checksum: checksum(n), Config: e.dict(n.Config), Tags: n.Tags, Description: n.Description, Columns: e.columnRows(n.Columns),
		Meta: e.dict(n.Meta), Group: n.Group, Docs: manifest.Docs{Show: n.Docs.Show, NodeColor: n.Docs.NodeColor}, PatchPath: n.PatchPath,
		UnrenderedConfig: e.dict(n.Unrendered), CreatedAt: o.CreatedAt, RelationName: n.RelationName, RawCode: n.RawCode, DocBlocks: n.DocBlocks,
	}
	row.DependsOn = manifest.DependsOn{Macros: n.DependsOnMacros, Nodes: e.texts(n.DependsOn)}
	if n.Kind == node.Seed {
		if n.Seed != nil {
			row.RootPath = n.Seed.RootPath
		}
		return row
	}
	row.Language = n.Language
	if row.Language == "" {
		row.Language = "sql"
	}
	row.Refs, row.Sources, row.Metrics, row.Functions = e.refRows(n.Refs), e.sourceRows(n.Sources), n.Metrics, n.Functions
	row.Contract = contract(n)
	if o.Compiled != nil {
		if c, ok := o.Compiled(n.ID); ok {
			row.Compiled, row.ExtraCTEsInjected = true, true
			row.CompiledPath, row.CompiledCode, row.ExtraCTEs = c.Path, c.Code, c.CTEs
		}
	}
	switch n.Kind {
	case node.Model:
		row.Access, row.Constraints = n.Access, e.dicts(n.Constraints)
		if row.Access == "" {
			row.Access = "protected"
		}
		row.Version, row.LatestVersion, row.DeprecationDate = e.optional(n.Version), e.optional(n.LatestVersion), n.DeprecationDate
		row.PrimaryKey, row.TimeSpine = n.PrimaryKey, e.optional(n.TimeSpine)
	case node.Test:
		if t := n.Test; t != nil && t.Generic {
			row.ColumnName, row.FileKeyName, row.AttachedNode = t.ColumnName, t.FileKeyName, string(t.Attached)
			row.TestMetadata = &manifest.TestMetadata{Name: t.Name, Kwargs: e.dict(t.Kwargs), Namespace: t.Namespace}
		}
	case node.Operation:
		if v, ok := other(n, "index"); ok {
			if i, isInt := v.(jinja.Int); isInt {
				index := int(i)
				row.Index = &index
			}
		}
	case node.Function:
		row.Returns = e.other(n, "returns")
		row.Arguments, row.Overloads = e.others(n, "arguments"), e.others(n, "overloads")
	}
	return row
}

func checksum(n *resource.Node) manifest.Checksum {
	if n.Checksum.Name == "" {
		return manifest.Checksum{Name: "none"}
	}
	return manifest.Checksum{Name: n.Checksum.Name, Checksum: n.Checksum.Value}
}

// contract reads the contract of the config; nil stands for the default.
func contract(n *resource.Node) *manifest.Contract {
	if n.Config == nil {
		return nil
	}
	v, _ := n.Config.Get("contract")
	d, ok := v.(*jinja.Dict)
	if !ok {
		return nil
	}
	c := manifest.Contract{AliasTypes: true, Checksum: n.ContractChecksum}
	if v, ok := d.Get("enforced"); ok {
		c.Enforced = v == jinja.Bool(true)
	}
	if v, ok := d.Get("alias_types"); ok {
		c.AliasTypes = v == jinja.Bool(true)
	}
	if !c.Enforced && c.AliasTypes && c.Checksum == "" {
		return nil
	}
	return &c
}

func (e *encoder) texts(ids []node.ID) []string {
	start := len(e.ids)
	for _, id := range ids {
		e.ids = append(e.ids, string(id))
	}
	return e.ids[start:len(e.ids):len(e.ids)]
}

func (e *encoder) refRows(refs []resource.Ref) []manifest.Ref {
	for _, r := range refs {
		e.refs = append(e.refs, manifest.Ref{Name: r.Name, Package: r.Package, Version: e.optional(r.Version)})
	}
	return e.refs
}

func (e *encoder) sourceRows(sources []resource.SourceRef) [][]string {
	for _, s := range sources {
		e.sources = append(e.sources, []string{s.Source, s.Table})
	}
	return e.sources
}

func (e *encoder) columnRows(columns []resource.Column) manifest.Columns {
	for i := range columns {
		c := &columns[i]
		row := manifest.Column{
			Name: c.Name, Description: c.Description, Meta: e.dict(c.Meta), DataType: c.DataType, Constraints: e.dicts(c.Constraints),
			Config: e.dict(c.Config), Tags: c.Tags, Granularity: c.Granularity, DocBlocks: c.DocBlocks,
			Dimension: e.optional(c.Dimension), Entity: e.optional(c.Entity),
		}
		if q, ok := c.Quote.(jinja.Bool); ok {
			quote := bool(q)
			row.Quote = &quote
		}
		if c.Extra != nil {
			for k, v := range c.Extra.Entries {
				row.Extra = append(row.Extra, manifest.Field{Key: jinja.Text(k), Value: e.value(v)})
			}
		}
		e.columns = append(e.columns, row)
	}
	return e.columns
}

func (e *encoder) source(b []byte, n *resource.Node, o *Options) []byte {
	row := manifest.Source{
		Database: n.Database, Schema: n.Schema, Name: n.Name, ResourceType: string(n.Kind), PackageName: n.Package,
		Path: n.Path, OriginalFilePath: n.OriginalPath, UniqueID: string(n.ID), FQN: n.FQN, Description: n.Description,
		Columns: e.columnRows(n.Columns), Meta: e.dict(n.Meta), Tags: n.Tags, Config: e.dict(n.Config), PatchPath: n.PatchPath,
		UnrenderedConfig: e.dict(n.Unrendered), RelationName: n.RelationName, CreatedAt: o.CreatedAt, DocBlocks: n.DocBlocks,
	}
	if s := n.Source; s != nil {
		row.SourceName, row.SourceDescription, row.Loader, row.Identifier = s.Name, s.Description, s.Loader, s.Identifier
		row.Quoting, row.SourceMeta = e.dict(s.Quoting), e.dict(s.Meta)
		row.LoadedAtField, row.LoadedAtQuery = e.optional(s.LoadedAtField), e.optional(s.LoadedAtQuery)
		row.Freshness, row.External = e.optional(s.Freshness), e.optional(s.External)
		row.UnrenderedDatabase, row.UnrenderedSchema = e.written(s.UnrenderedDatabase), e.written(s.UnrenderedSchema)
	}
	return row.AppendJSON(b)
}

func (e *encoder) macro(b []byte, m *resource.Macro, o *Options) []byte {
	e.reset()
	row := manifest.Macro{
		Name: m.Name, ResourceType: "macro", PackageName: m.Package, Path: m.Path, OriginalFilePath: m.OriginalPath, UniqueID: m.ID,
		MacroSQL: m.Text, DependsOn: manifest.MacroDependsOn{Macros: m.DependsOnMacros}, Description: m.Description, Meta: e.dict(m.Meta),
		Docs: manifest.Docs{Show: m.Docs.Show, NodeColor: m.Docs.NodeColor}, PatchPath: m.PatchPath, Arguments: e.dicts(m.Arguments),
		CreatedAt: o.CreatedAt, SupportedLanguages: m.SupportedLanguages,
	}
	// A macro's config repeats its meta and docs.
	start := len(e.scratch)
	e.scratch = append(e.scratch, `{"meta":`...)
	e.scratch = appendDict(e.scratch, m.Meta)
	e.scratch = append(e.scratch, `,"docs":{"show":`...)
	if m.Docs.Show {
		e.scratch = append(e.scratch, `true,"node_color":`...)
	} else {
		e.scratch = append(e.scratch, `false,"node_color":`...)
	}
	if m.Docs.NodeColor == "" {
		e.scratch = append(e.scratch, `null}}`...)
	} else {
		e.scratch = append(manifest.AppendString(e.scratch, m.Docs.NodeColor), `}}`...)
	}
	row.Config = e.scratch[start:]
	return row.AppendJSON(b)
}
