//go:build !unix

package engines

// Peak is not known here.
func (t *Trino) Peak() int64 { return 0 }

// OwnPeak is not known here.
func OwnPeak() int64 { return 0 }
