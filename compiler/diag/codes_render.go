package diag

// Codes of dbt's template context: what a template asked that the project does not have or does not allow.
const (
	// DuplicateMacro: a package defines a macro twice.
	DuplicateMacro Code = "T101"
	// MacroBlock: a block of a macro file does not hold exactly one macro.
	MacroBlock Code = "T102"
	// TemplateFailed: rendering failed for a reason that has no code of its own.
	TemplateFailed Code = "T103"
	// TemplateArguments: a function of the context was called with arguments that it does not take.
	TemplateArguments Code = "T104"
	// MacroNotFound: dispatch found no implementation of a macro.
	MacroNotFound Code = "T105"
	// RaisedError: the template itself raised an error with exceptions.raise_compiler_error and its kin.
	RaisedError Code = "T106"
	// TargetNotFound: a ref, source, metric or function does not exist or is disabled.
	TargetNotFound Code = "T107"
	// UndeclaredRef: a ref was met at render time that reading the template had not found.
	UndeclaredRef Code = "T108"
	// MissingConfig: config.require() found nothing.
	MissingConfig Code = "T110"
	// WrongConfig: a config() call that cannot be understood.
	WrongConfig Code = "T111"
	// EphemeralCycle: ephemeral models that refer to each other.
	EphemeralCycle Code = "T116"
	// RaisedWarning: the template itself gave a warning with exceptions.warn.
	RaisedWarning Code = "W101"
	// NotInTemplate: a name of dbt's context that weft does not serve here.
	NotInTemplate Code = "T117"
)

var renderKinds = map[Code]kind{
	DuplicateMacro:    {summary: "two macros of a package have the same name"},
	MacroBlock:        {summary: "not exactly one macro in a macro block"},
	TemplateFailed:    {summary: "a template could not be rendered"},
	TemplateArguments: {summary: "wrong arguments for a function of the template context"},
	MacroNotFound:     {summary: "no macro of this name"},
	RaisedError:       {summary: "the template raised an error"},
	TargetNotFound:    {summary: "reference to a resource that does not exist or is disabled"},
	UndeclaredRef:     {summary: "dependency that was not found when the template was read"},
	MissingConfig:     {summary: "required config is not set"},
	WrongConfig:       {summary: "config() call that cannot be understood"},
	EphemeralCycle:    {summary: "ephemeral models refer to each other"},
	RaisedWarning:     {summary: "the template gave a warning", warning: true},
	NotInTemplate:     {summary: "function of the template context that is not available here"},
}
