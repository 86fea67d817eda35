package compiler

import (
	"context"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/node"
)

// What compiling takes and gives.
type (
	// CompileOptions are what rendering needs beyond the project.
	CompileOptions = compile.Options
	// Compilation is the outcome of Compile: the text of each node that could be compiled.
	Compilation = compile.Compilation
	// Message is what a template said while it was rendered, with log(), print() or exceptions.warn().
	Message = compile.Message
)

// Compile renders the selected nodes, in parallel. A node that fails does not stop the others; its diagnostics name it.
func (p *Project) Compile(ctx context.Context, o CompileOptions) (*Compilation, diag.List) {
	return p.planner.Compile(ctx, o)
}

// Inline compiles a text that is no file of the project, as `show --inline` does.
func (p *Project) Inline(ctx context.Context, sql string, o CompileOptions) (code string, said []Message, diags diag.List) {
	return p.planner.Inline(ctx, sql, o)
}

// CompiledPath is where a node's compiled code is written below the target folder: "compiled/shop/models/a.sql".
func (p *Project) CompiledPath(id node.ID) string { return p.planner.CompiledPath(id) }
