package manifest

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendString appends a JSON string. Bytes that are not UTF-8 become the replacement character.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if plainByte[c] {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b = append(append(b, s[start:i]...), "\ufffd"...)
			start = i + 1
		}
		i += size
	}
	return append(append(b, s[start:]...), '"')
}

const hex = "0123456789abcdef"

// plainByte says which ASCII bytes stand for themselves in a JSON string.
var plainByte = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = c >= ' ' && c != '"' && c != '\\' && c != 0x7f
	}
	return t
}()

// AppendFloat appends a number as Python writes it: 1.0 keeps its point; what JSON cannot say is null.
func AppendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(b, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		format = 'e'
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if format == 'f' && bytes.IndexByte(b[start:], '.') < 0 {
		b = append(b, '.', '0')
	}
	return b
}

// object appends the keys of an object one after another; it is the inner loop of writing a manifest.
type object struct {
	b     []byte
	first bool
}

func open(b []byte) object { return object{append(b, '{'), true} }

func (o *object) close() []byte { return append(o.b, '}') }

// key appends a key that needs no escaping.
func (o *object) key(k string) {
	if !o.first {
		o.b = append(o.b, ',')
	}
	o.first = false
	o.b = append(append(append(o.b, '"'), k...), '"', ':')
}

func (o *object) text(k, v string) {
	o.key(k)
	o.b = AppendString(o.b, v)
}

// optional writes an empty text as null.
func (o *object) optional(k, v string) {
	o.key(k)
	if v == "" {
		o.b = append(o.b, "null"...)
		return
	}
	o.b = AppendString(o.b, v)
}

func (o *object) raw(k string, v json.RawMessage, none string) {
	o.key(k)
	if v == nil {
		o.b = append(o.b, none...)
		return
	}
	o.b = append(o.b, v...)
}

func (o *object) flag(k string, v bool) {
	o.key(k)
	o.b = strconv.AppendBool(o.b, v)
}

func (o *object) texts(k string, v []string) {
	o.key(k)
	o.b = appendTexts(o.b, v)
}

func (o *object) raws(k string, v []json.RawMessage) {
	o.key(k)
	o.b = append(o.b, '[')
	for i, x := range v {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = append(o.b, x...)
	}
	o.b = append(o.b, ']')
}

func (o *object) lists(k string, v [][]string) {
	o.key(k)
	o.b = append(o.b, '[')
	for i, x := range v {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = appendTexts(o.b, x)
	}
	o.b = append(o.b, ']')
}

func appendTexts(b []byte, v []string) []byte {
	b = append(b, '[')
	for i, x := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendString(b, x)
	}
	return append(b, ']')
}

func appendColumns(b []byte, columns Columns) []byte {
	b = append(b, '{')
	for i, c := range columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(AppendString(b, c.Name), ':')
		o := open(b)
		o.text("name", c.Name)
		o.text("description", c.Description)
		o.raw("meta", c.Meta, "{}")
		o.optional("data_type", c.DataType)
		o.raws("constraints", c.Constraints)
		o.key("quote")
		if c.Quote == nil {
			o.b = append(o.b, "null"...)
		} else {
			o.b = strconv.AppendBool(o.b, *c.Quote)
		}
		o.raw("config", c.Config, `{"meta":{},"tags":[]}`)
		o.texts("tags", c.Tags)
		o.optional("granularity", c.Granularity)
		o.raw("dimension", c.Dimension, "null")
		o.raw("entity", c.Entity, "null")
		o.texts("doc_blocks", c.DocBlocks)
		for _, f := range c.Extra {
			o.b = append(AppendString(append(o.b, ','), f.Key), ':')
			o.b = append(o.b, f.Value...)
		}
		b = o.close()
	}
	return append(b, '}')
}

func (o *object) docs(d Docs) {
	o.key("docs")
	inner := open(o.b)
	inner.flag("show", d.Show)
	inner.optional("node_color", d.NodeColor)
	o.b = inner.close()
}

func (o *object) refs(refs []Ref) {
	o.key("refs")
	o.b = append(o.b, '[')
	for i, r := range refs {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = r.append(o.b)
	}
	o.b = append(o.b, ']')
}

func (o *object) dependsOn(d DependsOn, nodes bool) {
	o.key("depends_on")
	inner := open(o.b)
	inner.texts("macros", d.Macros)
	if nodes {
		inner.texts("nodes", d.Nodes)
	}
	o.b = inner.close()
}

func (o *object) number(k string, f float64) {
	o.key(k)
	o.b = AppendFloat(o.b, f)
}

// AppendJSON appends the node with the keys that its kind has, in dbt's order.
func (n *Node) AppendJSON(b []byte) []byte {
	o := open(b)
	if n.ResourceType == "function" {
		o.raw("returns", n.Returns, "null")
	}
	o.optional("database", n.Database)
	o.text("schema", n.Schema)
	o.text("name", n.Name)
	o.text("resource_type", n.ResourceType)
	o.text("package_name", n.PackageName)
	o.text("path", n.Path)
	o.text("original_file_path", n.OriginalFilePath)
	o.text("unique_id", n.UniqueID)
	o.texts("fqn", n.FQN)
	o.text("alias", n.Alias)
	o.key("checksum")
	sum := open(o.b)
	sum.text("name", n.Checksum.Name)
	sum.text("checksum", n.Checksum.Checksum)
	o.b = sum.close()
	o.raw("config", n.Config, "{}")
	o.texts("tags", n.Tags)
	o.text("description", n.Description)
	o.key("columns")
	o.b = appendColumns(o.b, n.Columns)
	o.raw("meta", n.Meta, "{}")
	o.optional("group", n.Group)
	o.docs(n.Docs)
	o.optional("patch_path", n.PatchPath)
	o.optional("build_path", n.BuildPath)
	o.raw("unrendered_config", n.UnrenderedConfig, "{}")
	o.number("created_at", n.CreatedAt)
	o.optional("relation_name", n.RelationName)
	o.text("raw_code", n.RawCode)
	o.texts("doc_blocks", n.DocBlocks)
	if n.ResourceType == "seed" {
		o.optional("root_path", n.RootPath)
		o.dependsOn(n.DependsOn, false)
		return o.close()
	}
	o.text("language", n.Language)
	o.refs(n.Refs)
	o.lists("sources", n.Sources)
	o.lists("metrics", n.Metrics)
	o.lists("functions", n.Functions)
	o.dependsOn(n.DependsOn, true)
	o.optional("compiled_path", n.CompiledPath)
	if n.Compiled {
		o.flag("compiled", true)
		o.text("compiled_code", n.CompiledCode)
		o.flag("extra_ctes_injected", n.ExtraCTEsInjected)
		o.key("extra_ctes")
		o.b = append(o.b, '[')
		for i, c := range n.ExtraCTEs {
			if i > 0 {
				o.b = append(o.b, ',')
			}
			inner := open(o.b)
			inner.text("id", c.ID)
			inner.text("sql", c.SQL)
			o.b = inner.close()
		}
		o.b = append(o.b, ']')
	}
	contract := Contract{AliasTypes: true}
	if n.Contract != nil {
		contract = *n.Contract
	}
	o.key("contract")
	inner := open(o.b)
	inner.flag("enforced", contract.Enforced)
	inner.flag("alias_types", contract.AliasTypes)
	inner.optional("checksum", contract.Checksum)
	o.b = inner.close()
	switch {
	case n.ResourceType == "model":
		o.text("access", n.Access)
		o.raws("constraints", n.Constraints)
		o.raw("version", n.Version, "null")
		o.raw("latest_version", n.LatestVersion, "null")
		o.optional("deprecation_date", n.DeprecationDate)
		o.texts("primary_key", n.PrimaryKey)
		o.raw("time_spine", n.TimeSpine, "null")
	case n.TestMetadata != nil:
		o.optional("column_name", n.ColumnName)
		o.optional("file_key_name", n.FileKeyName)
		o.optional("attached_node", n.AttachedNode)
		o.key("test_metadata")
		inner := open(o.b)
		inner.text("name", n.TestMetadata.Name)
		inner.raw("kwargs", n.TestMetadata.Kwargs, "{}")
		inner.optional("namespace", n.TestMetadata.Namespace)
		o.b = inner.close()
	case n.ResourceType == "operation":
		o.key("index")
		if n.Index == nil {
			o.b = append(o.b, "null"...)
		} else {
			o.b = strconv.AppendInt(o.b, int64(*n.Index), 10)
		}
	case n.ResourceType == "function":
		o.raws("arguments", n.Arguments)
		o.raws("overloads", n.Overloads)
	}
	return o.close()
}

// AppendJSON appends the source in dbt's order of keys.
func (s *Source) AppendJSON(b []byte) []byte {
	o := open(b)
	o.optional("database", s.Database)
	o.text("schema", s.Schema)
	o.text("name", s.Name)
	o.text("resource_type", s.ResourceType)
	o.text("package_name", s.PackageName)
	o.text("path", s.Path)
	o.text("original_file_path", s.OriginalFilePath)
	o.text("unique_id", s.UniqueID)
	o.texts("fqn", s.FQN)
	o.text("source_name", s.SourceName)
	o.text("source_description", s.SourceDescription)
	o.text("loader", s.Loader)
	o.text("identifier", s.Identifier)
	o.raw("quoting", s.Quoting, `{"database":null,"schema":null,"identifier":null,"column":null}`)
	o.raw("loaded_at_field", s.LoadedAtField, "null")
	o.raw("loaded_at_query", s.LoadedAtQuery, "null")
	o.raw("freshness", s.Freshness, "null")
	o.raw("external", s.External, "null")
	o.text("description", s.Description)
	o.key("columns")
	o.b = appendColumns(o.b, s.Columns)
	o.raw("meta", s.Meta, "{}")
	o.raw("source_meta", s.SourceMeta, "{}")
	o.texts("tags", s.Tags)
	o.raw("config", s.Config, "{}")
	o.optional("patch_path", s.PatchPath)
	o.raw("unrendered_config", s.UnrenderedConfig, "{}")
	o.optional("relation_name", s.RelationName)
	o.number("created_at", s.CreatedAt)
	o.raw("unrendered_database", s.UnrenderedDatabase, "null")
	o.raw("unrendered_schema", s.UnrenderedSchema, "null")
	o.texts("doc_blocks", s.DocBlocks)
	return o.close()
}

// AppendJSON appends the macro in dbt's order of keys.
func (m *Macro) AppendJSON(b []byte) []byte {
	o := open(b)
	o.text("name", m.Name)
	o.text("resource_type", m.ResourceType)
	o.text("package_name", m.PackageName)
	o.text("path", m.Path)
	o.text("original_file_path", m.OriginalFilePath)
	o.text("unique_id", m.UniqueID)
	o.text("macro_sql", m.MacroSQL)
	o.dependsOn(DependsOn{Macros: m.DependsOn.Macros}, false)
	o.text("description", m.Description)
	o.raw("meta", m.Meta, "{}")
	o.docs(m.Docs)
	o.raw("config", m.Config, "{}")
	o.optional("patch_path", m.PatchPath)
	o.raws("arguments", m.Arguments)
	o.number("created_at", m.CreatedAt)
	if m.SupportedLanguages == nil {
		o.raw("supported_languages", nil, "null")
	} else {
		o.texts("supported_languages", m.SupportedLanguages)
	}
	return o.close()
}

// AppendJSON appends the doc block in dbt's order of keys.
func (d *Doc) AppendJSON(b []byte) []byte {
	o := open(b)
	o.text("name", d.Name)
	o.text("resource_type", d.ResourceType)
	o.text("package_name", d.PackageName)
	o.text("path", d.Path)
	o.text("original_file_path", d.OriginalFilePath)
	o.text("unique_id", d.UniqueID)
	o.text("block_contents", d.BlockContents)
	return o.close()
}

// eachField calls f for each field of an object, in order.
func eachField(text []byte, f func(key string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if t, err := decoder.Token(); err != nil || t == nil {
		return err
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		name, _ := key.(string)
		if err := f(name, value); err != nil {
			return err
		}
	}
	return nil
}
