package jinja

import (
	"hash/maphash"
	"math"
	"math/big"
)

// Dict is Python's dict: ordered by insertion, keys any hashable Value. Small dicts are searched one by one, larger ones
// through an open hash table of positions, so that a dict of a few keys costs one allocation.
type Dict struct {
	entries []dictEntry // in order; key is nil where one was removed
	table   []int32     // positions+1 in entries, or nil while the dict is small
	live    int
}

type dictEntry struct {
	hash       uint64
	key, value Value
}

// smallDict is how many entries are searched one by one.
const smallDict = 8

// NewDict makes an empty dict with room for n entries.
func NewDict(n int) *Dict {
	d := &Dict{}
	if n > 0 {
		d.entries = make([]dictEntry, 0, n)
	}
	return d
}

// Get finds the value of a string key.
func (d *Dict) Get(key string) (Value, bool) {
	if d.table == nil {
		for i := range d.entries {
			if s, ok := d.entries[i].key.(Str); ok && string(s) == key {
				return d.entries[i].value, true
			}
		}
		if len(d.entries) == 0 || !d.hasOddStrings() {
			return nil, false
		}
	}
	if i := d.position(hashString(key), Str(key)); i >= 0 {
		return d.entries[i].value, true
	}
	return nil, false
}

// hasOddStrings says whether some key is a string that is not a Str.
func (d *Dict) hasOddStrings() bool {
	for i := range d.entries {
		switch d.entries[i].key.(type) {
		case Markup, *Marked:
			return true
		}
	}
	return false
}

// Set sets the value of a string key; a new key goes to the end.
func (d *Dict) Set(key string, v Value) { d.put(hashString(key), boxString(key), v) }

// Delete removes a string key.
func (d *Dict) Delete(key string) { d.removeAt(d.position(hashString(key), Str(key))) }

// Lookup is Get for any key; an unhashable key is an error.
func (d *Dict) Lookup(key Value) (Value, bool, error) {
	h, err := hashOf(key)
	if err != nil {
		return nil, false, err
	}
	if i := d.position(h, key); i >= 0 {
		return d.entries[i].value, true, nil
	}
	return nil, false, nil
}

// Store is Set for any key; an unhashable key is an error.
func (d *Dict) Store(key, v Value) error {
	h, err := hashOf(key)
	if err == nil {
		d.put(h, key, v)
	}
	return err
}

// Remove is Delete for any key; an unhashable key is an error.
func (d *Dict) Remove(key Value) error {
	h, err := hashOf(key)
	if err == nil {
		d.removeAt(d.position(h, key))
	}
	return err
}

// Len counts the entries.
func (d *Dict) Len() int { return d.live }

// Entries yields keys and values in order: for k, v := range d.Entries.
func (d *Dict) Entries(yield func(k, v Value) bool) {
	for i := 0; i < len(d.entries); i++ {
		if e := d.entries[i]; e.key != nil && !yield(e.key, e.value) {
			return
		}
	}
}

// Copy is a shallow copy.
func (d *Dict) Copy() *Dict {
	c := NewDict(d.live)
	for i := range d.entries {
		if e := &d.entries[i]; e.key != nil {
			c.entries = append(c.entries, *e)
		}
	}
	c.live = len(c.entries)
	c.index()
	return c
}

// DeepCopy copies contained lists and dicts too.
func (d *Dict) DeepCopy() *Dict {
	c, _ := deepCopy(d, map[Value]Value{}, 0).(*Dict)
	return c
}

func deepCopy(v Value, seen map[Value]Value, depth int) Value {
	if depth > maxRepr { // nothing that nests so deep is meant to be
		return v
	}
	switch v := v.(type) {
	case *List:
		if c, ok := seen[v]; ok {
			return c
		}
		c := &List{Items: make([]Value, len(v.Items))}
		seen[v] = c
		for i, item := range v.Items {
			c.Items[i] = deepCopy(item, seen, depth+1)
		}
		return c
	case *Dict:
		if c, ok := seen[v]; ok {
			return c
		}
		c := v.Copy()
		seen[v] = c
		for i := range c.entries {
			c.entries[i].value = deepCopy(c.entries[i].value, seen, depth+1)
		}
		return c
	case Tuple:
		c := make(Tuple, len(v))
		for i, item := range v {
			c[i] = deepCopy(item, seen, depth+1)
		}
		return c
	}
	return v
}

func (d *Dict) position(h uint64, key Value) int {
	if d.table == nil {
		for i := range d.entries {
			if e := &d.entries[i]; e.key != nil && e.hash == h && Equal(e.key, key) {
				return i
			}
		}
		return -1
	}
	mask := uint64(len(d.table) - 1)
	for at := h & mask; ; at = (at + 1) & mask {
		i := d.table[at]
		if i == 0 {
			return -1
		}
		if e := &d.entries[i-1]; e.key != nil && e.hash == h && Equal(e.key, key) {
			return int(i - 1)
		}
	}
}

func (d *Dict) put(h uint64, key, v Value) {
	if i := d.position(h, key); i >= 0 {
		d.entries[i].value = v
		return
	}
	d.entries = append(d.entries, dictEntry{h, key, v})
	d.live++
	if d.table == nil && len(d.entries) <= smallDict {
		return
	}
	if len(d.entries)*4 > len(d.table)*3 {
		d.compact()
		return
	}
	d.enter(len(d.entries) - 1)
}

func (d *Dict) enter(i int) {
	mask := uint64(len(d.table) - 1)
	at := d.entries[i].hash & mask
	for d.table[at] != 0 {
		at = (at + 1) & mask
	}
	d.table[at] = int32(i + 1)
}

// compact drops removed entries and makes a table of fitting size.
func (d *Dict) compact() {
	kept := d.entries[:0]
	for i := range d.entries {
		if d.entries[i].key != nil {
			kept = append(kept, d.entries[i])
		}
	}
	clear(d.entries[len(kept):])
	d.entries = kept
	d.index()
}

func (d *Dict) index() {
	d.table = nil
	if len(d.entries) <= smallDict {
		return
	}
	size := 32
	for size < len(d.entries)*2 {
		size *= 2
	}
	d.table = make([]int32, size)
	for i := range d.entries {
		d.enter(i)
	}
}

func (d *Dict) removeAt(i int) {
	if i < 0 {
		return
	}
	d.live--
	if i == len(d.entries)-1 && d.table == nil {
		d.entries[i] = dictEntry{}
		d.entries = d.entries[:i]
		return
	}
	d.entries[i].key, d.entries[i].value = nil, nil
	if d.table == nil || d.live < len(d.entries)/4 {
		d.compact()
	}
}

func (d *Dict) clear() { *d = Dict{} }

// hashSeed makes hashes differ between processes; nothing depends on their order.
var hashSeed = maphash.MakeSeed()

func hashString(s string) uint64 { return maphash.String(hashSeed, s) }

// hashOf is Python's hash(): equal values have equal hashes, whatever their types.
func hashOf(v Value) (uint64, error) {
	work := newEffort()
	return hashWith(v, &work)
}

func hashWith(v Value, work *effort) (uint64, error) {
	switch v := v.(type) {
	case Str:
		return hashString(string(v)), nil
	case Markup:
		return hashString(string(v)), nil
	case *Marked:
		return hashString(v.Text), nil
	case Int:
		return hashInt(int64(v)), nil
	case Bool:
		if v {
			return hashInt(1), nil
		}
		return hashInt(0), nil
	case Float:
		f := float64(v)
		if f == math.Trunc(f) && !math.IsInf(f, 0) {
			if f >= -9.2e18 && f <= 9.2e18 {
				return hashInt(int64(f)), nil
			}
			n, _ := big.NewFloat(f).Int(nil)
			return hashString(n.String()), nil
		}
		return math.Float64bits(f) * 0x9e3779b97f4a7c15, nil
	case *BigInt:
		return hashString(v.Int.String()), nil
	case NoneType:
		return 0x5e1f, nil
	case Tuple:
		return hashItems(v, work)
	case *groupTuple:
		return hashItems(v.tuple(), work)
	case *List, *Dict, *Set, *View:
		return 0, typeErrorf("unhashable type: '%s'", v.TypeName())
	case *Undefined:
		return 0x0ddba11, nil
	}
	if h, ok := v.(Hasher); ok {
		return hashString(h.HashKey()), nil
	}
	return hashIdentity(v)
}

// hashIdentity hashes a value of the host by what it points at.
func hashIdentity(v Value) (h uint64, err error) {
	defer func() {
		if recover() != nil {
			err = typeErrorf("unhashable type: '%s'", v.TypeName())
		}
	}()
	return maphash.Comparable(hashSeed, v), nil
}

func hashItems(items []Value, work *effort) (uint64, error) {
	// Tuples nest, and the same one may occur again and again inside: both are bounded.
	work.nodes -= len(items) + 1
	if work.depth++; work.depth > maxRepr || work.nodes < 0 {
		return 0, limitErrorf("maximum recursion depth exceeded while hashing a tuple")
	}
	defer func() { work.depth-- }()
	h := uint64(len(items)) * 0x100000001b3
	for _, item := range items {
		x, err := hashWith(item, work)
		if err != nil {
			return 0, err
		}
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h, nil
}

func hashInt(i int64) uint64 {
	h := uint64(i) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}
