// Package effect is the one door through which a run touches the world outside its engines: files, clock, randomness, signals.
//
// Promises about crashes are worth what was tried. With every side effect behind one small interface, a test can fail or kill
// call number N, for each N, on the code that ships.
package effect

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// World is everything with a side effect outside engines. Implementations are safe for concurrent use.
type World interface {
	Now() time.Time
	// Sleep waits, or returns the context's error.
	Sleep(ctx context.Context, d time.Duration) error
	// Random fills p.
	Random(p []byte)
	MkdirAll(dir string) error
	// Create makes a new file for appending; it is an error if the file exists. When it returns, the file's name is on stable storage. Other
	// processes can see that it is open (Held) until it is closed or the process ends.
	Create(path string) (File, error)
	ReadFile(path string) ([]byte, error)
	// WriteFile writes a whole file and makes its folder if there is none; it promises nothing about what is there after a crash
	// (Replace does).
	WriteFile(path string, data []byte) error
	Rename(from, to string) error
	Remove(path string) error
	// Signals delivers interrupts and requests to terminate until stop is called.
	Signals() (c <-chan os.Signal, stop func())
}

// File is a file that is written from front to back.
type File interface {
	io.Writer
	// Sync returns when what was written is on stable storage.
	Sync() error
	Close() error
}

// Replace puts data at path in one step: readers and crashes see the old file or the new one.
func Replace(w World, path string, data []byte) error {
	if err := w.MkdirAll(filepath.Dir(path)); err != nil {
		return err
	}
	temp := path + ".tmp"
	_ = w.Remove(temp) // what a crash left; if it cannot be removed, Create says so
	f, err := w.Create(temp)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = w.Rename(temp, path)
	}
	if err != nil {
		_ = w.Remove(temp)
	}
	return err
}

// Real is the world as it is.
type Real struct{}

// Now is the wall clock, with its monotonic reading.
func (Real) Now() time.Time { return time.Now() }

// Sleep waits.
func (Real) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Random fills p from the system's source, which cannot fail.
func (Real) Random(p []byte) { _, _ = rand.Read(p) }

// MkdirAll makes a folder and its parents.
func (Real) MkdirAll(dir string) error { return os.MkdirAll(dir, 0o755) }

// Create makes a new file.
func (Real) Create(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	hold(f)
	dir, err := os.Open(filepath.Dir(path))
	if err == nil {
		// Not every file system lets a folder be synced; those that do not have no other way to ask.
		_ = dir.Sync()
		err = dir.Close()
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// ReadFile reads a whole file.
func (Real) ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }

// WriteFile writes a whole file; its folder is made if it is not there.
func (Real) WriteFile(path string, data []byte) error {
	err := os.WriteFile(path, data, 0o644)
	if os.IsNotExist(err) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	}
	return err
}

// Rename moves a file over another.
func (Real) Rename(from, to string) error { return os.Rename(from, to) }

// Remove deletes a file.
func (Real) Remove(path string) error { return os.Remove(path) }

// Signals delivers SIGINT and SIGTERM.
func (Real) Signals() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 4)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}
