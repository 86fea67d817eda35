package cli

// Version is weft's own version; the release build sets it with -ldflags -X.
var Version = "0.1.0"

// dbtVersion is the version of dbt Core whose semantics weft has, and that it presents itself as to projects.
const dbtVersion = "1.12.6"
