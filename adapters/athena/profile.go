// Package athena runs plans on Amazon Athena: queries that are submitted, polled and read page by page, over tables that the Glue
// catalog describes and S3 keeps.
//
// Athena has no connections and no transactions. A session is therefore only a name for work that can be cancelled together, and no
// batch of several statements can be atomic; what is atomic is a single statement, and a single change of an entry of the catalog.
// Each statement carries a request token made of the plan's, so that an answer that got lost on the way does not make it run twice.
package athena

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
)

// profile is an output of type athena, in dbt-athena's keys.
type profile struct {
	aws              weftaws.Options
	database, schema string
	staging          string // s3_staging_dir, "" if the workgroup says
	workgroup        string
	groups           map[string]string // work_groups: by dbt's command
	price            float64           // of a terabyte scanned, 0 for none
	endpoint         string            // of Athena alone
	poll             time.Duration
	icebergRetries   int
	skipCheck        bool
	uploads          map[string]any // seed_s3_upload_args
}

// readProfile reads the rendered output; its types were checked against the dialect's data.
func readProfile(in map[string]any) (profile, error) {
	p := profile{database: text(in, "database"), schema: text(in, "schema"), staging: text(in, "s3_staging_dir"), workgroup: text(in, "work_group"),
		endpoint: text(in, "endpoint_url"), poll: seconds(in, "poll_interval", time.Second), icebergRetries: integer(in, "num_iceberg_retries", 3)}
	p.skipCheck, _ = in["skip_workgroup_check"].(bool)
	p.aws = weftaws.Options{Region: text(in, "region_name"), Profile: text(in, "aws_profile_name"), AccessKey: text(in, "aws_access_key_id"),
		SecretKey: text(in, "aws_secret_access_key"), SessionToken: text(in, "aws_session_token"), RoleARN: text(in, "assume_role_arn"),
		ExternalID: text(in, "assume_role_external_id"), SessionName: text(in, "assume_role_session_name"),
		Duration: seconds(in, "assume_role_duration_seconds", time.Hour)}
	if p.aws.SessionName == "" {
		p.aws.SessionName = "weft"
	}
	// dbt-athena counts repetitions, the SDK attempts.
	p.aws.Attempts = integer(in, "num_boto3_retries", integer(in, "num_retries", 5)) + 1
	if p.staging != "" && !strings.HasPrefix(p.staging, "s3://") {
		return p, fmt.Errorf("s3_staging_dir is %q; expected a place in S3, such as s3://bucket/path/", p.staging)
	}
	if !isOwn(p.database) && !isTables(p.database) {
		return p, fmt.Errorf("the profile's database (or catalog) is `%s`; weft builds in %s, the account's own Glue catalog, and in S3 Tables (%sBUCKET)", p.database, ownCatalog, tableBuckets)
	}
	if p.workgroup == "" {
		p.workgroup = defaultGroup
	}
	work, _ := in["work_groups"].(map[string]any)
	for _, verb := range slices.Sorted(maps.Keys(work)) {
		name, ok := work[verb].(string)
		if !slices.Contains(verbs, verb) || !ok {
			return p, fmt.Errorf("the profile's key `work_groups` has the entry `%s: %v`; expected a command (%s) and the name of a workgroup", verb, work[verb], strings.Join(verbs, ", "))
		}
		if p.groups == nil {
			p.groups = map[string]string{}
		}
		p.groups[verb] = name
	}
	p.price = number(in, "price_per_tb")
	if p.price < 0 {
		return p, fmt.Errorf("the profile's key `price_per_tb` is %v; expected what a terabyte scanned costs, such as 5.00", p.price)
	}
	p.uploads, _ = in["seed_s3_upload_args"].(map[string]any)
	if err := new(lake.Objects).Uploading(p.uploads); err != nil {
		return p, fmt.Errorf("the profile's key `seed_s3_upload_args`: %w", err)
	}
	return p, nil
}

// verbs are the commands that can have a workgroup of their own (work_groups), in the words of flags.WHICH.
var verbs = []string{"build", "clone", "compile", "freshness", "generate", "run", "run-operation", "seed", "show", "snapshot", "test"}

func number(in map[string]any, key string) float64 {
	switch n := in[key].(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

func text(in map[string]any, key string) string {
	s, _ := in[key].(string)
	return s
}

func integer(in map[string]any, key string, fallback int) int {
	switch n := in[key].(type) {
	case int64:
		return int(n)
	case int:
		return n
	case float64:
		return int(n)
	}
	return fallback
}

func seconds(in map[string]any, key string, fallback time.Duration) time.Duration {
	switch n := in[key].(type) {
	case int64:
		return time.Duration(n) * time.Second
	case float64:
		return time.Duration(n * float64(time.Second))
	}
	return fallback
}
