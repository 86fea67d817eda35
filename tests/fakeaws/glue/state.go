package glue

// Save copies the state of the catalog and answers how to return to it, any number of times.
func (c *Catalog) Save() (restore func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	saved := cloned(c.databases)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.databases = cloned(saved)
	}
}

func cloned(databases map[string]*database) map[string]*database {
	out := make(map[string]*database, len(databases))
	for name, d := range databases {
		to := &database{doc: deep(d.doc).(doc), tables: make(map[string]*table, len(d.tables))}
		for name, t := range d.tables {
			copy := &table{doc: deep(t.doc).(doc), version: t.version, partitions: map[string]*partition{}, statistics: map[string]doc{}}
			for _, a := range t.archived {
				copy.archived = append(copy.archived, deep(a).(doc))
			}
			for k, p := range t.partitions {
				copy.partitions[k] = &partition{values: p.values, doc: deep(p.doc).(doc), statistics: documents(p.statistics)}
			}
			copy.statistics = documents(t.statistics)
			to.tables[name] = copy
		}
		out[name] = to
	}
	return out
}

func documents(of map[string]doc) map[string]doc {
	out := make(map[string]doc, len(of))
	for k, v := range of {
		out[k] = deep(v).(doc)
	}
	return out
}

// deep copies what JSON has; everything else is never changed in place.
func deep(v any) any {
	switch v := v.(type) {
	case doc:
		out := make(doc, len(v))
		for k, x := range v {
			out[k] = deep(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = deep(x)
		}
		return out
	}
	return v
}

// Entry is a table of the catalog as tests look at it.
type Entry struct {
	Name, Location string
	Parameters     map[string]string
	// Places are the locations of its partitions.
	Places []string
}

// Entries are the tables of a database, by name.
func (c *Catalog) Entries(name string) []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.databases[name]
	if d == nil {
		return nil
	}
	var out []Entry
	for _, n := range sortedKeys(d.tables) {
		t := d.tables[n]
		e := Entry{Name: n, Parameters: map[string]string{}}
		e.Location, _ = member(t.doc, "StorageDescriptor", "Location").(string)
		parameters, _ := t.doc["Parameters"].(doc)
		for k, v := range parameters {
			e.Parameters[k], _ = v.(string)
		}
		for _, k := range sortedKeys(t.partitions) {
			place, _ := member(t.partitions[k].doc, "StorageDescriptor", "Location").(string)
			e.Places = append(e.Places, place)
		}
		out = append(out, e)
	}
	return out
}
