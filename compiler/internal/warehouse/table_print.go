package warehouse

import (
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/seedcsv"
)

// Printer is what a thread's Host implements so that print_table() and its kin reach the user's screen.
type Printer interface{ Print(text string) }

// show hands text to the host.
func show(c *jinja.Call, text string) error {
	if c.Thread != nil {
		if p, ok := c.Thread.Host.(Printer); ok {
			p.Print(text)
			return nil
		}
	}
	return fail(c, diag.TableOperation, "a table cannot be printed here")
}

// layout are the arguments of print_table; 0 stands for no limit.
type layout struct{ rows, columns, width, precision int }

func (t *Table) printTable(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "print_table", "max_rows?", "max_columns?", "output?", "max_column_width?", "locale?", "max_precision?")
	if err != nil {
		return nil, err
	}
	number := func(v jinja.Value, otherwise int) int {
		switch n := v.(type) {
		case jinja.Int:
			return int(n)
		case jinja.NoneType:
			return 0
		}
		return otherwise
	}
	return jinja.None, show(c, t.text(layout{number(args[0], 20), number(args[1], 6), number(args[3], 20), number(args[5], 3)}))
}

// structure is a table of the column's names and types.
func (t *Table) structure() *Table {
	var rows [][]jinja.Value
	for j, n := range t.names {
		rows = append(rows, []jinja.Value{jinja.Str(n), jinja.Str(t.types[j].String())})
	}
	return TextTable([]string{"column", "data_type"}, rows)
}

// text is the table as agate prints it: GitHub's Markdown.
func (t *Table) text(o layout) string {
	rows, columns := len(t.rows), len(t.names)
	if o.rows > 0 {
		rows = min(rows, o.rows)
	}
	if o.columns > 0 {
		columns = min(columns, o.columns)
	}
	short := func(s string) string {
		if o.width > 3 && utf8.RuneCountInString(s) > o.width {
			return string([]rune(s)[:o.width-3]) + "..."
		}
		return s
	}
	lines := make([][]string, 0, rows+1)
	header := make([]string, 0, columns+1)
	for _, n := range t.names[:columns] {
		header = append(header, short(n))
	}
	if columns < len(t.names) {
		header = append(header, "...")
	}
	lines = append(lines, header)
	formats := make([]func(jinja.Value) string, columns)
	for j := range formats {
		formats[j] = t.format(j, rows, o.precision)
	}
	for i := range rows {
		line := make([]string, 0, len(header))
		for j := range columns {
			line = append(line, short(formats[j](t.rows[i][j])))
		}
		if columns < len(t.names) {
			line = append(line, "...")
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(header))
	for _, line := range lines {
		for j, s := range line {
			widths[j] = max(widths[j], utf8.RuneCountInString(s))
		}
	}
	if rows < len(t.rows) {
		line := make([]string, len(header))
		for j := range line {
			line[j] = "..."
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	for i, line := range lines {
		b.WriteByte('|')
		for j, s := range line {
			pad := strings.Repeat(" ", max(0, widths[j]-utf8.RuneCountInString(s)))
			if t.types[j] == seedcsv.Text {
				s += pad
			} else {
				s = pad + s
			}
			b.WriteString(" " + s + " |")
		}
		b.WriteByte('\n')
		if i == 0 {
			for j, w := range widths {
				if j > 0 {
					b.WriteString(" ")
				}
				b.WriteString("| " + strings.Repeat("-", w))
			}
			b.WriteString(" |\n")
		}
	}
	return b.String()
}

// format says how a column's cells are printed: numbers with as many places as the most exact of them, in groups of three.
func (t *Table) format(j, rows, precision int) func(jinja.Value) string {
	if t.types[j] != seedcsv.Number {
		return func(v jinja.Value) string {
			if v == jinja.None {
				return ""
			}
			return jinja.Text(v)
		}
	}
	places, cut := 0, false
	for i := range rows {
		if d, ok := t.rows[i][j].(Decimal); ok && d.Finite() {
			_, f := d.Places()
			places = max(places, f)
		}
	}
	if precision > 0 && places > precision {
		places, cut = precision, true
	}
	return func(v jinja.Value) string {
		d, ok := v.(Decimal)
		if !ok || !d.Finite() {
			if v == jinja.None {
				return ""
			}
			return jinja.Text(v)
		}
		s := group(d.Fixed(places))
		if cut {
			s += "…"
		}
		return s
	}
}

// group puts commas between thousands.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, point := strings.Cut(s, ".")
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteString("." + fraction)
	}
	return sign + b.String()
}

// csv is the table as agate writes it.
func (t *Table) csv() string {
	var b strings.Builder
	line := func(cells []string) {
		for i, s := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(s, ",\"\n\r") || len(cells) == 1 && s == "" {
				s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
			}
			b.WriteString(s)
		}
		b.WriteByte('\n')
	}
	line(t.names)
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for j, v := range row {
			if v != jinja.None {
				cells[j] = strings.ReplaceAll(jinja.Text(v), "\r", "\n")
			}
			if t.types[j] == seedcsv.DateTime || t.types[j] == seedcsv.ISODateTime {
				cells[j] = strings.Replace(cells[j], " ", "T", 1)
			}
		}
		line(cells)
	}
	return b.String()
}

// json is the table as a list of objects.
func (t *Table) json() string {
	list := jinja.NewList()
	for _, row := range t.rows {
		d := jinja.NewDict(len(row))
		for j, v := range row {
			d.Set(t.names[j], v)
		}
		list.Items = append(list.Items, d)
	}
	return jsonText(list)
}
