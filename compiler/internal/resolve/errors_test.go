package resolve_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
)

// TestErrors binds projects with one mistake each. The comment of an archive names the code that must be reported, a text
// that the message must hold (dbt says it too: the script that makes the goldens checks that), and the place, if it matters.
func TestErrors(t *testing.T) {
	paths, _ := filepath.Glob("testdata/errors/*.txtar")
	if len(paths) == 0 {
		t.Fatal("no projects")
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, comment := unpack(t, path)
			say := map[string]string{}
			for _, line := range strings.Split(comment, "\n") {
				if k, v, ok := strings.Cut(line, ": "); ok {
					say[k] = v
				}
			}
			_, _, diags := bind(t, dir, 1)
			warning := strings.HasPrefix(name, "w_")
			var all []string
			for _, d := range diags {
				at := ""
				if !d.Span.IsZero() {
					p := d.Span.Position()
					at = fmt.Sprintf("%s:%d:%d", d.Span.File.Path, p.Line, p.Column)
				}
				all = append(all, at+" "+d.Error())
				if say["code"] != "" && string(d.Code) != say["code"] || !strings.Contains(strings.Join(strings.Fields(d.Detail), " "), say["want"]) {
					continue
				}
				if warning != (d.Severity == diag.Warning) {
					t.Errorf("severity of %s is %s", d.Error(), d.Severity)
				}
				if say["at"] != "" && say["at"] != at {
					t.Errorf("reported at %s, want %s: %s", at, say["at"], d.Error())
				}
				if at == "" && name != "two_macro_entries" {
					t.Errorf("no place: %s", d.Error())
				}
				if warning && diags.HasErrors() {
					t.Errorf("errors beside the warning: %v", all)
				}
				return
			}
			t.Errorf("want %s with %q, have\n\t%s", say["code"], say["want"], strings.Join(all, "\n\t"))
		})
	}
}
