package docsite

import (
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
)

// served are the files of the target folder that are handed out besides the assets. The folder may hold databases and logs, which are
// nobody's business.
var served = []string{"manifest.json", "catalog.json", "run_results.json", "sources.json", "static_index.html"}

// Handler hands out the page, the artifacts in the folder target, and what lies in the folders assets below it.
func Handler(target string, assets []string) http.Handler {
	page := Page()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Cache-Control", "no-store")
		switch {
		case !local(r):
			http.Error(w, "this server answers for localhost only", http.StatusMisdirectedRequest)
			return
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			head.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if name == "" || name == "index.html" {
			head.Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(page)
			return
		}
		if !slices.Contains(served, name) && !slices.ContainsFunc(assets, func(dir string) bool { return strings.HasPrefix(name, path.Clean(dir)+"/") }) {
			http.NotFound(w, r)
			return
		}
		serveFile(w, r, target, name)
	})
}

// serveFile hands out one file below a folder; links that lead out of it are not followed.
func serveFile(w http.ResponseWriter, r *http.Request, target, name string) {
	root, err := os.OpenRoot(target)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer root.Close()
	f, err := root.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			http.Error(w, "the file cannot be read", http.StatusForbidden)
			return
		}
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, info.ModTime(), f)
}

// local says whether a request that came over the loopback interface also asks for this machine: a page of another site must not be
// able to read the documentation by having its own name point here.
func local(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return true
	}
	host, _, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return true
	}
	asked := r.Host
	if h, _, err := net.SplitHostPort(asked); err == nil {
		asked = h
	}
	asked = strings.Trim(asked, "[]")
	ip := net.ParseIP(asked)
	return asked == "localhost" || strings.HasSuffix(asked, ".localhost") || ip != nil && ip.IsLoopback()
}
