package compile

import (
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/source"
)

// Text is a compiled node.
type Text struct {
	// Code has the ephemeral parents, which CTEs lists, in front of the rendered text.
	Code     string
	Rendered render.Rendered
	CTEs     []render.CTE
	pieces   []sqlsyntax.Piece
}

func (t *Text) position(offset int) source.Span {
	if len(t.pieces) > 0 {
		i, _ := slices.BinarySearchFunc(t.pieces, offset+1, func(p sqlsyntax.Piece, at int) int { return p.Out - at })
		if i == 0 {
			return source.Span{}
		}
		piece := t.pieces[i-1]
		if piece.Source != sqlsyntax.FromQuery {
			return source.Span{}
		}
		offset = piece.In + offset - piece.Out
	}
	segments := t.Rendered.Map
	i, _ := slices.BinarySearchFunc(segments, offset+1, func(s jinja.Segment, at int) int { return s.Out - at })
	if i == 0 {
		return source.Span{}
	}
	s := segments[i-1]
	if s.Literal {
		at := min(s.Span.Start+offset-s.Out, s.Span.End)
		return source.Span{File: s.Span.File, Start: at, End: at}
	}
	return s.Span
}

// AddMacros adds the macros that only an executing render called to what the node depends on, as dbt does when it compiles.
func AddMacros(n *resource.Node, macros []string) {
	all := slices.Clip(n.DependsOnMacros)
	for _, m := range macros {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	if n.ParsedMacros == nil && len(all) > len(n.DependsOnMacros) {
		n.ParsedMacros = slices.Clip(n.DependsOnMacros)
	}
	n.DependsOnMacros = all
}
