package source

import (
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

// ReadFile reads a whole file.
func (Disk) ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }

// ReadDir lists a folder, sorted by name.
func (Disk) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }

// Stat describes a file, following symbolic links.
func (Disk) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
