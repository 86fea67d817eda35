package deps

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Limits bound what an archive may hold.
type Limits struct {
	// Download is the size of the archive itself, Unpacked of all its files together, in bytes.
	Download, Unpacked int64
	// Ratio is how many times larger than the archive its files may be, once they are larger than 16 MiB.
	Ratio int64
	// Entries is the number of files and folders, Depth how deep folders lie in each other.
	Entries, Depth int
}

// DefaultLimits are far above the largest packages there are, and far below what a disk minds.
var DefaultLimits = Limits{Download: 256 << 20, Unpacked: 1 << 30, Ratio: 200, Entries: 100_000, Depth: 64}

// ratioFrom is the size from which the ratio counts: small texts may shrink to nothing.
const ratioFrom = 16 << 20

// refused is an archive that weft does not unpack: it is made to harm, or it is no package.
type refused struct{ why string }

func (e refused) Error() string { return e.why }

// extract unpacks a .tar.gz into a folder, which it cannot leave, and gives the name of its one top folder. The error is refused for
// what no package may do, damaged for what arrived broken, and anything else for the disk.
func extract(archive io.Reader, into *os.Root, limits Limits) (top string, err error) {
	packed := &counting{r: archive}
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return "", damaged{fmt.Errorf("no gzip archive: %w", err)}
	}
	x := extraction{packed: packed, into: into, limits: limits}
	// Headers count too: they can be as long as one likes.
	all := &bounded{r: unzipped, x: &x}
	x.tar = tar.NewReader(all)
	for {
		h, err := x.tar.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", broken(err)
		}
		if err := x.entry(h); err != nil {
			return "", err
		}
	}
	// The checksum stands behind the end of the archive.
	if _, err := io.Copy(io.Discard, all); err != nil {
		return "", broken(err)
	}
	if x.top == "" {
		return "", refused{"the archive is empty"}
	}
	return x.top, nil
}

// broken tells what is wrong with the bytes from what weft refuses.
func broken(err error) error {
	var r refused
	if errors.As(err, &r) {
		return r
	}
	return damaged{fmt.Errorf("the archive is damaged: %w", err)}
}

type extraction struct {
	packed   *counting
	tar      *tar.Reader
	into     *os.Root
	limits   Limits
	top      string
	entries  int
	unpacked int64
}

type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded stops reading where an archive unpacks to more than it may.
type bounded struct {
	r io.Reader
	x *extraction
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if grown := b.x.grow(int64(n)); grown != nil {
		return 0, grown
	}
	return n, err
}

func (x *extraction) grow(n int64) error {
	x.unpacked += n
	switch {
	case x.unpacked > x.limits.Unpacked:
		return refused{fmt.Sprintf("it unpacks to more than %d bytes", x.limits.Unpacked)}
	case x.unpacked > ratioFrom && x.unpacked > x.packed.n*x.limits.Ratio:
		return refused{fmt.Sprintf("it unpacks to more than %d times its size", x.limits.Ratio)}
	}
	return nil
}

func (x *extraction) entry(h *tar.Header) error {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	if x.entries++; x.entries > x.limits.Entries {
		return refused{fmt.Sprintf("it holds more than %d files", x.limits.Entries)}
	}
	name, err := entryName(h.Name, x.limits.Depth)
	if err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeDir:
	case tar.TypeSymlink, tar.TypeLink:
		return refused{fmt.Sprintf("%q is a link; archives of packages may hold files and folders only", h.Name)}
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return refused{fmt.Sprintf("%q is a device; archives of packages may hold files and folders only", h.Name)}
	default:
		return refused{fmt.Sprintf("%q is of the unknown type %q; archives of packages may hold files and folders only", h.Name, h.Typeflag)}
	}
	top, _, below := strings.Cut(name, "/")
	switch {
	case name == ".":
		return nil
	case x.top != "" && x.top != top:
		return refused{fmt.Sprintf("it holds %q beside %q; all files of a package must lie in one folder", top, x.top)}
	case !below && h.Typeflag == tar.TypeReg:
		return refused{fmt.Sprintf("%q does not lie in a folder; all files of a package must lie in one folder", name)}
	}
	x.top = top
	if h.Typeflag == tar.TypeDir {
		return x.folder(name)
	}
	for record := range h.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return refused{fmt.Sprintf("%q is a sparse file, whose holes cost the archive nothing", h.Name)}
		}
	}
	if h.Size > x.limits.Unpacked {
		return refused{fmt.Sprintf("%q is larger than %d bytes", h.Name, x.limits.Unpacked)}
	}
	if err := x.folder(path.Dir(name)); err != nil {
		return err
	}
	return x.file(name, h)
}

func (x *extraction) folder(name string) error {
	err := x.into.MkdirAll(name, 0o755)
	if info, missing := x.into.Lstat(name); err != nil && missing == nil && !info.IsDir() {
		return refused{fmt.Sprintf("%q is a file and a folder", name)}
	}
	return err
}

func (x *extraction) file(name string, h *tar.Header) error {
	mode := fs.FileMode(0o644)
	if h.Mode&0o111 != 0 {
		mode = 0o755
	}
	f, err := x.into.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return refused{fmt.Sprintf("it holds %q twice", h.Name)}
	}
	if err != nil {
		return err
	}
	w := &writing{w: f}
	_, err = io.Copy(w, x.tar)
	if closing := f.Close(); err == nil {
		err = closing
	}
	switch {
	case err == nil:
		return nil
	case w.failed != nil:
		return w.failed
	}
	return broken(err)
}

// writing tells errors of the disk from those of the archive.
type writing struct {
	w      io.Writer
	failed error
}

func (w *writing) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	w.failed = err
	return n, err
}

// entryName is the clean name of an entry. What could mean another place on any system is refused.
func entryName(name string, depth int) (string, error) {
	bad := func(why string) (string, error) {
		return "", refused{fmt.Sprintf("the name %q %s", name, why)}
	}
	switch {
	case name == "":
		return bad("is empty")
	case strings.HasPrefix(name, "/"):
		return bad("is an absolute path")
	case strings.ContainsAny(name, "\\:\x00"):
		return bad("holds a character that names of files in packages may not have")
	case len(name) > 4096:
		return "", refused{"a name is longer than 4096 bytes"}
	}
	parts := strings.Split(strings.TrimSuffix(name, "/"), "/")
	if len(parts) > depth {
		return bad("lies too deep")
	}
	for _, p := range parts {
		if p == ".." {
			return bad("leads out of the package's folder")
		}
		if len(p) > 255 {
			return bad("is too long")
		}
	}
	return path.Clean(name), nil
}
