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

// Target names a table, or a database where Table is empty, of a catalog ("" for the caller's own).
type Target struct{ Catalog, Database, Table string }

func (t Target) catalog() *string {
	if t.Catalog == "" {
		return nil
	}
	return &t.Catalog
}

// Tags are the LF-tags that a table is to have: by key its own, and by key and value those of columns. Lake Formation folds keys to lower case.
// Tags with the keys in Inherited are somebody else's business and left alone, as are those that come from the database.
type Tags struct {
	Table     map[string]string
	Columns   map[string]map[string][]string
	Inherited []string
}

// Tag makes the tags of a table those that are given: what else it and its columns have is removed, unless it is inherited. A database only
// gets tags, and keeps what it has.
func (f *Formation) Tag(ctx context.Context, at Target, want Tags) error {
	if at.Table == "" {
		return f.add(ctx, &types.Resource{Database: &types.DatabaseResource{CatalogId: at.catalog(), Name: &at.Database}}, at.Database, pairs(want.Table))
	}
	table := &types.Resource{Table: &types.TableResource{CatalogId: at.catalog(), DatabaseName: &at.Database, Name: &at.Table}}
	there, err := f.client.GetResourceLFTags(ctx, &lakeformation.GetResourceLFTagsInput{Resource: table, CatalogId: at.catalog(), ShowAssignedLFTags: aws.Bool(true)})
	if err != nil {
		return &ProbeError{Action: "lakeformation:GetResourceLFTags", Err: err}
	}
	name := at.Database + "." + at.Table
	columns := func(list []string) *types.Resource {
		return &types.Resource{TableWithColumns: &types.TableWithColumnsResource{CatalogId: at.catalog(), DatabaseName: &at.Database, Name: &at.Table, ColumnNames: list}}
	}
	// What is wanted is added first, so that there is no moment with less than both versions have in common; a column has one value for a
	// key, which the new one replaces.
	if err := f.add(ctx, table, name, pairs(want.Table)); err != nil {
		return err
	}
	wanted := map[[2]string]bool{}
	for _, key := range slices.Sorted(maps.Keys(want.Columns)) {
		for _, value := range slices.Sorted(maps.Keys(want.Columns[key])) {
			list := want.Columns[key][value]
			for _, c := range list {
				wanted[[2]string{strings.ToLower(c), strings.ToLower(key)}] = true
			}
			if err := f.add(ctx, columns(list), name+" ("+strings.Join(list, ", ")+")", []types.LFTagPair{{TagKey: &key, TagValues: []string{value}}}); err != nil {
				return err
			}
		}
	}
	kept := func(key string) bool {
		return slices.ContainsFunc(want.Inherited, func(s string) bool { return strings.EqualFold(s, key) })
	}
	var gone []types.LFTagPair
	for _, t := range there.LFTagsOnTable {
		ofTable := slices.ContainsFunc(pairs(want.Table), func(p types.LFTagPair) bool { return strings.EqualFold(*p.TagKey, aws.ToString(t.TagKey)) })
		if !ofTable && !kept(aws.ToString(t.TagKey)) {
			gone = append(gone, types.LFTagPair{TagKey: t.TagKey, TagValues: t.TagValues})
		}
	}
	if err := f.remove(ctx, table, name, gone); err != nil {
		return err
	}
	for _, c := range there.LFTagsOnColumns {
		gone = nil
		column := aws.ToString(c.Name)
		for _, t := range c.LFTags {
			key := strings.ToLower(aws.ToString(t.TagKey))
			if !wanted[[2]string{strings.ToLower(column), key}] && !kept(key) {
				gone = append(gone, types.LFTagPair{TagKey: t.TagKey, TagValues: t.TagValues})
			}
		}
		if err := f.remove(ctx, columns([]string{column}), name+" ("+column+")", gone); err != nil {
			return err
		}
	}
	return nil
}

func pairs(tags map[string]string) []types.LFTagPair {
	var out []types.LFTagPair
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.LFTagPair{TagKey: aws.String(key), TagValues: []string{tags[key]}})
	}
	return out
}

func (f *Formation) add(ctx context.Context, at *types.Resource, name string, tags []types.LFTagPair) error {
	if len(tags) == 0 {
		return nil
	}
	out, err := f.client.AddLFTagsToResource(ctx, &lakeformation.AddLFTagsToResourceInput{Resource: at, LFTags: tags})
	if err != nil {
		return &ProbeError{Action: "lakeformation:AddLFTagsToResource", Err: err}
	}
	return tagFailures("added to", name, out.Failures)
}

func (f *Formation) remove(ctx context.Context, at *types.Resource, name string, tags []types.LFTagPair) error {
	if len(tags) == 0 {
		return nil
	}
	out, err := f.client.RemoveLFTagsFromResource(ctx, &lakeformation.RemoveLFTagsFromResourceInput{Resource: at, LFTags: tags})
	if err != nil {
		return &ProbeError{Action: "lakeformation:RemoveLFTagsFromResource", Err: err}
	}
	return tagFailures("removed from", name, out.Failures)
}

// tagFailures are the tags of a call that was answered well as a whole.
func tagFailures(what, name string, list []types.LFTagError) error {
	var texts []string
	for _, f := range list {
		key, why := "", "no reason was given"
		if f.LFTag != nil {
			key = aws.ToString(f.LFTag.TagKey)
		}
		if f.Error != nil {
			why = aws.ToString(f.Error.ErrorCode) + ": " + aws.ToString(f.Error.ErrorMessage)
		}
		texts = append(texts, "`"+key+"` ("+why+")")
	}
	if texts == nil {
		return nil
	}
	return fmt.Errorf("LF-tags were not %s %s: %s", what, name, strings.Join(texts, "; "))
}
