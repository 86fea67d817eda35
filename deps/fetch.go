package deps

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// fetchedPackage is a package that lies in a folder below session.work, or, if it is local, where it lives.
type fetchedPackage struct {
	dir      string
	name     string
	packages []compiler.PackageSpec
	// sha is the commit of a git package.
	sha string
	// moved says that the folder is where it is wanted.
	moved bool
}

// describe finds out what a package is called and what it depends on; packages that are not of the hub are fetched for that.
func (s *session) describe(p *pinned) error {
	switch p.spec.Kind {
	case "package":
		p.name, p.packages = p.hub.Name, p.hub.Packages
	case "local":
		dir := s.localDir(p.spec.Address)
		f, err := s.read(dir, p.spec.Address, p.spec.At)
		if err != nil {
			return err
		}
		p.fetched = f
	case "git":
		f, err := s.git(p)
		if err != nil {
			return err
		}
		p.fetched, p.spec.Revision = f, f.sha
	case "tarball":
		f, err := s.tarball(p.spec)
		if err != nil {
			return err
		}
		p.fetched = f
	}
	if p.fetched != nil {
		p.name, p.packages = p.fetched.name, p.fetched.packages
	}
	if p.name == "" || strings.ContainsAny(p.name, "/\\:\x00") || strings.HasPrefix(p.name, ".") || strings.HasPrefix(p.name, "__") {
		return s.fail(diag.PackageInvalid, p.spec.At, "", "Invalid package name '%s': it resolves outside of the packages-install-path, or is hidden there", p.name)
	}
	return nil
}

// localDir is the folder of a local package: relative to the root project, whoever lists it.
func (s *session) localDir(address string) string {
	if home := s.o.Project.Env["HOME"]; home != "" && (address == "~" || strings.HasPrefix(address, "~/")) {
		address = home + address[1:]
	}
	if filepath.IsAbs(address) {
		return filepath.Clean(address)
	}
	return filepath.Join(s.project.Dir, filepath.FromSlash(address))
}

// read reads the name and the dependencies of a package's folder.
func (s *session) read(dir, shown string, at source.Span) (*fetchedPackage, error) {
	name, specs, list, err := compiler.ReadPackage(s.o.Project, dir, s.scrub(shown))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if !at.IsZero() {
			list[i].Related = append(list[i].Related, diag.Related{Span: at, Message: "the package is listed here"})
		}
	}
	s.diags = append(s.diags, list...)
	if list.HasErrors() {
		return nil, errReported
	}
	return &fetchedPackage{dir: dir, name: name, packages: specs}, nil
}

// tarball fetches a package that is listed by the address of its archive.
func (s *session) tarball(spec compiler.PackageSpec) (*fetchedPackage, error) {
	if f := s.fetched[spec.Address]; f != nil {
		return f, nil
	}
	dir, err := os.MkdirTemp(s.work, "tarball-*")
	if err != nil {
		return nil, err
	}
	top, err := s.download(spec.Address, "", spec.Address, dir, spec.At)
	if err != nil {
		return nil, err
	}
	f, err := s.read(filepath.Join(dir, top), spec.Address, spec.At)
	if err != nil {
		return nil, err
	}
	f.name = orElse(spec.Name, f.name)
	s.fetched[spec.Address] = f
	return f, nil
}

// download fetches an archive, checks it and unpacks it into a folder; it gives the name of the archive's top folder.
func (s *session) download(url, sum, what, dir string, at source.Span) (top string, err error) {
	if url == "" {
		return "", s.fail(diag.FetchFailed, at, "", "the hub has no archive of %s", what)
	}
	err = s.get(url, func(body io.Reader) error {
		top, err = s.unpack(body, sum, what, dir, at)
		return err
	})
	var no refused
	switch {
	case errors.As(err, &no):
		return "", s.fail(diag.ArchiveRefused, at, "tell the package's authors; nothing of it was installed", "the archive of %s cannot be used: %s", what, no.why)
	case err != nil && isDisk(err):
		return "", err
	case err != nil:
		return "", s.unreachable(at, what, err)
	}
	return top, nil
}

// isDisk tells errors of files from those of the network, which hold them too.
func isDisk(err error) bool {
	var path *os.PathError
	var link *os.LinkError
	return errors.As(err, &path) || errors.As(err, &link)
}

func (s *session) unpack(body io.Reader, sum, what, dir string, at source.Span) (string, error) {
	f, err := os.CreateTemp(s.work, "archive-*")
	if err != nil {
		return "", err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	hash := sha1.New()
	n, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(body, s.o.Limits.Download+1))
	if err != nil {
		return "", err
	}
	if n > s.o.Limits.Download {
		return "", refused{fmt.Sprintf("it is larger than %d bytes", s.o.Limits.Download)}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	// What an earlier attempt left must not be taken for a part of this one.
	if err := emptyFolder(dir); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }()
	top, err := extract(f, root, s.o.Limits)
	if err != nil {
		return "", err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); sum != "" && !strings.EqualFold(sum, got) {
		d := s.diags.Add(diag.ArchiveChanged, at, "the archive of %s has the SHA-1 %s, and had %s when the hub listed it", what, got, sum)
		d.Hint = "the tag was moved, or the archive packed anew: compare it with the package's repository"
	}
	return top, nil
}

func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
