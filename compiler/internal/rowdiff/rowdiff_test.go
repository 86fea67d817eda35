package rowdiff

import (
	"encoding/json"
	"os"
	"testing"
)

func cells(rows [][]*string) [][]Cell {
	out := make([][]Cell, len(rows))
	for i, r := range rows {
		for _, c := range r {
			if c == nil {
				out[i] = append(out[i], Cell{Null: true})
			} else {
				out[i] = append(out[i], Cell{Text: *c})
			}
		}
	}
	return out
}

// What daff drew for random tables; tests/oracle/rowdiff.py asked it.
func TestAsDaffDraws(t *testing.T) {
	data, err := os.ReadFile("testdata/daff.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Names            []string
		Expected, Actual [][]*string
		Text             string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if got := Compare(c.Names, cells(c.Expected), cells(c.Actual)); got != c.Text {
			t.Errorf("case %d:\n%s\nwant\n%s", i, got, c.Text)
		}
	}
}
