package sqlsyntax

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// show writes tokens as kind:text, white space left out.
func show(sql string, l *Lexicon) string {
	var out []string
	for _, t := range Tokens(sql, l) {
		if t.Kind != Space {
			out = append(out, t.Kind.String()+":"+t.Text(sql))
		}
	}
	return strings.Join(out, " ")
}

func TestLex(t *testing.T) {
	for _, c := range []struct{ dialects, sql, want string }{
		{"all", "select a.b", "word:select word:a dot:. word:b"},
		{"all", "'it''s' ''", "string:'it''s' string:''"},
		{"all", `"a ""b""" "c"`, `quoted name:"a ""b""" quoted name:"c"`},
		{"all", "1 1.5 .5 1e10 1.5E-3 0x1F 1.", "number:1 number:1.5 number:.5 number:1e10 number:1.5E-3 number:0x1F number:1."},
		{"all", "a-- b\nc", "word:a line comment:-- b word:c"},
		{"all", "a--b\r\nc", "word:a line comment:--b word:c"},
		{"all", "/* a */b/**/", "block comment:/* a */ word:b block comment:/**/"},
		{"all", "a<=b <> c::int || d->>'x' := => != -> - 1", "word:a operator:<= word:b operator:<> word:c operator::: word:int operator:|| word:d operator:->> string:'x' operator::= operator:=> operator:!= operator:-> operator:- number:1"},
		{"all", "(a[1],{b});", "(:( word:a [:[ number:1 ]:] comma:, {:{ word:b }:} ):) semicolon:;"},
		{"all", "ÜBER straße", "word:ÜBER word:straße"},
		{"all", "a\u00a0b", "word:a word:b"},
		{"all", "N'x' X'00' b'1' U&'d' u&\"d\"", "string:N'x' string:X'00' string:b'1' string:U&'d' quoted name:u&\"d\""},
		{"all", "$1 $12", "parameter:$1 parameter:$12"},
		{"all", "'open", "error:'open"},
		{"all", "/* open", "error:/* open"},
		{"all", `"open`, `error:"open`},
		{"all", "a\xffb", "word:a error:\xff word:b"},
		{"all", "1..2", "number:1 dot:. number:.2"},
		{"postgres duckdb", "1_000 a1_0", "number:1_000 word:a1_0"},
		{"postgres redshift duckdb", "$$a;b$$ $x$ $$ $x$", "string:$$a;b$$ string:$x$ $$ $x$"},
		{"postgres redshift duckdb", "$x$ open", "error:$x$ open"},
		{"postgres redshift duckdb", "a$b", "word:a$b"},
		{"postgres redshift duckdb", `E'a\'b' e'\\'`, `string:E'a\'b' string:e'\\'`},
		{"postgres duckdb athena", `'a\' b`, `string:'a\' word:b`},
		{"redshift spark", `'a\'b'`, `string:'a\'b'`},
		{"postgres redshift duckdb spark", "/* a /* b */ c */d", "block comment:/* a /* b */ c */ word:d"},
		{"athena", "/* a /* b */ c", "block comment:/* a /* b */ word:c"},
		{"spark", `"it\"s" r"a\" r'\'`, `string:"it\"s" string:r"a\" string:r'\'`},
		{"spark", "1abc 10L 1.5BD 2d 1a2", "word:1abc number:10L number:1.5BD number:2d word:1a2"},
		{"spark athena", "`a ``b`", "quoted name:`a ``b`"},
		{"postgres redshift duckdb", "`", "error:`"},
		{"postgres duckdb", "#a", "operator:# word:a"},
		{"redshift", "#tmp a#b", "word:#tmp word:a word:#b"},
		{"postgres", "a #>> b ?| c @> d", "word:a operator:#>> word:b operator:?| word:c operator:@> word:d"},
		{"postgres", "a ---1\nb", "word:a line comment:---1 word:b"},
		{"postgres", "a <--b", "word:a operator:< line comment:--b"},
	} {
		names := strings.Fields(c.dialects)
		if c.dialects == "all" {
			names = []string{"postgres", "redshift", "duckdb", "athena"}
		}
		for _, d := range names {
			if got := show(c.sql, LexiconOf(d)); got != c.want {
				t.Errorf("%s: %q\n got %s\nwant %s", d, c.sql, got, c.want)
			}
		}
	}
}

func TestStatements(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want []string
	}{
		{"", nil},
		{" ; ;\n-- x\n;", nil},
		{"select 1", []string{"select 1"}},
		{" select 1 ;\n\nselect ';' ; ", []string{"select 1", "select ';'"}},
		{"-- about\nselect 1; -- tail", []string{"-- about\nselect 1"}},
		{"select (1;2); select 3", []string{"select (1;2)", "select 3"}},
		{"do $$ begin; end $$; select 1", []string{"do $$ begin; end $$", "select 1"}},
		{"begin; select 1; end;", []string{"begin", "select 1", "end"}},
		{"create function f() returns int begin atomic select case when a then 1 end; select 2; end; select 3", []string{"create function f() returns int begin atomic select case when a then 1 end; select 2; end", "select 3"}},
		{"create view v as select case when a then 1 end; select 2", []string{"create view v as select case when a then 1 end", "select 2"}},
		{"select 'open; select 2", []string{"select 'open; select 2"}},
		{"select 1 /* ; */ ; ", []string{"select 1 /* ; */"}},
	} {
		var got []string
		for _, s := range Statements(c.sql, LexiconOf("postgres")) {
			got = append(got, s.Text(c.sql))
		}
		if strings.Join(got, "¦") != strings.Join(c.want, "¦") || len(got) != len(c.want) {
			t.Errorf("%q\n got %q\nwant %q", c.sql, got, c.want)
		}
	}
}

func TestStripComments(t *testing.T) {
	for sql, want := range map[string]string{
		"select 1":                        "select 1",
		"a--b\nc":                         "a \nc",
		"a/* x */b '--' \"/* */\" -- end": "a b '--' \"/* */\"  ",
		"'open -- x":                      "'open -- x",
	} {
		if got := StripComments(sql, LexiconOf("duckdb")); got != want {
			t.Errorf("%q became %q, want %q", sql, got, want)
		}
	}
}

func TestEmpty(t *testing.T) {
	for sql, want := range map[string]bool{"": true, " ;\n-- x\n/* y */;": true, "'": false, "select 1": false} {
		if got := Empty(sql, LexiconOf("duckdb")); got != want {
			t.Errorf("Empty(%q) = %v", sql, got)
		}
	}
}

func TestTooDeep(t *testing.T) {
	deep := strings.Repeat("(", 100) + strings.Repeat(")", 100)
	if s, found := TooDeep("'(('"+deep, LexiconOf("spark"), 99); !found || s.Start != 4+99 {
		t.Errorf("found %v at %v", found, s)
	}
	if _, found := TooDeep(deep, LexiconOf("spark"), 100); found {
		t.Error("100 is not deeper than 100")
	}
}

var everyDialect = []string{"postgres", "redshift", "athena", "spark", "duckdb", "none"}

// FuzzLex: the tokens of any input cover it without gaps, and none is empty.
func FuzzLex(f *testing.F) {
	for _, s := range []string{"select 'a' -- b", "/* /* */", "$$ $$ $1 $x$", "E'\\'", "`a", "1e+ 0x 1_", "\xff\xfe é \u00a0", "u&\"a", "#a #1", "r'", "<-- ->> ::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		for _, d := range everyDialect {
			at := 0
			for _, tok := range Tokens(sql, LexiconOf(d)) {
				if tok.Start != at || tok.End <= at {
					t.Fatalf("%s: token %+v at %d of %q", d, tok, at, sql)
				}
				if tok.Kind > CloseBrace {
					t.Fatalf("kind %d", tok.Kind)
				}
				at = tok.End
			}
			if at != len(sql) {
				t.Fatalf("%s: tokens end at %d of %d of %q", d, at, len(sql), sql)
			}
			if utf8.ValidString(sql) && !utf8.ValidString(StripComments(sql, LexiconOf(d))) {
				t.Fatalf("%s: %q is cut inside a character", d, sql)
			}
		}
	})
}

// FuzzSplit: statements lie in order, apart, inside the text, and what lies between them is trivia and semicolons. Injection
// keeps its map true.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"select 1; select 2", "create f begin; end; x", "with a as (b) c; d", "(;);", "-- ;\n;", "where with", "case with end with"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		for _, d := range everyDialect {
			l := LexiconOf(d)
			at := 0
			for _, s := range Statements(sql, l) {
				if s.Start < at || s.End <= s.Start || s.End > len(sql) {
					t.Fatalf("%s: %+v after %d in %q", d, s, at, sql)
				}
				if !Empty(sql[at:s.Start], l) {
					t.Fatalf("%s: %q is lost", d, sql[at:s.Start])
				}
				at = s.End
			}
			ctes := []CTE{{"x", "select 1"}, {"y", ""}}
			in, err := InjectCTEs(sql, ctes, l)
			if err == nil {
				checkPieces(t, sql, ctes, in)
			}
		}
	})
}

func BenchmarkLex(b *testing.B) {
	sql := strings.Repeat("select a.id, b.\"Name\", 'it''s' as c, count(*) over (partition by x) -- note\nfrom t where x in (1, 2.5) /* end */\n", 100)
	b.SetBytes(int64(len(sql)))
	b.ReportAllocs()
	for b.Loop() {
		for x := NewLexer(sql, LexiconOf("postgres")); ; {
			if _, ok := x.Next(); !ok {
				break
			}
		}
	}
}

func BenchmarkStatements(b *testing.B) {
	sql := strings.Repeat("select a.id, 'it''s' as c -- note\nfrom t where x in (1, 2.5);\n", 100)
	b.SetBytes(int64(len(sql)))
	b.ReportAllocs()
	for b.Loop() {
		Statements(sql, LexiconOf("postgres"))
	}
}
