package diag

// Codes of what weft tells others about a run: it never makes the run fail.
const (
	// LineageNotWritten: the file of OpenLineage events cannot be written.
	LineageNotWritten Code = "M001"
)

var metadataKinds = map[Code]kind{
	LineageNotWritten: {summary: "lineage events cannot be written", warning: true},
}
