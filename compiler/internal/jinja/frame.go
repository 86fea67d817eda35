package jinja

import (
	"github.com/weft-data/weft/compiler/source"
)

// exec is one run of a template or bound macro on a thread.
type exec struct {
	th    *Thread
	lang  *language
	scope Scope
	tmpl  *Template
	file  *source.File
	root  *frame // the template's own frame, where blocks find what it exports
	// visible is what a scoped block sees besides.
	visible Names

	native  bool // expressions keep their values; RenderNative
	folding bool // a constant is computed: a slice of something that has none is undefined
	sink    bool // undefined values swallow what is done to them
	// captures counts the buffers that are open: output goes to the result only at zero.
	captures int
	nodes    []Value // native output
	mapping  bool
	segments []Segment
	blocks   map[string]*BlockDef
}

// frame is the variables of a running function. A slot that is nil has not been looked up, or not been assigned.
type frame struct {
	x      *exec
	fn     *function
	parent *frame // that of the function around it
	slots  []Value
	// unbound: a macro of a file runs without the file's own variables; names of theirs are asked of the scope.
	unbound bool
	// kept: a macro or block that outlives the function refers to the frame.
	kept bool
}

// absent marks a variable that is known to have no value.
type absent struct{}

func (absent) TypeName() string { return "MissingType" }
func (absent) String() string   { return "missing" }
func (absent) Repr() string     { return "missing" }

var missing Value = absent{}

// control tells how a statement ended.
type control uint8

const (
	proceed control = iota
	breakLoop
	continueLoop
)

func (x *exec) push(fn *function, parent *frame) *frame {
	th := x.th
	var f *frame
	if n := len(th.spare); n > 0 {
		f = th.spare[n-1]
		th.spare = th.spare[:n-1]
	} else {
		f = &frame{}
	}
	f.x, f.fn, f.parent = x, fn, parent
	if n := len(fn.slots); cap(f.slots) >= n {
		f.slots = f.slots[:n]
	} else {
		f.slots = make([]Value, n, max(n, 8))
	}
	return f
}

// pop gives the frame back for reuse, unless something still refers to it.
func (f *frame) pop() {
	if f.kept {
		return
	}
	clear(f.slots)
	th := f.x.th
	*f = frame{slots: f.slots[:0]}
	if len(th.spare) < 64 {
		th.spare = append(th.spare, f)
	}
}

// keep marks the frame, and those around it, as outliving their functions.
func (f *frame) keep() {
	for at := f; at != nil && !at.kept; at = at.parent {
		at.kept = true
	}
}

func (f *frame) out(hops uint8) *frame {
	for ; hops > 0; hops-- {
		f = f.parent
	}
	return f
}

// read gives a variable, or missing.
func (f *frame) read(slot int32, hops uint8) Value {
	at := f
	for ; hops > 0; hops-- {
		at = at.parent
	}
	if at.unbound {
		return at.x.resolve(at.fn.slots[slot].name, false)
	}
	if v := at.slots[slot]; v != nil {
		return v
	}
	info := &at.fn.slots[slot]
	if !info.resolve {
		return missing
	}
	v := at.x.resolve(info.name, at.fn.block)
	at.slots[slot] = v
	return v
}

// resolve asks the host's scope for a name, then the language's own.
func (x *exec) resolve(name string, inBlock bool) Value {
	if inBlock {
		if v, ok := x.visible[name]; ok {
			return v
		}
		if x.root != nil {
			for i := range x.root.fn.slots {
				if info := &x.root.fn.slots[i]; info.exports && info.name == name {
					if v := x.root.slots[i]; v != nil && v != missing {
						return v
					}
				}
			}
		}
	}
	if x.scope != nil {
		if v, ok := x.scope.Lookup(name); ok && v != nil {
			return v
		}
	}
	if v, ok := globals[name]; ok {
		return v
	}
	return missing
}

func (f *frame) enter(in *scopeInfo) {
	for _, slot := range in.clear {
		f.slots[slot] = nil
	}
	for i := range in.aliases {
		a := &in.aliases[i]
		f.slots[a.slot] = f.read(a.source, a.hops)
	}
}

func (f *frame) leave(in *scopeInfo) {
	for _, slot := range in.leave {
		f.slots[slot] = missing
	}
}

// undefinedName is what an unknown name gives.
func (x *exec) undefinedName(name string) Value {
	return &Undefined{Name: name, sink: x.sink}
}
