package project

import (
	"testing"

	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

func TestPropertiesAreParsedOnDemand(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"dbt_project.yml": minimalProject, "profiles.yml": minimalProfiles, "models/a.yml": "version: 2\n", "models/b.yml": "a: b: c\n"})
	s, diags, err := Load(Options{ProjectDir: dir, ProfilesDir: dir})
	if err != nil || len(diags) > 0 || len(s.Root.Properties) != 2 {
		t.Fatal(err, diags)
	}
	if n, diags := s.Root.Properties[0].Tree(&yamldoc.Memory{}); len(diags) > 0 || n.Get("version").Int != 2 {
		t.Error(diags)
	}
	if n, diags := s.Root.Properties[1].Tree(&yamldoc.Memory{}); n != nil || !diags.HasErrors() {
		t.Error("no error for a broken file")
	}
}
