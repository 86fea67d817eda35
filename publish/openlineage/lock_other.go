//go:build !unix

package openlineage

import "os"

// lock cannot tell here whether a run goes on: a file that is open cannot be removed, which keeps its note safe.
func lock(*os.File) bool { return true }
