package warehouse

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/decimal"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/seedcsv"
)

// Table is a result of a query, or a seed, as templates see it: agate's Table. It is immutable.
type Table struct {
	names []string
	types []seedcsv.Kind
	rows  [][]jinja.Value
}

// textKind is the kind of a column of texts.
const textKind = seedcsv.Text

// EmptyTable is what a statement without rows gives.
func EmptyTable() *Table { return &Table{} }

// TextTable makes a table whose columns are all text.
func TextTable(names []string, rows [][]jinja.Value) *Table {
	t := &Table{names: seedcsv.ColumnNames(names), rows: rows, types: make([]seedcsv.Kind, len(names))}
	for i := range t.types {
		t.types[i] = seedcsv.Text
	}
	return t
}

// NewTable makes a table of a query's result. As in dbt a column that holds a text or a list anywhere is text; the others get the
// first type that all of their values fit.
func NewTable(r *Result) *Table {
	t := &Table{names: seedcsv.ColumnNames(r.Columns), types: make([]seedcsv.Kind, len(r.Columns)), rows: make([][]jinja.Value, len(r.Rows))}
	cells := make([]jinja.Value, len(r.Rows)*len(t.names))
	for i, row := range r.Rows {
		t.rows[i] = cells[i*len(t.names) : (i+1)*len(t.names) : (i+1)*len(t.names)]
		for j := range t.names {
			t.rows[i][j] = jinja.None
			if j < len(row) {
				t.rows[i][j] = cell(row[j])
			}
		}
	}
	for j := range t.names {
		t.types[j] = t.infer(j)
		for i := range t.rows {
			t.rows[i][j] = cast(t.types[j], t.rows[i][j])
		}
	}
	return t
}

// cell makes a value of what a driver gives.
func cell(v any) jinja.Value {
	switch v := v.(type) {
	case nil:
		return jinja.None
	case jinja.Value:
		return v
	case bool:
		return jinja.Bool(v)
	case int:
		return jinja.Int(v)
	case int8:
		return jinja.Int(v)
	case int16:
		return jinja.Int(v)
	case int32:
		return jinja.Int(v)
	case int64:
		return jinja.Int(v)
	case uint8:
		return jinja.Int(v)
	case uint16:
		return jinja.Int(v)
	case uint32:
		return jinja.Int(v)
	case uint64:
		return bigInt(new(big.Int).SetUint64(v))
	case *big.Int:
		return bigInt(v)
	case float32:
		return jinja.Float(v)
	case float64:
		return jinja.Float(v)
	case string:
		return jinja.Str(v)
	case []byte:
		return jinja.Str(bytesRepr(v))
	case decimal.Decimal:
		return Decimal{v}
	case time.Time:
		return dateTime(v, false)
	case Date:
		y, m, d := time.Time(v).Date()
		return basecontext.Date{Year: y, Month: int(m), Day: d}
	case Zoned:
		return dateTime(time.Time(v), true)
	case []any:
		l := jinja.NewList()
		for _, e := range v {
			l.Items = append(l.Items, cell(e))
		}
		return l
	}
	return jinja.Str(stringOf(v))
}

// Date and Zoned tell a driver's times apart: a plain time.Time is a timestamp without zone.
type (
	Date  time.Time
	Zoned time.Time
)

func stringOf(v any) string {
	if s, ok := v.(interface{ String() string }); ok {
		return s.String()
	}
	return ""
}

func bigInt(n *big.Int) jinja.Value {
	if n.IsInt64() {
		return jinja.Int(n.Int64())
	}
	return &jinja.BigInt{Int: n}
}

// bytesRepr is Python's str() of bytes.
func bytesRepr(b []byte) string {
	var s strings.Builder
	quote := byte('\'')
	if bytes.IndexByte(b, '\'') >= 0 && bytes.IndexByte(b, '"') < 0 {
		quote = '"'
	}
	s.WriteByte('b')
	s.WriteByte(quote)
	for _, c := range b {
		switch {
		case c == '\\' || c == quote:
			s.WriteByte('\\')
			s.WriteByte(c)
		case c == '\n':
			s.WriteString(`\n`)
		case c == '\r':
			s.WriteString(`\r`)
		case c == '\t':
			s.WriteString(`\t`)
		case c < 0x20 || c >= 0x7f:
			s.WriteString(`\x` + hex.EncodeToString([]byte{c}))
		default:
			s.WriteByte(c)
		}
	}
	s.WriteByte(quote)
	return s.String()
}

func dateTime(t time.Time, zoned bool) basecontext.DateTime {
	y, m, d := t.Date()
	dt := basecontext.DateTime{
		Date:  basecontext.Date{Year: y, Month: int(m), Day: d},
		Clock: basecontext.Clock{Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Microsecond: t.Nanosecond() / 1000},
	}
	if zoned {
		_, offset := t.Zone()
		dt.Zone = &basecontext.Zone{Offset: offset}
	}
	return dt
}

// infer finds the type of a column of native values. A column without any value is one of integers, agate's first guess.
func (t *Table) infer(j int) seedcsv.Kind {
	possible := [...]bool{seedcsv.Integer: true, seedcsv.Number: true, seedcsv.Date: true, seedcsv.DateTime: true, seedcsv.Boolean: true, seedcsv.Text: true}
	keep := func(kinds ...seedcsv.Kind) {
		for k := range possible {
			fits := false
			for _, f := range kinds {
				fits = fits || f == seedcsv.Kind(k)
			}
			possible[k] = possible[k] && fits
		}
	}
	for _, row := range t.rows {
		switch v := row[j].(type) {
		case jinja.NoneType:
		case jinja.Int:
			if v == 0 || v == 1 {
				keep(seedcsv.Integer, seedcsv.Number, seedcsv.Boolean)
			} else {
				keep(seedcsv.Integer, seedcsv.Number)
			}
		case *jinja.BigInt:
			keep(seedcsv.Integer, seedcsv.Number)
		case jinja.Float:
			keep(seedcsv.Number)
		case Decimal:
			if v.Equal(jinja.Int(0)) || v.Equal(jinja.Int(1)) {
				keep(seedcsv.Number, seedcsv.Boolean)
			} else {
				keep(seedcsv.Number)
			}
		case jinja.Bool:
			keep(seedcsv.Boolean)
		case basecontext.Date:
			keep(seedcsv.Date, seedcsv.DateTime)
		case basecontext.DateTime:
			keep(seedcsv.DateTime)
		default:
			return seedcsv.Text
		}
	}
	for k, ok := range possible {
		if ok {
			return seedcsv.Kind(k)
		}
	}
	return seedcsv.Text
}

// cast gives a value its column's type.
func cast(k seedcsv.Kind, v jinja.Value) jinja.Value {
	if v == jinja.None {
		return v
	}
	switch k {
	case seedcsv.Number:
		switch n := v.(type) {
		case jinja.Float:
			return Decimal{decimal.FromFloat(float64(n))}
		case jinja.Int, *jinja.BigInt:
			d, _, _ := toDecimal(n)
			return Decimal{d}
		}
	case seedcsv.Boolean:
		return jinja.Bool(jinja.Truth(v))
	case seedcsv.DateTime:
		if d, ok := v.(basecontext.Date); ok {
			return basecontext.DateTime{Date: d}
		}
	case seedcsv.Text:
		switch c := v.(type) {
		case jinja.Str:
		case *jinja.List, *jinja.Dict, jinja.Tuple:
			return jinja.Str(jsonText(c))
		default:
			return jinja.Str(jinja.Text(v))
		}
	}
	return v
}

// SeedTable makes a table of a seed's records, its header left out, by the columns that seedcsv.Infer found: what
// load_agate_table() gives.
func SeedTable(columns []seedcsv.Column, records [][]string) *Table {
	t := &Table{names: make([]string, len(columns)), types: make([]seedcsv.Kind, len(columns)), rows: make([][]jinja.Value, len(records))}
	for j, c := range columns {
		t.names[j], t.types[j] = c.Name, c.Kind
	}
	for i, record := range records {
		t.rows[i] = make([]jinja.Value, len(columns))
		for j := range columns {
			t.rows[i][j] = jinja.None
			if j < len(record) {
				t.rows[i][j] = seedCell(columns[j].Kind, record[j])
			}
		}
	}
	return t
}

func seedCell(k seedcsv.Kind, text string) jinja.Value {
	v, ok := k.Parse(text)
	if !ok || v.Null {
		return jinja.None
	}
	switch k {
	case seedcsv.Number:
		return Decimal{v.Number}
	case seedcsv.Boolean:
		return jinja.Bool(v.Bool)
	case seedcsv.Date:
		return cell(Date(v.Time))
	case seedcsv.DateTime, seedcsv.ISODateTime:
		return dateTime(v.Time, v.Zoned)
	}
	return jinja.Str(v.Text)
}

// SeedType is a dialect's type for a column of a seed.
func SeedType(d *dialect.Dialect, c seedcsv.Column) string {
	switch c.Kind {
	case seedcsv.Integer:
		return d.Seed.Integer
	case seedcsv.Number:
		if c.Decimals != 0 {
			return d.Seed.Decimal
		}
		return d.Seed.Number
	case seedcsv.Date:
		return d.Seed.Date
	case seedcsv.DateTime, seedcsv.ISODateTime:
		return d.Seed.Datetime
	case seedcsv.Boolean:
		return d.Seed.Boolean
	}
	n := c.MaxBytes
	if n < 0 {
		n = 64
	}
	return strings.ReplaceAll(d.Seed.Text, "%d", strconv.Itoa(n))
}

// columnType is the dialect's type for a column of the table.
func (t *Table) columnType(d *dialect.Dialect, j int) string {
	c := seedcsv.Column{Kind: t.types[j], MaxBytes: -1}
	whole := 1
	for _, row := range t.rows {
		switch v := row[j].(type) {
		case jinja.Str:
			c.MaxBytes = max(c.MaxBytes, len(v))
		case Decimal:
			if v.Finite() {
				w, f := v.Places()
				whole, c.Decimals = max(whole, w), max(c.Decimals, f)
			}
		}
	}
	if whole+c.Decimals > 28 {
		c.Decimals = 28 - whole
	}
	return SeedType(d, c)
}

// field is a cell by its column's name.
func (t *Table) field(c *jinja.Call, row int, name string) (jinja.Value, error) {
	for j, n := range t.names {
		if n == name {
			return t.rows[row][j], nil
		}
	}
	return nil, fail(c, diag.TableOperation, "the table has no column '%s', it has: %s", name, strings.Join(t.names, ", "))
}

// Names are the columns' names.
func (t *Table) Names() []string { return t.names }

// Rows are the cells.
func (t *Table) Rows() [][]jinja.Value { return t.rows }
