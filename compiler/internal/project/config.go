package project

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// shape is what a key of dbt_project.yml may hold.
type shape uint8

const (
	aString shape = iota
	aStringOrNull
	strings_ // a list of strings, or null
	aMapping
	aMappingOrNull
	aBool
	anInt
	aVersion
	aRequirement
	aQuoting
	aDispatch
	aComment
	aList
)

// projectKeys are the keys of dbt_project.yml.
var projectKeys = map[string]shape{
	"name": aString, "config-version": anInt, "version": aVersion, "project-root": aStringOrNull, "profile": aStringOrNull,
	"source-paths": strings_, "model-paths": strings_, "macro-paths": strings_, "data-paths": strings_, "seed-paths": strings_,
	"test-paths": strings_, "analysis-paths": strings_, "docs-paths": strings_, "asset-paths": strings_, "function-paths": strings_,
	"osi-paths": strings_, "snapshot-paths": strings_, "clean-targets": strings_,
	"target-path": aStringOrNull, "log-path": aStringOrNull, "packages-install-path": aStringOrNull,
	"quoting": aQuoting, "on-run-start": strings_, "on-run-end": strings_, "require-dbt-version": aRequirement, "dispatch": aDispatch,
	"models": aMapping, "seeds": aMapping, "snapshots": aMapping, "analyses": aMapping, "sources": aMapping, "tests": aMapping,
	"data_tests": aMapping, "unit_tests": aMapping, "metrics": aMapping, "semantic-models": aMapping, "saved-queries": aMapping,
	"exposures": aMapping, "functions": aMapping, "vars": aMappingOrNull, "packages": aList, "query-comment": aComment,
	"restrict-access": aBool, "dbt-cloud": aMappingOrNull, "flags": aMapping,
}

// resourceSections are the hierarchical sections, with the name that Config.Resources has them under.
var resourceSections = []string{"models", "seeds", "snapshots", "sources", "data_tests", "unit_tests", "exposures", "metrics",
	"semantic-models", "saved-queries", "functions", "analyses"}

// reserved are words that a project cannot have as its name: they are names of dbt's context.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`_sql_results adapter api column config context database env env_var exceptions execute flags fromjson fromyaml
		graph invocation_id load_agate_table load_result log model modules post_hooks pre_hooks ref render return run_started_at schema source sql
		sql_now store_result store_raw_result target this tojson toyaml try_or_compiler_error var write`) {
		m[w] = true
	}
	return m
}()

var versionPattern = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?)?$`)

// configReader makes a Config of one dbt_project.yml.
type configReader struct {
	l        *loader
	raw      *yamldoc.Node
	rendered *jinja.Dict
	file     *source.File
	failed   bool
}

// config renders and checks dbt_project.yml; nil if it cannot be used.
func (l *loader) config(p *Package, raw *yamldoc.Node, render *basecontext.Renderer) *Config {
	before := len(l.diags)
	rendered, diags := render.Dict(raw)
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	r := &configReader{l: l, raw: raw, rendered: rendered, file: p.File}
	r.postprocess()
	if !l.o.SkipVersionCheck && !r.checkVersion() {
		return nil
	}
	r.renamed("source-paths", "model-paths", "")
	r.renamed("data-paths", "seed-paths", "")
	r.renamed("log-path", "", "logs")
	r.renamed("target-path", "", "target")
	r.validate()
	if r.failed || l.diags[before:].HasErrors() {
		return nil
	}
	return r.fill()
}

func (r *configReader) fail(code diag.Code, at source.Span, format string, args ...any) *diag.Diagnostic {
	r.failed = true
	if at.IsZero() {
		at = source.Span{File: r.file}
	}
	return r.l.diags.Add(code, at, format, args...)
}

// at is the place of a key's value.
func (r *configReader) at(key string) source.Span {
	if p := r.raw.Pair(key); p != nil {
		if p.Value.Span.Start == p.Value.Span.End {
			return p.Key.Span
		}
		return p.Value.Span
	}
	return source.Span{}
}

// postprocess fills in what dbt puts in the place of nothing: an empty mapping for the three oldest sections, lists for hooks.
func (r *configReader) postprocess() {
	for _, key := range []string{"on-run-start", "on-run-end"} {
		v, ok := r.rendered.Get(key)
		if !ok {
			continue
		}
		switch v := v.(type) {
		case jinja.NoneType:
			r.rendered.Set(key, jinja.NewList())
		case jinja.Str:
			r.rendered.Set(key, jinja.NewList(v))
		}
	}
	for _, key := range []string{"models", "seeds", "snapshots"} {
		v, ok := r.rendered.Get(key)
		if ok && v == jinja.None {
			r.rendered.Set(key, jinja.NewDict(0))
		} else if d, isDict := v.(*jinja.Dict); isDict {
			postprocessSection(d)
		}
	}
}

func postprocessSection(d *jinja.Dict) {
	for _, key := range []string{"pre-hook", "post-hook"} {
		switch v, _ := d.Get(key); v := v.(type) {
		case jinja.NoneType:
			d.Set(key, jinja.NewList())
		case jinja.Str:
			d.Set(key, jinja.NewList(v))
		}
	}
	for _, key := range []string{"vars", "column_types"} {
		if v, ok := d.Get(key); ok && v == jinja.None {
			d.Set(key, jinja.NewDict(0))
		}
	}
}

// renamed reports keys that dbt has replaced, as dbt does: both at once is an error, the old one alone a deprecation, unless
// it only repeats the default.
func (r *configReader) renamed(old, current, standard string) {
	pair := r.raw.Pair(old)
	if pair == nil {
		return
	}
	if current != "" && r.raw.Pair(current) != nil {
		r.fail(diag.ProjectInvalid, pair.Key.Span, "%s and %s cannot both be defined. The `%s` config has been deprecated in favor of `%s`.", old, current, old, current)
		return
	}
	if standard != "" {
		if v, _ := r.rendered.Get(old); v == jinja.Str(standard) {
			return
		}
	}
	d := r.l.diags.Add(diag.DeprecatedKey, pair.Key.Span, "the key `%s` is deprecated", old)
	d.Deprecation = true
	if current != "" {
		d.Hint = "write `" + current + "`"
	} else {
		d.Hint = "set it with --" + old + " or the environment variable DBT_" + strings.ToUpper(strings.ReplaceAll(old, "-", "_"))
	}
}

// validate checks every key against its shape.
func (r *configReader) validate() {
	for i := range r.raw.Pairs {
		p := &r.raw.Pairs[i]
		want, known := projectKeys[p.Name]
		if !known {
			d := r.fail(diag.YAMLUnknownKey, p.Key.Span, "Additional properties are not allowed ('%s' was unexpected) in %s", p.Name, r.file.Path)
			d.Hint = didYouMean(p.Name, projectKeys)
			continue
		}
		v, _ := r.rendered.Get(p.Name)
		if v == nil {
			v = jinja.None
		}
		r.check(p, want, v)
	}
	if r.raw.Pair("name") == nil {
		r.fail(diag.YAMLMissingKey, source.Span{}, "'name' is a required property of %s", r.file.Path)
	}
	if t, d := r.raw.Pair("tests"), r.raw.Pair("data_tests"); t != nil && d != nil && !falsy(t.Value) && !falsy(d.Value) {
		e := r.fail(diag.ProjectInvalid, t.Key.Span, "Invalid project config: cannot have both 'tests' and 'data_tests' defined")
		e.Related = []diag.Related{{Span: d.Key.Span, Message: "data_tests is defined here"}}
	}
}

func (r *configReader) wrong(p *yamldoc.Pair, expected string, v jinja.Value) {
	r.fail(diag.YAMLWrongType, r.at(p.Name), "expected `%s` to be %s, found %s", p.Name, expected, describe(v))
}

func describe(v jinja.Value) string {
	switch v := v.(type) {
	case jinja.NoneType, nil:
		return "nothing"
	case *jinja.Dict:
		return "a mapping"
	case *jinja.List, jinja.Tuple:
		return "a list"
	case jinja.Str:
		return "the string " + jinja.Repr(v)
	}
	return v.TypeName() + " " + jinja.Text(v)
}

func (r *configReader) check(p *yamldoc.Pair, want shape, v jinja.Value) {
	_, isString := v.(jinja.Str)
	dict, isDict := v.(*jinja.Dict)
	list, isList := v.(*jinja.List)
	null := v == jinja.None
	switch want {
	case aString:
		switch {
		case !isString:
			r.wrong(p, "a string", v)
		case p.Name == "name":
			r.checkName(p, string(v.(jinja.Str)))
		}
	case aStringOrNull:
		if !isString && !null {
			r.wrong(p, "a string", v)
		}
	case strings_:
		if !null && !(isList && allStrings(list)) {
			r.wrong(p, "a list of strings", v)
		}
	case aMapping:
		if !isDict {
			r.wrong(p, "a mapping", v)
		}
	case aMappingOrNull:
		if !isDict && !null {
			r.wrong(p, "a mapping", v)
		}
	case aBool:
		if _, ok := v.(jinja.Bool); !ok {
			r.wrong(p, "true or false", v)
		}
	case anInt:
		if _, ok := v.(jinja.Int); !ok && !null {
			r.wrong(p, "an integer", v)
		}
	case aVersion:
		switch v := v.(type) {
		case jinja.Str:
			if !versionPattern.MatchString(string(v)) {
				r.wrong(p, "a version like 1.0.0", v)
			}
		case jinja.Int, jinja.Float, jinja.NoneType:
		default:
			r.wrong(p, "a version like 1.0.0", v)
		}
	case aRequirement:
		if !isString && !null && !(isList && allStrings(list)) {
			r.wrong(p, "a version requirement or a list of them", v)
		}
	case aQuoting:
		r.checkQuoting(p, dict, isDict, null, v)
	case aDispatch:
		r.checkDispatch(p, list, isList, v)
	case aComment:
		if isDict {
			r.checkComment(p)
		} else if !isString && !null {
			r.wrong(p, "a string or a mapping", v)
		}
	case aList:
		if !isList {
			r.wrong(p, "a list", v)
		}
	}
}

func allStrings(l *jinja.List) bool {
	for _, v := range l.Items {
		if _, ok := v.(jinja.Str); !ok {
			return false
		}
	}
	return true
}

func (r *configReader) checkName(p *yamldoc.Pair, name string) {
	ok := name != ""
	for i, c := range name {
		letter := c == '_' || isWord(c)
		if !letter || i == 0 && isDigit(c) {
			ok = false
		}
	}
	switch {
	case !ok:
		r.fail(diag.ProjectInvalid, r.at("name"), "expected a project name of letters, digits and underscores that begins with no digit, found %q", name)
	case reserved[name]:
		r.fail(diag.ProjectInvalid, r.at("name"), "Invalid project name: %s is a reserved word", name)
	}
}

func (r *configReader) checkQuoting(p *yamldoc.Pair, dict *jinja.Dict, isDict, null bool, v jinja.Value) {
	if !isDict {
		if !null {
			r.wrong(p, "a mapping", v)
		}
		return
	}
	keys := map[string]shape{"database": 0, "schema": 0, "project": 0, "identifier": 0, "snowflake_ignore_case": 0}
	for i := range p.Value.Pairs {
		q := &p.Value.Pairs[i]
		if _, known := keys[q.Name]; !known {
			d := r.fail(diag.YAMLUnknownKey, q.Key.Span, "Additional properties are not allowed ('%s' was unexpected) in `quoting`", q.Name)
			d.Hint = didYouMean(q.Name, keys)
			continue
		}
		v, _ := dict.Get(q.Name)
		if _, ok := v.(jinja.Bool); !ok && v != jinja.None {
			r.fail(diag.YAMLWrongType, q.Value.Span, "expected `%s` to be true or false, found %s", q.Name, describe(v))
		}
	}
}

func (r *configReader) checkDispatch(p *yamldoc.Pair, list *jinja.List, isList bool, v jinja.Value) {
	if !isList {
		r.wrong(p, "a list", v)
		return
	}
	for i, item := range list.Items {
		at := p.Value.Span
		if i < len(p.Value.Items) {
			at = p.Value.Items[i].Span
		}
		d, ok := item.(*jinja.Dict)
		if !ok {
			r.fail(diag.YAMLWrongType, at, "expected an entry of `dispatch` to be a mapping, found %s", describe(item))
			continue
		}
		_, named := d.Get("macro_namespace")
		order, _ := d.Get("search_order")
		if _, listed := order.(*jinja.List); !named || !listed {
			r.fail(diag.ProjectInvalid, at, "Invalid project dispatch config: %s: expected macro_namespace and a list search_order", jinja.Repr(item))
		}
	}
}

func (r *configReader) checkComment(p *yamldoc.Pair) {
	keys := map[string]shape{"comment": 0, "append": 0, "job-label": 0, "job_label": 0}
	for i := range p.Value.Pairs {
		if q := &p.Value.Pairs[i]; !hasKey(keys, q.Name) {
			d := r.fail(diag.YAMLUnknownKey, q.Key.Span, "Additional properties are not allowed ('%s' was unexpected) in `query-comment`", q.Name)
			d.Hint = didYouMean(q.Name, keys)
		}
	}
}

func hasKey(keys map[string]shape, name string) bool { _, ok := keys[name]; return ok }

// fill makes the Config of values that have been checked.
func (r *configReader) fill() *Config {
	c := &Config{Raw: r.raw, RestrictAccess: false, Resources: map[string]Hierarchy{}}
	c.Name, c.Profile = r.str("name", ""), r.str("profile", "")
	if v, ok := r.rendered.Get("version"); ok && v != jinja.None {
		c.Version = jinja.Text(v)
	}
	c.RequireDbtVersion = requirements(r.value("require-dbt-version"))
	c.ModelPaths = r.list("model-paths", r.list("source-paths", []string{"models"}))
	c.SeedPaths = r.list("seed-paths", r.list("data-paths", []string{"seeds"}))
	c.MacroPaths = r.list("macro-paths", []string{"macros"})
	c.TestPaths = r.list("test-paths", []string{"tests"})
	c.AnalysisPaths = r.list("analysis-paths", []string{"analyses"})
	c.SnapshotPaths = r.list("snapshot-paths", []string{"snapshots"})
	c.FunctionPaths = r.list("function-paths", []string{"functions"})
	c.OSIPaths = r.list("osi-paths", []string{"osi", "OSI"})
	c.DocsPaths = r.list("docs-paths", c.AllPaths())
	c.AssetPaths = r.list("asset-paths", nil)
	c.TargetPath = r.str("target-path", "target")
	c.LogPath = r.str("log-path", "logs")
	c.PackagesInstallPath = r.str("packages-install-path", "dbt_packages")
	c.CleanTargets = r.list("clean-targets", []string{c.TargetPath})
	c.Quoting, c.Flags, c.Vars = r.dict("quoting"), r.dict("flags"), r.dict("vars")
	c.QueryComment = r.value("query-comment")
	_, c.QueryCommentGiven = r.rendered.Get("query-comment")
	if b, ok := r.value("restrict-access").(jinja.Bool); ok {
		c.RestrictAccess = bool(b)
	}
	c.OnRunStart, c.OnRunEnd = r.hooks("on-run-start"), r.hooks("on-run-end")
	if l, ok := r.value("dispatch").(*jinja.List); ok {
		for _, item := range l.Items {
			c.Dispatch = append(c.Dispatch, dispatchEntry(item.(*jinja.Dict)))
		}
	}
	for _, section := range resourceSections {
		key := section
		if section == "data_tests" && r.raw.Pair("data_tests") == nil {
			key = "tests"
		}
		if d, ok := r.value(key).(*jinja.Dict); ok {
			c.Resources[section] = Hierarchy{Rendered: d, Unrendered: basecontext.DictFromYAML(r.raw.Get(key))}
		} else {
			c.Resources[section] = Hierarchy{Rendered: jinja.NewDict(0), Unrendered: jinja.NewDict(0)}
		}
	}
	return c
}

func dispatchEntry(d *jinja.Dict) Dispatch {
	namespace, _ := d.Get("macro_namespace")
	e := Dispatch{Namespace: jinja.Text(namespace)}
	order, _ := d.Get("search_order")
	for _, v := range order.(*jinja.List).Items {
		e.SearchOrder = append(e.SearchOrder, jinja.Text(v))
	}
	return e
}

// requirements splits `require-dbt-version`: one text with commas, or a list.
func requirements(v jinja.Value) []string {
	switch v := v.(type) {
	case jinja.Str:
		return strings.Split(string(v), ",")
	case *jinja.List:
		var out []string
		for _, item := range v.Items {
			out = append(out, jinja.Text(item))
		}
		return out
	}
	return nil
}

func (r *configReader) value(key string) jinja.Value {
	if v, ok := r.rendered.Get(key); ok {
		return v
	}
	return jinja.None
}

func (r *configReader) str(key, standard string) string {
	if s, ok := r.value(key).(jinja.Str); ok {
		return string(s)
	}
	return standard
}

func (r *configReader) list(key string, standard []string) []string {
	l, ok := r.value(key).(*jinja.List)
	if !ok {
		return standard
	}
	out := make([]string, len(l.Items))
	for i, v := range l.Items {
		out[i] = jinja.Text(v)
	}
	return out
}

func (r *configReader) dict(key string) *jinja.Dict {
	if d, ok := r.value(key).(*jinja.Dict); ok {
		return d
	}
	return jinja.NewDict(0)
}

func (r *configReader) hooks(key string) []Hook {
	l, ok := r.value(key).(*jinja.List)
	if !ok {
		return nil
	}
	node := r.raw.Get(key)
	out := make([]Hook, len(l.Items))
	for i, v := range l.Items {
		at := node
		if node.Kind == yamldoc.Sequence && i < len(node.Items) {
			at = node.Items[i]
		}
		out[i] = Hook{SQL: jinja.Text(v), Span: at.Span, Index: i, Node: at}
	}
	return out
}

// checkVersion compares require-dbt-version with the version of dbt that weft is compatible with.
func (r *configReader) checkVersion() bool {
	wanted := requirements(r.value("require-dbt-version"))
	if len(wanted) == 0 {
		return true
	}
	problem := versionProblem(wanted)
	if problem == "" {
		return true
	}
	d := r.fail(diag.VersionUnsupported, r.at("require-dbt-version"), "%s", fmt.Sprintf(problem, r.str("name", "")))
	if strings.Contains(problem, "semantic version") {
		d.Hint = "write a version of three parts with one of >= > < <= = before it, and no blanks: \">=1.8.0\""
		return false
	}
	d.Hint = "weft does what dbt " + basecontext.DbtVersion + " does; choose another version of the package, or run with --no-version-check"
	return false
}
