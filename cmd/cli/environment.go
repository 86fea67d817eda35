package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"

	"github.com/weft-data/weft/compiler/diag"
)

// remedies say what to do about what a system answers. The first that fits is told.
var remedies = []struct {
	causes []error
	help   string
}{
	{[]error{syscall.ENOSPC, syscall.EDQUOT}, "the disk is full: make room, or name folders on another disk with --target-path and --log-path; what was published is as it was"},
	{[]error{syscall.EFBIG}, "files may not grow that large here: raise the limit (ulimit -f)"},
	{[]error{syscall.EROFS, fs.ErrPermission}, "this user may not do that: give it the right to; what weft writes may lie elsewhere (--target-path, --log-path)"},
	{[]error{syscall.ENOTDIR, syscall.EEXIST}, "a file stands where a folder is needed: move it away, or name another folder with --target-path"},
	{[]error{syscall.EISDIR}, "a folder stands where a file is needed: move it away"},
	{[]error{syscall.EMFILE, syscall.ENFILE}, "too many files are open: raise the limit (ulimit -n)"},
}

// environmental gives an error of the disk its code and the way out.
func environmental(err error) (d diag.Diagnostic, ok bool) {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	if !errors.As(err, &path) && !errors.As(err, &link) && !errors.As(err, &call) {
		return d, false
	}
	d = diag.Diagnostic{Code: diag.FileFailed, Detail: err.Error()}
	for _, r := range remedies {
		if slices.ContainsFunc(r.causes, func(cause error) bool { return errors.Is(err, cause) }) {
			d.Hint = r.help
			break
		}
	}
	return d, true
}

// worksElsewhere says whether a command's work lies in the warehouse or in files, and what it prints only tells of it.
func (o *options) worksElsewhere() bool { return slices.Contains(working, o.verb) }

var working = []string{"build", "run", "test", "seed", "snapshot", "retry", "clone", "run-operation", "freshness", "generate", "deps", "clean", "parse"}

// watched is an output that remembers that it failed. Most of what writes to it has no use for the error, but whoever reads half a list
// must not take it for the whole.
type watched struct {
	w   io.Writer
	err error
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}
