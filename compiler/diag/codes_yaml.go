package diag

// Codes of YAML text and declared keys.
const ()

var yamlKinds = map[Code]kind{}
