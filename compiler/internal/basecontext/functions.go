package basecontext

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// list gives all items of a value, with Python's error for what cannot be iterated over.
func list(c *jinja.Call, v jinja.Value) ([]jinja.Value, error) {
	switch v := v.(type) {
	case jinja.Tuple:
		return v, nil
	case *jinja.List:
		return v.Items, nil
	}
	next, err := jinja.Pull(c, v)
	if err != nil {
		return nil, err
	}
	var out []jinja.Value
	for {
		item, ok, err := next()
		if err != nil || !ok {
			return out, err
		}
		out = append(out, item)
	}
}

func fromJSON() *jinja.Func {
	return method("fromjson", []string{"string", "default="}, func(a []jinja.Value) (jinja.Value, error) {
		s, ok := text(a[0])
		if !ok {
			return nil, fmt.Errorf("the JSON object must be str, bytes or bytearray, not %s", a[0].TypeName())
		}
		if v, good := loadJSON(s); good {
			return v, nil
		}
		return orNone(a[1]), nil
	})
}

func toJSON() *jinja.Func {
	return method("tojson", []string{"value", "default=", "sort_keys="}, func(a []jinja.Value) (jinja.Value, error) {
		s, err := dumpJSON(a[0], jsonStyle{sort: a[2] != nil && jinja.Truth(a[2])})
		if err != nil {
			if err == errCircular {
				return orNone(a[1]), nil
			}
			return nil, err
		}
		return jinja.Str(s), nil
	})
}

func fromYAMLText() *jinja.Func {
	return method("fromyaml", []string{"value", "default="}, func(a []jinja.Value) (jinja.Value, error) {
		s, ok := text(a[0])
		if !ok {
			return orNone(a[1]), nil
		}
		if strings.TrimSpace(s) == "" {
			return jinja.None, nil
		}
		n, diags := yamldoc.ParseSpan(source.Whole(source.NewFile("fromyaml", s)))
		if diags.HasErrors() {
			return orNone(a[1]), nil
		}
		return FromYAML(n), nil
	})
}

func toYAMLText() *jinja.Func {
	return method("toyaml", []string{"value", "default=", "sort_keys="}, func(a []jinja.Value) (jinja.Value, error) {
		s, err := dumpYAML(a[0], a[2] != nil && jinja.Truth(a[2]))
		if err != nil {
			return orNone(a[1]), nil
		}
		return jinja.Str(s), nil
	})
}

// makeSet is set and set_strict: they differ in what they do with a value that cannot be iterated over.
func makeSet(name string, strict bool) *jinja.Func {
	names := []string{"value", "default="}
	if strict {
		names = names[:1]
	}
	return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, name, names...)
		if err != nil {
			return nil, err
		}
		items, err := list(c, a[0])
		if err == nil {
			var s *jinja.Set
			if s, err = jinja.NewSet(items...); err == nil {
				return s, nil
			}
		}
		if strict {
			return nil, fmt.Errorf("Compilation Error\n  %w", err) //nolint:staticcheck // dbt's text
		}
		return orNone(a[1]), nil
	})
}

// makeZip is zip and zip_strict.
func makeZip(name string, strict bool) *jinja.Func {
	return jinja.NewFunc(name, func(c *jinja.Call) (jinja.Value, error) {
		var fallback jinja.Value = jinja.None
		for _, kw := range c.Kwargs {
			if kw.Name != "default" || strict {
				return nil, fmt.Errorf("%s() got an unexpected keyword argument '%s'", name, kw.Name)
			}
			fallback = kw.Value
		}
		lists := make([][]jinja.Value, len(c.Args))
		shortest := 0
		for i, arg := range c.Args {
			items, err := list(c, arg)
			if err != nil {
				if strict {
					return nil, err
				}
				return fallback, nil
			}
			lists[i] = items
			if i == 0 || len(items) < shortest {
				shortest = len(items)
			}
		}
		rows := make([]jinja.Value, shortest)
		for i := range rows {
			row := make(jinja.Tuple, len(lists))
			for j := range lists {
				row[j] = lists[j][i]
			}
			rows[i] = row
		}
		return iterator("zip", rows), nil
	})
}

// iterator is a Python iterator over values that are known already: it can be run through once.
func iterator(name string, items []jinja.Value) jinja.Value {
	return jinja.NewGenerator(name, func() (jinja.Value, bool, error) {
		if len(items) == 0 {
			return nil, false, nil
		}
		v := items[0]
		items = items[1:]
		return v, true, nil
	})
}

func localMD5() *jinja.Func {
	return method("local_md5", []string{"value"}, func(a []jinja.Value) (jinja.Value, error) {
		s, ok := text(a[0])
		if !ok {
			return nil, fmt.Errorf("'%s' object has no attribute 'encode'", a[0].TypeName())
		}
		sum := md5.Sum([]byte(s))
		return jinja.Str(hex.EncodeToString(sum[:])), nil
	})
}

// diffOfTwoDicts is the first dict of lists without what the second has too, whatever the case of letters.
func diffOfTwoDicts() *jinja.Func {
	return jinja.NewFunc("diff_of_two_dicts", func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "diff_of_two_dicts", "dict_a", "dict_b")
		if err != nil {
			return nil, err
		}
		x, okX := a[0].(*jinja.Dict)
		y, okY := a[1].(*jinja.Dict)
		if !okX || !okY {
			wrong := a[0]
			if okX {
				wrong = a[1]
			}
			return nil, fmt.Errorf("'%s' object has no attribute 'items'", wrong.TypeName())
		}
		other := map[string]map[string]bool{}
		for k, v := range y.Entries {
			items, err := list(c, v)
			if err != nil {
				return nil, err
			}
			set := map[string]bool{}
			for _, item := range items {
				set[casefold(item)] = true
			}
			other[casefold(k)] = set
		}
		diff := jinja.NewDict(0)
		for k, v := range x.Entries {
			set, ok := other[casefold(k)]
			if !ok {
				if err := diff.Store(k, v); err != nil {
					return nil, err
				}
				continue
			}
			items, err := list(c, v)
			if err != nil {
				return nil, err
			}
			left := jinja.NewList()
			for _, item := range items {
				if !set[casefold(item)] {
					left.Items = append(left.Items, item)
				}
			}
			if len(left.Items) > 0 {
				if err := diff.Store(k, left); err != nil {
					return nil, err
				}
			}
		}
		return diff, nil
	})
}

func casefold(v jinja.Value) string {
	return strings.ReplaceAll(strings.ToLower(jinja.Text(v)), "ß", "ss")
}

func logFunc(emit func(message string, info bool)) *jinja.Func {
	return method("log", []string{"msg", "info="}, func(a []jinja.Value) (jinja.Value, error) {
		if emit != nil {
			emit(maskSecrets(jinja.Text(a[0])), a[1] != nil && jinja.Truth(a[1]))
		}
		return jinja.Str(""), nil
	})
}

func printFunc(emit func(message string)) *jinja.Func {
	return method("print", []string{"msg"}, func(a []jinja.Value) (jinja.Value, error) {
		if emit != nil {
			emit(maskSecrets(jinja.Text(a[0])))
		}
		return jinja.Str(""), nil
	})
}
