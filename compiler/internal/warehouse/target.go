package warehouse

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Target is a selected output of a profile, with what dbt's `target` holds beside the output's own keys.
type Target struct {
	// Name is the output's name, Profile the profile's.
	Name, Profile string
	Threads       int
}

// CredentialProblem says what is wrong with a key of an output. Key is "" for what concerns the output as a whole.
type CredentialProblem struct{ Key, Message string }

// Credentials reads an output of profiles.yml as the dialect's adapter does: aliases become their keys, defaults are filled in,
// what the adapter derives is derived. Keys that the adapter does not know are left out; `type` and `threads` are no credentials.
func Credentials(d *dialect.Dialect, output *jinja.Dict) (*jinja.Dict, []CredentialProblem) {
	p := &d.Profile
	given := jinja.NewDict(output.Len())
	var problems []CredentialProblem
	for k, v := range output.Entries {
		key, ok := k.(jinja.Str)
		if !ok || key == "type" || key == "threads" {
			continue
		}
		name := p.Canonical(string(key))
		if _, twice := given.Get(name); twice {
			problems = append(problems, CredentialProblem{string(key), fmt.Sprintf("Got duplicate keys: (%s) all map to \"%s\"", aliasesOf(p, output, name), name)})
			continue
		}
		given.Set(name, v)
	}
	own := ownOf(d.Name)
	if own.prepare != nil {
		problems = append(problems, own.prepare(given)...)
	}
	for _, k := range p.Keys {
		if k.Required {
			if v, ok := given.Get(k.Name); !ok || v == jinja.None && p.NullIsMissing {
				problems = append(problems, missingKey(d, k.Name))
			}
		}
	}
	c := jinja.NewDict(len(p.Keys))
	for _, k := range p.Keys {
		v, ok := given.Get(k.Name)
		if !ok {
			v = fromJSON(k.Default)
		} else if msg := checkKey(&k, v); msg != "" {
			problems = append(problems, CredentialProblem{k.Name, msg})
		}
		c.Set(k.Name, withFields(&k, v))
	}
	if own.derive != nil {
		problems = append(problems, own.derive(c)...)
	}
	return c, problems
}

func missingKey(d *dialect.Dialect, key string) CredentialProblem {
	return CredentialProblem{key, fmt.Sprintf(d.Profile.MissingKey, key)}
}

func aliasesOf(p *dialect.Profile, output *jinja.Dict, key string) string {
	var names []string
	for k := range output.Entries {
		if s, ok := k.(jinja.Str); ok && string(s) != key && p.Canonical(string(s)) == key {
			names = append(names, string(s))
		}
	}
	return strings.Join(names, ", ")
}

// duckdbOutput completes an output of DuckDB.
func duckdbOutput(c *jinja.Dict) []CredentialProblem {
	if s, _ := c.Get("settings"); s == jinja.None {
		c.Set("settings", jinja.NewDict(0))
	}
	if motherduck(c) {
		addPlugin(c, "motherduck")
	}
	return nil
}

// sparkOutput completes an output of Spark, whose database is its schema.
func sparkOutput(c *jinja.Dict) []CredentialProblem {
	database, _ := c.Get("database")
	schema, _ := c.Get("schema")
	if database != jinja.None && schema != jinja.None && !jinja.Equal(database, schema) {
		return []CredentialProblem{{"database", fmt.Sprintf("    schema: %s \n    database: %s \nOn Spark, database must be omitted or have the same value as schema.",
			jinja.Text(schema), jinja.Text(database))}}
	}
	c.Set("database", jinja.None)
	if m, _ := c.Get("method"); m == jinja.Str("odbc") {
		cluster, _ := c.Get("cluster")
		if endpoint, _ := c.Get("endpoint"); jinja.Truth(cluster) && jinja.Truth(endpoint) {
			return []CredentialProblem{{"endpoint", "`cluster` and `endpoint` cannot both be set when using odbc method to connect to Spark"}}
		}
	}
	if host, _ := c.Get("host"); host != jinja.None {
		if m, _ := c.Get("method"); m != jinja.Str("session") {
			c.Set("host", jinja.Str(strings.TrimRight(jinja.Text(host), "/")))
		}
	}
	return nil
}

// motherduck says whether an output's database, or one that it attaches, is MotherDuck's.
func motherduck(credentials *jinja.Dict) bool {
	is := func(v jinja.Value) bool {
		scheme, _ := urlParts(jinja.Text(v))
		return scheme == "md" || scheme == "motherduck"
	}
	if file, ok := credentials.Get("path"); ok && is(file) {
		return true
	}
	for _, a := range attachments(credentials) {
		if file, ok := a.Get("path"); ok && is(file) {
			return true
		}
	}
	return false
}

// attachments are the databases that an output attaches.
func attachments(credentials *jinja.Dict) []*jinja.Dict {
	var out []*jinja.Dict
	v, _ := credentials.Get("attach")
	if l, ok := v.(*jinja.List); ok {
		for _, e := range l.Items {
			if d, ok := e.(*jinja.Dict); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// addPlugin adds a plugin to those of the output.
func addPlugin(c *jinja.Dict, module string) {
	list := jinja.NewList()
	v, _ := c.Get("plugins")
	if l, ok := v.(*jinja.List); ok {
		for _, e := range l.Items {
			if d, ok := e.(*jinja.Dict); ok {
				if m, _ := d.Get("module"); jinja.Equal(m, jinja.Str(module)) {
					return
				}
			}
		}
		list.Items = append(list.Items, l.Items...)
	}
	d := jinja.NewDict(3)
	d.Set("module", jinja.Str(module))
	d.Set("alias", jinja.None)
	d.Set("config", jinja.None)
	list.Items = append(list.Items, d)
	c.Set("plugins", list)
}

// duckdbDatabase derives the database's name from the file's, as DuckDB does, and refuses another.
func duckdbDatabase(given *jinja.Dict) []CredentialProblem {
	v, ok := given.Get("path")
	name := "memory"
	if ok && v != jinja.None {
		name = DuckDBDatabase(jinja.Text(v))
	}
	if name == "" {
		return []CredentialProblem{{"path", "Unable to determine target database name from 'path' field in profile"}}
	}
	database, ok := given.Get("database")
	if !ok {
		given.Set("database", jinja.Str(name))
		return nil
	}
	if jinja.Equal(database, jinja.Str(name)) {
		return nil
	}
	if remote, ok := given.Get("remote"); ok && jinja.Truth(remote) {
		return nil
	}
	if attach, ok := given.Get("attach"); ok {
		if l, ok := attach.(*jinja.List); ok {
			for _, a := range l.Items {
				if a, ok := a.(*jinja.Dict); ok {
					if alias, ok := a.Get("alias"); ok && jinja.Truth(alias) && jinja.Equal(alias, database) {
						return nil
					}
				}
			}
		}
	}
	return []CredentialProblem{{"database", "Inconsistency detected between 'path' and 'database' fields in profile; the 'database' property must be set to '" +
		name + "' to match the 'path'"}}
}

// DuckDBDatabase is the name that DuckDB gives the database of a file.
func DuckDBDatabase(file string) string {
	if file == ":memory:" {
		return "memory"
	}
	scheme, rest := urlParts(file)
	base := path.Base(rest)
	if rest == "" || strings.HasSuffix(rest, "/") {
		base = ""
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	if strings.HasPrefix(base, ".") && strings.Count(base, ".") == 1 {
		stem = base
	}
	switch strings.ToLower(scheme) {
	case "md", "motherduck":
		if stem == "" {
			return "my_db"
		}
		return stem
	case "ducklake":
		_, stem = urlParts(stem)
		return stem
	}
	name, _, _ := strings.Cut(strings.TrimLeft(base, "."), ".")
	return name
}

// urlParts are the scheme and the path of what may be an address or a file's path.
func urlParts(s string) (scheme, rest string) {
	u, err := url.Parse(s)
	if err != nil {
		return "", s
	}
	if u.Opaque != "" {
		rest, _, _ = strings.Cut(u.Opaque, "?")
		return u.Scheme, rest
	}
	return u.Scheme, u.Path
}

// checkKey says what is wrong with a value, in the words of JSON Schema's validators, or nothing.
func checkKey(k *dialect.ProfileKey, v jinja.Value) string {
	if v == jinja.None {
		if k.Nullable || len(k.Default) == 0 && !k.Required && k.Type != "array" {
			return ""
		}
		return "None is not of type '" + k.Type + "'"
	}
	ok := true
	switch v.(type) {
	case jinja.Str:
		ok = k.Type == "string"
	case jinja.Bool:
		ok = k.Type == "boolean"
	case jinja.Int, *jinja.BigInt:
		ok = k.Type == "integer" || k.Type == "number"
	case jinja.Float:
		ok = k.Type == "number" || k.Type == "integer" && v.(jinja.Float) == jinja.Float(int64(v.(jinja.Float)))
	case *jinja.List:
		ok = k.Type == "array"
	case *jinja.Dict:
		ok = k.Type == "object"
	}
	ok = ok && fieldsFit(k, v)
	switch {
	case !ok && k.Nullable:
		return jinja.Repr(v) + " is not valid under any of the given schemas"
	case !ok:
		return jinja.Repr(v) + " is not of type '" + k.Type + "'"
	case len(k.Enum) > 0 && !slices.Contains(k.Enum, jinja.Text(v)):
		return jinja.Repr(v) + " is not one of " + jinja.Repr(texts(k.Enum))
	}
	return ""
}

// fieldsFit checks the keys of an object, or of each object of an array.
func fieldsFit(k *dialect.ProfileKey, v jinja.Value) bool {
	if len(k.Fields) == 0 {
		return true
	}
	switch v := v.(type) {
	case *jinja.List:
		for _, e := range v.Items {
			if !fieldsFit(k, e) {
				return false
			}
		}
	case *jinja.Dict:
		for name := range v.Entries {
			if !slices.ContainsFunc(k.Fields, func(f dialect.ProfileKey) bool { return name == jinja.Value(jinja.Str(f.Name)) }) {
				return false
			}
		}
		for i := range k.Fields {
			f := &k.Fields[i]
			e, given := v.Get(f.Name)
			if !given && f.Required || given && checkKey(f, e) != "" {
				return false
			}
		}
	}
	return true
}

// withFields fills in the defaults of an object's keys, as dbt's nested classes do.
func withFields(k *dialect.ProfileKey, v jinja.Value) jinja.Value {
	if len(k.Fields) == 0 {
		return v
	}
	switch v := v.(type) {
	case *jinja.List:
		out := jinja.NewList()
		for _, e := range v.Items {
			out.Items = append(out.Items, withFields(k, e))
		}
		return out
	case *jinja.Dict:
		out := jinja.NewDict(len(k.Fields))
		for i := range k.Fields {
			f := &k.Fields[i]
			e, ok := v.Get(f.Name)
			if !ok {
				e = fromJSON(f.Default)
			}
			out.Set(f.Name, withFields(f, e))
		}
		return out
	}
	return v
}

// TargetDict is the value `target`: the keys of the credentials that dbt shows, and the target's own.
func TargetDict(d *dialect.Dialect, t Target, credentials *jinja.Dict) *jinja.Dict {
	p := &d.Profile
	dict := jinja.NewDict(len(p.Target) + 8)
	for _, key := range p.Target {
		if v, ok := credentials.Get(key); ok {
			dict.Set(key, v)
		}
	}
	for _, a := range p.Aliases {
		if slices.Contains(p.Target, a.Key) {
			if v, ok := credentials.Get(a.Key); ok {
				dict.Set(a.Alias, v)
			}
		}
	}
	dict.Set("type", jinja.Str(d.Name))
	dict.Set("threads", jinja.Int(t.Threads))
	dict.Set("name", jinja.Str(t.Name))
	dict.Set("target_name", jinja.Str(t.Name))
	dict.Set("profile_name", jinja.Str(t.Profile))
	return dict
}

// fromJSON makes a value of JSON; nothing is None.
func fromJSON(raw json.RawMessage) jinja.Value {
	if len(raw) == 0 {
		return jinja.None
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return jinja.None
	}
	return jinja.FromPlain(v)
}

// IsDefault says whether a key of an output has the value that it has when it is left out.
func IsDefault(k *dialect.ProfileKey, v jinja.Value) bool { return jinja.Equal(v, fromJSON(k.Default)) }
