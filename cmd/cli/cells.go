package cli

import (
	"math/big"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/runner/engine"
)

// cell makes of an engine's value what templates get.
func cell(v engine.Value) any {
	switch v := v.(type) {
	case nil, bool, int64, float64, string, []byte, *big.Int:
		return v
	case engine.Decimal:
		return compiler.DecimalCell(v.String())
	case engine.Date:
		return compiler.DateCell(v.Time)
	case engine.Timestamp:
		if v.Zoned {
			return compiler.ZonedCell(v.Time)
		}
		return v.Time
	case engine.List:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = cell(x)
		}
		return out
	}
	return v
}
