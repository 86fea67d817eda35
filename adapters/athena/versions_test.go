package athena

import (
	"fmt"
	"maps"
	"testing"

	"github.com/weft-data/weft/adapters/aws/lake"
)

// TestSucceed follows the entry of a name through its versions: what is current, what queries may still be reading, and what nobody reads.
func TestSucceed(t *testing.T) {
	entry := lake.Table{Partitions: []lake.Column{{Name: "day"}}} // what another tool made
	for i, step := range []struct {
		version, place string
		view           bool
		want           map[string]string
	}{
		{"t__weft_1", "s3://b/1/", true, map[string]string{lake.CurrentVersion: "t__weft_1", lake.BuiltAt: "s3://b/1/", lake.LeftPartitions: "previous"}},
		{"t__weft_2", "s3://b/2/", true, map[string]string{lake.CurrentVersion: "t__weft_2", lake.PreviousVersion: "t__weft_1", lake.BuiltAt: "s3://b/2/", lake.BuiltBefore: "s3://b/1/",
			lake.LeftPartitions: "expired"}},
		{"t__weft_3", "s3://b/3/", true, map[string]string{lake.CurrentVersion: "t__weft_3", lake.PreviousVersion: "t__weft_2", lake.ExpiredVersions: "t__weft_1", lake.BuiltAt: "s3://b/3/",
			lake.BuiltBefore: "s3://b/2/", lake.LeftPartitions: "expired"}},
		{"t__weft_1", "s3://b/4/", true, map[string]string{lake.CurrentVersion: "t__weft_1", lake.PreviousVersion: "t__weft_3", lake.ExpiredVersions: "t__weft_2", lake.BuiltAt: "s3://b/4/",
			lake.BuiltBefore: "s3://b/3/", lake.LeftPartitions: "expired"}},
		{"", "s3://b/5/", false, map[string]string{lake.PreviousVersion: "t__weft_1", lake.ExpiredVersions: "t__weft_2,t__weft_3", lake.BuiltAt: "s3://b/5/", lake.BuiltBefore: "s3://b/4/"}},
		{"", "s3://b/6/", false, map[string]string{lake.ExpiredVersions: "t__weft_1,t__weft_2,t__weft_3", lake.BuiltAt: "s3://b/6/", lake.BuiltBefore: "s3://b/5/"}},
		{"t__weft_1", "s3://b/7/", true, map[string]string{lake.CurrentVersion: "t__weft_1", lake.ExpiredVersions: "t__weft_2,t__weft_3", lake.BuiltAt: "s3://b/7/", lake.BuiltBefore: "s3://b/6/"}},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			after := lake.Table{View: step.view, Parameters: map[string]string{}}
			succeed(&after, entry, step.version, step.place)
			if !maps.Equal(after.Parameters, step.want) {
				t.Errorf("%v, not %v", after.Parameters, step.want)
			}
			if step.version != "" && !showing(after, step.version) {
				t.Error("the current version does not count as shown")
			}
			entry = after
		})
	}
}
