package lake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// batchCreate and batchDelete are the most partitions that one call of Glue takes.
const (
	batchCreate = 100
	batchDelete = 25
)

// Parameters of the entries of tables and partitions: the folder of the version before, which readers may still read, and of the one before
// that, which is removed.
const (
	PreviousPlace = "weft_previous_location"
	ExpiredPlace  = "weft_expired_location"
)

// CopyPartitions makes the partitions of a table those of another: new and changed ones first; with all, those that the other does not
// have are removed after that. Readers see each partition change by itself, and none missing.
func (k *Catalog) CopyPartitions(ctx context.Context, database, from, to string, all bool) error {
	fresh, err := k.partitions(ctx, database, from)
	if err != nil {
		return err
	}
	old, err := k.partitions(ctx, database, to)
	if err != nil {
		return err
	}
	key := func(p types.Partition) string { return strings.Join(p.Values, "\x00") }
	have, want := map[string]types.Partition{}, map[string]bool{}
	for _, p := range old {
		have[key(p)] = p
	}
	var create []types.PartitionInput
	var update []types.BatchUpdatePartitionRequestEntry
	for _, p := range fresh {
		want[key(p)] = true
		in := types.PartitionInput{Values: p.Values, StorageDescriptor: p.StorageDescriptor, Parameters: p.Parameters}
		if was, ok := have[key(p)]; ok {
			in.Parameters = maps.Clone(in.Parameters)
			if in.Parameters == nil {
				in.Parameters = map[string]string{}
			}
			if was.StorageDescriptor != nil {
				in.Parameters[PreviousPlace] = aws.ToString(was.StorageDescriptor.Location)
			}
			if place := was.Parameters[PreviousPlace]; place != "" {
				in.Parameters[ExpiredPlace] = place
			}
			update = append(update, types.BatchUpdatePartitionRequestEntry{PartitionValueList: p.Values, PartitionInput: &in})
		} else {
			create = append(create, in)
		}
	}
	for at := 0; at < len(update); at += batchCreate {
		out, err := k.client.BatchUpdatePartition(ctx, &glue.BatchUpdatePartitionInput{CatalogId: k.account, DatabaseName: &database, TableName: &to,
			Entries: update[at:min(at+batchCreate, len(update))]})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return partitionFailure(out.Errors[0].PartitionValueList, out.Errors[0].ErrorDetail)
		}
	}
	for at := 0; at < len(create); at += batchCreate {
		out, err := k.client.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{CatalogId: k.account, DatabaseName: &database, TableName: &to,
			PartitionInputList: create[at:min(at+batchCreate, len(create))]})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return partitionFailure(out.Errors[0].PartitionValues, out.Errors[0].ErrorDetail)
		}
	}
	if !all {
		return nil
	}
	var gone []types.PartitionValueList
	for _, p := range old {
		if !want[key(p)] {
			gone = append(gone, types.PartitionValueList{Values: p.Values})
		}
	}
	for at := 0; at < len(gone); at += batchDelete {
		out, err := k.client.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{CatalogId: k.account, DatabaseName: &database, TableName: &to,
			PartitionsToDelete: gone[at:min(at+batchDelete, len(gone))]})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return partitionFailure(out.Errors[0].PartitionValues, out.Errors[0].ErrorDetail)
		}
	}
	return nil
}

// ExpiredPartitions are the folders of versions of a table's partitions that are neither the current nor the one before. A folder that one of
// those lies in is left out.
func (k *Catalog) ExpiredPartitions(ctx context.Context, database, table string) ([]string, error) {
	list, err := k.partitions(ctx, database, table)
	if err != nil {
		return nil, err
	}
	folder := func(url string) string { return strings.TrimSuffix(url, "/") + "/" }
	var live, out []string
	for _, p := range list {
		if p.StorageDescriptor != nil {
			live = append(live, folder(aws.ToString(p.StorageDescriptor.Location)))
		}
		if place := p.Parameters[PreviousPlace]; place != "" {
			live = append(live, folder(place))
		}
	}
	for _, p := range list {
		place := p.Parameters[ExpiredPlace]
		if place != "" && !slices.ContainsFunc(live, func(l string) bool { return strings.HasPrefix(l, folder(place)) }) {
			out = append(out, place)
		}
	}
	return out, nil
}

// PartitionPlaces are the folders of a table's partitions and of their versions before.
func (k *Catalog) PartitionPlaces(ctx context.Context, database, table string) ([]string, error) {
	list, err := k.partitions(ctx, database, table)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range list {
		if p.StorageDescriptor != nil {
			out = append(out, aws.ToString(p.StorageDescriptor.Location))
		}
		if place := p.Parameters[PreviousPlace]; place != "" {
			out = append(out, place)
		}
	}
	return out, nil
}

func partitionFailure(values []string, d *types.ErrorDetail) error {
	return fmt.Errorf("partition %s: %s: %s", strings.Join(values, "/"), aws.ToString(d.ErrorCode), aws.ToString(d.ErrorMessage))
}

func (k *Catalog) partitions(ctx context.Context, database, table string) ([]types.Partition, error) {
	var out []types.Partition
	p := glue.NewGetPartitionsPaginator(k.client, &glue.GetPartitionsInput{CatalogId: k.account, DatabaseName: &database, TableName: &table})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, notFound(err)
		}
		out = append(out, page.Partitions...)
	}
	return out, nil
}
