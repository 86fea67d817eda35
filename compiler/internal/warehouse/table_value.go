package warehouse

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// TypeName is Python's.
func (*Table) TypeName() string { return "Table" }

// Len counts the rows.
func (t *Table) Len() int { return len(t.rows) }

// Truth is false for a table without rows.
func (t *Table) Truth() bool { return len(t.rows) > 0 }

// Each goes through the rows.
func (t *Table) Each(yield func(jinja.Value) bool) { t.rowSequence().Each(yield) }

// Index is a row by its number.
func (t *Table) Index(key jinja.Value) (jinja.Value, bool, error) { return t.rowSequence().Index(key) }

// String is the table's structure, as agate prints it.
func (t *Table) String() string { return t.structure().text(layout{}) }

// Repr is like Python's.
func (t *Table) Repr() string { return "<agate.table.Table object>" }

// Slice is a tuple of rows.
func (t *Table) Slice(start, stop, step jinja.Value) (jinja.Value, error) {
	return t.rowSequence().Slice(start, stop, step)
}

func (t *Table) rowSequence() *sequence {
	s := &sequence{class: "MappedSequence", values: make([]jinja.Value, len(t.rows))}
	for i := range t.rows {
		s.values[i] = t.row(i)
	}
	return s
}

func (t *Table) row(i int) *sequence {
	return &sequence{class: "Row", values: t.rows[i], keys: t.names}
}

func (t *Table) column(j int) *sequence {
	s := &sequence{class: "Column", values: make([]jinja.Value, len(t.rows)), table: t, index: j}
	for i, row := range t.rows {
		s.values[i] = row[j]
	}
	return s
}

func (t *Table) columnSequence() *sequence {
	s := &sequence{class: "MappedSequence", values: make([]jinja.Value, len(t.names)), keys: t.names}
	for j := range t.names {
		s.values[j] = t.column(j)
	}
	return s
}

// Attr finds an attribute or method.
func (t *Table) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "rows":
		return t.rowSequence(), true, nil
	case "columns":
		return t.columnSequence(), true, nil
	case "column_names":
		return textTuple(t.names), true, nil
	case "column_types":
		types := make(jinja.Tuple, len(t.types))
		for j, k := range t.types {
			types[j] = dataType(k)
		}
		return types, true, nil
	case "row_names":
		return jinja.None, true, nil
	}
	f, ok := tableMethods[name]
	if !ok {
		return nil, false, nil
	}
	return method(name, func(c *jinja.Call) (jinja.Value, error) { return f(t, c) }), true, nil
}

func textTuple(list []string) jinja.Tuple {
	out := make(jinja.Tuple, len(list))
	for i, s := range list {
		out[i] = jinja.Str(s)
	}
	return out
}

// tableMethods are the methods of tables that make sense in a template.
var tableMethods = map[string]func(t *Table, c *jinja.Call) (jinja.Value, error){
	"select":      func(t *Table, c *jinja.Call) (jinja.Value, error) { return t.pick(c, "select", true) },
	"exclude":     func(t *Table, c *jinja.Call) (jinja.Value, error) { return t.pick(c, "exclude", false) },
	"rename":      (*Table).rename,
	"limit":       (*Table).limit,
	"where":       (*Table).where,
	"distinct":    (*Table).distinct,
	"order_by":    (*Table).orderBy,
	"print_table": (*Table).printTable,
	"print_structure": func(t *Table, c *jinja.Call) (jinja.Value, error) {
		return jinja.None, show(c, t.structure().text(layout{}))
	},
	"print_csv":  func(t *Table, c *jinja.Call) (jinja.Value, error) { return jinja.None, show(c, t.csv()) },
	"print_json": func(t *Table, c *jinja.Call) (jinja.Value, error) { return jinja.None, show(c, t.json()) },
}

// names that a select or exclude takes: one, or a list.
func nameArgs(v jinja.Value) []string {
	var out []string
	switch v := v.(type) {
	case *jinja.List:
		for _, e := range v.Items {
			out = append(out, jinja.Text(e))
		}
	case jinja.Tuple:
		for _, e := range v {
			out = append(out, jinja.Text(e))
		}
	default:
		out = []string{jinja.Text(v)}
	}
	return out
}

// pick is the table with only some of its columns: those given, in that order, or all others.
func (t *Table) pick(c *jinja.Call, fn string, keep bool) (jinja.Value, error) {
	args, _, err := bind(c, fn, "key")
	if err != nil {
		return nil, err
	}
	names := nameArgs(args[0])
	var columns []int
	if keep {
		for _, n := range names {
			j := slices.Index(t.names, n)
			if j < 0 {
				return nil, fail(c, diag.TableOperation, "the table has no column '%s', it has: %s", n, strings.Join(t.names, ", "))
			}
			columns = append(columns, j)
		}
	} else {
		for j, n := range t.names {
			if !slices.Contains(names, n) {
				columns = append(columns, j)
			}
		}
	}
	out := &Table{rows: make([][]jinja.Value, len(t.rows))}
	for _, j := range columns {
		out.names, out.types = append(out.names, t.names[j]), append(out.types, t.types[j])
		for i := range t.rows {
			out.rows[i] = append(out.rows[i], t.rows[i][j])
		}
	}
	return out, nil
}

func (t *Table) rename(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "rename", "column_names?", "row_names?", "slug_columns?", "slug_rows?", "**")
	if err != nil {
		return nil, err
	}
	out := &Table{names: slices.Clone(t.names), types: t.types, rows: t.rows}
	switch names := args[0].(type) {
	case *jinja.Dict:
		for k, v := range names.Entries {
			if j := slices.Index(out.names, jinja.Text(k)); j >= 0 {
				out.names[j] = jinja.Text(v)
			}
		}
	case *jinja.List, jinja.Tuple:
		out.names = nameArgs(names)
		if len(out.names) != len(t.names) {
			return nil, fail(c, diag.TableOperation, "rename() got %d names for %d columns", len(out.names), len(t.names))
		}
	}
	return out, nil
}

func (t *Table) limit(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "limit", "start_or_stop?", "stop?", "step?")
	if err != nil {
		return nil, err
	}
	number := func(v jinja.Value, otherwise int) int {
		if n, ok := v.(jinja.Int); ok {
			return int(n)
		}
		return otherwise
	}
	start, stop, step := 0, number(args[0], len(t.rows)), 1
	if !isNone(args[1]) {
		start, stop, step = number(args[0], 0), number(args[1], len(t.rows)), number(args[2], 1)
	}
	if start < 0 || stop < 0 || step < 1 {
		return nil, fail(c, diag.TableOperation, "limit() takes numbers that are not negative")
	}
	out := &Table{names: t.names, types: t.types}
	for i := start; i < min(stop, len(t.rows)); i += step {
		out.rows = append(out.rows, t.rows[i])
	}
	return out, nil
}

// perRow calls a macro or function with each row.
func (t *Table) perRow(c *jinja.Call, f jinja.Value, use func(i int, v jinja.Value) error) error {
	callable, ok := f.(jinja.Callable)
	if !ok {
		return fail(c, diag.TableOperation, "expected a function of a row, got %s", f.TypeName())
	}
	for i := range t.rows {
		v, err := callable.Call(&jinja.Call{Thread: c.Thread, Scope: c.Scope, Args: []jinja.Value{t.row(i)}, Span: c.Span})
		if err != nil {
			return err
		}
		if err := use(i, v); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) where(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "where", "test")
	if err != nil {
		return nil, err
	}
	out := &Table{names: t.names, types: t.types}
	err = t.perRow(c, args[0], func(i int, v jinja.Value) error {
		if jinja.Truth(v) {
			out.rows = append(out.rows, t.rows[i])
		}
		return nil
	})
	return out, err
}

// keys are what rows are compared by: a column, several, a function's answers, or the whole row.
func (t *Table) keys(c *jinja.Call, key jinja.Value) ([][]jinja.Value, error) {
	keys := make([][]jinja.Value, len(t.rows))
	switch key := key.(type) {
	case nil, jinja.NoneType:
		copy(keys, t.rows)
	case jinja.Str, *jinja.List, jinja.Tuple:
		for _, n := range nameArgs(key) {
			for i := range t.rows {
				v, err := t.field(c, i, n)
				if err != nil {
					return nil, err
				}
				keys[i] = append(keys[i], v)
			}
		}
	default:
		return keys, t.perRow(c, key, func(i int, v jinja.Value) error { keys[i] = []jinja.Value{v}; return nil })
	}
	return keys, nil
}

func (t *Table) distinct(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "distinct", "key?")
	if err != nil {
		return nil, err
	}
	keys, err := t.keys(c, args[0])
	if err != nil {
		return nil, err
	}
	out := &Table{names: t.names, types: t.types}
	seen := map[string]bool{}
	for i, k := range keys {
		if s := jinja.Repr(jinja.Tuple(k)); !seen[s] {
			seen[s] = true
			out.rows = append(out.rows, t.rows[i])
		}
	}
	return out, nil
}

// orderBy sorts by keys; None comes last, as in agate.
func (t *Table) orderBy(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "order_by", "key", "reverse?")
	if err != nil {
		return nil, err
	}
	keys, err := t.keys(c, args[0])
	if err != nil {
		return nil, err
	}
	order := make([]int, len(t.rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		for n := range keys[a] {
			if o := compareCells(keys[a][n], keys[b][n]); o != 0 {
				return o
			}
		}
		return 0
	})
	if args[1] != nil && jinja.Truth(args[1]) {
		slices.Reverse(order)
	}
	out := &Table{names: t.names, types: t.types, rows: make([][]jinja.Value, len(order))}
	for i, from := range order {
		out.rows[i] = t.rows[from]
	}
	return out, nil
}

func compareCells(a, b jinja.Value) int {
	switch {
	case a == jinja.None && b == jinja.None:
		return 0
	case a == jinja.None:
		return 1
	case b == jinja.None:
		return -1
	}
	if x, _, ok := toDecimal(a); ok {
		if y, _, ok := toDecimal(b); ok {
			o, _ := x.Compare(y)
			return o
		}
	}
	if x, ok := a.(jinja.Comparer); ok {
		if o, ok := x.Compare(b); ok {
			return o
		}
	}
	return strings.Compare(jinja.Text(a), jinja.Text(b))
}

// CompareNumbers orders two numbers or truth values; it answers false for what is neither.
func CompareNumbers(a, b jinja.Value) (int, bool) {
	x, _, okA := toDecimal(a)
	y, _, okB := toDecimal(b)
	if !okA || !okB {
		return 0, false
	}
	return x.Compare(y)
}
