package rowdiff

import (
	"cmp"
	"slices"
	"strings"
)

// candidates is how many columns are tried as keys: every combination of them is one.
const candidates = 5

// align finds the partner of each row. Combinations of the columns that tell most rows apart are tried as keys, from single columns
// to all of them, and rows that a key names once on both sides belong together. What is left goes to a neighbour of a
// matched row with the same content.
func (d *diff) align() {
	d.toB, d.toA, d.key = unmatched(len(d.a)), unmatched(len(d.b)), make([]bool, d.width)
	columns := d.candidates()
	left := len(d.a)
	all := 1<<len(columns) - 1
	most := max(len(d.a), len(d.b))
	var whole *index
	used := 0
	for k := 1; k <= all && left > 0; k++ {
		var by []int
		for bit, c := range columns {
			if k>>bit&1 == 1 {
				by = append(by, c)
				d.key[c] = true
			}
		}
		x := newIndex(d.a, d.b, by)
		if k == all {
			whole = x
		}
		// A key that many rows share says little, unless it is the only one there is.
		if float64(x.frequency)/float64(most+20) >= 0.1 && (used > 0 || k < all) {
			continue
		}
		used++
		for i := range d.a {
			if d.toB[i] >= 0 {
				continue
			}
			if in := x.b[x.keysA[i]]; x.keysA[i] != "" && len(x.a[x.keysA[i]]) == 1 && len(in) == 1 && d.toA[in[0]] < 0 {
				d.link(i, in[0])
				left--
			}
		}
	}
	if whole != nil {
		d.follow(whole, 1)
		d.follow(whole, -1)
		d.lead(whole, 1)
		d.lead(whole, -1)
	}
	if other := d.toB[0]; other != 0 { // headers belong together, whatever their rows look like
		if other > 0 {
			d.toA[other] = -1
		}
		if mine := d.toA[0]; mine > 0 {
			d.toB[mine] = -1
		}
		d.link(0, 0)
	}
}

func (d *diff) link(i, j int) { d.toB[i], d.toA[j] = j, i }

// follow gives rows of a that stand next to a matched one the row of b that stands next to its partner, if they are the same.
func (d *diff) follow(x *index, step int) {
	neighbours(d.toB, d.toA, x.keysA, x.keysB, step, d.link)
}

// lead is follow, seen from b.
func (d *diff) lead(x *index, step int) {
	neighbours(d.toA, d.toB, x.keysB, x.keysA, step, func(j, i int) { d.link(i, j) })
}

func neighbours(partner, taken []int, mine, theirs []string, step int, link func(i, j int)) {
	next, known := 0, false
	if step < 0 {
		next, known = len(theirs)-1, true
	}
	for n := range mine {
		i := n
		if step < 0 {
			i = len(mine) - 1 - n
		}
		switch {
		case partner[i] >= 0:
			next, known = partner[i], true
		case !known || mine[i] != theirs[next] || taken[next] >= 0:
			continue
		default:
			link(i, next)
		}
		if next += step; next < 0 || next >= len(theirs) {
			return
		}
	}
}

// candidates are the columns to try, those with the most different values first where there are many.
func (d *diff) candidates() []int {
	columns := make([]int, d.width)
	for j := range columns {
		columns[j] = j
	}
	if d.width <= candidates {
		return columns
	}
	count := make([]int, d.width)
	for j := range columns {
		for _, side := range [][][]Cell{d.a, d.b} {
			seen := make(map[string]bool, len(side))
			for _, r := range side {
				seen[r[j].Text] = true
			}
			count[j] += len(seen)
		}
	}
	slices.SortStableFunc(columns, func(x, y int) int { return cmp.Compare(count[y], count[x]) })
	return columns[:candidates]
}

func unmatched(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// index finds rows of both tables by the content of some columns.
type index struct {
	keysA, keysB []string
	a, b         map[string][]int
	// frequency is how many rows share the most frequent key.
	frequency int
}

func newIndex(a, b [][]Cell, columns []int) *index {
	x := &index{}
	side := func(rows [][]Cell) ([]string, map[string][]int) {
		keys, at := make([]string, len(rows)), make(map[string][]int, len(rows))
		for i, r := range rows {
			keys[i] = keyOf(r, columns, i == 0)
			at[keys[i]] = append(at[keys[i]], i)
			x.frequency = max(x.frequency, len(at[keys[i]]))
		}
		return keys, at
	}
	x.keysA, x.a = side(a)
	x.keysB, x.b = side(b)
	return x
}

func keyOf(r []Cell, columns []int, header bool) string {
	var b strings.Builder
	if header {
		b.WriteByte('_')
	}
	for i, c := range columns {
		if i > 0 {
			b.WriteString(" // ")
		}
		switch t := r[c].Text; t {
		case "null", "undefined":
		default:
			b.WriteString(t)
		}
	}
	return b.String()
}
