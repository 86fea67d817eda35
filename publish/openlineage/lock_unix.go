//go:build unix

package openlineage

import (
	"os"
	"syscall"
)

// lock takes hold of a note until its file is closed or the process ends; false if another process, or another run of this one,
// holds it.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }
