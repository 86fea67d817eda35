package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/publish/artifacts"
	"github.com/weft-data/weft/publish/docsite"
	"github.com/weft-data/weft/runner/effect"
)

// docsCommand holds what documentation is made of.
func docsCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "docs", Short: "Write and show the documentation of the project"}
	generate := &cobra.Command{
		Use:   "generate",
		Short: "Write manifest.json, catalog.json and the page that shows them",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.docs(cmd.Context()) },
	}
	f := generate.Flags()
	o.selectionFlags(f)
	o.threadFlag(f)
	o.compileFlags(f)
	f.BoolVar(&o.docsCompile, "compile", true, "compile the nodes first")
	negate(f, "compile")
	f.BoolVar(&o.emptyCatalog, "empty-catalog", false, "write a catalog without asking the engine")
	f.BoolVar(&o.static, "static", false, "write static_index.html too: one file that can be opened by itself")
	c.AddCommand(generate, serveCommand(o))
	return c
}

func (o *options) docs(ctx context.Context) error {
	o.introspect = true
	p, err := o.open(ctx, "generate")
	if err != nil {
		return err
	}
	o.registered(p)
	if o.docsCompile {
		o.found(p)
	}
	selected, err := o.choose(p, "compile")
	if err != nil {
		return err
	}
	e, err := o.openEngine(ctx, p, 1, false)
	if err != nil {
		return err
	}
	defer e.Close()
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	w := &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }}
	if err := o.deferTo(ctx, p, selected, "docs", w); err != nil {
		return err
	}
	if o.docsCompile {
		compilation, diags := p.Compile(ctx, compiler.CompileOptions{Selected: selected.IDs, Warehouse: w, ReadOnly: true, Empty: o.empty})
		o.messages(compilation.Messages)
		o.report(diags)
		if err := o.writeCompiled(p, compilation, selected.IDs); err != nil {
			return err
		}
		if err := o.writeManifest(p, compilation); err != nil {
			return err
		}
		if diags.HasErrors() {
			o.event(eventlog.Error, "CannotGenerateDocs", "Z033", "compile failed, cannot generate docs", nil)
			return exitError{code: exitFailed}
		}
		if err := o.writeCompiledResults(p, compiledResults(p, compilation, selected.IDs, false)); err != nil {
			return err
		}
	}
	var only []node.ID
	// Without a compilation dbt selects nothing, and shows everything.
	if o.docsCompile && (len(o.selection()) > 0 || len(o.excludes) > 0 || o.selector != "") {
		sources, err := o.choose(p, "freshness")
		if err != nil {
			return err
		}
		only = append(append([]node.ID{}, selected.IDs...), sources.IDs...)
	}
	catalog := manifest.Catalog{Nodes: map[string]manifest.CatalogTable{}, Sources: map[string]manifest.CatalogTable{}}
	if !o.emptyCatalog {
		o.event(eventlog.Info, "BuildingCatalog", "E044", "Building catalog", nil)
		catalog = p.BuildCatalog(ctx, w, only, o.message)
	}
	if err := o.copyAssets(p.Info()); err != nil {
		return err
	}
	failed := o.writeCatalog(p, catalog)
	var exit exitError
	if failed != nil && (!errors.As(failed, &exit) || exit.code != exitFailed) {
		return failed
	}
	if err := writePage(p.Info().TargetPath, o.static); err != nil {
		return err
	}
	return failed
}

// writePage writes index.html beside the artifacts, and the page with the artifacts in it if that is wanted.
func writePage(target string, static bool) error {
	if err := effect.Replace(effect.Real{}, filepath.Join(target, "index.html"), docsite.Page()); err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write index.html: %w", err)}
	}
	if !static {
		return nil
	}
	m, err := os.ReadFile(filepath.Join(target, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return exitError{exitUsage, fmt.Errorf("--static needs manifest.json in %s; leave --no-compile away, or run weft parse first", target)}
	} else if err != nil {
		return exitError{exitUsage, err}
	}
	catalog, err := os.ReadFile(filepath.Join(target, "catalog.json"))
	if err != nil {
		return exitError{exitUsage, err}
	}
	page, err := docsite.Static(m, catalog)
	if err == nil {
		err = effect.Replace(effect.Real{}, filepath.Join(target, "static_index.html"), page)
	}
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write static_index.html: %w", err)}
	}
	return nil
}

// writeCatalog writes catalog.json, whole or not at all.
func (o *options) writeCatalog(p *compiler.Project, catalog manifest.Catalog) error {
	catalog.Metadata = artifacts.Metadata(artifacts.Invocation{DbtVersion: dbtVersion, ID: o.invocation, StartedAt: o.started.UTC(), GeneratedAt: o.world.Now().UTC(),
		Env: p.MetadataEnv()}, "catalog", 1)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	path := filepath.Join(p.Info().TargetPath, "catalog.json")
	err := enc.Encode(catalog)
	if err == nil {
		err = effect.Replace(effect.Real{}, path, bytes.TrimRight(b.Bytes(), "\n"))
	}
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write catalog.json: %w", err)}
	}
	for _, problem := range catalog.Errors {
		o.event(eventlog.Warn, "WriteCatalogFailure", "E043", "[WARNING]: a part of the catalog is missing: "+problem, map[string]any{"num_exceptions": len(catalog.Errors)})
	}
	o.event(eventlog.Info, "CatalogWritten", "E042", "Catalog written to "+path, map[string]any{"path": path})
	if len(catalog.Errors) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// copyAssets puts the folders of asset-paths beside the artifacts, where descriptions expect their pictures.
func (o *options) copyAssets(info compiler.Info) error {
	for _, path := range info.AssetPaths {
		from, to := filepath.Join(info.Dir, path), filepath.Join(info.TargetPath, path)
		if !filepath.IsLocal(path) {
			return exitError{exitUsage, fmt.Errorf("asset-paths names %s, which is outside the project", path)}
		}
		if err := os.RemoveAll(to); err != nil {
			return exitError{exitUsage, err}
		}
		if stat, err := os.Stat(from); err != nil || !stat.IsDir() {
			continue
		}
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			return exitError{exitUsage, fmt.Errorf("cannot copy %s: %w", path, err)}
		}
	}
	return nil
}
