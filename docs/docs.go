// Package docs carries the pages of docs/diagnostics inside the program, so that `weft explain CODE` answers offline with
// the very page that the tests check.
package docs

import "embed"

// Diagnostics holds one page per diagnostic code: "diagnostics/T001.md".
//
//go:embed diagnostics
var Diagnostics embed.FS
