// Package deps fetches the packages that a project lists: it resolves their versions, writes package-lock.yml and installs them
// into the project's packages-install-path, as `dbt deps` does.
//
// It exists beside the compiler because the compiler may not touch the network. What comes from elsewhere is not trusted:
// archives are unpacked within a folder that they cannot leave and within limits, and the installed packages change only once
// everything is there, all at once.
package deps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// DefaultHub is where packages of the hub are asked for, unless DBT_PACKAGE_HUB_URL says otherwise.
const DefaultHub = "https://hub.getdbt.com/"

// Options say what to fetch and how.
type Options struct {
	// Project names the project's folder, the variables and the environment.
	Project compiler.Options
	// HubURL is the base of the hub's addresses; "" is DefaultHub.
	HubURL string
	// Client speaks HTTP; nil is one with timeouts. Git is the git program; "" is "git".
	Client *http.Client
	Git    string
	// Attempts is how often a failing request is made, Wait the time between two; 0 are 6 and a second.
	Attempts int
	Wait     time.Duration
	// Limits bound archives; the zero value is DefaultLimits.
	Limits Limits
	// LockOnly writes package-lock.yml and installs nothing. Upgrade resolves anew although the lock fits.
	LockOnly, Upgrade bool
	// Say is told what is done, line by line, without secrets; nil hears nothing.
	Say func(string)
}

// Run resolves and installs. Diagnostics are for what the user wrote, for packages that do not fit together and for what
// cannot be fetched; the error is for a disk that fails.
func Run(ctx context.Context, o Options) (diag.List, error) {
	s := newSession(ctx, o)
	err := s.run()
	if s.work != "" {
		if removing := os.RemoveAll(s.work); err == nil {
			err = removing
		}
	}
	for i := range s.diags {
		s.diags[i].Detail, s.diags[i].Hint = s.scrub(s.diags[i].Detail), s.scrub(s.diags[i].Hint)
	}
	if err != nil {
		err = errors.New(s.scrub(err.Error()))
	}
	return s.diags, err
}

// session is the state of one Run.
type session struct {
	ctx     context.Context
	o       Options
	secrets []string
	diags   diag.List
	project *compiler.Dependencies
	hub     hub
	// work is a folder beside the installed packages, on the same disk, that goes at the end.
	work string
	// fetched are git and tarball packages by address, revision and subdirectory.
	fetched map[string]*fetchedPackage
}

func newSession(ctx context.Context, o Options) *session {
	if o.Client == nil {
		o.Client = defaultClient()
	}
	if o.Attempts <= 0 {
		o.Attempts = 6
	}
	if o.Wait == 0 {
		o.Wait = time.Second
	}
	if o.Git == "" {
		o.Git = "git"
	}
	if o.HubURL == "" {
		o.HubURL = DefaultHub
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	s := &session{ctx: ctx, o: o, fetched: map[string]*fetchedPackage{}}
	s.hub = hub{s: s, base: strings.TrimSuffix(o.HubURL, "/") + "/", known: map[string][]hubVersion{}}
	for name, value := range o.Project.Env {
		if strings.HasPrefix(name, "DBT_ENV_SECRET") && strings.TrimSpace(value) != "" {
			s.secrets = append(s.secrets, value)
		}
	}
	// Longer ones first: a secret may hold another.
	slices.SortFunc(s.secrets, func(a, b string) int { return len(b) - len(a) })
	return s
}

// scrub hides the values of secret variables.
func (s *session) scrub(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "*****")
	}
	return text
}

func (s *session) say(format string, args ...any) {
	if s.o.Say != nil {
		s.o.Say(s.scrub(fmt.Sprintf(format, args...)))
	}
}

// errReported stops what cannot go on after a diagnostic.
var errReported = errors.New("reported")

// fail reports an error and gives errReported.
func (s *session) fail(code diag.Code, at source.Span, hint, format string, args ...any) error {
	if at.IsZero() {
		at = fileSpan(s.listName())
	}
	s.diags.Add(code, at, format, args...).Hint = hint
	return errReported
}

func (s *session) listName() string {
	if s.project == nil {
		return "packages.yml"
	}
	return s.project.List
}

func (s *session) run() error {
	var list diag.List
	var err error
	s.project, list, err = compiler.ReadDependencies(s.o.Project)
	s.diags = append(s.diags, list...)
	if err != nil || s.project == nil || list.HasErrors() {
		return err
	}
	if err = s.install(); errors.Is(err, errReported) {
		return nil
	}
	return err
}

func (s *session) lockPath() string { return filepath.Join(s.project.Dir, "package-lock.yml") }

// install is the command once the project is read.
func (s *session) install() error {
	p := s.project
	if len(p.Specs) == 0 {
		s.say("Warning: No packages were found in %s", p.List)
		if !p.HasLock || len(p.Locked) == 0 {
			return nil
		}
	}
	if err := s.prepare(); err != nil {
		return err
	}
	locked := p.Locked
	if !p.HasLock || s.o.Upgrade || p.LockHash != p.Hash {
		resolved, err := s.resolve(p.Specs)
		if err != nil {
			return err
		}
		if locked, err = s.writeLock(resolved); err != nil {
			return err
		}
	}
	if s.o.LockOnly {
		return nil
	}
	final := &listing{}
	for _, spec := range locked {
		u, err := s.unpin(spec, "package-lock.yml")
		if err != nil {
			return err
		}
		if _, err := s.incorporate(final, u); err != nil {
			return err
		}
	}
	pinned, err := s.pinAll(final)
	if err != nil {
		return err
	}
	return s.installAll(pinned)
}

// writeLock writes package-lock.yml, whole or not at all, and gives its entries as they are read back: with templates rendered.
func (s *session) writeLock(resolved []*pinned) ([]compiler.PackageSpec, error) {
	entries := make([]compiler.LockedPackage, len(resolved))
	specs := make([]compiler.PackageSpec, len(resolved))
	for i, p := range resolved {
		spec := p.spec
		specs[i] = spec
		specs[i].Name = p.name
		if scrubbed := s.scrub(spec.Written); scrubbed != spec.Written {
			d := s.diags.Add(diag.SecretInLock, spec.At, "Detected secret env var in %s. A scrubbed representation is written to the lock file.", scrubbed)
			d.Hint = "write {{ env_var('DBT_ENV_SECRET_…') }} in packages.yml, or use `weft deps --upgrade` from now on"
			spec.Written = scrubbed
		}
		entries[i] = compiler.LockedPackage{Spec: spec, Name: p.name}
	}
	text, err := compiler.LockText(entries, s.project.Hash)
	if err != nil {
		return nil, err
	}
	if err := replaceFile(s.lockPath(), text); err != nil {
		return nil, fmt.Errorf("cannot write package-lock.yml: %w", err)
	}
	s.say("Updating lock file in file path: %s", filepath.ToSlash(s.lockPath()))
	return specs, nil
}

// replaceFile writes a file aside and renames it.
func replaceFile(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".weft-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// fileSpan is a place in a file of which only the name is known.
func fileSpan(path string) source.Span { return source.Span{File: source.NewFile(path, "")} }
