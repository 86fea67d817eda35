package project

import (
	"reflect"
	"testing"
)

func TestParseDotEnv(t *testing.T) {
	text := "\ufeff# comment\nA=1\nexport B = two words # note\nC='single $x \\' \\n'\nD=\"double \\n \\\" q\"\nE=\nF\nG=a#b\nH= # none\n'quoted key'=v\nI=${A}-${HOME}-${NOPE:-d}-${NOPE}\nJ=\"multi\nline\"\nbad line here\nK=\"open\nL=2\nA=3\nM=${A}\n"
	env := map[string]string{"HOME": "/h"}
	want := []EnvPair{{"A", "3"}, {"B", "two words"}, {"C", `single $x ' \n`}, {"D", "double \n \" q"}, {"E", ""}, {"G", "a#b"}, {"H", ""},
		{"quoted key", "v"}, {"I", "1-/h-d-"}, {"J", "multi\nline"}, {"L", "2"}, {"M", "3"}}
	if got := ParseDotEnv(text, env); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
