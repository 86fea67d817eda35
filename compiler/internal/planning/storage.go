package planning

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// partitionsLimit is how many partitions Athena writes in one statement, and dbt-athena's default.
const partitionsLimit = 100

// storage says how and where the files of a node's table are kept, on an engine whose tables are files. The settings are dbt-athena's. The
// folder is the one that dbt-athena would choose, with a part that no other build has: a published version is never written over.
func (pl *Planned) storage(n *resource.Node, b *batch) (*lower.Storage, diag.List) {
	c, out := n.Settings(), resource.SettingsOf(pl.project.Set.Profile.Output)
	var diags diag.List
	bad := func(format string, args ...any) {
		diags.Add(diag.BadStorage, n.Code, format, args...).Node = string(n.ID)
	}
	s := &lower.Storage{Format: strings.ToLower(c.Text("format")), Compression: c.Text("write_compression"), Delimiter: c.Text("field_delimiter"),
		Count: c.Int("bucket_count", 0), Update: c.Text("update_condition"), Insert: c.Text("insert_condition"), Delete: c.Text("delete_condition")}
	s.Managed = pl.project.managed(n)
	format, volume := c.Text("table_type"), ""
	if own := pl.catalog(c, n); own != nil {
		if volume = own.Volume; keepsFiles(pl.project.dialectData(n), own.Type) {
			volume = ""
			if !s.Managed && n.Materialized() != "ephemeral" {
				bad("the catalog `%s` is of the type %s, and the node's database is %s; set catalog_database in catalogs.yml to %sBUCKET", own.Name, own.Type, n.Database,
					pl.project.dialectData(n).Build.Managed)
			}
		}
		if format == "" {
			format = own.TableFormat
		}
		if s.Format == "" {
			s.Format = strings.ToLower(own.FileFormat)
		}
	}
	switch t := strings.ToLower(format); {
	case s.Managed && t != "" && t != "iceberg":
		bad("the catalog %s holds Iceberg tables alone, and table_type is `%s`; take it out", n.Database, t)
	case s.Managed && n.Kind == node.Snapshot && c.Text("table_type") == "":
		bad("set table_type to iceberg: dbt's macros make the times of a snapshot by it")
	case s.Managed, t == "iceberg":
		s.Iceberg = true
	case t == "", t == "hive":
	default:
		bad("table_type is `%s`; it can be hive or iceberg", t)
	}
	if s.Format == "" {
		s.Format = "parquet"
	}
	if c.Has("external_location") {
		bad("weft does not build at a fixed external_location: a new version would have to be written over the published one. Leave it out, and set s3_data_dir and s3_data_naming " +
			"to choose where tables go")
	}
	s.Partitions, _ = c.Texts("partitioned_by")
	s.Buckets, _ = c.Texts("bucketed_by")
	if p := c.Dict("table_properties"); p != nil {
		for k, v := range p.Entries {
			s.Properties = append(s.Properties, lower.Property{Name: jinja.Text(k), Value: jinja.Text(v)})
		}
	}
	if r := c.Dict("merge_update_columns_rules"); r != nil {
		s.Rules = map[string]string{}
		for k, v := range r.Entries {
			s.Rules[strings.ToLower(jinja.Text(k))] = jinja.Text(v)
		}
	}
	s.DefaultRule = c.Text("merge_update_columns_default_rule")
	meta := c.Dict("meta")
	if meta != nil {
		switch how := resource.SettingsOf(meta).Text("weft_publish"); how {
		case "":
		case "weak":
			s.Weak = true
		case "view":
			s.View = true
		default:
			bad("meta.weft_publish is `%s`; it can be view (versions behind a view) or weak (piece by piece)", how)
		}
	}
	if meta != nil {
		upkeep, _ := resource.SettingsOf(meta).Texts("weft_maintain")
		for _, what := range upkeep {
			if what != lower.Optimize && what != lower.Vacuum {
				bad("meta.weft_maintain names `%s`; it is a list of %s and %s", what, lower.Optimize, lower.Vacuum)
			}
		}
		s.Upkeep = upkeep
	}
	s.Force, s.Limit = c.Truth("force_batch"), max(c.Int("partitions_limit", partitionsLimit), 1)
	first := func(texts ...string) string {
		for _, t := range texts {
			if t != "" {
				return t
			}
		}
		return ""
	}
	if s.Managed {
		if len(s.Upkeep) > 0 {
			bad("the catalog %s keeps its tables up by itself; take meta.weft_maintain out", n.Database)
		}
		if s.Force {
			bad("what is published in the catalog %s is one statement, which cannot be split by partitions; take force_batch out, or partition the table more coarsely", n.Database)
		}
		if diags.HasErrors() {
			return nil, diags
		}
		return s, diags
	}
	s.Versions = int(max(c.Int("versions_to_keep", 0), 0))
	base := first(c.Text("s3_data_dir"), volume, out.Text("s3_data_dir"))
	if base == "" {
		if base = out.Text("s3_staging_dir"); base != "" {
			base = strings.TrimSuffix(base, "/") + "/tables"
		}
	}
	if base == "" {
		bad("there is no place for the table's files: set s3_data_dir in the profile or in the model's config")
		return nil, diags
	}
	tmp := first(c.Text("s3_tmp_table_dir"), out.Text("s3_tmp_table_dir"), base)
	r := n.Relation()
	id := pl.buildID(n, b)
	part := ""
	switch naming := first(c.Text("s3_data_naming"), out.Text("s3_data_naming"), "schema_table_unique"); naming {
	case "unique":
	case "table", "table_unique":
		part = r.Identifier + "/"
	case "schema_table", "schema_table_unique":
		part = r.Schema + "/" + r.Identifier + "/"
	default:
		bad("s3_data_naming is `%s`; it can be unique, table, table_unique, schema_table or schema_table_unique", naming)
	}
	s.Place = strings.TrimSuffix(base, "/") + "/" + part + id + "/"
	s.Aside = strings.TrimSuffix(tmp, "/") + "/" + part + id + "-new/"
	if diags.HasErrors() {
		return nil, diags
	}
	return s, nil
}

// catalog is the catalog that a node names, nil if it names none: one of the engine's own, or of catalogs.yml.
func (pl *Planned) catalog(c resource.Settings, n *resource.Node) *dialect.Catalog {
	all := slices.Concat(pl.project.dialectData(n).Catalogs, pl.project.Set.Catalogs)
	for _, key := range []string{"catalog_name", "catalog"} {
		if name := c.Text(key); name != "" {
			for i := range all {
				if all[i].Name == name {
					return &all[i]
				}
			}
		}
	}
	return nil
}

// keepsFiles says that catalogs of a type keep the files of their tables themselves.
func keepsFiles(d *dialect.Dialect, catalog string) bool {
	return slices.ContainsFunc(d.CatalogTypes, func(t dialect.CatalogType) bool { return t.Name == catalog && t.Managed })
}

// buildID names what this run makes of a node, in the form of a UUID: the same for every attempt, and for no other run.
func (pl *Planned) buildID(n *resource.Node, b *batch) string {
	what := pl.options.Invocation + "\x00" + string(n.ID)
	if b != nil {
		what += "\x00" + b.Interval.ID
	}
	sum := sha256.Sum256([]byte(what))
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
