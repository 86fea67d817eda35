package diag

// Codes of what joins the stages: options that are data, seeds as they are read for a run, macros that weft may not ignore.
const (
	// VarsInvalid: --vars is no YAML mapping.
	VarsInvalid Code = "P301"
	// CatalogInvalid: the file of --catalog is no catalog.json.
	CatalogInvalid Code = "P302"
	// NoStatement: a text with ephemeral parents holds no SQL.
	NoStatement Code = "T401"
	// SelectorRender: a template in selectors.yml fails.
	SelectorRender Code = "G050"
	// SeedUnreadable: a seed's file cannot be read.
	SeedUnreadable Code = "E020"
	// SeedRow: a row of a seed does not fit.
	SeedRow Code = "E021"
	// MacroOverride: the project replaces a macro that dbt's materializations call, which weft does not call.
	MacroOverride Code = "E022"
	// HookInRunOnly: an on-run hook asks the warehouse, so that only a run can render it.
	HookInRunOnly Code = "W301"
)

var commandKinds = map[Code]kind{
	VarsInvalid:    {summary: "--vars is not a mapping"},
	CatalogInvalid: {summary: "the catalog cannot be read"},
	NoStatement:    {summary: "no SQL to put ephemeral models in front of"},
	SelectorRender: {summary: "a template in selectors.yml fails"},
	SeedUnreadable: {summary: "a seed's file cannot be read"},
	SeedRow:        {summary: "a row of a seed does not fit"},
	HookInRunOnly:  {summary: "an on-run hook is rendered only in a run", warning: true},
	MacroOverride:  {summary: "a macro of dbt's materializations is replaced"},
}
