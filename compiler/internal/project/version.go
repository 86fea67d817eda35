package project

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/internal/basecontext"
)

// specifier is one version requirement, such as ">=1.3.0".
type specifier struct {
	match               string
	major, minor, patch int
	prerelease          string
	text                string
}

var specifierPattern = regexp.MustCompile(`^(>=|>|<|<=|=)?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-?((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*)*))?$`)

func parseSpecifier(s string) (specifier, bool) {
	m := specifierPattern.FindStringSubmatch(s)
	if m == nil {
		return specifier{}, false
	}
	out := specifier{match: m[1], prerelease: m[5]}
	if out.match == "" {
		out.match = "="
	}
	out.major, _ = strconv.Atoi(m[2])
	out.minor, _ = strconv.Atoi(m[3])
	out.patch, _ = strconv.Atoi(m[4])
	out.text = fmt.Sprintf("%s%d.%d.%d", out.match, out.major, out.minor, out.patch)
	if m[5] != "" {
		out.text += "-" + m[5]
	}
	if m[6] != "" {
		out.text += "+" + m[6]
	}
	return out, true
}

// less orders versions without their comparison signs; a version without prerelease is the later one.
func (a specifier) order(b specifier) int {
	for _, p := range [][2]int{{a.major, b.major}, {a.minor, b.minor}, {a.patch, b.patch}} {
		if p[0] != p[1] {
			return sign(p[0] - p[1])
		}
	}
	switch {
	case a.prerelease == b.prerelease:
		return 0
	case a.prerelease == "":
		return 1
	case b.prerelease == "":
		return -1
	}
	x, y := strings.Split(a.prerelease, "."), strings.Split(b.prerelease, ".")
	for i := range min(len(x), len(y)) {
		m, errM := strconv.Atoi(x[i])
		n, errN := strconv.Atoi(y[i])
		switch {
		case errM == nil && errN == nil:
			if m != n {
				return sign(m - n)
			}
		case errM == nil:
			return -1
		case errN == nil:
			return 1
		case x[i] != y[i]:
			return strings.Compare(x[i], y[i])
		}
	}
	return sign(len(a.prerelease) - len(b.prerelease))
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// admits says whether a version fulfils the requirement.
func (a specifier) admits(v specifier) bool {
	o := v.order(a)
	switch a.match {
	case ">=":
		return o >= 0
	case ">":
		return o > 0
	case "<=":
		return o <= 0
	case "<":
		// A prerelease of the bound itself is not below it.
		if o < 0 && a.prerelease == "" && v.prerelease != "" && v.major == a.major && v.minor == a.minor && v.patch == a.patch {
			return false
		}
		return o < 0
	}
	return o == 0
}

// versionProblem is a message with a place for the project's name, or "" if all requirements are met. Requirements that no
// version can meet have a message of their own, as in dbt.
func versionProblem(wanted []string) string {
	installed, _ := parseSpecifier(basecontext.DbtVersion)
	specs := make([]specifier, len(wanted))
	texts := make([]string, len(wanted))
	for i, w := range wanted {
		s, ok := parseSpecifier(w)
		if !ok {
			return strings.ReplaceAll(fmt.Sprintf("%q is not a valid semantic version.", w), "%", "%%") + "%.0s"
		}
		specs[i], texts[i] = s, "'"+s.text+"'"
	}
	list := strings.ReplaceAll("["+strings.Join(texts, ", ")+"]", "%", "%%")
	if !possible(specs) {
		return "The package version requirement can never be satisfied for the '%s' package. Required versions of dbt: " + list
	}
	for _, s := range specs {
		if !s.admits(installed) {
			return "This version of dbt is not supported with the '%[1]s' package. Installed version of dbt: =" + basecontext.DbtVersion + ". Required version of dbt for '%[1]s': " + list
		}
	}
	return ""
}

// possible says whether any version can meet all requirements.
func possible(specs []specifier) bool {
	for i, a := range specs {
		for _, b := range specs[i+1:] {
			if !overlap(a, b) || !overlap(b, a) {
				return false
			}
		}
	}
	return true
}

// overlap says whether a lower bound or exact version a leaves room for b.
func overlap(a, b specifier) bool {
	low := strings.HasPrefix(a.match, ">") || a.match == "="
	high := strings.HasPrefix(b.match, "<") || b.match == "="
	if !low || !high {
		return true
	}
	if a.match == "=" {
		return b.admits(a)
	}
	if b.match == "=" {
		return a.admits(b)
	}
	o := a.order(b)
	return o < 0 || o == 0 && a.match == ">=" && b.match == "<="
}
