package warehouse

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Column is a column as templates see it. Its fields are those of dbt's class, which templates may read and, since Python lets
// them, compare.
type Column struct {
	d     *dialect.Dialect
	name  string
	dtype jinja.Value // a Str, or whatever a template passed
	// size, precision and scale are None or what the type's text or a template gave.
	size, precision, scale jinja.Value
	// fields are a struct's, parts of the name and type of each.
	fields  []*Column
	iceberg bool
}

// NewColumn makes a column of its parts, as the class does when called: sizes in the type's text stay there.
func NewColumn(d *dialect.Dialect, name, dtype string, size, precision, scale *int) *Column {
	num := func(n *int) jinja.Value {
		if n == nil {
			return jinja.None
		}
		return jinja.Int(*n)
	}
	return newColumn(d, name, jinja.Str(dtype), num(size), num(precision), num(scale))
}

func newColumn(d *dialect.Dialect, name string, dtype, size, precision, scale jinja.Value) *Column {
	return nestedColumn(&Column{d: d, name: name, dtype: dtype, size: size, precision: precision, scale: scale}, 0)
}

// maxNesting bounds how deep types are taken apart, so that no text of a type costs more than a few passes over it.
const maxNesting = 64

func nestedColumn(c *Column, level int) *Column {
	if c.d.Column.Nested == "struct" && c.isStruct() && level < maxNesting {
		c.fields = structFields(c.d, c.typeText(), level)
	}
	return c
}

// DescribeColumn makes a column of what an engine says: where the dialect's adapter takes the type's text apart, sizes come out.
func DescribeColumn(d *dialect.Dialect, info ColumnInfo) (*Column, error) {
	if d.Column.RawDescription || info.Raw || info.Size != nil || info.Precision != nil || info.Scale != nil {
		c := NewColumn(d, info.Name, info.Type, info.Size, info.Precision, info.Scale)
		c.iceberg = info.Iceberg
		return c, nil
	}
	return columnFromDescription(d, info.Name, info.Type)
}

// columnFromDescription reads "numeric(18,2)" as the type numeric with precision 18 and scale 2, and "varchar(20)" as varchar of
// size 20. What follows the closing parenthesis is dropped, as in dbt.
func columnFromDescription(d *dialect.Dialect, name, raw string) (*Column, error) {
	end := strings.IndexByte(raw, '(')
	if end == 0 || raw == "" {
		return nil, fail(nil, diag.ColumnType, "Could not interpret data type \"%s\"", raw)
	}
	base, sizes := raw, ""
	hasSizes := false
	if end > 0 {
		base = raw[:end]
		// the parentheses must close and hold something, else the type has no size
		if stop := strings.IndexByte(raw[end:], ')'); stop > 1 {
			sizes, hasSizes = raw[end+1:end+stop], true
		}
	}
	size, precision, scale := jinja.Value(jinja.None), jinja.Value(jinja.None), jinja.Value(jinja.None)
	if hasSizes {
		number := func(s string) (jinja.Value, error) {
			n, err := pythonInt(s)
			if err != nil {
				return nil, fail(nil, diag.ColumnType, "Could not interpret data_type \"%s\": could not convert \"%s\" to an integer", raw, s)
			}
			return n, nil
		}
		var err error
		switch parts := strings.Split(sizes, ","); len(parts) {
		case 1:
			if size, err = number(parts[0]); err != nil {
				return nil, err
			}
		case 2:
			if precision, err = number(parts[0]); err != nil {
				return nil, err
			}
			if scale, err = number(parts[1]); err != nil {
				return nil, err
			}
		}
	}
	return newColumn(d, name, jinja.Str(base), size, precision, scale), nil
}

// pythonInt reads an integer as int() does: blanks around it and single underscores in it are fine.
func pythonInt(s string) (jinja.Value, error) {
	t := strings.TrimSpace(s)
	if strings.HasPrefix(t, "_") || strings.HasSuffix(t, "_") || strings.Contains(t, "__") {
		return nil, strconv.ErrSyntax
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(t, "_", ""), 10, 64)
	return jinja.Int(n), err
}

// structFields takes STRUCT(a VARCHAR, b DECIMAL(10, 2)) apart.
func structFields(d *dialect.Dialect, dtype string, level int) []*Column {
	open, last := strings.IndexByte(dtype, '('), strings.LastIndexByte(dtype, ')')
	if !strings.EqualFold(dtype[:max(open, 0)], "struct") || last < open {
		return nil
	}
	var fields []*Column
	depth, start := 0, open+1
	add := func(text string) {
		name, kind, ok := strings.Cut(strings.TrimSpace(text), " ")
		if ok {
			f := &Column{d: d, name: name, dtype: jinja.Str(kind), size: jinja.None, precision: jinja.None, scale: jinja.None}
			fields = append(fields, nestedColumn(f, level+1))
		}
	}
	for i := start; i < last; i++ {
		switch dtype[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				add(dtype[start:i])
				start = i + 1
			}
		}
	}
	add(dtype[start:last])
	return fields
}

// Name is the column's name.
func (c *Column) Name() string { return c.name }

// typeText is the type as text.
func (c *Column) typeText() string { return jinja.Text(c.dtype) }

func (c *Column) is(list []string) bool {
	return slices.Contains(list, strings.ToLower(c.typeText()))
}

func (c *Column) isString() bool  { return c.is(c.d.Column.Strings) }
func (c *Column) isFloat() bool   { return c.is(c.d.Column.Floats) }
func (c *Column) isInteger() bool { return c.is(c.d.Column.Integers) }
func (c *Column) isNumeric() bool { return c.is(c.d.Column.Numerics) }
func (c *Column) isStruct() bool {
	t := c.typeText()
	return len(t) >= 6 && strings.EqualFold(t[:6], "struct")
}

func (c *Column) isArray() bool {
	t := c.typeText()
	return len(t) >= 5 && strings.EqualFold(t[:5], "array")
}

// stringSize is the size of a string column.
func (c *Column) stringSize() (int64, error) {
	if !c.isString() {
		return 0, fail(nil, diag.ColumnType, "Called string_size() on non-string field!")
	}
	if c.d.Column.StringSize == 0 {
		if !jinja.Truth(c.size) {
			return 0, nil
		}
	} else if c.typeText() == "text" || c.size == jinja.None {
		return int64(c.d.Column.StringSize), nil
	}
	switch n := c.size.(type) {
	case jinja.Int:
		return int64(n), nil
	case jinja.Float:
		return int64(n), nil
	case jinja.Str:
		if v, err := pythonInt(string(n)); err == nil {
			return int64(v.(jinja.Int)), nil
		}
	}
	return 0, fail(nil, diag.ColumnType, "the size of column %s is no number: %s", c.name, jinja.Repr(c.size))
}

// stringType is the name of a string type of a size.
func stringType(d *dialect.Dialect, size int64) string {
	if size <= 0 && d.Column.StringTypeUnsized != "" {
		return d.Column.StringTypeUnsized
	}
	return strings.ReplaceAll(d.Column.StringType, "%d", strconv.FormatInt(size, 10))
}

// numericType is the name of a numeric type with precision and scale.
func numericType(d *dialect.Dialect, dtype string, precision, scale jinja.Value) string {
	if d.Column.NumericType != "" {
		dtype = d.Column.NumericType
	}
	if isNone(precision) || isNone(scale) {
		return dtype
	}
	return dtype + "(" + jinja.Text(precision) + "," + jinja.Text(scale) + ")"
}

// translateType is the dialect's name for a type.
func translateType(d *dialect.Dialect, dtype string) string {
	if t, ok := d.Column.Labels[strings.ToUpper(dtype)]; ok {
		return t
	}
	return dtype
}

// dataType is the type as DDL wants it.
func (c *Column) dataType() (string, error) { return c.dataTypeAt(0) }

func (c *Column) dataTypeAt(level int) (string, error) {
	rules := &c.d.Column
	dtype := c.typeText()
	if rules.Verbatim {
		return dtype, nil
	}
	lower := strings.ToLower(dtype)
	if len(rules.VerbatimUnsized) > 0 && (lower == "text" || c.size == jinja.None && slices.Contains(rules.VerbatimUnsized, lower)) {
		return dtype, nil
	}
	if c.isString() {
		n, err := c.stringSize()
		return stringType(c.d, n), err
	}
	if c.isNumeric() {
		return numericType(c.d, dtype, c.precision, c.scale), nil
	}
	if rules.Nested == "athena" {
		switch {
		case lower == "binary" || lower == "varbinary":
			return "varbinary", nil
		case lower == "timestamp":
			return c.timestampType(), nil
		case c.isArray():
			of := c.arrayInner()
			if of == dtype || level == maxNesting {
				return "", fail(nil, diag.ColumnType, "the type of the elements of column %s cannot be read from %q: expected array<…> or array(…)", c.name, dtype)
			}
			inner := newColumn(c.d, c.name, jinja.Str(of), c.size, c.precision, c.scale)
			t, err := inner.dataTypeAt(level + 1)
			return "array(" + t + ")", err
		}
	}
	return dtype, nil
}

func (c *Column) timestampType() string {
	if c.iceberg {
		return "timestamp(6)"
	}
	return "timestamp"
}

// arrayInner is what stands between the brackets of array<…> or array(…); a type that has none is its own.
func (c *Column) arrayInner() string {
	t := c.typeText()
	if n := len(t); n >= 7 && strings.HasPrefix(t, "array") && (t[5] == '<' || t[5] == '(') && (t[n-1] == '>' || t[n-1] == ')') &&
		!strings.Contains(t, "\n") {
		return t[6 : n-1]
	}
	return t
}

func (c *Column) flatten() []*Column {
	if !c.isStruct() {
		return []*Column{c}
	}
	var out []*Column
	for _, f := range c.fields {
		parts := []*Column{f}
		if f.isStruct() {
			parts = f.flatten()
		}
		for _, p := range parts {
			out = append(out, newColumn(c.d, c.name+"."+p.name, p.dtype, jinja.None, jinja.None, jinja.None))
		}
	}
	return out
}

func (c *Column) canExpandTo(o *Column) (bool, error) {
	if !c.isString() || !o.isString() {
		return false, nil
	}
	if c.d.Column.ExpandsStrings {
		return true, nil
	}
	mine, err := c.stringSize()
	if err != nil {
		return false, err
	}
	other, err := o.stringSize()
	return other > mine, err
}

// quoted is the name in the column's quotes.
func (c *Column) quoted() string { return c.d.Column.Quote + c.name + c.d.Column.Quote }

// TypeName is the name of dbt's class.
func (c *Column) TypeName() string { return c.d.Column.Class }

// String and Repr are Python's for a dataclass.
func (c *Column) String() string { return c.Repr() }

// Repr is Python's repr().
func (c *Column) Repr() string {
	if c.d.Name == "spark" {
		return fmt.Sprintf("<SparkColumn %s (%s)>", c.name, c.typeText())
	}
	r := fmt.Sprintf("%s(column=%s, dtype=%s, char_size=%s, numeric_precision=%s, numeric_scale=%s", c.d.Column.Class,
		jinja.Repr(jinja.Str(c.name)), jinja.Repr(c.dtype), jinja.Repr(c.size), jinja.Repr(c.precision), jinja.Repr(c.scale))
	switch c.d.Column.Nested {
	case "struct":
		l := jinja.NewList()
		for _, f := range c.fields {
			l.Items = append(l.Items, f)
		}
		r += ", fields=" + jinja.Repr(l)
	case "athena":
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
	return ok && c.d.Name == o.d.Name && c.name == o.name && jinja.Equal(c.dtype, o.dtype) && jinja.Equal(c.size, o.size) &&
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
	case "struct.is_struct":
		return yes(c.isStruct())
	case "struct.fields":
		return columnList(c.fields), true
	case "struct.flatten":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return columnList(c.flatten()), nil }), true
	case "athena.is_iceberg":
		return yes(c.iceberg)
	case "athena.is_binary":
		return yes(c.is([]string{"binary", "varbinary"}))
	case "athena.is_timestamp":
		return yes(c.is([]string{"timestamp"}))
	case "athena.is_array":
		return yes(c.isArray())
	case "athena.quoted_hive":
		return jinja.Str("`" + c.name + "`"), true
	case "athena.timestamp_type":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str(c.timestampType()), nil }), true
	case "athena.array_inner_type":
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
	switch k.d.Name {
	case "athena":
		params = append(params, "table_type?")
	case "duckdb":
		params = append(params, "fields?")
	case "spark":
		params = append(params, "table_database?", "table_schema?", "table_name?", "table_type?", "table_owner?", "table_stats?", "column_index?")
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
		if k.d.Column.Nested == "athena" {
			f = func(*jinja.Call, []jinja.Value) (jinja.Value, error) { return jinja.Str("varbinary"), nil }
		}
	case "array_type":
		if k.d.Column.Nested == "athena" {
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
