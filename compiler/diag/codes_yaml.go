package diag

// Codes of YAML text and declared keys.
const (
	// YAMLSyntax: the text is not YAML.
	YAMLSyntax Code = "Y001"
	// YAMLLimit: the text is too large, too deep, or its aliases repeat too much.
	YAMLLimit Code = "Y002"
	// YAMLEncoding: the text is not UTF-8, or holds control characters.
	YAMLEncoding Code = "Y003"
	// YAMLDocuments: the file has more than one document.
	YAMLDocuments Code = "Y004"
	// YAMLDuplicateKey: a key stands twice in a mapping; the last wins.
	YAMLDuplicateKey Code = "Y005"
	// YAMLAlias: an alias or a merge key names nothing that fits.
	YAMLAlias Code = "Y006"
	// YAMLTag: a tag that PyYAML's safe loader or dbt does not take.
	YAMLTag Code = "Y007"
	// YAMLValue: a scalar that looks like a number or date and is none.
	YAMLValue Code = "Y008"
	// YAMLKey: a list or mapping as a key.
	YAMLKey Code = "Y009"
	// YAMLUnknownKey: a key that the file does not take.
	YAMLUnknownKey Code = "Y011"
	// YAMLWrongType: a value of the wrong type.
	YAMLWrongType Code = "Y012"
	// YAMLMissingKey: a key that must be there is not.
	YAMLMissingKey Code = "Y013"
	// YAMLUndefined: a template in a YAML value is a name that there is not; dbt takes it as an empty text.
	YAMLUndefined Code = "Y010"
)

var yamlKinds = map[Code]kind{
	YAMLSyntax:       {summary: "the text is not valid YAML"},
	YAMLLimit:        {summary: "the YAML file is beyond a limit"},
	YAMLEncoding:     {summary: "the file is not plain UTF-8 text"},
	YAMLDocuments:    {summary: "more than one YAML document in a file"},
	YAMLDuplicateKey: {summary: "duplicate key", warning: true},
	YAMLAlias:        {summary: "an alias or merge key that cannot be followed"},
	YAMLTag:          {summary: "a YAML tag that is not supported"},
	YAMLValue:        {summary: "a value that cannot be read"},
	YAMLKey:          {summary: "a key that is not a scalar"},
	YAMLUnknownKey:   {summary: "unknown key"},
	YAMLWrongType:    {summary: "a value of the wrong type"},
	YAMLMissingKey:   {summary: "a required key is missing"},
	YAMLUndefined:    {summary: "a template in YAML is undefined", warning: true},
}
