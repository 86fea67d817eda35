// Package duckdb runs plans on DuckDB, in this process.
//
// One engine is one database file (or memory); its sessions are connections to it. DuckDB's transactions make every batch that says
// so happen wholly or not at all, which is why all publishing on it is atomic. Only one process can have a file open for
// writing, so the file is opened when it is needed and an error names the process that holds it.
package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/runner/engine"
)

// Engine is an open database.
type Engine struct {
	connector *duck.Connector
	profile   profile
	version   string
	database  string // the file's own
	// shownLimit is the memory limit as DuckDB shows it with the profile's settings.
	shownLimit string

	// admin is the connection that observes; it is used by one goroutine at a time.
	mu    sync.Mutex
	admin *duck.Conn

	pressure pressure
	// sessions counts those that are open.
	sessions atomic.Int64
}

// Open opens the database that a profile's output describes.
func Open(ctx context.Context, c engine.Config) (engine.Engine, error) {
	p, err := readProfile(c)
	if err != nil {
		return nil, &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
	}
	if p.file != "" && !c.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(p.file), 0o755); err != nil {
			return nil, &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
		}
	}
	connector, err := connect(ctx, p)
	if err != nil {
		return nil, err
	}
	e := &Engine{connector: connector, profile: p}
	if err := e.prepare(ctx); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// connect opens the file, waiting for another process to let go of it as often as the profile's retries say.
func connect(ctx context.Context, p profile) (*duck.Connector, error) {
	for attempt := 0; ; attempt++ {
		connector, err := duck.NewConnector(p.dsn, nil)
		if err == nil {
			return connector, nil
		}
		failure := classify(err, "")
		if failure.Class != engine.Locked || attempt+1 >= p.connectAttempts {
			return nil, failure
		}
		select {
		case <-ctx.Done():
			return nil, failure
		case <-time.After(time.Second << min(attempt, 6)):
		}
	}
}

// prepare does once what the profile asks for: extensions, secrets, attached databases.
func (e *Engine) prepare(ctx context.Context) error {
	conn, err := e.connection(ctx)
	if err != nil {
		return err
	}
	e.admin = conn
	for _, alternatives := range e.profile.setup {
		var first error
		for _, sql := range alternatives {
			_, err := conn.ExecContext(ctx, sql, nil)
			if err == nil {
				first = nil
				break
			}
			if first == nil {
				first = classify(err, sql)
			}
		}
		if first != nil {
			return first
		}
	}
	result, err := query(ctx, conn, "select version(), current_database(), current_setting('memory_limit')", 0)
	if err != nil {
		return classify(err, "")
	}
	e.version, e.database, e.shownLimit = str(result.Rows[0][0]), str(result.Rows[0][1]), str(result.Rows[0][2])
	return nil
}

// connection makes a connection with the profile's settings.
func (e *Engine) connection(ctx context.Context) (*duck.Conn, error) {
	c, err := e.connector.Connect(ctx)
	if err != nil {
		return nil, classify(err, "")
	}
	conn, ok := c.(*duck.Conn)
	if !ok {
		_ = c.Close()
		return nil, fmt.Errorf("the driver gave a %T", c)
	}
	for _, sql := range e.profile.settings {
		if _, err := conn.ExecContext(ctx, sql, []driver.NamedValue{}); err != nil {
			_ = disconnect(conn)
			return nil, classify(err, sql)
		}
	}
	return conn, nil
}

// disconnect ends a connection. A statement that was given up between its preparation and its execution stays with the connection until the next
// one, and DuckDB (1.5) then sometimes never lets go of a connection that is closed meanwhile: its transaction stays open, and opening the file again
// waits for it without end. So there is always a next one; mostly it says that there is nothing to roll back.
func disconnect(conn *duck.Conn) error {
	_, _ = conn.ExecContext(context.Background(), "rollback", nil)
	return conn.Close()
}

// About says which DuckDB it is.
func (e *Engine) About() engine.About { return engine.About{Adapter: "duckdb", Version: e.version} }

// Session opens a connection.
func (e *Engine) Session(ctx context.Context) (engine.Session, error) {
	conn, err := e.connection(ctx)
	if err != nil {
		return nil, err
	}
	e.sessions.Add(1)
	return &Session{conn: conn, database: e.database, engine: e}, nil
}

// Close closes the database; DuckDB writes its log into the file if nobody else has it open.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var err error
	settled := true
	if e.admin != nil {
		settled = e.settle()
		err = disconnect(e.admin)
		e.admin = nil
	}
	err = errors.Join(err, e.connector.Close())
	if !settled {
		// What was committed is safe in the log. Opened anew, with its own limit, DuckDB brings it into the file.
		if connector, failure := duck.NewConnector(e.profile.dsn, nil); failure == nil {
			err = errors.Join(err, connector.Close())
		}
	}
	return err
}

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
