package effect

import (
	"context"
	"sync/atomic"
	"time"
)

// Faulty is a world whose calls are numbered from 1, in the order in which they are made, and may be made to fail. It is how
// tests walk through every point at which a run can break.
type Faulty struct {
	World
	// Before is asked before each call that can fail; an error it returns is the call's error, and the call is not made. It may
	// also not return at all (a test that kills the process).
	Before func(n int64, call string) error
	calls  atomic.Int64
}

// Calls is how many calls were made.
func (f *Faulty) Calls() int64 { return f.calls.Load() }

func (f *Faulty) step(call string) error { return f.Before(f.calls.Add(1), call) }

// Sleep waits in the world underneath.
func (f *Faulty) Sleep(ctx context.Context, d time.Duration) error {
	if err := f.step("sleep"); err != nil {
		return err
	}
	return f.World.Sleep(ctx, d)
}

// MkdirAll makes a folder in the world underneath.
func (f *Faulty) MkdirAll(dir string) error {
	if err := f.step("mkdir " + dir); err != nil {
		return err
	}
	return f.World.MkdirAll(dir)
}

// Create makes a file whose writes and syncs are numbered too.
func (f *Faulty) Create(path string) (File, error) {
	if err := f.step("create " + path); err != nil {
		return nil, err
	}
	file, err := f.World.Create(path)
	if err != nil {
		return nil, err
	}
	return &faultyFile{File: file, world: f, path: path}, nil
}

// ReadFile reads from the world underneath.
func (f *Faulty) ReadFile(path string) ([]byte, error) {
	if err := f.step("read " + path); err != nil {
		return nil, err
	}
	return f.World.ReadFile(path)
}

// WriteFile writes to the world underneath.
func (f *Faulty) WriteFile(path string, data []byte) error {
	if err := f.step("write " + path); err != nil {
		return err
	}
	return f.World.WriteFile(path, data)
}

// Rename moves in the world underneath.
func (f *Faulty) Rename(from, to string) error {
	if err := f.step("rename " + to); err != nil {
		return err
	}
	return f.World.Rename(from, to)
}

// Remove deletes in the world underneath.
func (f *Faulty) Remove(path string) error {
	if err := f.step("remove " + path); err != nil {
		return err
	}
	return f.World.Remove(path)
}

type faultyFile struct {
	File
	world *Faulty
	path  string
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if err := f.world.step("append " + f.path); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

func (f *faultyFile) Sync() error {
	if err := f.world.step("sync " + f.path); err != nil {
		return err
	}
	return f.File.Sync()
}
