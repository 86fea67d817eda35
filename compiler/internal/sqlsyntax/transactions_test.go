package sqlsyntax_test

import (
	"testing"

	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
)

func TestWithoutTransactions(t *testing.T) {
	for text, want := range map[string]string{
		"commit;":                            "",
		"\n  COMMIT  -- at last\n;":          "",
		"begin transaction":                  "",
		"start transaction; rollback work":   "",
		"begin; delete from t; end":          "delete from t",
		"begin; delete from t; select 1":     "delete from t;\nselect 1",
		"select 1":                           "select 1",
		"select 'commit;' as x; select 2;  ": "select 'commit;' as x; select 2;  ",
		"start replication":                  "start replication",
		"commit prepared 'x'":                "commit prepared 'x'",
		"\"commit\"":                         "\"commit\"",
		"":                                   "",
		"-- nothing":                         "-- nothing",
	} {
		if got := sqlsyntax.WithoutTransactions(text, &sqlsyntax.Lexicon{}); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
