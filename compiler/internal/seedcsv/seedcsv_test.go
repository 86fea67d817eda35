package seedcsv

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// inferCase is one case of testdata/infer.json, which tests/oracle/seedcsv.py made with dbt.
type inferCase struct {
	Text      string
	Repeat    []any
	Delimiter string
	Columns   []struct {
		Name, Type, SQL string
		Values          []*string
	}
	TextColumns []string `json:"text_columns"`
	Rows        int
	Error       string
}

func oracleCases(t testing.TB) []inferCase {
	raw, err := os.ReadFile("testdata/infer.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []inferCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if c.Repeat != nil {
			cases[i].Text = "a\n" + strings.Repeat(c.Repeat[0].(string), int(c.Repeat[1].(float64))) + "\n"
		}
	}
	return cases
}

// sqlType is what dbt's common adapter calls a column.
func sqlType(c Column) string {
	switch c.Kind {
	case Integer:
		return "integer"
	case Number:
		if c.Decimals != 0 {
			return "float8"
		}
		return "integer"
	case Date:
		return "date"
	case DateTime, ISODateTime:
		return "timestamp without time zone"
	case Boolean:
		return "boolean"
	}
	return "text"
}

func printed(k Kind, v Value) *string {
	if v.Null {
		return nil
	}
	s := v.Text
	switch k {
	case Number:
		s = v.Number.String()
	case Boolean:
		s = "False"
		if v.Bool {
			s = "True"
		}
	case Date:
		s = v.Time.Format("2006-01-02")
	case DateTime, ISODateTime:
		layout := "2006-01-02 15:04:05"
		if v.Time.Nanosecond() != 0 {
			layout += ".000000"
		}
		if v.Zoned {
			layout += "-07:00"
		}
		s = v.Time.Format(layout)
	}
	return &s
}

func TestInferAsDbt(t *testing.T) {
	for _, c := range oracleCases(t) {
		columns, rows, err := Infer(strings.NewReader(c.Text), Options{Delimiter: c.Delimiter, Text: c.TextColumns})
		if (err != nil) != (c.Error != "") {
			t.Errorf("%q %q: error %v, dbt says %q", c.Text, c.Delimiter, err, c.Error)
			continue
		}
		if err != nil {
			if strings.HasPrefix(c.Error, "ValueError: Row ") && !strings.HasSuffix(err.Error(), strings.TrimPrefix(c.Error, "ValueError: ")) {
				t.Errorf("%q: %v, dbt says %q", c.Text, err, c.Error)
			}
			continue
		}
		if rows != c.Rows || len(columns) != len(c.Columns) {
			t.Errorf("%q %q: %d columns, %d rows, want %d, %d", c.Text, c.Delimiter, len(columns), rows, len(c.Columns), c.Rows)
			continue
		}
		values := read(t, c, len(columns))
		for i, want := range c.Columns {
			got := columns[i]
			if got.Name != want.Name || got.Kind.String() != want.Type || sqlType(got) != want.SQL {
				t.Errorf("%q: column %q %s %s, want %q %s %s", c.Text, got.Name, got.Kind, sqlType(got), want.Name, want.Type, want.SQL)
				continue
			}
			for row, w := range want.Values {
				v, ok := got.Kind.Parse(values[row][i])
				if g := printed(got.Kind, v); !ok || (g == nil) != (w == nil) || g != nil && *g != *w {
					t.Errorf("%q: cell %q is %v, want %v", c.Text, values[row][i], deref(g), deref(w))
				}
			}
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return "<null>"
	}
	return *s
}

// read gives the cells of a case; those that a short row lacks are null.
func read(t *testing.T, c inferCase, width int) [][]string {
	r, err := NewReader(strings.NewReader(c.Text), c.Delimiter)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for first := true; ; first = false {
		record, err := r.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		if !first {
			row := make([]string, width)
			copy(row, record)
			rows = append(rows, row)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		text         string
		line, column int
	}{
		{"a,b\n1,2,3\n", 2, 5},
		{"a,b\n\"x\ny\",2,3\n", 3, 6},
		{"é,b\r\n1,2\r\nä,ö,ü", 3, 5},
		{"a\nok\n\xff", 3, 1},
	} {
		_, _, err := Infer(strings.NewReader(c.text), Options{})
		var e *Error
		if !errors.As(err, &e) || e.Line != c.line || e.Column != c.column {
			t.Errorf("%q: %v, want line %d, column %d", c.text, err, c.line, c.column)
		}
	}
}

// TestQuotedRoundTrip: whatever stands in quotes, with quotes doubled, is read back as it was, but for line ends.
func TestQuotedRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "values")
		var quoted []string
		for i, v := range values {
			values[i] = strings.ToValidUTF8(v, "?")
			quoted = append(quoted, `"`+strings.ReplaceAll(values[i], `"`, `""`)+`"`)
		}
		r, _ := NewReader(strings.NewReader("x\n"+strings.Join(quoted, ",")+"\n"), "")
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		got, err := r.Next()
		if err != nil || len(got) != len(values) {
			t.Fatalf("%q: %q, %v", values, got, err)
		}
		for i, v := range values {
			want := strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n")
			if got[i] != want {
				t.Fatalf("%q was read as %q", v, got[i])
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	for i, c := range oracleCases(f) {
		if i%20 == 0 && c.Repeat == nil {
			f.Add(c.Text, c.Delimiter)
		}
	}
	f.Fuzz(func(t *testing.T, text, delimiter string) {
		columns, rows, err := Infer(strings.NewReader(text), Options{Delimiter: delimiter})
		var e *Error
		if err != nil {
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Message == "" {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		// every cell can be read as the type that was inferred for its column
		r, err := NewReader(strings.NewReader(text), delimiter)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		n := 0
		for {
			record, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range record {
				if _, ok := columns[i].Kind.Parse(v); !ok {
					t.Fatalf("%q does not fit its column of %s", v, columns[i].Kind)
				}
			}
			n++
		}
		if n != rows {
			t.Fatalf("%d rows, then %d", rows, n)
		}
	})
}
