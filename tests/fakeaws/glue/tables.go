package glue

import (
	"context"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// shown is a table as GetTable answers it.
func (t *table) shown() doc {
	d := copied(t.doc)
	d["VersionId"] = strconv.Itoa(t.version)
	return d
}

func (c *Catalog) getTable(_ context.Context, who wire.Caller, in struct{ DatabaseName, Name string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.Name)
	if err != nil {
		return nil, err
	}
	return doc{"Table": seen(t.shown(), who)}, nil
}

func (c *Catalog) getTables(_ context.Context, who wire.Caller, in struct {
	pageInput
	DatabaseName, Expression string
	AttributesToGet          []string
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, err := c.db(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	match := func(string) bool { return true }
	if in.Expression != "" {
		re, rerr := regexp.Compile("^(?:" + in.Expression + ")$")
		if rerr != nil {
			return nil, wire.Errorf("InvalidInputException", "Expression: %v", rerr)
		}
		match = re.MatchString
	}
	var names []string
	for _, n := range sortedKeys(d.tables) {
		if match(n) {
			names = append(names, n)
		}
	}
	names, next, err := page(names, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, err
	}
	list := []doc{}
	for _, n := range names {
		t := seen(d.tables[n].shown(), who)
		if len(in.AttributesToGet) == 1 && in.AttributesToGet[0] == "NAME" {
			t = doc{"Name": t["Name"]}
		}
		list = append(list, t)
	}
	return withToken(doc{"TableList": list}, next), nil
}

// fromInput is what Glue makes of a TableInput: names in lower case, and members of its own.
func (c *Catalog) fromInput(db string, in doc, who wire.Caller) (doc, *wire.Error) {
	d := copied(in)
	name, _ := d["Name"].(string)
	d["Name"] = strings.ToLower(name)
	d["DatabaseName"], d["CatalogId"], d["IsRegisteredWithLakeFormation"] = strings.ToLower(db), c.account, false
	d["CreatedBy"] = who.Principal
	if _, ok := d["Retention"]; !ok {
		d["Retention"] = 0
	}
	// Answers give a view's text in another shape; no client of the fakes writes multi-dialect views.
	delete(d, "ViewDefinition")
	columns := map[string]bool{}
	for _, list := range []any{member(d, "StorageDescriptor", "Columns"), d["PartitionKeys"]} {
		l, _ := list.([]any)
		for _, col := range l {
			n, _ := col.(map[string]any)["Name"].(string)
			if columns[strings.ToLower(n)] {
				return nil, wire.Errorf("InvalidInputException", "Column %s is given twice", n)
			}
			columns[strings.ToLower(n)] = true
		}
	}
	return d, nil
}

func member(d doc, path ...string) any {
	var v any = d
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	return v
}

func (c *Catalog) createTable(_ context.Context, who wire.Caller, in struct {
	DatabaseName, Name   string
	TableInput           doc
	OpenTableFormatInput doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, err := c.db(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	if in.OpenTableFormatInput != nil {
		return nil, wire.Errorf("InvalidInputException", "the fake does not make Iceberg metadata (OpenTableFormatInput)")
	}
	if in.TableInput == nil {
		return nil, wire.Errorf("InvalidInputException", "TableInput must be given")
	}
	t, err := c.fromInput(in.DatabaseName, in.TableInput, who)
	if err != nil {
		return nil, err
	}
	name := t["Name"].(string)
	if d.tables[name] != nil {
		return nil, wire.Errorf("AlreadyExistsException", "Table already exists.")
	}
	t["CreateTime"], t["UpdateTime"] = now(), now()
	d.tables[name] = &table{doc: t, partitions: map[string]*partition{}, statistics: map[string]doc{}}
	return doc{}, nil
}

func (c *Catalog) updateTable(_ context.Context, who wire.Caller, in struct {
	DatabaseName, Name, VersionId string
	TableInput                    doc
	SkipArchive                   bool
	UpdateOpenTableFormatInput    doc
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if in.UpdateOpenTableFormatInput != nil || in.TableInput == nil {
		return nil, wire.Errorf("InvalidInputException", "TableInput must be given (the fake does not update Iceberg metadata itself)")
	}
	name := in.Name
	if name == "" {
		name, _ = in.TableInput["Name"].(string)
	}
	_, t, err := c.table(in.DatabaseName, name)
	if err != nil {
		return nil, err
	}
	if n, _ := in.TableInput["Name"].(string); !strings.EqualFold(n, t.doc["Name"].(string)) {
		return nil, wire.Errorf("InvalidInputException", "Glue cannot rename tables")
	}
	if in.VersionId != "" && in.VersionId != strconv.Itoa(t.version) {
		return nil, wire.Errorf("ConcurrentModificationException", "Update table failed due to concurrent modifications.")
	}
	n, err := c.fromInput(in.DatabaseName, in.TableInput, who)
	if err != nil {
		return nil, err
	}
	n["CreateTime"], n["CreatedBy"], n["UpdateTime"] = t.doc["CreateTime"], t.doc["CreatedBy"], now()
	if !in.SkipArchive {
		t.archived = append(t.archived, t.shown())
	}
	t.doc, t.version = n, t.version+1
	return doc{}, nil
}

func (c *Catalog) deleteTable(_ context.Context, _ wire.Caller, in struct{ DatabaseName, Name string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, t, err := c.table(in.DatabaseName, in.Name)
	if err != nil {
		return nil, err
	}
	delete(d.tables, t.doc["Name"].(string))
	return doc{}, nil
}

func (c *Catalog) batchDeleteTable(_ context.Context, _ wire.Caller, in struct {
	DatabaseName   string
	TablesToDelete []string
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	errors := []doc{}
	for _, n := range in.TablesToDelete {
		d, t, err := c.table(in.DatabaseName, n)
		if err != nil {
			errors = append(errors, doc{"TableName": n, "ErrorDetail": detail(err)})
			continue
		}
		delete(d.tables, t.doc["Name"].(string))
	}
	return doc{"Errors": errors}, nil
}

// versions are all versions of a table, the newest first.
func (t *table) versions() []doc {
	list := []doc{{"Table": t.shown(), "VersionId": strconv.Itoa(t.version)}}
	for i := len(t.archived) - 1; i >= 0; i-- {
		list = append(list, doc{"Table": copied(t.archived[i]), "VersionId": t.archived[i]["VersionId"]})
	}
	return list
}

func (c *Catalog) getTableVersion(_ context.Context, _ wire.Caller, in struct{ DatabaseName, TableName, VersionId string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	for _, v := range t.versions() {
		if in.VersionId == "" || v["VersionId"] == in.VersionId {
			return doc{"TableVersion": v}, nil
		}
	}
	return nil, notFound("Version %s not found", in.VersionId)
}

func (c *Catalog) getTableVersions(_ context.Context, _ wire.Caller, in struct {
	pageInput
	DatabaseName, TableName string
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	list, next, err := page(t.versions(), in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, err
	}
	return withToken(doc{"TableVersions": list}, next), nil
}

func (t *table) dropVersion(id string) *wire.Error {
	if id == strconv.Itoa(t.version) {
		return wire.Errorf("InvalidInputException", "The current version cannot be deleted")
	}
	for i, v := range t.archived {
		if v["VersionId"] == id {
			t.archived = append(t.archived[:i:i], t.archived[i+1:]...)
			return nil
		}
	}
	return notFound("Version %s not found", id)
}

func (c *Catalog) deleteTableVersion(_ context.Context, _ wire.Caller, in struct{ DatabaseName, TableName, VersionId string }) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err == nil {
		err = t.dropVersion(in.VersionId)
	}
	if err != nil {
		return nil, err
	}
	return doc{}, nil
}

func (c *Catalog) batchDeleteTableVersion(_ context.Context, _ wire.Caller, in struct {
	DatabaseName, TableName string
	VersionIds              []string
}) (doc, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, t, err := c.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	errors := []doc{}
	for _, id := range in.VersionIds {
		if err := t.dropVersion(id); err != nil {
			errors = append(errors, doc{"TableName": in.TableName, "VersionId": id, "ErrorDetail": detail(err)})
		}
	}
	return doc{"Errors": errors}, nil
}

// Tables lists the tables of a database with what Glue holds of them, for tests that look into the fake.
func (c *Catalog) Tables(database string) map[string]map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]map[string]any{}
	if d := c.databases[strings.ToLower(database)]; d != nil {
		for n, t := range d.tables {
			out[n] = maps.Clone(t.shown())
		}
	}
	return out
}
