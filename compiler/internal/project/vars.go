package project

import (
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Vars are the variables as a package sees them. The command line goes before the root project, the root project before
// the package itself; in each, what is written under the package's name goes before what is written for all.
type Vars struct {
	cli     *jinja.Dict
	sources []*jinja.Dict // in order of precedence
	// inModels is the view of models and macros: has_var knows all variables, not those of the command line only.
	inModels bool
}

// YAMLVars is what var() sees in the properties files of a package. As in dbt, has_var knows --vars only there.
func (s *Set) YAMLVars(pkg string) *Vars { return s.vars(pkg, false) }

// ModelVars is what var() sees in a package's models, tests, snapshots and macros.
func (s *Set) ModelVars(pkg string) *Vars { return s.vars(pkg, true) }

func (s *Set) vars(pkg string, inModels bool) *Vars {
	v := &Vars{cli: s.CLIVars, inModels: inModels}
	add := func(p *Package) {
		if scoped, ok := p.Config.Vars.Get(pkg); ok {
			if d, isDict := scoped.(*jinja.Dict); isDict {
				v.sources = append(v.sources, d)
			}
		}
		v.sources = append(v.sources, p.Config.Vars)
	}
	add(s.Root)
	if p := s.byName[pkg]; p != nil && p != s.Root {
		add(p)
	}
	return v
}

var _ basecontext.Variables = (*Vars)(nil)

// Lookup finds a variable.
func (v *Vars) Lookup(name string) (jinja.Value, bool) {
	if value, ok := v.cli.Get(name); ok {
		return value, true
	}
	for _, d := range v.sources {
		if value, ok := d.Get(name); ok {
			return value, true
		}
	}
	return nil, false
}

// Has answers has_var.
func (v *Vars) Has(name string) bool {
	if !v.inModels {
		_, ok := v.cli.Get(name)
		return ok
	}
	_, ok := v.Lookup(name)
	return ok
}

// All are the variables as the message on a missing one lists them.
func (v *Vars) All() *jinja.Dict {
	if !v.inModels {
		return v.cli
	}
	all := jinja.NewDict(0)
	for i := len(v.sources) - 1; i >= 0; i-- {
		for k, value := range v.sources[i].Entries {
			_ = all.Store(k, value) // keys of a dict are hashable
		}
	}
	for k, value := range v.cli.Entries {
		_ = all.Store(k, value) // keys of a dict are hashable
	}
	return all
}
