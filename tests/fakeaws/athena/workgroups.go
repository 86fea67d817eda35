package athena

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

func (a *Athena) getGroup(_ context.Context, _ wire.Caller, in struct{ WorkGroup string }) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.groups[in.WorkGroup]
	if g == nil {
		return nil, invalid("WorkGroup %s is not found.", in.WorkGroup)
	}
	return doc{"WorkGroup": g}, nil
}

func (a *Athena) listGroups(_ context.Context, _ wire.Caller, in struct {
	NextToken  string
	MaxResults int
}) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []doc
	for _, n := range sortedKeys(a.groups) {
		g := a.groups[n]
		list = append(list, doc{"Name": n, "State": g["State"], "CreationTime": g["CreationTime"], "EngineVersion": engineVersion()})
	}
	return paged("WorkGroups", list, in.NextToken, in.MaxResults, 50)
}

func (a *Athena) createGroup(_ context.Context, _ wire.Caller, in struct {
	Name          string
	Configuration doc
}) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.groups[in.Name] != nil {
		return nil, invalid("WorkGroup %s is already created", in.Name)
	}
	if in.Configuration == nil {
		in.Configuration = doc{}
	}
	if err := checkGroup(in.Configuration); err != nil {
		return nil, err
	}
	// A new workgroup enforces its configuration unless it is told not to.
	if _, ok := in.Configuration["EnforceWorkGroupConfiguration"]; !ok {
		in.Configuration["EnforceWorkGroupConfiguration"] = true
	}
	in.Configuration["EngineVersion"] = engineVersion()
	a.groups[in.Name] = doc{"Name": in.Name, "State": "ENABLED", "CreationTime": seconds(time.Now()), "Configuration": in.Configuration}
	return doc{}, nil
}

func checkGroup(c doc) error {
	managed, _ := walk(c, "ManagedQueryResultsConfiguration", "Enabled").(bool)
	if location, _ := walk(c, "ResultConfiguration", "OutputLocation").(string); managed && location != "" {
		return invalid("A workgroup with managed query results has no OutputLocation")
	}
	return nil
}

func (a *Athena) updateGroup(_ context.Context, _ wire.Caller, in struct {
	WorkGroup, State     string
	ConfigurationUpdates doc
}) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.groups[in.WorkGroup]
	if g == nil {
		return nil, invalid("WorkGroup %s is not found.", in.WorkGroup)
	}
	b, err := json.Marshal(g["Configuration"])
	if err != nil {
		return nil, err
	}
	var c doc
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	for k, v := range in.ConfigurationUpdates {
		switch k {
		case "ResultConfigurationUpdates":
			c["ResultConfiguration"] = v
		case "ManagedQueryResultsConfigurationUpdates":
			c["ManagedQueryResultsConfiguration"] = v
		case "RemoveBytesScannedCutoffPerQuery":
			delete(c, "BytesScannedCutoffPerQuery")
		default:
			c[k] = v
		}
	}
	if err := checkGroup(c); err != nil {
		return nil, err
	}
	n := doc{"Name": g["Name"], "State": g["State"], "CreationTime": g["CreationTime"], "Configuration": c}
	if in.State != "" {
		n["State"] = in.State
	}
	a.groups[in.WorkGroup] = n
	return doc{}, nil
}

func (a *Athena) deleteGroup(_ context.Context, _ wire.Caller, in struct{ WorkGroup string }) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if in.WorkGroup == "primary" || a.groups[in.WorkGroup] == nil {
		return nil, invalid("WorkGroup %s cannot be deleted", in.WorkGroup)
	}
	delete(a.groups, in.WorkGroup)
	return doc{}, nil
}

// The metadata operations show the Glue catalog, which is the only one here.

const catalogName = "AwsDataCatalog"

func (a *Athena) knownCatalog(name string) error {
	if !strings.EqualFold(name, catalogName) && (a.TableBucket == "" || !strings.EqualFold(name, tableBuckets+a.TableBucket)) {
		return invalid("Catalog %s is not found", name)
	}
	return nil
}

// named is a catalog that is known.
func (a *Athena) named(name string) *glue.Catalog {
	if strings.EqualFold(name, catalogName) {
		return a.Catalog
	}
	return a.Tables
}

func (a *Athena) getCatalog(_ context.Context, _ wire.Caller, in struct{ Name string }) (doc, error) {
	if err := a.knownCatalog(in.Name); err != nil {
		return nil, err
	}
	if !strings.EqualFold(in.Name, catalogName) {
		return doc{"DataCatalog": doc{"Name": in.Name, "Type": "GLUE", "Parameters": doc{"catalog-id": a.Tables.ID()}}}, nil
	}
	return doc{"DataCatalog": doc{"Name": catalogName, "Type": "GLUE"}}, nil
}

func (a *Athena) listCatalogs(_ context.Context, _ wire.Caller, _ struct{}) (doc, error) {
	return doc{"DataCatalogsSummary": []doc{{"CatalogName": catalogName, "Type": "GLUE"}}}, nil
}

func metadataError(message string) error {
	return &wire.Error{Code: "MetadataException", Message: message}
}

func (a *Athena) getDatabase(_ context.Context, _ wire.Caller, in struct{ CatalogName, DatabaseName string }) (doc, error) {
	if err := a.knownCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	d, err := a.named(in.CatalogName).Database(in.DatabaseName)
	if err != nil {
		return nil, metadataError(err.Error())
	}
	return doc{"Database": doc{"Name": d["Name"]}}, nil
}

func (a *Athena) listDatabases(_ context.Context, _ wire.Caller, in struct {
	CatalogName, NextToken string
	MaxResults             int
}) (doc, error) {
	if err := a.knownCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	var list []doc
	for _, n := range a.named(in.CatalogName).Databases() {
		list = append(list, doc{"Name": n})
	}
	return paged("DatabaseList", list, in.NextToken, in.MaxResults, 50)
}

// metadata is a Glue table in Athena's form.
func metadata(t map[string]any) doc {
	columns := func(v any) []doc {
		out := []doc{}
		list, _ := v.([]any)
		for _, c := range list {
			c := c.(map[string]any)
			d := doc{"Name": c["Name"], "Type": c["Type"]}
			if s, _ := c["Comment"].(string); s != "" {
				d["Comment"] = s
			}
			out = append(out, d)
		}
		return out
	}
	d := doc{"Name": t["Name"], "Columns": columns(walk(t, "StorageDescriptor", "Columns")), "PartitionKeys": columns(t["PartitionKeys"])}
	for _, k := range []string{"TableType", "Parameters", "CreateTime"} {
		if v, ok := t[k]; ok {
			d[k] = v
		}
	}
	return d
}

func (a *Athena) getTable(_ context.Context, _ wire.Caller, in struct{ CatalogName, DatabaseName, TableName string }) (doc, error) {
	if err := a.knownCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	t, err := a.named(in.CatalogName).Table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, metadataError(err.Error())
	}
	return doc{"TableMetadata": metadata(t)}, nil
}

func (a *Athena) listTables(_ context.Context, _ wire.Caller, in struct {
	CatalogName, DatabaseName, NextToken string
	MaxResults                           int
}) (doc, error) {
	if err := a.knownCatalog(in.CatalogName); err != nil {
		return nil, err
	}
	if _, err := a.named(in.CatalogName).Database(in.DatabaseName); err != nil {
		return nil, metadataError(err.Error())
	}
	tables := a.named(in.CatalogName).Tables(in.DatabaseName)
	var list []doc
	for _, n := range sortedKeys(tables) {
		list = append(list, metadata(tables[n]))
	}
	return paged("TableMetadataList", list, in.NextToken, in.MaxResults, 50)
}
