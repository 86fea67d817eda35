package athena

import (
	"fmt"
	"regexp"
	"strings"
)

// lines makes a result of text lines.
func (s *session) lines(name string, list []string) error {
	s.columns = []column{{name: name, typ: "string"}}
	for _, l := range list {
		s.rows = append(s.rows, []*string{&l})
	}
	return nil
}

func show(r *reader) statement {
	st := statement{kind: utility}
	st.kind.sub = "SHOW"
	pattern := func() *regexp.Regexp {
		r.take("LIKE")
		if t := r.peek(); t.kind == 's' {
			r.next()
			re, err := regexp.Compile("^(?:" + strings.ReplaceAll(t.text, "*", ".*") + ")$")
			if err != nil {
				r.fail(err.Error())
				return nil
			}
			return re
		}
		return nil
	}
	matches := func(re *regexp.Regexp, names []string) []string {
		var out []string
		for _, n := range names {
			if re == nil || re.MatchString(n) {
				out = append(out, n)
			}
		}
		return out
	}
	switch {
	case r.take("DATABASES"), r.take("SCHEMAS"):
		re := pattern()
		st.do = func(s *session) error { return s.lines("database_name", matches(re, s.catalog.Databases())) }
	case r.take("TABLES"), r.take("VIEWS"):
		views := r.toks[r.at-1].word == "VIEWS"
		db := ""
		if r.take("IN") || r.take("FROM") {
			n := r.name(true)
			db = n[len(n)-1]
		}
		re := pattern()
		st.do = func(s *session) error {
			if db == "" {
				db = s.e.in.QueryExecutionContext.Database
			}
			tables := s.catalog.Tables(db)
			var names []string
			for _, n := range sortedKeys(tables) {
				if !views || isView(tables[n]) {
					names = append(names, n)
				}
			}
			return s.lines("tab_name", matches(re, names))
		}
	case r.take("COLUMNS"):
		if !r.take("IN") {
			r.take("FROM")
		}
		name := r.name(true)
		if r.take("IN") || r.take("FROM") {
			name = append(r.name(true), name...)
		}
		st.do = func(s *session) error {
			return s.edit(name, func(_ string, t map[string]any) error {
				var out []string
				for _, c := range allColumns(t) {
					out = append(out, c[0])
				}
				return s.lines("field", out)
			})
		}
	case r.take("PARTITIONS"):
		name := r.name(true)
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				keys, _ := t["PartitionKeys"].([]any)
				if len(keys) == 0 {
					return fmt.Errorf("FAILED: SemanticException Table %s is not a partitioned table", t["Name"])
				}
				parts, err := s.catalog.Partitions(db, t["Name"].(string))
				if err != nil {
					return err
				}
				var out []string
				for _, p := range parts {
					var kv []string
					values, _ := p["Values"].([]any)
					for i, v := range values {
						kv = append(kv, fmt.Sprintf("%v=%v", keys[i].(map[string]any)["Name"], v))
					}
					out = append(out, strings.Join(kv, "/"))
				}
				return s.lines("partition", out)
			})
		}
	case r.take("TBLPROPERTIES"):
		name := r.name(true)
		only := ""
		if r.peek().word == "(" {
			if g := r.group(); len(g) == 1 && len(g[0]) == 1 {
				only = g[0][0].text
			} else {
				r.fail("mismatched input")
			}
		}
		st.do = func(s *session) error {
			return s.edit(name, func(_ string, t map[string]any) error {
				p, _ := t["Parameters"].(map[string]any)
				var out []string
				if only != "" && p[only] == nil {
					return s.lines("prpt_name", []string{fmt.Sprintf("Table %s.%s does not have property: %s", t["DatabaseName"], t["Name"], only)})
				}
				for _, k := range sortedKeys(p) {
					if only != "" && k != only {
						continue
					}
					out = append(out, fmt.Sprintf("%s\t%v", k, p[k]))
				}
				return s.lines("prpt_name", out)
			})
		}
	case r.take("CREATE", "VIEW"):
		r.name(!hasDoubleQuote(r))
		st.do = func(s *session) error { return s.trino(r.sql) }
	case r.take("CREATE", "TABLE"):
		name := r.name(true)
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				if isView(t) {
					return fmt.Errorf("FAILED: SemanticException %s.%s is a view: use SHOW CREATE VIEW", db, t["Name"])
				}
				return s.lines("createtab_stmt", createText(db, t))
			})
		}
	default:
		r.fail("mismatched input")
	}
	if !r.done() && r.err == nil {
		r.fail("mismatched input")
	}
	return st
}

// createText is the statement of Hive's DDL that would make a table.
func createText(db string, t map[string]any) []string {
	list := func(v any) (out []string) {
		cols, _ := v.([]any)
		for i, c := range cols {
			c := c.(map[string]any)
			line := fmt.Sprintf("  `%v` %v", c["Name"], c["Type"])
			if s, _ := c["Comment"].(string); s != "" {
				line += " COMMENT " + literalText(s)
			}
			if i+1 < len(cols) {
				line += ","
			}
			out = append(out, line)
		}
		return out
	}
	create := "CREATE EXTERNAL TABLE"
	if isIceberg(t) {
		create = "CREATE TABLE"
	}
	out := append([]string{fmt.Sprintf("%s `%s.%v`(", create, db, t["Name"])}, list(walk(t, "StorageDescriptor", "Columns"))...)
	out[len(out)-1] += ")"
	if keys := list(t["PartitionKeys"]); len(keys) > 0 {
		out = append(append(out, "PARTITIONED BY ( "), keys...)
		out[len(out)-1] += ")"
	}
	if !isIceberg(t) {
		out = append(out, "ROW FORMAT SERDE ", fmt.Sprintf("  '%v' ", walk(t, "StorageDescriptor", "SerdeInfo", "SerializationLibrary")), "STORED AS INPUTFORMAT ",
			fmt.Sprintf("  '%v' ", walk(t, "StorageDescriptor", "InputFormat")), "OUTPUTFORMAT ", fmt.Sprintf("  '%v'", walk(t, "StorageDescriptor", "OutputFormat")))
	}
	out = append(out, "LOCATION", fmt.Sprintf("  '%v'", walk(t, "StorageDescriptor", "Location")), "TBLPROPERTIES (")
	p, _ := t["Parameters"].(map[string]any)
	for _, k := range sortedKeys(p) {
		out = append(out, fmt.Sprintf("  '%s'='%v', ", k, p[k]))
	}
	out[len(out)-1] = strings.TrimSuffix(out[len(out)-1], ", ") + ")"
	return out
}

// allColumns are the names and types of a table's columns, partition keys last.
func allColumns(t map[string]any) [][2]string {
	var out [][2]string
	for _, list := range []any{walk(t, "StorageDescriptor", "Columns"), t["PartitionKeys"]} {
		l, _ := list.([]any)
		for _, c := range l {
			c := c.(map[string]any)
			out = append(out, [2]string{fmt.Sprint(c["Name"]), fmt.Sprint(c["Type"])})
		}
	}
	return out
}

func describe(r *reader) statement {
	for _, w := range []string{"EXTENDED", "FORMATTED"} {
		r.take(w)
	}
	name := r.name(true)
	if !r.done() {
		r.fail("mismatched input")
	}
	st := statement{kind: utility}
	st.kind.sub = "DESCRIBE"
	st.do = func(s *session) error {
		return s.edit(name, func(_ string, t map[string]any) error {
			var out []string
			for _, c := range allColumns(t) {
				out = append(out, fmt.Sprintf("%-20s\t%-20s\t%-20s", c[0], c[1], ""))
			}
			return s.lines("col_name", out)
		})
	}
	return st
}
