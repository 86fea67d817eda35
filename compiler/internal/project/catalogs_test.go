package project

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

const athenaProfiles = "shop:\n  target: dev\n  outputs:\n    dev: {type: athena, s3_staging_dir: 's3://b/s/', region_name: us-east-1, database: awsdatacatalog, schema: main}\n"

// TestCatalogs reads files of both versions. What is accepted and refused is what dbt parse with dbt-athena and dbt-duckdb did with them; the
// catalogs are name|type|called|table format|file format|volume|database.
func TestCatalogs(t *testing.T) {
	for _, test := range []struct{ name, engine, text, want string }{
		{"one", "v1", "catalogs:\n  - name: lake\n    write_integrations:\n      - {name: own, catalog_type: S3_Tables, catalog_database: s3tablescatalog/tables, adapter_properties: {a: 1}}\n",
			"lake|s3_tables|own|iceberg|||s3tablescatalog/tables"},
		{"rendered", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: \"{{ var('n') }}\", catalog_type: glue, table_format: Hive, file_format: orc, external_volume: \"s3://{{ env_var('PW') }}\"}]\n",
			"lake|glue|north|Hive|orc|s3://x|"},
		{"active", "v1", "catalogs:\n  - name: lake\n    active_write_integration: b\n    write_integrations: [{name: a, catalog_type: glue}, {name: b, catalog_type: info_schema}]\n",
			"lake|info_schema|b|hive|||"},
		{"none active", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: a, catalog_type: glue}, {name: b, catalog_type: glue}]\n",
			"2:11: error[P016]: the catalog `lake` has 2 write_integrations and does not say which is active | set active_write_integration to one of a, b"},
		{"wrong active", "v1", "catalogs:\n  - name: lake\n    active_write_integration: zz\n    write_integrations: [{name: own, catalog_type: glue}]\n",
			"3:31: error[P016]: the catalog `lake` has no write integration `zz` | the write_integrations are own"},
		{"same integrations", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: glue}, {name: own, catalog_type: glue}]\n",
			"3:66: error[P016]: the catalog `lake` has two write_integrations `own` | give each a name of its own"},
		{"no integrations", "v1", "catalogs:\n  - name: lake\n",
			"2:5: error[P016]: the catalog `lake` has no write_integrations | write at least one, with a name and a catalog_type"},
		{"slip", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalogtype: glue}]\n",
			"3:38: error[P016]: a write integration has no key `catalogtype` | Did you mean `catalog_type`?"},
		{"missing", "v1", "catalogs:\n  - write_integrations: [{name: own, catalog_type: glue}]\n", "2:5: error[P016]: a catalog needs `name`"},
		{"no text", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: 5}]\n", "3:52: error[P016]: expected `catalog_type` to be a text, found int 5"},
		{"type", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: s3tables}]\n",
			"3:52: error[P016]: athena has no catalogs of the type `s3tables` | Did you mean `s3_tables`? The types are glue, s3_tables, info_schema"},
		{"reserved", "v1", "catalogs:\n  - name: glue\n    write_integrations: [{name: own, catalog_type: glue}]\n",
			"2:11: error[P016]: athena has a catalog `glue` of its own | choose another name, or name `glue` in models without an entry here"},
		{"twice", "v1", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: glue}]\n  - name: lake\n    write_integrations: [{name: own, catalog_type: glue}]\n",
			"lake|glue|own|iceberg|||\n4:11: error[P016]: there are two catalogs `lake` | give each catalog a name of its own"},
		{"other form", "v1", "catalogs:\n  - {name: lake, type: glue, table_format: iceberg, config: {}}\n",
			"2:18: error[P016]: a catalog has no key `type` | catalogs of this form need the flag use_catalogs_v2: true in dbt_project.yml\n" +
				"2:30: error[P016]: a catalog has no key `table_format` | catalogs of this form need the flag use_catalogs_v2: true in dbt_project.yml\n" +
				"2:53: error[P016]: a catalog has no key `config` | catalogs of this form need the flag use_catalogs_v2: true in dbt_project.yml"},
		{"empty", "v1", "# nothing\n", "1:1: error[P016]: catalogs.yml is empty | take the file away, or write `catalogs: []`"},
		{"no list", "v1", "catalogs:\n", "1:10: error[P016]: expected `catalogs` to be a list, found nothing | write each catalog as an item of a list, or `catalogs: []` for none"},
		{"empty value", "v1", "catalogs: {}\n", ""},
		{"other keys", "v1", "other: 1\n", ""},
		{"a list", "v1", "- a\n", "1:1: error[P016]: expected catalogs.yml to be a mapping with the key `catalogs`, found a list | list them below it"},

		{"second", "v2", "catalogs:\n  - {name: ' lake ', type: GLUE, table_format: Default, config: {snowflake: , athena: {file_format: orc, external_volume: 5, other: 1}}}\n",
			"lake|glue|lake|hive|orc|5|"},
		{"second elsewhere", "v2", "catalogs:\n  - {name: lake, type: s3_tables, table_format: iceberg, config: {duckdb: {catalog_database: x}}}\n", "lake|s3_tables|lake|iceberg|||"},
		{"second format", "v2", "catalogs:\n  - {name: lake, type: glue, table_format: delta, config: {}}\n",
			"2:44: error[P016]: the catalog `lake` has table_format `delta` | it can be default or iceberg"},
		{"second missing", "v2", "catalogs:\n  - {name: lake, type: glue}\n", "2:5: error[P016]: a catalog needs `config`, `table_format`"},
		{"second platform", "v2", "catalogs:\n  - {name: lake, type: glue, table_format: iceberg, config: {athena: x}}\n",
			"2:70: error[P016]: expected `config.athena` of the catalog `lake` to be a mapping, found a string"},
		{"second name", "v2", "catalogs:\n  - {name: ' ', type: glue, table_format: iceberg, config: {}}\n",
			"2:12: error[P016]: expected `name` to be a text that is not empty, found the string ' ' | write the name by which models say it"},
		{"first form", "v2", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: glue}]\n",
			"3:5: error[P016]: a catalog has no key `write_integrations` | with the flag use_catalogs_v2 a catalog has the keys name, type, table_format and config"},
		{"second keys", "v2", "iceberg_catalogs: []\n", "1:1: error[P016]: catalogs.yml has no key `iceberg_catalogs` | name the list `catalogs`, and take out what is no list of catalogs"},
		{"second empty value", "v2", "catalogs: {}\n",
			"1:11: error[P016]: expected `catalogs` to be a list, found a mapping | write each catalog as an item of a list, or `catalogs: []` for none"},

		{"none there", "duckdb", "catalogs:\n  - name: lake\n    write_integrations: [{name: own, catalog_type: glue}]\n",
			"1:1: error[P015]: catalogs.yml lists catalogs, and there are none for duckdb | take the file away, or the list out of it: models are then made in the target's own database"},
		{"none listed", "duckdb", "catalogs: []\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "shop")
			files := map[string]string{"shop/dbt_project.yml": minimalProject, "shop/profiles.yml": athenaProfiles, "shop/catalogs.yml": test.text}
			switch test.engine {
			case "v2":
				files["shop/dbt_project.yml"] += "flags: {use_catalogs_v2: true}\n"
			case "duckdb":
				files["shop/profiles.yml"] = minimalProfiles
			}
			write(t, filepath.Dir(dir), files)
			vars := jinja.NewDict(1)
			vars.Set("n", jinja.Str("north"))
			s, diags, err := Load(Options{ProjectDir: dir, ProfilesDir: dir, Parallel: 1, Vars: vars, Base: basecontext.Options{Env: map[string]string{"PW": "x"}}})
			if err != nil || s == nil {
				t.Fatal(err, diags)
			}
			var got []string
			for _, c := range s.Catalogs {
				got = append(got, strings.Join([]string{c.Name, c.Type, c.Called, c.TableFormat, c.FileFormat, c.Volume, c.Database}, "|"))
			}
			for _, d := range diags {
				at := d.Span.Position()
				text := fmt.Sprintf("%d:%d: error[%s]: %s", at.Line, at.Column, d.Code, d.Detail)
				if d.Hint != "" {
					text += " | " + d.Hint
				}
				if d.Span.File.Path != "catalogs.yml" {
					text = d.Span.File.Path + ":" + text
				}
				got = append(got, text)
			}
			if text := strings.Join(got, "\n"); text != test.want {
				t.Errorf("got\n%s\nwant\n%s", text, test.want)
			}
		})
	}
}
