package tests

// Rules that matter are tests here and not sentences in a wiki, because only tests are read by everyone who breaks them.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/dialect"
)

const module = "github.com/weft-data/weft/"

// border is a rule about the imports of a package, or of all below it ("compiler/..."). Either only these packages of ours may be
// imported, or never those.
type border struct {
	pkg   string
	only  []string
	never []string
	why   string
}

// borders is the table of docs/architecture.md. "..." at the end takes in everything below.
var borders = []border{
	{pkg: "compiler/...", never: []string{"adapters/...", "runner/...", "publish/...", "cmd/...", "deps"},
		why: "the compiler turns files and observations into a plan; it must run without an engine and without a command line"},
	{pkg: "compiler/source", only: []string{},
		why: "everything points at places in files; what all depend on depends on nothing"},
	{pkg: "compiler/diag", only: []string{"compiler/source"},
		why: "a diagnostic is plain data that any stage may return"},
	{pkg: "compiler/node", only: []string{"compiler/source"},
		why: "names cross every border, so their package must be importable from everywhere"},
	{pkg: "compiler/plan", only: []string{"compiler/node", "compiler/source"},
		why: "a plan is data that a runner, a file and a test can hold without the compiler"},
	{pkg: "compiler/lineage", only: []string{},
		why: "publishers read it beside the records, and it knows of neither"},
	{pkg: "publish/openlineage", only: []string{"compiler/lineage", "compiler/node", "compiler/plan", "runner/event"},
		why: "lineage is a view of the records and of plain data on datasets"},
	{pkg: "compiler/manifest", only: []string{"compiler/node", "compiler/source"},
		why: "artifacts are contracts with the world: their structs must not follow the compiler's working forms"},
	{pkg: "compiler/dialect", only: []string{"compiler/node", "compiler/sqltype"},
		why: "what differs between engines is data; data knows no phases and no drivers"},
	{pkg: "compiler/internal/yamldoc", only: []string{"compiler/source", "compiler/diag"},
		why: "YAML is read in one place, by people who need not know what is declared in it"},
	{pkg: "compiler/internal/jinja", only: []string{"compiler/source", "compiler/diag"},
		why: "the template language is a language of its own; nothing of dbt belongs in it"},
	{pkg: "compiler/internal/basecontext", never: []string{"compiler/internal/project", "compiler/internal/render"},
		why: "what YAML and SQL templates share must not know either of them"},
	{pkg: "compiler/internal/render/...", never: []string{"compiler/internal/project", "compiler/internal/resolve", "compiler/internal/graph", "compiler/internal/lower"},
		why: "rendering takes resources as they are given; where they come from and in what order is the business of others"},
	{pkg: "compiler/internal/sqlsyntax", never: []string{"compiler/internal/catalog", "compiler/internal/graph", "compiler/internal/project", "compiler/internal/render"},
		why: "SQL text is read without knowing the project it comes from"},
	{pkg: "compiler/internal/graph", only: []string{"compiler/diag", "compiler/internal/jinja", "compiler/internal/resource", "compiler/node", "compiler/source"},
		why: "order follows from what nodes depend on and from nothing else"},
	{pkg: "compiler/internal/selector", never: []string{"compiler/internal/render", "compiler/internal/resolve", "compiler/internal/project", "compiler/internal/lower", "compiler/internal/artifact"},
		why: "a selection looks at finished nodes"},
	{pkg: "compiler/internal/lower", never: []string{"compiler/internal/project", "compiler/internal/jinja", "compiler/internal/render"},
		why: "materializations are written once, from rendered text and dialect data, with no template in sight"},
	{pkg: "compiler/internal/compile", never: []string{"compiler/internal/lower", "compiler/internal/planning", "compiler/plan"},
		why: "compiled code is text; what is done with it is planned elsewhere"},
	{pkg: "compiler/internal/planning", never: []string{"compiler/internal/artifact", "compiler/internal/selector", "compiler/internal/yamldoc"},
		why: "planning takes a project that was read and a selection that was made, and gives a plan"},
	{pkg: "compiler/internal/parallel", only: []string{},
		why: "spreading work knows nothing of the work"},
	{pkg: "compiler/internal/rowdiff", only: []string{},
		why: "two tables are compared without knowing where they come from"},
	{pkg: "compiler/internal/resource", only: []string{"compiler/internal/jinja", "compiler/node", "compiler/source"},
		why: "the working form of a node is plain data shared by the stages"},
	{pkg: "compiler/internal/artifact", never: []string{"compiler/internal/render", "compiler/internal/resolve", "compiler/internal/project", "compiler/internal/selector"},
		why: "manifest rows are made of resources, whichever stage filled them in"},
	{pkg: "runner/engine", only: []string{"compiler/node", "compiler/plan", "compiler/dialect", "compiler/sqltype"},
		why: "the contract with engines is vocabulary without logic"},
	{pkg: "runner/effect", only: []string{},
		why: "side effects are the lowest layer, so that a test can fail any of them"},
	{pkg: "runner/...", never: []string{"adapters/...", "publish/...", "cmd/...", "compiler", "compiler/internal/..."},
		why: "the runner schedules plans; it knows neither engines nor where plans come from"},
	{pkg: "adapters/...", never: []string{"cmd/...", "publish/...", "runner", "runner/journal", "runner/effect", "runner/event", "compiler", "compiler/internal/..."},
		why: "an adapter answers the engine contract and can be tested, and left out, alone"},
	{pkg: "publish/...", never: []string{"runner", "runner/journal", "runner/engine", "adapters/duckdb", "adapters/postgres", "adapters/athena", "adapters/redshift", "adapters/spark", "compiler/internal/...", "cmd/..."},
		why: "publishers are views of events and of the manifest"},
	{pkg: "compiler/semver", only: []string{},
		why: "rules about versions are arithmetic"},
	{pkg: "deps", only: []string{"compiler", "compiler/diag", "compiler/semver", "compiler/source"},
		why: "what fetches from the network reads lists of packages through the compiler's front door and knows of no engine"},
	{pkg: "cmd/...", never: []string{"compiler/internal/..."},
		why: "the command line uses the compiler as anyone else would"},
	{pkg: "project-template", only: []string{}, why: "the template is files"},
	{pkg: "docs", only: []string{}, why: "the pages are files"},
}

// owners says which package alone (with "/...", which packages) may import a third-party module, and in tests which may besides.
var owners = []struct {
	module string
	owner  string
	tests  []string
	why    string
}{
	{"go.yaml.in/yaml/v3", "compiler/internal/yamldoc", nil, "YAML has one reader, with places and limits"},
	{"github.com/duckdb/duckdb-go/v2", "adapters/duckdb", []string{"tests", "tests/bench", "tests/reliability"}, "the driver is the adapter's"},
	{"github.com/spf13/cobra", "cmd/cli", nil, "flags are the command line's"},
	{"github.com/spf13/pflag", "cmd/cli", nil, "flags are the command line's"},
	{"github.com/rogpeppe/go-internal", "", []string{"tests"}, "scripts of the command line"},
	{"golang.org/x/tools", "", []string{"*"}, "txtar archives of test cases"},
	{"pgregory.net/rapid", "", []string{"*"}, "property tests"},
	{"github.com/santhosh-tekuri/jsonschema/v6", "", []string{"*"}, "published schemas check what weft writes"},
	{"github.com/aws/aws-sdk-go-v2/service/athena", "adapters/athena", nil, "Athena's API is its adapter's"},
	{"github.com/aws/aws-sdk-go-v2/service/glue", "adapters/aws/lake", nil, "engines on the lake change the catalog in one way"},
	{"github.com/aws/aws-sdk-go-v2/service/lakeformation", "adapters/aws/lake", nil, "rights on tables are asked and granted in one place"},
	{"github.com/aws/aws-sdk-go-v2/service/s3", "adapters/aws/lake", nil, "the files of tables are read, written and removed in one place"},
	{"github.com/aws/aws-sdk-go-v2/service/sts", "adapters/aws", nil, "who calls AWS is decided in one place"},
	{"github.com/aws/aws-sdk-go-v2/aws", "adapters/...", []string{"tests/fakeaws"}, "the SDK's core is vocabulary of all that talks to AWS; its signer proves how the fakes read signatures"},
	{"github.com/aws/aws-sdk-go-v2/credentials", "adapters/aws", nil, "who calls AWS is decided in one place"},
	{"github.com/aws/smithy-go", "adapters/aws", nil, "what errors of AWS mean is decided in one place"},
	{"github.com/aws/aws-sdk-go-v2/config", "adapters/aws", nil, "who calls AWS is decided in one place"},
	{"github.com/johannesboyne/gofakes3", "", []string{"tests/fakeaws/objects"}, "the stand-in for S3 is behind one package that adds what it lacks"},
	{"github.com/pganalyze/pg_query_go/v6", "", []string{"compiler/internal/sqlsyntax"}, "PostgreSQL's own grammar is the oracle of the lexer"},
}

// ambient are the functions by which a program looks at the clock and the environment. Inside the compiler what they give arrives as
// data, so that the same input gives the same bytes.
var ambient = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"},
	"os":   {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Getwd", "Hostname", "UserHomeDir"},
}

// file is a Go file of the repository.
type file struct {
	path, pkg string
	test      bool
	ast       *ast.File
	lines     int
}

func (f file) imports() []string {
	var out []string
	for _, i := range f.ast.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

// sources parses every Go file of the module.
func sources(t *testing.T) []file {
	t.Helper()
	var out []file
	set := token.NewFileSet()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name == "bin" || p != "." && strings.HasPrefix(name, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(p) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(set, filepath.Join("..", filepath.FromSlash(p)), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, file{path: p, pkg: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), ast: parsed, lines: set.Position(parsed.FileEnd).Line})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// covers says whether a pattern of the tables takes in a package.
func covers(pattern, pkg string) bool {
	if below, all := strings.CutSuffix(pattern, "/..."); all {
		return pkg == below || strings.HasPrefix(pkg, below+"/")
	}
	return pattern == pkg
}

func coversAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, pkg) })
}

func TestImportsKeepToTheBorders(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range sources(t) {
		seen[f.pkg] = true
		if f.test {
			continue
		}
		for _, imported := range f.imports() {
			own, isOwn := strings.CutPrefix(imported+"/", module)
			if !isOwn {
				continue
			}
			own = strings.TrimSuffix(own, "/")
			for _, b := range borders {
				// A package's own subpackages are its own business.
				if !covers(b.pkg, f.pkg) || strings.HasPrefix(own, f.pkg+"/") {
					continue
				}
				if b.only != nil && !coversAny(b.only, own) || coversAny(b.never, own) {
					t.Errorf("%s: %s must not import %s: %s", f.path, f.pkg, own, b.why)
				}
			}
		}
	}
	if len(seen) < 10 {
		t.Fatalf("only %d packages were found", len(seen))
	}
}

func TestEachLibraryHasOneImporter(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports() {
			if strings.HasPrefix(imported+"/", module) || !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
				continue
			}
			known := false
			for _, o := range owners {
				if imported != o.module && !strings.HasPrefix(imported, o.module+"/") {
					continue
				}
				known = true
				inTests := f.test || strings.HasPrefix(f.pkg, "tests")
				if !covers(o.owner, f.pkg) && !(inTests && (slices.Contains(o.tests, "*") || slices.Contains(o.tests, f.pkg))) {
					t.Errorf("%s imports %s, which is for %q alone: %s", f.path, imported, o.owner, o.why)
				}
			}
			if !known {
				t.Errorf("%s imports %s: a new dependency is a decision; write it down in docs/decisions and in this table", f.path, imported)
			}
		}
	}
}

func TestCompilerDoesNotLookAround(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || !covers("compiler/...", f.pkg) {
			continue
		}
		for _, imported := range f.imports() {
			if imported == "net" || strings.HasPrefix(imported, "net/http") || imported == "os/exec" || imported == "database/sql" || imported == "math/rand" || imported == "math/rand/v2" {
				t.Errorf("%s imports %s: the compiler has no network, no processes, no drivers and no dice", f.path, imported)
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && slices.Contains(ambient[x.Name], s.Sel.Name) {
					t.Errorf("%s calls %s.%s: inside the compiler clock and environment arrive as data", f.path, x.Name, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// namers are the files that may ask for an engine by its name: the table of dialects, the one of what dbt's adapters do in code, and the
// one of weft's own adapters. All else that differs between engines is a field of the dialect's data, named by its meaning.
var namers = []string{"compiler/dialect/dialect.go", "compiler/internal/warehouse/adapter.go", "cmd/cli/engines.go"}

func TestEnginesAreNotAskedForByName(t *testing.T) {
	engines := dialect.Names()
	named := map[string]bool{}
	for _, f := range sources(t) {
		if f.test || covers("adapters/...", f.pkg) || covers("tests/...", f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && slices.Contains(engines, strings.Trim(l.Value, "`\"")) {
				if named[f.path] = true; !slices.Contains(namers, f.path) {
					t.Errorf("%s asks for the engine %s: what differs between engines is data in compiler/dialect", f.path, l.Value)
				}
			}
			return true
		})
	}
	for _, path := range namers {
		if !named[path] {
			t.Errorf("%s names no engine any more: take it off the list", path)
		}
	}
}

func TestPackagesExplainThemselves(t *testing.T) {
	comments := map[string]string{}
	names := map[string]string{}
	for _, f := range sources(t) {
		if f.test && f.pkg != "tests" {
			continue
		}
		names[f.pkg] = f.ast.Name.Name
		if f.ast.Doc != nil {
			comments[f.pkg] += f.ast.Doc.Text()
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(names)) {
		text, want := comments[pkg], "Package "+names[pkg]+" "
		if names[pkg] == "main" {
			want = "Command "
		}
		switch {
		case !strings.HasPrefix(text, want):
			t.Errorf("package %s has no comment that begins with %q", pkg, want)
		case len(text) < 60:
			t.Errorf("the comment of package %s does not say what it is for", pkg)
		}
		switch names[pkg] {
		case "util", "utils", "common", "helpers", "helper", "misc", "base", "shared":
			t.Errorf("package %s: a name that says nothing", pkg)
		}
	}
}

func TestNoHiddenBeginnings(t *testing.T) {
	for _, f := range sources(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: order that nobody sees", f.path)
			}
		}
		if f.lines > 800 && !f.test {
			t.Errorf("%s has %d lines: split it by concept", f.path, f.lines)
		}
	}
}

func TestModuleReplacesNothing(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			t.Errorf("go.mod: %s: whoever installs weft gets the original", strings.TrimSpace(line))
		}
	}
}
