package deps

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
)

const workPrefix = ".weft-deps-"

// prepare makes the folder of what is fetched: beside the installed packages, so that moving there is a rename.
func (s *session) prepare() error {
	if s.o.LockOnly {
		var err error
		s.work, err = os.MkdirTemp("", "weft-deps-")
		return err
	}
	if link, err := filepath.EvalSymlinks(s.project.InstallPath); err == nil {
		s.project.InstallPath = link
	}
	if err := s.guard(); err != nil {
		return err
	}
	parent := filepath.Dir(s.project.InstallPath)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	s.removeStale(parent)
	var err error
	s.work, err = os.MkdirTemp(parent, workPrefix)
	return err
}

// guard refuses to replace a folder that is more than a folder of packages.
func (s *session) guard() error {
	install := s.project.InstallPath
	why := ""
	if rel, err := filepath.Rel(install, s.project.Dir); err == nil && filepath.IsLocal(rel) {
		why = "holds the project itself"
	} else if _, err := os.Stat(filepath.Join(install, "dbt_project.yml")); err == nil {
		why = "is a project of its own"
	} else if info, err := os.Stat(install); err == nil && !info.IsDir() {
		why = "is a file"
	}
	if why == "" {
		return nil
	}
	return s.fail(diag.PackageInvalid, fileSpan("dbt_project.yml"), "choose a folder for packages alone, such as dbt_packages",
		"packages-install-path %s %s; installing packages replaces the folder", filepath.ToSlash(install), why)
}

// removeStale removes what a command that was killed has left.
func (s *session) removeStale(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && strings.HasPrefix(e.Name(), workPrefix) && s.o.Project.Now.Sub(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(filepath.Join(parent, e.Name()))
		}
	}
}

// installAll puts all packages into a new folder and then that folder into the place of the old one.
func (s *session) installAll(list []*pinned) error {
	staged := filepath.Join(s.work, "packages")
	if err := os.Mkdir(staged, 0o755); err != nil {
		return err
	}
	if err := s.uniqueNames(list); err != nil {
		return err
	}
	var outdated []string
	for _, p := range list {
		s.say("Installing %s", p.title())
		if err := s.stage(p, filepath.Join(staged, p.name)); err != nil {
			return err
		}
		s.say("Installed from %s", p.version())
		if p.spec.Kind == "package" {
			if p.latest != p.spec.Versions[0] {
				outdated = append(outdated, p.spec.Address)
				s.say("Updated version available: %s", p.latest)
			} else {
				s.say("Up to date!")
			}
		}
		if p.spec.Subdirectory != "" {
			s.say("and subdirectory %s", p.spec.Subdirectory)
		}
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if err := s.replace(staged); err != nil {
		return err
	}
	if len(outdated) > 0 {
		s.say("")
		s.say("Updates available for packages: %s \nUpdate your versions in %s, then run weft deps", quoted(outdated), s.project.List)
	}
	return nil
}

// title is what the progress calls a package.
func (p *pinned) title() string {
	if p.spec.Kind == "tarball" {
		return p.name
	}
	return title(p.spec)
}

// version is what the progress says a package was installed from.
func (p *pinned) version() string {
	switch p.spec.Kind {
	case "package":
		return "version " + p.spec.Versions[0]
	case "git":
		return "revision " + p.spec.Revision
	case "tarball":
		return "tarball (url: " + p.spec.Address + ")"
	}
	return "<local @ " + p.spec.Address + ">"
}

// stage puts one package into its folder.
func (s *session) stage(p *pinned, to string) error {
	switch p.spec.Kind {
	case "package":
		dir, err := os.MkdirTemp(s.work, "hub-*")
		if err != nil {
			return err
		}
		what := p.spec.Address + " " + p.spec.Versions[0]
		top, err := s.download(p.hub.Tarball, p.hub.SHA1, what, dir, p.spec.At)
		if err != nil {
			return err
		}
		if _, err := s.read(filepath.Join(dir, top), what, p.spec.At); err != nil {
			return err
		}
		return os.Rename(filepath.Join(dir, top), to)
	case "local":
		if err := os.Symlink(p.fetched.dir, to); err == nil {
			return nil
		}
		return os.CopyFS(to, os.DirFS(p.fetched.dir))
	}
	if p.fetched.moved {
		return fmt.Errorf("%s is listed twice", p.title())
	}
	p.fetched.moved = true
	return os.Rename(p.fetched.dir, to)
}

// replace swaps the folder of installed packages for the new one. If that fails the old one stays.
func (s *session) replace(staged string) error {
	install, old := s.project.InstallPath, filepath.Join(s.work, "old")
	err := os.Rename(install, old)
	had := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot replace the installed packages: %w", err)
	}
	if err := os.Rename(staged, install); err != nil {
		if had {
			err = errors.Join(err, os.Rename(old, install))
		}
		return fmt.Errorf("cannot replace the installed packages: %w", err)
	}
	return nil
}
