package deps

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
)

// gitError is what git said when it failed.
type gitError struct{ said string }

func (e gitError) Error() string { return e.said }

// git fetches one revision of a repository, without its history.
func (s *session) git(p *pinned) (*fetchedPackage, error) {
	spec := p.spec
	key := func(revision string) string {
		return strings.Join([]string{spec.Address, revision, spec.Subdirectory}, "\x00")
	}
	if f := s.fetched[key(spec.Revision)]; f != nil {
		return f, nil
	}
	if strings.HasPrefix(spec.Address, "-") || strings.HasPrefix(spec.Revision, "-") || strings.ContainsAny(spec.Revision, " \t\n:^~?*[\\") {
		return nil, s.fail(diag.PackageInvalid, spec.At, "", "%s at %s is no address and revision for git", spec.Address, spec.Revision)
	}
	if spec.Subdirectory != "" && !filepath.IsLocal(filepath.FromSlash(spec.Subdirectory)) {
		return nil, s.fail(diag.PackageInvalid, spec.At, "", "the subdirectory %s leads out of the repository", spec.Subdirectory)
	}
	dir, err := os.MkdirTemp(s.work, "git-*")
	if err != nil {
		return nil, err
	}
	sha, err := s.checkout(dir, spec)
	var said gitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, s.fail(diag.GitFailed, spec.At, "install git: it fetches packages that are listed with `git:`", "the program %s cannot be run: %s", s.o.Git, err)
	case errors.As(err, &said):
		hint := "check the address, the revision and whether you may read the repository"
		return nil, s.fail(diag.GitFailed, spec.At, hint, "Error checking out spec='%s' for repo %s\n%s", spec.Revision, spec.Address, said.said)
	case err != nil:
		return nil, err
	}
	if p.warn && slices.Contains([]string{"HEAD", "main", "master"}, spec.Revision) {
		how := "not pinned, using HEAD (default branch)"
		if spec.Revision != "HEAD" {
			how = "pinned to the \"" + spec.Revision + "\" branch"
		}
		d := s.diags.Add(diag.PackageUnpinned, spec.At, "The git package \"%s\" is %s. This can introduce breaking changes into your project without warning!", spec.Address, how)
		d.Hint = "write `revision:` with a tag or a commit, or `warn-unpinned: false`"
	}
	folder := filepath.Join(dir, filepath.FromSlash(spec.Subdirectory))
	if err := s.dropLinks(folder); err != nil {
		return nil, err
	}
	f, err := s.read(folder, title(spec), spec.At)
	if err != nil {
		return nil, err
	}
	f.sha = sha
	s.fetched[key(spec.Revision)], s.fetched[key(sha)] = f, f
	return f, nil
}

// checkout fetches into an empty folder and gives the commit. The repository's own folder goes: nothing needs it.
func (s *session) checkout(dir string, spec compiler.PackageSpec) (string, error) {
	if _, err := s.runGit(dir, "init", "-q", "--template="); err != nil {
		return "", err
	}
	if _, err := s.runGit(dir, "remote", "add", "origin", spec.Address); err != nil {
		return "", err
	}
	fetch := []string{"fetch", "-q", "--no-tags", "--depth", "1"}
	if spec.Subdirectory != "" {
		fetch = append(fetch, "--filter=blob:none")
		if _, err := s.runGit(dir, "sparse-checkout", "set", spec.Subdirectory); err != nil {
			return "", err
		}
	}
	fetch = append(fetch, "origin")
	err := error(gitError{})
	if spec.Revision != "HEAD" && !isCommit(spec.Revision) {
		// Of a tag and a branch of the same name, dbt takes the tag.
		_, err = s.runGit(dir, append(fetch, "refs/tags/"+spec.Revision)...)
	}
	if err != nil && !errors.Is(err, exec.ErrNotFound) {
		_, err = s.runGit(dir, append(fetch, spec.Revision)...)
	}
	if err != nil {
		return "", err
	}
	if _, err = s.runGit(dir, "checkout", "-q", "--detach", "FETCH_HEAD"); err != nil {
		return "", err
	}
	sha, err := s.runGit(dir, "rev-parse", "HEAD")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(sha), os.RemoveAll(filepath.Join(dir, ".git"))
}

func isCommit(revision string) bool {
	return len(revision) == 40 && strings.Trim(revision, "0123456789abcdef") == ""
}

// runGit runs the git program in a folder. It may not ask for passwords: nobody may be there to answer.
func (s *session) runGit(dir string, args ...string) (string, error) {
	c := exec.CommandContext(s.ctx, s.o.Git, args...)
	c.Dir = dir
	c.WaitDelay = 5 * time.Second
	for name, value := range s.o.Project.Env {
		// Variables of a hook or of another repository would lead git elsewhere.
		if !strings.HasPrefix(name, "GIT_DIR") && !strings.HasPrefix(name, "GIT_WORK_TREE") && !strings.HasPrefix(name, "GIT_INDEX") {
			c.Env = append(c.Env, name+"="+value)
		}
	}
	c.Env = append(c.Env, "LC_ALL=C")
	if _, set := s.o.Project.Env["GIT_TERMINAL_PROMPT"]; !set {
		c.Env = append(c.Env, "GIT_TERMINAL_PROMPT=0")
	}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if s.ctx.Err() != nil {
		return "", s.ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", gitError{strings.TrimSpace(errs.String())}
	}
	return out.String(), err
}

// dropLinks removes links that lead out of a package's folder; those within it stay.
func (s *session) dropLinks(dir string) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // read says what is missing
	}
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 {
			return err
		}
		if _, err := root.Stat(name); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		s.say("Left out the link %s, which leads out of the package", name)
		return root.Remove(name)
	})
}
