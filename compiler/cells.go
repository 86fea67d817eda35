package compiler

import (
	"time"

	"github.com/weft-data/weft/compiler/internal/decimal"
	"github.com/weft-data/weft/compiler/internal/warehouse"
)

// DecimalCell is the cell of a Result for an exact number, written out in digits.
func DecimalCell(digits string) any {
	if d, ok := decimal.Parse(digits); ok {
		return d
	}
	return digits
}

// DateCell is the cell of a Result for a day, ZonedCell for an instant; a plain time.Time is a timestamp without zone.
func DateCell(t time.Time) any  { return warehouse.Date(t) }
func ZonedCell(t time.Time) any { return warehouse.Zoned(t) }
