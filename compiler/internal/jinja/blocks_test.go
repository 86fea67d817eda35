package jinja

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/source"
)

// TestBlocksAsDbt compares the extraction of blocks with dbt's own: testdata/blocks.jsonl is written by
// tests/oracle/jinja/blocks.py.
func TestBlocksAsDbt(t *testing.T) {
	f, err := os.Open("testdata/blocks.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	cut, refused := 0, 0
	for lines.Scan() {
		var c struct {
			Text   string
			Blocks [][]string
			Error  *string
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		blocks, diags := Blocks(source.Whole(source.NewFile("m.sql", c.Text)), "macro", "materialization", "test", "data_test", "docs", "snapshot")
		if c.Error != nil {
			refused++
			// The rest of the file that dbt quotes is cut off here.
			want, _, _ := strings.Cut(*c.Error, `, got "`)
			if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail, want) {
				t.Errorf("%q\n  gives %v\n  dbt refuses: %s", c.Text, diags, *c.Error)
			}
			continue
		}
		cut++
		var got [][]string
		for _, b := range blocks {
			got = append(got, []string{b.Tag, b.Name, b.Body.Text(), b.Span.Text()})
		}
		for i := range c.Blocks {
			c.Blocks[i][0] = strings.TrimPrefix(c.Blocks[i][0], "data_")
		}
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(c.Blocks)
		if len(diags) > 0 || len(got)+len(c.Blocks) > 0 && string(g) != string(w) {
			t.Errorf("%q\n  gives     %s %v\n  dbt gives %s", c.Text, g, diags, w)
		}
	}
	if cut < 100 || refused < 100 {
		t.Fatalf("only %d files that are cut and %d that are refused", cut, refused)
	}
}
