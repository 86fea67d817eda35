package basecontext

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Variables answers var() for one place: the root project's files, a package, a node. Package project implements it with
// dbt's precedence.
type Variables interface {
	// Lookup finds a variable.
	Lookup(name string) (jinja.Value, bool)
	// Has is what var.has_var answers. In YAML files that is narrower than Lookup: dbt looks at --vars only.
	Has(name string) bool
	// All are the variables as the message on a missing one lists them.
	All() *jinja.Dict
}

// Var is the function var of templates. Where the caller is named Configuration in dbt's messages, Node is "".
type Var struct {
	Variables Variables
	// Node is the name of the node that asks, for the message.
	Node string
	// Optional makes a missing variable None instead of an error, as at dbt's parse time.
	Optional bool
	// Text renders the string value of a variable that holds a template itself, as dbt does in models; nil leaves it.
	Text func(c *jinja.Call, template string) (jinja.Value, error)
}

// TypeName is what Python calls the object.
func (*Var) TypeName() string { return "Var" }

// Attr gives has_var.
func (v *Var) Attr(name string) (jinja.Value, bool, error) {
	if name != "has_var" {
		return nil, false, nil
	}
	return jinja.NewFunc("has_var", func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "Var.has_var", "var_name")
		if err != nil {
			return nil, err
		}
		name, ok := text(a[0])
		return jinja.Bool(ok && v.Variables.Has(name)), nil
	}), true, nil
}

// Call is var(name, default).
func (v *Var) Call(c *jinja.Call) (jinja.Value, error) {
	a, err := params(c, "Var.__call__", "var_name", "default=")
	if err != nil {
		return nil, err
	}
	name, ok := text(a[0])
	if ok {
		if value, found := v.Variables.Lookup(name); found {
			if s, isText := text(value); isText && v.Text != nil && HasTemplate(s) {
				return v.Text(c, s)
			}
			return value, nil
		}
	} else {
		name = jinja.Text(a[0])
	}
	if a[1] != nil {
		return a[1], nil
	}
	if v.Optional {
		return jinja.None, nil
	}
	return nil, v.missing(name)
}

// missing has the text that dbt's users grep for.
func (v *Var) missing(name string) error {
	node := v.Node
	if node == "" {
		node = "<Configuration>"
	}
	all := v.Variables.All()
	if all == nil {
		all = jinja.NewDict(0)
	}
	listed, err := dumpJSON(all, jsonStyle{sort: true, indent: 4, fallback: true})
	if err != nil {
		listed = "{}"
	}
	message := fmt.Sprintf("Required var '%s' not found in config:\nVars supplied to %s = %s", name, node, listed)
	for k, value := range all.Entries {
		if key, ok := text(k); ok && strings.HasPrefix(key, SecretPrefix) {
			if s, ok := text(value); ok && strings.TrimSpace(s) != "" {
				message = strings.ReplaceAll(message, s, "*****")
			}
		}
	}
	return errors.New(message)
}

// VarMap is the simplest Variables: one dict, as in dbt_project.yml, profiles.yml and packages.yml.
type VarMap struct{ Values *jinja.Dict }

// Lookup finds a variable.
func (m VarMap) Lookup(name string) (jinja.Value, bool) {
	if m.Values == nil {
		return nil, false
	}
	return m.Values.Get(name)
}

// Has is Lookup's second answer.
func (m VarMap) Has(name string) bool { _, ok := m.Lookup(name); return ok }

// All are the values.
func (m VarMap) All() *jinja.Dict { return m.Values }

// sortedKeys are the keys of a Go map in order, for messages.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// ParseVars reads --vars.
func ParseVars(text string) (*jinja.Dict, diag.List) {
	if text == "" {
		return nil, nil
	}
	f := source.NewFile("--vars", text)
	n, diags := yamldoc.Parse(f)
	if diags.HasErrors() {
		return nil, diags
	}
	if n.Kind != yamldoc.Mapping {
		d := diags.Add(diag.VarsInvalid, source.Whole(f), "The YAML provided in the --vars argument is not valid: expected a mapping, found %s", n.Kind)
		d.Hint = `write --vars '{name: value}'`
		return nil, diags
	}
	return DictFromYAML(n), diags
}
