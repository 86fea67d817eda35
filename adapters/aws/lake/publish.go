package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// ErrChanged: the entry is not the one that was seen any more; nothing was done.
var ErrChanged = errors.New("the table was changed by somebody else meanwhile")

// The parameters by which Iceberg finds a table's metadata in its entry.
const (
	metadataLocation = "metadata_location"
	previousLocation = "previous_metadata_location"
)

// Point makes a published name show a staged table, in one act: the entry of the name takes the staged entry's columns and place
// (for Iceberg the location of its metadata), if it still is the version that was seen, or is made if there was none (seen is nil). The staged
// entry stays, for Forget. A reader's query sees the old table or the new.
//
// Description, owner and the parameters that are not about the files are the staged entry's where it has them, the old one's else.
func (k *Catalog) Point(ctx context.Context, database, name string, staged Table, seen *Table) error {
	in := input(staged.entry)
	in.Name = &name
	in.Parameters = maps.Clone(staged.Parameters)
	if seen == nil {
		_, err := k.client.CreateTable(ctx, &glue.CreateTableInput{CatalogId: k.account, DatabaseName: &database, TableInput: in})
		var exists *types.AlreadyExistsException
		if errors.As(err, &exists) {
			return errors.Join(ErrChanged, err)
		}
		return notFound(err)
	}
	if in.Description == nil {
		in.Description = seen.entry.Description
	}
	if in.Owner == nil {
		in.Owner = seen.entry.Owner
	}
	if seen.Metadata != "" && staged.Metadata != "" {
		in.Parameters[previousLocation] = seen.Metadata
	}
	return k.update(ctx, database, in, seen.Version)
}

func (k *Catalog) update(ctx context.Context, database string, in *types.TableInput, version string) error {
	_, err := k.client.UpdateTable(ctx, &glue.UpdateTableInput{CatalogId: k.account, DatabaseName: &database, TableInput: in,
		VersionId: aws.String(version), SkipArchive: aws.Bool(true)})
	var changed *types.ConcurrentModificationException
	if errors.As(err, &changed) {
		return errors.Join(ErrChanged, err)
	}
	return notFound(err)
}

// Forget removes an entry and leaves its files alone: they may be another name's. An entry that is not there is no error.
func (k *Catalog) Forget(ctx context.Context, database, name string) error {
	_, err := k.client.DeleteTable(ctx, &glue.DeleteTableInput{CatalogId: k.account, DatabaseName: &database, Name: &name})
	if err = notFound(err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Description is what a table's entry says about the table.
type Description struct {
	// Text describes the table, Columns its columns by name; nil leaves what is there.
	Text    *string
	Columns map[string]string
	// Parameters are added to those that are there.
	Parameters map[string]string
}

// Limits of the Glue API (TableInput, Column).
const (
	maxDescription   = 2048
	maxColumnComment = 255
)

// Describe writes descriptions into an entry. Texts beyond Glue's limits are cut. It says whether anything had to be changed.
func (k *Catalog) Describe(ctx context.Context, database, name string, d Description) (bool, error) {
	for {
		t, err := k.Table(ctx, database, name)
		if err != nil {
			return false, err
		}
		in, changed := input(t.entry), false
		if d.Text != nil {
			if text := cut(line(*d.Text), maxDescription); aws.ToString(in.Description) != text {
				in.Description, changed = &text, true
			}
		}
		set := func(list []types.Column) {
			for i := range list {
				comment, ok := d.Columns[aws.ToString(list[i].Name)]
				if comment = cut(line(comment), maxColumnComment); ok && aws.ToString(list[i].Comment) != comment {
					list[i].Comment, changed = &comment, true
				}
			}
		}
		if in.StorageDescriptor != nil {
			set(in.StorageDescriptor.Columns)
		}
		set(in.PartitionKeys)
		in.Parameters = maps.Clone(in.Parameters)
		for key, value := range d.Parameters {
			if in.Parameters == nil {
				in.Parameters = map[string]string{}
			}
			if in.Parameters[key] != value {
				in.Parameters[key], changed = value, true
			}
		}
		if !changed {
			return false, nil
		}
		// Another writer's commit in between is no reason to fail: what is described is the table as it is then.
		if err = k.update(ctx, database, in, t.Version); !errors.Is(err, ErrChanged) {
			return err == nil, err
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
}

// line makes one line of a text: Glue refuses comments of columns with breaks in them.
func line(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, " ")
}

// cut shortens a text to a number of characters.
func cut(s string, limit int) string {
	n := 0
	for i := range s {
		if n == limit {
			return s[:i]
		}
		n++
	}
	return s
}

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
