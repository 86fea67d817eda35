package effect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplaceIsOldOrNew fails every call of a replacement in turn: the file is the old one or the new one, and nothing else is left.
func TestReplaceIsOldOrNew(t *testing.T) {
	boom := errors.New("boom")
	for n := int64(1); ; n++ {
		dir := t.TempDir()
		path := filepath.Join(dir, "sub", "f.json")
		if err := Replace(Real{}, path, []byte("old")); err != nil {
			t.Fatal(err)
		}
		failed := false
		w := &Faulty{World: Real{}, Before: func(call int64, what string) error {
			if call == n {
				failed = true
				return boom
			}
			return nil
		}}
		err := Replace(w, path, []byte("new"))
		got, _ := os.ReadFile(path)
		want := "new"
		if err != nil {
			want = "old"
		}
		if string(got) != want {
			t.Errorf("call %d: error %v, file %q", n, err, got)
		}
		entries, _ := os.ReadDir(filepath.Dir(path))
		if len(entries) != 1 {
			t.Errorf("call %d: %d files are left", n, len(entries))
		}
		if !failed {
			if n < 6 {
				t.Errorf("only %d calls were tried", n)
			}
			return
		}
	}
}

func TestCreateRefusesToOverwrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	f, err := Real{}.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := (Real{}).Create(path); !os.IsExist(err) {
		t.Errorf("error %v", err)
	}
	if _, err := (Real{}).Create(filepath.Join(path, "y")); err == nil || strings.Contains(err.Error(), "panic") {
		t.Errorf("error %v", err)
	}
}
