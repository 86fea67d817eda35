package compiler

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// RelationName is a node's relation as rendered for its engine.
func (p *Project) RelationName(id node.ID) string {
	if n := p.bound.ByID[id]; n != nil {
		return n.RelationName
	}
	return ""
}

// Limited wraps a query so that it gives at most limit rows, in dbt's form; a negative limit leaves it as it is.
func (p *Project) Limited(code string, limit int) string {
	if limit < 0 {
		return code
	}
	return fmt.Sprintf("select *\nfrom (\n%s\n) as model_limit_subq\nlimit %d", code, limit)
}

// ShowText prints a result as dbt's `show` does.
func ShowText(r *Result) string { return warehouse.NewTable(r).Show() }

// ShowJSON prints a result as `show --output json` does.
func ShowJSON(name string, r *Result) ([]byte, error) {
	text := []byte("{")
	if name != "" {
		text = append(manifest.AppendString(append(text, `"node":`...), name), ',')
	}
	text = append(append(text, `"show":`...), warehouse.NewTable(r).JSON()...)
	var out bytes.Buffer
	if err := json.Indent(&out, append(text, '}'), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
