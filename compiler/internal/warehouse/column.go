package warehouse

import (
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
	if c.d.Column.Nested == dialect.NestedStructs && c.isStruct() && level < maxNesting {
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
	if rules.Nested == dialect.NestedArrays {
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
