package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Current is the project as it is now.
type Current struct {
	// Row gives a node's row of the manifest.
	Row func(n *resource.Node) (*Row, error)
	// Nodes are the enabled nodes, Disabled the ids of the others.
	Nodes    []*resource.Node
	Disabled map[node.ID]bool
	Macros   []*resource.Macro
	Adapter  string
	Now      time.Time
	// Rendered compares databases and schemas of sources as their templates come out, not as they are written.
	Rendered bool
}

// Changes compares one project with one earlier manifest. It is for one goroutine.
type Changes struct {
	now     Current
	earlier *Manifest
	// rows are the project's own rows, made when they are asked for.
	rows map[node.ID]*Row
	// macros says of each macro whether it, or one that it calls, has changed; nil until somebody asks.
	macros map[string]bool
	// told are the nodes whose broken contracts have been reported.
	told map[string]bool
}

// Compare begins a comparison.
func Compare(now Current, earlier *Manifest) *Changes {
	return &Changes{now: now, earlier: earlier, rows: map[node.ID]*Row{}, told: map[string]bool{}}
}

// States are the values of the method state:.
var States = []string{"new", "old", "modified", "unmodified", "modified.body", "modified.configs", "modified.persisted_descriptions", "modified.relation",
	"modified.macros", "modified.contract"}

// Select gives the nodes for which a value of state: holds, and what it found to warn of. known is false for a value that there is not.
func (c *Changes) Select(value string, span source.Span) (ids map[node.ID]bool, known bool, diags diag.List, err error) {
	if !slices.Contains(States, value) {
		return nil, false, nil, nil
	}
	ids = map[node.ID]bool{}
	for _, n := range c.now.Nodes {
		old := c.earlier.Row(n.ID)
		if value == "new" || value == "old" {
			if (old == nil) == (value == "new") {
				ids[n.ID] = true
			}
			continue
		}
		row, err := c.row(n)
		if err != nil {
			return nil, true, diags, err
		}
		if c.holds(value, row, old, span, &diags) {
			ids[n.ID] = true
		}
	}
	switch value {
	case "modified", "unmodified", "modified.contract":
		c.removed(span, &diags)
	}
	return ids, true, diags, nil
}

func (c *Changes) holds(value string, row, old *Row, span source.Span, diags *diag.List) bool {
	switch value {
	case "modified":
		return c.modified(row, old, span, diags)
	case "unmodified":
		return !c.modified(row, old, span, diags)
	case "modified.macros":
		return c.macrosModified(row.DependsOn.Macros)
	case "modified.contract":
		return row.parsed() && (old == nil || !c.contract(row, old, span, diags))
	case "modified.body":
		return row.parsed() && (old == nil || !sameBody(row, old))
	case "modified.persisted_descriptions":
		return row.parsed() && (old == nil || !sameDescriptions(row, old))
	case "modified.relation":
		return (row.parsed() || row.is(node.Source)) && (old == nil || !sameRelation(row, old, c.now.Rendered))
	case "modified.configs":
		return !row.is(node.UnitTest) && (old == nil || !sameConfig(row, old))
	}
	return false
}

func (c *Changes) modified(row, old *Row, span source.Span, diags *diag.List) bool {
	different := !sameContents(row, old, c.now.Rendered)
	if old != nil && row.is(node.Model) && !c.contract(row, old, span, diags) {
		different = true
	}
	return different || c.macrosModified(row.DependsOn.Macros)
}

// contract says whether a model's contract is what it was. What breaks it is a warning, of a versioned model an error.
func (c *Changes) contract(row, old *Row, span source.Span, diags *diag.List) bool {
	equal, breaking := sameContract(row, old, c.now.Adapter)
	c.broken(row, breaking, span, diags)
	return equal
}

func (c *Changes) broken(row *Row, breaking []string, span source.Span, diags *diag.List) {
	if len(breaking) == 0 || c.told[row.UniqueID] {
		return
	}
	c.told[row.UniqueID] = true
	if row.Version == nil {
		d := diags.Add(diag.BreakingChange, span, "Breaking change to the contract of the unversioned model %s (%s): %s", row.Name, row.OriginalFilePath, strings.Join(breaking, "\n  "))
		d.Severity, d.Node = diag.Warning, row.UniqueID
		d.Hint = "Readers of the model may fail. Bring the change in as a new version, or undo it."
		return
	}
	d := diags.Add(diag.ContractBroken, span, "Breaking change to the contract of the model %s (%s): %s", row.Name, row.OriginalFilePath, strings.Join(breaking, "\n  "))
	d.Node = row.UniqueID
	d.Hint = "A published version must keep its contract: make a new version of the model for the change."
}

// removed looks for models with a contract that are not there any more.
func (c *Changes) removed(span source.Span, diags *diag.List) {
	there := make(map[string]bool, len(c.now.Nodes))
	for _, n := range c.now.Nodes {
		there[string(n.ID)] = true
	}
	for _, id := range slices.Sorted(maps.Keys(c.earlier.Nodes)) {
		if there[id] {
			continue
		}
		row := c.earlier.Nodes[id]
		if what := removedContract(row, c.now.Disabled[node.ID(id)], c.now.Now); what != "" {
			c.broken(row, []string{what}, span, diags)
		}
	}
}

// row makes the row of a node of the project.
func (c *Changes) row(n *resource.Node) (*Row, error) {
	if r := c.rows[n.ID]; r != nil {
		return r, nil
	}
	r, err := c.now.Row(n)
	if err != nil {
		return nil, fmt.Errorf("compare %s with the earlier state: %w", n.ID, err)
	}
	c.rows[n.ID] = r
	return r, nil
}

// macrosModified says whether any of these macros, or what they call, has another text than before, or is new. Macros that come with
// the programs are left out: weft's are not dbt's, and change with its version, not with the project.
func (c *Changes) macrosModified(ids []string) bool {
	if c.macros == nil {
		c.findMacros()
	}
	return slices.ContainsFunc(ids, func(id string) bool { return c.macros[id] })
}

func (c *Changes) findMacros() {
	c.macros = map[string]bool{}
	callers := map[string][]string{}
	var queue []string
	for _, m := range c.now.Macros {
		for _, called := range m.DependsOnMacros {
			callers[called] = append(callers[called], m.ID)
		}
		if m.BuiltIn {
			continue
		}
		if old, there := c.earlier.Macros[m.ID]; !there || old.SQL != m.Text {
			queue = append(queue, m.ID)
		}
	}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if c.macros[id] {
			continue
		}
		c.macros[id] = true
		queue = append(queue, callers[id]...)
	}
}
