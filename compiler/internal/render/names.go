package render

import "slices"

// names is everything that the macros of a library put into a template's context, for one package and one dialect: which
// macro or package a plain name stands for. It is immutable once made and shared by all nodes of that package and dialect.
//
// dbt's order, the first that has the name wins: the node's own package, the root project, the packages by their names, `dbt`
// for the built-in packages together, and last the built-in macros one by one.
type names struct {
	family  family
	local   string
	lib     *Library
	entries map[string]binding
	// builtin is what `dbt.` stands for: the built-in packages of the dialect, the most specific first.
	builtin map[string]*macro
}

// binding is what a name stands for: a macro or, if that is nil, a package.
type binding struct {
	macro *macro
	pack  *namespace
}

// namespace is a package as a template sees it: dbt_utils in {{ dbt_utils.star() }}.
type namespace struct {
	name   string
	macros map[string]*macro
}

// family is a dialect with its ancestors: which prefixes dispatch tries, and which built-in packages there are.
type family struct {
	dialect  string
	prefixes []string
	packages []string
}

// names resolves the context of a package in a dialect.
func (l *Library) names(pkg string, f family) *names {
	n := &names{family: f, local: pkg, lib: l, builtin: map[string]*macro{}}
	for _, name := range f.packages {
		for _, m := range l.builtins.get(name).order {
			if n.builtin[m.res.Name] == nil {
				n.builtin[m.res.Name] = m
			}
		}
	}
	n.entries = make(map[string]binding, len(n.builtin)+64)
	for name, m := range n.builtin {
		n.entries[name] = binding{macro: m}
	}
	n.entries["dbt"] = binding{pack: &namespace{name: "dbt", macros: n.builtin}}
	for _, name := range l.order {
		n.entries[name] = binding{pack: &namespace{name: name, macros: l.packages[name].byName}}
	}
	for _, name := range []string{l.root, pkg} {
		p := l.packages[name]
		if p == nil && slices.Contains(f.packages, name) {
			p = l.builtins.get(name)
		}
		if p != nil {
			for _, m := range p.order {
				n.entries[m.res.Name] = binding{macro: m}
			}
		}
	}
	return n
}

// fromPackage finds a macro as adapter.dispatch does: in the whole context if pkg is "", else in that package. The package is
// looked up as a package even where a macro has its name.
func (n *names) fromPackage(pkg, name string) *macro {
	if pkg == "" {
		return n.entries[name].macro
	}
	if pkg == "dbt" {
		return n.builtin[name]
	}
	if p := n.lib.packages[pkg]; p != nil {
		return p.byName[name]
	}
	return nil
}

// isPackage says whether dbt counts the name among the project's dependencies.
func (n *names) isPackage(name string) bool {
	if n.lib.packages[name] != nil {
		return true
	}
	return slices.Contains(n.family.packages, name)
}
