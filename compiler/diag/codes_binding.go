package diag

// Codes of binding: what is wrong with declarations when they are put together. They are of class P, from P100.
const (
	// BadProperty is an entry of a properties file that lacks a key, has one it cannot have, or has a value of a wrong type.
	BadProperty Code = "P100"
	// BadConfig is a config value that dbt's config does not take.
	BadConfig Code = "P101"
	// DuplicateResource: two resources of a package have one name and unique id.
	DuplicateResource Code = "P102"
	// AmbiguousRelation: two nodes would write the same table.
	AmbiguousRelation Code = "P103"
	// DuplicateEntry: two entries of properties files describe one resource.
	DuplicateEntry Code = "P104"
	// NodeNotFound: ref() of what is not there or disabled.
	NodeNotFound Code = "P105"
	// SourceNotFound: source() of what is not there or disabled.
	SourceNotFound Code = "P106"
	// MetricNotFound: a metric, or the measure of one, is not there or disabled.
	MetricNotFound Code = "P107"
	// FunctionNotFound: function() of what is not there or disabled.
	FunctionNotFound Code = "P108"
	// AmbiguousRef: several packages have a node of that name.
	AmbiguousRef Code = "P109"
	// AccessDenied: a ref to a private or protected model from outside.
	AccessDenied Code = "P110"
	// BadAccess is a value of `access` that there is not, or that the materialization does not allow.
	BadAccess Code = "P111"
	// GroupNotFound: a resource names a group that is not defined.
	GroupNotFound Code = "P112"
	// BadTest is a generic test that cannot be read.
	BadTest Code = "P113"
	// TestMacroNotFound: no package has the generic test.
	TestMacroNotFound Code = "P114"
	// DocNotFound: doc() of a block that is not there.
	DocNotFound Code = "P115"
	// BadVersions: the versions of a model contradict each other.
	BadVersions Code = "P116"
	// BadContract: an enforced contract lacks something, or has constraints that contradict each other.
	BadContract Code = "P117"
	// BadSnapshot is a snapshot without what its strategy needs.
	BadSnapshot Code = "P118"
	// BadMicrobatch is a microbatch model without what it needs.
	BadMicrobatch Code = "P119"
	// BadUnitTest is a unit test that cannot be read or fits no model.
	BadUnitTest Code = "P120"
	// BadFunction is a function with bad overloads or arguments.
	BadFunction Code = "P121"
	// BadSemantics is a metric, semantic model or saved query that cannot be read.
	BadSemantics Code = "P122"
	// BadReference is a text that should be one call of ref() or source().
	BadReference Code = "P123"
	// UnreadableFile is a file that could not be read when it was needed.
	UnreadableFile Code = "P124"
	// BadPythonModel is a Python model that does not have the form of one.
	BadPythonModel Code = "P125"
	// BadName is a generated or written name that cannot be one.
	BadName Code = "P126"

	// EntryWithoutNode: a properties file describes a node that there is not.
	EntryWithoutNode Code = "P150"
	// EntryOfOtherKind: a properties file lists a node under the key of another kind.
	EntryOfOtherKind Code = "P151"
	// EntryWithoutMacro: a properties file describes a macro that there is not.
	EntryWithoutMacro Code = "P152"
	// TestTargetMissing: a test refers to what is not there or disabled, and is left out.
	TestTargetMissing Code = "P153"
	// UnusedPatch: a source override fits no source.
	UnusedPatch Code = "P154"
	// PropertyIgnored: a key that this kind of resource does not have.
	PropertyIgnored Code = "P155"
	// MacroArguments: the arguments documented for a macro are not those it has.
	MacroArguments Code = "P156"
	// ArgumentsProperty: arguments of a generic test stand beside `arguments:` instead of below it.
	ArgumentsProperty Code = "P157"
	// SameNameOtherKind: two resources of different kinds have one name.
	SameNameOtherKind Code = "P158"
	// RootDependency: a package's node depends on a node of the root project.
	RootDependency Code = "P159"
	// NameWithSpace: a resource name has a space.
	NameWithSpace Code = "P160"
	// ConstraintUnsupported: constraints of a model whose materialization does not write them.
	ConstraintUnsupported Code = "P161"
	// UnusedConfigPath: a level of dbt_project.yml that no resource lies under.
	UnusedConfigPath Code = "P162"
	// DeprecatedModel: a model is past its deprecation date, or is referred to though it has one.
	DeprecatedModel Code = "P163"
	// MovedToConfig: a key beside a test's arguments that belongs below `config:`.
	MovedToConfig Code = "P164"
)

var bindingKinds = map[Code]kind{
	BadProperty:       {summary: "invalid entry in a properties file"},
	BadConfig:         {summary: "invalid config value"},
	DuplicateResource: {summary: "two resources with the same name"},
	AmbiguousRelation: {summary: "two resources with the same relation name"},
	DuplicateEntry:    {summary: "two property entries for one resource"},
	NodeNotFound:      {summary: "ref to a node that is missing or disabled"},
	SourceNotFound:    {summary: "source that is missing or disabled"},
	MetricNotFound:    {summary: "metric or measure that is missing or disabled"},
	FunctionNotFound:  {summary: "function that is missing or disabled"},
	AmbiguousRef:      {summary: "ref that fits several nodes"},
	AccessDenied:      {summary: "ref that the model's access does not allow"},
	BadAccess:         {summary: "invalid access"},
	GroupNotFound:     {summary: "group that is not defined"},
	BadTest:           {summary: "invalid generic test"},
	TestMacroNotFound: {summary: "generic test that is not defined", warning: true},
	DocNotFound:       {summary: "docs block that is not defined"},
	BadVersions:       {summary: "invalid model versions"},
	BadContract:       {summary: "invalid model contract"},
	BadSnapshot:       {summary: "invalid snapshot config"},
	BadMicrobatch:     {summary: "invalid microbatch config"},
	BadUnitTest:       {summary: "invalid unit test"},
	BadFunction:       {summary: "invalid function"},
	BadSemantics:      {summary: "invalid metric, semantic model or saved query"},
	BadReference:      {summary: "not a ref or source call"},
	UnreadableFile:    {summary: "file could not be read"},
	BadPythonModel:    {summary: "invalid Python model"},
	BadName:           {summary: "invalid name"},

	EntryWithoutNode:      {summary: "properties of a node that does not exist", warning: true},
	EntryOfOtherKind:      {summary: "properties under the key of another kind", warning: true},
	EntryWithoutMacro:     {summary: "properties of a macro that does not exist", warning: true},
	TestTargetMissing:     {summary: "test of something that is missing or disabled", warning: true},
	UnusedPatch:           {summary: "source override that fits no source", warning: true},
	PropertyIgnored:       {summary: "property that has no effect", warning: true},
	MacroArguments:        {summary: "documented macro arguments do not match", warning: true},
	ArgumentsProperty:     {summary: "test arguments outside of arguments", warning: true},
	SameNameOtherKind:     {summary: "resources of different kinds with the same name", warning: true},
	RootDependency:        {summary: "package depends on the root project", warning: true},
	NameWithSpace:         {summary: "resource name with a space", warning: true},
	ConstraintUnsupported: {summary: "constraints that are not written", warning: true},
	UnusedConfigPath:      {summary: "configuration path that applies to nothing", warning: true},
	DeprecatedModel:       {summary: "deprecated model", warning: true},
	MovedToConfig:         {summary: "test property that belongs under config", warning: true},
}
