package artifacts

import (
	"fmt"

	"github.com/weft-data/weft/compiler/manifest"
)

// Metadata is the head of an artifact of a name and version.
func Metadata(inv Invocation, name string, version int) manifest.ResultMetadata {
	out := manifest.ResultMetadata{Schema: fmt.Sprintf("https://schemas.getdbt.com/dbt/%s/v%d.json", name, version), DbtVersion: inv.DbtVersion,
		GeneratedAt: stamp(inv.GeneratedAt), InvocationID: inv.ID, InvocationStartedAt: stamp(inv.StartedAt), Env: inv.Env}
	if out.Env == nil {
		out.Env = map[string]string{}
	}
	return out
}
