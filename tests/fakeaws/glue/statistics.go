package glue

import (
	"context"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// Column statistics are kept for tables and for partitions; Trino's Hive connector writes them after every change.

type statisticsInput struct {
	DatabaseName, TableName, ColumnName string
	PartitionValues                     []string
	ColumnNames                         []string
	ColumnStatisticsList                []doc
}

// tableStatistics and partitionStatistics find where an input's statistics are kept.
func (c *Catalog) tableStatistics(in statisticsInput) (map[string]doc, *wire.Error) {
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	return t.statistics, nil
}

func (c *Catalog) partitionStatistics(in statisticsInput) (map[string]doc, *wire.Error) {
	_, p, err := c.partition(partitionKey{in.DatabaseName, in.TableName, in.PartitionValues})
	if err != nil {
		return nil, err
	}
	return p.statistics, nil
}

func getStatistics(kept map[string]doc, in statisticsInput) doc {
	list, errors := []doc{}, []doc{}
	for _, n := range in.ColumnNames {
		if s := kept[n]; s != nil {
			list = append(list, copied(s))
		} else {
			errors = append(errors, doc{"ColumnName": n, "Error": detail(notFound("Column statistics of %s not found", n))})
		}
	}
	return doc{"ColumnStatisticsList": list, "Errors": errors}
}

func updateStatistics(kept map[string]doc, in statisticsInput) doc {
	for _, s := range in.ColumnStatisticsList {
		kept[s["ColumnName"].(string)] = copied(s)
	}
	return doc{"Errors": []doc{}}
}

// deleteStatistics takes a column without statistics as done: Trino deletes those of all columns, and works on AWS.
func deleteStatistics(kept map[string]doc, in statisticsInput) doc {
	delete(kept, in.ColumnName)
	return doc{}
}

func (c *Catalog) getTableStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.tableStatistics(in)
	if err != nil {
		return nil, err
	}
	return getStatistics(kept, in), nil
}

func (c *Catalog) updateTableStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.tableStatistics(in)
	if err != nil {
		return nil, err
	}
	return updateStatistics(kept, in), nil
}

func (c *Catalog) deleteTableStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.tableStatistics(in)
	if err != nil {
		return nil, err
	}
	return deleteStatistics(kept, in), nil
}

func (c *Catalog) getPartitionStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.partitionStatistics(in)
	if err != nil {
		return nil, err
	}
	return getStatistics(kept, in), nil
}

func (c *Catalog) updatePartitionStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.partitionStatistics(in)
	if err != nil {
		return nil, err
	}
	return updateStatistics(kept, in), nil
}

func (c *Catalog) deletePartitionStatistics(_ context.Context, _ wire.Caller, in statisticsInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, err := c.partitionStatistics(in)
	if err != nil {
		return nil, err
	}
	return deleteStatistics(kept, in), nil
}
