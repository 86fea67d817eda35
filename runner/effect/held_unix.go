//go:build unix

package effect

import (
	"os"
	"syscall"
)

// hold marks a file as open in this process. The system takes the mark away with the process, however it ends. A place without locks has no
// marks. Who asks for the mark (Held) has one of its own for a moment, which is waited for.
func hold(f *os.File) {
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX) == syscall.EINTR {
	}
}

// Held says whether the process that made a file still has it open; known is false where that cannot be told.
func Held(path string) (held, known bool) {
	f, err := os.Open(path)
	if err != nil {
		return false, false
	}
	defer func() { _ = f.Close() }()
	switch syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) {
	case nil:
		return false, true
	case syscall.EWOULDBLOCK:
		return true, true
	}
	return false, false
}
