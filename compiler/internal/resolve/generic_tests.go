package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// testConfigKeys are the config keys that may stand beside a test's arguments, in the order in which they are read.
var testConfigKeys = [...]string{"severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc", "store_failures",
	"store_failures_as", "sql_header", "meta", "database", "schema", "alias"}

// testJob is one generic test to make a node of.
type testJob struct {
	pkg    *packageState
	path   string // of the properties file
	test   testProperty
	column string // as it goes into the arguments, quoted if it must be; "" for tests of the whole
	tags   []string

	section string // "models", "sources", …
	target  string
	version jinja.Value
	source  *sourceEntry // for tests of sources

	out   *draft
	diags diag.List
}

// testIndex collects the tests of nodes until all properties are applied.
type testIndex struct{ jobs []*testJob }

// queueTests notes the tests of an entry: of its columns first, then its own.
func (b *binder) queueTests(p *property) {
	if b.tests == nil {
		b.tests = &testIndex{}
	}
	add := func(tests []testProperty, c *columnProperty, version jinja.Value) {
		for _, t := range tests {
			j := &testJob{pkg: p.pkg, path: p.path, test: t, section: p.section, target: p.name, version: version}
			if c != nil {
				j.column, j.tags = b.testColumn(c, p.quoteColumns), slices.Concat(c.tags, c.configTags)
			}
			b.tests.jobs = append(b.tests.jobs, j)
		}
	}
	if len(p.versions) == 0 {
		for i := range p.columns {
			add(p.columns[i].tests, &p.columns[i], jinja.None)
		}
		add(p.tests, nil, jinja.None)
		return
	}
	for i := range p.versions {
		v := &p.versions[i]
		cols := p.columnsOf(v)
		for k := range cols {
			add(cols[k].tests, &cols[k], v.v)
		}
		tests := p.tests
		if v.hasTests {
			tests = v.tests
		}
		add(tests, nil, v.v)
	}
}

// testColumn is the column's name as an argument of its tests.
func (b *binder) testColumn(c *columnProperty, all jinja.Value) string {
	quote := jinja.Truth(c.quote) || isNone(c.quote) && all != nil && jinja.Truth(all)
	if !quote {
		return c.name
	}
	if p := b.set.Profile; p != nil {
		if d, ok := dialect.Get(p.Type); ok {
			return d.QuoteIdentifier(c.name)
		}
	}
	return `"` + c.name + `"`
}

// buildTests makes the nodes of all tests noted so far.
func (b *binder) buildTests() {
	if b.tests == nil {
		return
	}
	jobs := b.tests.jobs
	b.tests.jobs = nil
	b.parallel(len(jobs), func(i int) { b.buildTest(jobs[i]) })
	for _, j := range jobs {
		b.diags = append(b.diags, j.diags...)
		if j.out != nil {
			b.place(j.out)
		}
	}
}

// testDeclaration is a generic test as declared: which one, its arguments, its config.
type testDeclaration struct {
	name, namespace string
	args, config    *jinja.Dict
	description     string
	custom          string // the name the author gave it
}

func (j *testJob) span() source.Span { return j.test.at }

func (j *testJob) bad(format string, args ...any) {
	d := j.diags.Add(diag.BadTest, j.span(), "Invalid test config given in "+j.path+": "+format, args...)
	d.Detail += " (" + j.section + " '" + j.target + "')"
}

// declaration reads the YAML of a test. Nothing of it is rendered but its config.
func (b *binder) testDeclaration(j *testJob) (*testDeclaration, bool) {
	var args *jinja.Dict
	var name string
	switch v := j.test.value.(type) {
	case jinja.Str:
		name, args = string(v), jinja.NewDict(4)
	case *jinja.Dict:
		if t, ok := v.Get("test_name"); ok {
			name = jinja.Text(t)
			args = v.DeepCopy()
			args.Delete("test_name")
			break
		}
		if v.Len() != 1 {
			j.bad("test definition dictionary must have exactly one key, got %s instead (%d keys)", jinja.Repr(v), v.Len())
			return nil, false
		}
		for k, x := range v.Entries {
			name = jinja.Text(k)
			d, ok := x.(*jinja.Dict)
			if !ok {
				j.bad("test arguments must be a dict, got %s (value %s)", x.TypeName(), jinja.Repr(x))
				return nil, false
			}
			args = d
			if !isNone(j.version) {
				args = d.DeepCopy() // other versions have the same test
			}
		}
	default:
		j.bad("test must be dict or str, got %s (value %s)", v.TypeName(), jinja.Repr(v))
		return nil, false
	}
	t := &testDeclaration{}
	if j.column != "" {
		args.Set("column_name", jinja.Str(j.column))
	}
	if b.flag("require_generic_test_arguments_property", true) {
		args = b.testArguments(j, name, args)
	}
	if _, has := args.Get("model"); has {
		j.bad("Test arguments include \"model\", which is a reserved argument")
		return nil, false
	}
	args.Set("model", jinja.Str(j.model()))
	var ok bool
	if t.namespace, t.name, ok = testName(name); !ok {
		j.bad("Test name string did not match expected pattern: %s", name)
		return nil, false
	}
	if t.config, ok = b.testConfig(j, t, args); !ok {
		return nil, false
	}
	if v, has := args.Get("description"); has {
		t.description = jinja.Text(v)
		args.Delete("description")
	}
	if v, has := args.Get("name"); has {
		t.custom = jinja.Text(v)
		args.Delete("name")
	}
	t.args = args
	return t, true
}

// testArguments brings the arguments under `arguments:` up to the others and warns of those that stand beside it.
func (b *binder) testArguments(j *testJob, name string, args *jinja.Dict) *jinja.Dict {
	nested, _ := args.Get("arguments")
	args.Delete("arguments")
	loose := false
	for k := range args.Entries {
		key := jinja.Text(k)
		if slices.Contains(testConfigKeys[:], key) {
			d := j.diags.Add(diag.MovedToConfig, j.span(), "'%s' of the test %s on '%s' stands beside its arguments; it belongs under `config:`", key, name, j.target)
			d.Deprecation = true
			continue
		}
		switch key {
		case "config", "column_name", "description", "name":
		default:
			loose = true
		}
	}
	if loose && (nested == nil || !jinja.Truth(nested)) {
		d := j.diags.Add(diag.ArgumentsProperty, j.span(), "Found top-level arguments to test `%s` defined on '%s' in package '%s' (%s). Arguments to generic tests should be nested under the `arguments` property.",
			name, j.target, j.pkg.Name, j.path)
		d.Deprecation = true
	}
	if d, ok := nested.(*jinja.Dict); ok {
		for k, v := range d.Entries {
			_ = args.Store(k, v)
		}
	}
	return args
}

// testName splits "package.test". Like dbt it looks only at the beginning of the text.
func testName(s string) (namespace, name string, ok bool) {
	word := func(s string) string {
		for i := 0; i < len(s); i++ {
			c := s[i]
			if !(c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9') {
				return s[:i]
			}
		}
		return s
	}
	first := word(s)
	if first == "" {
		return "", "", false
	}
	if rest, found := strings.CutPrefix(s[len(first):], "."); found {
		if second := word(rest); second != "" {
			return first, second, true
		}
	}
	return "", first, true
}

// testConfig takes the config out of the arguments and renders it.
func (b *binder) testConfig(j *testJob, t *testDeclaration, args *jinja.Dict) (*jinja.Dict, bool) {
	var nested *jinja.Dict
	if v, has := args.Get("config"); has {
		d, ok := v.(*jinja.Dict)
		if !ok {
			j.bad("The test config must be a dict, got %s (value %s)", v.TypeName(), jinja.Repr(v))
			return nil, false
		}
		nested = d
	}
	config := jinja.NewDict(2)
	ok := true
	take := func(key string, v jinja.Value) {
		if s, isText := v.(jinja.Str); isText && needsRender(string(s)) {
			var fine bool
			v, fine = b.renderValue(j.pkg, j.span(), string(s), &j.diags)
			ok = ok && fine
		}
		if !isNone(v) {
			config.Set(key, v)
		}
	}
	for _, key := range testConfigKeys {
		v, has := args.Get(key)
		if has {
			args.Delete(key)
		}
		set := has && jinja.Truth(v)
		if nested != nil {
			inner, both := nested.Get(key)
			if set && both {
				j.bad("Test cannot have the same key at the top-level and in config")
				return nil, false
			}
			if !set {
				v, has = inner, both
				nested.Delete(key)
			}
		}
		if has {
			take(key, v)
		}
	}
	if nested != nil {
		args.Delete("config")
		for k, v := range nested.Entries {
			take(jinja.Text(k), v)
		}
	}
	return config, ok
}

// model is the text of the argument `model`.
func (j *testJob) model() string {
	switch {
	case j.source != nil:
		return "{{ get_where_subquery(source('" + j.source.source.name + "', '" + j.source.table.name + "')) }}"
	case jinja.Truth(j.version):
		return "{{ get_where_subquery(ref('" + j.target + "', version='" + jinja.Text(j.version) + "')) }}"
	}
	return "{{ get_where_subquery(ref('" + j.target + "')) }}"
}

// rawCode is the template of a test: a call of its macro, and its config as a call of config().
func (t *testDeclaration) rawCode() string {
	var sb strings.Builder
	sb.WriteString("{{ ")
	if t.namespace != "" {
		sb.WriteString(t.namespace)
		sb.WriteByte('.')
	}
	sb.WriteString("test_")
	sb.WriteString(t.name)
	sb.WriteString("(**_dbt_generic_test_kwargs) }}")
	if t.config.Len() == 0 {
		return sb.String()
	}
	sb.WriteString("{{ config(")
	first := true
	for k, v := range t.config.Entries {
		if !first {
			sb.WriteByte(',')
		}
		first = false
		sb.WriteString(jinja.Text(k))
		sb.WriteByte('=')
		if s, ok := v.(jinja.Str); ok {
			sb.WriteByte('"')
			sb.WriteString(strings.ReplaceAll(string(s), `"`, `\"`))
			sb.WriteByte('"')
		} else {
			sb.WriteString(jinja.Text(v))
		}
	}
	sb.WriteString(") }}")
	return sb.String()
}

// testTags are the tags in a test's config.
func (j *testJob) testTags(config *jinja.Dict) ([]string, bool) {
	v, ok := config.Get("tags")
	if !ok {
		return nil, true
	}
	switch v.(type) {
	case jinja.Str, *jinja.List:
	default:
		j.bad("got %s for tags, expected a list of strings", jinja.Repr(v))
		return nil, false
	}
	var out []string
	for _, x := range items(v) {
		s, ok := x.(jinja.Str)
		if !ok {
			j.bad("got %s for tag, expected string", jinja.Repr(x))
			return nil, false
		}
		out = append(out, string(s))
	}
	return out, true
}

func (b *binder) buildTest(j *testJob) {
	t, ok := b.testDeclaration(j)
	if !ok {
		return
	}
	kind, target := t.name, j.target
	if j.source != nil {
		kind, target = "source_"+kind, j.source.source.name+"_"+j.source.table.name
	} else if jinja.Truth(j.version) {
		target += "_v" + jinja.Text(j.version)
	}
	if t.namespace != "" {
		kind = t.namespace + "_" + kind
	}
	short, full := t.custom, t.custom
	if t.custom == "" {
		short, full = testNames(kind, target, t.args)
		if _, have := t.config.Get("alias"); short != full && !have {
			t.config.Set("alias", jinja.Str(short))
		}
	}
	own, ok := j.testTags(t.config)
	if !ok {
		return
	}
	n := &resource.Node{Kind: node.Test, Name: full, Package: j.pkg.Name, Path: short + ".sql", OriginalPath: j.path, Language: "sql", Alias: full,
		Checksum: resource.Checksum{Name: "none"}, RawCode: t.rawCode(), Description: t.description, Declared: j.span(),
		Version: jinja.None, LatestVersion: jinja.None, TimeSpine: jinja.None, Docs: resource.Docs{Show: true}}
	_, below, _ := strings.Cut(j.path, "/")
	n.FQN = fqnOf(j.pkg.Name, below, full)
	n.ID = node.Make(node.Test, j.pkg.Name, full, testHash(full, t.name, t.namespace, t.args))
	n.Code = source.Whole(source.NewFile(j.path, n.RawCode))
	n.Tags = sortedSet(j.tags, own)
	n.Test = &resource.Test{Generic: true, Name: t.name, Namespace: t.namespace, Kwargs: t.args, ColumnName: j.column, FileKeyName: j.section + "." + j.target}
	if j.source != nil {
		n.Test.FileKeyName = "sources." + j.source.source.name
	}
	b.setTarget(n)
	d := &draft{n: n, pkg: j.pkg, calls: t.config}
	static := false
	if macro := b.testMacro(j, t, n); macro != nil {
		n.DependsOnMacros = []string{macro.ID}
		static = macro.ID == "macro.dbt.test_not_null" || macro.ID == "macro.dbt.test_unique"
	}
	st, problems := b.config.build(j.pkg.Package, node.Test, n.FQN, nil, d.calls)
	d.state = st
	if static {
		if j.source != nil {
			n.Sources = []resource.SourceRef{{Source: j.source.source.name, Table: j.source.table.name, Span: j.span()}}
		} else {
			n.Refs = []resource.Ref{{Name: j.target, Version: j.version, Span: j.span()}}
		}
	} else {
		var bad []configProblem
		n.Config, bad = st.finish()
		problems = append(problems, bad...)
		b.setEngine(d)
		scan, found := b.t.Scan(n)
		for _, x := range found {
			if x.Node == "" {
				x.Node = string(n.ID)
			}
			j.diags = append(j.diags, x)
		}
		d.take(scan)
		b.reconfigure(d)
		if b.unrenderedValues {
			d.unrenderedCalls = unrenderedTest(t.config)
		}
	}
	b.reportConfig(&j.diags, d, problems)
	b.addTags(d)
	j.attach(b, n)
	j.out = d
}

// testMacro finds the macro of a test, in the package of the properties file first. dbt notices only when it compiles the
// test that there is none; the warning says so earlier.
func (b *binder) testMacro(j *testJob, t *testDeclaration, n *resource.Node) *resource.Macro {
	name := "test_" + t.name
	m := b.macros.find(j.pkg.Name, name)
	known, shown := b.macros.testNames, name
	word := t.name
	if t.namespace != "" {
		switch p := b.macros.packages[t.namespace]; {
		case p == nil:
			known, shown, word = b.macros.packageNames, t.namespace, t.namespace
			m = nil
		case p[name] == nil && t.namespace != "dbt":
			m = nil
		}
	}
	if m == nil {
		d := j.diags.Add(diag.TestMacroNotFound, j.span(), "'%s' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with \"dbt deps\". (test %s on '%s' in %s)",
			shown, strings.TrimPrefix(t.namespace+"."+t.name, "."), j.target, j.path)
		d.Hint = hintFor(word, known())
		d.Node = string(n.ID)
	}
	return m
}

func (x *macroIndex) packageNames() []string {
	var out []string
	for p := range x.packages {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func (x *macroIndex) testNames() []string {
	var out []string
	for name := range x.anywhere {
		if t, ok := strings.CutPrefix(name, "test_"); ok {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// attach finds the node that a test belongs to.
func (j *testJob) attach(b *binder, n *resource.Node) {
	if j.source != nil {
		return
	}
	name := j.target
	if jinja.Truth(j.version) {
		name += "." + versionText(j.version)
	}
	if d := b.names.find(name, j.pkg.Name); d != nil {
		n.Test.Attached = d.n.ID
		return
	}
	found := b.disabledNamed(j.target, "")
	if len(found) == 0 {
		found = b.disabledNamed(strings.ToUpper(j.target), "")
	}
	if len(found) > 0 {
		n.Test.Attached = found[0].n.ID
	}
}

func sortedSet(lists ...[]string) []string {
	out := slices.Concat(lists...)
	slices.Sort(out)
	return slices.Compact(out)
}

// fixtureName is a file's name without folder and extension.
func fixtureName(p string) string { return strings.TrimSuffix(path.Base(p), path.Ext(p)) }
