package diag

// Codes of Jinja.
const ()

var templateKinds = map[Code]kind{}
