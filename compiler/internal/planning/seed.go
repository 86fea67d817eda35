package planning

import (
	"errors"
	"fmt"
	"os"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/seedcsv"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/source"
)

// SeedColumns finds a seed's columns: the names as in the file's header, the types in the dialect's spelling.
func (p *Project) SeedColumns(n *resource.Node) (columns []warehouse.ColumnInfo, rows int, diags diag.List) {
	return p.readSeed(n, false, nil)
}

// readSeed is SeedColumns for who wants to know of strange records too. For --empty the types are those of a table without rows, as dbt
// makes them then.
func (p *Project) readSeed(n *resource.Node, empty bool, doubt func(seedcsv.Error)) (columns []warehouse.ColumnInfo, rows int, diags diag.List) {
	inferred, rows, diags := p.inferSeed(n, doubt)
	if diags.HasErrors() {
		return nil, 0, diags
	}
	given := seedTypes(n)
	d, _ := dialect.Get(p.DialectOf(n))
	for _, column := range inferred {
		if empty {
			column.Decimals, column.MaxBytes = 0, -1
		}
		kind := warehouse.SeedType(d, column)
		if v, ok := given.Get(column.Name); ok {
			kind = jinja.Text(v)
		}
		columns = append(columns, warehouse.ColumnInfo{Name: column.Name, Type: kind})
	}
	return columns, rows, diags
}

// seedTypes are the types that the config gives by hand.
func seedTypes(n *resource.Node) *jinja.Dict {
	if given := n.Settings().Dict("column_types"); given != nil {
		return given
	}
	return jinja.NewDict(0)
}

// inferSeed reads a seed's file once, from beginning to end, and finds the types of its columns as dbt does.
func (p *Project) inferSeed(n *resource.Node, doubt func(seedcsv.Error)) (columns []seedcsv.Column, rows int, diags diag.List) {
	var text []string
	for k := range seedTypes(n).Entries {
		text = append(text, jinja.Text(k))
	}
	file, err := os.Open(n.Seed.File)
	if err != nil {
		diags.Add(diag.SeedUnreadable, source.Span{File: source.NewFile(n.OriginalPath, "")}, "cannot read the seed's file: %s", err).Node = string(n.ID)
		return nil, 0, diags
	}
	defer file.Close()
	columns, rows, err = seedcsv.Infer(file, seedcsv.Options{Delimiter: delimiter(n.Settings()), Text: text, Doubt: doubt})
	if err != nil {
		return nil, 0, append(diags, seedProblem(n, err))
	}
	return columns, rows, diags
}

// loadSeed is load_agate_table(): a seed's rows as a table. The whole file is in memory then, as in dbt.
func (pl *Planned) loadSeed(n *resource.Node) (jinja.Value, error) {
	columns, _, diags := pl.project.inferSeed(n, nil)
	if diags.HasErrors() {
		return nil, diags[0]
	}
	if pl.options.Empty {
		return warehouse.SeedTable(columns, nil), nil
	}
	file, err := os.Open(n.Seed.File)
	if err != nil {
		return nil, diag.Diagnostic{Code: diag.SeedUnreadable, Detail: "cannot read the seed's file: " + err.Error()}
	}
	defer file.Close()
	_, records, err := seedcsv.Records(file, delimiter(n.Settings()))
	if err != nil {
		return nil, seedProblem(n, err)
	}
	return warehouse.SeedTable(columns, records), nil
}

func delimiter(c resource.Settings) string {
	if d := c.Text("delimiter"); d != "" {
		return d
	}
	return ","
}

// seed is a seed as lowering needs it. With --empty its table has no rows.
func (p *Project) seed(n *resource.Node, empty bool) (*lower.Seed, diag.List) {
	doubts := ""
	columns, rows, diags := p.readSeed(n, empty, func(e seedcsv.Error) {
		doubts = fmt.Sprintf("nothing of this file was loaded; look at %s, line %d: %s (found %q)", n.OriginalPath, e.Line, e.Message, e.Value)
	})
	if diags.HasErrors() {
		return nil, diags
	}
	if empty {
		rows = 0
	}
	c := n.Settings()
	d, _ := dialect.Get(p.DialectOf(n))
	out := &lower.Seed{Path: n.Seed.File, Delimiter: delimiter(c), Rows: int64(rows), Doubts: doubts}
	// Only an explicit false leaves the names of columns bare.
	flag, isBool := c.Value("quote_columns").(jinja.Bool)
	quote := !isBool || bool(flag)
	for _, column := range columns {
		name := column.Name
		if quote {
			name = d.QuoteIdentifier(name)
		}
		out.Columns = append(out.Columns, lower.SeedColumn{Name: name, Type: column.Type})
	}
	return out, diags
}

// seedProblem points at the line of the file that cannot be read.
func seedProblem(n *resource.Node, err error) diag.Diagnostic {
	var bad *seedcsv.Error
	if !errors.As(err, &bad) {
		return diag.Diagnostic{Code: diag.SeedUnreadable, Node: string(n.ID), Span: source.Span{File: source.NewFile(n.OriginalPath, "")}, Detail: "cannot read the seed's file: " + err.Error()}
	}
	text, readErr := source.Disk{}.ReadFile(n.Seed.File)
	f := source.NewFile(n.OriginalPath, string(text))
	if readErr != nil {
		f = source.NewFile(n.OriginalPath, "")
	}
	at := f.Offset(bad.Line, bad.Column)
	d := diag.Diagnostic{Code: diag.SeedRow, Node: string(n.ID), Span: source.Span{File: f, Start: at, End: at}, Detail: fmt.Sprintf("line %d, column %d: %s", bad.Line, bad.Column, bad.Message)}
	if bad.Value != "" {
		d.Detail += fmt.Sprintf(" (found %q)", bad.Value)
	}
	d.Hint = "nothing of this file was loaded; mend the line, or set the config `delimiter` if the file does not separate by " + fmt.Sprintf("%q", ",")
	return d
}
