package compiler

import (
	"context"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/selector"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Operation is a macro that is to be run by itself, with its arguments.
type Operation struct {
	// ID is the macro's unique id.
	ID node.ID
	// Name is the macro's name without its package.
	Name, Package string

	arguments *jinja.Dict
}

// Operation finds a macro ("name" or "package.name") and reads its arguments, a YAML mapping.
func (p *Project) Operation(name, args string) (Operation, diag.List) {
	var diags diag.List
	op := Operation{Name: name}
	if pkg, rest, dotted := strings.Cut(name, "."); dotted {
		op.Package, op.Name = pkg, rest
	}
	if args != "" {
		f := source.NewFile("--args", args)
		n, list := yamldoc.Parse(f)
		if diags = append(diags, list...); list.HasErrors() {
			return op, diags
		}
		if n.Kind != yamldoc.Mapping {
			d := diags.Add(diag.VarsInvalid, source.Whole(f), "The YAML provided in the --args argument is not valid: expected a mapping, found %s", n.Kind)
			d.Hint = `write --args '{name: value}'`
			return op, diags
		}
		op.arguments = basecontext.DictFromYAML(n)
	}
	m := p.engine.FindMacro(op.Name, op.Package, p.set.Profile.Type)
	if m == nil {
		in := "any package"
		if op.Package != "" {
			in = "the package " + op.Package
		}
		var names []string
		for _, known := range p.bound.Macros {
			if !known.BuiltIn {
				names = append(names, known.Name)
			}
		}
		diags.Add(diag.MacroNotFound, source.Span{}, "there is no macro with the name %q in %s", op.Name, in).Hint = suggestion(op.Name, names)
		return op, diags
	}
	op.ID, op.Package = node.ID(m.ID), m.Package
	return op, diags
}

// Failure is what went wrong with a macro that was run by itself, as dbt words it. Only what the macro raised itself has its name and
// the macros that led there.
func (p *Project) Failure(op Operation, list diag.List) string {
	for _, d := range list {
		if d.Severity != diag.Error {
			continue
		}
		what, of, stack := "Compilation Error", "", ""
		switch {
		case d.Code == diag.StatementFailed:
			what = "Runtime Error"
		case strings.HasSuffix(d.Detail, "division by zero"):
			what = "Runtime Error"
		case d.Code == diag.RaisedError:
			for _, m := range p.bound.Macros {
				if m.ID == string(op.ID) {
					of = "macro " + m.Name + " (" + m.OriginalPath + ")"
				}
			}
			stack = "\n\n> in " + strings.Join(append(d.Stack[:len(d.Stack):len(d.Stack)], of), "\n> called by ")
			of = " in " + of
		}
		detail := strings.TrimRight(strings.TrimPrefix(d.Detail, "running a query: "), "\n")
		return what + of + "\n  " + strings.ReplaceAll(detail+stack, "\n", "\n  ")
	}
	return ""
}

// RunOperation runs a macro. said gets what the macro says, while it runs; w answers and executes its statements.
func (p *Project) RunOperation(ctx context.Context, op Operation, w Warehouse, said func(Message)) diag.List {
	r := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: w, Said: func(m render.Message) {
		said(Message{Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}})
	_, rest, diags := r.RunMacro(op.Package, op.Name, op.arguments, p.set.Profile.Type)
	for _, m := range rest {
		said(Message{Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}
	return diags
}

// suggestion names the macro that was meant, if there are any to name.
func suggestion(name string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return selector.Suggest(name, names)
}
