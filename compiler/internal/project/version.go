package project

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/semver"
)

// versionProblem is a message with a place for the project's name, or "" if all requirements are met. Requirements that no
// version can meet have a message of their own, as in dbt.
func versionProblem(wanted []string) string {
	specs, err := semver.ParseAll(wanted)
	if err != nil {
		return strings.ReplaceAll(err.Error(), "%", "%%") + "%.0s"
	}
	texts := make([]string, len(specs))
	for i, s := range specs {
		texts[i] = "'" + s.String() + "'"
	}
	list := strings.ReplaceAll("["+strings.Join(texts, ", ")+"]", "%", "%%")
	if len(specs) > 1 && !semver.Compatible(specs...) {
		return "The package version requirement can never be satisfied for the '%s' package. Required versions of dbt: " + list
	}
	installed, err := semver.Parse(basecontext.DbtVersion)
	if err != nil || !semver.Compatible(append([]semver.Specifier{installed}, specs...)...) {
		return "This version of dbt is not supported with the '%[1]s' package. Installed version of dbt: =" + basecontext.DbtVersion + ". Required version of dbt for '%[1]s': " + list
	}
	return ""
}
