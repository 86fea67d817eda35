package basecontext

import (
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

func renderer(env map[string]string, secrets bool) *Renderer {
	vars := jinja.NewDict(0)
	vars.Set("n", jinja.Int(3))
	v := &Var{Variables: VarMap{Values: vars}}
	if secrets {
		return &Renderer{Scope: Context(Options{Env: env}, v, SecretEnvVar(env), nil), Secrets: env}
	}
	return &Renderer{Scope: Context(Options{Env: env}, v, EnvVar(env), nil)}
}

func parse(t *testing.T, text string) *yamldoc.Node {
	t.Helper()
	n, diags := yamldoc.Parse(source.NewFile("x.yml", text))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return n
}

func TestRenderTree(t *testing.T) {
	n := parse(t, `
a: "{{ var('n') }}"
b: ["{{ var('n') + 1 }}", "x{{ var('n') }}", plain, 1, 2024-01-01]
late: "{{ nope() }}"
c: |
  one
  {{ var('n') }}
d: "{% if true %}y{% endif %}"
1: {true: "{{ none }}"}
`)
	r := renderer(nil, false)
	r.Late = func(path []Step) bool { return path[0].Name == "late" }
	v, diags := r.Tree(n)
	want := `{'a': 3, 'b': [4, 'x3', 'plain', 1, '2024-01-01'], 'late': '{{ nope() }}', 'c': 'one\n3', 'd': 'y', 1: {True: 'None'}}`
	if got := jinja.Repr(v); got != want || len(diags) > 0 {
		t.Errorf("got  %s %v\nwant %s", got, diags, want)
	}
}

// TestRenderPlaces checks that an error is shown where its expression stands, however the text is written.
func TestRenderPlaces(t *testing.T) {
	for _, c := range []struct{ text, at string }{
		{"a: \"x {{ nope() }}\"", "nope"},
		{"a: 'it''s {{ nope() }}'", "nope"},
		{"a: \"tab\\t \\u00e9 {{ nope() }}\"", "nope"},
		{"a: |\n  one\n    two {{ nope() }}\n  three\n", "nope"},
		{"a: >\n  one\n  {{ nope() }}\n", "nope"},
		{"a: [b, \"{{ nope() }}\"]", "nope"},
	} {
		n := parse(t, c.text)
		_, diags := renderer(nil, false).Tree(n)
		if len(diags) != 1 {
			t.Errorf("%q: %v", c.text, diags)
			continue
		}
		at := diags[0].Span
		if at.File != n.Span.File || !strings.Contains(at.Text(), c.at) && !strings.HasPrefix(at.File.Text[at.Start:], c.at) {
			t.Errorf("%q: shown at %d-%d %q", c.text, at.Start, at.End, at.Text())
		}
	}
}

func TestSecrets(t *testing.T) {
	env := map[string]string{"DBT_ENV_SECRET_A": "hush", "DBT_ENV_SECRET_B": "hash"}
	for _, c := range []struct{ text, want string }{
		{`"{{ env_var('DBT_ENV_SECRET_A') }}"`, "hush"},
		{`"https://{{ env_var('DBT_ENV_SECRET_A') }}:{{ env_var('DBT_ENV_SECRET_B') }}@x"`, "https://hush:hash@x"},
		{`"{{ env_var('DBT_ENV_SECRET_A')[:3] }}"`, "$$$"},
		{`"{{ env_var('DBT_ENV_SECRET_C', 'd') }}"`, "d"},
	} {
		v, diags := renderer(env, true).Scalar(parse(t, c.text))
		if jinja.Text(v) != c.want || len(diags) > 0 {
			t.Errorf("%s: %v %v", c.text, v, diags)
		}
	}
	_, diags := renderer(env, false).Scalar(parse(t, `"{{ env_var('DBT_ENV_SECRET_A') }}"`))
	if !diags.HasErrors() || !strings.Contains(diags[0].Detail, "allowed only in profiles.yml or packages.yml") {
		t.Error(diags)
	}
	var logged string
	names := Names(Options{Log: func(m string, _ bool) { logged = m }})
	names["env_var"] = SecretEnvVar(env)
	tmpl, _ := jinja.Parse(source.Whole(source.NewFile("t", "{{ log('a ' ~ env_var('DBT_ENV_SECRET_A') ~ ' b') }}")), NativeOptions())
	if _, err := tmpl.Render(&jinja.Thread{}, names); err != nil || logged != "a ***** b" {
		t.Errorf("logged %q %v", logged, err)
	}
}

func TestUndefinedIsAnEmptyText(t *testing.T) {
	v, diags := renderer(nil, false).Scalar(parse(t, `"{{ nope }}"`))
	if v != jinja.Str("") || len(diags) != 1 || diags[0].Code != diag.YAMLUndefined || !diags[0].Deprecation {
		t.Errorf("%v %v", v, diags)
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"{{ modules.re.sub('a', 'b', 'c') }}", "{{ modules.datetime.datetime(2024,1,1) }}", "{{ fromjson('[1]') }}", "{{ toyaml({'a': 1}) }}", "{{ fromyaml('a: 1') }}",
		"{{ modules.itertools.product([1], repeat=3) | list }}", "{{ modules.pytz.timezone('UTC') }}", "{{ modules.datetime.datetime.strptime('2024', '%Y') }}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, diags := jinja.Parse(source.Whole(source.NewFile("t", text)), NativeOptions())
		if diags.HasErrors() {
			return
		}
		th := &jinja.Thread{Limits: jinja.Limits{Steps: 20000, Depth: 50, Output: 1 << 16}}
		_, _ = tmpl.RenderNative(th, oracleContext()) // must end, whatever it says
	})
}
