// Package selector answers which nodes --select, --exclude and selectors.yml mean.
//
// It is dbt's selection language, criterion by criterion: people have these expressions in schedulers and CI files, so each
// must choose the same nodes here, down to which tests come along. Criteria are read into a Spec and evaluated as bit sets over the
// nodes of a graph.
package selector

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// Indirect says which tests come along with the nodes they test (--indirect-selection).
type Indirect uint8

const (
	// Eager takes a test if any of its parents is selected.
	Eager Indirect = iota
	// Cautious takes a test if all of its parents are selected.
	Cautious
	// Buildable takes a test if each of its parents is selected or an ancestor of a selected node.
	Buildable
	// Empty takes no test that is not selected by name.
	Empty
)

var indirectNames = [...]string{"eager", "cautious", "buildable", "empty"}

func (i Indirect) String() string { return indirectNames[i] }

// ParseIndirect reads the name of a mode.
func ParseIndirect(name string) (Indirect, bool) {
	for i, n := range indirectNames {
		if n == name {
			return Indirect(i), true
		}
	}
	return Eager, false
}

// Spec is a selection as written: a *Criterion or a *Group.
type Spec interface{ spec() }

// Criterion is one element, such as `2+tag:nightly+`.
type Criterion struct {
	Raw       string
	Span      source.Span
	Method    Method
	Arguments []string // "severity" of config.severity
	// Value is a string, or what YAML made of it.
	Value jinja.Value
	// ChildrensParents is the prefix @. The depths are graph.Unbounded where none is given.
	ChildrensParents, Parents, Children bool
	ParentsDepth, ChildrenDepth         int
	Indirect                            Indirect
}

// Operation is how a Group combines its parts.
type Operation uint8

// The set operations.
const (
	Union Operation = iota
	Intersection
	Difference
)

// Group combines specs.
type Group struct {
	Operation Operation
	Parts     []Spec
	Indirect  Indirect
	// Warn asks for a warning if the group selects nothing; Raw and Span are what it names.
	Warn bool
	Raw  string
	Span source.Span
}

func (*Criterion) spec() {}
func (*Group) spec()     {}

// defaultIncludes is what no --select means.
var defaultIncludes = []string{"fqn:*", "source:*", "exposure:*", "metric:*", "semantic_model:*"}

// Parse reads the values of --select and --exclude; nil includes mean everything.
func Parse(include, exclude []string, indirect Indirect) (Spec, diag.List) {
	var list diag.List
	warn := true
	if len(include) == 0 {
		include, warn = defaultIncludes, false
	}
	both := &Group{Operation: Difference, Parts: []Spec{
		parseUnion(&list, "--select", include, warn, indirect),
		parseUnion(&list, "--exclude", exclude, len(exclude) > 0, indirect),
	}}
	return both, list
}

// parseUnion reads "a b,c": blanks unite, commas intersect. The criteria's spans lie in a text that stands for the option.
func parseUnion(list *diag.List, option string, values []string, warn bool, indirect Indirect) *Group {
	text := source.NewFile(option, strings.Join(values, " "))
	union := &Group{Operation: Union, Indirect: indirect, Span: source.Whole(text)}
	if len(values) == 0 {
		return union
	}
	at := 0
	for element := range strings.SplitSeq(text.Text, " ") {
		whole := source.Span{File: text, Start: at, End: at + len(element)}
		at += len(element) + 1
		group := &Group{Operation: Intersection, Indirect: indirect, Warn: warn, Raw: element, Span: whole}
		offset := 0
		for part := range strings.SplitSeq(element, ",") {
			span := whole.Sub(offset, offset+len(part))
			offset += len(part) + 1
			if c := parseCriterion(list, part, span, indirect); c != nil {
				group.Parts = append(group.Parts, c)
			}
		}
		union.Parts = append(union.Parts, group)
	}
	return union
}

// pieces are the parts of an element, as dbt's pattern cuts it.
type pieces struct {
	childrensParents, parents bool
	parentsDepth              string
	method                    string
	hasMethod                 bool
	value                     string
	children                  bool
	childrenDepth             string
}

// cut splits `@2+method.arg:value+3`. Only a line break makes it fail.
func cut(text string) (p pieces, ok bool) {
	if strings.Contains(text, "\n") {
		return p, false
	}
	rest := text
	rest, p.childrensParents = cutPrefix(rest, "@")
	if digits := leadingDigits(rest); strings.HasPrefix(rest[digits:], "+") {
		p.parents, p.parentsDepth, rest = true, rest[:digits], rest[digits+1:]
	}
	if colon := strings.IndexByte(rest, ':'); colon > 0 && isMethodText(rest[:colon]) {
		p.hasMethod, p.method, rest = true, rest[:colon], rest[colon+1:]
	}
	p.value = rest
	if plus := strings.LastIndexByte(rest, '+'); plus >= 0 && leadingDigits(rest[plus+1:]) == len(rest)-plus-1 {
		p.children, p.childrenDepth, p.value = true, rest[plus+1:], rest[:plus]
	}
	return p, true
}

func cutPrefix(s, prefix string) (string, bool) {
	after, found := strings.CutPrefix(s, prefix)
	return after, found
}

// leadingDigits is the length of the decimal digits at the start, those of any script, as Python's \d has it.
func leadingDigits(s string) int {
	for i, r := range s {
		if !unicode.IsDigit(r) {
			return i
		}
	}
	return len(s)
}

func isMethodText(s string) bool {
	for _, r := range s {
		if r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// depth reads a number of steps; none means all, and so does one that no graph is deep enough for.
func depth(digits string) int {
	if digits == "" {
		return graph.Unbounded
	}
	n := 0
	for _, r := range digits {
		n = n*10 + digitValue(r)
		if n > 1<<30 {
			return graph.Unbounded
		}
	}
	return n
}

// digitValue is the value of a decimal digit: scripts have theirs in runs of ten, in order.
func digitValue(r rune) int {
	if r < utf8.RuneSelf {
		return int(r - '0')
	}
	first := r
	for unicode.IsDigit(first-1) && r-first < 9 {
		first--
	}
	return int(r - first)
}

func parseCriterion(list *diag.List, text string, span source.Span, indirect Indirect) *Criterion {
	p, ok := cut(text)
	if !ok {
		list.Add(diag.SelectorSyntax, span, "Invalid selector spec %q", text)
		return nil
	}
	c := &Criterion{
		Raw: text, Span: span, Value: jinja.Str(p.value), Indirect: indirect,
		ChildrensParents: p.childrensParents, Parents: p.parents, Children: p.children,
		ParentsDepth: depth(p.parentsDepth), ChildrenDepth: depth(p.childrenDepth),
	}
	if !p.hasMethod {
		c.Method = defaultMethod(p.value)
	} else if c.Method, c.Arguments, ok = parseMethod(list, p.method, span); !ok {
		return nil
	}
	return c.checked(list)
}

// checked refuses the one combination of graph operators that contradicts itself.
func (c *Criterion) checked(list *diag.List) *Criterion {
	if c.Children && c.ChildrensParents {
		list.Add(diag.SelectorSyntax, c.Span, `Invalid node spec %s - "@" prefix and "+" suffix are incompatible`, c.Raw).Hint =
			`"@" selects all descendants already: leave out the "+" behind.`
		return nil
	}
	return c
}

// defaultMethod is what a value without a method means.
func defaultMethod(value string) Method {
	if strings.Contains(value, "/") {
		return ByPath
	}
	low := strings.ToLower(value)
	if strings.HasSuffix(low, ".sql") || strings.HasSuffix(low, ".py") || strings.HasSuffix(low, ".csv") {
		return ByFile
	}
	return ByFQN
}

func parseMethod(list *diag.List, text string, span source.Span) (Method, []string, bool) {
	name, rest, more := strings.Cut(text, ".")
	m := Method(name)
	if _, known := methods[m]; !known {
		list.Add(diag.SelectorMethod, span, "'%s' is not a valid method name", name).Hint = suggest(name, methodNames())
		return "", nil, false
	}
	if !more {
		return m, nil, true
	}
	return m, strings.Split(rest, "."), true
}

// Suggest is the hint for a name that does not exist: the known one that is closest to it, or all of them.
func Suggest(name string, names []string) string { return suggest(name, names) }

// suggest names the nearest of the names, or all if none is near.
func suggest(name string, names []string) string {
	best, distance := "", 1+max(2, len(name)/3)
	for _, n := range names {
		if d := diag.Edits(strings.ToLower(name), n, distance); d < distance {
			best, distance = n, d
		}
	}
	if best != "" {
		return "Did you mean " + strconv.Quote(best) + "?"
	}
	return "Expected one of: " + strings.Join(names, ", ") + "."
}
