package project

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// found is a file of a walk, before it is known what it is for.
type found struct {
	rel  string // below the searched path, with slashes
	abs  string
	size int64
	link bool
}

// files finds and reads all files of a package.
func (l *loader) files(p *Package) error {
	ignore, err := l.ignoreFile(p)
	if err != nil {
		return err
	}
	w := &walker{l: l, p: p, ignore: ignore, walked: map[string][]found{}}
	c := p.Config
	sql, md := []string{".sql"}, []string{".md"}
	if v, ok := c.Flags.Get("allow_jinja_file_extensions"); ok && jinja.Truth(v) {
		sql = []string{".sql", ".sql.j2", ".sql.jinja2", ".sql.jinja"}
		md = []string{".md", ".md.j2", ".md.jinja2", ".md.jinja"}
	}
	sub := func(paths []string, folder string) []string {
		out := make([]string, len(paths))
		for i, path := range paths {
			out[i] = join(path, folder)
		}
		return out
	}
	p.Macros = w.search(c.MacroPaths, sql...)
	p.Models = w.search(c.ModelPaths, append([]string{".py"}, sql...)...)
	p.Snapshots = w.search(c.SnapshotPaths, sql...)
	p.Analyses = w.search(c.AnalysisPaths, sql...)
	p.SingularTests = slices.DeleteFunc(w.search(c.TestPaths, sql...), func(f SourceFile) bool {
		top, _, _ := strings.Cut(f.Path, "/")
		return top == "generic" || top == "fixtures"
	})
	p.GenericTests = w.search(sub(c.TestPaths, "generic"), sql...)
	p.Seeds = w.search(c.SeedPaths, ".csv")
	p.Docs = w.search(c.DocsPaths, md...)
	p.Fixtures = w.search(sub(c.TestPaths, "fixtures"), append([]string{".csv"}, sql...)...)
	p.Functions = w.search(c.FunctionPaths, append([]string{".py", ".js"}, sql...)...)
	for _, f := range w.search(c.AllPaths(), ".yml", ".yaml") {
		p.Properties = append(p.Properties, PropertiesFile{SourceFile: f})
	}
	if w.err != nil {
		return w.err
	}
	return l.read(p)
}

// join is Python's os.path.join for two slash paths: nothing is cleaned, since dbt shows paths as they are configured.
func join(a, b string) string {
	switch {
	case a == "":
		return b
	case strings.HasSuffix(a, "/"):
		return a + b
	}
	return a + "/" + b
}

// walker walks each resource path once, whatever is looked for in it.
type walker struct {
	l      *loader
	p      *Package
	ignore *ignoreSpec
	walked map[string][]found
	err    error
}

// search lists the files below paths whose names end in one of the extensions, in the order of extensions, then of paths,
// then sorted. As in dbt, names that begin with a dot, a hash or a tilde do not count, and case does not matter.
func (w *walker) search(paths []string, extensions ...string) []SourceFile {
	var out []SourceFile
	seen := map[string]bool{}
	for _, ext := range extensions {
		for _, path := range paths {
			for _, f := range w.walk(path) {
				name := f.rel[strings.LastIndexByte(f.rel, '/')+1:]
				if len(name) <= len(ext) || !strings.EqualFold(name[len(name)-len(ext):], ext) || name[0] == '.' || name[0] == '#' || name[0] == '~' {
					continue
				}
				original := join(path, f.rel)
				if seen[original] || w.ignore.matches(original) {
					continue
				}
				seen[original] = true
				out = append(out, SourceFile{Path: f.rel, OriginalPath: original, Abs: f.abs, Size: f.size})
			}
		}
	}
	return out
}

// walk lists all files below a resource path, sorted. Links to files are followed, links to folders are not, as Python's
// os.walk does. A folder that may not be read is an error: without its files, other files would seem wrong.
func (w *walker) walk(path string) []found {
	key := strings.TrimRight(path, "/")
	if files, ok := w.walked[key]; ok {
		return files
	}
	top := path
	if !filepath.IsAbs(top) {
		top = filepath.Join(w.p.Dir, filepath.FromSlash(path))
	}
	var files []found
	var visit func(dir, rel string)
	visit = func(dir, rel string) {
		entries, err := w.l.fs.ReadDir(dir)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) && w.err == nil && !notFolder(w.l.fs, dir) {
				w.err = fmt.Errorf("listing %s: %w", w.l.shown(dir), err)
			}
			return
		}
		for _, e := range entries {
			name := e.Name()
			abs := filepath.Join(dir, name)
			if e.IsDir() {
				visit(abs, rel+name+"/")
				continue
			}
			link := e.Type()&fs.ModeSymlink != 0
			if link {
				info, err := w.l.fs.Stat(abs)
				if err != nil || info.IsDir() {
					continue
				}
			} else if !e.Type().IsRegular() {
				continue
			}
			files = append(files, found{rel: rel + name, abs: abs, link: link})
		}
	}
	visit(top, "")
	slices.SortFunc(files, func(a, b found) int { return strings.Compare(a.rel, b.rel) })
	w.walked[key] = files
	return files
}

func notFolder(disk source.FS, path string) bool {
	info, err := disk.Stat(path)
	return err == nil && !info.IsDir()
}

// read reads what is needed now, on several threads: everything but seeds and fixtures. Properties are parsed there too,
// since YAML costs most.
func (l *loader) read(p *Package) error {
	var jobs []job
	late := func(list []SourceFile) {
		for i := range list {
			jobs = append(jobs, job{file: &list[i], late: true})
		}
	}
	now := func(list []SourceFile) {
		for i := range list {
			jobs = append(jobs, job{file: &list[i]})
		}
	}
	// The largest work first, so that no thread is left alone with it at the end.
	for i := range p.Properties {
		jobs = append(jobs, job{file: &p.Properties[i].SourceFile})
	}
	for _, list := range [][]SourceFile{p.Models, p.Macros, p.Snapshots, p.Analyses, p.SingularTests, p.GenericTests, p.Docs, p.Functions} {
		now(list)
	}
	late(p.Seeds)
	late(p.Fixtures)

	shared := &texts{l: l, p: p}
	n := l.o.Parallel
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, len(jobs)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				shared.do(&jobs[i])
			}
		})
	}
	wg.Wait()
	for i := range jobs {
		if jobs[i].err != nil {
			return jobs[i].err
		}
		l.diags = append(l.diags, jobs[i].diags...)
	}
	dropUnread(p)
	return nil
}

// dropUnread takes out files that could not be read: their diagnostics say why.
func dropUnread(p *Package) {
	unread := func(f SourceFile) bool { return f.Text == nil }
	for _, list := range []*[]SourceFile{&p.Models, &p.Macros, &p.Snapshots, &p.Analyses, &p.SingularTests, &p.GenericTests, &p.Docs, &p.Functions} {
		*list = slices.DeleteFunc(*list, unread)
	}
	p.Properties = slices.DeleteFunc(p.Properties, func(f PropertiesFile) bool { return f.Text == nil })
}

// job is one file to be read.
type job struct {
	file  *SourceFile
	late  bool
	diags diag.List
	err   error
}

type texts struct {
	l *loader
	p *Package
}

func (t *texts) do(j *job) {
	if j.late {
		info, err := t.l.fs.Stat(j.file.Abs)
		if err == nil {
			j.file.Size = info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			j.err = fmt.Errorf("reading %s: %w", t.l.shown(j.file.Abs), err)
		}
		return
	}
	b, err := t.l.fs.ReadFile(j.file.Abs)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			j.err = fmt.Errorf("reading %s: %w", t.l.shown(j.file.Abs), err)
		}
		return
	}
	shown := j.file.OriginalPath
	if t.p.Prefix != "" {
		shown = join(t.p.Prefix, shown)
	}
	f := source.FromBytes(shown, b)
	j.file.Size = int64(len(b))
	if d, bad := notUTF8(f); bad {
		j.diags = append(j.diags, d)
		return
	}
	j.file.Text = f
}
