package resolve

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// fixture is a file of rows for unit tests; it is read when one asks for it.
type fixture struct {
	file *project.SourceFile
	rows jinja.Value
	read bool
}

func (b *binder) readFixtures(p *packageState) {
	for i := range p.Fixtures {
		f := &p.Fixtures[i]
		name := fixtureName(f.Path)
		id := p.Name + "." + name
		if other, twice := b.fixtures[id]; twice {
			b.duplicateNames("fixtures", name, name, "fixture."+id, f.OriginalPath, placeOfFile(f), "fixture."+id, other.file.OriginalPath, placeOfFile(other.file))
			continue
		}
		b.fixtures[id] = &fixture{file: f}
	}
}

// rowsOf reads the fixture: CSV as rows of texts, SQL as text.
func (b *binder) rowsOf(f *fixture) (jinja.Value, error) {
	if f.read {
		return f.rows, nil
	}
	text := ""
	if f.file.Text != nil {
		text = f.file.Text.Text
	} else {
		raw, err := b.o.ReadFile(f.file.Abs)
		if err != nil {
			return jinja.None, err
		}
		text = string(raw)
	}
	text = strings.TrimFunc(text, pythonSpace)
	f.read = true
	if strings.HasSuffix(f.file.Path, ".csv") {
		f.rows = csvRows(text)
	} else {
		f.rows = jinja.Str(text)
	}
	return f.rows, nil
}

// csvRows reads CSV with a header as rows of texts; a short row has None for what is missing.
func csvRows(text string) *jinja.List {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	out := jinja.NewList()
	header, err := r.Read()
	if err != nil {
		return out
	}
	for {
		record, err := r.Read()
		if err != nil {
			return out
		}
		row := jinja.NewDict(len(header))
		for i, name := range header {
			if i < len(record) {
				row.Set(name, jinja.Str(record[i]))
			} else {
				row.Set(name, jinja.None)
			}
		}
		out.Items = append(out.Items, row)
	}
}

// unitTest makes the node of a unit test. The model it tests is found when all models are known.
func (b *binder) unitTest(d *declaration, c *contents) {
	model := d.text("model")
	out := b.newDeclared(d, node.UnitTest, c, d.name, d.config())
	n := out.n
	n.ID = node.Make(node.UnitTest, c.pkg.Name, model, d.name)
	_, below, _ := strings.Cut(c.file.OriginalPath, "/")
	n.FQN = fqnOf(c.pkg.Name, below, model, d.name)
	st, problems := b.config.build(c.pkg.Package, node.UnitTest, n.FQN, d.config(), nil)
	out.state = st
	var bad []configProblem
	n.Config, bad = st.finish()
	b.reportConfig(&b.diags, out, append(problems, bad...))
	n.Enabled = st.enabled()
	n.Tags = textsOf(st.get("tags"))
	if m, ok := at(n.Config, "meta").(*jinja.Dict); ok {
		n.Meta = m
	}
	n.Description = d.text("description")
	u := &resource.UnitTest{Model: model, Versions: versionsOf(d.get("versions"))}
	n.UnitTest = u
	for _, g := range dictsIn(listOf(d.get("given"))) {
		full, _ := filled(g, dictOf("input", jinja.None, "rows", jinja.None, "format", jinja.Str("dict"), "fixture", jinja.None))
		m := full.(*jinja.Dict)
		b.fixtureRows(out, m, "input", c)
		u.Given = append(u.Given, m)
	}
	full, _ := filled(d.get("expect"), dictOf("rows", jinja.None, "format", jinja.Str("dict"), "fixture", jinja.None))
	u.Expect, _ = full.(*jinja.Dict)
	if u.Expect == nil {
		u.Expect = dictOf("rows", jinja.None, "format", jinja.Str("dict"), "fixture", jinja.None)
	}
	b.fixtureRows(out, u.Expect, "expected", c)
	if o := d.get("overrides"); !isNone(o) {
		m, _ := filled(o, dictOf("macros", jinja.NewDict(0), "vars", jinja.NewDict(0), "env_vars", jinja.NewDict(0)))
		u.Overrides, _ = m.(*jinja.Dict)
	}
	n.Checksum = resource.Checksum{Name: "sha256", Value: unitChecksum(u)}
	if !n.Enabled {
		b.disabled = append(b.disabled, out)
		return
	}
	if other, twice := b.units.byID[n.ID]; twice {
		b.duplicate(out, other)
		return
	}
	b.units.add(out)
}

func listOf(v jinja.Value) *jinja.List {
	l, _ := v.(*jinja.List)
	return l
}

func versionsOf(v jinja.Value) jinja.Value {
	if _, ok := v.(*jinja.Dict); !ok {
		return jinja.None
	}
	out, _ := filled(v, dictOf("include", jinja.None, "exclude", jinja.None))
	return out
}

// fixtureRows checks that rows fit their format, and brings them into the form that they are kept in.
func (b *binder) fixtureRows(d *draft, m *jinja.Dict, what string, c *contents) {
	bad := func(format string, args ...any) {
		b.diags.Add(diag.BadUnitTest, d.n.Declared, format, args...).Node = string(d.n.ID)
	}
	rows, _ := m.Get("rows")
	name, hasFixture := at(m, "fixture").(jinja.Str)
	format := textOf(m, "format")
	fromFile := func() jinja.Value {
		f := b.fixtures[c.pkg.Name+"."+string(name)]
		if f == nil {
			var known []string
			for id := range b.fixtures {
				if rest, ok := strings.CutPrefix(id, c.pkg.Name+"."); ok {
					known = append(known, rest)
				}
			}
			slices.Sort(known)
			bad("File not found for fixture '%s' in unit tests in %s", name, c.file.OriginalPath)
			b.diags[len(b.diags)-1].Hint = hintFor(string(name), known)
			return jinja.NewList()
		}
		v, err := b.rowsOf(f)
		if err != nil {
			b.diags.Add(diag.UnreadableFile, d.n.Declared, "The fixture %s could not be read: %v", f.file.OriginalPath, err)
			return jinja.NewList()
		}
		return v
	}
	_, isText := rows.(jinja.Str)
	switch format {
	case "dict":
		if isNone(rows) && !hasFixture {
			rows = b.seedRows(d, textOf(m, "input"), c)
		}
		list, ok := rows.(*jinja.List)
		if !ok {
			bad("Unit test %s has %s rows which do not match format %s", d.n.Name, what, format)
			return
		}
		m.Set("rows", promote(list))
	case "csv":
		if !isText && !hasFixture {
			bad("Unit test %s has %s rows or fixtures which do not match format %s.  Expected string.", d.n.Name, what, format)
			return
		}
		v := jinja.Value(nil)
		if hasFixture && name != "" {
			v = fromFile()
		} else {
			v = csvRows(jinja.Text(rows))
		}
		list := jinja.NewList()
		for _, row := range dictsIn(listOf(v)) {
			clean := jinja.NewDict(row.Len())
			for k, x := range row.Entries {
				if s, ok := x.(jinja.Str); ok && s == "" {
					x = jinja.None
				}
				_ = clean.Store(k, x)
			}
			list.Items = append(list.Items, clean)
		}
		m.Set("rows", promote(list))
	case "sql":
		if !isText && !hasFixture {
			bad("Unit test %s has %s rows or fixtures which do not match format %s.  Expected string.", d.n.Name, what, format)
			return
		}
		if hasFixture && name != "" {
			m.Set("rows", fromFile())
		}
	default:
		bad("Unit test %s has %s rows in the format %s; it must be one of dict, csv, sql", d.n.Name, what, quoted(format))
	}
}

// promote puts the first row without a None in front, because some engines take the types of the columns from the first row.
func promote(rows *jinja.List) *jinja.List {
	full := slices.IndexFunc(rows.Items, func(v jinja.Value) bool {
		d, ok := v.(*jinja.Dict)
		if !ok {
			return false
		}
		for _, x := range d.Entries {
			if isNone(x) {
				return false
			}
		}
		return true
	})
	if full <= 0 {
		return rows
	}
	out := slices.Clone(rows.Items)
	out[0], out[full] = out[full], out[0]
	return jinja.NewList(out...)
}

// seedRows reads the rows of the seed that an input without rows names.
func (b *binder) seedRows(d *draft, input string, c *contents) jinja.Value {
	ref, _, ok := parseReference(input, d.n.Declared)
	if !ok || ref == nil {
		return jinja.None
	}
	pkg := c.pkg.Name
	if ref.Package != "" {
		pkg = ref.Package
	}
	seed := b.names.find(ref.Name, pkg)
	if seed == nil || seed.n.Kind != node.Seed {
		b.diags.Add(diag.BadUnitTest, d.n.Declared, "Unable to find seed '%s.%s' for unit tests in directories: %s", pkg, ref.Name, strings.Join(c.pkg.Config.SeedPaths, ", ")).Node = string(d.n.ID)
		return jinja.NewList()
	}
	raw, err := b.o.ReadFile(filepath.Join(c.pkg.Dir, filepath.FromSlash(seed.n.OriginalPath)))
	if err != nil {
		b.diags.Add(diag.UnreadableFile, d.n.Declared, "The seed %s could not be read: %v", seed.n.OriginalPath, err)
		return jinja.NewList()
	}
	return csvRows(string(raw))
}

// unitChecksum is a hash of everything of a unit test but its description, over Python's text of it as dbt makes it.
func unitChecksum(u *resource.UnitTest) string {
	var sb strings.Builder
	format := func(d *jinja.Dict) string {
		word := textOf(d, "format")
		member := map[string]string{"csv": "CSV", "dict": "Dict", "sql": "SQL"}[word]
		return "<UnitTestFormat." + member + ": '" + word + "'>"
	}
	sb.WriteString(u.Model)
	sb.WriteByte('-')
	if v, ok := u.Versions.(*jinja.Dict); ok {
		sb.WriteString("UnitTestNodeVersions(include=" + jinja.Repr(at(v, "include")) + ", exclude=" + jinja.Repr(at(v, "exclude")) + ")")
	} else {
		sb.WriteString("None")
	}
	sb.WriteString("-[")
	for i, g := range u.Given {
		if i > 0 {
			sb.WriteString(", ")
		}
		sb.WriteString("UnitTestInputFixture(input=" + jinja.Repr(at(g, "input")) + ", rows=" + jinja.Repr(at(g, "rows")) + ", format=" + format(g) + ", fixture=" + jinja.Repr(at(g, "fixture")) + ")")
	}
	sb.WriteString("]-UnitTestOutputFixture(rows=" + jinja.Repr(at(u.Expect, "rows")) + ", format=" + format(u.Expect) + ", fixture=" + jinja.Repr(at(u.Expect, "fixture")) + ")-")
	if u.Overrides != nil {
		sb.WriteString("UnitTestOverrides(macros=" + jinja.Repr(at(u.Overrides, "macros")) + ", vars=" + jinja.Repr(at(u.Overrides, "vars")) + ", env_vars=" + jinja.Repr(at(u.Overrides, "env_vars")) + ")")
	} else {
		sb.WriteString("None")
	}
	for _, g := range u.Given {
		if f := textOf(g, "fixture"); f != "" {
			sb.WriteString("-" + jinja.Text(at(g, "rows")))
		}
	}
	sum := sha256.Sum256([]byte(sb.String()))
	return hex.EncodeToString(sum[:])
}

// bindUnitTests finds the model of each unit test; a test of a versioned model becomes one for each version.
func (b *binder) bindUnitTests() {
	for _, d := range slices.Clone(b.units.order) {
		n, u := d.n, d.n.UnitTest
		bad := func(format string, args ...any) *diag.Diagnostic {
			x := b.diags.Add(diag.BadUnitTest, n.Declared, format, args...)
			x.Node = string(n.ID)
			return x
		}
		words := strings.Fields(u.Model)
		if len(words) == 0 {
			bad("Unable to find model '%s.%s' for unit test '%s' in %s", n.Package, u.Model, n.Name, n.OriginalPath)
			continue
		}
		name := words[0]
		if len(words) == 2 {
			name += ".v" + words[1]
		}
		t := b.names.find(name, n.Package)
		if t == nil {
			t = first(b.disabledNamed(name, n.Package, node.Model))
		}
		if t == nil || t.n.Kind != node.Model {
			x := bad("Unable to find model '%s.%s' for unit test '%s' in %s", n.Package, u.Model, n.Name, n.OriginalPath)
			x.Hint = didYouMean(b.names.nearest(name, node.Model))
			continue
		}
		if !t.state.enabled() {
			n.Enabled = false
			n.Config = n.Config.Copy()
			n.Config.Set("enabled", jinja.Bool(false))
			b.units.remove(d)
			b.disabled = append(b.disabled, d)
			continue
		}
		u.Tested = t.n.ID
		n.DependsOn = []node.ID{t.n.ID}
		n.Schema = t.n.Schema
		b.checkIncremental(d, t, bad)
		include, exclude := at(u.Versions, "include"), at(u.Versions, "exclude")
		if isNone(t.n.Version) {
			if jinja.Truth(include) || jinja.Truth(exclude) {
				bad("Unit test '%s' should not have a versions include or exclude when referencing non-versioned model '%s'", n.Name, t.n.Name)
			}
			continue
		}
		b.units.remove(d)
		found := false
		for _, m := range b.nodes.order {
			if m.n.Kind != node.Model || m.n.Name != t.n.Name || m.n.Package != t.n.Package || isNone(m.n.Version) {
				continue
			}
			in := func(list jinja.Value) bool {
				return slices.ContainsFunc(items(list), func(v jinja.Value) bool { return jinja.Equal(v, m.n.Version) })
			}
			if jinja.Truth(exclude) && in(exclude) || !jinja.Truth(exclude) && jinja.Truth(include) && !in(include) {
				continue
			}
			found = true
			c, cu := *n, *u
			cu.Tested = m.n.ID
			c.UnitTest, c.DependsOn, c.Version = &cu, []node.ID{m.n.ID}, m.n.Version
			c.ID = node.Make(node.UnitTest, n.Package, u.Model, n.Name+"_v"+jinja.Text(m.n.Version))
			copied := *d
			copied.n = &c
			b.units.add(&copied)
		}
		if !found {
			bad("Unit test '%s' referenced a version of '%s' which was not found.", n.Name, t.n.Name)
		}
	}
}

// checkIncremental refuses tests of incremental models that do not say which of the two ways is meant.
func (b *binder) checkIncremental(d, t *draft, bad func(string, ...any) *diag.Diagnostic) {
	if !slices.Contains(t.n.DependsOnMacros, "macro.dbt.is_incremental") {
		return
	}
	u := d.n.UnitTest
	v, ok := at(at(asValue(u.Overrides), "macros"), "is_incremental").(jinja.Bool)
	if !ok {
		bad("Boolean override for 'is_incremental' must be provided for unit test '%s' in model '%s'", d.n.Name, t.n.Name)
		return
	}
	if bool(v) && !slices.ContainsFunc(u.Given, func(g *jinja.Dict) bool { return textOf(g, "input") == "this" }) {
		bad("Unit test '%s' for incremental model '%s' must have a 'this' input", d.n.Name, t.n.Name)
	}
}

func asValue(d *jinja.Dict) jinja.Value {
	if d == nil {
		return jinja.None
	}
	return d
}
