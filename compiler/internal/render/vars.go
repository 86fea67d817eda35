package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// varValue is `var` in a template: var('name'), var('name', default), var.has_var('name').
type varValue struct{ context *nodeContext }

// TypeName is dbt's class.
func (v *varValue) TypeName() string {
	if v.context.mode == modeParse {
		return "ParseVar"
	}
	return "RuntimeVar"
}

func (v *varValue) all() *jinja.Dict { return v.context.engine.vars(v.context.names.local) }

// Call looks a variable up. A text with tags in it is rendered in turn.
func (v *varValue) Call(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "var", "var_name", "default=")
	if err != nil {
		return nil, err
	}
	name, ok := args[0].(jinja.Str)
	if ok {
		if found, ok := v.all().Get(string(name)); ok {
			if text, ok := found.(jinja.Str); ok {
				out, err := v.context.renderText(call.Thread, string(text))
				return jinja.Str(out), err
			}
			return found, nil
		}
	}
	if len(call.Args)+len(call.Kwargs) > 1 {
		return args[1], nil
	}
	if v.context.mode == modeParse {
		return jinja.None, nil
	}
	of := "<Configuration>"
	if v.context.node != nil {
		of = v.context.node.Name
	}
	return nil, failf(diag.VarMissing, "Required var '%s' not found in config:\nVars supplied to %s = %s", jinja.Text(args[0]), of, prettyVars(v.all()))
}

// Attr has has_var.
func (v *varValue) Attr(name string) (jinja.Value, bool, error) {
	if name != "has_var" {
		return nil, false, nil
	}
	return function("has_var", func(call *jinja.Call) (jinja.Value, error) {
		args, err := bind(call, "has_var", "var_name")
		if err != nil {
			return nil, err
		}
		_, found := v.all().Get(jinja.Text(args[0]))
		return jinja.Bool(found), nil
	}), true, nil
}

// prettyVars lists variables for an error, secrets left out.
func prettyVars(d *jinja.Dict) string {
	if d.Len() == 0 {
		return "{}"
	}
	var lines []string
	for k, v := range d.Entries {
		shown := jinja.Repr(v)
		if strings.HasPrefix(jinja.Text(k), secretPrefix) {
			shown = "*****"
		}
		lines = append(lines, "    "+jinja.Repr(k)+": "+shown)
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}"
}

// secretPrefix begins the names of environment variables that templates must not see.
const secretPrefix = "DBT_ENV_SECRET"

// callEnvVar is env_var(name, default=None).
func (c *nodeContext) callEnvVar(call *jinja.Call) (jinja.Value, error) {
	args, err := bind(call, "env_var", "var", "default=")
	if err != nil {
		return nil, err
	}
	name := jinja.Text(args[0])
	if strings.HasPrefix(name, secretPrefix) {
		return nil, failf(diag.EnvVarMissing, "Secret env vars are allowed only in profiles.yml or packages.yml. Found '%s' referenced elsewhere.", name)
	}
	if env := c.engine.options.Env; env != nil {
		if v, ok := env(name); ok {
			return jinja.Str(v), nil
		}
	}
	if !isNone(args[1]) {
		return args[1], nil
	}
	return nil, failf(diag.EnvVarMissing, "Env var required but not provided: '%s'", name)
}
