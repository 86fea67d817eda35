package dialect

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDataFilesAreComplete(t *testing.T) {
	names := Names()
	if want := []string{"athena", "duckdb", "postgres", "redshift", "spark"}; !slices.Equal(names, want) {
		t.Fatalf("dialects %v, want %v", names, want)
	}
	for _, n := range names {
		d, ok := Get(n)
		if !ok || d.Name != n {
			t.Fatalf("%s: %+v", n, d)
		}
		raw, err := data.ReadFile("data/" + n + ".json")
		if err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(strings.NewReader(string(raw)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&Dialect{}); err != nil {
			t.Errorf("%s: %v", n, err)
		}
		for _, p := range d.Parents {
			if _, ok := Get(p); !ok {
				t.Errorf("%s: unknown parent %s", n, p)
			}
		}
		for _, c := range []string{"check", "not_null", "unique", "primary_key", "foreign_key"} {
			if s := d.Constraints[c]; s != Enforced && s != NotEnforced && s != NotSupported {
				t.Errorf("%s: constraint %s has support %q", n, c, s)
			}
		}
		for m, class := range d.Publish {
			if class != PublishAtomic && class != PublishWeak && class != PublishNone {
				t.Errorf("%s: %s has publish class %q", n, m, class)
			}
		}
		for _, k := range d.Profile.Target {
			if _, ok := d.Profile.Key(k); !ok {
				t.Errorf("%s: target key %s is no profile key", n, k)
			}
		}
		for _, k := range d.Profile.Keys {
			if k.Secret && slices.Contains(d.Profile.Target, k.Name) {
				t.Errorf("%s: the secret %s is in target", n, k.Name)
			}
		}
		for _, a := range d.Profile.Aliases {
			if k, ok := d.Profile.Key(a.Alias); !ok || k.Name != a.Key {
				t.Errorf("%s: alias %s leads to %v", n, a.Alias, k)
			}
		}
		if !slices.IsSorted(d.Capabilities) {
			t.Errorf("%s: capabilities are not sorted", n)
		}
	}
	if _, ok := Get("oracle"); ok {
		t.Error("there is no dialect oracle")
	}
}

func TestPrefixes(t *testing.T) {
	d, _ := Get("redshift")
	if got := strings.Join(d.Prefixes(), " "); got != "redshift postgres default" {
		t.Errorf("prefixes %q", got)
	}
	if got := strings.Join(d.Prefixes(), " "); got != "redshift postgres default" || len(d.Parents) != 1 {
		t.Errorf("prefixes changed to %q", got)
	}
}

// unescape reads one quoted identifier and gives what follows it.
func unescape(s, quote string) (name, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, quote)
	for ok {
		var part string
		if part, s, ok = strings.Cut(s, quote); !ok {
			return "", "", false
		}
		name += part
		if after, doubled := strings.CutPrefix(s, quote); doubled {
			name, s = name+quote, after
			continue
		}
		return name, s, true
	}
	return "", "", false
}

func TestEscapedIdentifierIsOneIdentifier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, _ := Get(rapid.SampledFrom(Names()).Draw(t, "dialect"))
		name := rapid.StringOf(rapid.RuneFrom([]rune("a\"`. '\\\n\x00é"))).Draw(t, "name")
		checkEscape(t, d, name)
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkEscape(t failer, d *Dialect, name string) {
	quoted := d.EscapeIdentifier(name)
	got, rest, ok := unescape(quoted, d.Quote)
	if !ok || got != name || rest != "" {
		t.Fatalf("%s: %q is written %s and read as %q, %q", d.Name, name, quoted, got, rest)
	}
	if !strings.Contains(name, d.Quote) && d.QuoteIdentifier(name) != quoted {
		t.Fatalf("%s: %q is quoted in two ways", d.Name, name)
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", `"`, "``", `a"."b`, "x\x00y", "`;drop table t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, n := range Names() {
			d, _ := Get(n)
			checkEscape(t, d, name)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load("redshift")
	}
}
