package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// Parameters of entries: of a view that shows a table in versions, the version it shows, the one before, and those that nobody reads any more; of
// what is built aside, the state of the published table it was built on.
const (
	CurrentVersion  = "weft_version"
	PreviousVersion = "weft_previous_version"
	ExpiredVersions = "weft_expired_versions"
	BuiltOn         = "weft_built_on"
	// BuiltAt is the folder of the build that the entry got its rows from, which no other build has, and BuiltBefore that of the one before: by
	// them it is known what a run that was killed has published.
	BuiltAt     = "weft_built_at"
	BuiltBefore = "weft_built_before"
	// LeftPartitions says that there are still partitions under the name of a view, of the table that it was: "previous" while queries may be
	// reading it, "expired" after.
	LeftPartitions = "weft_left_partitions"
)

// BuildColumn is the partition column that tells the files of builds apart whose rows stand beside each other. Views leave it out.
const BuildColumn = "weft_build"

// State names the state of an entry: another writer's change gives another one.
func (t Table) State() string {
	if t.Iceberg {
		return t.Metadata
	}
	return "version " + t.Version
}

// Partition is an entry of a part of a table.
type Partition struct {
	Values   []string
	Location string
	// Previous is the folder of the version before, if it was replaced in place.
	Previous string

	entry types.Partition
}

// PartitionsOf lists the partitions of a table.
func (k *Catalog) PartitionsOf(ctx context.Context, database, table string) ([]Partition, error) {
	list, err := k.partitions(ctx, database, table)
	if err != nil {
		return nil, err
	}
	out := make([]Partition, len(list))
	for i, p := range list {
		out[i] = Partition{Values: p.Values, Previous: p.Parameters[PreviousPlace], entry: p}
		if p.StorageDescriptor != nil {
			out[i].Location = aws.ToString(p.StorageDescriptor.Location)
		}
	}
	return out, nil
}

// Whole is the files of a table without partitions, as a partition of another.
func (t Table) Whole() Partition {
	return Partition{Location: t.Location, entry: types.Partition{StorageDescriptor: t.entry.StorageDescriptor}}
}

// Make makes an entry like another, with further parameters and partition columns and without weft's own parameters.
func (k *Catalog) Make(ctx context.Context, database, name string, like Table, parameters map[string]string, keys ...Column) error {
	in := input(like.entry)
	in.Name = &name
	in.Parameters = maps.Clone(like.Parameters)
	maps.DeleteFunc(in.Parameters, func(name, _ string) bool { return strings.HasPrefix(name, "weft_") || name == previousLocation })
	if in.Parameters == nil {
		in.Parameters = map[string]string{}
	}
	maps.Copy(in.Parameters, parameters)
	in.PartitionKeys = slices.Clone(in.PartitionKeys)
	for _, c := range keys {
		in.PartitionKeys = append(in.PartitionKeys, types.Column{Name: aws.String(c.Name), Type: aws.String(c.Type)})
	}
	_, err := k.client.CreateTable(ctx, &glue.CreateTableInput{CatalogId: k.account, DatabaseName: &database, TableInput: in})
	return notFound(err)
}

// AddPartitions makes entries of partitions, which do not exist yet.
func (k *Catalog) AddPartitions(ctx context.Context, database, table string, list []Partition) error {
	create := make([]types.PartitionInput, len(list))
	for i, p := range list {
		create[i] = types.PartitionInput{Values: p.Values, StorageDescriptor: p.entry.StorageDescriptor, Parameters: maps.Clone(p.entry.Parameters)}
		maps.DeleteFunc(create[i].Parameters, func(name, _ string) bool { return strings.HasPrefix(name, "weft_") })
	}
	for chunk := range slices.Chunk(create, batchCreate) {
		out, err := k.client.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{CatalogId: k.account, DatabaseName: &database, TableName: &table, PartitionInputList: chunk})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return partitionFailure(out.Errors[0].PartitionValues, out.Errors[0].ErrorDetail)
		}
	}
	return nil
}

// RemovePartitions removes entries of partitions, and no files.
func (k *Catalog) RemovePartitions(ctx context.Context, database, table string, list []Partition) error {
	for chunk := range slices.Chunk(list, batchDelete) {
		gone := make([]types.PartitionValueList, len(chunk))
		for i, p := range chunk {
			gone[i] = types.PartitionValueList{Values: p.Values}
		}
		out, err := k.client.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{CatalogId: k.account, DatabaseName: &database, TableName: &table, PartitionsToDelete: gone})
		if err != nil {
			return err
		}
		if len(out.Errors) > 0 {
			return partitionFailure(out.Errors[0].PartitionValues, out.Errors[0].ErrorDetail)
		}
	}
	return nil
}

// Compose lists the partitions of a version: those of a build, and those of the published table that stay. beside says that all stay, beside the
// new ones of the same values; then, and where builds are told apart already, hidden is set, and BuildColumn is the last of the version's partition
// columns.
func Compose(staged, base Table, fresh, old []Partition, build string, beside bool) (list []Partition, hidden bool, err error) {
	keys := names(base.Partitions)
	told := len(keys) > 0 && keys[len(keys)-1] == BuildColumn
	if told {
		keys = keys[:len(keys)-1]
	}
	if mine := names(staged.Partitions); !slices.Equal(keys, mine) {
		return nil, false, fmt.Errorf("the table is partitioned by [%s], and the model by [%s]: build it anew with --full-refresh", strings.Join(keys, ", "), strings.Join(mine, ", "))
	}
	hidden = beside || told
	replaced := map[string]bool{}
	if len(staged.Partitions) == 0 {
		fresh = []Partition{staged.Whole()}
	}
	for _, p := range fresh {
		replaced[strings.Join(p.Values, "\x00")] = !beside
		if hidden {
			p.Values = append(slices.Clone(p.Values), build)
		}
		list = append(list, p)
	}
	if len(base.Partitions) == 0 {
		old = []Partition{base.Whole()}
	}
	for _, p := range old {
		if replaced[strings.Join(p.Values[:len(keys)], "\x00")] {
			continue
		}
		if hidden && !told {
			p.Values = append(slices.Clone(p.Values), "0")
		}
		list = append(list, p)
	}
	return list, hidden, nil
}

// SameTypes refuses columns that two tables both have and that are of different types.
func SameTypes(staged, base Table) error {
	var errs []error
	for _, c := range staged.Columns {
		i := slices.IndexFunc(base.Columns, func(o Column) bool { return strings.EqualFold(o.Name, c.Name) })
		if i >= 0 && base.Columns[i].Type != c.Type {
			errs = append(errs, fmt.Errorf("the column %s is %s in the query and %s in the table: cast it, or build the table anew with --full-refresh", c.Name, c.Type, base.Columns[i].Type))
		}
	}
	return errors.Join(errs...)
}

func names(columns []Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = strings.ToLower(c.Name)
	}
	return out
}

// trimmed is the most versions that Glue removes in one call (BatchDeleteTableVersion).
const trimmed = 100

// Trim removes the archived versions of a table's entry, all but the newest, the current one among them. A table that is not there has none.
func (k *Catalog) Trim(ctx context.Context, db, name string, newest int) error {
	var ids []int64
	pages := glue.NewGetTableVersionsPaginator(k.client, &glue.GetTableVersionsInput{CatalogId: k.account, DatabaseName: &db, TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if err = notFound(err); errors.Is(err, ErrNotFound) {
				return nil
			}
			return err
		}
		for _, v := range page.TableVersions {
			if id, err := strconv.ParseInt(aws.ToString(v.VersionId), 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) })
	for old := range slices.Chunk(ids[min(max(newest, 1), len(ids)):], trimmed) {
		names := make([]string, len(old))
		for i, id := range old {
			names[i] = strconv.FormatInt(id, 10)
		}
		out, err := k.client.BatchDeleteTableVersion(ctx, &glue.BatchDeleteTableVersionInput{CatalogId: k.account, DatabaseName: &db, TableName: &name, VersionIds: names})
		if err != nil {
			return err
		}
		for _, e := range out.Errors {
			// Somebody else may have removed it first.
			if d := e.ErrorDetail; d != nil && aws.ToString(d.ErrorCode) != "EntityNotFoundException" {
				return fmt.Errorf("version %s of the entry could not be removed: %s: %s", aws.ToString(e.VersionId), aws.ToString(d.ErrorCode), aws.ToString(d.ErrorMessage))
			}
		}
	}
	return nil
}
