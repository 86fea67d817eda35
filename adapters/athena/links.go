package athena

import (
	"context"
	"strings"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/plan"
)

// links are the names by which others know a table: Glue's, and the folder of its files, as OpenLineage writes them.
func links(t lake.Table, region string) []plan.Link {
	var out []plan.Link
	if t.Account != "" {
		name := "table/"
		if t.Path != "" {
			name += t.Path + "/"
		}
		out = append(out, plan.Link{Namespace: "arn:" + partition(region) + ":glue:" + region + ":" + t.Account, Name: name + t.Database + "/" + t.Name, Type: "TABLE"})
	}
	if place, err := lake.ParsePlace(t.Location); err == nil && !t.View {
		out = append(out, plan.Link{Namespace: "s3://" + place.Bucket, Name: strings.Trim(place.Key, "/"), Type: "LOCATION"})
	}
	return out
}

// partition is the part of AWS that a region belongs to.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// told adds to an object what was asked of it besides: its links, and its snapshot. A snapshot that cannot be read is not known.
func (e *Engine) told(ctx context.Context, t lake.Table, asked []plan.Observation, to *plan.Object) {
	wanted, snapshot := false, false
	for _, o := range asked {
		if strings.EqualFold(o.Relation.Identifier, t.Name) {
			wanted, snapshot = wanted || o.Links, snapshot || o.Snapshot
		}
	}
	if wanted {
		to.Links = links(t, e.config.Region)
	}
	if snapshot && t.Iceberg && t.Metadata != "" {
		if s, err := e.objects.Snapshot(ctx, t.Metadata); err == nil && s != nil {
			to.Snapshot = &plan.Snapshot{ID: s.ID, Rows: s.Rows, Bytes: s.Bytes, Files: s.Files}
		}
	}
}
