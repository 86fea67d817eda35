package diag

// Codes of projects, profiles, packages and the binding of declarations.
const ()

var projectKinds = map[Code]kind{}
