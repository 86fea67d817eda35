package lake

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
)

// Formation is Lake Formation: who may see which table, beside and above IAM.
type Formation struct{ client *lakeformation.Client }

// NewFormation makes the access to Lake Formation.
func NewFormation(c aws.Config) *Formation {
	return &Formation{client: lakeformation.NewFromConfig(c)}
}

// Governance is how new tables of an account are governed.
type Governance struct {
	// IAMDatabases and IAMTables say that new ones are open to whomever IAM allows: Lake Formation grants all on them to "IAMAllowedPrincipals".
	IAMDatabases, IAMTables bool
	// Admins are the ARNs of the administrators.
	Admins []string
}

// everybody is Lake Formation's name of all whom IAM allows.
const everybody = "IAM_ALLOWED_PRINCIPALS"

// Governance reads the account's settings.
func (f *Formation) Governance(ctx context.Context) (Governance, error) {
	out, err := f.client.GetDataLakeSettings(ctx, &lakeformation.GetDataLakeSettingsInput{})
	if err != nil {
		return Governance{}, &ProbeError{Action: "lakeformation:GetDataLakeSettings", Err: err}
	}
	open := func(list []types.PrincipalPermissions) bool {
		return slices.ContainsFunc(list, func(p types.PrincipalPermissions) bool {
			return p.Principal != nil && aws.ToString(p.Principal.DataLakePrincipalIdentifier) == everybody && slices.Contains(p.Permissions, types.PermissionAll)
		})
	}
	var g Governance
	if s := out.DataLakeSettings; s != nil {
		g.IAMDatabases, g.IAMTables = open(s.CreateDatabaseDefaultPermissions), open(s.CreateTableDefaultPermissions)
		for _, a := range s.DataLakeAdmins {
			g.Admins = append(g.Admins, aws.ToString(a.DataLakePrincipalIdentifier))
		}
	}
	return g, nil
}

// Registered is the registered location that a place lies in, "" if Lake Formation does not govern the place's files.
func (f *Formation) Registered(ctx context.Context, at Place) (string, error) {
	p := lakeformation.NewListResourcesPaginator(f.client, &lakeformation.ListResourcesInput{})
	longest := ""
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return "", &ProbeError{Action: "lakeformation:ListResources", Err: err}
		}
		for _, r := range page.ResourceInfoList {
			arn := aws.ToString(r.ResourceArn)
			_, place, ok := strings.Cut(arn, ":s3:::")
			place = strings.TrimSuffix(strings.TrimSuffix(place, "*"), "/")
			inside := at.Bucket + "/" + strings.TrimSuffix(at.Key, "/") + "/"
			if ok && strings.HasPrefix(inside, place+"/") && len(arn) > len(longest) {
				longest = arn
			}
		}
	}
	return longest, nil
}

// Grants are the permissions that a principal, or everybody, was granted on a database, sorted.
func (f *Formation) Grants(ctx context.Context, principal, database string) ([]string, error) {
	p := lakeformation.NewListPermissionsPaginator(f.client, &lakeformation.ListPermissionsInput{
		Resource: &types.Resource{Database: &types.DatabaseResource{Name: &database}}})
	var out []string
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, &ProbeError{Action: "lakeformation:ListPermissions", Err: err}
		}
		for _, g := range page.PrincipalResourcePermissions {
			if g.Principal == nil {
				continue
			}
			if who := aws.ToString(g.Principal.DataLakePrincipalIdentifier); who != principal && who != everybody {
				continue
			}
			for _, permission := range g.Permissions {
				out = append(out, string(permission))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
