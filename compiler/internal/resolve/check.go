package resolve

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// check looks at the whole graph for what no single declaration can show.
func (b *binder) check() {
	b.checkUnique()
	b.checkGroups()
	b.checkAccess()
	b.checkSnapshots()
	b.checkMicrobatch()
	b.checkNames()
	b.checkDeprecations()
	b.checkConfigPaths()
	b.checkConfigSlips()
}

// checkConfigSlips warns of config keys that dbt does not know and that are spelt nearly as one that it does. Other unknown keys are the
// project's own, for its macros.
func (b *binder) checkConfigSlips() {
	told := map[string]bool{}
	for _, d := range b.nodes.order {
		n := d.n
		s := b.config.schemas.of(n.Kind)
		if s == nil || n.Config == nil || n.Config.Len() <= len(s.fields) || n.Package != b.set.Root.Name {
			continue
		}
		for k := range n.Config.Entries {
			key, ok := k.(jinja.Str)
			if _, known := s.index[string(key)]; !ok || known || len(key) < 6 || told[string(key)] {
				continue
			}
			for _, f := range s.fields {
				if least := min(2, len(key)/4); len(f.name) >= 6 && f.name[0] == key[0] && diag.Edits(string(key), f.name, least) <= least {
					x := b.diags.Add(diag.PropertyIgnored, placeOf(d), "the config '%s' of %s is none that dbt knows; dbt takes it and does nothing with it", key, n.ID)
					x.Hint, told[string(key)] = "Did you mean '"+f.name+"'?", true
					break
				}
			}
		}
	}
}

// checkDeprecations warns of models that are past their deprecation date, and of references to models that have one.
func (b *binder) checkDeprecations() {
	dates := map[node.ID]time.Time{}
	for _, d := range b.nodes.order {
		n := d.n
		if n.DeprecationDate == "" {
			continue
		}
		at, err := time.Parse("2006-01-02T15:04:05.999999-07:00", n.DeprecationDate)
		if err != nil {
			continue
		}
		dates[n.ID] = at
		if at.Before(b.set.Base.RunStartedAt) {
			b.diags.Add(diag.DeprecatedModel, n.Declared, "Model %s has passed its deprecation date of %s. This model should be disabled or removed.", versioned(n.Name, n.Version), n.DeprecationDate)
		}
	}
	if len(dates) == 0 {
		return
	}
	for _, d := range b.nodes.order {
		n := d.n
		if n.Kind != node.Model {
			continue
		}
		for _, id := range n.DependsOn {
			at, ok := dates[id]
			if !ok {
				continue
			}
			m := b.nodes.byID[id].n
			says := "is slated for deprecation on"
			if at.Before(b.set.Base.RunStartedAt) {
				says = "was deprecated on"
			}
			x := b.diags.Add(diag.DeprecatedModel, placeOf(d), "While compiling '%s': Found a reference to %s, which %s '%s'.", n.Name, versioned(m.Name, m.Version), says, m.DeprecationDate)
			if !isNone(m.LatestVersion) && !jinja.Equal(m.Version, m.LatestVersion) {
				x.Hint = "A new version of '" + m.Name + "' is available: " + jinja.Text(m.LatestVersion) + "."
			}
		}
	}
}

// checkUnique refuses two nodes of one name in a package, and two of one relation.
func (b *binder) checkUnique() {
	type key struct{ pkg, name string }
	plain, versions := map[key]*draft{}, map[key]*draft{}
	relations := make(map[string]*draft, len(b.nodes.order))
	strict := b.flag("require_unique_project_resource_names", false)
	for _, d := range b.nodes.order {
		if !d.relational {
			continue
		}
		n := d.n
		k := key{n.Package, n.Name}
		unversioned := isNone(n.Version)
		if other := plain[k]; other != nil && unversioned && refable(n.Kind) {
			if strict {
				b.duplicate(d, other)
			} else {
				x := b.diags.Add(diag.SameNameOtherKind, placeOf(d), "Found resources with the same name '%s' in package '%s': '%s' and '%s'. Please update one of the resources to have a unique name.", n.Name, n.Package, other.n.ID, n.ID)
				x.Deprecation = true
				x.Related = related(other)
			}
		}
		if unversioned {
			plain[k] = d
		} else {
			versions[k] = d
		}
		name := n.RelationName
		if name == "" {
			name = b.t.RelationName(n)
		}
		if other := relations[name]; other != nil {
			x := b.diags.Add(diag.AmbiguousRelation, placeOf(d), "dbt found two resources with the database representation \"%s\". dbt cannot create two resources with identical database representations: %s (%s) and %s (%s)",
				name, other.n.ID, other.n.OriginalPath, n.ID, n.OriginalPath)
			x.Hint = "Change the alias, schema or database of one of the two."
			x.Related = related(other)
			continue
		}
		relations[name] = d
	}
	keys := make([]key, 0, len(versions))
	for k := range versions {
		if plain[k] != nil {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y key) int { return cmp.Or(cmp.Compare(x.pkg, y.pkg), cmp.Compare(x.name, y.name)) })
	for _, k := range keys {
		v, u := versions[k], plain[k]
		x := b.diags.Add(diag.BadVersions, placeOf(u), "dbt found versioned and unversioned models with the name \"%s\". Since these resources have the same name, dbt will be unable to find the correct resource when looking for ref('%s').", k.name, k.name)
		x.Hint = "Change the name of the unversioned resource " + string(u.n.ID) + " (" + u.n.OriginalPath + "), or add the unversioned model to the versions in " + v.n.PatchPath + "."
	}
}

func (b *binder) checkGroups() {
	var names []string
	for _, g := range b.groups {
		names = addName(names, g.Name)
	}
	slices.Sort(names)
	for _, d := range slices.Concat(b.metrics.order, b.semantic.order, b.saved.order, b.nodes.order) {
		n := d.n
		if n.Group == "" || slices.Contains(names, n.Group) || n.Kind == node.Test && n.Test.Generic && n.Test.Attached != "" {
			continue
		}
		x := b.diags.Add(diag.GroupNotFound, placeOf(d), "Invalid group '%s', expected one of %s (%s in %s)", n.Group, jinja.Repr(textValues(names)), n.ID, n.OriginalPath)
		x.Hint = hintFor(n.Group, names)
		x.Node = string(n.ID)
	}
}

func (b *binder) checkAccess() {
	for _, d := range b.nodes.order {
		n := d.n
		if n.Kind == node.Model && n.Access == "public" && jinja.Text(at(n.Config, "materialized")) == "ephemeral" {
			b.diags.Add(diag.BadAccess, placeOf(d), "Node %s with 'ephemeral' materialization has an invalid value (public) for the access field", n.ID).Node = string(n.ID)
		}
	}
}

// checkSnapshots refuses snapshots without what their strategy needs.
func (b *binder) checkSnapshots() {
	for _, d := range b.nodes.order {
		n := d.n
		if n.Kind != node.Snapshot {
			continue
		}
		bad := func(format string, args ...any) {
			x := b.diags.Add(diag.BadSnapshot, placeOf(d), format, args...)
			x.Detail += " (" + string(n.ID) + " in " + n.OriginalPath + ")"
			x.Node = string(n.ID)
		}
		get := func(key string) jinja.Value { return at(n.Config, key) }
		strategy, cols := get("strategy"), get("check_cols")
		if !jinja.Truth(strategy) || !jinja.Truth(get("unique_key")) {
			bad("Snapshots must be configured with a 'strategy' and 'unique_key'.")
			continue
		}
		switch jinja.Text(strategy) {
		case "check":
			if !jinja.Truth(cols) {
				bad("A snapshot configured with the check strategy must specify a check_cols configuration.")
			} else if s, ok := cols.(jinja.Str); ok && s != "all" {
				bad("Invalid value for 'check_cols': %s. Expected 'all' or a list of strings.", s)
			}
		case "timestamp":
			if !jinja.Truth(get("updated_at")) {
				bad("A snapshot configured with the timestamp strategy must specify an updated_at configuration.")
			}
			if jinja.Truth(cols) {
				bad("A 'timestamp' snapshot should not have 'check_cols'")
			}
		}
		if m := jinja.Text(get("materialized")); m != "" && m != "snapshot" {
			bad("A snapshot must have a materialized value of 'snapshot'")
		}
	}
}

// checkMicrobatch refuses microbatch models without what batches are made of.
func (b *binder) checkMicrobatch() {
	if !b.flag("require_batched_execution_for_custom_microbatch_strategy", true) {
		if m := b.macros.anywhere["get_incremental_microbatch_sql"]; m == nil || !m.BuiltIn {
			return
		}
	}
	for _, d := range b.nodes.order {
		n := d.n
		if n.Kind != node.Model || jinja.Text(at(n.Config, "materialized")) != "incremental" || jinja.Text(at(n.Config, "incremental_strategy")) != "microbatch" {
			continue
		}
		bad := func(format string, args ...any) {
			b.diags.Add(diag.BadMicrobatch, placeOf(d), "Microbatch model '"+n.Name+"' "+format, args...).Node = string(n.ID)
		}
		switch v := at(n.Config, "event_time").(type) {
		case jinja.NoneType:
			bad("must provide an 'event_time' (string) config that indicates the name of the event time column.")
		case jinja.Str:
		default:
			bad("must provide an 'event_time' config of type string, but got: %s.", v.TypeName())
		}
		switch v := at(n.Config, "begin").(type) {
		case jinja.NoneType:
			bad("must provide a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from.")
		case jinja.Str:
			if t, ok := isoDateTime(string(v)); ok {
				n.Config = n.Config.Copy()
				n.Config.Set("begin", jinja.Str(t))
			} else {
				bad("must provide a 'begin' config of valid datetime (ISO format), but got: %s.", v)
			}
		case jinja.Int, jinja.Float, jinja.Bool:
			bad("must provide a 'begin' config of type datetime, but got: %s.", v.TypeName())
		}
		sizes := []string{"hour", "day", "month", "year"}
		if v := at(n.Config, "batch_size"); !slices.Contains(sizes, jinja.Text(v)) {
			bad("must provide a 'batch_size' config that is one of %s, but got: %s.", jinja.Repr(textValues(sizes)), jinja.Text(v))
		}
		switch v := at(n.Config, "lookback").(type) {
		case jinja.NoneType, jinja.Int, jinja.Bool:
		default:
			bad("must provide the optional 'lookback' config as type int, but got: %s.", v.TypeName())
		}
		switch v := at(n.Config, "concurrent_batches").(type) {
		case jinja.NoneType, jinja.Bool:
		default:
			bad("optional 'concurrent_batches' config must be of type `bool` if specified, but got: %s.", v.TypeName())
		}
	}
}

// isoDateTime reads a date or a time and gives it as Python's datetime.isoformat() does.
func isoDateTime(s string) (string, bool) {
	for _, layout := range [...]string{"2006-01-02", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04", "2006-01-02 15:04", "20060102", "2006-01-02T15", "2006-01-02 15"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		out := "2006-01-02T15:04:05"
		if t.Nanosecond() != 0 {
			out += ".000000"
		}
		if strings.HasSuffix(layout, "Z07:00") {
			out += "-07:00"
		}
		return t.Format(out), true
	}
	return "", false
}

func (b *binder) checkNames() {
	var bad []*draft
	for _, d := range b.nodes.order {
		if strings.Contains(d.n.Name, " ") {
			bad = append(bad, d)
		}
	}
	for _, d := range bad {
		code := diag.NameWithSpace
		if b.flag("require_resource_names_without_spaces", true) {
			code = diag.BadName
		}
		x := b.diags.Add(code, placeOf(d), "Resource names cannot contain spaces: '%s' (%s)", d.n.ID, d.n.OriginalPath)
		x.Hint = "Please rename the invalid model(s) so that their name(s) do not contain any spaces."
	}
}

// checkConfigPaths warns of levels of the root's dbt_project.yml that no resource lies under.
func (b *binder) checkConfigPaths() {
	if b.set.Root == nil || b.set.Root.Config == nil {
		return
	}
	levels := map[string]map[string]bool{}
	note := func(section string, n *resource.Node) {
		used := levels[section]
		if used == nil {
			used = map[string]bool{"": true}
			levels[section] = used
		}
		path := ""
		for _, part := range n.FQN {
			path += "." + part
			if used[path] {
				continue
			}
			used[path] = true
		}
	}
	sections := []string{"models", "seeds", "snapshots", "sources", "data_tests", "unit_tests", "metrics", "semantic-models", "saved-queries", "exposures", "functions"}
	for _, t := range [...]*table{b.nodes, b.sources, b.exposures, b.metrics, b.semantic, b.saved, b.units, b.functions} {
		for _, d := range t.order {
			if d.n.Kind != node.Analysis && d.n.Kind != node.Operation {
				note(sectionOf(d.n.Kind, b.config.analyses), d.n)
			}
		}
	}
	for _, d := range b.disabled {
		for _, s := range sections {
			note(s, d.n)
		}
	}
	var unused []string
	for _, s := range sections {
		h := b.set.Root.Config.Resources[s]
		if h.Rendered == nil {
			continue
		}
		var walk func(d *jinja.Dict, path string)
		walk = func(d *jinja.Dict, path string) {
			said := false
			for k, v := range d.Entries {
				name := jinja.Text(k)
				if sub, ok := v.(*jinja.Dict); ok && !strings.HasPrefix(name, "+") {
					walk(sub, path+"."+name)
				} else if !said && !levels[s][path] {
					said = true
					unused = append(unused, strings.ReplaceAll(s, "-", "_")+path)
				}
			}
		}
		walk(h.Rendered, "")
	}
	if len(unused) == 0 {
		return
	}
	x := b.diags.Add(diag.UnusedConfigPath, b.rootSpan(), "Configuration paths exist in your dbt_project.yml file which do not apply to any resources. There are %d unused configuration paths: %s", len(unused), strings.Join(unused, ", "))
	x.Hint = "A path is the package's name, the folders, and the resource's name."
}
