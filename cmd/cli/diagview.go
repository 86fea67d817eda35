package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// shownPerCode caps how many diagnostics of one code are printed as text; the rest are counted.
const shownPerCode = 20

// report prints diagnostics in the chosen format to stderr (text) or stdout (the formats for machines).
func (o *options) report(list diag.List) {
	list = o.audible(list)
	if len(list) == 0 {
		return
	}
	list.Sort()
	o.record(list)
	if o.jsonTalk() && o.outputFormat == "text" {
		return
	}
	switch o.outputFormat {
	case "json":
		diagJSON(o.world.Stdout, list)
	case "github":
		diagGitHub(o.world.Stdout, list)
	default:
		diagText(o.world.Stderr, list, o.quiet)
	}
}

// diagText is the form for people: title, place, the line itself, then facts and help.
func diagText(w io.Writer, list diag.List, errorsOnly bool) {
	shown := map[diag.Code]int{}
	hidden := 0
	for _, d := range list {
		if errorsOnly && d.Severity != diag.Error {
			continue
		}
		if shown[d.Code]++; shown[d.Code] > shownPerCode {
			hidden++
			continue
		}
		fmt.Fprintf(w, "%s[%s]: %s\n", d.Severity, d.Code, d.Detail)
		excerpt(w, d.Span)
		for _, r := range d.Related {
			if r.Span.IsZero() {
				fmt.Fprintf(w, "  note: %s\n", r.Message)
				continue
			}
			p := r.Span.Position()
			fmt.Fprintf(w, "  note: %s (%s:%d:%d)\n", r.Message, r.Span.File.Path, p.Line, p.Column)
		}
		if d.Node != "" {
			fmt.Fprintf(w, "  node: %s\n", d.Node)
		}
		if d.Hint != "" {
			fmt.Fprintf(w, "  help: %s\n", d.Hint)
		}
	}
	if hidden > 0 {
		fmt.Fprintf(w, "%d more of the same kinds; --output-format json shows all\n", hidden)
	}
}

// excerpt prints where a span begins, the line, and a mark below it.
func excerpt(w io.Writer, s source.Span) {
	if s.IsZero() {
		return
	}
	p := s.Position()
	line := s.File.Line(p.Line)
	fmt.Fprintf(w, "  --> %s:%d:%d\n", s.File.Path, p.Line, p.Column)
	if strings.TrimSpace(line) == "" || !utf8.ValidString(line) {
		return
	}
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	start := min(p.Column-1, len(runes))
	length := utf8.RuneCountInString(s.Text())
	if i := strings.IndexByte(s.Text(), '\n'); i >= 0 {
		length = utf8.RuneCountInString(s.Text()[:i])
	}
	// A long line is cut to a window around the place.
	const before, width = 40, 120
	from := 0
	if len(runes) > width && start > before {
		from = start - before
	}
	to := min(len(runes), from+width)
	length = max(1, min(length, to-start))
	number := fmt.Sprint(p.Line)
	fmt.Fprintf(w, "  %s | %s\n", number, string(runes[from:to]))
	fmt.Fprintf(w, "  %s | %s%s\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", start-from), strings.Repeat("^", length))
}

type diagPlace struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message,omitempty"`
}

type diagRecord struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint,omitempty"`
	Node     string `json:"node,omitempty"`
	diagPlace
	EndLine   int         `json:"end_line,omitempty"`
	EndColumn int         `json:"end_column,omitempty"`
	Related   []diagPlace `json:"related,omitempty"`
}

func place(s source.Span, message string) diagPlace {
	if s.IsZero() {
		return diagPlace{Message: message}
	}
	p := s.Position()
	return diagPlace{File: s.File.Path, Line: p.Line, Column: p.Column, Message: message}
}

// diagJSON writes one object a line.
func diagJSON(w io.Writer, list diag.List) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range list {
		r := diagRecord{Code: string(d.Code), Severity: d.Severity.String(), Summary: d.Summary(), Detail: d.Detail, Hint: d.Hint, Node: d.Node, diagPlace: place(d.Span, "")}
		if !d.Span.IsZero() {
			end := d.Span.File.Position(d.Span.End)
			r.EndLine, r.EndColumn = end.Line, end.Column
		}
		for _, x := range d.Related {
			r.Related = append(r.Related, place(x.Span, x.Message))
		}
		enc.Encode(r)
	}
}

// diagGitHub writes workflow commands, which annotate lines of a pull request.
func diagGitHub(w io.Writer, list diag.List) {
	escape := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, d := range list {
		text := d.Detail
		if d.Hint != "" {
			text += "\nhelp: " + d.Hint
		}
		fmt.Fprintf(w, "::%s ", d.Severity)
		if !d.Span.IsZero() {
			p := d.Span.Position()
			fmt.Fprintf(w, "file=%s,line=%d,col=%d,", property.Replace(d.Span.File.Path), p.Line, p.Column)
		}
		fmt.Fprintf(w, "title=%s::%s\n", property.Replace(string(d.Code)+" "+d.Summary()), escape.Replace(text))
	}
}
