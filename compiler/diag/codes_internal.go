package diag

// Codes of weft's own failures.
const (
	// Internal is a bug of weft, caught at the border of a node so that the others go on.
	Internal Code = "X001"
)

var internalKinds = map[Code]kind{
	Internal: {summary: "internal error"},
}
