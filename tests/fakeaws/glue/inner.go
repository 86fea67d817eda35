package glue

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// What follows is the catalog as other fakes use it, without the wire: Athena's DDL is done on the catalog, as by Athena itself.

// Engine is the principal of the engine behind Athena.
const Engine = "athena.amazonaws.com"

// athena is who the catalog's entries are created by.
var athena = wire.Caller{Principal: Engine}

// seen is a table as a caller sees it. Trino knows its views by their comment, and Athena by their text: a view that was given another comment
// is one still, so Trino is told the comment that it looks for.
func seen(t doc, who wire.Caller) doc {
	text, _ := t["ViewOriginalText"].(string)
	// What the fakes themselves read has no key.
	if who.Principal != Engine || who.AccessKey == "" || !strings.HasPrefix(text, "/* Presto View: ") {
		return t
	}
	params := doc{}
	if p, ok := t["Parameters"].(doc); ok {
		for k, v := range p {
			params[k] = v
		}
	}
	params["presto_view"], params["comment"] = "true", "Presto View"
	t["Parameters"] = params
	delete(t, "Description") // Trino would take it for the comment
	return t
}

// call runs an operation's function with an input given as a document.
func call[In any](f func(context.Context, wire.Caller, In) (doc, error), in doc) (map[string]any, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var typed In
	if err := json.Unmarshal(b, &typed); err != nil {
		return nil, err
	}
	return f(context.Background(), athena, typed)
}

// Table is a table, or an error EntityNotFoundException.
func (c *Catalog) Table(db, name string) (map[string]any, error) {
	out, err := call(c.getTable, doc{"DatabaseName": db, "Name": name})
	if err != nil {
		return nil, err
	}
	return out["Table"].(doc), nil
}

// Database is a database, or an error EntityNotFoundException.
func (c *Catalog) Database(name string) (map[string]any, error) {
	out, err := call(c.getDatabase, doc{"Name": name})
	if err != nil {
		return nil, err
	}
	return out["Database"].(doc), nil
}

// Databases are the names of all databases.
func (c *Catalog) Databases() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sortedKeys(c.databases)
}

// CreateDatabase adds a database.
func (c *Catalog) CreateDatabase(input map[string]any) error {
	_, err := call(c.createDatabase, doc{"DatabaseInput": input})
	return err
}

// DropDatabase removes a database with its tables.
func (c *Catalog) DropDatabase(name string) error {
	_, err := call(c.deleteDatabase, doc{"Name": name})
	return err
}

// CreateTable adds a table.
func (c *Catalog) CreateTable(db string, input map[string]any) error {
	_, err := call(c.createTable, doc{"DatabaseName": db, "TableInput": input})
	return err
}

// UpdateTable replaces a table's description.
func (c *Catalog) UpdateTable(db string, input map[string]any) error {
	_, err := call(c.updateTable, doc{"DatabaseName": db, "TableInput": input})
	return err
}

// DropTable removes a table.
func (c *Catalog) DropTable(db, name string) error {
	_, err := call(c.deleteTable, doc{"DatabaseName": db, "Name": name})
	return err
}

// Partitions are all partitions of a table.
func (c *Catalog) Partitions(db, name string) ([]map[string]any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(db, name)
	if err != nil {
		return nil, err
	}
	var out []map[string]any
	for _, k := range sortedKeys(t.partitions) {
		out = append(out, copied(t.partitions[k].doc))
	}
	return out, nil
}

// AddPartition adds a partition.
func (c *Catalog) AddPartition(db, name string, input map[string]any) error {
	_, err := call(c.createPartition, doc{"DatabaseName": db, "TableName": name, "PartitionInput": input})
	return err
}

// DropPartition removes a partition.
func (c *Catalog) DropPartition(db, name string, values []string) error {
	_, err := call(c.deletePartition, doc{"DatabaseName": db, "TableName": name, "PartitionValues": values})
	return err
}
