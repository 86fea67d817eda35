package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// BuildCatalog asks the engine for every relation of the project: catalog.json without its metadata. A project may replace the macro
// that asks (get_catalog). only, if not nil, keeps the relations of these nodes. What could not be asked is in Errors.
func (p *Project) BuildCatalog(ctx context.Context, w Warehouse, only []node.ID, said func(Message)) manifest.Catalog {
	out := manifest.Catalog{Nodes: map[string]manifest.CatalogTable{}, Sources: map[string]manifest.CatalogTable{}}
	wanted := map[node.ID]bool{}
	for _, id := range only {
		wanted[id] = true
	}
	keep := func(id node.ID) bool { return only == nil || wanted[id] }
	// Several sources may name the same relation, and a source may name a model's.
	nodes, sources := map[node.Relation]node.ID{}, map[node.Relation][]node.ID{}
	schemas := map[string]map[string]bool{}
	var databases []string
	add := func(n *resource.Node) {
		if n.Schema == "" {
			return
		}
		if schemas[n.Database] == nil {
			schemas[n.Database] = map[string]bool{}
			databases = append(databases, n.Database)
		}
		schemas[n.Database][n.Schema] = true
	}
	for _, n := range p.bound.All() {
		switch n.Kind {
		case node.Model, node.Seed, node.Snapshot, node.Test: // tests have a table where they store failures
			if n.HasRelation() {
				nodes[n.Relation().Fold()] = n.ID
				add(n)
			}
		case node.Source:
			r := n.Relation()
			if n.Source != nil && n.Source.Identifier != "" {
				r.Identifier = n.Source.Identifier
			}
			sources[r.Fold()] = append(sources[r.Fold()], n.ID)
			add(n)
		}
	}
	sort.Strings(databases)
	r := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: w, Said: func(m render.Message) {
		said(Message{Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}})
	for _, database := range databases {
		names := make([]string, 0, len(schemas[database]))
		for s := range schemas[database] {
			names = append(names, s)
		}
		sort.Strings(names)
		table, err := p.catalogOf(r, database, names)
		if err != "" {
			out.Errors = append(out.Errors, err)
			continue
		}
		for _, row := range rowsOf(table) {
			r := row.relation()
			if id, ok := nodes[r]; ok && keep(id) {
				row.addTo(out.Nodes, id)
			}
			for _, id := range sources[r] {
				if keep(id) {
					row.addTo(out.Sources, id)
				}
			}
		}
	}
	return out
}

// catalogOf calls get_catalog for the schemas of one database.
func (p *Project) catalogOf(r *render.Renderer, database string, schemas []string) (*warehouse.Table, string) {
	view, err := p.engine.InformationSchema(database, schemas[0], p.set.Profile.Type)
	if err != nil {
		return nil, err.Error()
	}
	list := jinja.NewList()
	for _, s := range schemas {
		list.Items = append(list.Items, jinja.Str(s))
	}
	kwargs := jinja.NewDict(2)
	kwargs.Set("information_schema", view)
	kwargs.Set("schemas", list)
	v, _, diags := r.RunMacro("", "get_catalog", kwargs, p.set.Profile.Type)
	for _, d := range diags {
		if d.Severity == diag.Error {
			return nil, d.Detail
		}
	}
	table, ok := v.(*warehouse.Table)
	if !ok {
		return nil, fmt.Sprintf("get_catalog must return a table, it returned a value of type %s", v.TypeName())
	}
	return table, ""
}

// catalogRow is one column of one relation, by the names of get_catalog's columns.
type catalogRow map[string]jinja.Value

func rowsOf(t *warehouse.Table) []catalogRow {
	names := t.Names()
	out := make([]catalogRow, 0, len(t.Rows()))
	for _, cells := range t.Rows() {
		row := make(catalogRow, len(names))
		for i, name := range names {
			row[strings.ToLower(name)] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

func (r catalogRow) text(name string) string { return textOf(r[name]) }

func (r catalogRow) optional(name string) *string {
	s := r.text(name)
	if v := r[name]; v == nil || s == "" {
		if _, none := v.(jinja.NoneType); none || v == nil {
			return nil
		}
	}
	return &s
}

func (r catalogRow) relation() node.Relation {
	return node.Relation{Database: r.text("table_database"), Schema: r.text("table_schema"), Identifier: r.text("table_name")}.Fold()
}

// addTo adds the column to its relation's entry, which the first column makes.
func (r catalogRow) addTo(entries map[string]manifest.CatalogTable, id node.ID) {
	entry, ok := entries[string(id)]
	if !ok {
		unique := string(id)
		entry = manifest.CatalogTable{UniqueID: &unique, Columns: map[string]manifest.CatalogColumn{}, Stats: r.stats(),
			Metadata: manifest.TableMetadata{Type: r.text("table_type"), Schema: r.text("table_schema"), Name: r.text("table_name"),
				Database: r.optional("table_database"), Comment: r.optional("table_comment"), Owner: r.optional("table_owner")}}
		entries[string(id)] = entry
	}
	index := 0
	if n, ok := r["column_index"].(jinja.Int); ok {
		index = int(n)
	} else {
		_, _ = fmt.Sscan(r.text("column_index"), &index) // what is no number counts as 0
	}
	name := r.text("column_name")
	entry.Columns[name] = manifest.CatalogColumn{Type: r.text("column_type"), Index: index, Name: name, Comment: r.optional("column_comment")}
}

// stats are the figures that the columns "stats:<id>:…" give, and whether there are any.
func (r catalogRow) stats() map[string]manifest.TableStatistic {
	out := map[string]manifest.TableStatistic{}
	for name := range r {
		rest, is := strings.CutPrefix(name, "stats:")
		id, what, _ := strings.Cut(rest, ":")
		if !is || what != "include" || !jinja.Truth(r[name]) {
			continue
		}
		value, err := json.Marshal(jinja.Plain(r["stats:"+id+":value"]))
		if err != nil {
			continue
		}
		out[id] = manifest.TableStatistic{ID: id, Label: r.text("stats:" + id + ":label"), Value: value, Include: true, Description: r.optional("stats:" + id + ":description")}
	}
	about := "Indicates whether there are statistics for this table"
	value := json.RawMessage("false")
	if len(out) > 0 {
		value = json.RawMessage("true")
	}
	out["has_stats"] = manifest.TableStatistic{ID: "has_stats", Label: "Has Stats?", Value: value, Description: &about}
	return out
}
