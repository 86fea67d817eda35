package source

import (
	"errors"
	"io/fs"
	"os"
)

// FS is how the compiler reads files: absolute paths, and nothing but reading. Package project and this package are the only
// ones that do.
type FS interface {
	ReadFile(path string) ([]byte, error)
	ReadDir(path string) ([]fs.DirEntry, error)
	Stat(path string) (fs.FileInfo, error)
}

// Disk is the FS of the operating system.
type Disk struct{}

// ReadFile reads a whole file. What is no regular file is refused: a device or a pipe may have no end.
func (Disk) ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
		if info.IsDir() {
			err = &fs.PathError{Op: "read", Path: path, Err: errors.New("is a directory")}
		}
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// ReadDir lists a folder, sorted by name.
func (Disk) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }

// Stat describes a file, following symbolic links.
func (Disk) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
