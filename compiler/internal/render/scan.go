package render

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// Scan reads a node's text as dbt's parser does: it is rendered with execute=False, the text is thrown away, and what counts is
// what ref, source, config and the macros were called with on the way.
func (e *Engine) Scan(n *resource.Node) (found resource.Scan, diags diag.List) {
	defer recoverInternal(&diags, n)
	if n.Language == "python" {
		return e.scanPython(n)
	}
	if n.Test != nil && n.Test.Generic {
		return e.scanTest(n)
	}
	text := n.Code
	if text.IsZero() {
		text = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	}
	t, diags := jinja.Parse(text, dialectOfDbt)
	if t == nil {
		return found, ofNode(diags, n)
	}
	if t.Constant() {
		return found, diags
	}
	c := e.context(n, modeParse)
	c.scan = &found
	thread := c.scanThread()
	if d := c.capture(t, thread); d != nil {
		diags = append(diags, *d)
	}
	e.threads.Put(thread)
	found.Macros = c.macros
	return found, append(diags, c.warnings()...)
}

// MentionsThis says whether the text of a node has the name `this` in it, wherever: dbt then takes the node for one that reads its own table.
func (e *Engine) MentionsThis(n *resource.Node) (found bool) {
	text := n.Code
	if text.IsZero() {
		text = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	}
	t, _ := jinja.Parse(text, dialectOfDbt)
	if t == nil {
		return false
	}
	t.Walk(func(x jinja.Node) bool {
		if name, ok := x.(*jinja.Name); ok && name.Name == "this" {
			found = true
		}
		return !found
	})
	return found
}

// ScanText reads a further text of a node, a hook for example, and adds what it refers to.
func (e *Engine) ScanText(n *resource.Node, text source.Span, found *resource.Scan) (diags diag.List) {
	defer recoverInternal(&diags, n)
	t, diags := jinja.Parse(text, dialectOfDbt)
	if t == nil || t.Constant() {
		return ofNode(diags, n)
	}
	c := e.context(n, modeParse)
	c.file = text
	c.scan, c.macros = found, found.Macros
	if d := c.capture(t, c.thread()); d != nil {
		diags = append(diags, *d)
	}
	found.Macros = c.macros
	return diags
}

// capture renders a template for what it calls. Names that do not exist swallow whatever is done with them: the macro may be
// of a package that is not installed, and nothing is executed yet.
func (c *nodeContext) capture(t *jinja.Template, thread *jinja.Thread) *diag.Diagnostic {
	if err := t.Run(thread, c); err != nil {
		d := c.diagnose(err)
		return &d
	}
	return nil
}

// warnings are the warnings a template gave.
func (c *nodeContext) warnings() (diags diag.List) {
	for _, m := range c.messages {
		if m.Warning {
			diags.Add(diag.RaisedWarning, m.Span, "%s", m.Text).Node = string(c.node.ID)
		}
	}
	return diags
}

// ofNode marks diagnostics as those of a node.
func ofNode(diags diag.List, n *resource.Node) diag.List {
	for i := range diags {
		diags[i].Node = string(n.ID)
	}
	return diags
}

// testMacro finds the macro of a generic test as dbt does: in the package that it names, else in that of the file that uses it,
// else wherever it is.
func (e *Engine) testMacro(pkg, namespace, name string, d *dialectContext) *macro {
	name = "test_" + name
	if namespace != "" {
		if m := e.findMacro(name, namespace, d); m != nil {
			return m
		}
	}
	if p := e.options.Library.packages[pkg]; p != nil && p.byName[name] != nil {
		return p.byName[name]
	}
	return e.findMacro(name, "", d)
}

// scanTest reads a generic test: its arguments first, which hold the ref of what it tests, then the call of its macro.
func (e *Engine) scanTest(n *resource.Node) (found resource.Scan, diags diag.List) {
	d := e.dialect(n.Dialect)
	test := e.testMacro(n.Package, n.Test.Namespace, n.Test.Name, d)
	if test != nil {
		found.Macros = append(found.Macros, test.res.ID)
		if test.res.BuiltIn && !e.noShortcuts && e.scanStaticTest(n, test, d, &found) {
			return found, nil
		}
	}
	c := e.context(n, modeParse)
	c.scan, c.macros = &found, found.Macros
	thread := c.scanThread()
	defer e.threads.Put(thread)
	if err := c.addTestArguments(thread); err != nil {
		return found, diag.List{c.diagnose(err)}
	}
	t, diags := e.testTemplate(n)
	if t == nil {
		return found, diags
	}
	if d := c.capture(t, thread); d != nil {
		diags = append(diags, *d)
	}
	found.Macros = c.macros
	return found, append(diags, c.warnings()...)
}
