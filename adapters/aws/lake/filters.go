package lake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
)

// Filter is a data cells filter: which rows and columns of a table (all if there are none) its principals may select.
type Filter struct {
	Rows                string
	Columns, Principals []string
}

// Filters makes the filters of a table those that are given, and who may select through each: others are removed, with their grants. at
// names the catalog, which is part of a filter's identity.
func (f *Formation) Filters(ctx context.Context, at Target, want map[string]Filter) error {
	there, err := f.filters(ctx, at)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, keep := want[name]; keep {
			continue
		}
		if _, err := f.client.DeleteDataCellsFilter(ctx, &lakeformation.DeleteDataCellsFilterInput{TableCatalogId: &at.Catalog, DatabaseName: &at.Database, TableName: &at.Table, Name: &name}); err != nil {
			return &ProbeError{Action: "lakeformation:DeleteDataCellsFilter", Err: err}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		w := want[name]
		data := &types.DataCellsFilter{TableCatalogId: &at.Catalog, DatabaseName: &at.Database, TableName: &at.Table, Name: &name, RowFilter: &types.RowFilter{FilterExpression: &w.Rows}}
		if data.ColumnNames = w.Columns; len(w.Columns) == 0 {
			data.ColumnWildcard = &types.ColumnWildcard{}
		}
		old, exists := there[name]
		switch {
		case !exists:
			if _, err := f.client.CreateDataCellsFilter(ctx, &lakeformation.CreateDataCellsFilterInput{TableData: data}); err != nil {
				return &ProbeError{Action: "lakeformation:CreateDataCellsFilter", Err: err}
			}
		case old.RowFilter == nil || aws.ToString(old.RowFilter.FilterExpression) != w.Rows || !sameSet(old.ColumnNames, w.Columns):
			if _, err := f.client.UpdateDataCellsFilter(ctx, &lakeformation.UpdateDataCellsFilterInput{TableData: data}); err != nil {
				return &ProbeError{Action: "lakeformation:UpdateDataCellsFilter", Err: err}
			}
		}
		if err := f.selectors(ctx, at, name, w.Principals); err != nil {
			return err
		}
	}
	return nil
}

func (f *Formation) filters(ctx context.Context, at Target) (map[string]types.DataCellsFilter, error) {
	out := map[string]types.DataCellsFilter{}
	p := lakeformation.NewListDataCellsFilterPaginator(f.client, &lakeformation.ListDataCellsFilterInput{
		Table: &types.TableResource{CatalogId: &at.Catalog, DatabaseName: &at.Database, Name: &at.Table}})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, &ProbeError{Action: "lakeformation:ListDataCellsFilter", Err: err}
		}
		for _, x := range page.DataCellsFilters {
			out[aws.ToString(x.Name)] = x
		}
	}
	return out, nil
}

func sameSet(a, b []string) bool {
	sorted := func(s []string) []string {
		s = slices.Clone(s)
		slices.Sort(s)
		return slices.Compact(s)
	}
	return slices.Equal(sorted(a), sorted(b))
}

// batchGrants is the most grants that one call takes.
const batchGrants = 20

// selectors makes those who may select through a filter the given ones.
func (f *Formation) selectors(ctx context.Context, at Target, name string, want []string) error {
	resource := &types.Resource{DataCellsFilter: &types.DataCellsFilterResource{TableCatalogId: &at.Catalog, DatabaseName: &at.Database, TableName: &at.Table, Name: &name}}
	var have []string
	p := lakeformation.NewListPermissionsPaginator(f.client, &lakeformation.ListPermissionsInput{Resource: resource})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return &ProbeError{Action: "lakeformation:ListPermissions", Err: err}
		}
		for _, x := range page.PrincipalResourcePermissions {
			if x.Principal != nil {
				have = append(have, aws.ToString(x.Principal.DataLakePrincipalIdentifier))
			}
		}
	}
	entries := func(of, without []string) []types.BatchPermissionsRequestEntry {
		var out []types.BatchPermissionsRequestEntry
		seen := map[string]bool{}
		for _, who := range of {
			if seen[who] || slices.Contains(without, who) {
				continue
			}
			seen[who] = true
			out = append(out, types.BatchPermissionsRequestEntry{Id: aws.String(fmt.Sprint(len(out))), Resource: resource, Permissions: []types.Permission{types.PermissionSelect},
				Principal: &types.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(who)}})
		}
		return out
	}
	for chunk := range slices.Chunk(entries(have, want), batchGrants) {
		out, err := f.client.BatchRevokePermissions(ctx, &lakeformation.BatchRevokePermissionsInput{Entries: chunk})
		if err != nil {
			return &ProbeError{Action: "lakeformation:BatchRevokePermissions", Err: err}
		}
		if err := grantFailures("revoked", name, out.Failures); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(entries(want, have), batchGrants) {
		out, err := f.client.BatchGrantPermissions(ctx, &lakeformation.BatchGrantPermissionsInput{Entries: chunk})
		if err != nil {
			return &ProbeError{Action: "lakeformation:BatchGrantPermissions", Err: err}
		}
		if err := grantFailures("granted", name, out.Failures); err != nil {
			return err
		}
	}
	return nil
}

func grantFailures(what, filter string, list []types.BatchPermissionsFailureEntry) error {
	var texts []string
	for _, f := range list {
		who, why := "somebody", "no reason was given"
		if f.RequestEntry != nil && f.RequestEntry.Principal != nil {
			who = aws.ToString(f.RequestEntry.Principal.DataLakePrincipalIdentifier)
		}
		if f.Error != nil {
			why = aws.ToString(f.Error.ErrorCode) + ": " + aws.ToString(f.Error.ErrorMessage)
		}
		texts = append(texts, who+" ("+why+")")
	}
	if texts == nil {
		return nil
	}
	return fmt.Errorf("SELECT through the filter %s was not %s for %s", filter, what, strings.Join(texts, "; "))
}
