package lakeformation

import (
	"context"
	"slices"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

type tagInput struct {
	TagKey                                       string
	TagValues, TagValuesToAdd, TagValuesToDelete []string
}

// lower: Lake Formation keeps tags in lower case.
func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

func (l *Service) createTag(_ context.Context, _ wire.Caller, in tagInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := strings.ToLower(in.TagKey)
	if l.tags[k] != nil {
		return nil, wire.Errorf("InvalidInputException", "Tag key already exists")
	}
	l.tags[k] = lower(in.TagValues)
	return doc{}, nil
}

func (l *Service) updateTag(_ context.Context, _ wire.Caller, in tagInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := strings.ToLower(in.TagKey)
	if l.tags[k] == nil {
		return nil, notFound("Tag key %s does not exist", k)
	}
	l.tags[k] = union(without(l.tags[k], lower(in.TagValuesToDelete)), lower(in.TagValuesToAdd))
	return doc{}, nil
}

func (l *Service) deleteTag(_ context.Context, _ wire.Caller, in tagInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := strings.ToLower(in.TagKey)
	if l.tags[k] == nil {
		return nil, notFound("Tag key %s does not exist", k)
	}
	delete(l.tags, k)
	for _, m := range l.assigned {
		delete(m, k)
	}
	return doc{}, nil
}

func (l *Service) getTag(_ context.Context, _ wire.Caller, in tagInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := strings.ToLower(in.TagKey)
	if l.tags[k] == nil {
		return nil, notFound("Tag key %s does not exist", k)
	}
	return doc{"CatalogId": l.account, "TagKey": k, "TagValues": l.tags[k]}, nil
}

func (l *Service) listTags(context.Context, wire.Caller, struct{}) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []doc{}
	for _, k := range sortedKeys(l.tags) {
		out = append(out, doc{"CatalogId": l.account, "TagKey": k, "TagValues": l.tags[k]})
	}
	if len(out) == 0 {
		return doc{}, nil
	}
	return doc{"LFTags": out}, nil
}

type pair struct {
	TagKey    string
	TagValues []string
}

type resourceInput struct {
	Resource doc
	LFTags   []pair
}

// places are the single things that a resource stands for: a database, a table, or columns.
func places(resource doc) []string {
	if d, ok := resource["Database"].(doc); ok {
		return []string{text(d["Name"])}
	}
	if t, ok := resource["Table"].(doc); ok {
		return []string{text(t["DatabaseName"]) + "." + text(t["Name"])}
	}
	if t, ok := resource["TableWithColumns"].(doc); ok {
		var out []string
		columns, _ := t["ColumnNames"].([]any)
		for _, c := range columns {
			out = append(out, text(t["DatabaseName"])+"."+text(t["Name"])+"."+text(c))
		}
		return out
	}
	return nil
}

func failure(p pair, code, message string) doc {
	return doc{"LFTag": doc{"TagKey": p.TagKey, "TagValues": p.TagValues}, "Error": doc{"ErrorCode": code, "ErrorMessage": message}}
}

func (l *Service) addTags(_ context.Context, _ wire.Caller, in resourceInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.exists(in.Resource); err != nil {
		return nil, err
	}
	failures := []doc{}
	for _, p := range in.LFTags {
		k := strings.ToLower(p.TagKey)
		if l.tags[k] == nil {
			failures = append(failures, failure(p, "EntityNotFoundException", "Tag key "+k+" does not exist"))
			continue
		}
		if len(p.TagValues) != 1 || !slices.Contains(l.tags[k], strings.ToLower(p.TagValues[0])) {
			failures = append(failures, failure(p, "EntityNotFoundException", "Tag value does not exist, or not exactly one was given"))
			continue
		}
		for _, at := range places(in.Resource) {
			if l.assigned[at] == nil {
				l.assigned[at] = map[string]string{}
			}
			l.assigned[at][k] = strings.ToLower(p.TagValues[0])
		}
	}
	return doc{"Failures": failures}, nil
}

func (l *Service) removeTags(_ context.Context, _ wire.Caller, in resourceInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.exists(in.Resource); err != nil {
		return nil, err
	}
	failures := []doc{}
	for _, p := range in.LFTags {
		for _, at := range places(in.Resource) {
			if _, ok := l.assigned[at][strings.ToLower(p.TagKey)]; !ok {
				failures = append(failures, failure(p, "EntityNotFoundException", "Tag is not assigned"))
			}
			delete(l.assigned[at], strings.ToLower(p.TagKey))
		}
	}
	return doc{"Failures": failures}, nil
}

func (l *Service) pairs(at string) []doc {
	out := []doc{}
	for _, k := range sortedKeys(l.assigned[at]) {
		out = append(out, doc{"CatalogId": l.account, "TagKey": k, "TagValues": []string{l.assigned[at][k]}})
	}
	return out
}

// tell adds the tags of a place to an answer; the model has no empty lists of tags.
func (l *Service) tell(out doc, member, at string) {
	if p := l.pairs(at); len(p) > 0 {
		out[member] = p
	}
}

func (l *Service) resourceTags(_ context.Context, _ wire.Caller, in resourceInput) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.exists(in.Resource); err != nil {
		return nil, err
	}
	out := doc{}
	if d, ok := in.Resource["Database"].(doc); ok {
		l.tell(out, "LFTagOnDatabase", text(d["Name"]))
		return out, nil
	}
	for _, k := range []string{"Table", "TableWithColumns"} {
		t, ok := in.Resource[k].(doc)
		if !ok {
			continue
		}
		db, name := text(t["DatabaseName"]), text(t["Name"])
		l.tell(out, "LFTagOnDatabase", db)
		l.tell(out, "LFTagsOnTable", db+"."+name)
		columns := []doc{}
		for _, at := range sortedKeys(l.assigned) {
			if c, ok := strings.CutPrefix(at, db+"."+name+"."); ok && len(l.assigned[at]) > 0 {
				columns = append(columns, doc{"Name": c, "LFTags": l.pairs(at)})
			}
		}
		if len(columns) > 0 {
			out["LFTagsOnColumns"] = columns
		}
	}
	return out, nil
}

type filterName struct{ TableCatalogId, DatabaseName, TableName, Name string }

func (f filterName) key() string { return f.DatabaseName + "." + f.TableName + "." + f.Name }

func nameOf(d doc) filterName {
	return filterName{text(d["TableCatalogId"]), text(d["DatabaseName"]), text(d["TableName"]), text(d["Name"])}
}

func (l *Service) createFilter(_ context.Context, _ wire.Caller, in struct{ TableData doc }) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := nameOf(in.TableData)
	if _, err := l.catalog.Table(n.DatabaseName, n.TableName); err != nil {
		return nil, notFound("Table not found: %s.%s", n.DatabaseName, n.TableName)
	}
	if l.filters[n.key()] != nil {
		return nil, wire.Errorf("AlreadyExistsException", "Filter %s exists", n.Name)
	}
	l.filters[n.key()] = in.TableData
	return doc{}, nil
}

func (l *Service) updateFilter(_ context.Context, _ wire.Caller, in struct{ TableData doc }) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := nameOf(in.TableData)
	if l.filters[n.key()] == nil {
		return nil, notFound("Filter %s not found", n.Name)
	}
	l.filters[n.key()] = in.TableData
	return doc{}, nil
}

func (l *Service) deleteFilter(_ context.Context, _ wire.Caller, in filterName) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.filters[in.key()] == nil {
		return nil, notFound("Filter %s not found", in.Name)
	}
	delete(l.filters, in.key())
	return doc{}, nil
}

func (l *Service) getFilter(_ context.Context, _ wire.Caller, in filterName) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.filters[in.key()] == nil {
		return nil, notFound("Filter %s not found", in.Name)
	}
	return doc{"DataCellsFilter": l.filters[in.key()]}, nil
}

func (l *Service) listFilters(_ context.Context, _ wire.Caller, in struct{ Table doc }) (doc, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []doc{}
	for _, k := range sortedKeys(l.filters) {
		n := nameOf(l.filters[k])
		if in.Table == nil || text(in.Table["DatabaseName"]) == n.DatabaseName && (text(in.Table["Name"]) == "" || text(in.Table["Name"]) == n.TableName) {
			out = append(out, l.filters[k])
		}
	}
	return doc{"DataCellsFilters": out}, nil
}
