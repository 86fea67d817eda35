package resource

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
)

// Settings reads a config by key; what is missing or of another type gives the zero value.
type Settings struct{ d *jinja.Dict }

// SettingsOf reads a mapping of settings; nil has none.
func SettingsOf(d *jinja.Dict) Settings {
	if d == nil {
		return Settings{jinja.NewDict(0)}
	}
	return Settings{d}
}

// Settings are the node's config.
func (n *Node) Settings() Settings { return SettingsOf(n.Config) }

// Value is the setting as it is, None if it is missing.
func (c Settings) Value(key string) jinja.Value {
	if v, ok := c.d.Get(key); ok {
		return v
	}
	return jinja.None
}

// Has says whether a setting has a value other than None.
func (c Settings) Has(key string) bool {
	v := c.Value(key)
	_, none := v.(jinja.NoneType)
	return !none
}

// Text is the setting as templates print it, "" if there is none.
func (c Settings) Text(key string) string {
	if !c.Has(key) {
		return ""
	}
	return jinja.Text(c.Value(key))
}

// Truth is the setting as an `if` sees it.
func (c Settings) Truth(key string) bool { return jinja.Truth(c.Value(key)) }

// Int is a whole number, or otherwise.
func (c Settings) Int(key string, otherwise int64) int64 {
	if n, ok := c.Value(key).(jinja.Int); ok {
		return int64(n)
	}
	return otherwise
}

// Texts is a list of strings; a single value counts as a list of one.
func (c Settings) Texts(key string) (list []string, isList bool) {
	switch v := c.Value(key).(type) {
	case *jinja.List:
		for _, x := range v.Items {
			list = append(list, jinja.Text(x))
		}
		return list, true
	case jinja.Tuple:
		for _, x := range v {
			list = append(list, jinja.Text(x))
		}
		return list, true
	case jinja.NoneType:
		return nil, false
	default:
		return []string{jinja.Text(v)}, false
	}
}

// Dict is a mapping, nil if it is none.
func (c Settings) Dict(key string) *jinja.Dict {
	d, _ := c.Value(key).(*jinja.Dict)
	return d
}

// Materialized is how the node is built.
func (n *Node) Materialized() string {
	if n.Config == nil {
		return ""
	}
	v, _ := n.Config.Get("materialized")
	s, _ := v.(jinja.Str)
	return string(s)
}

// StoresFailures says whether a test keeps the rows that fail.
func (n *Node) StoresFailures() bool {
	if c := n.Settings(); c.Has("store_failures") {
		return c.Truth("store_failures")
	}
	return n.RelationName != "" // --store-failures gives all others a relation
}

// ContractEnforced says whether the node's query is held to its contract.
func (n *Node) ContractEnforced() bool {
	return SettingsOf(n.Settings().Dict("contract")).Truth("enforced")
}

// HasRelation says whether a node of a run has a place in the warehouse.
func (n *Node) HasRelation() bool {
	switch n.Kind {
	case node.Model, node.Seed, node.Snapshot:
		return n.Materialized() != "ephemeral"
	case node.Test:
		return n.StoresFailures()
	}
	return false
}

// Relation is the node's logical relation.
func (n *Node) Relation() node.Relation {
	return node.Relation{Database: n.Database, Schema: n.Schema, Identifier: n.Alias}
}

// VersionedName is a unit test's name, with the version of the model that it tests.
func (n *Node) VersionedName() string {
	if n.Version == nil || n.Version == jinja.Value(jinja.None) {
		return n.Name
	}
	return n.Name + "_v" + jinja.Text(n.Version)
}
