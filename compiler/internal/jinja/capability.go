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
