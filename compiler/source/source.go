// Package source holds the text of the user's files and the places in them.
//
// Everything weft says about a project points at a byte range of a file that its author wrote. Positions therefore travel
// through the compiler as byte offsets, which survive slicing and rendering, and become lines and columns only when they
// are shown.
package source

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// File is one file as it was read. It is immutable; the same *File is shared by every stage.
type File struct {
	// Path is what the user is shown: slash-separated, relative to the project's folder where the file lies below it.
	Path string
	// Text is the whole content, as read: no conversion of line ends.
	Text string

	once  sync.Once
	lines []int
}

// NewFile makes a File of a text that is in memory.
func NewFile(path, text string) *File { return &File{Path: path, Text: text} }

// FromBytes makes a File of bytes that nobody changes from now on; they are not copied, because the texts of a large project are the
// largest part of what is kept of it.
func FromBytes(path string, text []byte) *File {
	return NewFile(path, unsafe.String(unsafe.SliceData(text), len(text)))
}

// Position is a place in a file as people name it: line and column from 1, the column counted in characters.
type Position struct {
	Line, Column int
}

// Position converts a byte offset; an offset outside the text is moved to the nearest end.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Text)))
	start := f.lineStarts()
	line := sort.SearchInts(start, offset+1) - 1
	return Position{Line: line + 1, Column: utf8.RuneCountInString(f.Text[start[line]:offset]) + 1}
}

// Line returns the text of a line, counted from 1, without its line end.
func (f *File) Line(n int) string {
	start := f.lineStarts()
	if n < 1 || n > len(start) {
		return ""
	}
	end := len(f.Text)
	if n < len(start) {
		end = start[n] - 1
	}
	return strings.TrimSuffix(f.Text[start[n-1]:end], "\r")
}

// Offset is the byte offset of a line and a column in bytes, both from 1, as other tools report them.
func (f *File) Offset(line, column int) int {
	start := f.lineStarts()
	if line < 1 {
		return 0
	}
	if line > len(start) {
		return len(f.Text)
	}
	return min(start[line-1]+max(column-1, 0), len(f.Text))
}

func (f *File) lineStarts() []int {
	f.once.Do(func() {
		f.lines = make([]int, 1, 1+strings.Count(f.Text, "\n"))
		for i := 0; ; {
			j := strings.IndexByte(f.Text[i:], '\n')
			if j < 0 {
				return
			}
			i += j + 1
			f.lines = append(f.lines, i)
		}
	})
	return f.lines
}

// Span is the byte range [Start, End) of a file. The zero Span means "no place".
type Span struct {
	File       *File
	Start, End int
}

// Whole is the span of all of a file.
func Whole(f *File) Span { return Span{File: f, End: len(f.Text)} }

// IsZero says that the span names no place.
func (s Span) IsZero() bool { return s.File == nil }

// Text is the text the span covers.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Sub is the part [start, end) of the span, both counted from its beginning.
func (s Span) Sub(start, end int) Span {
	return Span{File: s.File, Start: s.Start + start, End: s.Start + end}
}

// Position is the place where the span begins.
func (s Span) Position() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}
