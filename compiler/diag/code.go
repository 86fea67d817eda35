package diag

// Code is the stable name of a kind of problem: a letter for the class and three digits. Each has a page
// docs/diagnostics/<code>.md with an example that a test runs. Letters: Y YAML, P project, T template, S SQL,
// G graph and selection, C contract, Q tests, E engine, N network, A access, L lock, M metadata, W warning, X internal.
type Code string

// kind is the fixed part of a code: its summary, and whether it is a warning.
type kind struct {
	summary string
	warning bool
}

// Summary is the constant title of the code.
func (c Code) Summary() string { return kinds[c].summary }

func (c Code) severity() Severity {
	if kinds[c].warning {
		return Warning
	}
	return Error
}

// Codes returns every code there is, in no particular order.
func Codes() []Code {
	out := make([]Code, 0, len(kinds))
	for c := range kinds {
		out = append(out, c)
	}
	return out
}

// kinds joins the tables of the files codes_*.go: one file for each class of code.
var kinds = join(templateKinds, warehouseKinds, yamlKinds, projectKinds, graphKinds, sqlKinds, engineKinds, renderKinds, bindingKinds, commandKinds, depsKinds, metadataKinds, internalKinds)

func join(tables ...map[Code]kind) map[Code]kind {
	all := map[Code]kind{}
	for _, t := range tables {
		for c, k := range t {
			if _, twice := all[c]; twice {
				panic("diag: code " + string(c) + " is declared twice")
			}
			all[c] = k
		}
	}
	return all
}
