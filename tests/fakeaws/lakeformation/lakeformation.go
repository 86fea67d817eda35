// Package lakeformation fakes AWS Lake Formation: who was granted what, tags and their values, filters of cells. Grants are kept and
// listed; they are not enforced on queries.
package lakeformation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

type doc = map[string]any

// Catalog answers what exists; grants and tags of what does not are refused.
type Catalog interface {
	Database(name string) (map[string]any, error)
	Table(db, name string) (map[string]any, error)
}

// Service is the state.
type Service struct {
	account string
	catalog Catalog

	mu        sync.Mutex
	grants    map[string]*grant
	tags      map[string][]string
	assigned  map[string]map[string]string // resource → tag → value
	filters   map[string]doc
	locations map[string]doc
	settings  doc
}

type grant struct {
	principal, resource doc
	may, mayGrant       []string
}

// New makes an account without grants.
func New(account string, catalog Catalog) *Service {
	return &Service{account: account, catalog: catalog, grants: map[string]*grant{}, tags: map[string][]string{},
		assigned: map[string]map[string]string{}, filters: map[string]doc{}, locations: map[string]doc{},
		settings: doc{"DataLakeAdmins": []any{}, "CreateDatabaseDefaultPermissions": []any{}, "CreateTableDefaultPermissions": []any{}}}
}

// Service is Lake Formation as a fake on the wire.
func (l *Service) Service() (*wire.Service, error) {
	m, err := awsmodel.Load("lakeformation")
	if err != nil {
		return nil, err
	}
	return &wire.Service{Model: m, Invalid: "InvalidInputException", Operations: map[string]wire.Handler{
		"GrantPermissions":         wire.Op(l.grant),
		"RevokePermissions":        wire.Op(l.revoke),
		"BatchGrantPermissions":    wire.Op(l.batch(l.grant)),
		"BatchRevokePermissions":   wire.Op(l.batch(l.revoke)),
		"ListPermissions":          wire.Op(l.list),
		"CreateLFTag":              wire.Op(l.createTag),
		"UpdateLFTag":              wire.Op(l.updateTag),
		"DeleteLFTag":              wire.Op(l.deleteTag),
		"GetLFTag":                 wire.Op(l.getTag),
		"ListLFTags":               wire.Op(l.listTags),
		"AddLFTagsToResource":      wire.Op(l.addTags),
		"RemoveLFTagsFromResource": wire.Op(l.removeTags),
		"GetResourceLFTags":        wire.Op(l.resourceTags),
		"GetDataLakeSettings":      wire.Op(l.getSettings),
		"PutDataLakeSettings":      wire.Op(l.putSettings),
		"RegisterResource":         wire.Op(l.register),
		"DeregisterResource":       wire.Op(l.deregister),
		"DescribeResource":         wire.Op(l.describe),
		"ListResources":            wire.Op(l.listResources),
		"CreateDataCellsFilter":    wire.Op(l.createFilter),
		"UpdateDataCellsFilter":    wire.Op(l.updateFilter),
		"DeleteDataCellsFilter":    wire.Op(l.deleteFilter),
		"GetDataCellsFilter":       wire.Op(l.getFilter),
		"ListDataCellsFilter":      wire.Op(l.listFilters),
	}}, nil
}

func notFound(format string, args ...any) *wire.Error {
	return wire.Errorf("EntityNotFoundException", format, args...)
}

func text(v any) string { s, _ := v.(string); return s }

// exists refuses resources of the catalog that are not there.
func (l *Service) exists(resource doc) *wire.Error {
	for k, v := range resource {
		r, _ := v.(doc)
		switch k {
		case "Database":
			if _, err := l.catalog.Database(text(r["Name"])); err != nil {
				return notFound("Database not found: %s", text(r["Name"]))
			}
		case "Table", "TableWithColumns":
			if text(r["Name"]) == "" {
				continue // all tables of a database
			}
			if _, err := l.catalog.Table(text(r["DatabaseName"]), text(r["Name"])); err != nil {
				return notFound("Table not found: %s.%s", text(r["DatabaseName"]), text(r["Name"]))
			}
		}
	}
	return nil
}

// key is one text for a document; members are in order.
func key(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil {
		return fmt.Sprint(parts...)
	}
	return string(b)
}

type grantInput struct {
	Principal, Resource                     doc
	Permissions, PermissionsWithGrantOption []string
}

func (l *Service) grant(_ context.Context, _ wire.Caller, in grantInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.exists(in.Resource); err != nil {
		return nil, err
	}
	k := key(in.Principal, in.Resource)
	g := l.grants[k]
	if g == nil {
		g = &grant{principal: in.Principal, resource: in.Resource}
		l.grants[k] = g
	}
	g.may, g.mayGrant = union(g.may, in.Permissions), union(g.mayGrant, in.PermissionsWithGrantOption)
	return doc{}, nil
}

func union(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	sort.Strings(a)
	return a
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return slices.Contains(b, x) })
}

func (l *Service) revoke(_ context.Context, _ wire.Caller, in grantInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.grants[key(in.Principal, in.Resource)]
	for _, p := range in.Permissions {
		if g == nil || !slices.Contains(g.may, p) {
			return nil, wire.Errorf("InvalidInputException", "No permissions revoked. Grantee does not have: %s", p)
		}
	}
	g.may, g.mayGrant = without(g.may, in.Permissions), without(g.mayGrant, in.PermissionsWithGrantOption)
	if len(g.may) == 0 {
		delete(l.grants, key(in.Principal, in.Resource))
	}
	return doc{}, nil
}

// batch makes the operation over many entries: each fails for itself.
func (l *Service) batch(one func(context.Context, wire.Caller, grantInput) (doc, error)) func(context.Context, wire.Caller, struct{ Entries []doc }) (doc, error) {
	return func(ctx context.Context, who wire.Caller, in struct{ Entries []doc }) (doc, error) {
		failures := []doc{}
		for _, e := range in.Entries {
			var g grantInput
			b, err := json.Marshal(e)
			if err == nil {
				err = json.Unmarshal(b, &g)
			}
			if err == nil {
				_, err = one(ctx, who, g)
			}
			if err != nil {
				code := "InternalServiceException"
				if w, ok := err.(*wire.Error); ok {
					code = w.Code
				}
				failures = append(failures, doc{"RequestEntry": e, "Error": doc{"ErrorCode": code, "ErrorMessage": err.Error()}})
			}
		}
		return doc{"Failures": failures}, nil
	}
}

func (l *Service) list(_ context.Context, _ wire.Caller, in struct{ Principal, Resource doc }) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []doc{}
	for _, k := range sortedKeys(l.grants) {
		g := l.grants[k]
		if in.Principal != nil && key(in.Principal) != key(g.principal) || in.Resource != nil && key(in.Resource) != key(g.resource) {
			continue
		}
		out = append(out, doc{"Principal": g.principal, "Resource": g.resource, "Permissions": g.may, "PermissionsWithGrantOption": g.mayGrant})
	}
	return doc{"PrincipalResourcePermissions": out}, nil
}

func (l *Service) getSettings(context.Context, wire.Caller, struct{}) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return doc{"DataLakeSettings": l.settings}, nil
}

func (l *Service) putSettings(_ context.Context, _ wire.Caller, in struct{ DataLakeSettings doc }) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settings = in.DataLakeSettings
	return doc{}, nil
}

type location struct {
	ResourceArn, RoleArn string
	HybridAccessEnabled  bool
}

func (l *Service) register(_ context.Context, _ wire.Caller, in location) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.locations[in.ResourceArn] != nil {
		return nil, wire.Errorf("AlreadyExistsException", "Resource is already registered: %s", in.ResourceArn)
	}
	d := doc{"ResourceArn": in.ResourceArn, "HybridAccessEnabled": in.HybridAccessEnabled}
	if in.RoleArn != "" {
		d["RoleArn"] = in.RoleArn
	}
	l.locations[in.ResourceArn] = d
	return doc{}, nil
}

func (l *Service) deregister(_ context.Context, _ wire.Caller, in location) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.locations[in.ResourceArn] == nil {
		return nil, notFound("Resource is not registered: %s", in.ResourceArn)
	}
	delete(l.locations, in.ResourceArn)
	return doc{}, nil
}

func (l *Service) describe(_ context.Context, _ wire.Caller, in location) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.locations[in.ResourceArn]
	if d == nil {
		return nil, notFound("Resource is not registered: %s", in.ResourceArn)
	}
	return doc{"ResourceInfo": d}, nil
}

func (l *Service) listResources(context.Context, wire.Caller, struct{}) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []doc{}
	for _, k := range sortedKeys(l.locations) {
		out = append(out, l.locations[k])
	}
	return doc{"ResourceInfoList": out}, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
