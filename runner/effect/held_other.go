//go:build !unix

package effect

import "os"

func hold(*os.File) {}

// Held cannot be told here.
func Held(string) (held, known bool) { return false, false }
