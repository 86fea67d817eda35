package diag

// Codes of engines, seeds and runs.
const (
	// EngineFailed: an engine refused a statement.
	EngineFailed Code = "E001"
	// EngineUnavailable: the target's engine cannot be opened, or weft has none for it.
	EngineUnavailable Code = "E002"
	// NotRunYet: a kind of node, or a feature of one, that weft reads but does not run.
	NotRunYet Code = "E003"
	// UnknownMaterialization: no materialization of that name for the engine.
	UnknownMaterialization Code = "E004"
	// SeedIsView: a seed's name is taken by a view.
	SeedIsView Code = "E005"
	// UnknownStrategy: an incremental strategy that the engine does not have.
	UnknownStrategy Code = "E006"
	// BadTestResult: a test's query did not return the one row that its status is made of.
	BadTestResult Code = "E007"
	// BadIncrementalConfig: the configuration of an incremental model contradicts itself.
	BadIncrementalConfig Code = "E008"
	// FileFailed: the disk did not give or take a file.
	FileFailed Code = "E009"
	// BadStorage: how and where the files of a table are to be kept cannot be, or not so that readers see whole tables.
	BadStorage Code = "E010"
	// IdleSetting: a config of dbt's adapter has no effect here.
	IdleSetting Code = "E011"
	// Unsettled: what became of the statements of a run that was killed cannot be found out.
	Unsettled Code = "E040"
	// NotCollected: what runs left behind cannot be listed or removed.
	NotCollected Code = "E041"
	// SnapshotRefused: a snapshot's configuration, or the table that it finds, cannot be used.
	SnapshotRefused Code = "E030"
	// SchemaChanged: the columns of an incremental model changed, and its on_schema_change is fail.
	SchemaChanged Code = "E031"
)

var engineKinds = map[Code]kind{
	FileFailed:             {summary: "a file cannot be read or written"},
	EngineFailed:           {summary: "the engine refused a statement"},
	EngineUnavailable:      {summary: "the engine cannot be opened"},
	NotRunYet:              {summary: "weft reads this but does not run it"},
	UnknownMaterialization: {summary: "no such materialization on this engine"},
	SeedIsView:             {summary: "a seed cannot replace a view"},
	UnknownStrategy:        {summary: "no such incremental strategy on this engine"},
	BadTestResult:          {summary: "a test's query did not return one row of three columns"},
	BadIncrementalConfig:   {summary: "contradictory incremental configuration"},
	BadStorage:             {summary: "the table's files cannot be kept like that"},
	IdleSetting:            {summary: "a config has no effect", warning: true},
	Unsettled:              {summary: "it is not known what became of a run that was killed"},
	NotCollected:           {summary: "what runs left behind cannot be removed"},
	SnapshotRefused:        {summary: "the snapshot cannot be taken"},
	SchemaChanged:          {summary: "the columns of an incremental model changed"},
}
