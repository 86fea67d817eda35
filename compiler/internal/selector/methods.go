package selector

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// Method is what stands before the colon of a criterion.
type Method string

// The methods of dbt 1.12.
const (
	ByFQN           Method = "fqn"
	ByTag           Method = "tag"
	ByGroup         Method = "group"
	ByAccess        Method = "access"
	BySource        Method = "source"
	ByPath          Method = "path"
	ByFile          Method = "file"
	ByPackage       Method = "package"
	ByConfig        Method = "config"
	ByTestName      Method = "test_name"
	ByTestType      Method = "test_type"
	ByResourceType  Method = "resource_type"
	ByState         Method = "state"
	ByExposure      Method = "exposure"
	ByMetric        Method = "metric"
	ByResult        Method = "result"
	BySourceStatus  Method = "source_status"
	ByVersion       Method = "version"
	BySemanticModel Method = "semantic_model"
	BySavedQuery    Method = "saved_query"
	ByUnitTest      Method = "unit_test"
	BySelector      Method = "selector"
)

// search answers one criterion: it yields a test for nodes, or a problem with the value.
type search func(s *Selector, c *Criterion, value string) (matches func(i int32, n *resource.Node) bool, problem string)

// methods are all methods that look at one node at a time; nil stands for those that the evaluation handles itself.
var methods = map[Method]search{
	ByFQN:           searchFQN,
	ByTag:           searchTag,
	ByGroup:         searchGroup,
	ByAccess:        searchAccess,
	BySource:        searchSource,
	ByPath:          searchPath,
	ByFile:          searchFile,
	ByPackage:       searchPackage,
	ByConfig:        searchConfig,
	ByTestName:      searchTestName,
	ByTestType:      searchTestType,
	ByResourceType:  searchResourceType,
	ByExposure:      searchNamed(node.Exposure, "exposure"),
	ByMetric:        searchNamed(node.Metric, "metric"),
	BySemanticModel: searchNamed(node.SemanticModel, "semantic model"),
	BySavedQuery:    searchNamed(node.SavedQuery, "saved query"),
	ByUnitTest:      searchNamed(node.UnitTest, "unit test"),
	ByVersion:       searchVersion,
	BySelector:      nil,
	ByState:         nil,
	ByResult:        nil,
	BySourceStatus:  nil,
}

func methodNames() []string {
	names := make([]string, 0, len(methods))
	for m := range methods {
		names = append(names, string(m))
	}
	slices.Sort(names)
	return names
}

// parsed says whether dbt keeps the kind in its manifest's `nodes`, to which several methods are limited.
func parsed(k node.Kind) bool {
	switch k {
	case node.Model, node.Test, node.Seed, node.Snapshot, node.Analysis, node.Operation, node.SQLOperation:
		return true
	}
	return false
}

func searchFQN(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	if value == "*" {
		return func(_ int32, n *resource.Node) bool { return n.Kind != node.Source }, ""
	}
	parts := strings.Split(value, ".")
	wild := slices.IndexFunc(parts, func(p string) bool { return strings.ContainsAny(p, "*?[]") })
	q := qualifiedName{text: value, parts: parts, wild: wild}
	return func(_ int32, n *resource.Node) bool {
		if n.Kind == node.Source || len(n.FQN) == 0 {
			return false
		}
		versioned := n.Kind == node.Model && !isNone(n.Version) && len(n.FQN) > 2
		return q.selects(n.FQN, versioned) || q.selects(n.FQN[1:], versioned)
	}, ""
}

// qualifiedName is a value of the fqn method: names from the package or from the folder below it, with wildcards from parts[wild] on.
type qualifiedName struct {
	text  string
	parts []string
	wild  int // -1 without wildcards
}

func (q qualifiedName) selects(fqn []string, versioned bool) bool {
	if len(fqn) == 0 {
		return false
	}
	leaf := fqn[len(fqn)-1]
	if versioned {
		name, n := fqn[len(fqn)-2], len(q.parts)
		if name == q.text {
			return true
		}
		// orders.v2 and orders_v2 both name a version.
		if n >= 2 && q.parts[n-2] == name && q.parts[n-1] == leaf || n == 1 && q.parts[0] == name+"_"+leaf {
			return true
		}
		leaf = name
	} else if leaf == q.text {
		return true
	}
	flat := fqn
	if slices.ContainsFunc(fqn, func(s string) bool { return strings.Contains(s, ".") }) {
		flat = strings.Split(strings.Join(fqn, "."), ".")
	}
	if len(flat) < len(q.parts) {
		return false
	}
	fixed := len(q.parts)
	if q.wild >= 0 {
		fixed = q.wild
	}
	for i := range fixed {
		if flat[i] != q.parts[i] {
			return false
		}
	}
	if q.wild < 0 {
		return true
	}
	// A wildcard matches all that follows, dots included; a bare one also the name alone, however deep.
	return match(strings.Join(flat[fixed:], "."), strings.Join(q.parts[fixed:], ".")) ||
		len(q.parts) == 1 && match(leaf, q.text)
}

func searchTag(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	return func(_ int32, n *resource.Node) bool {
		return slices.ContainsFunc(n.Tags, func(t string) bool { return match(t, value) })
	}, ""
}

func searchGroup(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	return func(_ int32, n *resource.Node) bool {
		if !parsed(n.Kind) && n.Kind != node.Metric {
			return false
		}
		group := n.Group
		if n.Config != nil {
			if v, ok := n.Config.Get("group"); ok {
				s, _ := v.(jinja.Str)
				group = string(s)
			}
		}
		return group != "" && match(group, value)
	}, ""
}

func searchAccess(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	return func(_ int32, n *resource.Node) bool { return n.Kind == node.Model && n.Access == value }, ""
}

func searchSource(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	parts := strings.Split(value, ".")
	if len(parts) > 3 {
		return nil, `Sources must be of the form "source_name", "source_name.table_name" or "package_name.source_name.table_name"`
	}
	pkg, name, table := "*", parts[0], "*"
	switch len(parts) {
	case 2:
		table = parts[1]
	case 3:
		pkg, name, table = parts[0], parts[1], parts[2]
	}
	return func(_ int32, n *resource.Node) bool {
		return n.Kind == node.Source && n.Source != nil && match(n.Package, pkg) && match(n.Source.Name, name) && match(n.Name, table)
	}, ""
}

// searchNamed makes the method of a kind that is selected by `name` or `package.name`.
func searchNamed(kind node.Kind, word string) search {
	return func(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
		pkg, name, qualified := strings.Cut(value, ".")
		if !qualified {
			pkg, name = "*", value
		}
		if strings.Contains(name, ".") && qualified {
			return nil, "A " + word + ` must be of the form "name" or "package_name.name"`
		}
		return func(_ int32, n *resource.Node) bool {
			return n.Kind == kind && match(n.Package, pkg) && match(n.Name, name)
		}, ""
	}
}

func searchPath(s *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	pattern, problem := parsePath(value)
	if problem != "" {
		return nil, problem
	}
	files, folders := s.paths().find(pattern)
	return func(_ int32, n *resource.Node) bool {
		if files[n.OriginalPath] {
			return true
		}
		if _, patch, ok := strings.Cut(n.PatchPath, "://"); ok && files[patch] {
			return true
		}
		if len(folders) == 0 {
			return false
		}
		for dir := path.Dir(n.OriginalPath); ; dir = path.Dir(dir) {
			if folders[dir] {
				return true
			}
			if dir == "." || dir == "/" {
				return false
			}
		}
	}, ""
}

func searchFile(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	return func(_ int32, n *resource.Node) bool {
		name := path.Base(n.OriginalPath)
		return match(name, value) || match(stem(name), value)
	}, ""
}

// stem is a file's name without its last ending, as Python's pathlib has it: a dot at either end makes no ending.
func stem(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && dot < len(name)-1 {
		return name[:dot]
	}
	return name
}

func searchPackage(s *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	if value == "this" && s.options.Project != "" {
		value = s.options.Project
	}
	return func(_ int32, n *resource.Node) bool { return match(n.Package, value) }, ""
}

func searchConfig(_ *Selector, c *Criterion, _ string) (func(int32, *resource.Node) bool, string) {
	want, keys := c.Value, c.Arguments
	text := jinja.Text(want)
	yes, no := strings.EqualFold(text, "true"), strings.EqualFold(text, "false")
	foldCase := len(keys) == 1 && keys[0] == "severity"
	equal := func(v jinja.Value) bool {
		if s, isText := v.(jinja.Str); isText && foldCase {
			return strings.ToUpper(string(s)) == strings.ToUpper(text)
		}
		return jinja.Equal(want, v)
	}
	return func(_ int32, n *resource.Node) bool {
		if n.Config == nil || !parsed(n.Kind) && n.Kind != node.Source {
			return false
		}
		var v jinja.Value = n.Config
		for _, key := range keys {
			d, isDict := v.(*jinja.Dict)
			if !isDict {
				return false
			}
			if v, isDict = d.Get(key); !isDict {
				return false
			}
		}
		if list, ok := v.(*jinja.List); ok {
			return slices.ContainsFunc(list.Items, func(item jinja.Value) bool {
				return equal(item) || yes && jinja.Equal(jinja.Bool(true), item) || no && jinja.Equal(jinja.Bool(false), item)
			})
		}
		b, isBool := v.(jinja.Bool)
		return equal(v) || isBool && (bool(b) && yes || !bool(b) && no)
	}, ""
}

func searchTestName(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	return func(_ int32, n *resource.Node) bool {
		switch n.Kind {
		case node.Test:
			return n.Test != nil && n.Test.Generic && match(n.Test.Name, value)
		case node.UnitTest:
			return match(n.Name, value)
		}
		return false
	}, ""
}

func searchTestType(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	generic := func(n *resource.Node) bool { return n.Kind == node.Test && n.Test != nil && n.Test.Generic }
	singular := func(n *resource.Node) bool { return n.Kind == node.Test && (n.Test == nil || !n.Test.Generic) }
	// dbt takes any part of these three words, because its lists of one word are strings.
	switch {
	case value == "generic" || value == "schema":
		return func(_ int32, n *resource.Node) bool { return generic(n) }, ""
	case strings.Contains("data", value):
		return func(_ int32, n *resource.Node) bool { return generic(n) || singular(n) }, ""
	case strings.Contains("singular", value):
		return func(_ int32, n *resource.Node) bool { return singular(n) }, ""
	case strings.Contains("unit", value):
		return func(_ int32, n *resource.Node) bool { return n.Kind == node.UnitTest }, ""
	}
	return nil, `Expected "generic", "singular", "unit" or "data"`
}

// kinds are the values of dbt's NodeType, which is what the resource_type method takes.
var kinds = []string{"analysis", "doc", "exposure", "fixture", "function", "group", "macro", "metric", "model", "operation", "rpc",
	"saved_query", "seed", "semantic_model", "snapshot", "source", "sql_operation", "test", "unit_test"}

func searchResourceType(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	if !slices.Contains(kinds, value) {
		return nil, suggest(value, kinds)
	}
	return func(_ int32, n *resource.Node) bool { return string(n.Kind) == value }, ""
}

func searchVersion(_ *Selector, _ *Criterion, value string) (func(int32, *resource.Node) bool, string) {
	var test func(n *resource.Node) bool
	switch value {
	case "latest":
		test = func(n *resource.Node) bool {
			return !isNone(n.Version) && !isNone(n.LatestVersion) && jinja.Equal(n.Version, n.LatestVersion)
		}
	case "prerelease":
		test = func(n *resource.Node) bool { return versionOrder(n) > 0 }
	case "old":
		test = func(n *resource.Node) bool { return versionOrder(n) < 0 }
	case "none":
		test = func(n *resource.Node) bool { return isNone(n.Version) }
	default:
		return nil, `Expected one of: "latest", "prerelease", "old", or "none"`
	}
	return func(_ int32, n *resource.Node) bool { return n.Kind == node.Model && test(n) }, ""
}

// versionOrder compares a model's version with the latest: as numbers if both are, else as text; 0 if the model has none.
func versionOrder(n *resource.Node) int {
	if isNone(n.Version) || isNone(n.LatestVersion) || !jinja.Truth(n.Version) || !jinja.Truth(n.LatestVersion) {
		return 0
	}
	a, b := jinja.Text(n.Version), jinja.Text(n.LatestVersion)
	x, errX := strconv.ParseFloat(strings.TrimSpace(a), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(b), 64)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func isNone(v jinja.Value) bool {
	_, none := v.(jinja.NoneType)
	return v == nil || none
}

// included runs a criterion's method over all nodes.
func (s *Selector) included(c *Criterion, list *diag.List) *graph.Set {
	value := ""
	if c.Method == ByConfig {
		value = jinja.Text(c.Value)
	} else if text, ok := c.Value.(jinja.Str); ok {
		value = string(text)
	} else {
		list.Add(diag.SelectorValue, c.Span, "the value of %s: must be a text, but is %s (%s)", c.Method, jinja.Repr(c.Value), c.Value.TypeName()).Hint =
			"Put the value in quotes."
		return nil
	}
	matches, problem := methods[c.Method](s, c, value)
	if problem != "" {
		list.Add(diag.SelectorValue, c.Span, "Invalid %s selector value %q", c.Method, value).Hint = problem
		return nil
	}
	set := s.graph.NewSet()
	for i, n := range s.graph.Nodes() {
		if matches(int32(i), n) {
			set.Add(int32(i))
		}
	}
	return set
}
