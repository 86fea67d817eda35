package planning

import (
	"context"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// pointer is the view `latest_version_pointer` of a model's newest version, nil if it is not wanted.
func (pl *Planned) pointer(ctx context.Context, n *resource.Node, w warehouse.Warehouse) (*node.Relation, diag.List) {
	if n.Kind != node.Model || isNone(n.Version) || !jinja.Equal(n.Version, n.LatestVersion) {
		return nil, nil
	}
	wanted := resource.SettingsOf(pl.project.Set.Root.Config.Flags).Truth("latest_version_pointer_enabled_by_default")
	alias := jinja.Value(jinja.None)
	switch v := n.Settings().Value("latest_version_pointer").(type) {
	case jinja.Bool:
		wanted = bool(v)
	case *jinja.Dict:
		if on, ok := v.Get("enabled"); ok && !isNone(on) {
			wanted = jinja.Truth(on)
		}
		if a, ok := v.Get("alias"); ok && jinja.Truth(a) {
			alias = jinja.Str(strings.TrimSpace(jinja.Text(a)))
		}
	}
	if !wanted || n.Materialized() == "ephemeral" {
		return nil, nil
	}
	f := source.NewFile(n.OriginalPath+" (latest_version_pointer)", "{{ generate_latest_version_pointer_alias(pointer_alias, model) }}")
	out, diags := pl.renderer(ctx, w).RenderText(n, source.Whole(f), nil, map[string]jinja.Value{"pointer_alias": alias})
	if diags.HasErrors() {
		return nil, diags
	}
	r := n.Relation()
	r.Identifier = strings.TrimSpace(out.Text)
	if r == n.Relation() {
		d := diags.Add(diag.StatementFailed, n.Code, "Cannot create latest version pointer: the latest version of '%s' is already aliased to '%s'. Set `latest_version_pointer: enabled: false` or remove the conflicting alias.", n.Name, r.Identifier)
		d.Node = string(n.ID)
		return nil, diags
	}
	return &r, diags
}

func isNone(v jinja.Value) bool { return v == nil || v == jinja.None }
