package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
)

// undefinedHint says what the name in the message about an undefined value may have been meant to be: nearly always a macro that
// is spelt wrong, or one of a package that is not installed.
func (c *nodeContext) undefinedHint(message string) string {
	const help = "This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with \"dbt deps\"."
	if name, is := strings.CutSuffix(message, "' is undefined"); is {
		return meant(strings.TrimPrefix(name, "'"), c.names.words(), help)
	}
	if _, name, is := strings.Cut(message, "' has no attribute '"); is && strings.Contains(message, "MacroNamespace") {
		return meant(strings.TrimSuffix(name, "'"), c.names.words(), help)
	}
	return ""
}

// missingHint says how to give a template what it asked for in vain.
func missingHint(message string) string {
	if name, is := strings.CutPrefix(message, "Env var required but not provided: '"); is {
		name = strings.TrimSuffix(name, "'")
		return "set " + name + " in the environment or in a file .env beside dbt_project.yml, or write a default: env_var('" + name + "', 'default')"
	}
	if rest, is := strings.CutPrefix(message, "Required var '"); is {
		name, _, _ := strings.Cut(rest, "'")
		return "give it on the command line (--vars '{" + name + ": value}') or under `vars:` of dbt_project.yml, or write a default: var('" + name + "', 'default')"
	}
	return ""
}

// contextWords are what templates call most, beside macros.
var contextWords = []string{"ref", "source", "config", "var", "env_var", "this", "target", "adapter", "is_incremental", "run_query", "log", "return", "statement", "load_result", "execute", "graph", "model", "modules", "exceptions", "doc"}

// words are the names of all macros and packages that a template could have called.
func (n *names) words() map[string]bool {
	out := make(map[string]bool, len(n.entries)+len(contextWords))
	for _, name := range contextWords {
		out[name] = true
	}
	for name, b := range n.entries {
		out[name] = true
		if b.pack != nil {
			for m := range b.pack.macros {
				out[m] = true
			}
		}
	}
	return out
}

// meant puts the word that is nearest to a wrong one before the help; of two that are equally near, the first by the alphabet.
func meant(wrong string, words map[string]bool, help string) string {
	best, least := "", 1+len(wrong)/3
	for w := range words {
		if d := diag.Edits(wrong, w, least); d < least || d == least && best != "" && w < best {
			best, least = w, d
		}
	}
	if best == "" {
		return help
	}
	return "Did you mean '" + best + "'? " + help
}
