package diag

// Codes of the graph and selection.
const ()

var graphKinds = map[Code]kind{}
