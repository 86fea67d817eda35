// Package seedcsv reads seeds: CSV text as Python's csv module reads it, and the column types that dbt infers.
//
// dbt decides a seed's column types by looking at every value of the file with agate's rules, so a seed loads the same only if
// the same rules are applied: what counts as a number, a date or null, how a short row or a stray quote is taken. Files may be
// large: they are read as a stream, and inference keeps one small state a column. The package knows nothing of engines.
package seedcsv

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxField is the longest value that Python's csv module takes, in characters.
const MaxField = 131072

// Error is a place in a CSV text that cannot be read.
type Error struct {
	// Line and Column are counted from 1, the column in characters.
	Line, Column int
	// Value is what stands there, cut to a readable length; may be empty.
	Value string
	// Message says what was expected and found.
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Reader reads records. Line ends of any kind are read as "\n", also inside quotes, and a byte order mark is skipped.
type Reader struct {
	in        *bufio.Reader
	delimiter rune
	started   bool
	line      int // of the next character
	column    int
	skipLF    bool
	open      bool // the text ended within quotes

	buf    []byte // the record's text, without quotes and delimiters
	ends   []int  // the ends of its fields in buf
	fields []string
	// places of the record's fields
	lines, columns []int
}

// NewReader makes a Reader. The delimiter must be one character; "" means a comma.
func NewReader(r io.Reader, delimiter string) (*Reader, error) {
	d := ','
	if delimiter != "" {
		var size int
		d, size = utf8.DecodeRuneInString(delimiter)
		if size != len(delimiter) || d == utf8.RuneError || d == '"' || d == '\n' || d == '\r' {
			return nil, &Error{Line: 1, Column: 1, Value: delimiter, Message: fmt.Sprintf("the delimiter must be one character, got %q", delimiter)}
		}
	}
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), delimiter: d, line: 1, column: 1}, nil
}

// next reads one character with line ends folded; io.EOF at the end.
func (r *Reader) next() (rune, error) {
	if !r.started {
		r.started = true
		if b, _ := r.in.Peek(3); string(b) == "\ufeff" {
			_, _ = r.in.Discard(3)
		}
	}
	for {
		c, size, err := r.in.ReadRune()
		if err != nil {
			return 0, err
		}
		if c == utf8.RuneError && size == 1 {
			return 0, &Error{Line: r.line, Column: r.column, Message: "the text is not valid UTF-8"}
		}
		skip := r.skipLF
		r.skipLF = false
		if c == '\n' && skip {
			continue
		}
		if c == '\r' {
			r.skipLF = true
			c = '\n'
		}
		return c, nil
	}
}

// advance moves the place over a character.
func (r *Reader) advance(c rune) {
	if c == '\n' {
		r.line++
		r.column = 1
		return
	}
	r.column++
}

// states of the reader, as in Python's csv module.
const (
	startField = iota
	inField
	inQuotes
	quoteInQuotes
)

// Next reads a record. A blank line is a record without fields. The slice is valid until the next call, the strings stay.
// At the end the error is io.EOF; an *Error says what cannot be read.
func (r *Reader) Next() ([]string, error) {
	r.buf, r.ends, r.lines, r.columns = r.buf[:0], r.ends[:0], r.lines[:0], r.columns[:0]
	state, start, length := startField, true, 0
	begin := func() { r.lines, r.columns = append(r.lines, r.line), append(r.columns, r.column) }
	save := func() {
		r.ends = append(r.ends, len(r.buf))
		length = 0
	}
	begin()
	for {
		c, err := r.next()
		if errors.Is(err, io.EOF) {
			if start {
				return nil, io.EOF
			}
			save()
			r.open = state == inQuotes
			return r.record(), nil
		}
		if err != nil {
			return nil, err
		}
		if start && c == '\n' {
			r.advance(c)
			r.ends, r.lines, r.columns = r.ends[:0], r.lines[:0], r.columns[:0]
			return r.record(), nil
		}
		start = false
		quoted := state == inQuotes
		switch {
		case quoted && c == '"':
			state = quoteInQuotes
		case quoted || state == quoteInQuotes && c == '"':
			r.buf = utf8.AppendRune(r.buf, c)
			length++
			state = inQuotes
		case c == '\n':
			save()
			r.advance(c)
			return r.record(), nil
		case c == r.delimiter:
			save()
			r.advance(c)
			begin()
			state = startField
			continue
		case state == startField && c == '"':
			state = inQuotes
		default:
			r.buf = utf8.AppendRune(r.buf, c)
			length++
			state = inField
		}
		if length > MaxField {
			return nil, &Error{Line: r.lines[len(r.ends)], Column: r.columns[len(r.ends)],
				Message: "field larger than field limit (" + strconv.Itoa(MaxField) + ")"}
		}
		r.advance(c)
	}
}

// record slices the text into its fields.
func (r *Reader) record() []string {
	r.fields = r.fields[:0]
	text, from := string(r.buf), 0
	for _, end := range r.ends {
		r.fields = append(r.fields, text[from:end])
		from = end
	}
	return r.fields
}

// Place is where a field of the last record begins; one that the record does not have is at its first.
func (r *Reader) Place(field int) (line, column int) {
	if field < len(r.lines) {
		return r.lines[field], r.columns[field]
	}
	if len(r.lines) > 0 {
		return r.lines[0], r.columns[0]
	}
	return r.line, r.column
}

// Options of a seed.
type Options struct {
	Delimiter string
	// Text are columns that are taken as text without inference (those with column_types).
	Text []string
	// Doubt, if given, is told of the first record that Python takes as it is and others may not: one with too few values, or one whose
	// quotes are not closed.
	Doubt func(Error)
}

// Column is a column of a seed.
type Column struct {
	Name string
	Kind Kind
	// Decimals is the number of places behind the point in a column of numbers; dbt takes the column for one of integers only
	// if it is 0. It may be negative for huge numbers.
	Decimals int
	// MaxBytes is the length of the longest value of a text column that is not null; -1 where all are null.
	MaxBytes int
}

// Infer reads a whole CSV text and finds its columns' names and types.
func Infer(in io.Reader, o Options) (columns []Column, rows int, err error) {
	r, err := NewReader(in, o.Delimiter)
	if err != nil {
		return nil, 0, err
	}
	header, err := r.Next()
	if errors.Is(err, io.EOF) {
		return nil, 0, &Error{Line: 1, Column: 1, Message: "the file is empty: expected a line with the names of the columns"}
	}
	if err != nil {
		return nil, 0, err
	}
	names := ColumnNames(header)
	var guesses []guess
	if len(header) > 0 {
		guesses = newGuesses(names, o.Text)
	}
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, rows, err
		}
		if guesses == nil {
			names = ColumnNames(make([]string, len(record)))
			guesses = newGuesses(names, o.Text)
		}
		if len(record) > len(names) {
			line, column := r.Place(len(names))
			return nil, rows, &Error{Line: line, Column: column, Value: shorten(record[len(names)]),
				Message: fmt.Sprintf("Row %d has %d values, but Table only has %d columns.", rows, len(record), len(names))}
		}
		if len(record) < len(names) && o.Doubt != nil {
			line, column := r.Place(0)
			o.Doubt(Error{Line: line, Column: column, Value: shorten(strings.Join(record, o.Delimiter)), Message: doubt(len(record), len(names), r.open)})
			o.Doubt = nil
		}
		for i, v := range record {
			guesses[i].see(v)
		}
		rows++
	}
	columns = make([]Column, len(names))
	for i := range columns {
		columns[i] = guesses[i].column(names[i], rows)
	}
	return columns, rows, nil
}

// doubt is what is strange about a record.
func doubt(values, names int, open bool) string {
	if open {
		return "a quote is opened and not closed before the file ends"
	}
	return fmt.Sprintf("expected %d values, found %d", names, values)
}

// Records reads a whole CSV text into memory: the line of names, and the records below it.
func Records(in io.Reader, delimiter string) (header []string, records [][]string, err error) {
	r, err := NewReader(in, delimiter)
	if err != nil {
		return nil, nil, err
	}
	first := true
	for {
		record, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return header, records, nil
		case err != nil:
			return nil, nil, err
		case first:
			header, first = slices.Clone(record), false
		default:
			records = append(records, slices.Clone(record))
		}
	}
}

func newGuesses(names, text []string) []guess {
	guesses := make([]guess, len(names))
	for i, n := range names {
		guesses[i] = newGuess(slices.Contains(text, n))
	}
	return guesses
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:40]) + "…"
}

// ColumnNames are the names of columns made unique as agate makes them: an empty one becomes a letter, a repeated one gets a number.
func ColumnNames(header []string) []string {
	names := make([]string, 0, len(header))
	seen := make(map[string]bool, len(header))
	for i, h := range header {
		if h == "" {
			h = strings.Repeat(string(rune('a'+i%26)), i/26+1)
		}
		name := h
		for n := 2; seen[name]; n++ {
			name = h + "_" + strconv.Itoa(n)
		}
		seen[name] = true
		names = append(names, name)
	}
	return names
}
