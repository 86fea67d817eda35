package render

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// callStoreResult is store_result(name, response, agate_table=None): what a statement gave, kept for load_result.
func (c *nodeContext) callStoreResult(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "store_result", "name", "response", "agate_table=")
	if err != nil {
		return nil, err
	}
	return c.storeResult(jinja.Text(args[0]), args[1], args[2])
}

// callStoreRawResult is store_raw_result(name, message, code, rows_affected, agate_table).
func (c *nodeContext) callStoreRawResult(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "store_raw_result", "name", "message=", "code=", "rows_affected=", "agate_table=")
	if err != nil {
		return nil, err
	}
	response := jinja.NewDict(3)
	response.Set("_message", args[1])
	response.Set("code", args[2])
	response.Set("rows_affected", args[3])
	return c.storeResult(jinja.Text(args[0]), response, args[4])
}

func (c *nodeContext) storeResult(name string, response, table jinja.Value) (jinja.Value, error) {
	if isNone(table) {
		table = warehouse.EmptyTable()
	}
	result := jinja.NewDict(3)
	result.Set("response", response)
	result.Set("data", rowsOf(table))
	result.Set("table", table)
	if c.results == nil {
		c.results = map[string]jinja.Value{}
	}
	c.results[name] = result
	return jinja.Str(""), nil
}

// rowsOf is a table as a list of lists.
func rowsOf(table jinja.Value) *jinja.List {
	out := jinja.NewList()
	t, ok := table.(jinja.Attributed)
	if !ok {
		return out
	}
	rows, found, err := t.Attr("rows")
	if err != nil || !found {
		return out
	}
	for row := range items(rows) {
		cells := jinja.NewList()
		for cell := range items(row) {
			cells.Items = append(cells.Items, cell)
		}
		out.Items = append(out.Items, cells)
	}
	return out
}

// callLoadResult is load_result(name): a result can be taken once, but for that of "main". A result that was never stored is None.
func (c *nodeContext) callLoadResult(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "load_result", "name")
	if err != nil {
		return nil, err
	}
	name := jinja.Text(args[0])
	result, stored := c.results[name]
	switch {
	case !stored:
		return jinja.None, nil
	case name == "main":
		return result, nil
	case result == nil:
		return nil, failf(diag.TemplateArguments, "The 'statement' result named '%s' has already been loaded into a variable", name)
	}
	c.results[name] = nil
	return result, nil
}

// callLoadTable is load_agate_table(): the rows of a seed's file.
func (c *nodeContext) callLoadTable(call *jinja.Call) (jinja.Value, error) {
	if _, err := bind(call, "load_agate_table"); err != nil {
		return nil, err
	}
	if c.node == nil || c.node.Kind != node.Seed {
		kind := node.Macro
		if c.node != nil {
			kind = c.node.Kind
		}
		return nil, failf(diag.TemplateArguments, "can only load_agate_table for seeds (got a %s)", kind)
	}
	if c.run == nil || c.run.options.LoadSeed == nil {
		return nil, fail(diag.NotInTemplate, "load_agate_table() is not available while compiling")
	}
	return c.run.options.LoadSeed(c.node)
}
