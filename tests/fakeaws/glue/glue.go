// Package glue fakes the AWS Glue Data Catalog: databases, tables with their versions, partitions, column statistics.
//
// It exists because the stand-ins at hand accept what Glue refuses: an UpdateTable with a version that is no longer the current one must
// fail (optimistic locking is how Iceberg tables are committed on AWS, and how weft publishes), and Trino's Hive connector calls operations for
// column statistics that others lack. Everything is kept in memory.
package glue

import (
	"context"
	"encoding/json"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// doc is a shape as JSON has it; Glue gives back what it was given, so most members need no type here.
type doc = map[string]any

// Catalog is the state of one account's catalog.
type Catalog struct {
	account   string
	mu        sync.Mutex
	databases map[string]*database
	others    []*Catalog
}

type database struct {
	doc    doc
	tables map[string]*table
}

type table struct {
	doc        doc // the members of Table, but VersionId
	version    int
	archived   []doc // older versions, oldest first, each with its VersionId
	partitions map[string]*partition
	statistics map[string]doc // by column
}

type partition struct {
	values     []string
	doc        doc
	statistics map[string]doc
}

// New makes an empty catalog with the database "default", which every account has.
func New(account string) *Catalog {
	c := &Catalog{account: account, databases: map[string]*database{}}
	c.databases["default"] = &database{doc: doc{"Name": "default", "CatalogId": account, "CreateTime": now()}, tables: map[string]*table{}}
	return c
}

// Service is the catalog as a fake on the wire.
func (c *Catalog) Service() (*wire.Service, error) {
	m, err := awsmodel.Load("glue")
	if err != nil {
		return nil, err
	}
	return &wire.Service{Model: m, Invalid: "ValidationException", Operations: c.routed()}, nil
}

// ID is what requests name the catalog by.
func (c *Catalog) ID() string { return c.account }

// AddCatalog puts another catalog behind the same service: requests that name its id reach it.
func (c *Catalog) AddCatalog(other *Catalog) { c.others = append(c.others, other) }

// routed hands each request to the catalog that it names; without a name it is this one.
func (c *Catalog) routed() map[string]wire.Handler {
	byID := map[string]map[string]wire.Handler{"": c.operations(), c.account: c.operations()}
	for _, o := range c.others {
		byID[o.account] = o.operations()
	}
	out := map[string]wire.Handler{}
	for name := range byID[""] {
		out[name] = func(ctx context.Context, who wire.Caller, input []byte) (any, error) {
			var in struct{ CatalogId string }
			json.Unmarshal(input, &in)
			if ops, ok := byID[in.CatalogId]; ok {
				return ops[name](ctx, who, input)
			}
			return nil, notFound("Catalog %s not found.", in.CatalogId)
		}
	}
	return out
}

func (c *Catalog) operations() map[string]wire.Handler {
	return map[string]wire.Handler{
		"GetCatalog":     wire.Op(c.getCatalog),
		"GetDatabase":    wire.Op(c.getDatabase),
		"GetDatabases":   wire.Op(c.getDatabases),
		"CreateDatabase": wire.Op(c.createDatabase),
		"UpdateDatabase": wire.Op(c.updateDatabase),
		"DeleteDatabase": wire.Op(c.deleteDatabase),

		"GetTable":                wire.Op(c.getTable),
		"GetTables":               wire.Op(c.getTables),
		"CreateTable":             wire.Op(c.createTable),
		"UpdateTable":             wire.Op(c.updateTable),
		"DeleteTable":             wire.Op(c.deleteTable),
		"BatchDeleteTable":        wire.Op(c.batchDeleteTable),
		"GetTableVersion":         wire.Op(c.getTableVersion),
		"GetTableVersions":        wire.Op(c.getTableVersions),
		"DeleteTableVersion":      wire.Op(c.deleteTableVersion),
		"BatchDeleteTableVersion": wire.Op(c.batchDeleteTableVersion),

		"GetPartition":         wire.Op(c.getPartition),
		"GetPartitions":        wire.Op(c.getPartitions),
		"BatchGetPartition":    wire.Op(c.batchGetPartition),
		"CreatePartition":      wire.Op(c.createPartition),
		"BatchCreatePartition": wire.Op(c.batchCreatePartition),
		"UpdatePartition":      wire.Op(c.updatePartition),
		"BatchUpdatePartition": wire.Op(c.batchUpdatePartition),
		"DeletePartition":      wire.Op(c.deletePartition),
		"BatchDeletePartition": wire.Op(c.batchDeletePartition),

		"GetColumnStatisticsForTable":        wire.Op(c.getTableStatistics),
		"UpdateColumnStatisticsForTable":     wire.Op(c.updateTableStatistics),
		"DeleteColumnStatisticsForTable":     wire.Op(c.deleteTableStatistics),
		"GetColumnStatisticsForPartition":    wire.Op(c.getPartitionStatistics),
		"UpdateColumnStatisticsForPartition": wire.Op(c.updatePartitionStatistics),
		"DeleteColumnStatisticsForPartition": wire.Op(c.deletePartitionStatistics),

		"GetUserDefinedFunctions": wire.Op(c.getFunctions),
		"GetTags":                 wire.Op(c.getTags),
	}
}

func now() json.Number {
	return json.Number(strconv.FormatFloat(float64(time.Now().UnixMilli())/1000, 'f', 3, 64))
}

func notFound(format string, args ...any) *wire.Error {
	return wire.Errorf("EntityNotFoundException", format, args...)
}

func detail(e *wire.Error) doc { return doc{"ErrorCode": e.Code, "ErrorMessage": e.Message} }

// db finds a database; Glue's names are lower case.
func (c *Catalog) db(name string) (*database, *wire.Error) {
	d := c.databases[strings.ToLower(name)]
	if d == nil {
		return nil, notFound("Database %s not found.", strings.ToLower(name))
	}
	return d, nil
}

func (c *Catalog) table(db, name string) (*database, *table, *wire.Error) {
	d, err := c.db(db)
	if err != nil {
		return nil, nil, err
	}
	t := d.tables[strings.ToLower(name)]
	if t == nil {
		return nil, nil, notFound("Entity Not Found: table %s.%s", strings.ToLower(db), strings.ToLower(name))
	}
	return d, t, nil
}

// copied is a deep copy, so that what is answered cannot change under the reader.
func copied(d doc) doc {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	var out doc
	if err := dec.Decode(&out); err != nil {
		panic(err)
	}
	return out
}

// page cuts a list at a token; tokens are offsets.
func page[T any](list []T, token string, max, limit int) ([]T, string, *wire.Error) {
	if max == 0 || max > limit {
		max = limit
	}
	from := 0
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || n > len(list) {
			return nil, "", wire.Errorf("InvalidInputException", "Invalid NextToken")
		}
		from = n
	}
	to := min(from+max, len(list))
	next := ""
	if to < len(list) {
		next = strconv.Itoa(to)
	}
	return list[from:to], next, nil
}

func withToken(out doc, next string) doc {
	if next != "" {
		out["NextToken"] = next
	}
	return out
}

func (c *Catalog) getCatalog(_ context.Context, _ wire.Caller, in struct{ CatalogId string }) (doc, error) {
	return doc{"Catalog": doc{"CatalogId": c.account, "Name": c.account}}, nil
}

func (c *Catalog) getDatabase(_ context.Context, _ wire.Caller, in struct{ Name string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, err := c.db(in.Name)
	if err != nil {
		return nil, err
	}
	return doc{"Database": copied(d.doc)}, nil
}

type pageInput struct {
	NextToken  string
	MaxResults int
}

func (c *Catalog) getDatabases(_ context.Context, _ wire.Caller, in pageInput) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names, next, err := page(sortedKeys(c.databases), in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, err
	}
	list := []doc{}
	for _, n := range names {
		list = append(list, copied(c.databases[n].doc))
	}
	return withToken(doc{"DatabaseList": list}, next), nil
}

func (c *Catalog) createDatabase(_ context.Context, _ wire.Caller, in struct{ DatabaseInput doc }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := strings.ToLower(in.DatabaseInput["Name"].(string))
	if c.databases[name] != nil {
		return nil, wire.Errorf("AlreadyExistsException", "Database %s already exists.", name)
	}
	d := copied(in.DatabaseInput)
	d["Name"], d["CatalogId"], d["CreateTime"] = name, c.account, now()
	c.databases[name] = &database{doc: d, tables: map[string]*table{}}
	return doc{}, nil
}

func (c *Catalog) updateDatabase(_ context.Context, _ wire.Caller, in struct {
	Name          string
	DatabaseInput doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, err := c.db(in.Name)
	if err != nil {
		return nil, err
	}
	n := copied(in.DatabaseInput)
	n["Name"], n["CatalogId"], n["CreateTime"] = d.doc["Name"], c.account, d.doc["CreateTime"]
	d.doc = n
	return doc{}, nil
}

func (c *Catalog) deleteDatabase(_ context.Context, _ wire.Caller, in struct{ Name string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.db(in.Name); err != nil {
		return nil, err
	}
	delete(c.databases, strings.ToLower(in.Name)) // with its tables, as Glue does
	return doc{}, nil
}

func (c *Catalog) getFunctions(_ context.Context, _ wire.Caller, in struct{ Pattern string }) (doc, error) {
	if _, err := regexp.Compile(in.Pattern); err != nil {
		return nil, wire.Errorf("InvalidInputException", "Pattern: %v", err)
	}
	return doc{"UserDefinedFunctions": []doc{}}, nil
}

func (c *Catalog) getTags(_ context.Context, _ wire.Caller, in struct{ ResourceArn string }) (doc, error) {
	return doc{"Tags": doc{}}, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
