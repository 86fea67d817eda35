package awsmodel

import (
	"encoding/json"
	"strings"
	"testing"
)

// Look-ahead is beyond Go's regular expressions. One shape goes unchecked for it: the name of a catalog of catalogs,
// which no request of weft carries.
func TestPatterns(t *testing.T) {
	for _, name := range []string{"athena", "glue", "lakeformation", "sts"} {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for n, sh := range s.shapes {
			if sh.Pattern != "" && sh.pattern == nil && n != "CatalogNameString" {
				t.Errorf("%s: the pattern of %s cannot be checked: %s", name, n, sh.Pattern)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	s, err := Load("athena")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ shape, value, want string }{
		{"StartQueryExecutionInput", `{"QueryString": "select 1"}`, ""},
		{"StartQueryExecutionInput", `{}`, "Value null at 'QueryString' failed to satisfy constraint: Member must not be null"},
		{"StartQueryExecutionInput", `{"QueryString": ""}`, "greater than or equal to 1"},
		{"StartQueryExecutionInput", `{"QueryString": "x", "ClientRequestToken": "short"}`, "greater than or equal to 32"},
		{"StartQueryExecutionInput", `{"QueryString": "x", "WorkGroup": "no spaces"}`, "regular expression pattern"},
		{"StartQueryExecutionInput", `{"QueryString": 7}`, "of type string"},
		{"StartQueryExecutionInput", `{"QueryString": "x", "Unknown": 1}`, ""},
		{"GetQueryResultsInput", `{"QueryExecutionId": "q", "MaxResults": 1001}`, "less than or equal to 1000"},
		{"GetQueryResultsInput", `{"QueryExecutionId": "q", "MaxResults": 1.5}`, "of type integer"},
		{"BatchGetQueryExecutionInput", `{"QueryExecutionIds": []}`, "greater than or equal to 1"},
		{"QueryExecutionStatus", `{"State": "DONE"}`, "enum value set"},
	}
	for _, c := range cases {
		found := s.Check(c.shape, parseJSON(t, c.value), false)
		switch {
		case c.want == "" && len(found) > 0:
			t.Errorf("%s %s: %s", c.shape, c.value, Message(found))
		case c.want != "" && (len(found) != 1 || !strings.Contains(Message(found), c.want)):
			t.Errorf("%s %s: found %q, expected %q", c.shape, c.value, Message(found), c.want)
		}
	}
	if found := s.Check("QueryExecutionStatus", parseJSON(t, `{"Stat": "QUEUED"}`), true); len(found) != 1 {
		t.Errorf("an answer with an unknown member: %v", found)
	}
}

// Names of Glue may hold all of Unicode but control characters.
func TestUnicodePattern(t *testing.T) {
	s, err := Load("glue")
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{"orders": true, "größe": true, "表": true, "😀": true, "tab\tname": true, "line\nbreak": false, "\x01": false} {
		if got := len(s.Check("NameString", name, false)) == 0; got != ok {
			t.Errorf("%q: allowed %v, expected %v", name, got, ok)
		}
	}
}

func parseJSON(t *testing.T, text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
