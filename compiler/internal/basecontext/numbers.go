package basecontext

import (
	"math"
	"math/big"
	"strconv"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

func parseInt(s string) (jinja.Value, bool) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return jinja.Int(i), true
	}
	b, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, false
	}
	return &jinja.BigInt{Int: b}, true
}

func parseFloat(s string) (jinja.Value, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil, false
	}
	return jinja.Float(f), true
}
