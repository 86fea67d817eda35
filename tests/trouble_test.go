//go:build linux || darwin

package tests

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is the user as whom a test runs weft that root must not run: nothing is forbidden to root.
const nobody = 65534

// place is a built copy of the example, in which something goes wrong.
type place struct {
	t      *testing.T
	dir    string
	before stored
	// program is weft where nobody may run it.
	program string
}

// builtExample builds the example in a folder.
func builtExample(t *testing.T, dir string) stored {
	t.Helper()
	if err := copyProject(dir, exampleDir); err != nil {
		t.Fatal(err)
	}
	if out, code := weft(t, dir, "build"); code != 0 {
		t.Fatal(out)
	}
	return readStored(t, filepath.Join(dir, "sales.duckdb"))
}

func (p *place) path(name string) string { return filepath.Join(p.dir, name) }

// weft runs the program, which is this test binary under another name, and gives what it says and its exit code.
func (p *place) weft(args ...string) (string, int) {
	p.t.Helper()
	return p.command(exec.Command("weft", args...))
}

func (p *place) command(cmd *exec.Cmd) (string, int) {
	p.t.Helper()
	var out bytes.Buffer
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "HOME="+p.dir, "NO_COLOR=1")
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { _ = cmd.Process.Signal(syscall.SIGQUIT) })
	defer hangs.Stop()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// nobodysProgram is a copy of the program: the folder in which tests keep it is root's alone.
func nobodysProgram(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("weft")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		return path
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "weft")
	open(t, filepath.Dir(copied))
	if err := os.WriteFile(copied, text, 0o755); err != nil {
		t.Fatal(err)
	}
	return copied
}

// open lets everybody into a test's folder.
func open(t *testing.T, dir string) {
	t.Helper()
	for ; dir != filepath.Clean(os.TempDir()) && len(dir) > 1; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// asNobody runs the program as a user to whom rights apply.
func (p *place) asNobody(args ...string) (string, int) {
	p.t.Helper()
	cmd := exec.Command(p.program, args...)
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return p.command(cmd)
}

// give makes nobody the owner of all files but those named, whose rights become so.
func (p *place) give(mode os.FileMode, except ...string) {
	p.t.Helper()
	open(p.t, p.dir)
	p.must(filepath.WalkDir(p.dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil && os.Getuid() == 0 {
			err = os.Lchown(path, nobody, nobody)
		}
		return err
	}))
	for _, name := range except {
		if os.Getuid() == 0 {
			p.must(os.Lchown(p.path(name), 0, 0))
		}
		p.must(os.Chmod(p.path(name), mode))
	}
}

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// fails checks that a command ended with a code and words.
func (p *place) fails(out string, code, want int, words ...string) {
	p.t.Helper()
	if code != want {
		p.t.Errorf("ends with code %d, not %d:\n%s", code, want, out)
	}
	for _, w := range words {
		if !regexp.MustCompile(w).MatchString(out) {
			p.t.Errorf("does not say %q:\n%s", w, out)
		}
	}
}

// whole checks that what was published is as it was: the same tables with the same rows. A run writes the time into rows of fct_sales, and
// any number of rows into its log.
func (p *place) whole() {
	p.t.Helper()
	after := readStored(p.t, p.path("sales.duckdb"))
	for name, before := range p.before {
		got := after[name]
		if name == "main.fct_sales" {
			before.rows, _, _ = strings.Cut(before.rows, ",")
			got.rows, _, _ = strings.Cut(got.rows, ",")
		}
		if got != before && name != "main.build_log" {
			p.t.Errorf("%s is not as it was: %v, then %v", name, before, got)
		}
	}
	if len(after) != len(p.before) {
		p.t.Errorf("there are %d relations, not %d: %v", len(after), len(p.before), after)
	}
}

// recovers checks that everything is whole, now and after the next build, which works.
func (p *place) recovers() {
	p.t.Helper()
	p.whole()
	if out, code := p.weft("build"); code != 0 {
		p.t.Errorf("the next build ends with code %d:\n%s", code, out)
	}
	p.whole()
}

// TestTrouble builds where the world does not play along. Each command ends, says what is wrong and what to do about it, leaves what was
// published as it was, and the next run works.
func TestTrouble(t *testing.T) {
	built := t.TempDir()
	before := builtExample(t, built)
	program := nobodysProgram(t)
	troubles := map[string]func(p *place){
		"target is read-only": func(p *place) {
			p.give(0o555, "target")
			out, code := p.asNobody("build")
			p.fails(out, code, 2, `error\[E009\]`, "permission denied", "help: .*--target-path")
			out, code = p.asNobody("build", "--target-path", "elsewhere")
			p.fails(out, code, 0)
			p.must(os.Chmod(p.path("target"), 0o755))
		},
		"a folder of models cannot be read": func(p *place) {
			p.give(0o700, "models/marts")
			if os.Getuid() != 0 {
				p.must(os.Chmod(p.path("models/marts"), 0))
			}
			out, code := p.asNobody("build")
			p.fails(out, code, 2, `error\[E009\]: listing models/marts`, "help: ")
			p.must(os.Chmod(p.path("models/marts"), 0o755))
		},
		"the database is read-only": func(p *place) {
			p.give(0o444, "sales.duckdb")
			out, code := p.asNobody("build")
			p.fails(out, code, 2, `error\[E002\]`, "Permission denied", "help: .*wal.*`path`")
			out, code = p.asNobody("show", "--select", "sales_by_region")
			p.fails(out, code, 0, "EU")
			p.must(os.Chmod(p.path("sales.duckdb"), 0o644))
		},
		"the folder of the database is read-only": func(p *place) {
			p.give(0o555, ".")
			out, code := p.asNobody("build")
			p.fails(out, code, 1, "Permission denied", "DuckDB writes the database, and beside it")
			p.must(os.Chmod(p.dir, 0o755))
		},
		"the database is something else": func(p *place) {
			good, err := os.ReadFile(p.path("sales.duckdb"))
			p.must(err)
			for _, text := range []string{"", "some notes of mine, which are no database", string(good[:5000])} {
				p.must(os.WriteFile(p.path("sales.duckdb"), []byte(text), 0o600))
				out, code := p.weft("build")
				p.fails(out, code, 2, `error\[E002\]`, "help: .*stays as it is")
				now, err := os.ReadFile(p.path("sales.duckdb"))
				p.must(err)
				if string(now) != text {
					p.t.Error("the file that is no database was changed")
				}
			}
			p.must(os.WriteFile(p.path("sales.duckdb"), good, 0o600))
		},
		"another program has the database": func(p *place) {
			db, err := sql.Open("duckdb", p.path("sales.duckdb"))
			p.must(err)
			p.must(db.Ping())
			defer db.Close()
			for _, args := range [][]string{{"build"}, {"show", "--select", "sales_by_region"}, {"compile", "--select", "fct_sales"}} {
				out, code := p.weft(args...)
				p.fails(out, code, 2, `error\[E002\]: cannot open duckdb`, "help: another process has the database open")
			}
			out, code := p.weft("parse")
			p.fails(out, code, 0)
			p.must(db.Close())
		},
		"two builds at once": func(p *place) {
			type end struct {
				out  string
				code int
			}
			ends := make(chan end)
			for range 2 {
				go func() {
					out, code := p.weft("build")
					ends <- end{out, code}
				}()
			}
			good := 0
			for range 2 {
				e := <-ends
				if e.code == 0 {
					good++
				} else {
					p.fails(e.out, e.code, 2, `error\[E002\]`, "help: another process has the database open")
				}
			}
			if good == 0 {
				p.t.Error("neither build worked")
			}
		},
		"the profile vanishes": func(p *place) {
			text, err := os.ReadFile(p.path("profiles.yml"))
			p.must(err)
			p.must(os.Remove(p.path("profiles.yml")))
			out, code := p.weft("build")
			p.fails(out, code, 2, `error\[P003\]`, "help: there is no file .*profiles.yml")
			for empty, want := range map[string]string{"": "P004", "\n# nothing\n": "P004", "sales:\n": "P004", "sales: {target: dev}": "P004", "sales: {outputs: {dev: {type: duckdb, path: sales.duckdb}}, target: prod}": "P003"} {
				p.must(os.WriteFile(p.path("profiles.yml"), []byte(empty), 0o600))
				out, code = p.weft("build")
				p.fails(out, code, 2, `error\[`+want+`\]`, "help: ")
			}
			p.must(os.WriteFile(p.path("profiles.yml"), text, 0o600))
		},
		"target is deleted in the middle": func(p *place) {
			for range 3 {
				ctx, done := context.WithCancel(context.Background())
				gone := make(chan bool)
				go func() {
					defer close(gone)
					for ctx.Err() == nil {
						_ = os.RemoveAll(p.path("target"))
						time.Sleep(3 * time.Millisecond)
					}
				}()
				out, code := p.weft("build")
				done()
				<-gone
				said(p.t, "build", out, code)
				p.whole()
			}
		},
		"interrupted": func(p *place) {
			for _, after := range []time.Duration{10, 60, 120, 180, 240} {
				cmd := exec.Command("weft", "build")
				stop := time.AfterFunc(after*time.Millisecond, func() {
					if cmd.Process != nil {
						_ = cmd.Process.Signal(os.Interrupt)
					}
				})
				out, code := p.command(cmd)
				stop.Stop()
				if code != 0 && code != 130 && code != -1 { // -1: before the program could look for signals
					p.t.Errorf("ends with code %d:\n%s", code, out)
				}
				p.whole()
			}
		},
		"files may not grow": func(p *place) {
			for _, blocks := range []string{"0", "600", "1300"} {
				out, code := p.command(exec.Command("sh", "-c", "ulimit -f "+blocks+"; exec weft build"))
				said(p.t, "build", out, code)
				p.whole()
			}
			out, code := p.command(exec.Command("sh", "-c", "ulimit -f 8; exec weft build"))
			p.fails(out, code, 2, `error\[E009\]`, "help: .*ulimit")
		},
		"output goes nowhere": func(p *place) {
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				p.t.Skip("no /dev/full")
			}
			defer full.Close()
			for _, args := range [][]string{{"ls"}, {"show", "--select", "sales_by_region"}, {"compile", "--select", "fct_sales"}} {
				cmd := exec.Command("weft", args...)
				cmd.Stdout = full
				out, code := p.command(cmd)
				p.fails(out, code, 2, `error\[E009\]`, "no space left on device")
			}
			cmd := exec.Command("weft", "build")
			cmd.Stdout = full
			out, code := p.command(cmd)
			p.fails(out, code, 0)
		},
		"the disk is full": func(p *place) {
			disk := p.t.TempDir()
			if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk).Run(); err != nil || runtime.GOOS != "linux" {
				p.t.Skip("no small disk can be mounted")
			}
			defer func() { p.must(exec.Command("umount", "-l", disk).Run()) }()
			p.must(os.CopyFS(disk, os.DirFS(p.dir)))
			defer func(dir string) { p.dir = dir }(p.dir)
			p.dir = disk
			for _, free := range []int64{0, 300 << 10, 650 << 10, 900 << 10, 1500 << 10} {
				var now syscall.Statfs_t
				p.must(syscall.Statfs(disk, &now))
				p.must(os.WriteFile(p.path("filler"), make([]byte, max(0, int64(now.Bavail)*int64(now.Bsize)-free)), 0o600))
				out, code := p.weft("build")
				said(p.t, "build", out, code)
				if free == 0 {
					p.fails(out, code, 2, `error\[E009\]`, "no space left on device", "help: the disk is full")
				}
				p.must(os.Remove(p.path("filler")))
				p.whole()
			}
			p.recovers()
		},
	}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &place{t: t, dir: filepath.Join(t.TempDir(), "sales"), before: before, program: program}
			p.must(os.CopyFS(p.dir, os.DirFS(built)))
			trouble(p)
			p.recovers()
		})
	}
}
