package diag

// Codes of Jinja.
const (
	// TemplateSyntax: the text is not Jinja.
	TemplateSyntax Code = "T001"
	// TemplateTag: a tag is unknown, or stands where it cannot.
	TemplateTag Code = "T002"
	// TemplateFilter: no filter or test has this name.
	TemplateFilter Code = "T003"
	// TemplateLoader: include, import and extends need other template files, which there are none of.
	TemplateLoader Code = "T004"
	// TemplateUndefined: something that does not exist is used.
	TemplateUndefined Code = "T005"
	// TemplateType: an operation does not fit its operands.
	TemplateType Code = "T006"
	// TemplateCall: a call's arguments do not fit the callee.
	TemplateCall Code = "T007"
	// TemplateHost: a function that a template called has failed.
	TemplateHost Code = "T008"
	// TemplateLimit: the template needs too many steps, calls or bytes.
	TemplateLimit Code = "T009"
	// TemplateBlock: a file's top-level blocks cannot be told apart.
	TemplateBlock Code = "T010"
	// TemplateUnsafe: a private attribute is used.
	TemplateUnsafe Code = "T011"
	// TemplateNative: a value cannot be given the type that its template asks for.
	TemplateNative Code = "T012"
)

var templateKinds = map[Code]kind{
	TemplateSyntax:    {summary: "syntax error in a template"},
	TemplateTag:       {summary: "a template's blocks do not nest"},
	TemplateFilter:    {summary: "unknown filter or test"},
	TemplateLoader:    {summary: "templates cannot load other templates"},
	TemplateUndefined: {summary: "an undefined value is used"},
	TemplateType:      {summary: "an operation does not fit its operands"},
	TemplateCall:      {summary: "the arguments of a call do not fit"},
	TemplateHost:      {summary: "a function called by a template failed"},
	TemplateLimit:     {summary: "a template exceeds a limit"},
	TemplateBlock:     {summary: "the top-level blocks of a file do not nest"},
	TemplateUnsafe:    {summary: "access to a private attribute"},
	TemplateNative:    {summary: "a value cannot be converted to the wanted type"},
}
