package glue

import (
	"context"
	"hash/fnv"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

type partitionKey struct {
	DatabaseName, TableName string
	PartitionValues         []string
}

func keyOf(values []string) string { return strings.Join(values, "\x00") }

func (c *Catalog) partition(k partitionKey) (*table, *partition, *wire.Error) {
	_, t, err := c.table(k.DatabaseName, k.TableName)
	if err != nil {
		return nil, nil, err
	}
	p := t.partitions[keyOf(k.PartitionValues)]
	if p == nil {
		return nil, nil, notFound("Cannot find partition.")
	}
	return t, p, nil
}

func (c *Catalog) getPartition(_ context.Context, _ wire.Caller, in partitionKey) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, p, err := c.partition(in)
	if err != nil {
		return nil, err
	}
	return doc{"Partition": copied(p.doc)}, nil
}

func (c *Catalog) getPartitions(_ context.Context, _ wire.Caller, in struct {
	pageInput
	DatabaseName, TableName, Expression string
	ExcludeColumnSchema                 bool
	Segment                             *struct{ SegmentNumber, TotalSegments int }
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	keep := func([]string) bool { return true }
	if in.Expression != "" {
		if keep, err = t.filter(in.Expression); err != nil {
			return nil, err
		}
	}
	var found []*partition
	for _, k := range sortedKeys(t.partitions) {
		p := t.partitions[k]
		if s := in.Segment; s != nil {
			h := fnv.New32a()
			h.Write([]byte(k))
			if int(h.Sum32()%uint32(s.TotalSegments)) != s.SegmentNumber {
				continue
			}
		}
		if keep(p.values) {
			found = append(found, p)
		}
	}
	found, next, err := page(found, in.NextToken, in.MaxResults, 1000)
	if err != nil {
		return nil, err
	}
	list := []doc{}
	for _, p := range found {
		d := copied(p.doc)
		if in.ExcludeColumnSchema {
			if sd, ok := d["StorageDescriptor"].(map[string]any); ok {
				delete(sd, "Columns")
			}
		}
		list = append(list, d)
	}
	return withToken(doc{"Partitions": list}, next), nil
}

type valueList struct{ Values []string }

func (c *Catalog) batchGetPartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	PartitionsToGet         []valueList
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	list := []doc{}
	for _, v := range in.PartitionsToGet {
		if p := t.partitions[keyOf(v.Values)]; p != nil {
			list = append(list, copied(p.doc))
		}
	}
	return doc{"Partitions": list, "UnprocessedKeys": []doc{}}, nil
}

// put makes a partition of a PartitionInput.
func (c *Catalog) put(t *table, input doc) *wire.Error {
	d := copied(input)
	var values []string
	list, _ := d["Values"].([]any)
	for _, v := range list {
		values = append(values, v.(string))
	}
	keys, _ := t.doc["PartitionKeys"].([]any)
	if len(values) != len(keys) {
		return wire.Errorf("InvalidInputException", "The number of partition keys do not match the number of partition values")
	}
	d["DatabaseName"], d["TableName"], d["CatalogId"] = t.doc["DatabaseName"], t.doc["Name"], c.account
	d["CreationTime"] = now()
	t.partitions[keyOf(values)] = &partition{values: values, doc: d, statistics: map[string]doc{}}
	return nil
}

func valuesOf(input doc) []string {
	var values []string
	list, _ := input["Values"].([]any)
	for _, v := range list {
		s, _ := v.(string)
		values = append(values, s)
	}
	return values
}

func (c *Catalog) createPartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	PartitionInput          doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	if t.partitions[keyOf(valuesOf(in.PartitionInput))] != nil {
		return nil, wire.Errorf("AlreadyExistsException", "Partition already exists.")
	}
	if err := c.put(t, in.PartitionInput); err != nil {
		return nil, err
	}
	return doc{}, nil
}

func (c *Catalog) batchCreatePartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	PartitionInputList      []doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	errors := []doc{}
	for _, input := range in.PartitionInputList {
		var err *wire.Error
		if t.partitions[keyOf(valuesOf(input))] != nil {
			err = wire.Errorf("AlreadyExistsException", "Partition already exists.")
		} else {
			err = c.put(t, input)
		}
		if err != nil {
			errors = append(errors, doc{"PartitionValues": valuesOf(input), "ErrorDetail": detail(err)})
		}
	}
	return doc{"Errors": errors}, nil
}

// replace puts a partition in the place of the one with the given values.
func (c *Catalog) replace(t *table, values []string, input doc) *wire.Error {
	old := t.partitions[keyOf(values)]
	if old == nil {
		return notFound("Cannot find partition.")
	}
	if next := valuesOf(input); keyOf(next) != keyOf(values) && t.partitions[keyOf(next)] != nil {
		return wire.Errorf("InvalidInputException", "A partition with the new values exists.")
	}
	if err := c.put(t, input); err != nil {
		return err
	}
	if keyOf(valuesOf(input)) != keyOf(values) {
		delete(t.partitions, keyOf(values))
	}
	return nil
}

func (c *Catalog) updatePartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	PartitionValueList      []string
	PartitionInput          doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err == nil {
		err = c.replace(t, in.PartitionValueList, in.PartitionInput)
	}
	if err != nil {
		return nil, err
	}
	return doc{}, nil
}

func (c *Catalog) batchUpdatePartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	Entries                 []struct {
		PartitionValueList []string
		PartitionInput     doc
	}
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	errors := []doc{}
	for _, e := range in.Entries {
		if err := c.replace(t, e.PartitionValueList, e.PartitionInput); err != nil {
			errors = append(errors, doc{"PartitionValueList": e.PartitionValueList, "ErrorDetail": detail(err)})
		}
	}
	return doc{"Errors": errors}, nil
}

func (c *Catalog) deletePartition(_ context.Context, _ wire.Caller, in partitionKey) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, _, err := c.partition(in)
	if err != nil {
		return nil, err
	}
	delete(t.partitions, keyOf(in.PartitionValues))
	return doc{}, nil
}

func (c *Catalog) batchDeletePartition(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	PartitionsToDelete      []valueList
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	errors := []doc{}
	for _, v := range in.PartitionsToDelete {
		t, _, err := c.partition(partitionKey{in.DatabaseName, in.TableName, v.Values})
		if err != nil {
			errors = append(errors, doc{"PartitionValues": v.Values, "ErrorDetail": detail(err)})
			continue
		}
		delete(t.partitions, keyOf(v.Values))
	}
	return doc{"Errors": errors}, nil
}
