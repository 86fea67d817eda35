package resolve

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// finish brings a state into the form of the manifest: every key of the kind in order, values of the types that dbt has
// there, further keys behind. The result is shared by all nodes with this state and never changed.
func (s *state) finish() (*jinja.Dict, []configProblem) {
	var problems []configProblem
	s.once.Do(func() {
		d := jinja.NewDict(len(s.vals) + len(s.extra))
		for i := range s.schema.fields {
			f := &s.schema.fields[i]
			v, bad := f.shaped(s.vals[i])
			if bad != "" {
				problems = append(problems, configProblem{f.name, bad})
			}
			_ = d.Store(s.schema.keys[i], v)
		}
		s.relate(d)
		for _, e := range s.extra {
			d.Set(e.key, e.value)
		}
		s.dict = d
	})
	return s.dict, problems
}

// relate makes the two ways to say where failures of a test go agree.
func (s *state) relate(d *jinja.Dict) {
	as, ok := d.Get("store_failures_as")
	if !ok {
		return
	}
	store, _ := d.Get("store_failures")
	if isNone(as) {
		if b, ok := store.(jinja.Bool); ok {
			as = jinja.Str("ephemeral")
			if b {
				as = jinja.Str("table")
			}
			d.Set("store_failures_as", as)
		}
		return
	}
	d.Set("store_failures", jinja.Bool(as != jinja.Value(jinja.Str("ephemeral"))))
}

// shaped is the value of a field as the manifest shows it; problem says what is wrong with it, in dbt's words.
func (f *field) shaped(v jinja.Value) (out jinja.Value, problem string) {
	if v == nil {
		v = f.def
	}
	switch f.shape {
	case anyValue:
		return v, ""
	case optText:
		if isNone(v) {
			return v, ""
		}
		s, ok := v.(jinja.Str)
		if !ok {
			s = jinja.Str(jinja.Text(v))
		}
		switch f.name {
		case "severity":
			if !strings.EqualFold(string(s), "warn") && !strings.EqualFold(string(s), "error") {
				return s, "Severity must be either 'warn' or 'error'. Got '" + string(s) + "'"
			}
		case "materialized":
			want, _ := f.def.(jinja.Str)
			if s != want && (want == "test" || want == "seed") {
				return s, "A " + string(want) + " must have a materialized value of '" + string(want) + "'"
			}
		}
		return s, ""
	case boolValue, optBool:
		if _, ok := v.(jinja.Bool); ok || f.shape == optBool && isNone(v) {
			return v, ""
		}
		if isNone(v) {
			return f.def, ""
		}
		if i, ok := v.(jinja.Int); ok && (i == 0 || i == 1) {
			return jinja.Bool(i == 1), ""
		}
		return v, jinja.Repr(v) + " is not of type 'boolean'"
	case optInt:
		switch x := v.(type) {
		case jinja.NoneType, jinja.Int:
			return v, ""
		case jinja.Str:
			if n, err := strconv.ParseInt(strings.TrimSpace(string(x)), 10, 64); err == nil {
				return jinja.Int(n), ""
			}
		case jinja.Float:
			return jinja.Int(int64(x)), ""
		}
		return v, jinja.Repr(v) + " is not of type 'integer'"
	case textOrList:
		if v == nil {
			return jinja.NewList(), ""
		}
		if l, ok := v.(*jinja.List); ok {
			return textItems(l), ""
		}
		if isNone(v) {
			return v, ""
		}
		return jinja.Str(jinja.Text(v)), ""
	case textList:
		if v == nil || isNone(v) {
			return jinja.NewList(), ""
		}
		if l, ok := v.(*jinja.List); ok {
			return textItems(l), ""
		}
		return jinja.NewList(jinja.Str(jinja.Text(v))), ""
	case mapping:
		if v == nil {
			return jinja.NewDict(0), ""
		}
		if _, ok := v.(*jinja.Dict); !ok {
			return v, jinja.Repr(v) + " is not of type 'object'"
		}
		return v, ""
	case hookList:
		return hooks(v)
	case docsShape:
		return filled(v, dictOf("show", jinja.Bool(true), "node_color", jinja.None))
	case contractShape:
		d, bad := filled(v, dictOf("enforced", jinja.Bool(false), "alias_types", jinja.Bool(true)))
		if m, ok := d.(*jinja.Dict); ok && bad == "" {
			if e, _ := m.Get("enforced"); e != nil {
				if _, ok := e.(jinja.Bool); !ok {
					bad = jinja.Repr(e) + " is not of type 'boolean'"
				}
			}
		}
		return d, bad
	case pointerShape:
		return filled(v, dictOf("enabled", jinja.None, "alias", jinja.None))
	case metaColumnsShape:
		return filled(v, dictOf("dbt_valid_to", jinja.None, "dbt_valid_from", jinja.None, "dbt_scd_id", jinja.None,
			"dbt_updated_at", jinja.None, "dbt_is_deleted", jinja.None))
	case cacheShape:
		return filled(v, dictOf("enabled", jinja.Bool(false)))
	case snowflakeShape:
		return filled(v, dictOf("quote_args", jinja.Bool(true)))
	case freshnessShape:
		return modelFreshness(v)
	case thresholdShape:
		if isNone(v) {
			return v, ""
		}
		return threshold(v), ""
	case accessShape:
		return oneOf(v, "private", "protected", "public")
	case changeShape:
		return oneOf(v, "apply", "continue", "fail")
	case onErrorShape:
		if isNone(v) {
			return v, ""
		}
		return oneOf(v, "skip_children", "continue")
	case onOffShape:
		switch x := v.(type) {
		case jinja.Bool:
			return jinja.Str(jinja.Text(x)), ""
		}
		return v, ""
	}
	return v, ""
}

func textItems(l *jinja.List) *jinja.List {
	for _, v := range l.Items {
		if _, ok := v.(jinja.Str); !ok {
			out := make([]jinja.Value, len(l.Items))
			for i, v := range l.Items {
				out[i] = jinja.Str(jinja.Text(v))
			}
			return jinja.NewList(out...)
		}
	}
	return l
}

func oneOf(v jinja.Value, words ...string) (jinja.Value, string) {
	s, ok := v.(jinja.Str)
	for _, w := range words {
		if ok && string(s) == w {
			return v, ""
		}
	}
	return v, "invalid value " + jinja.Repr(v) + ", expected one of " + strings.Join(words, ", ")
}

// filled gives a mapping the keys of its type with their defaults; keys that the type does not have are dropped.
func filled(v jinja.Value, defaults *jinja.Dict) (jinja.Value, string) {
	if v == nil {
		return defaults, ""
	}
	d, ok := v.(*jinja.Dict)
	if !ok {
		return v, "expected dict, got " + jinja.Repr(v)
	}
	for k := range defaults.Entries {
		name := jinja.Text(k)
		if x, ok := d.Get(name); ok {
			defaults.Set(name, x)
		}
	}
	return defaults, ""
}

// hooks brings hooks into the form {sql, transaction, index}. A text may itself be the JSON of such a mapping.
func hooks(v jinja.Value) (jinja.Value, string) {
	list := items(v)
	out := make([]jinja.Value, 0, len(list))
	for _, h := range list {
		switch h := h.(type) {
		case *jinja.Dict:
			out = append(out, hook(h))
		case jinja.Str:
			if d := hookJSON(string(h)); d != nil {
				out = append(out, hook(d))
				continue
			}
			out = append(out, dictOf("sql", h, "transaction", jinja.Bool(true), "index", jinja.None))
		default:
			return jinja.NewList(out...), "a hook must be a string or a mapping with the key 'sql', got " + jinja.Repr(h)
		}
	}
	return jinja.NewList(out...), ""
}

func hook(h *jinja.Dict) *jinja.Dict {
	d, _ := filled(h, dictOf("sql", jinja.Str(""), "transaction", jinja.Bool(true), "index", jinja.None))
	return d.(*jinja.Dict)
}

func hookJSON(text string) *jinja.Dict {
	if t := strings.TrimSpace(text); !strings.HasPrefix(t, "{") || !strings.HasSuffix(t, "}") {
		return nil
	}
	var h struct {
		SQL         *string `json:"sql"`
		Transaction *bool   `json:"transaction"`
		Index       *int64  `json:"index"`
	}
	if json.Unmarshal([]byte(text), &h) != nil || h.SQL == nil {
		return nil
	}
	d := dictOf("sql", jinja.Str(*h.SQL))
	if h.Transaction != nil {
		d.Set("transaction", jinja.Bool(*h.Transaction))
	}
	if h.Index != nil {
		d.Set("index", jinja.Int(*h.Index))
	}
	return d
}

// modelFreshness keeps the freshness of a model only if it says build_after, as dbt does.
func modelFreshness(v jinja.Value) (jinja.Value, string) {
	d, ok := v.(*jinja.Dict)
	if !ok {
		return jinja.None, ""
	}
	b, ok := d.Get("build_after")
	if !ok {
		return jinja.None, ""
	}
	after, bad := filled(b, dictOf("count", jinja.None, "period", jinja.None, "updates_on", jinja.Str("any")))
	if bad != "" {
		return v, bad
	}
	m := after.(*jinja.Dict)
	count, _ := m.Get("count")
	period, _ := m.Get("period")
	switch {
	case !isNone(period) && isNone(count):
		bad = "`freshness.build_after` must have a value for `count` if a `period` is provided"
	case !isNone(count) && isNone(period):
		bad = "`freshness.build_after` must have a value for `period` if a `count` is provided"
	}
	return dictOf("build_after", m), bad
}

// threshold is the freshness of a source with all its keys.
func threshold(v jinja.Value) jinja.Value {
	d, _ := v.(*jinja.Dict)
	span := func(key string) jinja.Value {
		x := jinja.Value(nil)
		if d != nil {
			x, _ = d.Get(key)
		}
		if x != nil && isNone(x) {
			return x
		}
		out, _ := filled(x, dictOf("count", jinja.None, "period", jinja.None))
		return out
	}
	filter := jinja.Value(jinja.None)
	if d != nil {
		if f, ok := d.Get("filter"); ok {
			filter = f
		}
	}
	return dictOf("warn_after", span("warn_after"), "error_after", span("error_after"), "filter", filter)
}
