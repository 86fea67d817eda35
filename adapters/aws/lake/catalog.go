// Package lake is the data lake of an account as the engines on it see it: the Glue catalog's databases and tables, the objects of S3
// that are their rows, and Lake Formation's rights.
//
// Athena and Spark write the same tables, so what is said to the catalog about them is written once. Changes of an entry are
// compare-and-set on its version: that is what makes publishing a new version of a table one atomic act, whoever else writes.
package lake

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// Catalog is the Glue catalog of one account and region.
type Catalog struct {
	client *glue.Client
	// account is the catalog's id where it is not the caller's own account's.
	account *string
}

// NewCatalog makes a catalog. account is empty for the caller's own.
func NewCatalog(c aws.Config, account string) *Catalog {
	k := &Catalog{client: glue.NewFromConfig(c)}
	if account != "" {
		k.account = &account
	}
	return k
}

// Column is a column of a table, with Glue's type.
type Column struct{ Name, Type, Comment string }

// Table is an entry of the catalog.
type Table struct {
	Database, Name string
	// View says that it is a view; Iceberg that its files are kept by Iceberg's metadata.
	View, Iceberg bool
	Columns       []Column
	// Partitions are the columns that Hive tables are partitioned by; they are among Columns too, last.
	Partitions []Column
	Location   string
	// Account is whose catalog holds the entry, Path where that is below the account's own ("s3tablescatalog/bucket"), "" if it is that.
	Account, Path string
	// Metadata is the location of an Iceberg table's current metadata.
	Metadata    string
	Version     string
	Owner       string
	Description string
	Parameters  map[string]string
	// Made is when the entry was made.
	Made time.Time

	entry types.Table
}

// ErrNotFound: there is no such table or database.
var ErrNotFound = errors.New("not found in the Glue catalog")

func notFound(err error) error {
	var e *types.EntityNotFoundException
	if errors.As(err, &e) {
		return errors.Join(ErrNotFound, err)
	}
	return err
}

// Tables lists a database, in pages of a hundred. A database that does not exist is ErrNotFound.
func (k *Catalog) Tables(ctx context.Context, database string) ([]Table, error) {
	var out []Table
	p := glue.NewGetTablesPaginator(k.client, &glue.GetTablesInput{CatalogId: k.account, DatabaseName: &database})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, notFound(err)
		}
		for _, t := range page.TableList {
			out = append(out, fromGlue(t))
		}
	}
	return out, nil
}

// Table finds one table.
func (k *Catalog) Table(ctx context.Context, database, name string) (Table, error) {
	out, err := k.client.GetTable(ctx, &glue.GetTableInput{CatalogId: k.account, DatabaseName: &database, Name: &name})
	if err != nil {
		return Table{}, notFound(err)
	}
	return fromGlue(*out.Table), nil
}

// Databases lists the names of all databases.
func (k *Catalog) Databases(ctx context.Context) ([]string, error) {
	var out []string
	p := glue.NewGetDatabasesPaginator(k.client, &glue.GetDatabasesInput{CatalogId: k.account})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, d := range page.DatabaseList {
			out = append(out, aws.ToString(d.Name))
		}
	}
	return out, nil
}

// Database is where a database's tables go by default; ErrNotFound if it does not exist.
func (k *Catalog) Database(ctx context.Context, name string) (location string, err error) {
	out, err := k.client.GetDatabase(ctx, &glue.GetDatabaseInput{CatalogId: k.account, Name: &name})
	if err != nil {
		return "", notFound(err)
	}
	return aws.ToString(out.Database.LocationUri), nil
}

func fromGlue(t types.Table) Table {
	out := Table{Database: aws.ToString(t.DatabaseName), Name: aws.ToString(t.Name), Owner: aws.ToString(t.Owner),
		Description: aws.ToString(t.Description), Version: aws.ToString(t.VersionId), Parameters: t.Parameters, entry: t}
	out.Made = aws.ToTime(t.CreateTime)
	out.Account, out.Path, _ = strings.Cut(aws.ToString(t.CatalogId), ":")
	out.View = aws.ToString(t.TableType) == "VIRTUAL_VIEW"
	out.Iceberg = strings.EqualFold(t.Parameters["table_type"], "ICEBERG")
	out.Metadata = t.Parameters["metadata_location"]
	if t.StorageDescriptor != nil {
		out.Location = aws.ToString(t.StorageDescriptor.Location)
		for _, c := range t.StorageDescriptor.Columns {
			// Glue keeps the columns that an Iceberg table once had, marked.
			if c.Parameters["iceberg.field.current"] == "false" {
				continue
			}
			out.Columns = append(out.Columns, column(c))
		}
	}
	for _, c := range t.PartitionKeys {
		out.Partitions = append(out.Partitions, column(c))
	}
	out.Columns = append(out.Columns, out.Partitions...)
	return out
}

func column(c types.Column) Column {
	return Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type), Comment: aws.ToString(c.Comment)}
}

// input is an entry as UpdateTable takes it back: Glue answers more members than it takes.
func input(t types.Table) *types.TableInput {
	return &types.TableInput{Name: t.Name, Description: t.Description, Owner: t.Owner, LastAccessTime: t.LastAccessTime, LastAnalyzedTime: t.LastAnalyzedTime,
		Retention: t.Retention, StorageDescriptor: t.StorageDescriptor, PartitionKeys: t.PartitionKeys, ViewOriginalText: t.ViewOriginalText,
		ViewExpandedText: t.ViewExpandedText, TableType: t.TableType, Parameters: t.Parameters, TargetTable: t.TargetTable}
}
