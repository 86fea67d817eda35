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
		return o.printRows(ctx, p, w, "", code)
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
	for _, id := range selected.IDs {
		name := p.Name(id)
		if !o.named(name) {
			continue
		}
		if id.Kind() == node.Seed {
			if err := o.printRows(ctx, p, w, name, "select * from "+p.RelationName(id)); err != nil {
				return err
			}
			continue
		}
		code, ok := compilation.Code(id)
		if !ok {
			continue
		}
		if err := o.printRows(ctx, p, w, name, code); err != nil {
			return err
		}
	}
	return nil
}

// named says whether a node is named by the selection, and did not only come along with another: dbt prints no others.
func (o *options) named(name string) bool {
	return o.selector != "" || slices.ContainsFunc(o.selection(), func(s string) bool { return strings.Contains(s, name) })
}

// printRows runs a query with a limit around it.
func (o *options) printRows(ctx context.Context, p *compiler.Project, w compiler.Warehouse, name, code string) error {
	result, err := w.Execute(ctx, p.Limited(code, o.limit), true, o.limit)
	if err != nil {
		var exit exitError
		if errors.As(err, &exit) { // the engine could not be opened
			return err
		}
		return exitError{exitFailed, fmt.Errorf("%s: %w\n  help: what the query reads must have been built: weft build", orInline(name), err)}
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
