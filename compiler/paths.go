package compiler

import (
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/source"
)

// FindProjectDir is dbt's default for --project-dir: the nearest folder at or above dir with a dbt_project.yml, else dir.
func FindProjectDir(dir string) string { return project.FindProjectDir(source.Disk{}, dir) }

// FindProfilesDir is dbt's default for --profiles-dir: dir if it has a profiles.yml, else ~/.dbt.
func FindProfilesDir(dir, home string) string {
	return project.FindProfilesDir(source.Disk{}, dir, home)
}

// EnvPair is a variable of a .env file.
type EnvPair = project.EnvPair

// DotEnv reads the nearest .env file at or above dir; there need not be one. env is what its references ${NAME} see first.
func DotEnv(dir string, env map[string]string) ([]EnvPair, error) {
	path := project.FindDotEnv(source.Disk{}, dir)
	if path == "" {
		return nil, nil
	}
	text, err := source.Disk{}.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return project.ParseDotEnv(string(text), env), nil
}
