package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/plan"
)

// lakeSeed uploads the file, reads it through a table of texts, and makes the seed's table of that with its types.
func (b builder) lakeSeed(phase plan.Phase) []plan.Batch {
	rows := b.Relation
	rows.Identifier += rowsSuffix
	files := strings.TrimSuffix(b.Storage.Aside, "/") + "/"
	texts, casts := make([]string, len(b.Seed.Columns)), make([]string, len(b.Seed.Columns))
	for i, c := range b.Seed.Columns {
		texts[i] = "`" + unquote(c.Name, b.d) + "` string"
		casts[i] = castSeed(c, b.Storage.Iceberg)
	}
	b.SQL = "select\n  " + strings.Join(casts, ",\n  ") + "\nfrom " + b.d.Render(rows)
	build := b.ctas(*b.Storage, b.staged(), b.Storage.Place, "", "", "the table is built aside, with its types")
	build.CodeStart, build.CodeEnd, build.Main = 0, 0, true
	batches := b.lakeTable(phase, []plan.Statement{
		b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "a run that was killed may have left it behind"),
		b.act(plan.Load, plan.Act{Verb: plan.Upload, File: b.Seed.Path, Place: files + "rows.csv"}, "the file's rows"),
		b.statement(plan.Build, "create external table "+b.d.DDL(rows)+" (\n  "+strings.Join(texts, ",\n  ")+"\n)\nrow format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'\n"+
			"with serdeproperties ('separatorChar' = "+literal(b.Seed.Delimiter)+")\nlocation "+literal(files)+"\ntblproperties ('skip.header.line.count' = '1')", "the rows as texts"),
		build,
	})
	if phase == plan.Clean {
		batches[0].Statements = append(batches[0].Statements, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "the rows are in the table"))
	}
	return batches
}

const rowsSuffix = "__dbt_rows"

// castSeed reads a text as its column's type; an empty one is null, as dbt-athena has it. Iceberg takes times of six digits alone.
func castSeed(c SeedColumn, iceberg bool) string {
	typ := strings.ToLower(c.Type)
	if typ == "string" {
		typ = "varchar"
	}
	if typ == "timestamp" {
		var tries []string
		for _, f := range seedTimes {
			tries = append(tries, "try(date_parse("+c.Name+", "+literal(f)+"))")
		}
		read := "coalesce(" + strings.Join(tries, ", ") + ")"
		if iceberg {
			read = "cast(" + read + " as timestamp(6))"
		}
		return read + " as " + c.Name
	}
	return "cast(nullif(" + c.Name + ", '') as " + typ + ") as " + c.Name
}

// seedTimes are the formats of times that dbt-athena reads in seeds.
var seedTimes = []string{"%Y-%m-%d %H:%i:%s", "%Y/%m/%d %H:%i:%s", "%d %M %Y %H:%i:%s", "%d/%m/%Y %H:%i:%s", "%d-%m-%Y %H:%i:%s", "%Y-%m-%d %H:%i:%s.%f",
	"%Y/%m/%d %H:%i:%s.%f", "%d %M %Y %H:%i:%s.%f", "%d/%m/%Y %H:%i:%s.%f", "%Y-%m-%dT%H:%i:%s.%fZ", "%Y-%m-%dT%H:%i:%sZ", "%Y-%m-%dT%H:%i:%s"}

// lakeFailures stores a test's failures as a table or a view.
func (b builder) lakeFailures(kind, limit string) []plan.Batch {
	if kind == "view" {
		b.SQL += limit
		return b.lakeView(plan.Publish)
	}
	var out []plan.Batch
	if b.managed() {
		for _, phase := range []plan.Phase{plan.Stage, plan.Publish, plan.Clean} {
			out = append(out, b.managedTable(phase, "", limit)...)
		}
		for _, batch := range out { // the test's answer is the count of them
			for i := range batch.Statements {
				batch.Statements[i].Main = false
			}
		}
		return out
	}
	build := b.lakeBuild(*b.Storage, b.Storage.Place, "", limit, "failures are stored aside")
	for _, phase := range []plan.Phase{plan.Stage, plan.Publish, plan.Clean} {
		out = append(out, b.lakeTable(phase, []plan.Statement{build})...)
	}
	return out
}
