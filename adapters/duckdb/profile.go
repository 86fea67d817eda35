package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/weft-data/weft/runner/engine"
)

// profile is an output of profiles.yml, as this adapter understands it.
type profile struct {
	dsn  string
	file string // "" for memory
	// setup is run once: of each entry, the first statement that works.
	setup           [][]string
	settings        []string
	connectAttempts int
	// memoryLimit is the memory limit that the profile sets, "" if it sets none.
	memoryLimit string
}

func readProfile(c engine.Config) (profile, error) {
	p := profile{connectAttempts: 1}
	path := ":memory:"
	if v, ok := c.Profile["path"].(string); ok && v != "" {
		path = v
	}
	if strings.HasPrefix(path, "md:") || strings.HasPrefix(path, "motherduck:") {
		return p, fmt.Errorf("weft does not run on MotherDuck (`path: %s`); expected the path of a file, or :memory:", path)
	}
	for _, key := range []string{"plugins", "filesystems", "remote", "module_paths", "flights"} {
		if v := c.Profile[key]; v != nil && !empty(v) {
			return p, fmt.Errorf("the profile's key `%s` needs Python and is not supported by weft", key)
		}
	}
	options := url.Values{}
	switch {
	case path == ":memory:":
		p.dsn = path
	case strings.HasPrefix(path, "md:"), strings.HasPrefix(path, "motherduck:"), strings.HasPrefix(path, "ducklake:"):
		p.dsn = path
	default:
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.Dir, path)
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			return p, err
		}
		if strings.ContainsAny(absolute, "?#%") {
			return p, fmt.Errorf("the path of a database cannot hold any of the characters ? # %%: %s", absolute)
		}
		p.dsn, p.file = absolute, absolute
		if c.ReadOnly {
			// Looking at a database that nobody has made yet finds nothing, and must not make it.
			if _, err := os.Stat(absolute); errors.Is(err, fs.ErrNotExist) {
				p.dsn, p.file = ":memory:", ""
				break
			}
			options.Set("access_mode", "READ_ONLY")
		}
	}
	if more, ok := c.Profile["config_options"].(map[string]any); ok {
		for k, v := range more {
			options.Set(k, text(v))
			p.limits(k, v)
		}
	}
	if len(options) > 0 {
		p.dsn += "?" + options.Encode()
	}
	if retries, ok := c.Profile["retries"].(map[string]any); ok {
		if n, err := strconv.Atoi(text(retries["connect_attempts"])); err == nil && n > 0 {
			p.connectAttempts = n
		}
	}
	for _, read := range []func(engine.Config) ([][]string, error){extensions, secrets, attachments} {
		statements, err := read(c)
		if err != nil {
			return p, err
		}
		p.setup = append(p.setup, statements...)
	}
	settings, _ := c.Profile["settings"].(map[string]any)
	for _, k := range sorted(settings) {
		p.settings = append(p.settings, "set "+k+" = "+literal(text(settings[k])))
		p.limits(k, settings[k])
	}
	if token, ok := c.Profile["motherduck_token"].(string); ok {
		p.settings = append(p.settings, "set motherduck_token = "+literal(token))
	}
	return p, nil
}

// limits notes the memory limit, under either of its names.
func (p *profile) limits(key string, value any) {
	if strings.EqualFold(key, "memory_limit") || strings.EqualFold(key, "max_memory") {
		p.memoryLimit = text(value)
	}
}

// extensions are loaded; one that is not there is installed first.
func extensions(c engine.Config) ([][]string, error) {
	list, _ := c.Profile["extensions"].([]any)
	var out [][]string
	for _, e := range list {
		switch e := e.(type) {
		case string:
			out = append(out, []string{"load " + e, "install " + e + "; load " + e})
		case map[string]any:
			name, ok1 := e["name"].(string)
			repo, ok2 := e["repo"].(string)
			if !ok1 || !ok2 {
				return nil, fmt.Errorf("an entry of `extensions` needs `name` and `repo`")
			}
			out = append(out, []string{"load " + name, "install " + name + " from " + repo + "; load " + name})
		default:
			return nil, fmt.Errorf("an entry of `extensions` must be a name, or a mapping with `name` and `repo`")
		}
	}
	return out, nil
}

func secrets(c engine.Config) ([][]string, error) {
	list, _ := c.Profile["secrets"].([]any)
	if chain, ok := c.Profile["use_credential_provider"].(string); ok && chain != "" {
		if chain != "aws" {
			return nil, fmt.Errorf("unsupported value for use_credential_provider: %s", chain)
		}
		list = append(list, map[string]any{"type": "s3", "provider": "credential_chain"})
	}
	var out [][]string
	for i, entry := range list {
		s, ok := entry.(map[string]any)
		if !ok || text(s["type"]) == "" {
			return nil, fmt.Errorf("an entry of `secrets` must be a mapping with `type`")
		}
		name := fmt.Sprintf("_dbt_secret_%d", i+1)
		if given := text(s["name"]); given != "" {
			name = given
		}
		persistent := ""
		if s["persistent"] == true {
			persistent = " persistent"
		}
		params := []string{"type " + text(s["type"])}
		for _, k := range sorted(s) {
			switch v := s[k]; {
			case k == "type" || k == "name" || k == "persistent" || v == nil:
			case k == "provider":
				params = append(params, "provider "+text(v))
			default:
				params = append(params, parameter(k, v)...)
			}
		}
		out = append(out, []string{"create or replace" + persistent + " secret " + name + " (" + strings.Join(params, ", ") + ")"})
	}
	return out, nil
}

func parameter(key string, value any) []string {
	switch v := value.(type) {
	case map[string]any:
		var items []string
		for _, k := range sorted(v) {
			items = append(items, literal(k)+": "+literal(text(v[k])))
		}
		return []string{key + " map {" + strings.Join(items, ", ") + "}"}
	case []any:
		var items []string
		for _, e := range v {
			if key == "scope" {
				items = append(items, "scope "+literal(text(e)))
			} else {
				items = append(items, literal(text(e)))
			}
		}
		if key == "scope" {
			return items
		}
		return []string{key + " array [" + strings.Join(items, ", ") + "]"}
	default:
		return []string{key + " " + literal(text(value))}
	}
}

func attachments(c engine.Config) ([][]string, error) {
	list, _ := c.Profile["attach"].([]any)
	var out [][]string
	for _, entry := range list {
		a, ok := entry.(map[string]any)
		if !ok || text(a["path"]) == "" {
			return nil, fmt.Errorf("an entry of `attach` must be a mapping with `path`")
		}
		path := text(a["path"])
		if !strings.Contains(path, ":") && !filepath.IsAbs(path) {
			path = filepath.Join(c.Dir, path)
		}
		sql := "attach if not exists " + literal(path)
		if alias := text(a["alias"]); alias != "" {
			sql += " as " + alias
		}
		options, _ := a["options"].(map[string]any)
		var all []string
		for _, key := range []string{"type", "secret"} {
			direct, option := text(a[key]), text(options[key])
			if direct != "" && option != "" {
				return nil, fmt.Errorf("`%s` of an attached database stands both in the entry and in its `options`", key)
			}
			if v := direct + option; v != "" {
				all = append(all, key+" "+v)
			}
		}
		if a["read_only"] == true || options["read_only"] == true {
			all = append(all, "read_only")
		}
		for _, k := range sorted(options) {
			switch v := options[k].(type) {
			case bool:
				if v && k != "read_only" {
					all = append(all, k)
				}
			case string:
				if k != "type" && k != "secret" {
					all = append(all, k+" "+quoted(v))
				}
			case nil:
			default:
				all = append(all, k+" "+text(v))
			}
		}
		if len(all) > 0 {
			sql += " (" + strings.Join(all, ", ") + ")"
		}
		out = append(out, []string{sql})
	}
	return out, nil
}

// quoted makes a literal of a value, unless its author has put it into quotes.
func quoted(v string) string {
	s := strings.TrimSpace(v)
	if len(s) >= 2 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		return v
	}
	return literal(v)
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// text is a YAML value as DuckDB's settings take it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func sorted(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
