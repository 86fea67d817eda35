package warehouse

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// TypeName is the name of dbt's class.
func (c *Column) TypeName() string { return c.d.Column.Class }

// String and Repr are Python's for a dataclass.
func (c *Column) String() string { return c.Repr() }

// Repr is Python's repr().
func (c *Column) Repr() string {
	if c.d.Column.ShortRepr {
		return fmt.Sprintf("<%s %s (%s)>", c.d.Column.Class, c.name, c.typeText())
	}
	r := fmt.Sprintf("%s(column=%s, dtype=%s, char_size=%s, numeric_precision=%s, numeric_scale=%s", c.d.Column.Class,
		jinja.Repr(jinja.Str(c.name)), jinja.Repr(c.dtype), jinja.Repr(c.size), jinja.Repr(c.precision), jinja.Repr(c.scale))
	switch {
	case c.d.Column.Nested == dialect.NestedStructs:
		l := jinja.NewList()
		for _, f := range c.fields {
			l.Items = append(l.Items, f)
		}
		r += ", fields=" + jinja.Repr(l)
	case c.d.Column.TableFormat:
		table := "<TableType.TABLE: 'table'>"
		if c.iceberg {
			table = "<TableType.ICEBERG: 'iceberg_table'>"
		}
		r += ", table_type=" + table
	}
	return r + ")"
}

// Equal compares all fields.
func (c *Column) Equal(other jinja.Value) bool {
	o, ok := other.(*Column)
	return ok && c.d == o.d && c.name == o.name && jinja.Equal(c.dtype, o.dtype) && jinja.Equal(c.size, o.size) &&
		jinja.Equal(c.precision, o.precision) && jinja.Equal(c.scale, o.scale) && c.iceberg == o.iceberg
}

// Attr finds an attribute or method.
func (c *Column) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "name", "column":
		return jinja.Str(c.name), true, nil
	case "dtype":
		return c.dtype, true, nil
	case "char_size":
		return c.size, true, nil
	case "numeric_precision":
		return c.precision, true, nil
	case "numeric_scale":
		return c.scale, true, nil
	case "quoted":
		return jinja.Str(c.quoted()), true, nil
	case "data_type", "expanded_data_type":
		t, err := c.dataType()
		return jinja.Str(t), err == nil, err
	}
	if f := c.method(name); f != nil {
		return method(name, f), true, nil
	}
	if v, ok := c.nested(name); ok {
		return v, true, nil
	}
	return ColumnClass{c.d}.Attr(name)
}

// predicates are the questions without arguments.
func (c *Column) method(name string) func(call *jinja.Call) (jinja.Value, error) {
	var answer func() bool
	switch name {
	case "is_string":
		answer = c.isString
	case "is_number":
		answer = func() bool { return c.isInteger() || c.isNumeric() || c.isFloat() }
	case "is_float":
		answer = c.isFloat
	case "is_integer":
		answer = c.isInteger
	case "is_numeric":
		answer = c.isNumeric
	case "string_size":
		return func(call *jinja.Call) (jinja.Value, error) {
			if c.d.Column.StringSize == 0 && c.isString() && jinja.Truth(c.size) {
				return c.size, nil // dbt-athena gives what it has
			}
			n, err := c.stringSize()
			return jinja.Int(n), at(call, err)
		}
	case "can_expand_to":
		return func(call *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(call, name, "other_column")
			if err != nil {
				return nil, err
			}
			o, ok := a[0].(*Column)
			if !ok {
				return nil, fail(call, diag.ColumnType, "can_expand_to() expects a column, got %s", a[0].TypeName())
			}
			yes, err := c.canExpandTo(o)
			return jinja.Bool(yes), at(call, err)
		}
	case "literal":
		return func(call *jinja.Call) (jinja.Value, error) {
			a, _, err := bind(call, name, "value")
			if err != nil {
				return nil, err
			}
			if c.d.Column.LiteralCast {
				return jinja.Str("cast(" + jinja.Text(a[0]) + " as " + c.typeText() + ")"), nil
			}
			t, err := c.dataType()
			return jinja.Str(jinja.Text(a[0]) + "::" + t), at(call, err)
		}
	}
	if answer == nil {
		return nil
	}
	return func(call *jinja.Call) (jinja.Value, error) {
		_, _, err := bind(call, name)
		return jinja.Bool(answer()), err
	}
}

// nested are the attributes of the dialects that take types apart.
func (c *Column) nested(name string) (jinja.Value, bool) {
	yes := func(b bool) (jinja.Value, bool) {
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Bool(b), nil }), true
	}
	switch c.d.Column.Nested + "." + name {
	case dialect.NestedStructs + ".is_struct":
		return yes(c.isStruct())
	case dialect.NestedStructs + ".fields":
		return columnList(c.fields), true
	case dialect.NestedStructs + ".flatten":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return columnList(c.flatten()), nil }), true
	case dialect.NestedArrays + ".is_iceberg":
		return yes(c.iceberg)
	case dialect.NestedArrays + ".is_binary":
		return yes(c.is([]string{"binary", "varbinary"}))
	case dialect.NestedArrays + ".is_timestamp":
		return yes(c.is([]string{"timestamp"}))
	case dialect.NestedArrays + ".is_array":
		return yes(c.isArray())
	case dialect.NestedArrays + ".quoted_hive":
		return jinja.Str("`" + c.name + "`"), true
	case dialect.NestedArrays + ".timestamp_type":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str(c.timestampType()), nil }), true
	case dialect.NestedArrays + ".array_inner_type":
		return method(name, func(call *jinja.Call) (jinja.Value, error) {
			if !c.isArray() {
				return nil, fail(call, diag.ColumnType, "Called array_inner_type() on non-array field!")
			}
			return jinja.Str(c.arrayInner()), nil
		}), true
	}
	return nil, false
}

func columnList(columns []*Column) *jinja.List {
	l := jinja.NewList()
	for _, c := range columns {
		l.Items = append(l.Items, c)
	}
	return l
}

// ColumnClass is `api.Column`: the dialect's class of columns.
type ColumnClass struct{ d *dialect.Dialect }

// TypeName is Python's.
func (ColumnClass) TypeName() string { return "type" }

// Call makes a column of its parts.
func (k ColumnClass) Call(c *jinja.Call) (jinja.Value, error) {
	params := []string{"column", "dtype", "char_size?", "numeric_precision?", "numeric_scale?"}
	for _, name := range k.d.Column.Parameters {
		params = append(params, name+"?")
	}
	a, _, err := bind(c, k.d.Column.Class+".__init__", params...)
	if err != nil {
		return nil, err
	}
	orNil := func(v jinja.Value) jinja.Value {
		if v == nil {
			return jinja.None
		}
		return v
	}
	return newColumn(k.d, jinja.Text(a[0]), a[1], orNil(a[2]), orNil(a[3]), orNil(a[4])), nil
}

// Attr finds a class method.
func (k ColumnClass) Attr(name string) (jinja.Value, bool, error) {
	type binder = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error)
	var params []string
	var f binder
	switch name {
	case "create":
		params = []string{"name", "label_or_dtype"}
		f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return newColumn(k.d, jinja.Text(a[0]), jinja.Str(translateType(k.d, jinja.Text(a[1]))), jinja.None, jinja.None, jinja.None), nil
		}
	case "translate_type":
		params = []string{"dtype"}
		f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return jinja.Str(translateType(k.d, jinja.Text(a[0]))), nil
		}
	case "from_description":
		params = []string{"name", "raw_data_type"}
		f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			col, err := columnFromDescription(k.d, jinja.Text(a[0]), jinja.Text(a[1]))
			if err != nil {
				return nil, at(c, err)
			}
			return col, nil
		}
	case "string_type":
		params = []string{"size"}
		f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			if n, ok := a[0].(jinja.Int); ok {
				return jinja.Str(stringType(k.d, int64(n))), nil
			}
			return jinja.Str(strings.ReplaceAll(k.d.Column.StringType, "%d", jinja.Text(a[0]))), nil
		}
	case "numeric_type":
		params = []string{"dtype", "precision", "scale"}
		f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return jinja.Str(numericType(k.d, jinja.Text(a[0]), a[1], a[2])), nil
		}
	case "binary_type":
		if k.d.Column.Nested == dialect.NestedArrays {
			f = func(*jinja.Call, []jinja.Value) (jinja.Value, error) { return jinja.Str("varbinary"), nil }
		}
	case "array_type":
		if k.d.Column.Nested == dialect.NestedArrays {
			params = []string{"inner_type"}
			f = func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
				return jinja.Str("array(" + jinja.Text(a[0]) + ")"), nil
			}
		}
	}
	if f == nil {
		return nil, false, nil
	}
	return method(name, func(c *jinja.Call) (jinja.Value, error) {
		a, _, err := bind(c, name, params...)
		if err != nil {
			return nil, err
		}
		return f(c, a)
	}), true, nil
}
