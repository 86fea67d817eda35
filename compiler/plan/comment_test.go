package plan

import "testing"

func TestCommentAdd(t *testing.T) {
	block, behind := Comment{Text: "c"}, Comment{Text: "c", Append: true}
	line := Comment{Text: "a\nb", Line: true, Never: []string{"alter", "drop"}}
	lineBehind := Comment{Text: "c", Line: true, Append: true}
	for _, c := range []struct {
		comment   Comment
		sql, want string
		before    int
	}{
		{Comment{}, "select 1", "select 1", 0},
		{block, "select 1", "/* c */\nselect 1", 8},
		{behind, "select 1;\n", "select 1\n/* c */;", 0},
		{behind, "select 1", "select 1\n/* c */", 0},
		// dbt-athena's form: a line, and none where Athena's grammar for tables has no place for one.
		{line, "select 1", "-- /* a b */\nselect 1", 13},
		{line, " ALTER table t", " ALTER table t", 0},
		{line, "drop table t", "drop table t", 0},
		{lineBehind, "select 1;", "select 1\n-- /* c */", 0},
	} {
		got, before := c.comment.Add(c.sql)
		if got != c.want || before != c.before {
			t.Errorf("%q becomes %q, %d; expected %q, %d", c.sql, got, before, c.want, c.before)
		}
	}
}
