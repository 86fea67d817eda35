package manifest

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// Read reads a manifest.json of schema v12.
func Read(r io.Reader) (*Manifest, error) {
	m := new(Manifest)
	return m, decode(r, m, func() string { return m.Metadata.Schema }, "manifest", 12, 12)
}

// ReadCatalog reads a catalog.json of schema v1.
func ReadCatalog(r io.Reader) (*Catalog, error) {
	c := new(Catalog)
	return c, decode(r, c, func() string { return c.Metadata.Schema }, "catalog", 1, 1)
}

// ReadRunResults reads a run_results.json of schema v4 to v6; older ones lack keys and have no others.
func ReadRunResults(r io.Reader) (*RunResults, error) {
	c := new(RunResults)
	return c, decode(r, c, func() string { return c.Metadata.Schema }, "run-results", 4, 6)
}

// ReadSources reads a sources.json of schema v3.
func ReadSources(r io.Reader) (*Sources, error) {
	s := new(Sources)
	return s, decode(r, s, func() string { return s.Metadata.Schema }, "sources", 3, 3)
}

func decode(r io.Reader, into any, schema func() string, name string, lowest, highest int) error {
	if err := json.NewDecoder(r).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	found, version := schemaVersion(schema())
	if found != name || version < lowest || version > highest {
		return fmt.Errorf("read %s: expected schema v%d of %s, found %q", name, highest, name, schema())
	}
	return nil
}

// schemaVersion takes ".../dbt/manifest/v12.json" apart.
func schemaVersion(url string) (name string, version int) {
	dir, file := path.Split(url)
	version, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(file, "v"), ".json"))
	if err != nil {
		return "", 0
	}
	return path.Base(dir), version
}
