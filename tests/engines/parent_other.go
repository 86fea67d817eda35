//go:build !linux

package engines

import "syscall"

func dieWithParent() *syscall.SysProcAttr { return nil }
