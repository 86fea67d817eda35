package selector

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Options are what a selection depends on besides the nodes.
type Options struct {
	// Project is the name of the root project, which `package:this` means.
	Project string
	// Files are further files of the root project, relative to its folder, that path: can find: properties files, documentation.
	// Files of nodes need not be given.
	Files []string
	// Definitions are the project's selectors, nil if it has none.
	Definitions *Definitions
	// Kinds are the resource types that the command works on; nil means all.
	Kinds []node.Kind
	// Earlier answers the methods that compare with an earlier run: the ids that a value selects, or a problem with the value. nil
	// says that no earlier run was given.
	Earlier func(m Method, value string, span source.Span) (ids map[node.ID]bool, problem string, diags diag.List)
	// SkipEmpty leaves nodes without text out, as every command but ls does.
	SkipEmpty bool
}

// Selector selects from the enabled nodes of one graph. It is for one goroutine.
type Selector struct {
	graph   *graph.Graph
	options Options
	// enabled are the nodes that take part. dbt keeps a test of a disabled model among its nodes, and disables it.
	enabled *graph.Set
	known   *paths
	// running are the named selectors being evaluated, the outermost first.
	running []string
}

// New makes a selector.
func New(g *graph.Graph, o Options) *Selector {
	s := &Selector{graph: g, options: o, enabled: g.NewSet()}
	for i, n := range g.Nodes() {
		if n.Kind == node.Exposure || !disabled(n) {
			s.enabled.Add(int32(i))
		}
	}
	return s
}

func disabled(n *resource.Node) bool {
	if n.Config == nil {
		return false
	}
	v, _ := n.Config.Get("enabled")
	on, isBool := v.(jinja.Bool)
	return isBool && !bool(on)
}

// Select evaluates a spec: the nodes it names with their relatives, the tests that come along, and of those the ones whose kind the
// command works on. With errors the set is empty. That nothing at all was selected is for the command to say.
func (s *Selector) Select(spec Spec) (*graph.Set, diag.List) {
	var list diag.List
	set := s.selected(spec, &list)
	if list.HasErrors() {
		return s.graph.NewSet(), list
	}
	return set, list
}

func (s *Selector) selected(spec Spec, list *diag.List) *graph.Set {
	direct, _ := s.evaluate(spec, list)
	return s.filter(direct)
}

// filter keeps the nodes that the command works on.
func (s *Selector) filter(set *graph.Set) *graph.Set {
	kept := s.graph.NewSet()
	for i := range set.Each {
		n := s.graph.Node(i)
		if s.options.Kinds != nil && !slices.Contains(s.options.Kinds, n.Kind) {
			continue
		}
		if s.options.SkipEmpty && empty(n) {
			continue
		}
		kept.Add(i)
	}
	return kept
}

// empty says that a node of SQL has no text to run. Seeds are files of their own and never empty.
func empty(n *resource.Node) bool {
	return parsed(n.Kind) && n.Kind != node.Seed && strings.TrimSpace(n.RawCode) == ""
}

// evaluate gives the nodes a spec selects, and the tests that would come along if more of their parents were selected.
func (s *Selector) evaluate(spec Spec, list *diag.List) (direct, indirect *graph.Set) {
	switch spec := spec.(type) {
	case *Criterion:
		return s.criterion(spec, list)
	case *Group:
		var directs, both []*graph.Set
		for _, part := range spec.Parts {
			d, i := s.evaluate(part, list)
			directs = append(directs, d)
			both = append(both, i.Union(d))
		}
		indirect = s.combine(spec.Operation, both)
		direct = s.incorporate(s.combine(spec.Operation, directs), indirect, spec.Indirect)
		if spec.Warn && direct.Empty() && !list.HasErrors() {
			list.Add(diag.NothingMatched, spec.Span, "The selection criterion '%s' does not match any enabled nodes", spec.Raw).Hint = s.nearNode(spec.Raw)
		}
		return direct, indirect
	}
	return s.graph.NewSet(), s.graph.NewSet()
}

// nearNode is the hint for a criterion that names no node but nearly one; "" for any other.
func (s *Selector) nearNode(raw string) string {
	name := strings.TrimRight(strings.TrimLeft(raw, "@+0123456789"), "+0123456789")
	if name == "" || strings.ContainsAny(name, ":*?[,. /") {
		return ""
	}
	best, least := "", 1+len(name)/3
	for i := range s.enabled.Each {
		n := s.graph.Node(i)
		if n.Test != nil {
			continue
		}
		if d := diag.Edits(strings.ToLower(name), strings.ToLower(n.Name), least); d < least {
			best, least = n.Name, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + strconv.Quote(best) + "?"
}

func (s *Selector) combine(op Operation, sets []*graph.Set) *graph.Set {
	if len(sets) == 0 {
		return s.graph.NewSet()
	}
	out := sets[0].Clone()
	for _, other := range sets[1:] {
		switch op {
		case Union:
			out.Union(other)
		case Intersection:
			out.Intersect(other)
		case Difference:
			out.Subtract(other)
		}
	}
	return out
}

func (s *Selector) criterion(c *Criterion, list *diag.List) (direct, indirect *graph.Set) {
	none := s.graph.NewSet()
	var collected *graph.Set
	switch c.Method {
	case BySelector:
		collected = s.named(c, list)
	case ByState, ByResult, BySourceStatus:
		collected = s.earlier(c, list)
	default:
		collected = s.included(c, list)
	}
	if collected == nil {
		return none, none.Clone()
	}
	collected.Intersect(s.enabled)
	selected := collected.Clone()
	if c.ChildrensParents {
		below := s.graph.Descendants(collected, graph.Unbounded).Union(collected)
		selected.Union(s.graph.Ancestors(below, graph.Unbounded)).Union(below)
	}
	if c.Parents {
		selected.Union(s.graph.Ancestors(collected, c.ParentsDepth))
	}
	if c.Children {
		selected.Union(s.graph.Descendants(collected, c.ChildrenDepth))
	}
	selected.Intersect(s.enabled)
	// A named selector has brought its tests along already, and may have excluded some.
	if c.Indirect == Empty || c.Method == BySelector {
		return selected, none
	}
	return s.expand(selected, c.Indirect)
}

// expand adds the tests that come along with the selected nodes; those whose time may come are given separately.
func (s *Selector) expand(selected *graph.Set, mode Indirect) (direct, indirect *graph.Set) {
	direct, indirect = selected.Clone(), s.graph.NewSet()
	var buildable *graph.Set
	if mode == Buildable {
		buildable = s.graph.Ancestors(selected, graph.Unbounded).Union(selected)
		for i, n := range s.graph.Nodes() {
			if n.Kind == node.Source {
				buildable.Add(int32(i))
			}
		}
	}
	for i := range selected.Each {
		for _, child := range s.graph.Children(i) {
			if kind := s.graph.Node(child).Kind; kind != node.Test && kind != node.UnitTest || !s.enabled.Has(child) {
				continue
			}
			switch {
			case mode == Eager || s.within(child, selected):
				direct.Add(child)
			case mode == Buildable && s.within(child, buildable):
				direct.Add(child)
			default:
				indirect.Add(child)
			}
		}
	}
	return direct, indirect
}

// incorporate adds the tests waiting in indirect whose parents have all come together in a combination.
func (s *Selector) incorporate(direct, indirect *graph.Set, mode Indirect) *graph.Set {
	if mode != Cautious && mode != Buildable {
		return direct
	}
	there := direct
	if mode == Buildable {
		there = s.graph.Ancestors(direct, graph.Unbounded).Union(direct)
	}
	selected := direct.Clone()
	for i := range indirect.Each {
		// A cautious test may itself make another complete only if tests had children; they have none.
		if parsed(s.graph.Node(i).Kind) && s.within(i, there) {
			selected.Add(i)
		}
	}
	return selected
}

// within says whether all parents of a node are in a set.
func (s *Selector) within(i int32, set *graph.Set) bool {
	for _, p := range s.graph.Parents(i) {
		if !set.Has(p) {
			return false
		}
	}
	return true
}

// earlier evaluates a method that compares with an earlier run.
func (s *Selector) earlier(c *Criterion, list *diag.List) *graph.Set {
	if s.options.Earlier == nil {
		list.Add(diag.SelectorNeedsState, c.Span, "Got a %s selector method, but there is no previous state to compare with", c.Method).Hint =
			"Name the folder with the artifacts of the earlier run: --state path/to/artifacts."
		return nil
	}
	value := jinja.Text(c.Value)
	if len(c.Arguments) > 0 { // state.modified:body in YAML
		value = strings.Join(append(slices.Clone(c.Arguments), value), ".")
	}
	ids, problem, diags := s.options.Earlier(c.Method, value, c.Span)
	*list = append(*list, diags...)
	if problem != "" {
		list.Add(diag.SelectorValue, c.Span, "Invalid %s selector value %q", c.Method, value).Hint = problem
	}
	if problem != "" || ids == nil {
		return nil
	}
	set := s.graph.NewSet()
	for i, n := range s.graph.Nodes() {
		if ids[n.ID] {
			set.Add(int32(i))
		}
	}
	return set
}

// named evaluates the selectors of selectors.yml whose names match, each as a selection of its own.
func (s *Selector) named(c *Criterion, list *diag.List) *graph.Set {
	text := ""
	if c.Value != nil {
		text = jinja.Text(c.Value)
	}
	found := s.options.Definitions.matching(text)
	if len(found) == 0 {
		list.Add(diag.SelectorName, c.Span, "Selector '%s' did not match any selector in selectors.yml", text).Hint =
			suggestOrNone(text, s.options.Definitions.Names())
		return nil
	}
	all := s.graph.NewSet()
	for _, d := range found {
		if slices.Contains(s.running, d.Name) {
			ring := append(s.running[slices.Index(s.running, d.Name):], d.Name)
			list.Add(diag.SelectorCycle, c.Span, "Circular dependency detected in selector: %s", strings.Join(ring, " --> ")).Related =
				[]diag.Related{{Span: d.Span, Message: d.Name + " is defined here"}}
			return nil
		}
		s.running = append(s.running, d.Name)
		all.Union(s.selected(d.Spec, list))
		s.running = s.running[:len(s.running)-1]
		if list.HasErrors() {
			return nil
		}
	}
	return all
}

func suggestOrNone(name string, names []string) string {
	if len(names) == 0 {
		return "The project has no selectors.yml, or it defines no selector."
	}
	return suggest(name, names)
}

// paths collects, once, what path: can find.
func (s *Selector) paths() *paths {
	if s.known != nil {
		return s.known
	}
	s.known = &paths{files: map[string]bool{}, folders: map[string]bool{}}
	for _, f := range s.options.Files {
		s.known.add(f)
	}
	for _, n := range s.graph.Nodes() {
		if s.options.Project != "" && n.Package != s.options.Project {
			// A file of a package lies in the package's folder, not at this path of the project.
			continue
		}
		if n.OriginalPath != "" {
			s.known.add(n.OriginalPath)
		}
		if _, patch, ok := strings.Cut(n.PatchPath, "://"); ok {
			s.known.add(patch)
		}
	}
	return s.known
}

// Place is where a spec stands, for messages about it as a whole.
func Place(spec Spec) source.Span {
	switch spec := spec.(type) {
	case *Criterion:
		return spec.Span
	case *Group:
		if spec.Span.IsZero() && len(spec.Parts) > 0 {
			return Place(spec.Parts[0])
		}
		return spec.Span
	}
	return source.Span{}
}
