package diag

// Codes of SQL text.
const ()

var sqlKinds = map[Code]kind{}
