package lake

import (
	"context"
	"errors"
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
	// Parameters are added to those that are there, ColumnParameters to those of columns by name.
	Parameters       map[string]string
	ColumnParameters map[string]map[string]string
	// Owner is whose the table is, "" leaves what is there.
	Owner string
}

// Limits of the Glue API (TableInput, Column).
const (
	maxDescription   = 2048
	maxColumnComment = 255
	maxOwner         = 255
	maxParameter     = 512000
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
		if d.Owner != "" && aws.ToString(in.Owner) != d.Owner {
			in.Owner, changed = aws.String(cut(line(d.Owner), maxOwner)), true
		}
		set := func(list []types.Column) {
			for i := range list {
				comment, ok := d.Columns[aws.ToString(list[i].Name)]
				if comment = cut(line(comment), maxColumnComment); ok && aws.ToString(list[i].Comment) != comment {
					list[i].Comment, changed = &comment, true
				}
				for _, key := range slices.Sorted(maps.Keys(d.ColumnParameters[aws.ToString(list[i].Name)])) {
					value := d.ColumnParameters[aws.ToString(list[i].Name)][key]
					if old, ok := list[i].Parameters[key]; ok && old == value {
						continue
					}
					list[i].Parameters, changed = maps.Clone(list[i].Parameters), true
					if list[i].Parameters == nil {
						list[i].Parameters = map[string]string{}
					}
					list[i].Parameters[key] = value
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
			if value = cut(value, maxParameter); in.Parameters[key] != value {
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

// cut shortens a text to a number of characters, and shows that it did, as dbt-athena does.
func cut(s string, limit int) string {
	n, end := 0, 0
	for i := range s {
		if n == limit-3 {
			end = i
		}
		if n == limit {
			return s[:end] + "..."
		}
		n++
	}
	return s
}
