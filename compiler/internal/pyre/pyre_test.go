package pyre

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestAnswers holds the matcher to what Python answered: tests/oracle/python_re.py wrote the file.
func TestAnswers(t *testing.T) {
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Texts []string
		Cases []struct {
			Re, Error     string
			Groups, Flags int
			All           [][][][2]int
			Match, Full   [][][2]int
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	spans := func(text string, at []int) [][2]int {
		var out [][2]int
		for i := 0; i < len(at); i += 2 {
			if at[i] < 0 {
				out = append(out, [2]int{-1, -1})
				continue
			}
			out = append(out, [2]int{utf8.RuneCountInString(text[:at[i]]), utf8.RuneCountInString(text[:at[i+1]])})
		}
		return out
	}
	for _, c := range file.Cases {
		re, err := Compile(c.Re, 0)
		if c.Error != "" || err != nil {
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.Error && (c.Error != "*" || err == nil) {
				t.Errorf("%q: error %q, expected %q", c.Re, got, c.Error)
			}
			continue
		}
		if re.Groups() != c.Groups || re.Flags() != c.Flags {
			t.Errorf("%q: %d groups, flags %d; expected %d, %d", c.Re, re.Groups(), re.Flags(), c.Groups, c.Flags)
		}
		for i, text := range file.Texts {
			find := func(pos int, mode Mode, advance bool) []int {
				at, err := re.Find(text, pos, mode, advance)
				if err != nil {
					t.Errorf("%q on %q: %v", c.Re, text, err)
				}
				return at
			}
			all := [][][2]int{}
			for pos, advance := 0, false; len(all) < 100; {
				at := find(pos, Search, advance)
				if at == nil {
					break
				}
				all = append(all, spans(text, at))
				pos, advance = at[1], at[0] == at[1]
			}
			if !reflect.DeepEqual(all, c.All[i]) {
				t.Errorf("%q on %q finds %v, expected %v", c.Re, text, all, c.All[i])
			}
			if got := spans(text, find(0, Match, false)); !reflect.DeepEqual(got, c.Match[i]) {
				t.Errorf("%q on %q matches %v, expected %v", c.Re, text, got, c.Match[i])
			}
			if got := spans(text, find(0, FullMatch, false)); !reflect.DeepEqual(got, c.Full[i]) {
				t.Errorf("%q on %q matches whole %v, expected %v", c.Re, text, got, c.Full[i])
			}
		}
	}
}

// TestBounds: what would take for ever, or too much stack, ends in an error.
func TestBounds(t *testing.T) {
	for _, c := range []struct{ re, text string }{
		{`(a+)+b`, strings.Repeat("a", 60)},
		{`(?:a|b)*c`, strings.Repeat("ab", 1_000_000)},
	} {
		re, err := Compile(c.re, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := re.Find(c.text, 0, Match, false); !errors.Is(err, ErrSteps) {
			t.Errorf("%q: error %v", c.re, err)
		}
	}
	if _, err := Compile(strings.Repeat("(", 100_000), 0); err == nil {
		t.Error("groups may be nested without end")
	}
	long := strings.Repeat("x", 1<<20)
	re, _ := Compile(`(?s)^.*y?$`, 0)
	if at, err := re.Find(long, 0, Search, false); err != nil || at == nil || at[1] != len(long) {
		t.Errorf("a long text: %v, %v", at, err)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add("(a|b)*?c{2,3}", "abcc")
	f.Fuzz(func(t *testing.T, expression, text string) {
		re, err := Compile(expression, 0)
		if err != nil || len(text) > 100 {
			return
		}
		_, _ = re.Find(text, 0, Search, false)
	})
}
