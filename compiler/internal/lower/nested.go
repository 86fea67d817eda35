package lower

import (
	"regexp"
	"strings"
)

// queriedType writes a type as queries have it, given as the catalog has it: array<T>, map<K,V> and struct<a:T,b:U> have parentheses in
// queries, and a struct is a row. plain does that of a type without parts.
func queriedType(t string, plain func(string) string) string {
	kind, inner, ok := strings.Cut(strings.TrimSpace(t), "<")
	if !ok {
		return plain(strings.TrimSpace(t))
	}
	parts := typeParts(strings.TrimSuffix(inner, ">"))
	for i, p := range parts {
		if kind != "struct" {
			parts[i] = queriedType(p, plain)
			continue
		}
		name, of, _ := strings.Cut(p, ":")
		parts[i] = `"` + strings.TrimSpace(name) + `" ` + queriedType(of, plain)
	}
	if kind == "struct" {
		kind = "row"
	}
	return kind + "(" + strings.Join(parts, ", ") + ")"
}

// typeParts cuts the parts of a type at the commas that do not belong to one of them.
func typeParts(s string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range s {
		switch r {
		case '<', '(':
			depth++
		case '>', ')':
			depth--
		case ',':
			if depth == 0 {
				out, from = append(out, s[from:i]), i+1
			}
		}
	}
	return append(out, s[from:])
}

var bounded = regexp.MustCompile(`(?i)\bvarchar\(\d+\)`)

// StoredNested is a type of the catalog as tables have it: texts of bounded length are kept as texts, also within a type with parts.
func StoredNested(t string, d Dialect) string {
	if !strings.Contains(t, "<") {
		return d.Stored(t)
	}
	return bounded.ReplaceAllString(t, d.Stored("varchar"))
}

// Nested says that a type has parts which a query's answer does not tell.
func Nested(t string) bool {
	switch strings.ToLower(t) {
	case "array", "map", "row", "struct":
		return true
	}
	return false
}

// ProbeView is the statement that makes a view of the node's query under the staged name: the catalog then has the query's columns with
// their whole types.
func ProbeView(n Node, d Dialect) string {
	header := ""
	if n.Header != "" {
		header = n.Header + "\n"
	}
	return header + "create or replace view " + d.Render(Staged(n.Relation)) + " as\n" + n.SQL
}
