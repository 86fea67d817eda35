package lower

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// An engine on a lake writes a file for each partition at the same time, and so only so many partitions in one statement. Rows of more are
// written by several statements. Every partition gets a key, which is a hash of its values, so that a batch is a range of keys: no list of
// values has to be written, whatever their types, and the rows, kept aside in slices of keys, are read only once.

const (
	// slicesOfRows is into how many partitions the rows aside are cut, and keysOfSlice how many keys one has: less than an engine writes at once.
	slicesOfRows = 64
	keysOfSlice  = 1 << 63 / slicesOfRows
	keyColumn    = "weft_key"
	sliceColumn  = "weft_slice"
)

var transform = regexp.MustCompile(`^\s*(\w+)\s*\(\s*(.+?)\s*(?:,\s*(\d+)\s*)?\)\s*$`)

// partitionKey is an expression that gives the rows of a partition the same number, as far as it can be told from the columns: different
// numbers for the same partition do no harm. perKey is how many partitions the rows with one key can lie in.
func (s Storage) partitionKey(quote func(string) string) (expression string, perKey int64) {
	perKey = 1
	var parts []string
	for _, p := range s.Partitions {
		kind, column, width := "", p, ""
		if m := transform.FindStringSubmatch(p); m != nil && s.Iceberg {
			kind, column, width = strings.ToLower(m[1]), m[2], m[3]
		}
		column = quote(strings.Trim(column, `"`))
		value := "cast(" + column + " as varchar)"
		switch kind {
		case "year", "month", "day", "hour":
			value = "cast(date_trunc('" + kind + "', " + column + ") as varchar)"
		case "bucket":
			n, _ := strconv.ParseInt(width, 10, 64)
			perKey *= max(n, 1)
			continue
		case "truncate":
			// Of numbers the multiples of the width count, of texts the first characters; the type is known to the engine alone.
			number := "try_cast(" + value + " as bigint)"
			value = "case when typeof(" + column + ") in ('tinyint', 'smallint', 'integer', 'bigint') then cast(" + number + " - mod(mod(" + number + ", " + width + ") + " + width + ", " + width +
				") as varchar) when typeof(" + column + ") like 'varchar%' then substr(" + value + ", 1, " + width + ") else " + value + " end"
		}
		parts = append(parts, "coalesce('=' || "+value+", '')")
	}
	if len(s.Buckets) > 0 {
		perKey *= max(s.Count, 1)
	}
	if len(parts) == 0 {
		return "", perKey
	}
	return "bitwise_and(from_big_endian_64(xxhash64(to_utf8(" + strings.Join(parts, " || chr(31) || ") + "))), 9223372036854775807)", perKey
}

// splitting says how many keys a batch may have, 0 if the partitions cannot be split by keys.
func (s Storage) splitting(quote func(string) string) (key string, limit int) {
	if s.Managed {
		return "", 0
	}
	key, perKey := s.partitionKey(quote)
	if key == "" {
		return "", 0
	}
	return key, int(s.Limit / perKey)
}

// spool is where rows are kept aside that are then written in batches.
func (b builder) spool() (node.Relation, string) {
	rows := b.staged()
	rows.Identifier += "_rows"
	return rows, strings.TrimSuffix(b.Storage.Aside, "/") + "-rows/"
}

// part is a part of a staged Hive table: the engine cannot add to files once written, or leaves some when it fails, so each batch is a table of its
// own, whose partitions the staged one gets.
func (b builder) part() node.Relation {
	part := b.staged()
	part.Identifier += "_part"
	return part
}

// build is CREATE TABLE AS of the staged table, in batches if need be. before and after stand around the compiled code.
func (b builder) lakeBuild(of Storage, place, before, after, cause string) plan.Statement {
	whole := b.ctas(of, b.staged(), place, before, after, cause)
	key, limit := of.splitting(b.d.Quote)
	if limit < 1 {
		return whole
	}
	rows, files := b.spool()
	kept := Storage{Iceberg: of.Iceberg, Format: "parquet", Partitions: []string{sliceColumn}}
	discard := b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "a run that was killed may have left it behind")
	spool := b.ctas(kept, rows, files, "select dbt_keyed.*, "+keyColumn+" / "+itoa(keysOfSlice)+" as "+sliceColumn+"\nfrom (\n  select dbt_rows.*, "+key+" as "+keyColumn+
		"\n  from (\n"+before, after+"\n  ) as dbt_rows\n) as dbt_keyed", "the rows are kept aside, with the key of their partition")
	from := "select " + plan.SplitColumns + "\nfrom " + b.d.Render(rows) + "\nwhere " + sliceColumn + " between " + plan.SplitFrom + " / " + itoa(keysOfSlice) + " and " + plan.SplitTo + " / " + itoa(keysOfSlice) +
		"\n  and " + keyColumn + " between " + plan.SplitFrom + " and " + plan.SplitTo
	table := func(name node.Relation, place string) plan.Statement {
		return b.statement(plan.Build, "create table "+b.d.Render(name)+"\nwith (\n  "+strings.Join(of.properties(place), ",\n  ")+"\n)\nas\n"+from, "")
	}
	ask := func(sql, cause string) plan.Statement {
		s := b.statement(plan.Query, sql, cause)
		s.Fetch = true
		return s
	}
	columns := ask("select * from "+b.d.Render(rows)+" limit 0", "the columns of the rows")
	split := &plan.Split{Force: of.Force, Limit: limit, Before: []plan.Statement{discard, spool}, Columns: &columns, Extra: 2, Quote: `"`,
		Keys: ask("select distinct "+keyColumn+" from "+b.d.Render(rows)+" order by 1", "the keys of the partitions"),
		First: []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, "an attempt may have left it behind"),
			table(b.staged(), place)},
		After: []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "its rows are written")}}
	if of.Iceberg {
		split.Next = []plan.Statement{b.statement(plan.Change, "insert into "+b.d.Render(b.staged())+" ("+plan.SplitColumns+")\n"+from, "")}
	} else {
		below := strings.TrimSuffix(place, "/") + "/" + plan.SplitNumber + "/"
		split.Next = []plan.Statement{
			b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.part(), Place: below}, "an attempt may have left it behind"),
			table(b.part(), below),
			b.act(plan.Change, plan.Act{Verb: plan.Gather, Relation: b.staged(), Staged: b.part()}, "its partitions are the table's"),
		}
	}
	whole.Split = split
	return whole
}

// discardParts removes what writing in batches can have left.
func (b builder) discardParts() []plan.Statement {
	if _, limit := b.Storage.splitting(b.d.Quote); limit < 1 {
		return nil
	}
	rows, files := b.spool()
	work := []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "it was not used to its end")}
	if !b.Storage.Iceberg {
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.part()}, "it was not used to its end"))
	}
	return work
}
