package semver

import (
	"os"
	"strings"
	"testing"
)

// TestOracle answers the questions that tests/oracle/deps/versions.py asked dbt.
func TestOracle(t *testing.T) {
	data, err := os.ReadFile("testdata/versions.txt")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for line := range strings.Lines(string(data)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		want, got := parts[len(parts)-1], ""
		switch parts[0] {
		case "parse":
			if v, err := Parse(parts[1]); err != nil {
				got = "error"
			} else {
				got = v.String()
			}
		case "reduce":
			got = "conflict"
			if r, ok := Reduce(all(t, parts[1])...); ok {
				got = r.String()
			}
		case "newest":
			r, ok := Reduce(all(t, parts[1])...)
			if !ok {
				t.Errorf("%s: conflict", line)
				continue
			}
			if got, err = Newest(r, strings.Fields(parts[2])); err != nil {
				t.Fatal(err)
			}
			if got == "" {
				got = "none"
			}
		case "installable":
			list, err := Installable(strings.Fields(parts[2]), parts[1] == "True")
			if err != nil {
				t.Fatal(err)
			}
			got = strings.Join(list, " ")
		}
		asked++
		if got != want {
			t.Errorf("%s\n  got %q", strings.TrimSpace(line), got)
		}
	}
	if asked < 2000 {
		t.Errorf("only %d questions", asked)
	}
}

func all(t *testing.T, text string) []Specifier {
	t.Helper()
	list, err := ParseAll(strings.Fields(text))
	if err != nil {
		t.Fatal(err)
	}
	return list
}
