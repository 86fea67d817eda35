package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// compileCommand renders nodes and writes target/compiled.
func compileCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "compile",
		Short: "Render the SQL of nodes to target/compiled",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.compile(cmd) },
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.resourceTypeFlags(f)
	o.compileFlags(f)
	o.threadFlag(f)
	f.StringVar(&o.inline, "inline", "", "SQL to compile instead of nodes")
	f.StringVar(&o.output, "output", "text", "text or json")
	f.BoolVar(&o.introspect, "introspect", true, "let templates query the warehouse")
	negate(f, "introspect")
	return c
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, found %q; nodes are named with --select", cmd.Name(), args[0])
	}
	return nil
}

func (o *options) compile(cmd *cobra.Command) error {
	ctx := cmd.Context()
	if err := oneOf("output", o.output, "text", "json"); err != nil {
		return err
	}
	p, err := o.open(ctx, "compile")
	if err != nil {
		return err
	}
	o.registered(p)
	o.found(p)
	w, err := o.warehouse(ctx, p)
	if err != nil {
		return err
	}
	defer w.Close()
	if o.inline != "" {
		if err := o.deferTo(ctx, p, compiler.Selected{}, "compile", w); err != nil {
			return err
		}
		return o.compileInline(cmd, p, w)
	}
	selected, err := o.choose(p, "compile")
	if err != nil {
		return err
	}
	if err := o.deferTo(ctx, p, selected, "compile", w); err != nil {
		return err
	}
	compilation, diags := p.Compile(ctx, compiler.CompileOptions{Selected: selected.IDs, Warehouse: w, ReadOnly: true, Empty: o.empty})
	o.messages(compilation.Messages)
	if err := o.writeCompiled(p, compilation, selected.IDs); err != nil {
		return err
	}
	if err := o.writeManifest(p, compilation); err != nil {
		return err
	}
	o.report(diags)
	if !diags.HasErrors() {
		o.printCompiled(p, compilation, selected.IDs)
	}
	if diags.HasErrors() || o.refuses(diags) {
		return exitError{code: exitUsage}
	}
	return o.writeCompiledResults(p, compiledResults(p, compilation, selected.IDs, len(o.selection()) > 0))
}

// printCompiled prints the nodes that were named, as dbt does; what came along goes to target/compiled only.
func (o *options) printCompiled(p *compiler.Project, c *compiler.Compilation, ids []node.ID) {
	if len(o.selection()) == 0 {
		return
	}
	for _, id := range ids {
		if code, ok := c.Code(id); ok && o.named(p.Name(id)) {
			o.printCode(p.Name(id), code)
		}
	}
}

func (o *options) printCode(name, code string) {
	if o.jsonTalk() {
		text := fmt.Sprintf("Compiled node '%s' is:\n%s", name, code)
		if name == "" {
			text = "Compiled inline node is:\n" + code
		}
		o.emit("CompiledNode", "Q042", text, map[string]any{"node_name": orInlineNode(name), "compiled": code, "is_inline": name == "", "output_format": o.output})
		return
	}
	if o.output == "json" {
		b, _ := json.MarshalIndent(struct {
			Node     string `json:"node,omitempty"`
			Compiled string `json:"compiled"`
		}{name, code}, "", "  ")
		fmt.Fprintln(o.world.Stdout, string(b))
		return
	}
	if name == "" {
		fmt.Fprintf(o.world.Stdout, "Compiled inline node is:\n%s\n", code)
		return
	}
	fmt.Fprintf(o.world.Stdout, "Compiled node '%s' is:\n%s\n", name, code)
}

func (o *options) compileInline(cmd *cobra.Command, p *compiler.Project, w compiler.Warehouse) error {
	code, messages, diags := p.Inline(cmd.Context(), o.inline, compiler.CompileOptions{Warehouse: w, ReadOnly: true, Empty: o.empty})
	o.messages(messages)
	o.report(diags)
	if diags.HasErrors() {
		return exitError{code: exitUsage}
	}
	o.printCode("", code)
	return o.writeCompiledResults(p, []event.NodeFinished{inlineResult(p, code)})
}

// writeCompiled writes a file for each compiled node.
func (o *options) writeCompiled(p *compiler.Project, c *compiler.Compilation, ids []node.ID) error {
	target := p.Info().TargetPath
	made := map[string]bool{}
	for _, id := range slices.Concat(ids, c.Inlined) {
		code, ok := c.Code(id)
		if !ok {
			continue
		}
		path := filepath.Join(target, filepath.FromSlash(p.CompiledPath(id)))
		if dir := filepath.Dir(path); !made[dir] {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return exitError{exitUsage, fmt.Errorf("cannot write compiled code: %w", err)}
			}
			made[dir] = true
		}
		if err := os.WriteFile(path, []byte(code), 0o644); err != nil {
			return exitError{exitUsage, fmt.Errorf("cannot write compiled code: %w", err)}
		}
	}
	return nil
}

func oneOf(flag, value string, allowed ...string) error {
	for _, a := range allowed {
		if a == value {
			return nil
		}
	}
	return fmt.Errorf("invalid value %q for --%s: choose from %s", value, flag, strings.Join(allowed, ", "))
}
