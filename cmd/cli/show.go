package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// showCommand compiles one query, runs it and prints its first rows.
func showCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "show",
		Short: "Run a node's query and print its first rows",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.preview(cmd.Context()) },
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.threadFlag(f)
	f.BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "compile incremental models as for a full refresh")
	f.StringVar(&o.inline, "inline", "", "SQL to run instead of a node")
	f.IntVar(&o.limit, "limit", 5, "rows to print; -1 for all")
	f.StringVar(&o.output, "output", "text", "text or json")
	f.BoolVar(&o.introspect, "introspect", true, "let templates query the warehouse")
	negate(f, "introspect")
	return c
}

func (o *options) preview(ctx context.Context) error {
	if err := oneOf("output", o.output, "text", "json"); err != nil {
		return err
	}
	if o.inline == "" && len(o.selection()) == 0 && o.selector == "" {
		return fmt.Errorf("show needs --select or --inline")
	}
	p, err := o.open(ctx, "show")
	if err != nil {
		return err
	}
	w, err := o.warehouse(ctx, p)
	if err != nil {
		return err
	}
	defer w.Close()
	if o.inline != "" {
		if err := o.deferTo(ctx, p, compiler.Selected{}, "show", w); err != nil {
			return err
		}
		code, messages, diags := p.Inline(ctx, o.inline, compiler.CompileOptions{Warehouse: w, ReadOnly: true})
		o.messages(messages)
		o.report(diags)
		if diags.HasErrors() {
			return exitError{code: exitUsage}
		}
		shown := inlineResult(p, code)
		if err := o.showRows(ctx, p, w, &shown, true); err != nil {
			return err
		}
		return o.writeCompiledResults(p, []event.NodeFinished{shown})
	}
	selected, err := o.choose(p, "show")
	if err != nil {
		return err
	}
	if err := o.deferTo(ctx, p, selected, "show", w); err != nil {
		return err
	}
	compilation, diags := p.Compile(ctx, compiler.CompileOptions{Selected: selected.IDs, Warehouse: w, ReadOnly: true})
	o.messages(compilation.Messages)
	o.report(diags)
	if diags.HasErrors() {
		return exitError{code: exitUsage}
	}
	results := compiledResults(p, compilation, selected.IDs, len(o.selection()) > 0)
	for i := range results {
		r := &results[i]
		if r.Kind == node.Seed {
			r.CompiledCode, r.Compiled = "select * from "+p.RelationName(r.Node), true
		}
		if !r.Compiled {
			continue
		}
		if err := o.showRows(ctx, p, w, r, o.named(p.Name(r.Node))); err != nil {
			return err
		}
	}
	for i := range results {
		if results[i].Kind != node.Seed {
			compilation.Sent(results[i].Node, results[i].CompiledCode)
		}
	}
	if err := o.writeManifest(p, compilation); err != nil {
		return err
	}
	return o.writeCompiledResults(p, results)
}

// named says whether a node is named by the selection, and did not only come along with another: dbt prints no others.
func (o *options) named(name string) bool {
	return o.selector != "" || slices.ContainsFunc(o.selection(), func(s string) bool { return strings.Contains(s, name) })
}

// showRows runs the text of a node with a limit, and prints the rows of those that are asked for: what the selection brings along, as
// tests, is run too, as in dbt. Its result gets the query and the engine's answer.
func (o *options) showRows(ctx context.Context, p *compiler.Project, w compiler.Warehouse, r *event.NodeFinished, print bool) error {
	name, id := p.Name(r.Node), r.Node
	if r.Kind == node.SQLOperation {
		name, id = "", ""
	}
	query, diags := p.ShowSQL(ctx, w, id, r.CompiledCode, o.limit)
	o.report(diags)
	if diags.HasErrors() {
		return exitError{code: exitUsage}
	}
	begun := o.world.Now()
	result, err := w.Execute(ctx, query, true, o.limit)
	if err == nil {
		r.CompiledCode, r.Elapsed = query, o.world.Now().Sub(begun)
		r.Response = &event.Response{Message: result.Message, Code: result.Code}
	}
	if err == nil && !print {
		return nil
	}
	if err != nil {
		var exit exitError
		if errors.As(err, &exit) { // the engine could not be opened
			return err
		}
		return exitError{exitUsage, fmt.Errorf("%s: %w\n  help: what the query reads must have been built: weft build", orInline(name), err)}
	}
	if o.jsonTalk() {
		preview, text := compiler.ShowText(result), "Previewing inline node:\n"
		if name != "" {
			text = "Previewing node '" + name + "':\n"
		}
		if o.output == "json" {
			rows, err := compiler.ShowJSON(name, result)
			if err != nil {
				return err
			}
			preview, text = string(rows), ""
		}
		o.emit("ShowNode", "Q041", text+preview, map[string]any{"node_name": orInlineNode(name), "preview": preview, "is_inline": name == "", "output_format": o.output})
		return nil
	}
	if o.output == "json" {
		text, err := compiler.ShowJSON(name, result)
		if err != nil {
			return err
		}
		_, err = o.world.Stdout.Write(text)
		return err
	}
	if name == "" {
		fmt.Fprintln(o.world.Stdout, "Previewing inline node:")
	} else {
		fmt.Fprintf(o.world.Stdout, "Previewing node '%s':\n", name)
	}
	_, err = fmt.Fprintln(o.world.Stdout, compiler.ShowText(result))
	return err
}

func orInline(name string) string {
	if name == "" {
		return "inline query"
	}
	return name
}

func orInlineNode(name string) string {
	if name == "" {
		return "inline_query"
	}
	return name
}
