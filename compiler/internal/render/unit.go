package render

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// UnitTest says that a model's text is rendered for a unit test: its inputs take the place of what it refers to, and some of what
// its template asks is answered by the test.
type UnitTest struct {
	// Test is the node that is rendered; other nodes (the inputs) see nothing of this.
	Test *resource.Node
	// This is the input that stands for the model's own relation, nil if `this` is nothing.
	This *resource.Node
	// Names are the inputs that are called in another way than by their alias.
	Names map[node.ID]string
	// Macros, Vars and EnvVars are the test's overrides; nil for none.
	Macros, Vars, EnvVars *jinja.Dict
}

// testing is the unit test that the context's node is, nil if it is none.
func (c *nodeContext) testing() *UnitTest {
	if c.run == nil || c.run.options.Unit == nil || c.node != c.run.options.Unit.Test {
		return nil
	}
	return c.run.options.Unit
}

// prepareUnit gives a context what a unit test puts in the place of the real things. As in dbt the input for `this` comes before all
// others, whether the model asks for it or not.
func (c *nodeContext) prepareUnit() {
	u := c.testing()
	if u == nil {
		return
	}
	if u.This != nil {
		c.ctes = append(c.ctes, u.This.ID)
	}
	if u.Macros == nil {
		return
	}
	set := func(name string, v jinja.Value) {
		if c.extra == nil {
			c.extra = map[string]jinja.Value{}
		}
		c.extra[name] = v
	}
	inPackage := func(pkg, name string, v jinja.Value) {
		if c.replaced == nil {
			c.replaced = map[string]map[string]jinja.Value{}
		}
		if c.replaced[pkg] == nil {
			c.replaced[pkg] = map[string]jinja.Value{}
		}
		c.replaced[pkg][name] = v
	}
	// A name without a package is stronger than the same name with one.
	for _, dotted := range []bool{true, false} {
		for k, v := range u.Macros.Entries {
			key := jinja.Text(k)
			pkg, name, found := strings.Cut(key, ".")
			if found != dotted {
				continue
			}
			if !found {
				name = key
			}
			known := c.names.entries[pkg].pack
			switch {
			case found && (known == nil || known.macros[name] == nil):
			case found:
				inPackage(pkg, name, c.standIn(known.macros[name], v))
				if pkg == "dbt" || c.names.entries[name].macro == known.macros[name] {
					set(name, c.standIn(known.macros[name], v))
				}
			default:
				m := c.names.entries[name].macro
				if m == nil {
					if _, ok := c.builtin(name); !ok {
						continue
					}
				}
				set(name, c.standIn(m, v))
				if c.names.builtin[name] != nil {
					inPackage("dbt", name, c.standIn(m, v))
				}
			}
		}
	}
}

// standIn is what an override puts in the place of a macro: whatever it is called with, it gives the same. What is no macro is
// replaced by the value itself.
func (c *nodeContext) standIn(m *macro, v jinja.Value) jinja.Value {
	if m == nil {
		return v
	}
	return function(m.res.Name, func(*jinja.Call) (jinja.Value, error) { return v, nil })
}

// unitThis is `this` in a unit test: the name of the input that stands for it, as a text.
func (c *nodeContext) unitThis(u *UnitTest) jinja.Value {
	if u.This == nil {
		return jinja.None
	}
	return jinja.Str(warehouse.EphemeralPrefix + u.This.Alias)
}

// unitSource is source() in a unit test: the input that stands for the table.
func (c *nodeContext) unitSource(u *UnitTest, target *resource.Node) (jinja.Value, error) {
	if !slices.Contains(c.ctes, target.ID) {
		c.ctes = append(c.ctes, target.ID)
	}
	return warehouse.NewEphemeral(c.dialect.data, u.name(target), warehouse.RelationOptions{})
}

func (u *UnitTest) name(n *resource.Node) string {
	if u != nil {
		if name, ok := u.Names[n.ID]; ok {
			return name
		}
	}
	return n.Alias
}

// unitVars are the variables of a unit test: its own, then those that its package sees.
type unitVars struct {
	own *jinja.Dict
	basecontext.Variables
}

// Lookup finds a variable.
func (v unitVars) Lookup(name string) (jinja.Value, bool) {
	if x, ok := v.own.Get(name); ok {
		return x, true
	}
	return v.Variables.Lookup(name)
}

// Has is Lookup's second answer.
func (v unitVars) Has(name string) bool {
	if _, ok := v.own.Get(name); ok {
		return true
	}
	return v.Variables.Has(name)
}

// All are the variables as messages list them.
func (v unitVars) All() *jinja.Dict {
	all := v.Variables.All().Copy()
	for k, x := range v.own.Entries {
		all.Set(jinja.Text(k), x)
	}
	return all
}

// unitEnvVar is env_var() in a unit test.
func (c *nodeContext) unitEnvVar(u *UnitTest) jinja.Value {
	real, _ := c.engine.envVar.(jinja.Callable)
	return function("env_var", func(call *jinja.Call) (jinja.Value, error) {
		name := jinja.Value(nil)
		if len(call.Args) > 0 {
			name = call.Args[0]
		}
		for _, kw := range call.Kwargs {
			if kw.Name == "var" {
				name = kw.Value
			}
		}
		if s, ok := name.(jinja.Str); ok {
			if v, ok := u.EnvVars.Get(string(s)); ok {
				return v, nil
			}
		}
		return real.Call(call)
	})
}
