package resource

import "github.com/weft-data/weft/compiler/internal/jinja"

// Scan is what reading a template without executing it finds: dbt's parse-time render with execute=False.
type Scan struct {
	Refs      []Ref
	Sources   []SourceRef
	Metrics   [][]string
	Functions [][]string
	// Config holds the config() calls, merged in order as dbt's ContextConfig.add_config_call does; Unrendered the same as text.
	Config, Unrendered *jinja.Dict
	// Macros are the unique ids of the macros that ran, in the order of their first call.
	Macros []string
}
