package basecontext

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// SecretPrefix begins the names of environment variables that only profiles.yml and packages.yml may read.
const SecretPrefix = "DBT_ENV_SECRET"

// A secret never reaches a template: env_var gives this placeholder, and Renderer puts the value in its place afterwards, so
// that no filter can take it apart and no message can show it.
const (
	secretStart = "$$$DBT_SECRET_START$$$"
	secretEnd   = "$$$DBT_SECRET_END$$$"
)

// EnvVar is the function env_var of templates.
func EnvVar(env map[string]string) *jinja.Func { return envVar(env, false) }

// SecretEnvVar is env_var in profiles.yml and packages.yml, where secrets are allowed.
func SecretEnvVar(env map[string]string) *jinja.Func { return envVar(env, true) }

func envVar(env map[string]string, secrets bool) *jinja.Func {
	return jinja.NewFunc("env_var", func(c *jinja.Call) (jinja.Value, error) {
		a, err := params(c, "env_var", "var", "default=")
		if err != nil {
			return nil, err
		}
		name, ok := text(a[0])
		if !ok {
			name = jinja.Text(a[0])
		}
		value, found := env[name]
		if strings.HasPrefix(name, SecretPrefix) {
			if !secrets {
				return nil, fmt.Errorf("Secret env vars are allowed only in profiles.yml or packages.yml. Found '%s' referenced elsewhere.", name) //nolint:staticcheck // dbt's text
			}
			if found {
				return jinja.Str(secretStart + name + secretEnd), nil
			}
		}
		switch {
		case found:
			return jinja.Str(value), nil
		case !isNone(a[1]):
			return a[1], nil
		}
		return nil, fmt.Errorf("Env var required but not provided: '%s'", name) //nolint:staticcheck // dbt's text
	})
}

// maskSecrets hides placeholders in a message.
func maskSecrets(s string) string {
	for {
		i := strings.Index(s, secretStart)
		if i < 0 {
			return s
		}
		j := strings.Index(s[i:], secretEnd)
		if j < 0 {
			return s[:i] + "*****"
		}
		s = s[:i] + "*****" + s[i+j+len(secretEnd):]
	}
}
