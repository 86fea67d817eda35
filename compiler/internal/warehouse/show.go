package warehouse

// Show is the table as dbt's `show` prints it: every row, but of wide tables the first six columns, and long values cut.
func (t *Table) Show() string { return t.text(layout{columns: 6, width: 20, precision: 3}) }

// Sample is the table as dbt's `seed --show` prints it: at most so many rows, every column, long values cut.
func (t *Table) Sample(rows int) string { return t.text(layout{rows: rows, width: 20, precision: 3}) }

// JSON is the table as a JSON array of objects.
func (t *Table) JSON() string { return t.json() }
