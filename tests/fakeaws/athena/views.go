package athena

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// createView leaves a view to Trino, whose grammar it is and which writes the catalog's entry in Athena's form; only, Athena names the view's
// columns in the entry, and Trino one that stands for all.
func createView(r *reader) statement {
	name := r.name(false)
	return statement{kind: kind{"DDL", "CREATE_VIEW", false, true}, do: func(s *session) error {
		if err := s.ofTables("CREATE VIEW"); err != nil {
			return err
		}
		if err := s.trino(r.sql); err != nil {
			return err
		}
		db, n, err := s.resolve(name)
		if err != nil {
			return err
		}
		t, err := s.catalog.Table(db, n)
		if err != nil {
			return err
		}
		cols, err := viewColumns(t)
		if err != nil {
			return err
		}
		in := editable(t)
		in["StorageDescriptor"].(map[string]any)["Columns"] = cols
		return s.catalog.UpdateTable(db, in)
	}}
}

// viewColumns reads the columns of a view from its text in the catalog.
func viewColumns(t map[string]any) ([]any, error) {
	text, _ := t["ViewOriginalText"].(string)
	text = strings.TrimSuffix(strings.TrimPrefix(text, "/* Presto View: "), " */")
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the text of the view: %w", err)
	}
	var view struct {
		Columns []struct{ Name, Type string }
	}
	if err := json.Unmarshal(b, &view); err != nil {
		return nil, fmt.Errorf("the text of the view: %w", err)
	}
	var out []any
	for _, c := range view.Columns {
		out = append(out, doc{"Name": strings.ToLower(c.Name), "Type": hiveType(c.Type)})
	}
	return out, nil
}

// hiveType writes a type of Trino as the catalog has it.
func hiveType(t string) string {
	t = strings.TrimSpace(t)
	base, inner, ok := strings.Cut(t, "(")
	if ok {
		inner = inner[:strings.LastIndexByte(inner, ')')]
	}
	switch base {
	case "integer":
		return "int"
	case "real":
		return "float"
	case "varchar":
		if !ok {
			return "string"
		}
	case "varbinary":
		return "binary"
	case "timestamp", "time":
		return base
	case "array":
		return "array<" + hiveType(inner) + ">"
	case "map":
		k, v := splitTypes(inner)
		return "map<" + hiveType(k) + "," + hiveType(v) + ">"
	case "row":
		var fields []string
		for rest := inner; rest != ""; {
			var f string
			f, rest = splitTypes(rest)
			name, typ, _ := strings.Cut(strings.TrimSpace(f), " ")
			fields = append(fields, strings.Trim(name, `"`)+":"+hiveType(typ))
		}
		return "struct<" + strings.Join(fields, ",") + ">"
	}
	return strings.ReplaceAll(t, " ", "")
}
