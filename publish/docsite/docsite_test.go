package docsite

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPageStandsAlone(t *testing.T) {
	page := string(Page())
	for _, left := range []string{"/*STYLE*/", "/*SCRIPT*/", "src=\"http", "href=\"http", "@import", "url(http"} {
		if strings.Contains(page, left) {
			t.Errorf("the page holds %q", left)
		}
	}
	for _, danger := range []string{".innerHTML", "insertAdjacentHTML", "document.write", "eval(", "outerHTML"} {
		if strings.Contains(page, danger) {
			t.Errorf("the page uses %s: what stands in a project must stay text", danger)
		}
	}
	for _, needed := range []string{"function route()", "--model:", "</html>"} {
		if !strings.Contains(page, needed) {
			t.Errorf("the page lacks %q", needed)
		}
	}
	if n := strings.Count(page, "</script>"); n != 3 {
		t.Errorf("the page has %d ends of scripts, want 3", n)
	}
}

func TestStaticCannotBeBrokenOutOf(t *testing.T) {
	manifest := `{"metadata":{"project_name":"shop"},"nodes":{"model.shop.a":{"description":"</script><script>alert(1)</script><!-- $& $1"}},
		"macros":{"macro.dbt.ref":{"macro_sql":"long"},"macro.shop.own":{"name":"own"}},"parent_map":{"x":[]}}`
	page, err := Static([]byte(manifest), []byte(`{"nodes":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("</script>")); n != 3 {
		t.Fatalf("the page has %d ends of scripts, want 3", n)
	}
	_, rest, _ := bytes.Cut(page, []byte(`id="manifest">`))
	text, _, _ := bytes.Cut(rest, []byte("</script>"))
	var got map[string]map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	node, _ := got["nodes"]["model.shop.a"].(map[string]any)
	if want := "</script><script>alert(1)</script><!-- $& $1"; node["description"] != want {
		t.Errorf("description = %q, want %q", node["description"], want)
	}
	if got["macros"]["macro.dbt.ref"] != nil || got["macros"]["macro.shop.own"] == nil || got["parent_map"] != nil {
		t.Errorf("macros = %v: want the project's own alone, and no maps", got["macros"])
	}
	if !bytes.Contains(page, []byte(`id="catalog">{"nodes":{}}</script>`)) {
		t.Error("the catalog is not in the page")
	}
	if _, err := Static([]byte("{"), nil); err == nil {
		t.Error("a broken manifest must be an error")
	}
}

func TestHandler(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"target/manifest.json": "{}", "target/shop.duckdb": "secret", "target/assets/a.svg": "<svg/>", "outside.txt": "secret"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../../outside.txt", filepath.Join(dir, "target/assets/link.txt")); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(Handler(filepath.Join(dir, "target"), []string{"assets"}))
	defer s.Close()
	for _, c := range []struct {
		method, path, host string
		status             int
		body               string
	}{
		{"GET", "/", "", 200, "<!doctype html>"},
		{"GET", "/index.html?x=1", "", 200, "<!doctype html>"},
		{"HEAD", "/", "", 200, ""},
		{"GET", "/manifest.json", "", 200, "{}"},
		{"GET", "/catalog.json", "", 404, ""},
		{"GET", "/assets/a.svg", "", 200, "<svg/>"},
		{"GET", "/assets", "", 404, ""},
		{"GET", "/assets/", "", 404, ""},
		{"GET", "/assets/link.txt", "", 404, ""},
		{"GET", "/assets/../shop.duckdb", "", 404, ""},
		{"GET", "/shop.duckdb", "", 404, ""},
		{"GET", "/%2e%2e/outside.txt", "", 404, ""},
		{"POST", "/", "", 405, ""},
		{"GET", "/manifest.json", "evil.example", 421, ""},
		{"GET", "/manifest.json", "localhost:8080", 200, "{}"},
		{"GET", "/manifest.json", "[::1]:8080", 200, "{}"},
	} {
		r, err := http.NewRequest(c.method, s.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.host != "" {
			r.Host = c.host
		}
		got, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(got.Body)
		got.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got.StatusCode != c.status || !strings.HasPrefix(string(body), c.body) || strings.Contains(string(body), "secret") {
			t.Errorf("%s %s (%s): %d %.60q, want %d %q", c.method, c.path, c.host, got.StatusCode, body, c.status, c.body)
		}
	}
}
