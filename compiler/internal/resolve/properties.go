package resolve

import (
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// property is one entry of models, seeds, snapshots, analyses, functions, macros or data_tests.
type property struct {
	section     string
	pkg         *packageState
	path        string // of the properties file within the package
	at          place
	name        string
	description string
	// config is rendered, with the keys moved in that may stand beside it; raw is `config:` as written.
	config, raw *jinja.Dict
	columns     []columnProperty
	// keys are the places of config keys; foreign those of keys that only models have.
	keys, foreign []keyPlace
	tests         []testProperty
	constraints   []*jinja.Dict
	quoteColumns  jinja.Value
	meta          *jinja.Dict // of macros, which do not move it into config
	docs          *jinja.Dict

	latest       jinja.Value // nil if not given
	latestAt     source.Span
	versions     []versionProperty
	deprecation  string
	timeSpine    jinja.Value
	hasRelation  bool
	relation     string
	relationSpan source.Span
	arguments    []*jinja.Dict
	returns      *jinja.Dict
	overloads    []*jinja.Dict

	semantics *modelSemantics
}

// keyPlace is where a key stands.
type keyPlace struct {
	key  string
	span source.Span
}

// testProperty is a test as declared, not rendered: the name of one, or a mapping.
type testProperty struct {
	value jinja.Value
	at    source.Span
}

// columnProperty is one column as declared.
type columnProperty struct {
	at                source.Span
	name, description string
	dataType          string
	tests             []testProperty
	*columnDetails    // the reader's plain ones, or the column's own
}

// columnDetails is what few columns have.
type columnDetails struct {
	quote             jinja.Value
	tags, configTags  []string
	meta, configMeta  *jinja.Dict
	constraints       []*jinja.Dict
	granularity       string
	dimension, entity jinja.Value
	semantic          bool
	extra             *jinja.Dict
}

// versionProperty is one entry of `versions:`.
type versionProperty struct {
	at          source.Span
	v           jinja.Value
	definedIn   string
	description string
	config, raw *jinja.Dict
	constraints []*jinja.Dict
	tests       []testProperty
	hasTests    bool
	include     []string // nil: all
	exclude     []string
	columns     []columnProperty
	deprecation string
}

func (r *reader) bad(n *yamldoc.Node, name, format string, args ...any) {
	r.failed = true
	d := r.out.Add(diag.BadProperty, r.span(n), format, args...)
	if name != "" {
		d.Detail = "Invalid " + r.section + " config given in " + r.file.OriginalPath + " @ " + r.section + ": '" + name + "' - " + d.Detail
	} else {
		d.Detail = "Invalid " + r.section + " config given in " + r.file.OriginalPath + " - " + d.Detail
	}
}

// text reads a string that must be one; missing gives "".
func (r *reader) text(n *yamldoc.Node, owner, key string) string {
	if n == nil {
		return ""
	}
	r.push(key)
	v := r.value(n)
	r.pop()
	s, ok := v.(jinja.Str)
	if !ok {
		r.bad(n, owner, "at path ['%s']: %s is not of type 'string'", key, jinja.Repr(v))
	}
	return string(s)
}

// optional reads a string or None.
func (r *reader) optional(n *yamldoc.Node, owner, key string) string {
	if n == nil || n.Kind == yamldoc.Null {
		return ""
	}
	return r.text(n, owner, key)
}

// mapping reads a rendered mapping; missing gives nil.
func (r *reader) mapping(n *yamldoc.Node, owner, key string) *jinja.Dict {
	if n == nil {
		return nil
	}
	r.push(key)
	v := r.value(n)
	r.pop()
	d, ok := v.(*jinja.Dict)
	if !ok {
		r.bad(n, owner, "at path ['%s']: %s is not of type 'object'", key, jinja.Repr(v))
	}
	return d
}

// sequence gives the items of a list that must be one.
func (r *reader) sequence(n *yamldoc.Node, owner, key string) []*yamldoc.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yamldoc.Sequence {
		r.bad(n, owner, "at path ['%s']: %s is not of type 'array'", key, jinja.Repr(r.raw(n)))
		return nil
	}
	return n.Items
}

// texts reads a list of strings, or a single one.
func (r *reader) texts(n *yamldoc.Node, owner, key string) []string {
	if n == nil {
		return nil
	}
	r.push(key)
	v := r.value(n)
	r.pop()
	var out []string
	for _, x := range items(v) {
		s, ok := x.(jinja.Str)
		if !ok {
			r.bad(n, owner, "at path ['%s']: %s is not of type 'string'", key, jinja.Repr(x))
			return out
		}
		out = append(out, string(s))
	}
	return out
}

// testsOf finds the tests of an entry under their two names.
func (r *reader) testsOf(n *yamldoc.Node, owner string) (tests []testProperty, given bool) {
	old, now := n.Get("tests"), n.Get("data_tests")
	if old != nil && old.Kind != yamldoc.Null && !(old.Kind == yamldoc.Sequence && len(old.Items) == 0) {
		if now != nil {
			r.bad(old, owner, "Invalid test config: cannot have both 'tests' and 'data_tests' defined")
			return nil, true
		}
		return r.testList(old, owner, "tests"), true
	}
	if now != nil {
		return r.testList(now, owner, "data_tests"), true
	}
	return nil, false
}

func (r *reader) testList(n *yamldoc.Node, owner, key string) []testProperty {
	list := r.sequence(n, owner, key)
	if len(list) == 0 {
		return nil
	}
	out := make([]testProperty, len(list))
	for i, t := range list {
		out[i] = testProperty{r.raw(t), t.Span}
	}
	return out
}

// movable are the keys of an entry that may also stand below config.
var movable = [...]string{"meta", "docs", "group", "contract", "access"}

// configOf reads `config:` and moves into it what may stand beside it.
func (r *reader) configOf(n *yamldoc.Node, owner string) (config, raw *jinja.Dict) {
	if c := n.Get("config"); c != nil {
		config = r.mapping(c, owner, "config")
		raw, _ = r.raw(c).(*jinja.Dict)
	}
	for _, key := range movable {
		v := n.Get(key)
		if v == nil {
			continue
		}
		if config != nil {
			if _, twice := config.Get(key); twice {
				r.bad(v, owner, "found %s dictionary in 'config' dictionary and as top-level key. Remove the top-level key and define it under 'config' dictionary only.", key)
				continue
			}
		} else {
			config = jinja.NewDict(2)
		}
		r.push(key)
		config.Set(key, r.value(v))
		r.pop()
	}
	return config, raw
}

// configPlaces are the places of the config keys of an entry.
func configPlaces(n *yamldoc.Node) []keyPlace {
	var out []keyPlace
	if c := n.Get("config"); c != nil {
		for i := range c.Pairs {
			out = append(out, keyPlace{canonicalKey(c.Pairs[i].Name), c.Pairs[i].Value.Span})
		}
	}
	for _, key := range movable {
		if v := n.Get(key); v != nil {
			out = append(out, keyPlace{key, v.Span})
		}
	}
	return out
}

func (r *reader) property(n *yamldoc.Node) *property {
	p := &property{section: r.section, pkg: r.pkg, path: r.file.OriginalPath, at: placeIn(n)}
	p.name = r.text(n.Get("name"), "", "name")
	p.description = r.text(n.Get("description"), p.name, "description")
	if r.section == "macros" {
		p.config = r.mapping(n.Get("config"), p.name, "config")
		p.meta = r.mapping(n.Get("meta"), p.name, "meta")
		p.docs = r.mapping(n.Get("docs"), p.name, "docs")
		p.arguments = r.argumentsOf(n, p.name)
		return p
	}
	p.config, p.raw = r.configOf(n, p.name)
	p.keys = configPlaces(n)
	if r.section != "models" {
		for _, key := range [...]string{"latest_version", "version", "constraints"} {
			if x := n.Get(key); x != nil && x.Kind != yamldoc.Null {
				p.foreign = append(p.foreign, keyPlace{key, x.Span})
			}
		}
	}
	if r.section == "data_tests" {
		return p
	}
	p.columns = r.columns(n.Get("columns"), p.name, "columns")
	p.constraints = r.dicts(n.Get("constraints"), p.name, "constraints")
	switch r.section {
	case "models", "seeds", "snapshots":
		p.tests, _ = r.testsOf(n, p.name)
		if q := n.Get("quote_columns"); q != nil {
			r.push("quote_columns")
			p.quoteColumns = r.value(q)
			r.pop()
		}
	case "functions":
		p.arguments = r.dicts(n.Get("arguments"), p.name, "arguments")
		p.returns = r.mapping(n.Get("returns"), p.name, "returns")
		p.overloads = r.dicts(n.Get("overloads"), p.name, "overloads")
		if p.returns == nil {
			r.bad(n, p.name, "'returns' is a required property")
		}
	}
	switch r.section {
	case "models":
		r.model(p, n)
	case "snapshots":
		if rel := n.Get("relation"); rel != nil {
			// dbt reads the relation before anything is rendered
			p.hasRelation, p.relation, p.relationSpan = true, rel.Str, rel.Span
		}
	}
	if !r.failed {
		r.unknownKeys(n, p.name)
	}
	return p
}

// model reads what only models have.
func (r *reader) model(p *property, n *yamldoc.Node) {
	if v := n.Get("latest_version"); v != nil && v.Kind != yamldoc.Null {
		p.latest, p.latestAt = r.versionOf(v, "latest_version"), v.Span
	}
	p.deprecation = r.moment(n.Get("deprecation_date"), p.name, "deprecation_date")
	if v := n.Get("time_spine"); v != nil && v.Kind != yamldoc.Null {
		p.timeSpine = r.timeSpine(v, p.name)
	}
	for i, v := range r.sequence(n.Get("versions"), p.name, "versions") {
		r.path = append(r.path, "versions", "0")
		p.versions = append(p.versions, r.version(v, p.name, i))
		r.path = r.path[:len(r.path)-2]
	}
	r.checkVersions(p)
	p.semantics = r.semantics(n, p.name)
}

func (r *reader) versionOf(n *yamldoc.Node, key string) jinja.Value {
	r.push(key)
	defer r.pop()
	v := r.value(n)
	switch v.(type) {
	case jinja.Str, jinja.Int, jinja.Float:
		return v
	}
	r.bad(n, "", "at path ['%s']: %s is not a version", key, jinja.Repr(v))
	return jinja.Str("")
}

func (r *reader) version(n *yamldoc.Node, owner string, i int) versionProperty {
	v := versionProperty{at: n.Span}
	if n.Kind != yamldoc.Mapping || n.Get("v") == nil {
		r.bad(n, owner, "at path ['versions'][%d]: 'v' is a required property", i)
		v.v = jinja.Str("")
		return v
	}
	v.v = r.versionOf(n.Get("v"), "v")
	v.definedIn = r.optional(n.Get("defined_in"), owner, "defined_in")
	v.description = r.text(n.Get("description"), owner, "description")
	v.config = r.mapping(n.Get("config"), owner, "config")
	if c := n.Get("config"); c != nil {
		v.raw, _ = r.raw(c).(*jinja.Dict)
	}
	// dbt reads `access` and `docs` of a version, and then lets the model's count.
	r.optional(n.Get("access"), owner, "access")
	v.constraints = r.dicts(n.Get("constraints"), owner, "constraints")
	v.deprecation = r.moment(n.Get("deprecation_date"), owner, "deprecation_date")
	v.tests, v.hasTests = r.testsOf(n, owner)
	seen := false
	for _, c := range r.sequence(n.Get("columns"), owner, "columns") {
		if c.Get("include") == nil && c.Get("exclude") == nil {
			r.path = append(r.path, "columns", "0")
			v.columns = append(v.columns, r.column(c, owner))
			r.path = r.path[:len(r.path)-2]
			continue
		}
		if seen {
			r.bad(c, owner, "version can have at most one include/exclude element")
		}
		seen = true
		v.include = r.texts(c.Get("include"), owner, "include")
		if v.include == nil {
			v.include = []string{}
		}
		v.exclude = r.texts(c.Get("exclude"), owner, "exclude")
	}
	r.onlyKeys(n, owner, "v", "defined_in", "description", "access", "config", "constraints", "docs", "data_tests", "tests", "columns", "deprecation_date")
	return v
}

// includes says whether a version has a column of the model's list.
func (v *versionProperty) includes(column string) bool {
	if v.include == nil {
		return true
	}
	all := len(v.include) == 1 && (v.include[0] == "*" || v.include[0] == "all")
	return (all || slices.Contains(v.include, column)) && !slices.Contains(v.exclude, column)
}

func (r *reader) columns(n *yamldoc.Node, owner, key string) []columnProperty {
	list := r.sequence(n, owner, key)
	if len(list) == 0 {
		return nil
	}
	out := make([]columnProperty, 0, len(list))
	r.path = append(r.path, "columns", "0")
	for _, c := range list {
		out = append(out, r.column(c, owner))
	}
	r.path = r.path[:len(r.path)-2]
	return out
}

func (r *reader) column(n *yamldoc.Node, owner string) columnProperty {
	c := columnProperty{at: n.Span, columnDetails: r.b.noDetails}
	if n.Kind != yamldoc.Mapping || n.Get("name") == nil {
		r.bad(n, owner, "at path ['columns']: 'name' is a required property")
		return c
	}
	for i := range n.Pairs {
		key, v := n.Pairs[i].Name, n.Pairs[i].Value
		switch key {
		case "name", "description", "data_type", "tests", "data_tests", "docs", "_extra":
		default:
			if c.columnDetails == r.b.noDetails {
				own := *r.b.noDetails
				c.columnDetails = &own
			}
		}
		switch key {
		case "name":
			c.name = r.text(v, owner, key)
		case "description":
			c.description = r.text(v, owner, key)
		case "data_type":
			c.dataType = r.optional(v, owner, key)
		case "quote":
			r.push(key)
			c.quote = r.value(v)
			r.pop()
		case "tags":
			c.tags = r.texts(v, owner, key)
		case "meta":
			c.meta = r.mapping(v, owner, key)
		case "config":
			d := r.mapping(v, owner, key)
			if d == nil {
				continue
			}
			if t, ok := d.Get("tags"); ok {
				for _, x := range items(t) {
					if s, ok := x.(jinja.Str); ok {
						c.configTags = append(c.configTags, string(s))
					}
				}
			}
			if m, ok := d.Get("meta"); ok {
				c.configMeta, _ = m.(*jinja.Dict)
			}
		case "constraints":
			c.constraints = r.dicts(v, owner, key)
		case "granularity":
			c.granularity = r.optional(v, owner, key)
		case "dimension", "entity":
			r.push(key)
			x := r.value(v)
			r.pop()
			if key == "dimension" {
				c.dimension = x
			} else {
				c.entity = x
			}
			c.semantic = true
		case "tests", "data_tests":
		case "docs", "_extra":
		default:
			if c.extra == nil {
				c.extra = jinja.NewDict(2)
			}
			r.push(key)
			c.extra.Set(key, r.value(v))
			r.pop()
			if hint := hintFor(key, columnKeys); hint != "" { // others may be for tools of the project's own
				d := r.out.Add(diag.PropertyIgnored, r.span(n.Pairs[i].Key), "'%s' is not a property of a column (%s of %s in %s); dbt takes it and does nothing with it", key, c.name, owner, r.file.OriginalPath)
				d.Deprecation, d.Hint = true, hint
			}
		}
	}
	c.tests, _ = r.testsOf(n, owner)
	return c
}

// dicts reads a list of mappings, rendered.
func (r *reader) dicts(n *yamldoc.Node, owner, key string) []*jinja.Dict {
	if n == nil || n.Kind == yamldoc.Null {
		return nil
	}
	r.push(key)
	defer r.pop()
	var out []*jinja.Dict
	for _, item := range r.sequence(n, owner, key) {
		r.push("0")
		d, ok := r.value(item).(*jinja.Dict)
		r.pop()
		if !ok {
			r.bad(item, owner, "at path ['%s']: expected a mapping", key)
			continue
		}
		out = append(out, d)
	}
	return out
}

// argumentsOf reads the documented arguments of a macro.
func (r *reader) argumentsOf(n *yamldoc.Node, owner string) []*jinja.Dict {
	var out []*jinja.Dict
	for _, a := range r.dicts(n.Get("arguments"), owner, "arguments") {
		name, ok := a.Get("name")
		if !ok {
			r.bad(n, owner, "at path ['arguments']: 'name' is a required property")
			continue
		}
		d, _ := filled(a, dictOf("name", name, "type", jinja.None, "description", jinja.Str("")))
		out = append(out, d.(*jinja.Dict))
	}
	return out
}

func (r *reader) timeSpine(n *yamldoc.Node, owner string) jinja.Value {
	d := r.mapping(n, owner, "time_spine")
	if d == nil {
		return jinja.None
	}
	std, ok := d.Get("standard_granularity_column")
	if !ok {
		r.bad(n, owner, "at path ['time_spine']: 'standard_granularity_column' is a required property")
		return jinja.None
	}
	list := jinja.NewList()
	if c, ok := d.Get("custom_granularities"); ok {
		for _, g := range items(c) {
			f, bad := filled(g, dictOf("name", jinja.None, "column_name", jinja.None))
			if bad == "" {
				list.Items = append(list.Items, f)
			}
		}
	}
	return dictOf("standard_granularity_column", std, "custom_granularities", list)
}

// moment reads a date or a time in the form of the manifest. One without a zone is taken as UTC, so that the result does not
// depend on the machine; dbt takes the machine's zone.
func (r *reader) moment(n *yamldoc.Node, owner, key string) string {
	s := r.optional(n, owner, key)
	if s == "" {
		return ""
	}
	for _, layout := range [...]string{"2006-01-02", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("2006-01-02T15:04:05.999999-07:00")
		}
	}
	r.bad(n, owner, "at path ['%s']: %s is not a date", key, quoted(s))
	return ""
}

// onlyKeys refuses keys that dbt refuses.
func (r *reader) onlyKeys(n *yamldoc.Node, owner string, keys ...string) {
	for i := range n.Pairs {
		if name := n.Pairs[i].Name; !slices.Contains(keys, name) {
			r.failed = true
			d := r.out.Add(diag.BadProperty, r.span(n.Pairs[i].Key), "Invalid %s config given in %s @ %s: '%s' - Additional properties are not allowed ('%s' was unexpected)",
				r.section, r.file.OriginalPath, r.section, owner, name)
			d.Hint = hintFor(name, keys)
		}
	}
}

var commonKeys = []string{"name", "description", "config", "meta", "docs", "columns", "data_tests", "tests", "constraints", "group", "access", "contract",
	"quote_columns", "latest_version", "versions", "deprecation_date", "time_spine", "semantic_model", "metrics", "derived_semantics",
	"agg_time_dimension", "primary_entity", "relation", "data_type", "arguments", "returns", "overloads", "freshness"}

var columnKeys = []string{"description", "data_type", "data_tests", "tests", "constraints", "quote", "tags", "meta", "config", "docs"}

// unknownKeys warns of keys that dbt takes and does nothing with.
func (r *reader) unknownKeys(n *yamldoc.Node, owner string) {
	for i := range n.Pairs {
		if name := n.Pairs[i].Name; !slices.Contains(commonKeys, name) {
			d := r.out.Add(diag.PropertyIgnored, r.span(n.Pairs[i].Key), "'%s' is not a property of %s (%s in %s); dbt takes it and does nothing with it", name, r.section, owner, r.file.OriginalPath)
			d.Deprecation = true
			d.Hint = hintFor(name, commonKeys)
			if d.Hint == "" {
				d.Hint = "Custom keys belong under `config: meta:`."
			}
		}
	}
}

// info is the column as the manifest shows it.
func (b *binder) info(c *columnProperty) resource.Column {
	col := resource.Column{Name: c.name, Description: c.description, DataType: c.dataType, Span: c.at, ColumnDetails: b.plainColumn}
	if c.columnDetails != b.noDetails {
		col.ColumnDetails = b.details(c)
	}
	return col
}

// details are the details of a column that has some.
func (b *binder) details(c *columnProperty) *resource.ColumnDetails {
	out := &resource.ColumnDetails{Quote: c.quote, Granularity: c.granularity, Constraints: fullConstraints(c.constraints, false), Extra: c.extra,
		Dimension: c.dimension, Entity: c.entity}
	if c.semantic {
		out.Dimension, out.Entity = c.parts()
	}
	for _, list := range [2][]string{c.tags, c.configTags} {
		for _, t := range list {
			if !slices.Contains(out.Tags, t) {
				out.Tags = append(out.Tags, t)
			}
		}
	}
	out.Meta = b.noMeta
	if c.meta != nil || c.configMeta != nil {
		out.Meta = jinja.NewDict(2)
		for _, d := range [2]*jinja.Dict{c.meta, c.configMeta} {
			if d != nil {
				for k, v := range d.Entries {
					_ = out.Meta.Store(k, v)
				}
			}
		}
	}
	out.Config = b.plainColumn.Config
	if len(out.Tags) > 0 || out.Meta != b.noMeta {
		out.Config = dictOf("meta", out.Meta, "tags", textValues(out.Tags))
	}
	return out
}

// parts are the column's dimension and entity with all their keys.
func (c *columnProperty) parts() (dimension, entity jinja.Value) {
	name, description := jinja.Str(c.name), jinja.Str(c.description)
	base := func(d *jinja.Dict) *jinja.Dict {
		return dictOf("name", textOr(at(d, "name"), name), "type", at(d, "type"), "description", textOr(at(d, "description"), description), "label", at(d, "label"))
	}
	config := func(d *jinja.Dict) jinja.Value {
		if x, ok := at(d, "config").(*jinja.Dict); ok {
			return x
		}
		return jinja.NewDict(0)
	}
	dimension, entity = c.dimension, c.entity
	if d, ok := dimension.(*jinja.Dict); ok {
		m := base(d)
		m.Set("is_partition", flagOf(at(d, "is_partition")))
		m.Set("config", config(d))
		m.Set("validity_params", validity(at(d, "validity_params")))
		dimension = m
	}
	if d, ok := entity.(*jinja.Dict); ok {
		m := base(d)
		m.Set("config", config(d))
		entity = m
	}
	return dimension, entity
}

func hintFor(name string, known []string) string {
	return didYouMean(nearest(name, known))
}

func didYouMean(best string) string {
	if best == "" {
		return ""
	}
	return "Did you mean '" + best + "'?"
}

// nearest is the known word with the smallest edit distance, if it is near enough to be a slip.
func nearest(name string, known []string) string {
	best, at := "", 1+len(name)/3
	name = strings.ToLower(name)
	for _, k := range known {
		if d := diag.Edits(name, strings.ToLower(k), at); d < at || d == at && best == "" && d <= len(name)/3 {
			best, at = k, d
		}
	}
	return best
}
