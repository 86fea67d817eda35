//go:build unix

package openlineage

import (
	"os"
	"syscall"
)

// lock takes hold of a note until its file is closed or the process ends; false if another process, or another run of this one,
// holds it.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }

// hold waits until no other process writes to the file, and keeps them from it.
func hold(f *os.File) (release func(), err error) {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			return func() { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }, nil
		}
		switch err {
		case syscall.EINTR:
		case syscall.ENOTSUP, syscall.ENOLCK, syscall.ENOSYS, syscall.EINVAL: // a place without locks
			return func() {}, nil
		default:
			return nil, err
		}
	}
}
