package diag

// Codes of engines, seeds and runs.
const ()

var engineKinds = map[Code]kind{}
