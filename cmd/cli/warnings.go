package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
)

// deprecations is dbt's name for all deprecations together.
const deprecations = "Deprecations"

// dbtEvents are the warnings that dbt gives too, under its names: --warn-error-options speaks of them. A name that ends in Deprecation
// is a deprecation.
var dbtEvents = map[diag.Code]string{
	diag.NothingMatched: "NoNodesForSelectionCriteria", diag.BreakingChange: "UnversionedBreakingChange", diag.EntryWithoutNode: "NoNodeForYamlKey", diag.EntryOfOtherKind: "WrongResourceSchemaFile",
	diag.EntryWithoutMacro: "MacroNotFoundForPatch", diag.TestTargetMissing: "NodeNotFoundOrDisabled", diag.UnusedPatch: "UnusedTables",
	diag.MacroArguments: "InvalidMacroAnnotation", diag.ArgumentsProperty: "MissingArgumentsPropertyInGenericTestDeprecation",
	diag.SameNameOtherKind: "DuplicateNameDistinctNodeTypesDeprecation", diag.RootDependency: "PackageNodeDependsOnRootProjectNode",
	diag.NameWithSpace: "ResourceNamesWithSpacesDeprecation", diag.ConstraintUnsupported: "UnsupportedConstraintMaterialization",
	diag.UnusedConfigPath: "UnusedResourceConfigPath", diag.DeprecatedModel: "DeprecatedModel", diag.MovedToConfig: "PropertyMovedToConfigDeprecation",
	diag.RaisedWarning: "JinjaLogWarning", diag.YAMLDuplicateKey: "DuplicateYAMLKeysDeprecation",
}

// otherWarnings are dbt's further warnings, which weft does not give or gives in another way: their names are accepted.
const otherWarnings = " AdapterDeprecationWarning AdapterEventWarning ArgumentsPropertyInGenericTestDeprecation CatalogGenerationError CollectFreshnessReturnSignature" +
	" ConfigDataPathDeprecation ConfigLogPathDeprecation ConfigSourcePathDeprecation ConfigTargetPathDeprecation ConstraintNotEnforced ConstraintNotSupported" +
	" CustomKeyInConfigDeprecation CustomKeyInObjectDeprecation CustomOutputPathInSourceFreshnessDeprecation CustomTopLevelKeyDeprecation DeprecatedReference" +
	" DeprecationsSummary DepsScrubbedPackageName DepsUnpinned EnvironmentVariableNamespaceDeprecation EnvironmentVariableRenamed ExposureNameDeprecation" +
	" FreshnessConfigProblem GenerateSchemaNameNullValueDeprecation GenericJSONSchemaValidationDeprecation GenericSemanticLayerDeprecation InternalDeprecation" +
	" InvalidConcurrentBatchesConfig InvalidValueForField MFConverterIssue MFCumulativeTypeParamsDeprecation MFTimespineWithoutYamlConfigurationDeprecation" +
	" MetricAttributesRenamed MicrobatchMacroOutsideOfBatchesDeprecation MicrobatchModelNoEventTimeInputs MissingPlusPrefixDeprecation ModelParamUsageDeprecation" +
	" ModulesItertoolsUsageDeprecation NoNodesSelected NothingToDo PackageInstallPathDeprecation PackageMaterializationOverrideDeprecation PackageRedirectDeprecation" +
	" ProjectFlagsMovedDeprecation RunResultWarning RunResultWarningMessage SeedExceedsLimitAndPathChanged SeedExceedsLimitChecksumChanged SeedExceedsLimitSamePath" +
	" SeedIncreased SelectExcludeIgnoredWithSelectorWarning SemanticValidationFailure SnapshotTimestampWarning SourceFreshnessProjectHooksNotRun SourceOverrideDeprecation" +
	" SpacesInResourceNameDeprecation TestsConfigDeprecation TimeDimensionsRequireGranularityDeprecation UnexpectedJinjaBlockDeprecation UnversionedBreakingChange" +
	" UpcomingReferenceDeprecation ValidationWarning WEOIncludeExcludeDeprecation WarnStateTargetEqual LogTestResult LogFreshnessResult Deprecations "

// knownWarning says whether dbt has a warning of that name.
func knownWarning(name string) bool {
	for _, known := range dbtEvents {
		if known == name {
			return true
		}
	}
	return name != "" && strings.Contains(otherWarnings, " "+name+" ")
}

// dbtEvent is dbt's name of a warning, "" where it has none.
func dbtEvent(c diag.Code) string { return dbtEvents[c] }

// warnRules say what becomes of warnings. What is named wins over all deprecations together, and those over everything; among equals
// silence wins over warn, and warn over error.
type warnRules struct {
	all                  bool // every warning is an error
	error, warn, silence []string
}

// parseWarnRules reads --warn-error-options: {error: all, warn: [...], silence: [...]}, with include and exclude for error and warn as
// they were called once.
func parseWarnRules(options map[string]any) (warnRules, error) {
	var r warnRules
	valid := func(names []string) error {
		for _, name := range names {
			if !knownWarning(name) {
				return fmt.Errorf("--warn-error-options: %q is not the name of a warning of dbt", name)
			}
		}
		return nil
	}
	list := func(key string, v any) ([]string, error) {
		items, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("--warn-error-options: `%s` must be a list of names of warnings, found %v", key, v)
		}
		var out []string
		for _, x := range items {
			out = append(out, fmt.Sprint(x))
		}
		return out, valid(out)
	}
	known := []string{"error", "warn", "silence", "include", "exclude"}
	for key := range options {
		if !slices.Contains(known, key) {
			return r, fmt.Errorf("--warn-error-options: unknown key %q: choose from error, warn, silence", key)
		}
	}
	for _, pair := range [][2]string{{"error", "include"}, {"warn", "exclude"}} {
		if options[pair[0]] != nil && options[pair[1]] != nil {
			return r, fmt.Errorf("--warn-error-options: `%s` and `%s` mean the same; give one of them", pair[0], pair[1])
		}
	}
	for _, key := range known {
		v := options[key]
		if v == nil {
			continue
		}
		if s, ok := v.(string); ok && (key == "error" || key == "include") {
			if s != "all" && s != "*" {
				return r, fmt.Errorf("--warn-error-options: `%s` must be all, * or a list of names of warnings, found %q", key, s)
			}
			r.all = true
			continue
		}
		names, err := list(key, v)
		if err != nil {
			return r, err
		}
		switch key {
		case "error", "include":
			r.error = names
		case "warn", "exclude":
			r.warn = names
		default:
			r.silence = names
		}
	}
	if len(r.warn) > 0 && !r.all && !slices.Contains(r.error, deprecations) && !slices.Contains(r.silence, deprecations) {
		return r, fmt.Errorf("--warn-error-options: `warn` makes exceptions, so `error` must be all, or Deprecations must be in `error` or `silence`")
	}
	return r, nil
}

// verdict is what becomes of the warning of a name: "error", "warn" or "silence".
func (r warnRules) verdict(name string, deprecation bool) string {
	for _, scope := range []string{name, deprecations} {
		if scope == "" || scope == deprecations && !deprecation {
			continue
		}
		switch {
		case slices.Contains(r.silence, scope):
			return "silence"
		case slices.Contains(r.warn, scope):
			return "warn"
		case slices.Contains(r.error, scope):
			return "error"
		}
	}
	if r.all && name != "" {
		return "error"
	}
	return "warn"
}

// judge is what becomes of a diagnostic that is a warning.
func (o *options) judge(d diag.Diagnostic) string {
	name := dbtEvent(d.Code)
	deprecation := d.Deprecation || strings.HasSuffix(name, "Deprecation")
	if o.rules == nil {
		// --warn-error alone; weft's own warnings never count.
		if o.warnError && (name != "" || !d.Deprecation) && d.Code[0] != 'W' {
			return "error"
		}
		return "warn"
	}
	if name == "" && !deprecation {
		if o.rules.all && d.Code[0] != 'W' {
			return "error"
		}
		return "warn"
	}
	return o.rules.verdict(name, deprecation)
}

// refuses says whether a list holds a warning that is to be taken as an error.
func (o *options) refuses(list diag.List) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning && o.judge(d) == "error" })
}

// audible leaves out the warnings that are to be silent, and shows as errors those that count as such.
func (o *options) audible(list diag.List) diag.List {
	if o.rules == nil && !o.warnError {
		return list
	}
	var out diag.List
	for _, d := range list {
		if d.Severity == diag.Warning {
			switch o.judge(d) {
			case "silence":
				continue
			case "error":
				d.Severity = diag.Error
			}
		}
		out = append(out, d)
	}
	return out
}

// testsMustNotWarn says whether a test that would warn fails.
func (o *options) testsMustNotWarn() bool {
	if o.rules != nil {
		return o.rules.verdict("LogTestResult", false) == "error"
	}
	return o.warnError
}

// logFlags takes from dbt_project.yml's flags what the log needs to know before the project is read. A project that cannot be read is
// reported when it is read for good.
func (o *options) logFlags() {
	info, diags, err := o.outline()
	if err != nil || diags.HasErrors() {
		return
	}
	for name, to := range map[string]*string{"log-format": &o.logFormat, "log-format-file": &o.logFormatFile, "log-level": &o.logLevel, "log-level-file": &o.logLevelFile} {
		if s, ok := info.Flags[strings.ReplaceAll(name, "-", "_")].(string); ok && !o.given[name] {
			*to = s
		}
	}
	for name, to := range map[string]*bool{"debug": &o.debug, "use-colors": &o.useColors} {
		if b, ok := info.Flags[strings.ReplaceAll(name, "-", "_")].(bool); ok && !o.given[name] {
			*to = b
		}
	}
	if n, ok := info.Flags["maximum_seed_size_mib"].(int64); ok && !o.given["maximum-seed-size-mib"] {
		o.seedMiB = int(n)
	}
}

// projectFlags takes from dbt_project.yml's flags what neither the command line nor the environment says.
func (o *options) projectFlags(p *compiler.Project) error {
	flags := p.Info().Flags
	for name, to := range map[string]*bool{"fail-fast": &o.failFast, "warn-error": &o.warnError, "use-colors": &o.useColors, "write-json": &o.writeJSON,
		"print": &o.print, "populate-cache": &o.populateCache} {
		if v, ok := flags[strings.ReplaceAll(name, "-", "_")].(bool); ok && !o.given[name] {
			*to = v
		}
	}
	if n, ok := flags["printer_width"].(int64); ok && !o.given["printer-width"] && n > 0 {
		o.printerWidth = int(n)
	}
	if s, ok := flags["indirect_selection"].(string); ok && !o.given["indirect-selection"] {
		if err := oneOf("indirect-selection", s, "eager", "cautious", "buildable", "empty"); err != nil {
			return exitError{exitUsage, err}
		}
		o.indirectSelection = s
	}
	if rules, ok := flags["warn_error_options"].(map[string]any); ok && o.rules == nil && !o.given["warn-error"] {
		r, err := parseWarnRules(rules)
		if err != nil {
			return exitError{exitUsage, err}
		}
		o.rules = &r
	}
	return nil
}
