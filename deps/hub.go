package deps

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// hub answers what packages there are, by api/v1/<namespace>/<name>.json below its base address.
type hub struct {
	s     *session
	base  string
	known map[string][]hubVersion
}

// hubVersion is one version of a package as the hub describes it.
type hubVersion struct {
	Version  string
	Name     string
	Requires []string
	Packages []compiler.PackageSpec
	Tarball  string
	SHA1     string
}

// maxDescription bounds what the hub may say of one package; the largest real one is below a megabyte.
const maxDescription = 32 << 20

func defaultClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	t.ResponseHeaderTimeout = 30 * time.Second
	return &http.Client{Transport: t, Timeout: 10 * time.Minute}
}

// statusError is an answer other than 200.
type statusError struct {
	url    string
	status int
}

func (e statusError) Error() string {
	return fmt.Sprintf("%d %s for %s", e.status, http.StatusText(e.status), e.url)
}

// damaged is content that arrived broken: asking again may help.
type damaged struct{ err error }

func (e damaged) Error() string { return e.err.Error() }
func (e damaged) Unwrap() error { return e.err }

// get asks for an address and hands its body to read, again and again while the network or the content fails.
func (s *session) get(url string, read func(io.Reader) error) error {
	for attempt := 1; ; attempt++ {
		err := s.getOnce(url, read)
		if err == nil || s.ctx.Err() != nil || attempt >= s.o.Attempts || !transient(err) {
			return err
		}
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(s.o.Wait):
		}
	}
}

func (s *session) getOnce(url string, read func(io.Reader) error) error {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return fmt.Errorf("%s is no address of the web: it must begin with https:// or http://", url)
	}
	req.Header.Set("User-Agent", "weft")
	// The archive is what is compressed, not its transport.
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := s.o.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return statusError{url, resp.StatusCode}
	}
	return read(resp.Body)
}

// transient says whether asking again may help.
func transient(err error) bool {
	if isDisk(err) {
		return false
	}
	var status statusError
	if errors.As(err, &status) {
		return status.status >= 500 || status.status == http.StatusTooManyRequests || status.status == http.StatusRequestTimeout
	}
	var broken damaged
	var network net.Error
	return errors.As(err, &broken) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF)
}

// versions are all versions of a package, in the hub's order.
func (h *hub) versions(name string, at source.Span) ([]hubVersion, error) {
	if list, ok := h.known[name]; ok {
		return list, nil
	}
	notFound := func() error {
		return h.s.fail(diag.PackageUnknown, at, "look the package up in the hub: its name is NAMESPACE/NAME", "Package %s was not found in the package index", name)
	}
	if !validHubName(name) {
		return nil, notFound()
	}
	var answer hubAnswer
	err := h.s.get(h.base+"api/v1/"+name+".json", func(r io.Reader) error {
		body, err := io.ReadAll(io.LimitReader(r, maxDescription+1))
		if err != nil {
			return err
		}
		if len(body) > maxDescription {
			return fmt.Errorf("the hub's description of %s is larger than %d bytes", name, maxDescription)
		}
		answer = hubAnswer{}
		if err := json.Unmarshal(body, &answer); err != nil {
			return damaged{fmt.Errorf("the hub's description of %s is not what was expected: %w", name, err)}
		}
		if !answer.HasVersions {
			return damaged{fmt.Errorf("the hub's description of %s has no versions", name)}
		}
		return nil
	})
	var status statusError
	if errors.As(err, &status) && status.status == http.StatusNotFound {
		return nil, notFound()
	}
	if err != nil {
		return nil, h.s.unreachable(at, "the package "+name, err)
	}
	if answer.RedirectNamespace != "" || answer.RedirectName != "" {
		moved := orElse(answer.RedirectNamespace, answer.Namespace) + "/" + orElse(answer.RedirectName, answer.Name)
		d := h.s.diags.Add(diag.PackageMoved, at, "The `%s` package is deprecated in favor of `%s`.", name, moved)
		d.Deprecation, d.Hint = true, "write `"+moved+"` in "+h.s.listName()
	}
	h.known[name] = answer.Versions
	return answer.Versions, nil
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// validHubName keeps names from reaching other addresses than those of packages.
func validHubName(name string) bool {
	parts := strings.Split(name, "/")
	if len(parts) != 2 {
		return false
	}
	for _, p := range parts {
		if p == "" || strings.Trim(p, ".") == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") != "" {
			return false
		}
	}
	return true
}

// unreachable reports what could not be fetched.
func (s *session) unreachable(at source.Span, what string, err error) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	return s.fail(diag.FetchFailed, at, "check the network and the address; the hub's address can be set with DBT_PACKAGE_HUB_URL",
		"%s cannot be fetched: External connection exception occurred: %s", what, err)
}

// hubAnswer is the hub's description of a package.
type hubAnswer struct {
	Name, Namespace, RedirectName, RedirectNamespace string
	HasVersions                                      bool
	Versions                                         []hubVersion
}

// UnmarshalJSON keeps the order of the versions, which decides between equal ones.
func (a *hubAnswer) UnmarshalJSON(b []byte) error {
	var top struct {
		Name, Namespace                 string
		RedirectName, RedirectNamespace *string
		Versions                        json.RawMessage
	}
	if err := json.Unmarshal(b, &top); err != nil {
		return err
	}
	a.Name, a.Namespace = top.Name, top.Namespace
	if top.RedirectName != nil {
		a.RedirectName = *top.RedirectName
	}
	if top.RedirectNamespace != nil {
		a.RedirectNamespace = *top.RedirectNamespace
	}
	if len(top.Versions) == 0 || string(top.Versions) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(top.Versions))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("expected `versions` to be an object")
	}
	a.HasVersions = true
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var v struct {
			Name     string            `json:"name"`
			Packages []json.RawMessage `json:"packages"`
			Requires json.RawMessage   `json:"require_dbt_version"`
			Download struct {
				Tarball string `json:"tarball"`
				SHA1    string `json:"sha1"`
			} `json:"downloads"`
		}
		if err := d.Decode(&v); err != nil {
			return err
		}
		version, _ := key.(string)
		out := hubVersion{Version: version, Name: v.Name, Tarball: v.Download.Tarball, SHA1: v.Download.SHA1}
		if out.Requires, err = textOrList(v.Requires); err != nil {
			return err
		}
		for _, raw := range v.Packages {
			spec, err := specFromJSON(raw)
			if err != nil {
				return err
			}
			out.Packages = append(out.Packages, spec)
		}
		a.Versions = append(a.Versions, out)
	}
	return nil
}

// textOrList reads a string or number, a list of them, or nothing.
func textOrList(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return nil, nil
	}
	if raw[0] != '[' {
		raw = append(append([]byte{'['}, raw...), ']')
	}
	var list []any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&list); err != nil {
		return nil, err
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		default:
			return nil, fmt.Errorf("expected a version, found %v", v)
		}
	}
	return out, nil
}

// specFromJSON reads what a package of the hub depends on.
func specFromJSON(raw json.RawMessage) (compiler.PackageSpec, error) {
	var v struct {
		Package, Git, Local, Tarball, Private, Name, Subdirectory string
		Version, Revision                                         json.RawMessage
		Prerelease                                                bool  `json:"install_prerelease"`
		WarnUnpinned                                              *bool `json:"warn-unpinned"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return compiler.PackageSpec{}, err
	}
	out := compiler.PackageSpec{Name: v.Name, Subdirectory: v.Subdirectory, Prerelease: v.Prerelease, WarnUnpinned: v.WarnUnpinned == nil || *v.WarnUnpinned}
	for _, k := range []struct{ kind, address string }{{"package", v.Package}, {"git", v.Git}, {"local", v.Local}, {"tarball", v.Tarball}, {"private", v.Private}} {
		if k.address != "" {
			out.Kind, out.Address, out.Written = k.kind, k.address, k.address
			break
		}
	}
	if out.Kind == "" {
		return out, fmt.Errorf("a package that it depends on is of no known kind")
	}
	var err error
	if out.Versions, err = textOrList(v.Version); err != nil {
		return out, err
	}
	revision, err := textOrList(v.Revision)
	if err == nil && len(revision) > 0 {
		out.Revision = revision[0]
	}
	return out, err
}
