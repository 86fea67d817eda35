package jinja

// The interfaces below are further capabilities of a host's values, beside those in value.go.

// Mapping marks a value for which `x is mapping` holds, as for Python's collections.abc.Mapping.
type Mapping interface{ IsMapping() }

// Hasher makes a value usable as a key of a Dict, in `unique` and in `x in d`: two values are the same key when their
// HashKeys are equal and Equal holds.
type Hasher interface{ HashKey() string }

// Numeric is a number of the host: what int(), float(), round, abs, sum and the test `number` see.
type Numeric interface{ Float64() float64 }

// Operand takes part in arithmetic: op is the operator's text ("+", "-", "*", "/", "//", "%", "**"), reflected says that the
// value stands on the right of it. ok=false is Python's TypeError.
type Operand interface {
	Binary(op string, other Value, reflected bool) (v Value, ok bool, err error)
}

// Container answers `item in x`.
type Container interface {
	Contains(item Value) (bool, error)
}

// Formatter answers `"{:spec}".format(x)`.
type Formatter interface {
	Format(spec string) (string, error)
}

// Entries is a mapping that can list its entries; `**x`, dict(x) and the filters items and dictsort need it. A Mapping
// without it is asked for its keys (Iterable) and then for each value (Indexed).
type Entries interface {
	Entries(yield func(k, v Value) bool)
}

// Slicer answers `x[start:stop:step]`; a bound that is not given is nil.
type Slicer interface {
	Slice(start, stop, step Value) (Value, error)
}

// IsMapping makes a dict a Mapping.
func (*Dict) IsMapping() {}

// entriesOf gives what lists the entries of a mapping.
func entriesOf(v Value) (func(yield func(k, v Value) bool), bool) {
	if e, ok := v.(Entries); ok {
		return e.Entries, true
	}
	_, mapping := v.(Mapping)
	keys, iterable := v.(Iterable)
	values, indexed := v.(Indexed)
	if !mapping || !iterable || !indexed {
		return nil, false
	}
	return func(yield func(k, v Value) bool) {
		keys.Each(func(k Value) bool {
			val, ok, err := values.Index(k)
			return err != nil || !ok || yield(k, orNone(val))
		})
	}, true
}
