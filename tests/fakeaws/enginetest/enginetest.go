// Package enginetest runs a package's tests on the fakes of AWS with real engines behind them.
//
// Such tests carry the build tag "engines", so that `go test ./...` starts no server; `make test-engines` runs them. An engine that does not
// come up fails them: tests that skip themselves prove nothing. What was started is stopped and removed however the tests end, and time and
// memory are told.
package enginetest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws"
)

// Main is the body of a package's TestMain: it starts the stack, lets use know it, runs the tests, stops all and gives the exit code.
//
//	func TestMain(m *testing.M) { os.Exit(enginetest.Main(m, func(s *fakeaws.Stack) { stack = s })) }
func Main(m *testing.M, use func(*fakeaws.Stack)) int {
	begin := time.Now()
	// All that is written goes below one folder: what is left in it, or of it, is a defect.
	dir, err := os.MkdirTemp("", "weft-engines-")
	if err != nil {
		return failed(err)
	}
	os.Setenv("TMPDIR", dir)
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	s, err := up(ctx)
	if err != nil {
		os.RemoveAll(dir)
		return failed(err)
	}
	ready := time.Since(begin)
	var once sync.Once
	var downErr error
	down := func() {
		once.Do(func() { downErr = stop(s, dir) })
	}
	go func() {
		stopped := make(chan os.Signal, 1)
		signal.Notify(stopped, os.Interrupt, syscall.SIGTERM)
		<-stopped
		down()
		os.Exit(1)
	}()
	use(s)
	code := m.Run()
	defects := s.Defects()
	down()
	fmt.Printf("engines: ready after %s, %s in all, peak memory %d MB of Trino, %d MB of the tests and the fakes\n", ready.Round(time.Second),
		time.Since(begin).Round(time.Second), s.Trino.Peak()>>20, engines.OwnPeak()>>20)
	if len(defects) > 0 {
		return failed(fmt.Errorf("answers against the service models: %q", defects))
	}
	if downErr != nil {
		return failed(downErr)
	}
	return code
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "engines:", err)
	return 1
}

func up(ctx context.Context) (*fakeaws.Stack, error) {
	cache, err := engines.Dir()
	if err != nil {
		return nil, err
	}
	if err := engines.Install(ctx, cache, os.Stderr); err != nil {
		return nil, err
	}
	return fakeaws.Start(ctx, fakeaws.Options{Addr: "127.0.0.1:0", Trino: true, Cache: cache})
}

// stop ends the servers and tells what they left.
func stop(s *fakeaws.Stack, dir string) error {
	if err := s.Close(); err != nil {
		return err
	}
	var left []string
	err := filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if err == nil && p != dir && len(left) < 5 {
			left = append(left, p)
		}
		return err
	})
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("left behind: %q", left)
	}
	return err
}
