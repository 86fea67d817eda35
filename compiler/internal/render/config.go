package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
)

// configValue is `config` in a template. While parsing, calling it adds to the node's config and every question is answered
// with an empty string; later, calling it does nothing and the questions are answered from the node's final config.
type configValue struct{ context *nodeContext }

func (v *configValue) TypeName() string {
	if v.context.mode == modeParse {
		return "ParseConfigObject"
	}
	return "RuntimeConfigObject"
}

// Call is {{ config(materialized='table', ...) }} or config({...}).
func (v *configValue) Call(call *jinja.Call) (jinja.Value, error) {
	if v.context.mode != modeParse {
		return jinja.Str(""), nil
	}
	return jinja.Str(""), addConfigCall(v.context.scan, call)
}

// addConfigCall notes a config() call.
func addConfigCall(scan *resource.Scan, call *jinja.Call) error {
	options := jinja.NewDict(len(call.Kwargs))
	switch {
	case len(call.Args) == 1 && len(call.Kwargs) == 0:
		given, ok := call.Args[0].(*jinja.Dict)
		if !ok {
			return fail(diag.WrongConfig, "Invalid inline model config")
		}
		options = given.Copy()
	case len(call.Args) == 0 && len(call.Kwargs) > 0:
		for _, kw := range call.Kwargs {
			options.Set(kw.Name, kw.Value)
		}
	default:
		return fail(diag.WrongConfig, "Invalid inline model config")
	}
	if err := renameHooks(options); err != nil {
		return err
	}
	if scan.Config == nil {
		scan.Config = options
		return nil
	}
	return mergeConfigCall(scan.Config, options)
}

// renameHooks gives pre_hook and post_hook the names they have in files.
func renameHooks(options *jinja.Dict) error {
	for _, name := range []string{"pre_hook", "post_hook"} {
		v, ok := options.Get(name)
		if !ok {
			continue
		}
		dashed := strings.Replace(name, "_", "-", 1)
		if _, both := options.Get(dashed); both {
			return failf(diag.WrongConfig, "Invalid config, has conflicting keys \"%s\" and \"%s\"", name, dashed)
		}
		options.Delete(name)
		options.Set(dashed, v)
	}
	return nil
}

// mergeConfigCall adds one config() call to those before it: some keys collect, some merge, the others replace. The first call
// of a node is taken as it is.
func mergeConfigCall(into, call *jinja.Dict) error {
	if into.Len() == 0 {
		for k, v := range call.Entries {
			if err := into.Store(k, v); err != nil {
				return err
			}
		}
		return nil
	}
	for k, v := range call.Entries {
		key := jinja.Text(k)
		before, had := into.Get(key)
		switch key {
		case "pre-hook", "pre_hook", "post-hook", "post_hook", "tags", "packages":
			items := jinja.NewList()
			if had {
				items.Items = append(items.Items, asItems(before)...)
			}
			items.Items = append(items.Items, asItems(v)...)
			into.Set(key, items)
		case "quoting", "column_types", "meta", "docs", "contract", "snapshot_meta_column_names":
			given, ok := v.(*jinja.Dict)
			if !ok {
				return failf(diag.WrongConfig, "expected dict, got %s", jinja.Text(v))
			}
			merged, ok := before.(*jinja.Dict)
			if !ok {
				into.Set(key, v)
				continue
			}
			merged = merged.Copy()
			for k, v := range given.Entries {
				if err := merged.Store(k, v); err != nil {
					return err
				}
			}
			into.Set(key, merged)
		case "grants":
			given, ok := v.(*jinja.Dict)
			if !ok {
				return failf(diag.WrongConfig, "expected dict, got %s", jinja.Text(v))
			}
			into.Set(key, mergeGrants(before, given))
		default:
			into.Set(key, v)
		}
	}
	return nil
}

// mergeGrants collects the grantees of each privilege; "+select" adds to those before, "select" replaces them.
func mergeGrants(before jinja.Value, given *jinja.Dict) *jinja.Dict {
	out := jinja.NewDict(given.Len())
	if d, ok := before.(*jinja.Dict); ok {
		for k, v := range d.Entries {
			out.Set(jinja.Text(k), jinja.NewList(asItems(v)...))
		}
	}
	for k, v := range given.Entries {
		key := jinja.Text(k)
		old, had := out.Get(key)
		if had && strings.HasPrefix(key, "+") {
			old.(*jinja.List).Items = append(old.(*jinja.List).Items, asItems(v)...)
			continue
		}
		out.Set(key, jinja.NewList(asItems(v)...))
	}
	return out
}

// asItems is a value as a list's items: a list's own, or the one value.
func asItems(v jinja.Value) []jinja.Value {
	if l, ok := v.(*jinja.List); ok {
		return append([]jinja.Value(nil), l.Items...)
	}
	return []jinja.Value{v}
}

// Attr gives the methods of config.
func (v *configValue) Attr(name string) (jinja.Value, bool, error) {
	c := v.context
	parse := c.mode == modeParse
	switch name {
	case "get", "meta_get":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			args, err := bind(call, name, "name", "default=", "validator=")
			if err != nil {
				return nil, err
			}
			if parse {
				return jinja.Str(""), nil
			}
			found, ok := c.configured(jinja.Text(args[0]), name == "meta_get")
			if !ok {
				found = args[1]
			}
			if !isNone(args[1]) {
				err = c.validate(call, args[2], found)
			}
			return found, err
		}), true, nil
	case "require", "meta_require":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			args, err := bind(call, name, "name", "validator=")
			if err != nil {
				return nil, err
			}
			if parse {
				return jinja.Str(""), nil
			}
			found, ok := c.configured(jinja.Text(args[0]), name == "meta_require")
			if !ok {
				return nil, failf(diag.MissingConfig, "Model '%s' does not define a required config parameter '%s'.", c.node.ID, jinja.Text(args[0]))
			}
			return found, c.validate(call, args[1], found)
		}), true, nil
	case "set":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			args, err := bind(call, name, "name", "value")
			if err != nil {
				return nil, err
			}
			d := jinja.NewDict(1)
			d.Set(jinja.Text(args[0]), args[1])
			one := *call
			one.Args, one.Kwargs = []jinja.Value{d}, nil
			return v.Call(&one)
		}), true, nil
	case "persist_relation_docs", "persist_column_docs":
		return function(name, func(*jinja.Call) (jinja.Value, error) {
			if parse {
				return jinja.Bool(false), nil
			}
			docs, ok := c.configured("persist_docs", false)
			if !ok {
				return jinja.Bool(false), nil
			}
			d, ok := docs.(*jinja.Dict)
			if !ok {
				return nil, failf(diag.WrongConfig, "Invalid value provided for 'persist_docs'. Expected dict but received %s", className(docs))
			}
			key := "relation"
			if name == "persist_column_docs" {
				key = "columns"
			}
			if set, ok := d.Get(key); ok {
				return set, nil
			}
			return jinja.Bool(false), nil
		}), true, nil
	case "model":
		return c.modelValue(), true, nil
	}
	return nil, false, nil
}

// configured answers config.get() from the node's final config: found is false where a default has to stand in.
func (c *nodeContext) configured(name string, meta bool) (jinja.Value, bool) {
	if c.node == nil || c.node.Config == nil {
		return nil, false
	}
	if meta {
		m, _ := c.node.Config.Get("meta")
		if d, ok := m.(*jinja.Dict); ok {
			return d.Get(name)
		}
		return nil, false
	}
	switch name {
	case "pre_hook", "post_hook":
		name = strings.Replace(name, "_", "-", 1)
	case "pre-hook", "post-hook":
		return nil, false
	}
	return c.node.Config.Get(name)
}

// validate calls a validator that a template gave to config.get.
func (c *nodeContext) validate(call *jinja.Call, validator, v jinja.Value) error {
	f, ok := validator.(jinja.Callable)
	if !ok {
		return nil
	}
	one := *call
	one.Args, one.Kwargs = []jinja.Value{v}, nil
	_, err := f.Call(&one)
	return err
}

// validationValue is `validation`: validation.any[...] in config.require(..., validator=validation.any['a', 'b']).
func (c *nodeContext) validationValue() jinja.Value {
	anyOf := func(options []jinja.Value) jinja.Value {
		return function("validate_any", func(call *jinja.Call) (jinja.Value, error) {
			args, err := bind(call, "inner", "value")
			if err != nil {
				return nil, err
			}
			shown := make([]string, len(options))
			for i, o := range options {
				if jinja.Equal(o, args[0]) {
					return jinja.None, nil
				}
				shown[i] = jinja.Text(o)
			}
			return nil, failf(diag.WrongConfig, "Expected value \"%s\" to be one of %s", jinja.Text(args[0]), strings.Join(shown, ","))
		})
	}
	return &object{kind: "AttrDict", attr: func(name string) (jinja.Value, bool) {
		if name != "any" {
			return nil, false
		}
		return &validateAny{anyOf}, true
	}}
}

// validateAny is validation.any, which dbt's documentation calls and indexes alike.
type validateAny struct {
	make func(options []jinja.Value) jinja.Value
}

func (*validateAny) TypeName() string                             { return "function" }
func (v *validateAny) Call(call *jinja.Call) (jinja.Value, error) { return v.make(call.Args), nil }

// Index takes one option or a tuple of them.
func (v *validateAny) Index(key jinja.Value) (jinja.Value, bool, error) {
	if t, ok := key.(jinja.Tuple); ok {
		return v.make(t), true, nil
	}
	return v.make([]jinja.Value{key}), true, nil
}
