package cli

import "github.com/weft-data/weft/compiler/diag"

// dbtEvent is dbt's name of the event that a warning is there, "" where it has none.
func dbtEvent(c diag.Code) string { return dbtEvents[c] }

// dbtEvents are the warnings that dbt gives too, under its names: --warn-error-options speaks of them.
var dbtEvents = map[diag.Code]string{
	diag.NothingMatched: "NoNodesForSelectionCriteria",
}
