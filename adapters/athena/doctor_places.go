package athena

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
)

// resultPlace is where Athena writes results: the workgroup's place if it enforces it, else the profile's, else the workgroup's. It is empty
// where Athena keeps them itself.
func (d *doctor) resultPlace() (url string, managed bool) {
	url = d.profile.staging
	if d.group == nil || d.group.Configuration == nil {
		return url, false
	}
	c := d.group.Configuration
	if m := c.ManagedQueryResultsConfiguration; m != nil && m.Enabled {
		return "", true
	}
	if r := c.ResultConfiguration; r != nil && r.OutputLocation != nil && (url == "" || aws.ToBool(c.EnforceWorkGroupConfiguration)) {
		url = *r.OutputLocation
	}
	return url, false
}

// dataPlace is where tables go that name no place of their own: s3_data_dir, else a folder of s3_staging_dir (dbt-athena's rule).
func (d *doctor) dataPlace() string {
	if dir := text(d.input, "s3_data_dir"); dir != "" {
		return dir
	}
	if d.profile.staging != "" {
		return strings.TrimSuffix(d.profile.staging, "/") + "/tables"
	}
	return ""
}

func (d *doctor) results(ctx context.Context) {
	url, managed := d.resultPlace()
	switch {
	case managed:
		d.omit("result bucket", "the workgroup keeps results itself")
	case url == "":
		d.omit("result bucket", "there is no place for results")
	default:
		if !d.place(ctx, "result bucket", url) && d.noQuery == "" {
			d.noQuery = "not tried: results cannot be written"
		}
	}
}

func (d *doctor) data(ctx context.Context) {
	url := d.dataPlace()
	if url == "" {
		d.warn(dataBucket, "neither s3_data_dir nor s3_staging_dir says where tables go", "set s3_data_dir in the profile, or s3_data_dir or external_location in each model")
		return
	}
	d.place(ctx, dataBucket, url)
}

const dataBucket = "data bucket"

// place tries what Athena does with a place: look, write, read, delete.
func (d *doctor) place(ctx context.Context, name, url string) bool {
	at, err := lake.ParsePlace(url)
	if err != nil {
		d.fail(name, err.Error(), "correct the place in the profile or in the workgroup")
		return false
	}
	objects := lake.NewObjects(d.config)
	if name == dataBucket { // seeds are uploaded there
		if err := objects.Uploading(d.profile.uploads); err != nil {
			d.fail(name, err.Error(), "correct seed_s3_upload_args in the profile")
			return false
		}
	}
	region, err := objects.Region(ctx, at.Bucket)
	if err != nil {
		d.failed(name, err, "s3:ListBucket", d.bucketARN(at.Bucket))
		return false
	}
	if region != "" && region != d.config.Region {
		g := weftaws.Elsewhere(weftaws.Call{Resource: url, Region: d.config.Region}, region)
		d.fail(name, g.Found, g.Mend)
		return false
	}
	err = objects.Probe(ctx, at)
	var probe *lake.ProbeError
	switch {
	case err == nil:
		d.ok(name, url+": listed, written, read, deleted")
		return true
	case errors.As(err, &probe) && probe.Left != "":
		g := d.diagnose(err, probe.Action, probe.Left)
		d.fail(name, g.Found, g.Mend+"; remove the probe: aws s3 rm "+probe.Left)
	case errors.As(err, &probe) && probe.Action == "s3:ListBucket":
		d.failed(name, err, probe.Action, d.bucketARN(at.Bucket))
	default:
		d.failed(name, err, "s3:PutObject", d.bucketARN(at.Bucket+"/"+at.Below("*").Key))
	}
	return false
}

// glue reads the target schema. The rights to create and change are not tried: that would leave traces.
func (d *doctor) glue(ctx context.Context) {
	schema := strings.ToLower(d.profile.schema)
	catalog := ""
	if isTables(d.profile.database) {
		catalog = d.who.Account + ":" + d.profile.database
	}
	location, err := lake.NewCatalog(d.config, catalog).ProbeDatabase(ctx, schema)
	switch {
	case errors.Is(err, lake.ErrNotFound):
		d.warn("glue", "the database `"+schema+"` does not exist yet; the first build makes it", "the first build needs glue:CreateDatabase; or let somebody make the database")
	case err != nil:
		d.failed("glue", err, "glue:GetDatabase", "database/"+schema)
	case location == "":
		d.ok("glue", "database `"+schema+"`: read, tables listed (rights to create and change were not tried)")
	default:
		d.ok("glue", "database `"+schema+"` at "+location+": read, tables listed (rights to create and change were not tried)")
	}
}

// formation says whether IAM alone decides who sees new tables.
func (d *doctor) formation(ctx context.Context) {
	const name = "lake formation"
	f := lake.NewFormation(d.config)
	g, err := f.Governance(ctx)
	if err != nil {
		if why := d.diagnose(err, "", "catalog"); why.Denied {
			d.warn(name, why.Found+"; nobody knows here whether grants are needed", "allow lakeformation:GetDataLakeSettings, or ask the administrator of the data lake")
			return
		}
		d.failed(name, err, "", "catalog")
		return
	}
	registered := ""
	if at, bad := lake.ParsePlace(d.dataPlace()); bad == nil {
		if registered, err = f.Registered(ctx, at); err != nil {
			registered = "" // the right to list locations is not needed for building
		}
	}
	where := "the data's place is not registered"
	if registered != "" {
		where = "the data's place is registered (" + registered + ")"
	}
	if g.IAMTables && g.IAMDatabases && registered == "" {
		d.ok(name, "IAM alone decides on new databases and tables; "+where)
		return
	}
	d.governed(ctx, f, g, registered, where)
}

// governed looks for the grants that building needs where Lake Formation decides.
func (d *doctor) governed(ctx context.Context, f *lake.Formation, g lake.Governance, registered, where string) {
	const name = "lake formation"
	principal, schema := principalOf(d.who.ARN), strings.ToLower(d.profile.schema)
	found := "Lake Formation decides on new tables; " + where
	if g.IAMTables {
		found = "IAM decides on new tables, Lake Formation on the files; " + where
	}
	if slices.Contains(g.Admins, principal) {
		d.ok(name, found+"; this identity is an administrator of the data lake")
		return
	}
	mend := "grant CREATE_TABLE, DESCRIBE, ALTER and DROP on database `" + schema + "` to " + principal
	if registered != "" {
		mend += ", DATA_LOCATION_ACCESS on " + registered + ", and lakeformation:GetDataAccess in IAM"
	}
	grants, err := f.Grants(ctx, principal, schema)
	switch {
	case err != nil:
		d.warn(name, found+"; which grants there are cannot be asked ("+d.diagnose(err, "", schema).Found+")", mend)
	case slices.Contains(grants, "ALL") || slices.Contains(grants, "CREATE_TABLE") || g.IAMTables:
		d.ok(name, found+"; granted on `"+schema+"`: "+listed(grants))
	default:
		d.warn(name, found+"; granted on `"+schema+"`: "+listed(grants), mend)
	}
}

func listed(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// principalOf is the principal that grants name: the role, where the identity is a session of one. The path of a role is not in the ARN of its
// sessions.
func principalOf(arn string) string {
	head, tail, ok := strings.Cut(arn, ":assumed-role/")
	if !ok {
		return arn
	}
	role, _, _ := strings.Cut(tail, "/")
	return strings.Replace(head, ":sts:", ":iam:", 1) + ":role/" + role
}
