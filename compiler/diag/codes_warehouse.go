package diag

// Codes of what a template asks of the warehouse: T300 to T399.
const (
	// CallArguments: a method of adapter, a relation or a column got arguments that it does not take.
	CallArguments Code = "T300"
	// RelationNameTooLong: a relation's name exceeds the engine's limit.
	RelationNameTooLong Code = "T301"
	// DatabaseNotAllowed: a database is set for a dialect that has none.
	DatabaseNotAllowed Code = "T302"
	// InvalidRelation: a part of a relation is of the wrong type.
	InvalidRelation Code = "T303"
	// ApproximateMatch: a relation was looked for and found only in another spelling.
	ApproximateMatch Code = "T304"
	// NeedsWarehouse: a template asks what only a warehouse can answer, and there is none.
	NeedsWarehouse Code = "T305"
	// ReadOnly: a template would change the warehouse in a command that only looks.
	ReadOnly Code = "T306"
	// ColumnType: a column's type text cannot be read, or a question does not fit its type.
	ColumnType Code = "T307"
	// InvalidConstraint: a constraint cannot be read.
	InvalidConstraint Code = "T308"
	// IncrementalStrategy: an incremental strategy does not exist or does not fit the adapter.
	IncrementalStrategy Code = "T309"
	// SnapshotTarget: the target of a snapshot is not a snapshot table, or its config contradicts itself.
	SnapshotTarget Code = "T310"
	// AdapterMethod: an adapter method refuses what it was asked.
	AdapterMethod Code = "T311"
	// TableOperation: a result table does not have what was asked of it.
	TableOperation Code = "T312"
	// UnknownCatalog: a model names a catalog that does not exist.
	UnknownCatalog Code = "T313"
	// InvalidIndex: an index config cannot be read.
	InvalidIndex Code = "T314"
	// BehaviorFlag: a behaviour flag does not exist.
	BehaviorFlag Code = "T315"
	// ExternalLocation: a source's external_location cannot be formatted.
	ExternalLocation Code = "T316"
	// StatementFailed: the warehouse refused a statement of a template.
	StatementFailed Code = "T317"
	// EngineOnly: an adapter method works on the engine's own storage, which weft does not do from a template.
	EngineOnly Code = "T318"
)

var warehouseKinds = map[Code]kind{
	CallArguments:       {summary: "wrong arguments for a method of the adapter"},
	RelationNameTooLong: {summary: "relation name too long"},
	DatabaseNotAllowed:  {summary: "a database cannot be set here"},
	InvalidRelation:     {summary: "invalid relation"},
	ApproximateMatch:    {summary: "relation found in another spelling only"},
	NeedsWarehouse:      {summary: "a template asks what only a warehouse can answer"},
	ReadOnly:            {summary: "a template would change the warehouse"},
	ColumnType:          {summary: "column type cannot be used so"},
	InvalidConstraint:   {summary: "invalid constraint"},
	IncrementalStrategy: {summary: "invalid incremental strategy"},
	SnapshotTarget:      {summary: "invalid snapshot target or config"},
	AdapterMethod:       {summary: "the adapter refuses a call"},
	TableOperation:      {summary: "invalid use of a result table"},
	UnknownCatalog:      {summary: "unknown catalog"},
	InvalidIndex:        {summary: "invalid index config"},
	BehaviorFlag:        {summary: "unknown behavior flag"},
	ExternalLocation:    {summary: "external location cannot be formatted"},
	StatementFailed:     {summary: "the warehouse refused a statement"},
	EngineOnly:          {summary: "a call works on the engine's own storage"},
}
