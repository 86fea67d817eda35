package render

import (
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Package is what templates can ask of a project or package by builtins.ref.config.
type Package struct {
	Name, Version string
	// Vars are the variables of its dbt_project.yml, or of vars.yml, as written.
	Vars *jinja.Dict
}

// refValue is `ref`. dbt's has the project's settings as an attribute, which some packages read: builtins.ref.config.
type refValue struct{ context *nodeContext }

func (refValue) TypeName() string { return "RuntimeRefResolver" }

// Call refers to a node.
func (r refValue) Call(call *jinja.Call) (jinja.Value, error) { return r.context.callRef(call) }

// Attr finds the one attribute there is.
func (r refValue) Attr(name string) (jinja.Value, bool, error) {
	if name != "config" {
		return nil, false, nil
	}
	o := r.context.engine.options
	return r.context.runtimeConfig(o.Packages[o.Root]), true, nil
}

// runtimeConfig is the part of dbt's settings of a run that packages ask for: who the projects are, and what was given on the command line.
func (c *nodeContext) runtimeConfig(p Package) *object {
	options := &c.engine.options
	out := &object{kind: "RuntimeConfig", keys: func() []string { return nil }}
	out.attr = func(name string) (jinja.Value, bool) {
		switch name {
		case "project_name":
			return jinja.Str(p.Name), true
		case "version":
			return textOrNone(p.Version), true
		case "profile_name", "target_name", "threads":
			v, ok := c.dialect.target.Get(name)
			return v, ok
		case "credentials":
			return c.dialect.credentials, true
		case "args":
			return options.InvocationArgs, options.InvocationArgs != nil
		case "cli_vars":
			if options.InvocationArgs != nil {
				if v, ok := options.InvocationArgs.Get("vars"); ok {
					return v, true
				}
			}
			return jinja.NewDict(0), true
		case "vars":
			given := jinja.NewDict(0)
			if p.Vars != nil {
				given = p.Vars
			}
			return &object{kind: "VarProvider", attr: func(name string) (jinja.Value, bool) {
				switch name {
				case "vars":
					return given.DeepCopy(), true
				case "to_dict":
					return function(name, func(*jinja.Call) (jinja.Value, error) { return given.DeepCopy(), nil }), true
				}
				return nil, false
			}}, true
		case "dependencies":
			all := &object{kind: "dict", keys: func() []string {
				names := make([]string, 0, len(options.Packages))
				for n := range options.Packages {
					names = append(names, n)
				}
				slices.Sort(names)
				return names
			}}
			all.attr = func(pkg string) (jinja.Value, bool) {
				if known, ok := options.Packages[pkg]; ok {
					return c.runtimeConfig(known), true
				}
				return lookupMethods(all, pkg)
			}
			return all, true
		}
		return nil, false
	}
	return out
}
