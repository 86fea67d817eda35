package deps

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// item is an entry of an archive that a test makes.
type item struct {
	name, text, link string
	kind             byte
}

func archive(t testing.TB, items ...item) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, i := range items {
		h := &tar.Header{Name: i.name, Typeflag: i.kind, Linkname: i.link, Mode: 0o644, Size: int64(len(i.text))}
		if i.kind == tar.TypeXGlobalHeader {
			h = &tar.Header{Name: i.name, Typeflag: i.kind, PAXRecords: map[string]string{"comment": "a commit"}}
		}
		if i.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, i.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpackInto(t testing.TB, dir string, data []byte, limits Limits) (string, error) {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	return extract(bytes.NewReader(data), root, limits)
}

func TestExtract(t *testing.T) {
	dir := t.TempDir()
	top, err := unpackInto(t, dir, archive(t,
		item{name: "pax_global_header", kind: tar.TypeXGlobalHeader},
		item{name: "utils-1.0/", kind: tar.TypeDir},
		item{name: "utils-1.0/dbt_project.yml", text: "name: utils\n"},
		item{name: "utils-1.0/macros/deep/a.sql", text: "select 1"},
		item{name: "utils-1.0/macros/", kind: tar.TypeDir},
	), DefaultLimits)
	if err != nil || top != "utils-1.0" {
		t.Fatal(top, err)
	}
	for name, want := range map[string]string{"dbt_project.yml": "name: utils\n", "macros/deep/a.sql": "select 1"} {
		if got, err := os.ReadFile(filepath.Join(dir, top, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestExtractRefuses holds archives that are made to harm: each is refused for its own reason, and nothing lies beside the folder.
func TestExtractRefuses(t *testing.T) {
	file := item{name: "p/dbt_project.yml", text: "name: p\n"}
	many := make([]item, 0, 60)
	for range 60 {
		many = append(many, item{name: "p/" + strings.Repeat("x", len(many)+1), text: "x"})
	}
	cases := []struct {
		name, why string
		items     []item
	}{
		{"upwards", "leads out", []item{file, {name: "p/../../evil", text: "x"}}},
		{"upwards within", "leads out", []item{file, {name: "p/a/../b", text: "x"}}},
		{"absolute", "absolute", []item{{name: "/tmp/evil", text: "x"}}},
		{"backslash", "may not have", []item{{name: `p\..\..\evil`, text: "x"}}},
		{"drive", "may not have", []item{{name: "C:/evil", text: "x"}}},
		{"symbolic link", "is a link", []item{file, {name: "p/l", kind: tar.TypeSymlink, link: "/etc"}, {name: "p/l/evil", text: "x"}}},
		{"harmless link", "is a link", []item{file, {name: "p/l", kind: tar.TypeSymlink, link: "dbt_project.yml"}}},
		{"hard link", "is a link", []item{file, {name: "p/l", kind: tar.TypeLink, link: "/etc/passwd"}}},
		{"device", "is a device", []item{file, {name: "p/d", kind: tar.TypeChar}}},
		{"block device", "is a device", []item{file, {name: "p/d", kind: tar.TypeBlock}}},
		{"pipe", "is a device", []item{file, {name: "p/d", kind: tar.TypeFifo}}},
		{"unknown kind", "unknown type", []item{file, {name: "p/d", kind: 'Z'}}},
		{"two folders", "beside", []item{file, {name: "q/dbt_project.yml", text: "x"}}},
		{"no folder", "does not lie in a folder", []item{{name: "dbt_project.yml", text: "x"}}},
		{"twice", "twice", []item{file, file}},
		{"file as folder", "is a file and a folder", []item{file, {name: "p/dbt_project.yml/x", text: "x"}}},
		{"empty", "is empty", nil},
		{"too many", "more than 50", many},
		{"too deep", "too deep", []item{{name: strings.Repeat("p/", 70) + "x", text: "x"}}},
		{"too large", "is larger than 1048576 bytes", []item{{name: "p/a", text: strings.Repeat("ab", 1<<20)}}},
		{"too large together", "unpacks to more than", []item{{name: "p/a", text: noise(600 << 10)}, {name: "p/b", text: noise(600 << 10)}}},
		{"long name", "too long", []item{{name: "p/" + strings.Repeat("n", 300), text: "x"}}},
	}
	limits := Limits{Download: 1 << 20, Unpacked: 1 << 20, Ratio: 1000, Entries: 50, Depth: 64}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			outside := t.TempDir()
			dir := filepath.Join(outside, "in", "here")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			_, err := unpackInto(t, dir, archive(t, c.items...), limits)
			var no refused
			if !errors.As(err, &no) || !strings.Contains(no.why, c.why) {
				t.Errorf("got %v, want a refusal with %q", err, c.why)
			}
			onlyBelow(t, outside, dir)
		})
	}
}

// TestExtractBomb unpacks a gigabyte of zeros that fits into a megabyte, and must stop early.
func TestExtractBomb(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	const size = 256 << 20
	if err := w.WriteHeader(&tar.Header{Name: "p/zeros", Typeflag: tar.TypeReg, Size: size}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, err := unpackInto(t, dir, b.Bytes(), DefaultLimits)
	if err == nil || !strings.Contains(err.Error(), "times its size") {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "p", "zeros")); err == nil && info.Size() > 2*ratioFrom {
		t.Errorf("%d bytes were written", info.Size())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestExtractDamaged cuts an archive at every place: each is damaged, none is taken.
func TestExtractDamaged(t *testing.T) {
	data := archive(t, item{name: "p/dbt_project.yml", text: "name: p\n"}, item{name: "p/a.sql", text: noise(3000)})
	for n := 0; n < len(data); n += 1 + n/40 {
		_, err := unpackInto(t, t.TempDir(), data[:n], DefaultLimits)
		var broken damaged
		if !errors.As(err, &broken) {
			t.Fatalf("cut at %d of %d: %v", n, len(data), err)
		}
	}
}

func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

func onlyBelow(t testing.TB, outside, dir string) {
	t.Helper()
	err := filepath.WalkDir(outside, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() && !strings.HasPrefix(path, dir+string(filepath.Separator)) {
			t.Errorf("%s was written", path)
		}
		if !entry.IsDir() && !entry.Type().IsRegular() {
			t.Errorf("%s is no file", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// FuzzTarExtract feeds archives of any bytes: nothing is written beside the folder, nothing but files and folders within it, and
// no more than the limits allow.
func FuzzTarExtract(f *testing.F) {
	plain := func(data []byte) []byte {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			f.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		if err != nil {
			f.Fatal(err)
		}
		return raw
	}
	f.Add(plain(archive(f, item{name: "p/dbt_project.yml", text: "name: p\n"}, item{name: "p/m/a.sql", text: "select 1"})))
	f.Add(plain(archive(f, item{name: "p/../../evil", text: "x"})))
	f.Add(plain(archive(f, item{name: "p/l", kind: tar.TypeSymlink, link: ".."}, item{name: "p/l/evil", text: "x"})))
	f.Add(plain(archive(f, item{name: "p/" + strings.Repeat("n", 200), text: "x"})))
	limits := Limits{Download: 1 << 20, Unpacked: 1 << 16, Ratio: 100, Entries: 20, Depth: 8}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(raw); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		outside := t.TempDir()
		dir := filepath.Join(outside, "in", "here")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		top, err := unpackInto(t, dir, b.Bytes(), limits)
		if isDisk(err) {
			t.Skip("the file system refuses a name:", err)
		}
		onlyBelow(t, outside, dir)
		var total int64
		if walking := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				info, infoErr := entry.Info()
				if infoErr != nil {
					return infoErr
				}
				total += info.Size()
			}
			return err
		}); walking != nil {
			t.Fatal(walking)
		}
		if total > limits.Unpacked {
			t.Errorf("%d bytes were unpacked", total)
		}
		if err == nil && (top == "" || strings.ContainsAny(top, "/\\") || top == "..") {
			t.Errorf("the top folder is %q", top)
		}
	})
}
