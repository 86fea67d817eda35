package render

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// dependencies are the unique ids of the macros that a macro calls, as far as its text shows: depends_on.macros of a macro in
// the manifest. Like dbt's, the reading is generous: any call of a name, or of an attribute of a name, that some macro has
// counts, and adapter.dispatch counts both for what it names and for what it picks.
func (e *Engine) dependencies(m *macro, d *dialectContext) []string {
	def := m.definition()
	if def == nil {
		return nil
	}
	r := e.resolver(d)
	var found []string
	add := func(pkg, name string) {
		if dep := r.find(pkg, name); dep != nil && !slices.Contains(found, dep.res.ID) {
			found = append(found, dep.res.ID)
		}
	}
	called := func(name string) {
		if name == m.res.Name {
			return
		}
		pkg := m.res.Package
		if before, after, dotted := strings.Cut(name, "."); dotted {
			pkg, name = before, after
		}
		add(pkg, name)
	}
	def.Walk(func(n jinja.Node) bool {
		call, ok := n.(*jinja.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Func.(type) {
		case *jinja.Name:
			if !plainContextName(f.Name) {
				called(f.Name)
			}
		case *jinja.Getattr:
			of, ok := f.Expr.(*jinja.Name)
			if !ok {
				break
			}
			if of.Name != "adapter" {
				called(of.Name + "." + f.Name)
				break
			}
			if f.Name != "dispatch" {
				break
			}
			name, namespace, ok := dispatchArguments(call)
			if !ok {
				break
			}
			called(name)
			if picked := r.dispatch(e.options.Dispatch, name, namespace); picked != nil {
				called(picked.res.Package + "." + picked.res.Name)
			}
		}
		return true
	})
	return found
}

// dispatchArguments reads adapter.dispatch('name', 'namespace') where both are literals.
func dispatchArguments(call *jinja.CallExpr) (name, namespace string, ok bool) {
	text := func(e jinja.Expr) string {
		if c, ok := e.(*jinja.Const); ok {
			if s, ok := c.Value.(jinja.Str); ok {
				return string(s)
			}
		}
		return ""
	}
	if len(call.Args) > 0 {
		name = text(call.Args[0])
	}
	if len(call.Args) > 1 {
		namespace = text(call.Args[1])
	}
	for _, kw := range call.Kwargs {
		switch kw.Name {
		case "macro_name":
			name = text(kw.Value)
		case "macro_namespace":
			namespace = text(kw.Value)
		}
	}
	return name, namespace, name != ""
}

// plainContextName says whether a called name is a function of the context that every template has, which dbt does not take
// for a macro even where a macro has its name.
func plainContextName(name string) bool {
	switch name {
	case "ref", "source", "config", "var", "env_var", "return", "fromjson", "tojson", "fromyaml", "toyaml", "set", "set_strict",
		"zip", "zip_strict", "log", "print", "modules", "flags", "diff_of_two_dicts", "local_md5", "target", "builtins", "context",
		"dbt_version", "run_started_at", "invocation_id", "thread_id", "project_name", "otel_trace_id", "otel_span_id":
		return true
	}
	return false
}

// resolver finds macros for dependencies and for tests: dbt's MacroResolver, which knows all macros by name, those of the root
// project before those of packages before the built-in ones.
type resolver struct {
	lib    *Library
	family family
	byName map[string]*macro
	inner  map[string]*macro
}

func (e *Engine) resolver(d *dialectContext) *resolver {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.resolvers[d.name]; r != nil {
		return r
	}
	l := e.options.Library
	r := &resolver{lib: l, family: d.family, byName: map[string]*macro{}, inner: map[string]*macro{}}
	for _, name := range slices.Backward(d.family.packages) {
		for _, m := range l.builtins.get(name).order {
			r.inner[m.res.Name] = m
			r.byName[m.res.Name] = m
		}
	}
	for _, name := range append(slices.Clone(l.order), l.root) {
		if p := l.packages[name]; p != nil {
			for _, m := range p.order {
				r.byName[m.res.Name] = m
			}
		}
	}
	e.resolvers[d.name] = r
	return r
}

// find is get_macro(local_package, name).
func (r *resolver) find(pkg, name string) *macro {
	p := r.lib.packages[pkg]
	if p == nil && slices.Contains(r.family.packages, pkg) {
		p = r.lib.builtins.get(pkg)
	}
	if p != nil {
		if m := p.byName[name]; m != nil {
			return m
		}
	}
	return r.byName[name]
}

func (r *resolver) dispatch(order map[string][]string, name, namespace string) *macro {
	packages := []string{""}
	switch {
	case namespace == "":
	case len(order[namespace]) > 0:
		packages = order[namespace]
	case r.lib.packages[namespace] != nil || slices.Contains(r.family.packages, namespace):
		packages = []string{r.lib.root, namespace}
	}
	for _, pkg := range packages {
		for _, prefix := range r.family.prefixes {
			var m *macro
			switch p := r.lib.packages[pkg]; {
			case pkg == "":
				m = r.byName[prefix+"__"+name]
			case pkg == "dbt":
				m = r.inner[prefix+"__"+name]
			case p != nil:
				m = p.byName[prefix+"__"+name]
			}
			if m != nil {
				return m
			}
		}
	}
	return nil
}

// CompleteMacros fills in what only the manifest shows of the macros that Library.Macros lists: which macros each calls, and the
// arguments of the built-in ones. It parses all of them, which is why it is not done before it is needed. It must not run beside
// other users of the library.
func (e *Engine) CompleteMacros(dialect string) {
	d := e.dialect(dialect)
	for _, p := range e.options.Library.inDialect(d.family) {
		for _, m := range p.order {
			def := m.definition()
			if def == nil {
				continue
			}
			m.res.Def = def
			if m.res.Arguments == nil {
				m.res.Arguments = arguments(def)
			}
			m.res.DependsOnMacros = e.dependencies(m, d)
		}
	}
}

// arguments are a macro's parameters as the manifest shows them. A materialization has the one that dbt gives it.
func arguments(def *jinja.Macro) []*jinja.Dict {
	out := make([]*jinja.Dict, 0, len(def.Params))
	for _, p := range def.Params {
		d := jinja.NewDict(3)
		d.Set("name", jinja.Str(p.Name))
		d.Set("type", jinja.None)
		d.Set("description", jinja.Str(""))
		out = append(out, d)
	}
	return out
}
