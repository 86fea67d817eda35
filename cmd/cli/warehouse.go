package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/weft-data/weft/compiler"
)

// closable is a warehouse that may hold something open.
type closable interface {
	compiler.Warehouse
	Close() error
}

// offline answers from a catalog and holds nothing open.
type offline struct{ compiler.Warehouse }

// Close does nothing.
func (offline) Close() error { return nil }

// warehouse is what templates of compile, show and ls may ask: with --offline the catalog, else the target's engine, opened at the
// first question and read-only.
func (o *options) warehouse(ctx context.Context, p *compiler.Project) (closable, error) {
	if o.catalog != "" && !o.offline {
		return nil, exitError{exitUsage, fmt.Errorf("--catalog goes with --offline")}
	}
	if o.offline || !o.introspect {
		if o.catalog == "" {
			return offline{p.Offline()}, nil
		}
		data, err := os.ReadFile(o.path(o.catalog))
		if err != nil {
			return nil, exitError{exitUsage, fmt.Errorf("cannot read the catalog: %w", err)}
		}
		w, diags := p.Catalog(o.catalog, data)
		o.report(diags)
		if diags.HasErrors() {
			return nil, exitError{code: exitUsage}
		}
		return offline{w}, nil
	}
	return &liveWarehouse{open: func() (asker, func() error, error) {
		e, err := o.openEngine(ctx, p, 1, true)
		if err != nil {
			return nil, nil, err
		}
		d := &directAsker{engine: e}
		return d, d.Close, nil
	}}, nil
}
