package project

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// The keys of catalogs.yml, by what they stand in; true for those that must be there.
var (
	catalogKeys     = map[string]bool{"name": true, "active_write_integration": false, "write_integrations": false}
	integrationKeys = map[string]bool{"name": true, "catalog_type": true, "external_volume": false, "table_format": false, "file_format": false,
		"catalog_database": false, "adapter_properties": false}
	catalogKeysV2 = map[string]bool{"name": true, "type": true, "table_format": true, "config": true}
)

// first reads a catalog of dbt's first version: of its write integrations one is active. The name of a catalog is not rendered there.
func (r *catalogsReader) first(n *yamldoc.Node, d *jinja.Dict) {
	if !r.keys(n, "a catalog", catalogKeys) || !r.text(n, d, "name", true) || !r.text(n, d, "active_write_integration", false) {
		return
	}
	name := n.Get("name").Str
	v, _ := d.Get("write_integrations")
	items, isList := v.(*jinja.List)
	p := n.Pair("write_integrations")
	switch {
	case p == nil, isList && len(items.Items) == 0:
		r.bad(n.Span, "write at least one, with a name and a catalog_type", "the catalog `%s` has no write_integrations", name)
		return
	case !isList || p.Value.Kind != yamldoc.Sequence:
		r.bad(p.Value.Span, "write each integration as an item of a list", "expected `write_integrations` to be a list, found %s", describe(v))
		return
	}
	var names []string
	for i, item := range items.Items {
		one := p.Value.Items[i]
		if one.Kind != yamldoc.Mapping {
			r.bad(one.Span, "write a mapping with the keys name and catalog_type", "expected a write integration to be a mapping, found %s", one.Kind)
			return
		}
		if !r.integration(one, item.(*jinja.Dict)) {
			return
		}
		own := textOf(item.(*jinja.Dict), "name")
		if slices.Contains(names, own) {
			r.bad(one.Get("name").Span, "give each a name of its own", "the catalog `%s` has two write_integrations `%s`", name, own)
			return
		}
		names = append(names, own)
	}
	active := textOf(d, "active_write_integration")
	if active == "" && len(names) == 1 {
		active = names[0]
	}
	at := slices.Index(names, active)
	switch {
	case active == "":
		r.bad(n.Get("name").Span, "set active_write_integration to one of "+strings.Join(names, ", "), "the catalog `%s` has %d write_integrations and does not say which is active", name, len(names))
		return
	case at < 0:
		r.bad(n.Get("active_write_integration").Span, "the write_integrations are "+strings.Join(names, ", "), "the catalog `%s` has no write integration `%s`", name, active)
		return
	}
	one, chosen := p.Value.Items[at], items.Items[at].(*jinja.Dict)
	r.add(dialect.Catalog{
		Name: name, Type: textOf(chosen, "catalog_type"), Called: active, TableFormat: textOf(chosen, "table_format"), FileFormat: textOf(chosen, "file_format"),
		Volume: textOf(chosen, "external_volume"), Database: textOf(chosen, "catalog_database"),
	}, n.Get("name"), one.Get("catalog_type"))
}

// integration checks one of the write integrations.
func (r *catalogsReader) integration(n *yamldoc.Node, d *jinja.Dict) bool {
	ok := r.keys(n, "a write integration", integrationKeys)
	for _, key := range []string{"name", "catalog_type"} {
		ok = ok && r.text(n, d, key, true)
	}
	for _, key := range []string{"external_volume", "table_format", "file_format", "catalog_database"} {
		ok = ok && r.text(n, d, key, false)
	}
	if p := n.Pair("adapter_properties"); ok && p != nil && p.Value.Kind != yamldoc.Mapping {
		r.bad(p.Value.Span, "", "expected `adapter_properties` to be a mapping, found %s", p.Value.Kind)
		ok = false
	}
	return ok
}

// second reads a catalog of dbt's second version, whose config has a mapping for each platform.
func (r *catalogsReader) second(n *yamldoc.Node, d *jinja.Dict) {
	if !r.keys(n, "a catalog", catalogKeysV2) {
		return
	}
	at := n.Get("name")
	name := strings.TrimSpace(textOf(d, "name"))
	if v, _ := d.Get("name"); name == "" || !isText(v) {
		r.bad(at.Span, "write the name by which models say it", "expected `name` to be a text that is not empty, found %s", describe(v))
		return
	}
	format := strings.ToLower(plainText(d, "table_format"))
	if format != "default" && format != "iceberg" {
		r.bad(n.Get("table_format").Span, "it can be default or iceberg", "the catalog `%s` has table_format `%s`", name, plainText(d, "table_format"))
		return
	}
	config := n.Get("config")
	if config.Kind != yamldoc.Mapping {
		r.bad(config.Span, "write a mapping for each platform below it, `{}` for none", "expected `config` of the catalog `%s` to be a mapping, found %s", name, config.Kind)
		return
	}
	for _, p := range config.Pairs {
		if p.Value.Kind != yamldoc.Mapping && p.Value.Kind != yamldoc.Null {
			r.bad(p.Value.Span, "", "expected `config.%s` of the catalog `%s` to be a mapping, found %s", p.Name, name, p.Value.Kind)
			return
		}
	}
	c := dialect.Catalog{Name: name, Called: name, Type: strings.ToLower(plainText(d, "type"))}
	of := r.engineOf(c.Type)
	c.TableFormat = of.CatalogFormats[format]
	platforms, _ := d.Get("config")
	if own, _ := platforms.(*jinja.Dict).Get(of.Name); own != nil {
		if own, ok := own.(*jinja.Dict); ok {
			c.Volume, c.FileFormat, c.Database = plainText(own, "external_volume"), plainText(own, "file_format"), plainText(own, "catalog_database")
		}
	}
	r.add(c, at, n.Get("type"))
}

// engineOf is the engine that has catalogs of a type, the target's own if none has.
func (r *catalogsReader) engineOf(kind string) *dialect.Dialect {
	for _, d := range r.engines {
		for _, t := range d.CatalogTypes {
			if strings.EqualFold(t.Name, kind) {
				return d
			}
		}
	}
	return r.engines[0]
}

// text checks that a value is a text; null passes too where it is not required.
func (r *catalogsReader) text(n *yamldoc.Node, d *jinja.Dict, key string, required bool) bool {
	v, has := d.Get(key)
	if isText(v) || !required && (!has || v == jinja.None) {
		return true
	}
	r.bad(n.Get(key).Span, "", "expected `%s` to be a text, found %s", key, describe(v))
	return false
}

func isText(v jinja.Value) bool { _, ok := v.(jinja.Str); return ok }

// textOf is a text of a mapping, "" for anything else.
func textOf(d *jinja.Dict, key string) string {
	v, _ := d.Get(key)
	s, _ := v.(jinja.Str)
	return string(s)
}

// plainText is a value of a mapping as Python's str() has it, "" for None.
func plainText(d *jinja.Dict, key string) string {
	if v, ok := d.Get(key); ok && v != jinja.None {
		return jinja.Text(v)
	}
	return ""
}
