package eventlog

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
)

// backups is how many full files are kept beside the current one, as in dbt.
const backups = 5

// File is a log file that begins anew when it is full: dbt.log becomes dbt.log.1, and so on. Writing is buffered.
type File struct {
	path string
	most int64
	file *os.File
	w    *bufio.Writer
	size int64
}

// OpenFile opens a log file for appending, and makes its folder. most is the size at which it begins anew; 0 means never.
func OpenFile(path string, most int64) (*File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f := &File{path: path, most: most}
	return f, f.open()
}

func (f *File) open() error {
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if at, err := file.Stat(); err == nil {
		f.size = at.Size()
	}
	f.file, f.w = file, bufio.NewWriterSize(file, 64<<10)
	return nil
}

// Write appends, after having begun a new file if this one would become too large.
func (f *File) Write(b []byte) (int, error) {
	if f.file == nil {
		return len(b), nil
	}
	if f.most > 0 && f.size > 0 && f.size+int64(len(b)) >= f.most {
		f.turn()
		if f.file == nil {
			return len(b), nil
		}
	}
	n, err := f.w.Write(b)
	f.size += int64(n)
	return n, err
}

// turn moves the files up by one and begins a new one. A file that cannot be moved is written on.
func (f *File) turn() {
	f.Close()
	for i := backups - 1; i > 0; i-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", f.path, i), fmt.Sprintf("%s.%d", f.path, i+1)) // there may be none
	}
	_ = os.Rename(f.path, f.path+".1")
	if f.open() != nil {
		f.file = nil
	}
}

// Flush writes out what is buffered.
func (f *File) Flush() {
	if f.file != nil {
		_ = f.w.Flush() // what cannot be logged must not stop the command
	}
}

// Close flushes and closes; it may be called again.
func (f *File) Close() {
	if f.file == nil {
		return
	}
	f.Flush()
	_ = f.file.Close()
	f.file = nil
}
