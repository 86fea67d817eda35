package athena

import (
	"fmt"
	"strings"
)

// editable is a table as UpdateTable takes it back.
func editable(t map[string]any) map[string]any {
	out := doc{}
	for _, k := range []string{"Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText", "ViewExpandedText",
		"TableType", "Parameters"} {
		if v, ok := t[k]; ok {
			out[k] = v
		}
	}
	return out
}

// edit changes a table's entry.
func (s *session) edit(name []string, f func(db string, t map[string]any) error) error {
	db, n, err := s.resolve(name)
	if err != nil {
		return err
	}
	t, err := s.catalog.Table(db, n)
	if err != nil {
		return fmt.Errorf("FAILED: SemanticException [Error 10001]: Table not found %s.%s", db, n)
	}
	return f(db, t)
}

func alter(r *reader) statement {
	st := statement{kind: kind{"DDL", "ALTER_TABLE", false, true}}
	if r.take("DATABASE") || r.take("SCHEMA") {
		r.fail("the fake has no ALTER DATABASE")
		return st
	}
	r.need("TABLE")
	name := r.name(true)
	switch {
	case r.take("RENAME", "TO"):
		to := r.name(true)
		st.do = func(s *session) error {
			db, n, err := s.resolve(to)
			if err != nil {
				return err
			}
			if _, err := s.catalog.Table(db, n); err == nil {
				return fmt.Errorf("FAILED: SemanticException Table already exists: %s.%s", db, n)
			}
			if err := s.ofTables("ALTER TABLE RENAME"); err != nil {
				return err
			}
			return s.onIceberg(name, func(table string) error {
				return s.trino("ALTER TABLE " + table + " RENAME TO " + s.iceberg(db, n))
			})
		}
	case r.take("SET", "TBLPROPERTIES"):
		p := properties(r)
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				if isIceberg(t) {
					if err := checkIcebergProperties(p); err != nil {
						return err
					}
				}
				in := editable(t)
				params, _ := in["Parameters"].(map[string]any)
				if params == nil {
					params = doc{}
				}
				for k, v := range p {
					params[k] = v
				}
				in["Parameters"] = params
				return s.catalog.UpdateTable(db, in)
			})
		}
	case r.take("ADD", "COLUMNS"), r.take("ADD", "COLUMN"):
		cols := columns(r)
		st.do = func(s *session) error { return s.addColumns(name, cols) }
	case r.take("REPLACE", "COLUMNS"):
		cols := columns(r)
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				if isIceberg(t) {
					return fmt.Errorf("FAILED: SemanticException REPLACE COLUMNS is not supported for Iceberg tables")
				}
				in := editable(t)
				in["StorageDescriptor"].(map[string]any)["Columns"] = cols
				return s.catalog.UpdateTable(db, in)
			})
		}
	case r.take("DROP", "COLUMN"):
		col := r.name(true)
		st.do = func(s *session) error {
			return s.onIceberg(name, func(table string) error { return s.trino("ALTER TABLE " + table + ` DROP COLUMN "` + col[0] + `"`) })
		}
	case r.take("CHANGE", "COLUMN"), r.take("CHANGE"):
		from, to := r.name(true), r.name(true)
		typ := strings.ToLower(strings.Join(strings.Fields(r.rest()), ""))
		r.at = len(r.toks)
		st.do = func(s *session) error {
			return s.onIceberg(name, func(table string) error {
				if from[0] != to[0] {
					if err := s.trino("ALTER TABLE " + table + ` RENAME COLUMN "` + from[0] + `" TO "` + to[0] + `"`); err != nil {
						return err
					}
				}
				return s.trino("ALTER TABLE " + table + ` ALTER COLUMN "` + to[0] + `" SET DATA TYPE ` + trinoType(typ, true))
			})
		}
	case r.take("ADD"):
		ifNot := r.take("IF", "NOT", "EXISTS")
		type part struct {
			values   []string
			location string
		}
		var parts []part
		for r.take("PARTITION") {
			var p part
			for _, kv := range r.group() {
				p.values = append(p.values, kv[len(kv)-1].text)
			}
			if r.take("LOCATION") {
				p.location = r.next().text
			}
			parts = append(parts, p)
		}
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				if isIceberg(t) {
					return fmt.Errorf("FAILED: SemanticException ALTER TABLE ADD PARTITION is not supported for Iceberg tables")
				}
				for _, p := range parts {
					sd := doc{}
					for k, v := range t["StorageDescriptor"].(map[string]any) {
						sd[k] = v
					}
					if p.location != "" {
						sd["Location"] = p.location
					}
					err := s.catalog.AddPartition(db, t["Name"].(string), doc{"Values": p.values, "StorageDescriptor": sd})
					if err != nil && !(ifNot && strings.HasPrefix(err.Error(), "AlreadyExists")) {
						return fmt.Errorf("FAILED: SemanticException %v", err)
					}
				}
				return nil
			})
		}
	case r.take("DROP"):
		ifExists := r.take("IF", "EXISTS")
		r.need("PARTITION")
		var values []string
		for _, kv := range r.group() {
			values = append(values, kv[len(kv)-1].text)
		}
		st.do = func(s *session) error {
			return s.edit(name, func(db string, t map[string]any) error {
				if isIceberg(t) {
					return fmt.Errorf("FAILED: SemanticException ALTER TABLE DROP PARTITION is not supported for Iceberg tables")
				}
				err := s.catalog.DropPartition(db, t["Name"].(string), values)
				if err != nil && !(ifExists && strings.HasPrefix(err.Error(), "EntityNotFound")) {
					return fmt.Errorf("FAILED: SemanticException %v", err)
				}
				return nil
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

func (s *session) addColumns(name []string, cols []any) error {
	return s.edit(name, func(db string, t map[string]any) error {
		if isIceberg(t) {
			for _, c := range cols {
				c := c.(doc)
				sql := "ALTER TABLE " + s.iceberg(db, t["Name"].(string)) + ` ADD COLUMN "` + c["Name"].(string) + `" ` + trinoType(c["Type"].(string), true)
				if err := s.trino(sql); err != nil {
					return err
				}
			}
			return nil
		}
		in := editable(t)
		sd := in["StorageDescriptor"].(map[string]any)
		have, _ := sd["Columns"].([]any)
		sd["Columns"] = append(have, cols...)
		return s.catalog.UpdateTable(db, in)
	})
}
