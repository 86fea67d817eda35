//go:build unix

package effect

import (
	"path/filepath"
	"testing"
)

// A file is held from its making until it is closed, and asking changes nothing about it.
func TestHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	f, err := Real{}.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if held, known := Held(path); !held || !known {
			t.Errorf("held %v, known %v while it is open", held, known)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if held, known := Held(path); held || !known {
		t.Errorf("held %v, known %v after it was closed", held, known)
	}
	if held, known := Held(path + "b"); held || known {
		t.Error("a file that is not there is held")
	}
}
