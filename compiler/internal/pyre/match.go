package pyre

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// ErrSteps says that an expression took too many steps on a text.
var ErrSteps = errors.New("the regular expression takes too many steps on this text")

const (
	maxSteps = 20_000_000
	// maxNesting bounds the matcher's own stack.
	maxNesting = 100_000
)

// Mode is where a match may lie.
type Mode int

// The modes: anywhere from the position on, at the position, from the position to the end of the text.
const (
	Search Mode = iota
	Match
	FullMatch
)

// matcher is one attempt on one text.
type matcher struct {
	s     string
	at    []int // byte offsets of the groups, two each, -1 where one took no part
	full  bool
	steps int
	depth int
	over  bool
}

// Find gives the offsets of the match and its groups in bytes, nil if there is none. A match at the position itself must take something
// if advance is set.
func (re *Regexp) Find(s string, pos int, mode Mode, advance bool) ([]int, error) {
	m := &matcher{s: s, at: make([]int, 2*re.groups+2), full: mode == FullMatch}
	for i := pos; i <= len(s); {
		if mode == Search && re.prefix != "" {
			skip := strings.Index(s[i:], re.prefix)
			if skip < 0 {
				return nil, nil
			}
			i += skip
		}
		for k := range m.at {
			m.at[k] = -1
		}
		end := -1
		found := m.run(re.root, i, func(j int) bool {
			if m.full && j != len(s) || advance && i == pos && j == i {
				return false
			}
			end = j
			return true
		})
		if m.over {
			return nil, ErrSteps
		}
		if found {
			m.at[0], m.at[1] = i, end
			return m.at, nil
		}
		if mode != Search || i == len(s) {
			break
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
	return nil, nil
}

// run matches a node at a position and goes on with what follows; it is false, with the groups as before, if either fails.
func (m *matcher) run(n *node, i int, next func(int) bool) bool {
	if m.steps++; m.steps > maxSteps || m.depth > maxNesting {
		m.over = true
	}
	if m.over {
		return false
	}
	m.depth++
	defer func() { m.depth-- }()
	switch n.op {
	case opEmpty:
		return next(i)
	case opLiteral, opAny, opSet:
		j := m.one(n, i)
		return j >= 0 && next(j)
	case opSequence:
		return m.sequence(n.subs, i, next)
	case opAlternatives:
		for _, s := range n.subs {
			if m.run(s, i, next) {
				return true
			}
		}
		return false
	case opGroup:
		return m.run(n.subs[0], i, func(j int) bool {
			from, to := m.at[2*n.group], m.at[2*n.group+1]
			m.at[2*n.group], m.at[2*n.group+1] = i, j
			if next(j) {
				return true
			}
			m.at[2*n.group], m.at[2*n.group+1] = from, to
			return false
		})
	case opRepeat:
		return m.repeat(n, i, next)
	case opReference:
		j := m.reference(n, i)
		return j >= 0 && next(j)
	case opLook:
		return m.look(n, i, next)
	case opAtomic:
		saved, end := m.save(), -1
		if m.run(n.subs[0], i, func(j int) bool { end = j; return true }) && next(end) {
			return true
		}
		copy(m.at, saved)
		return false
	case opCondition:
		if m.at[2*n.group+1] >= 0 {
			return m.run(n.subs[0], i, next)
		}
		return m.run(n.subs[1], i, next)
	}
	return m.place(n, i) && next(i)
}

func (m *matcher) save() []int { return append([]int(nil), m.at...) }

func (m *matcher) sequence(list []*node, i int, next func(int) bool) bool {
	for len(list) > 0 && single(list[0]) {
		if i = m.one(list[0], i); i < 0 {
			return false
		}
		list = list[1:]
	}
	if len(list) == 0 {
		return next(i)
	}
	return m.run(list[0], i, func(j int) bool { return m.sequence(list[1:], j, next) })
}

func single(n *node) bool { return n.op == opLiteral || n.op == opAny || n.op == opSet }

// one matches a node that takes one character: the offset behind it, or -1.
func (m *matcher) one(n *node, i int) int {
	if i >= len(m.s) {
		return -1
	}
	r, size := rune(m.s[i]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(m.s[i:])
	}
	ok := false
	switch n.op {
	case opLiteral:
		ok = same(n.char, r, n.fold, n.ascii)
	case opAny:
		ok = n.all || r != '\n'
	case opSet:
		ok = n.set.has(r, n.fold, n.ascii)
	}
	if !ok {
		return -1
	}
	return i + size
}

func (m *matcher) repeat(n *node, i int, next func(int) bool) bool {
	body := n.subs[0]
	if n.possessive {
		greedy := *n
		greedy.possessive = false
		return m.run(&node{op: opAtomic, subs: []*node{&greedy}}, i, next)
	}
	if single(body) {
		return m.run1(n, body, i, next)
	}
	return m.again(n, body, 0, i, -1, next)
}

// run1 repeats what takes one character, without a stack.
func (m *matcher) run1(n, body *node, i int, next func(int) bool) bool {
	count, j := 0, i
	for count < n.min {
		if j = m.one(body, j); j < 0 {
			return false
		}
		count++
	}
	if n.lazy {
		for {
			if next(j) {
				return true
			}
			if m.over || n.max >= 0 && count >= n.max {
				return false
			}
			if j = m.one(body, j); j < 0 {
				return false
			}
			count++
			m.steps++
		}
	}
	least := j
	for n.max < 0 || count < n.max {
		k := m.one(body, j)
		if k < 0 {
			break
		}
		j = k
		count++
		m.steps++
	}
	for {
		if next(j) {
			return true
		}
		if j == least || m.over {
			return false
		}
		_, size := utf8.DecodeLastRuneInString(m.s[:j])
		j -= size
	}
}

// again repeats a body that was matched count times already. A turn that took nothing is the last.
func (m *matcher) again(n, body *node, count, i, last int, next func(int) bool) bool {
	turn := func() bool {
		return m.run(body, i, func(j int) bool { return m.again(n, body, count+1, j, i, next) })
	}
	switch {
	case m.over:
		return false
	case count < n.min:
		return turn()
	case n.lazy:
		return next(i) || (n.max < 0 || count < n.max) && i != last && turn()
	}
	return (n.max < 0 || count < n.max) && i != last && turn() || next(i)
}

func (m *matcher) reference(n *node, i int) int {
	from, to := m.at[2*n.group], m.at[2*n.group+1]
	if to < 0 {
		return -1
	}
	for _, r := range m.s[from:to] {
		if i >= len(m.s) {
			return -1
		}
		other, size := utf8.DecodeRuneInString(m.s[i:])
		if !same(r, other, n.fold, n.ascii) {
			return -1
		}
		i += size
	}
	return i
}

func (m *matcher) look(n *node, i int, next func(int) bool) bool {
	from := i
	if n.behind {
		for range n.width {
			if from == 0 {
				return n.negative && next(i)
			}
			_, size := utf8.DecodeLastRuneInString(m.s[:from])
			from -= size
		}
	}
	saved := m.save()
	found := m.run(n.subs[0], from, func(j int) bool { return !n.behind || j == i })
	if m.over {
		return false
	}
	if n.negative {
		copy(m.at, saved)
		return !found && next(i)
	}
	if found && next(i) {
		return true
	}
	copy(m.at, saved)
	return false
}

// place asks about the position itself.
func (m *matcher) place(n *node, i int) bool {
	switch n.op {
	case opStart:
		return i == 0
	case opEnd:
		return i == len(m.s)
	case opLineStart:
		return i == 0 || m.s[i-1] == '\n'
	case opLineEnd:
		return i == len(m.s) || m.s[i] == '\n'
	case opDollar:
		return i == len(m.s) || i == len(m.s)-1 && m.s[i] == '\n'
	}
	if m.s == "" {
		return false // Python 3.11 finds neither \b nor \B in an empty text
	}
	before, after := false, false
	if i > 0 {
		r, _ := utf8.DecodeLastRuneInString(m.s[:i])
		before = isWord(r, n.ascii)
	}
	if i < len(m.s) {
		r, _ := utf8.DecodeRuneInString(m.s[i:])
		after = isWord(r, n.ascii)
	}
	return (before != after) != n.negative
}
