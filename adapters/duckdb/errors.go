package duckdb

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/runner/engine"
)

// classify turns an error of the driver into one of the contract. sql is the statement, "" if it was none of a batch's.
func classify(err error, sql string) *engine.Error {
	var already *engine.Error
	if errors.As(err, &already) {
		return already
	}
	out := &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Err: err}
	var e *duck.Error
	if !errors.As(err, &e) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			out.Class = engine.Cancelled
		}
		return out
	}
	out.Message = e.Msg
	if sql != "" {
		out.Position = position(sql, e.Msg)
	}
	switch e.Type {
	case duck.ErrorTypeParser, duck.ErrorTypeSyntax:
		out.Class = engine.Syntax
	case duck.ErrorTypeInterrupt:
		out.Class = engine.Cancelled
	case duck.ErrorTypeTransaction:
		if strings.Contains(strings.ToLower(e.Msg), "conflict") {
			out.Class = engine.Conflict
		}
	case duck.ErrorTypeNetwork, duck.ErrorTypeConnection, duck.ErrorTypeHTTP:
		out.Class = engine.Transient
	case duck.ErrorTypePermission:
		out.Class = engine.Denied
	case duck.ErrorTypeIO:
		if strings.Contains(e.Msg, "Could not set lock") {
			out.Class = engine.Locked
		}
	}
	out.Hint = remedy(e.Msg)
	if errors.Is(err, context.Canceled) && out.Class == engine.Permanent {
		out.Class = engine.Cancelled
	}
	return out
}

// remedy is what can be done about a file that DuckDB cannot use; of other errors it knows nothing.
func remedy(message string) string {
	says := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(message, text) })
	}
	switch {
	case says("Could not set lock"):
		return "another process has the database open" + holder(message) + "; DuckDB lets one process write: end it, or wait with `retries: {connect_attempts: 5}` in the profile"
	case says("not a valid DuckDB database file", "Could not read enough bytes", "Corrupt database file", "is too small to be"):
		return "the file that `path` of the profile names is no whole DuckDB database, and stays as it is: name another path, put a copy back in its place, or move it away, and a new one is made"
	case says(`syntax error at or near ";"`):
		return "a model is one query, without a `;` behind it"
	case says("Is a directory"):
		return "`path` of the profile must name a file, and a folder is there"
	case says("Permission denied", "Read-only file system", "Operation not permitted"):
		return "DuckDB writes the database, and beside it a file that ends in .wal: give this user the right to write both, or name another `path` in the profile"
	case says("No space left on device", "Could not write all bytes", "Disk quota exceeded"):
		return "the disk is full: make room, and run again; what was published is as it was"
	}
	return ""
}

// holder finds the process id that DuckDB names.
func holder(message string) string {
	_, after, ok := strings.Cut(message, "(PID ")
	if !ok {
		return ""
	}
	pid, _, ok := strings.Cut(after, ")")
	if !ok {
		return ""
	}
	return " (process " + pid + ")"
}

// position finds the byte that DuckDB points at. It says "LINE 3: <a piece of the line>", and puts a caret under the place; a long
// line is cut to "..." at either end.
func position(sql, message string) int {
	at := strings.LastIndex(message, "\nLINE ")
	if at < 0 {
		return -1
	}
	rest := message[at+len("\nLINE "):]
	number, rest, ok := strings.Cut(rest, ": ")
	if !ok {
		return -1
	}
	line, err := strconv.Atoi(number)
	if err != nil || line < 1 {
		return -1
	}
	excerpt, rest, ok := strings.Cut(rest, "\n")
	if !ok {
		return -1
	}
	caret := strings.IndexByte(rest, '^')
	column := caret - len("LINE ") - len(number) - len(": ")
	if caret < 0 || column < 0 {
		return -1
	}
	start := 0
	for range line - 1 {
		next := strings.IndexByte(sql[start:], '\n')
		if next < 0 {
			return -1
		}
		start += next + 1
	}
	end := len(sql)
	if next := strings.IndexByte(sql[start:], '\n'); next >= 0 {
		end = start + next
	}
	if !strings.HasPrefix(excerpt, "...") {
		return min(start+runes(sql[start:end], column), end)
	}
	piece := strings.TrimSuffix(excerpt[3:], "...")
	found := strings.Index(sql[start:end], piece)
	if found < 0 || column < 3 {
		return -1
	}
	return min(start+found+runes(piece, column-3), end)
}

// runes is the byte offset of the n-th character of s.
func runes(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
