package projecttemplate

import (
	"slices"
	"strings"
	"testing"
)

func TestFilesCarryTheName(t *testing.T) {
	files, err := Files("corner_shop")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, f := range files {
		if strings.Contains(f.Text, placeholder) {
			t.Errorf("%s still has the placeholder", f.Path)
		}
		named += strings.Count(f.Text, "corner_shop")
	}
	if named < 4 {
		t.Errorf("the name stands in %d places", named)
	}
	for _, path := range []string{"dbt_project.yml", "profiles.yml", "README.md", ".gitignore", "seeds/raw_orders.csv"} {
		if !slices.ContainsFunc(files, func(f File) bool { return f.Path == path }) {
			t.Errorf("%s is missing", path)
		}
	}
}

func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{"shop": true, "Shop_2": true, "_x": true, "": false, "2shop": false, "my-shop": false, "a b": false, "é": false} {
		if ValidName(name) != want {
			t.Errorf("%q", name)
		}
	}
}
