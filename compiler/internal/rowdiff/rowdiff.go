// Package rowdiff compares two tables and shows people where they differ.
//
// A unit test that fails is read by someone who wants to see at once which rows are too many, which are missing and what changed in
// the others. The form is the one that dbt prints (daff's highlighter): a header, a mark in front of each row, context around
// what changed, and "expected→actual" in cells. The tables have the same columns; their rows are compared as they are given, so
// whoever does not care for the order sorts both first.
package rowdiff

import (
	"slices"
	"strings"
)

// Cell is a value as people read it.
type Cell struct {
	Text string
	Null bool
}

// The marks in front of a row.
const (
	headerMark  = "@@"
	addedMark   = "+++"
	removedMark = "---"
	gap         = "..."
	arrow       = "→"
)

// Compare answers the difference between what was expected and what there is, "" if there is none.
func Compare(names []string, expected, actual [][]Cell) string {
	if slices.EqualFunc(expected, actual, func(a, b []Cell) bool { return slices.Equal(a, b) }) {
		return ""
	}
	header := make([]Cell, len(names))
	for i, n := range names {
		header[i] = Cell{Text: n}
	}
	a := append([][]Cell{header}, expected...)
	b := append([][]Cell{header}, actual...)
	d := &diff{a: a, b: b, width: len(names)}
	d.align()
	rows := d.rows()
	if rows == nil {
		return ""
	}
	return render(rows)
}

// diff is a comparison at work. Row 0 of both tables is the header.
type diff struct {
	a, b  [][]Cell
	width int
	// toB and toA are the partners of rows, -1 for none.
	toB, toA []int
	// key are the columns by which rows were matched; they are always shown.
	key []bool
}

// unit is a row of the difference: its place in both tables, -1 where it is missing.
type unit struct{ a, b int }

// units orders the rows of both tables as one list: those that are there now in their order, and among them, before the first row
// that stood after it, each one that is gone.
func (d *diff) units() []unit {
	var now, gone []unit
	for j := range d.b {
		now = append(now, unit{d.toA[j], j})
	}
	for i := range d.a {
		if d.toB[i] < 0 {
			gone = append(gone, unit{i, -1})
		}
	}
	out := make([]unit, 0, len(now)+len(gone))
	for len(now) > 0 && len(gone) > 0 {
		if now[0].a > gone[0].a {
			out, gone = append(out, gone[0]), gone[1:]
		} else {
			out, now = append(out, now[0]), now[1:]
		}
	}
	return append(append(out, now...), gone...)
}

// How a row or column takes part in what is shown.
const (
	hidden = iota
	active
	context
	// edge is the first one beyond the context: of rows it becomes a line of dots.
	edge
)

// spread makes neighbours of what is active its context.
func spread(state []int) {
	mark := func(order func(int) int) {
		last := -2
		for i := range state {
			switch s := &state[order(i)]; *s {
			case hidden, edge:
				if i-last <= 1 {
					*s = context
				} else if i-last == 2 && last >= 0 {
					*s = edge
				}
			case active:
				last = i
			}
		}
	}
	mark(func(i int) int { return i })
	mark(func(i int) int { return len(state) - 1 - i })
}

// row is one line of the difference before it is laid out: the mark, then the cells.
type row struct {
	mark  string
	cells []shown
}

// shown is a cell of a line. Painted ones are those that a terminal would colour, because they are what the line is about.
type shown struct {
	text    string
	painted bool
}

// rows makes the lines, nil if nothing differs.
func (d *diff) rows() []row {
	units := d.units()
	rowState := make([]int, len(units))
	columnState := make([]int, d.width)
	for j := range columnState {
		if d.key[j] {
			columnState[j] = active
		}
	}
	different := false
	for i, u := range units {
		switch {
		case u.a == 0 && u.b == 0:
			continue
		case u.a < 0:
			for j := range columnState {
				columnState[j] = active
			}
			rowState[i] = active
		case u.b < 0:
			rowState[i] = active
		default:
			for j := range d.width {
				if d.a[u.a][j] != d.b[u.b][j] {
					rowState[i], columnState[j] = active, active
				}
			}
		}
		different = different || rowState[i] == active
	}
	if !different {
		return nil
	}
	spread(rowState)
	spread(columnState)
	for j := range columnState {
		if columnState[j] == edge {
			columnState[j] = hidden
		}
	}
	header := row{mark: headerMark}
	for _, c := range d.a[0] {
		header.cells = append(header.cells, shown{c.Text, true})
	}
	out := []row{header}
	dots := false
	for i, u := range units {
		if u.a == 0 && u.b == 0 || rowState[i] == hidden || rowState[i] == edge && dots {
			continue
		}
		if dots = rowState[i] == edge; dots {
			line := row{mark: gap}
			for range d.width {
				line.cells = append(line.cells, shown{text: gap})
			}
			out = append(out, line)
			continue
		}
		out = append(out, d.row(u))
	}
	return elide(out, columnState)
}

func (d *diff) row(u unit) row {
	var out row
	switch {
	case u.a < 0, u.b < 0:
		cells := d.b
		out.mark = addedMark
		at := u.b
		if u.b < 0 {
			cells, out.mark, at = d.a, removedMark, u.a
		}
		for _, c := range cells[at] {
			out.cells = append(out.cells, shown{word(c), true})
		}
		return out
	}
	for j := range d.width {
		before, after := d.a[u.a][j], d.b[u.b][j]
		if before == after {
			out.cells = append(out.cells, shown{text: word(before)})
			continue
		}
		out.mark = arrow
		out.cells = append(out.cells, shown{changed(before, after), true})
	}
	return out
}

// elide leaves out the columns in which nothing happened; dots stand for each stretch of them.
func elide(rows []row, state []int) []row {
	if !slices.Contains(state, hidden) {
		return rows
	}
	for i := range rows {
		var kept []shown
		for j, c := range rows[i].cells {
			switch {
			case state[j] != hidden:
				kept = append(kept, c)
			case j == 0 || state[j-1] != hidden:
				kept = append(kept, shown{text: gap})
			}
		}
		rows[i].cells = kept
	}
	return rows
}

// word is a cell as it stands in a line.
func word(c Cell) string {
	if c.Null {
		return "NULL"
	}
	return c.Text
}

// changed is a cell's old and new value. A text that could be taken for no value gets an underscore, and blanks are made visible
// where nothing else changed.
func changed(before, after Cell) string {
	was, is := distinct(before), distinct(after)
	return spaces(was, is) + arrow + spaces(is, was)
}

func distinct(c Cell) string {
	if !c.Null && strings.TrimLeft(c.Text, "_") == "NULL" {
		return "_" + c.Text
	}
	return word(c)
}

// spaces shows the blanks of a text that another text, otherwise the same, does not have.
func spaces(text, other string) string {
	if text == other || strings.ReplaceAll(text, " ", "") != strings.ReplaceAll(other, " ", "") {
		return text
	}
	var b strings.Builder
	o := []rune(other)
	i := 0
	for _, c := range text {
		for i < len(o) && o[i] == ' ' && c != ' ' {
			i++
		}
		if i < len(o) && o[i] == c {
			b.WriteRune(c)
			i++
			continue
		}
		b.WriteRune('␣')
	}
	return b.String()
}
