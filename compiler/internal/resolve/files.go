package resolve

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// job is one node to make of a file, or of a part of one.
type job struct {
	pkg  *packageState
	kind node.Kind
	file *project.SourceFile
	// snapshot blocks and hooks have a name and a body of their own
	name  string
	body  source.Span
	index int
	tag   string
}

// readFiles makes the nodes of all packages that stand in files of their own, and the docs blocks and fixtures.
func (b *binder) readFiles() {
	for _, p := range b.pkgs {
		var jobs []job
		each := func(kind node.Kind, files []project.SourceFile) {
			for i := range files {
				jobs = append(jobs, job{pkg: p, kind: kind, file: &files[i]})
			}
		}
		each(node.Model, p.Models)
		for i := range p.Snapshots {
			jobs = append(jobs, b.snapshotBlocks(p, &p.Snapshots[i])...)
		}
		each(node.Analysis, p.Analyses)
		each(node.Test, p.SingularTests)
		each(node.Seed, p.Seeds)
		jobs = append(jobs, b.hookJobs(p)...)
		each(node.Function, p.Functions)

		drafts := make([]*draft, len(jobs))
		b.parallel(len(jobs), func(i int) { drafts[i] = b.fromFile(&jobs[i]) })
		for _, d := range drafts {
			b.diags = append(b.diags, d.scanned...)
			b.place(d)
		}
		b.readDocs(p)
		b.readFixtures(p)
	}
}

// place puts a new node where it belongs by its config so far.
func (b *binder) place(d *draft) {
	t := b.nodes
	if d.n.Kind == node.Function {
		t = b.functions
	}
	if !d.state.enabled() {
		b.disabled = append(b.disabled, d)
		return
	}
	if other, twice := t.byID[d.n.ID]; twice {
		b.duplicate(d, other)
		return
	}
	t.add(d)
}

func (b *binder) snapshotBlocks(p *packageState, f *project.SourceFile) []job {
	if f.Text == nil {
		return nil
	}
	blocks, problems := jinja.Blocks(stripped(f.Text), "snapshot")
	b.diags = append(b.diags, problems...)
	var out []job
	for _, k := range blocks {
		out = append(out, job{pkg: p, kind: node.Snapshot, file: f, name: k.Name, body: k.Body})
	}
	return out
}

// hookJobs are the operations that on-run-start and on-run-end make.
func (b *binder) hookJobs(p *packageState) []job {
	if p.Config == nil {
		return nil
	}
	var out []job
	for i, hooks := range [2][]project.Hook{p.Config.OnRunStart, p.Config.OnRunEnd} {
		tag := [2]string{"on-run-start", "on-run-end"}[i]
		for _, h := range hooks {
			body := h.Span
			if body.Text() != h.SQL {
				if at, exact := templateSpan(h.Span, h.SQL); exact {
					body = at
				} else {
					body = source.Whole(source.NewFile(p.Prefix+"dbt_project.yml", h.SQL))
				}
			}
			out = append(out, job{pkg: p, kind: node.Operation, file: &project.SourceFile{Text: p.File, Path: "dbt_project.yml", OriginalPath: "./dbt_project.yml"},
				name: p.Name + "-" + tag + "-" + strconv.Itoa(h.Index), body: body, index: h.Index, tag: tag})
		}
	}
	return out
}

// stripped is the text of a file without white space around it, which is what dbt keeps.
func stripped(f *source.File) source.Span {
	start := 0
	for start < len(f.Text) {
		r, n := utf8.DecodeRuneInString(f.Text[start:])
		if !pythonSpace(r) {
			break
		}
		start += n
	}
	return source.Span{File: f, Start: start, End: start + len(strings.TrimRightFunc(f.Text[start:], pythonSpace))}
}

// pythonSpace is what str.strip() and str.split() take for white space: Unicode's and the four separators of ASCII.
func pythonSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// textChecksum is the checksum of a file of code: of its words with one blank between them, so that formatting does not count.
func textChecksum(text string) resource.Checksum {
	var room [8 << 10]byte
	buf := room[:0]
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && text[i] > ' ' && text[i] < utf8.RuneSelf {
			i++
		}
		buf = append(buf, text[start:i]...)
		if i == len(text) {
			break
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !pythonSpace(r) {
			buf = append(buf, text[i:i+n]...)
			i += n
			continue
		}
		for i < len(text) {
			r, n := utf8.DecodeRuneInString(text[i:])
			if !pythonSpace(r) {
				break
			}
			i += n
		}
		if len(buf) > 0 && i < len(text) {
			buf = append(buf, ' ')
		}
	}
	sum := sha256.Sum256(buf)
	return resource.Checksum{Name: "sha256", Value: hex.EncodeToString(sum[:])}
}

// baseName is a file's name without its last extension.
func baseName(p string) string {
	base := path.Base(p)
	return strings.TrimSuffix(base, path.Ext(base))
}

// fqnOf is package, folders and name.
func fqnOf(pkg, filePath string, name ...string) []string {
	dir := path.Dir(filePath)
	fqn := make([]string, 1, 4+len(name))
	fqn[0] = pkg
	if dir != "." && dir != "" {
		fqn = append(fqn, strings.Split(dir, "/")...)
	}
	return append(fqn, name...)
}

// fromFile makes the node of a file as dbt does on its first pass: before properties files are known.
func (b *binder) fromFile(j *job) *draft {
	f := j.file
	name := j.name
	if name == "" {
		name = baseName(f.Path)
	}
	n := &resource.Node{Kind: j.kind, Name: name, Package: j.pkg.Name, Path: f.Path, OriginalPath: f.OriginalPath, Language: "sql", Alias: name,
		Version: jinja.None, LatestVersion: jinja.None, TimeSpine: jinja.None, Docs: resource.Docs{Show: true}}
	d := &draft{n: n, pkg: j.pkg}
	n.ID = node.Make(j.kind, n.Package, name)
	if f.Text != nil {
		n.Checksum = textChecksum(f.Text.Text)
		n.Code = stripped(f.Text)
	}
	switch j.kind {
	case node.Model:
		n.FQN = fqnOf(n.Package, f.Path, name)
		n.Access = "protected"
	case node.Analysis:
		if !b.config.analyses {
			n.Path = "analysis/" + f.Path
		}
		n.FQN = fqnOf(n.Package, n.Path, name)
	case node.Test:
		n.Path = path.Join(path.Dir(f.Path), name+".sql")
		n.FQN = fqnOf(n.Package, n.Path, name)
		n.Test = &resource.Test{}
	case node.Snapshot:
		n.Code = j.body
		n.FQN = append(fqnOf(n.Package, f.Path), baseName(f.Path), name)
	case node.Operation:
		n.Code = j.body
		n.Path = "hooks/" + name + ".sql"
		n.FQN = []string{n.Package, "hooks", name}
		n.Tags = []string{j.tag}
		n.Other = dictOf("index", jinja.Int(j.index))
	case node.Seed:
		n.Language = ""
		n.FQN = fqnOf(n.Package, f.Path, name)
		n.Seed = &resource.Seed{File: f.Abs, Size: f.Size, RootPath: j.pkg.Dir}
		b.seedChecksum(d, f)
	case node.Function:
		n.FQN = fqnOf(n.Package, f.Path, name)
		n.Access = "protected"
	}
	switch path.Ext(f.Path) {
	case ".py":
		n.Language = "python"
	case ".js":
		n.Language = "javascript"
	}
	n.RawCode = n.Code.Text()
	if j.kind == node.Seed {
		n.Code = source.Span{}
		n.RawCode = ""
	}
	b.setTarget(n)
	b.firstPass(d)
	return d
}

// setTarget gives the node the target's database and schema, which hold until its names are generated.
func (b *binder) setTarget(n *resource.Node) {
	if p := b.set.Profile; p != nil {
		n.Database, n.Schema = p.Database, p.Schema
	}
}

// firstPass reads the node's text with the config that dbt_project.yml gives it, and works out the config with the text's
// config() calls.
func (b *binder) firstPass(d *draft) {
	n := d.n
	st, problems := b.config.build(d.pkg.Package, n.Kind, n.FQN, nil, nil)
	d.state = st
	var bad []configProblem
	n.Config, bad = st.finish()
	n.Enabled = st.enabled()
	b.reportConfig(&d.scanned, d, append(problems, bad...))
	b.setEngine(d)
	if n.Language == "python" && n.Kind == node.Model {
		checkPython(n, &d.scanned)
	}
	if n.Kind != node.Seed {
		var scan resource.Scan
		var found diag.List
		switch {
		case n.Language == "sql", n.Language == "python" && n.Kind == node.Model:
			scan, found = b.t.Scan(n)
		}
		d.scanned = append(d.scanned, found...)
		d.take(scan)
		if b.unrenderedValues {
			d.unrenderedCalls = unrenderedCalls(n, d.calls)
		}
	}
	b.reconfigure(d)
	b.addTags(d)
}

// take moves what a scan found into the node.
func (d *draft) take(s resource.Scan) {
	n := d.n
	n.Refs = append(n.Refs, s.Refs...)
	n.Sources = append(n.Sources, s.Sources...)
	n.Metrics = append(n.Metrics, s.Metrics...)
	n.Functions = append(n.Functions, s.Functions...)
	for _, m := range s.Macros {
		n.DependsOnMacros = addName(n.DependsOnMacros, m)
	}
	if s.Config != nil && s.Config.Len() > 0 {
		if d.calls == nil {
			d.calls = s.Config
		} else {
			d.calls = d.calls.Copy()
			mergeCalls(d.calls, s.Config)
		}
	}
}

func addName(list []string, name string) []string {
	for _, have := range list {
		if have == name {
			return list
		}
	}
	return append(list, name)
}

// reconfigure works the config out anew from all layers.
func (b *binder) reconfigure(d *draft) {
	n := d.n
	if n.Kind == node.Model && n.Language == "python" {
		patch := orEmptyDict(d.patch)
		if _, have := patch.Get("materialized"); !have {
			d.patch = patch.Copy()
			d.patch.Set("materialized", jinja.Str("table"))
		}
	}
	st, problems := b.config.build(d.pkg.Package, n.Kind, n.FQN, d.patch, d.calls)
	d.state = st
	if len(problems) > 0 {
		b.reportConfig(&d.scanned, d, problems)
	}
}

// addTags adds the config's tags to the node's: they only grow, so their order shows where they came from.
func (b *binder) addTags(d *draft) {
	for _, v := range items(d.state.get("tags")) {
		if s, ok := v.(jinja.Str); ok {
			d.n.Tags = addName(d.n.Tags, string(s))
		}
	}
}

// seedChecksum hashes the text of a seed as Python reads it, or takes the path of one that is too large.
func (b *binder) seedChecksum(d *draft, f *project.SourceFile) {
	limit := int64(1 << 20)
	if b.set.Root.Config != nil && b.set.Root.Config.Flags != nil {
		if v, ok := b.set.Root.Config.Flags.Get("maximum_seed_size_mib"); ok {
			if mib, ok := v.(jinja.Int); ok {
				limit = int64(mib) << 20
			}
		}
	}
	if limit != 0 && f.Size > limit {
		d.n.Checksum = resource.Checksum{Name: "path", Value: f.OriginalPath}
		return
	}
	raw, err := b.o.ReadFile(f.Abs)
	if err != nil {
		d.scanned.Add(diag.UnreadableFile, source.Span{}, "The seed %s could not be read: %v", f.OriginalPath, err)
		return
	}
	text := string(raw)
	if strings.ContainsRune(text, '\r') {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	sum := sha256.Sum256([]byte(strings.TrimFunc(text, pythonSpace)))
	d.n.Checksum = resource.Checksum{Name: "sha256", Value: hex.EncodeToString(sum[:])}
}

// readDocs reads the docs blocks of a package.
func (b *binder) readDocs(p *packageState) {
	for i := range p.Docs {
		f := &p.Docs[i]
		if f.Text == nil {
			continue
		}
		blocks, problems := jinja.Blocks(stripped(f.Text), "docs")
		b.diags = append(b.diags, problems...)
		for _, k := range blocks {
			doc := &resource.Doc{ID: "doc." + p.Name + "." + k.Name, Name: k.Name, Package: p.Name, Path: f.Path, OriginalPath: f.OriginalPath, Span: k.Span}
			doc.Contents = strings.TrimFunc(b.renderText(jinja.Names{}, k.Body, k.Body.Text(), &b.diags), pythonSpace)
			if other := b.findDoc(doc.Name, doc.Package); other != nil && other.Package == doc.Package {
				b.duplicateNames("docs", doc.Name, `doc("`+doc.Name+`")`, doc.ID, doc.OriginalPath, doc.Span, other.ID, other.OriginalPath, other.Span)
				continue
			}
			b.docs = append(b.docs, doc)
			b.docIndex[doc.Name] = append(b.docIndex[doc.Name], doc)
		}
	}
}

func (b *binder) findDoc(name, pkg string) *resource.Doc {
	for _, d := range b.docIndex[name] {
		if pkg == "" || d.Package == pkg {
			return d
		}
	}
	return nil
}

// placeOfFile is the beginning of a file.
func placeOfFile(f *project.SourceFile) source.Span {
	if f.Text == nil {
		return source.Span{}
	}
	return source.Span{File: f.Text}
}

// checkPython refuses Python models that do not define exactly one function model(dbt, session).
func checkPython(n *resource.Node, out *diag.List) {
	if strings.TrimSpace(n.RawCode) == "" {
		return
	}
	found := 0
	at := 0
	for line := range strings.Lines(n.RawCode) {
		rest, ok := strings.CutPrefix(line, "def model")
		if rest = strings.TrimLeft(rest, " \t"); ok && strings.HasPrefix(rest, "(") {
			found++
			bad := func(format string, args ...any) {
				out.Add(diag.BadPythonModel, n.Code.Sub(at, at+len(line)), format+" (%s in %s)", append(args, n.ID, n.OriginalPath)...).Node = string(n.ID)
			}
			if params, _, closed := strings.Cut(rest[1:], ")"); closed {
				names := splitArguments(params)
				if len(names) > 0 && strings.TrimSpace(strings.SplitN(names[0], ":", 2)[0]) != "dbt" {
					bad("'dbt' not provided for model as the first argument")
				}
				if len(names) != 2 {
					bad("model function should have two args, `dbt` and a session to current warehouse")
				}
			}
		}
		at += len(line)
	}
	if found != 1 {
		out.Add(diag.BadPythonModel, n.Code.Sub(0, 0), "dbt allows exactly one model defined per python file, found %d (%s in %s)", found, n.ID, n.OriginalPath).Node = string(n.ID)
	}
}
