//go:build unix

package engines

import (
	"runtime"
	"syscall"
)

// Peak is the most memory that a stopped server had, in bytes.
func (t *Trino) Peak() int64 {
	if t.cmd.ProcessState == nil {
		return 0
	}
	u, _ := t.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return resident(u)
}

// OwnPeak is the most memory that this process had, in bytes.
func OwnPeak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return resident(&u)
}

func resident(u *syscall.Rusage) int64 {
	if u == nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) * 1024
}
