package basecontext

import (
	"fmt"
	"math"
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// maxCombinations bounds what the combining functions may make at once: they are lists here.
const maxCombinations = 1 << 20

// itertoolsModule is `modules.itertools`: the functions that dbt lets through. The endless ones are endless here too; a loop
// over them runs into the limits of rendering.
func itertoolsModule() *jinja.Dict {
	entries := map[string]jinja.Value{
		"count": method("count", []string{"start=", "step="}, func(a []jinja.Value) (jinja.Value, error) {
			return countFrom(a[0], a[1])
		}),
		"cycle": withCall("cycle", []string{"iterable"}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			items, err := list(c, a[0])
			if err != nil {
				return nil, err
			}
			i := -1
			return jinja.NewGenerator("itertools.cycle", func() (jinja.Value, bool, error) {
				if len(items) == 0 {
					return nil, false, nil
				}
				i = (i + 1) % len(items)
				return items[i], true, nil
			}), nil
		}),
		"repeat": method("repeat", []string{"object", "times="}, func(a []jinja.Value) (jinja.Value, error) {
			left := math.MaxInt
			if a[1] != nil {
				var err error
				if left, err = whole("repeat", a[1]); err != nil {
					return nil, err
				}
			}
			return jinja.NewGenerator("itertools.repeat", func() (jinja.Value, bool, error) {
				left--
				return a[0], left >= 0, nil
			}), nil
		}),
		"accumulate": jinja.NewFunc("accumulate", accumulate),
		"chain": jinja.NewFunc("chain", func(c *jinja.Call) (jinja.Value, error) {
			var all []jinja.Value
			for _, arg := range c.Args {
				items, err := list(c, arg)
				if err != nil {
					return nil, err
				}
				all = append(all, items...)
			}
			return iterator("itertools.chain", all), nil
		}),
		"compress": withCall("compress", []string{"data", "selectors"}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			data, err := list(c, a[0])
			if err != nil {
				return nil, err
			}
			marks, err := list(c, a[1])
			if err != nil {
				return nil, err
			}
			var out []jinja.Value
			for i := range min(len(data), len(marks)) {
				if jinja.Truth(marks[i]) {
					out = append(out, data[i])
				}
			}
			return iterator("itertools.compress", out), nil
		}),
		"islice": jinja.NewFunc("islice", islice),
		"starmap": jinja.NewFunc("starmap", func(c *jinja.Call) (jinja.Value, error) {
			a, err := params(c, "starmap", "function", "iterable")
			if err != nil {
				return nil, err
			}
			f, ok := a[0].(jinja.Callable)
			if !ok {
				return nil, fmt.Errorf("'%s' object is not callable", a[0].TypeName())
			}
			rows, err := list(c, a[1])
			if err != nil {
				return nil, err
			}
			var out []jinja.Value
			for _, row := range rows {
				args, err := list(c, row)
				if err != nil {
					return nil, err
				}
				v, err := f.Call(&jinja.Call{Thread: c.Thread, Scope: c.Scope, Span: c.Span, Args: args})
				if err != nil {
					return nil, err
				}
				out = append(out, v)
			}
			return iterator("itertools.starmap", out), nil
		}),
		"tee": withCall("tee", []string{"iterable", "n="}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			items, err := list(c, a[0])
			if err != nil {
				return nil, err
			}
			n := 2
			if a[1] != nil {
				if n, err = whole("tee", a[1]); err != nil {
					return nil, err
				}
			}
			if n < 0 || n > 1000 {
				return nil, fmt.Errorf("n must be >= 0")
			}
			out := make(jinja.Tuple, n)
			for i := range out {
				out[i] = iterator("itertools._tee", items)
			}
			return out, nil
		}),
		"zip_longest": jinja.NewFunc("zip_longest", zipLongest),
		"product":     jinja.NewFunc("product", product),
		"permutations": withCall("permutations", []string{"iterable", "r="}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return choose(c, "itertools.permutations", a[0], a[1], func(n, r int, take func([]int) bool) {
				used, picks := make([]bool, n), make([]int, 0, r)
				var next func() bool
				next = func() bool {
					if len(picks) == r {
						return take(picks)
					}
					for i := range n {
						if used[i] {
							continue
						}
						used[i] = true
						picks = append(picks, i)
						ok := next()
						picks = picks[:len(picks)-1]
						used[i] = false
						if !ok {
							return false
						}
					}
					return true
				}
				next()
			})
		}),
		"combinations": withCall("combinations", []string{"iterable", "r"}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return choose(c, "itertools.combinations", a[0], a[1], ascending(1))
		}),
		"combinations_with_replacement": withCall("combinations_with_replacement", []string{"iterable", "r"}, func(c *jinja.Call, a []jinja.Value) (jinja.Value, error) {
			return choose(c, "itertools.combinations_with_replacement", a[0], a[1], ascending(0))
		}),
	}
	return module(entries)
}

// withCall is method for functions that iterate, which takes steps of the caller's thread.
func withCall(name string, names []string, f func(c *jinja.Call, a []jinja.Value) (jinja.Value, error)) *jinja.Func {
	return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, name, names...)
		if err != nil {
			return nil, err
		}
		return f(c, a)
	})
}

func countFrom(start, step jinja.Value) (jinja.Value, error) {
	from, by := 0.0, 1.0
	integers := true
	for i, v := range []jinja.Value{start, step} {
		if v == nil {
			continue
		}
		n, ok := number(v)
		if !ok {
			return nil, fmt.Errorf("a number is required")
		}
		if _, isFloat := v.(jinja.Float); isFloat {
			integers = false
		}
		if i == 0 {
			from = n
		} else {
			by = n
		}
	}
	n := 0
	return jinja.NewGenerator("itertools.count", func() (jinja.Value, bool, error) {
		v := from + float64(n)*by
		n++
		if integers {
			return jinja.Int(int64(v)), true, nil
		}
		return jinja.Float(v), true, nil
	}), nil
}

func accumulate(c *jinja.Call) (jinja.Value, error) {
	a, err := params(c, "accumulate", "iterable", "func=", "initial=")
	if err != nil {
		return nil, err
	}
	items, err := list(c, a[0])
	if err != nil {
		return nil, err
	}
	var out []jinja.Value
	if !isNone(a[2]) {
		out = append(out, a[2])
	}
	for _, v := range items {
		if len(out) == 0 {
			out = append(out, v)
			continue
		}
		last := out[len(out)-1]
		var next jinja.Value
		if f, ok := a[1].(jinja.Callable); ok {
			next, err = f.Call(&jinja.Call{Thread: c.Thread, Scope: c.Scope, Span: c.Span, Args: []jinja.Value{last, v}})
		} else {
			next, err = add(last, v)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, next)
	}
	return iterator("itertools.accumulate", out), nil
}

// add is Python's + for what people accumulate.
func add(a, b jinja.Value) (jinja.Value, error) {
	switch x := a.(type) {
	case jinja.Int:
		if y, ok := b.(jinja.Int); ok {
			return x + y, nil
		}
	case jinja.Str:
		if y, ok := b.(jinja.Str); ok {
			return x + y, nil
		}
	case jinja.Tuple:
		if y, ok := b.(jinja.Tuple); ok {
			return slices.Concat(x, y), nil
		}
	case *jinja.List:
		if y, ok := b.(*jinja.List); ok {
			return jinja.NewList(slices.Concat(x.Items, y.Items)...), nil
		}
	case jinja.Operand:
		if v, ok, err := x.Binary("+", b, false); ok {
			return v, err
		}
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return jinja.Float(x + y), nil
	}
	return nil, fmt.Errorf("unsupported operand type(s) for +: '%s' and '%s'", a.TypeName(), b.TypeName())
}

// islice stops pulling where the slice ends, so that it can cut an endless iterator.
func islice(c *jinja.Call) (jinja.Value, error) {
	if len(c.Args) < 2 || len(c.Args) > 4 || len(c.Kwargs) > 0 {
		return nil, fmt.Errorf("islice expected 2 to 4 arguments, got %d", len(c.Args))
	}
	bounds := []int{0, -1, 1}
	set := func(i int, v jinja.Value) error {
		if isNone(v) {
			return nil
		}
		n, err := whole("islice", v)
		if err != nil || n < 0 || i == 2 && n == 0 {
			return fmt.Errorf("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.") //nolint:staticcheck // Python's text
		}
		bounds[i] = n
		return nil
	}
	args := c.Args[1:]
	if len(args) == 1 {
		args = []jinja.Value{jinja.None, args[0]}
	}
	for i, v := range args {
		if err := set(i, v); err != nil {
			return nil, err
		}
	}
	start, stop, step := bounds[0], bounds[1], bounds[2]
	next, err := jinja.Pull(c, c.Args[0])
	if err != nil {
		return nil, err
	}
	var out []jinja.Value
	for i := 0; stop < 0 || i < stop; i++ {
		v, ok, err := next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if i >= start && (i-start)%step == 0 {
			out = append(out, v)
		}
	}
	return iterator("itertools.islice", out), nil
}

func zipLongest(c *jinja.Call) (jinja.Value, error) {
	var fill jinja.Value = jinja.None
	for _, kw := range c.Kwargs {
		if kw.Name != "fillvalue" {
			return nil, fmt.Errorf("zip_longest() got an unexpected keyword argument")
		}
		fill = kw.Value
	}
	lists := make([][]jinja.Value, len(c.Args))
	longest := 0
	for i, arg := range c.Args {
		items, err := list(c, arg)
		if err != nil {
			return nil, err
		}
		lists[i], longest = items, max(longest, len(items))
	}
	rows := make([]jinja.Value, longest)
	for i := range rows {
		row := make(jinja.Tuple, len(lists))
		for j := range row {
			row[j] = fill
			if i < len(lists[j]) {
				row[j] = lists[j][i]
			}
		}
		rows[i] = row
	}
	return iterator("itertools.zip_longest", rows), nil
}

func product(c *jinja.Call) (jinja.Value, error) {
	repeat := 1
	for _, kw := range c.Kwargs {
		if kw.Name != "repeat" {
			return nil, fmt.Errorf("product() got an unexpected keyword argument '%s'", kw.Name)
		}
		var err error
		if repeat, err = whole("product", kw.Value); err != nil {
			return nil, err
		}
		if repeat < 0 {
			return nil, fmt.Errorf("repeat argument cannot be negative")
		}
		repeat = min(repeat, 64)
	}
	var lists [][]jinja.Value
	for range repeat {
		for _, arg := range c.Args {
			items, err := list(c, arg)
			if err != nil {
				return nil, err
			}
			lists = append(lists, items)
		}
	}
	rows := []jinja.Value{jinja.Tuple{}}
	for _, items := range lists {
		if len(rows)*len(items) > maxCombinations {
			return nil, fmt.Errorf("more than %d combinations", maxCombinations)
		}
		next := make([]jinja.Value, 0, len(rows)*len(items))
		for _, row := range rows {
			for _, v := range items {
				next = append(next, slices.Concat(row.(jinja.Tuple), jinja.Tuple{v}))
			}
		}
		rows = next
	}
	return iterator("itertools.product", rows), nil
}

// choose makes tuples of the items that a picker picks by index.
func choose(c *jinja.Call, name string, v, size jinja.Value, pick func(n, r int, take func([]int) bool)) (jinja.Value, error) {
	items, err := list(c, v)
	if err != nil {
		return nil, err
	}
	r := len(items)
	if !isNone(size) {
		if r, err = whole(name, size); err != nil {
			return nil, err
		}
	}
	if r < 0 {
		return nil, fmt.Errorf("r must be non-negative")
	}
	if r > 10000 {
		return iterator(name, nil), nil
	}
	var rows []jinja.Value
	pick(len(items), r, func(picks []int) bool {
		row := make(jinja.Tuple, len(picks))
		for i, p := range picks {
			row[i] = items[p]
		}
		rows = append(rows, row)
		return len(rows) <= maxCombinations
	})
	if len(rows) > maxCombinations {
		return nil, fmt.Errorf("more than %d combinations", maxCombinations)
	}
	return iterator(name, rows), nil
}

// ascending picks r of n indexes in rising order; step 0 allows an index again.
func ascending(step int) func(n, r int, take func([]int) bool) {
	return func(n, r int, take func([]int) bool) {
		picks := make([]int, 0, r)
		var next func(from int) bool
		next = func(from int) bool {
			if len(picks) == r {
				return take(picks)
			}
			if step == 1 && n-from < r-len(picks) {
				return true
			}
			for i := from; i < n; i++ {
				picks = append(picks, i)
				ok := next(i + step)
				picks = picks[:len(picks)-1]
				if !ok {
					return false
				}
			}
			return true
		}
		next(0)
	}
}
