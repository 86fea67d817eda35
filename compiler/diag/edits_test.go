package diag

import (
	"strings"
	"testing"
)

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 3, 0}, {"view", "view", 0, 0}, {"view", "vew", 3, 1}, {"view", "veiw", 3, 2}, {"view", "table", 9, 5}, {"view", "table", 2, 3},
		{"a", "abcdef", 2, 3}, {"", "abc", 3, 3}, {strings.Repeat("x", 65), strings.Repeat("x", 65), 5, 6}, {strings.Repeat("x", 64), strings.Repeat("x", 63) + "y", 5, 1},
	} {
		if got := Edits(c.a, c.b, c.limit); got != c.want || Edits(c.b, c.a, c.limit) != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
