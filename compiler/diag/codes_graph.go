package diag

// Codes of the graph and selection.
const (
	// Cycle: nodes depend on each other in a ring.
	Cycle Code = "G001"
	// UnknownDependency: a node depends on an id that is not in the graph.
	UnknownDependency Code = "G002"
	// DuplicateNode: two nodes have one unique id.
	DuplicateNode Code = "G003"

	// SelectorSyntax: an element of --select or selectors.yml cannot be read.
	SelectorSyntax Code = "G010"
	// SelectorMethod: there is no selector method of that name.
	SelectorMethod Code = "G011"
	// SelectorValue: the method cannot take the value.
	SelectorValue Code = "G012"
	// SelectorNeedsState: the method compares with a previous run, which was not given.
	SelectorNeedsState Code = "G013"
	// SelectorFile: selectors.yml does not have the shape of a selector file.
	SelectorFile Code = "G014"
	// SelectorName: no selector of that name is defined.
	SelectorName Code = "G015"
	// SelectorCycle: selectors refer to each other in a ring.
	SelectorCycle Code = "G016"
	// ResourceType: there is no resource type of that name.
	ResourceType Code = "G017"
	// ContractBroken: a versioned model no longer keeps the contract that it had in an earlier state.
	ContractBroken Code = "G018"
	// BreakingChange: an unversioned model no longer keeps the contract that it had in an earlier state.
	BreakingChange Code = "G021"
	// NothingMatched: a criterion selects no enabled node.
	NothingMatched Code = "G020"
)

var graphKinds = map[Code]kind{
	Cycle:              {summary: "dependencies form a cycle"},
	UnknownDependency:  {summary: "dependency does not exist"},
	DuplicateNode:      {summary: "unique id is used twice"},
	SelectorSyntax:     {summary: "invalid selector spec"},
	SelectorMethod:     {summary: "not a valid selector method"},
	SelectorValue:      {summary: "invalid value for a selector method"},
	SelectorNeedsState: {summary: "selector method needs a previous state"},
	SelectorFile:       {summary: "selectors.yml is malformed"},
	SelectorName:       {summary: "selector is not defined"},
	SelectorCycle:      {summary: "circular dependency between selectors"},
	ResourceType:       {summary: "not a valid resource type"},
	ContractBroken:     {summary: "breaking change to a contract"},
	BreakingChange:     {summary: "breaking change to the contract of an unversioned model", warning: true},
	NothingMatched:     {summary: "selection criterion matches no enabled node", warning: true},
}
