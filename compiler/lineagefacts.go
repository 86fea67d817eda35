package compiler

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
)

// assertion says what a data test is about: of a generic test the node that it is attached to.
func assertion(n *resource.Node, inputs []node.ID) *lineage.Assertion {
	c := n.Settings()
	a := &lineage.Assertion{Name: n.Name, Test: n.Name, Severity: strings.ToLower(c.Text("severity")), Of: -1}
	if a.Severity == "" {
		a.Severity = "error"
	}
	a.Expected = strings.Join(strings.Fields(c.Text(a.Severity+"_if")), " ")
	if a.Expected == "" || strings.ReplaceAll(a.Expected, " ", "") == "!=0" {
		a.Expected = "0"
	}
	t := n.Test
	switch {
	case t == nil || !t.Generic:
		if len(inputs) == 1 {
			a.Of = 0
		}
		return a
	case t.Attached != "": // of an ephemeral model nothing is found: there is no table that the test is about
		a.Of = slices.Index(inputs, t.Attached)
	default:
		a.Of = testedSource(n, inputs)
	}
	a.Generic, a.Name, a.Column, a.Params = true, t.Name, t.ColumnName, jinja.PlainDict(t.Kwargs)
	delete(a.Params, "model")
	return a
}

// testedSource is the first input that is a source: generic tests of sources are attached to no node.
func testedSource(n *resource.Node, inputs []node.ID) int {
	for _, id := range n.DependsOn {
		if id.Kind() == node.Source {
			return slices.Index(inputs, id)
		}
	}
	return -1
}

// metaTags are the entries of a meta, in their order: texts and numbers as they are, the rest as JSON.
func metaTags(meta *jinja.Dict) []lineage.Tag {
	if meta == nil {
		return nil
	}
	out := make([]lineage.Tag, 0, meta.Len())
	for k, v := range meta.Entries {
		tag := lineage.Tag{Key: jinja.Text(k)}
		switch v.(type) {
		case jinja.Str, jinja.Int, *jinja.BigInt, jinja.Float:
			tag.Value = jinja.Text(v)
		default:
			text, err := jinja.JSON(v, false)
			if err != nil {
				text = jinja.Text(v)
			}
			tag.Value = text
		}
		out = append(out, tag)
	}
	return out
}

// owners are the names under `owner` of a meta, which may be one or a list.
func owners(n *resource.Node) []string {
	if n.Meta == nil {
		return nil
	}
	list, _ := resource.SettingsOf(n.Meta).Texts("owner")
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// modelConfig is what catalogs want to know of how a node is built.
func modelConfig(n *resource.Node) *lineage.Model {
	if n.Kind == node.Source {
		return nil
	}
	c := n.Settings()
	m := &lineage.Model{Materialized: n.Materialized(), Access: c.Text("access"), Owner: c.Text("owner"), Group: c.Text("group")}
	if m.Materialized != "incremental" {
		return m
	}
	in := &lineage.Incremental{Strategy: c.Text("incremental_strategy"), OnSchemaChange: c.Text("on_schema_change")}
	in.UniqueKey, _ = c.Texts("unique_key")
	if in.Predicates, _ = c.Texts("incremental_predicates"); in.Predicates == nil {
		in.Predicates, _ = c.Texts("predicates")
	}
	if c.Dict("partition_by") == nil {
		in.PartitionBy, _ = c.Texts("partition_by")
	}
	if in.Strategy == "microbatch" {
		in.EventTime, in.BatchSize, in.Begin = c.Text("event_time"), c.Text("batch_size"), c.Text("begin")
		if n, isInt := c.Value("lookback").(jinja.Int); isInt {
			lookback := int64(n)
			in.Lookback = &lookback
		}
	}
	if b, isBool := c.Value("full_refresh").(jinja.Bool); isBool {
		refresh := bool(b)
		in.FullRefresh = &refresh
	}
	m.Incremental = in
	return m
}

// exposures are the exposures by the nodes that they depend on.
func (p *Project) exposures() map[node.ID][]lineage.Exposure {
	out := map[node.ID][]lineage.Exposure{}
	for _, n := range p.bound.All() {
		if n.Kind != node.Exposure {
			continue
		}
		other := resource.SettingsOf(n.Other)
		e := lineage.Exposure{ID: string(n.ID), Name: n.Name, Type: other.Text("type"), URL: other.Text("url")}
		for _, id := range n.DependsOn {
			out[id] = append(out[id], e)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b lineage.Exposure) int { return strings.Compare(a.ID, b.ID) })
	}
	return out
}
