package jinja

// The rules of scope are Jinja2's: a body of a loop, macro, with, filter or set block is a scope of its own; a name that a
// scope assigns is local to it, beginning with the outer value; a name that nothing assigns comes from the host's Scope.
// All names get slots when the template is parsed, so that rendering does not search by name.

// function is what shares one set of slots while it runs: the template itself, a macro, a block, a recursive loop.
type function struct {
	depth int
	block bool
	slots []slotInfo
	// byName finds the slots that all scopes of the function share, once there are many slots.
	byName map[string]int32
}

// slotInfo tells what an empty slot means: a name still to be looked up, or an undefined one.
type slotInfo struct {
	name             string
	resolve, exports bool
	// shared: the name comes from the host's scope in every scope of the function that reads it.
	shared bool
	// param: a loop or macro always assigns it. Read after its loop, it shows as Jinja2 shows it, as the word missing.
	param bool
}

func (fn *function) add(name string, resolve bool) int32 {
	if fn.slots == nil {
		fn.slots = make([]slotInfo, 0, 4)
	}
	fn.slots = append(fn.slots, slotInfo{name: name, resolve: resolve})
	return int32(len(fn.slots) - 1)
}

// free gives the slot of a name that comes from the host's scope.
func (fn *function) free(name string) int32 {
	if fn.byName != nil {
		slot, ok := fn.byName[name]
		if !ok {
			slot = fn.add(name, true)
			fn.byName[name] = slot
		}
		return slot
	}
	for i := range fn.slots {
		if info := &fn.slots[i]; info.shared && info.name == name {
			return int32(i)
		}
	}
	slot := fn.add(name, true)
	fn.slots[slot].shared = true
	if len(fn.slots) > manySymbols {
		fn.byName = make(map[string]int32, 4*manySymbols)
		for i := range fn.slots {
			if info := &fn.slots[i]; info.shared {
				fn.byName[info.name] = int32(i)
			}
		}
	}
	return slot
}

// scopeInfo is what happens when a scope is entered and left.
type scopeInfo struct {
	aliases []alias
	// clear are the slots that are emptied on entry, leave those that become undefined at the end.
	clear, leave []int32
}

// alias copies the value of an outer variable into the scope's own.
type alias struct {
	slot, source int32
	hops         uint8
}

// visibleName is a variable that a scoped block sees.
type visibleName struct {
	name string
	slot int32
	hops uint8
}

type loadKind uint8

const (
	loadResolve   loadKind = iota // from the host's scope
	loadUndefined                 // nothing, until it is assigned
	loadAlias                     // a copy of the outer variable
	loadParam                     // always assigned on entry
)

// symbol is a name as one scope sees it.
type symbol struct {
	name   string
	kind   loadKind
	stored bool
	shared bool // the slot belongs to the function's free names
	slot   int32
	source int32
	hops   uint8
}

// scope is the symbol table of one scope while a template is bound.
type scope struct {
	parent *scope
	fn     *function
	syms   []symbol
	byName map[string]int // positions in syms, once there are many
	// branch counts the ifs around the place that is being looked at: what is assigned there may not be assigned at all.
	branch int
}

func (s *scope) own(name string) *symbol {
	if s.byName != nil {
		if i, ok := s.byName[name]; ok {
			return &s.syms[i]
		}
		return nil
	}
	for i := range s.syms {
		if s.syms[i].name == name {
			return &s.syms[i]
		}
	}
	return nil
}

// manySymbols is how many names a scope searches one by one.
const manySymbols = 16

func (s *scope) add(sym symbol) {
	s.syms = append(s.syms, sym)
	n := len(s.syms)
	if n < manySymbols {
		return
	}
	if s.byName == nil {
		s.byName = make(map[string]int, 2*n)
		for i := range s.syms {
			s.byName[s.syms[i].name] = i
		}
	}
	s.byName[sym.name] = n - 1
}

// find looks the name up here and outwards; hops is the number of functions left on the way.
func (s *scope) find(name string) (sym *symbol, hops uint8) {
	for at := s; at != nil; at = at.parent {
		if sym := at.own(name); sym != nil {
			return sym, uint8(s.fn.depth - at.fn.depth)
		}
	}
	return nil, 0
}

func (s *scope) load(name string) {
	if sym, _ := s.find(name); sym != nil {
		return
	}

	s.add(symbol{name: name, kind: loadResolve, slot: s.fn.free(name), shared: true})
}

func (s *scope) store(name string) {
	if sym := s.own(name); sym != nil {
		if sym.shared {
			sym.shared, sym.slot = false, s.fn.add(name, true)
		}
		sym.stored = true
		return
	}
	if s.parent != nil {
		if outer, hops := s.parent.find(name); outer != nil {
			hops += uint8(s.fn.depth - s.parent.fn.depth)
			s.add(symbol{name: name, kind: loadAlias, stored: true, slot: s.fn.add(name, false), source: outer.slot, hops: hops})
			return
		}
	}
	kind := loadUndefined
	if s.branch > 0 {
		kind = loadResolve
	}
	s.add(symbol{name: name, kind: kind, stored: true, slot: s.fn.add(name, kind == loadResolve)})
}

// declare makes a parameter, which begins anew even if the name is known here.
func (s *scope) declare(name string) int32 {
	if sym := s.own(name); sym != nil {
		if sym.kind != loadParam {
			*sym = symbol{name: name, kind: loadParam, stored: true, slot: s.fn.add(name, false)}
			s.fn.slots[sym.slot].param = true
		}
		return sym.slot
	}
	slot := s.fn.add(name, false)
	s.fn.slots[slot].param = true
	s.add(symbol{name: name, kind: loadParam, stored: true, slot: slot})
	return slot
}

// info is what entering and leaving the scope does at run time.
func (s *scope) info() scopeInfo {
	var in scopeInfo
	for i := range s.syms {
		sym := &s.syms[i]
		switch {
		case sym.kind == loadAlias:
			in.aliases = append(in.aliases, alias{slot: sym.slot, source: sym.source, hops: sym.hops})
		case sym.stored && sym.kind != loadParam:
			in.clear = append(in.clear, sym.slot)
		}
		if sym.stored {
			in.leave = append(in.leave, sym.slot)
		}
	}
	return in
}

// stores lists the variables that are assigned here and outwards, the inner before the outer.
func (s *scope) stores() []visibleName {
	var out []visibleName
	seen := map[string]bool{}
	for at := s; at != nil; at = at.parent {
		for i := range at.syms {
			if !at.syms[i].stored || seen[at.syms[i].name] {
				continue
			}
			seen[at.syms[i].name] = true

			out = append(out, visibleName{name: at.syms[i].name, slot: at.syms[i].slot, hops: uint8(s.fn.depth - at.fn.depth)})
		}
	}
	return out
}

// collectAll and collect enter the names that a scope uses and assigns, without going into the scopes below.
func (s *scope) collectAll(body []Stmt) {
	for _, n := range body {
		s.collect(n)
	}
}

func (s *scope) collect(n Stmt) {
	switch n := n.(type) {
	case *Data, *Break, *Continue, *Scoped, *BlockDef:
	case *Print:
		s.names(n.Expr)
	case *If:
		s.names(n.Test)
		s.branch++
		s.collectAll(n.Body)
		for i := range n.Elif {
			s.names(n.Elif[i].Test)
			s.collectAll(n.Elif[i].Body)
		}
		s.collectAll(n.Else)
		s.branch--
	case *For:
		s.names(n.Iter)
	case *Assign:
		s.names(n.Value)
		s.names(n.Target)
	case *AssignBlock:
		s.names(n.Target)
	case *MacroDef:
		s.store(n.symbol)
	case *CallBlock:
		s.names(n.Call)
	case *FilterBlock:
		s.names(n.Filter)
	case *With:
		for _, v := range n.Values {
			s.names(v)
		}
	case *Do:
		s.names(n.Expr)
	}
}

// names enters the names of an expression or target.
func (s *scope) names(n Node) {
	switch n := n.(type) {
	case *Const:
	case *Name:
		switch {
		case n.param:
			s.declare(n.Name)
		case n.store:
			s.store(n.Name)
		default:
			s.load(n.Name)
		}
	case *NamespaceRef:
		s.load(n.Name)
	case *Getattr:
		s.names(n.Expr)
	case *CallExpr:
		s.names(n.Func)
		s.arguments(&n.Arguments)
	case *Filter:
		if n.Expr != nil {
			s.names(n.Expr)
		}
		s.arguments(&n.Arguments)
	default:
		children(n, s.names)
	}
}

func (s *scope) arguments(a *Arguments) {
	for _, e := range a.Args {
		s.names(e)
	}
	for i := range a.Kwargs {
		s.names(a.Kwargs[i].Value)
	}
	if a.DynArgs != nil {
		s.names(a.DynArgs)
	}
	if a.DynKw != nil {
		s.names(a.DynKw)
	}
}
