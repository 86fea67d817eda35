// Package semver compares versions and requirements on versions as dbt does.
//
// It exists because dbt's rules are its own: prereleases with and without a dash, prereleases that an upper bound shuts out, and
// bounds that compare by their sign where their numbers are equal. Required versions of dbt and versions of packages follow them.
package semver

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Specifier is one requirement, such as ">=1.3.0"; a version is one that asks for itself. The zero value asks for nothing.
type Specifier struct {
	// Match is "=", ">", ">=", "<" or "<=".
	Match                                  string
	Major, Minor, Patch, Prerelease, Build string
}

var pattern = regexp.MustCompile(`^(>=|>|<|<=|=)?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-?((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*)*))?$`)

// Parse reads a requirement or a version.
func Parse(s string) (Specifier, error) {
	m := pattern.FindStringSubmatch(s)
	if m == nil {
		return Specifier{}, fmt.Errorf("%q is not a valid semantic version.", s) //nolint:staticcheck // dbt's text
	}
	return Specifier{Match: cmp.Or(m[1], "="), Major: m[2], Minor: m[3], Patch: m[4], Prerelease: m[5], Build: m[6]}, nil
}

// ParseAll reads several.
func ParseAll(list []string) ([]Specifier, error) {
	out := make([]Specifier, len(list))
	for i, s := range list {
		var err error
		if out[i], err = Parse(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// String is the canonical text, with its sign.
func (a Specifier) String() string {
	if a.unbounded() {
		return "*"
	}
	return a.Match + a.Version()
}

// Version is the canonical text without its sign.
func (a Specifier) Version() string {
	s := a.Major + "." + a.Minor + "." + a.Patch
	if a.Prerelease != "" {
		s += "-" + a.Prerelease
	}
	if a.Build != "" {
		s += "+" + a.Build
	}
	return s
}

func (a Specifier) unbounded() bool { return a.Major == "" }
func (a Specifier) exact() bool     { return a.Match == "=" }
func (a Specifier) lower() bool     { return a.Match == ">" || a.Match == ">=" }
func (a Specifier) upper() bool     { return a.Match == "<" || a.Match == "<=" }

// Compare orders two requirements: by their numbers, and by their signs where those are equal.
func (a Specifier) Compare(b Specifier) int {
	if a.unbounded() || b.unbounded() {
		return 0
	}
	if c := cmp.Or(number(a.Major, b.Major), number(a.Minor, b.Minor), number(a.Patch, b.Patch)); c != 0 {
		return c
	}
	switch {
	case a.Prerelease == "" && b.Prerelease == "":
	case a.Prerelease == "":
		if a.Match == "<" {
			// What must be below 2.0.0 is no prerelease of 2.0.0.
			return -1
		}
		return 1
	case b.Prerelease == "":
		return -1
	default:
		if c := prerelease(a.Prerelease, b.Prerelease); c != 0 {
			return c
		}
	}
	switch {
	case a.Match == ">=" && b.Match == "<=", a.Match == "<=" && b.Match == ">=":
		return 0
	case a.Match == "<" && b.Match == "<=", a.Match == ">=" && b.Match == ">", a.upper() && b.lower():
		return -1
	case a.Match == "<=" && b.Match == "<", a.Match == ">" && b.Match == ">=", a.lower() && b.upper():
		return 1
	}
	return 0
}

// number compares decimal numbers of any length without leading zeros.
func number(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

func prerelease(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, n := digits(x[i]), digits(y[i])
		c := 0
		switch {
		case m && n:
			c = number(x[i], y[i])
		case m:
			c = -1
		case n:
			c = 1
		default:
			c = cmp.Compare(x[i], y[i])
		}
		if c != 0 {
			return c
		}
	}
	// Not the number of parts: dbt counts letters.
	return cmp.Compare(len(a), len(b))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Range is what several requirements leave: a lower and an upper bound, or twice the same version.
type Range struct{ Start, End Specifier }

// String is the range as messages show it.
func (r Range) String() string {
	switch {
	case r.Start.unbounded() && r.End.unbounded():
		return "ANY"
	case r.End.unbounded():
		return r.Start.String()
	case r.Start.unbounded():
		return r.End.String()
	}
	return r.Start.String() + ", " + r.End.String()
}

func rangeOf(a Specifier) Range {
	switch {
	case a.exact():
		return Range{a, a}
	case a.lower():
		return Range{Start: a}
	}
	return Range{End: a}
}

// Reduce joins requirements; false if no version can meet all of them.
func Reduce(wanted ...Specifier) (Range, bool) {
	var list []Specifier
	for _, w := range wanted {
		if !w.unbounded() {
			list = append(list, w)
		}
	}
	if len(list) == 0 {
		return Range{}, true
	}
	last := len(list) - 1
	r, ok := rangeOf(list[last]), true
	for _, w := range list[:last] {
		if r, ok = r.join(rangeOf(w)); !ok {
			return Range{}, false
		}
	}
	return r, true
}

func (r Range) join(o Range) (Range, bool) {
	if r.Start.exact() && o.Start.exact() {
		return Range{r.Start, r.Start}, r.Start.Compare(o.Start) == 0
	}
	start, ok := tighter(r.Start, o.Start, 1, ">=")
	if !ok {
		return Range{}, false
	}
	end, ok := tighter(r.End, o.End, -1, "<=")
	if !ok {
		return Range{}, false
	}
	return Range{start, end}, start.Compare(end) <= 0
}

// tighter is the bound that leaves less: the higher of two lower ones (side 1) or the lower of two upper ones (side -1); an exact
// version must lie within the other bound.
func tighter(a, b Specifier, side int, inclusive string) (Specifier, bool) {
	switch {
	case b.unbounded():
		return a, true
	case a.unbounded():
		return b, true
	case !a.exact() && !b.exact():
		if a.Compare(b)*side < 0 {
			return b, true
		}
		return a, true
	}
	if a.exact() {
		a, b = b, a
	}
	c := a.Compare(b) * side
	return b, c < 0 || c == 0 && a.Match == inclusive
}

// Compatible says whether requirements can be met together.
func Compatible(wanted ...Specifier) bool {
	_, ok := Reduce(wanted...)
	return ok
}

// Newest picks the highest of the available versions that lies in the range, "" if there is none.
func Newest(r Range, available []string) (string, error) {
	best, text := Specifier{}, ""
	for _, s := range available {
		v, err := Parse(s)
		if err != nil {
			return "", err
		}
		if Compatible(v, r.Start, r.End) && (text == "" || best.Compare(v) < 0) {
			best, text = v, s
		}
	}
	return text, nil
}

// Installable sorts versions and leaves out prereleases, unless they are wanted. Of two spellings of a version the later counts.
func Installable(versions []string, prereleases bool) ([]string, error) {
	var list []Specifier
	spelled := map[string]string{}
	for _, s := range versions {
		v, err := Parse(s)
		if err != nil {
			return nil, err
		}
		if prereleases || v.Prerelease == "" {
			list = append(list, v)
			spelled[v.String()] = s
		}
	}
	slices.SortStableFunc(list, Specifier.Compare)
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = spelled[v.String()]
	}
	return out, nil
}
