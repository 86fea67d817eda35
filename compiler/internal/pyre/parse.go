// Package pyre matches regular expressions as Python's module re does, which templates reach as modules.re.
//
// Go's own engine has another syntax and neither look-around nor back references, which published packages use. This one is a
// backtracking matcher like Python's, so that the same text is found, group by group. What it may cost is bounded: an expression that
// takes too many steps ends in an error and not in a run that hangs.
package pyre

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The flags of Python's re, by value.
const (
	IgnoreCase = 2
	Locale     = 4
	Multiline  = 8
	DotAll     = 16
	Unicode    = 32
	Verbose    = 64
	ASCII      = 256
)

// Regexp is a compiled expression.
type Regexp struct {
	root   *node
	groups int
	names  []string // by number, "" for groups without one
	flags  int
	prefix string
}

// Groups is the number of groups, without the whole match.
func (re *Regexp) Groups() int { return re.groups }

// Names are the names of the groups by their numbers, the whole match included; "" for those that have none.
func (re *Regexp) Names() []string { return re.names }

// Flags are the flags that hold for the whole expression, those written in it included.
func (re *Regexp) Flags() int { return re.flags }

type op uint8

const (
	opEmpty op = iota
	opLiteral
	opAny
	opSet
	opSequence
	opAlternatives
	opRepeat
	opGroup
	opReference
	opLook
	opAtomic
	opCondition
	opStart // of the text
	opEnd   // of the text
	opLineStart
	opLineEnd
	opDollar // the end, or before a line break that ends the text
	opBoundary
)

type node struct {
	op   op
	subs []*node
	char rune
	set  *set
	// fold is IGNORECASE, ascii ASCII, where the node was written; all says of . that it takes line breaks too.
	fold, ascii, all bool
	// negative is of look-around and of \B; behind of look-behind, which goes back width characters.
	negative, behind bool
	width            int
	min, max         int // max < 0: no bound
	lazy, possessive bool
	group            int
}

// parser reads an expression. Positions in messages count characters, as Python's do.
type parser struct {
	s      string
	i      int
	flags  int
	groups int
	names  []string
	open   map[int]bool
	// global are the flags that stand at the beginning, for the whole expression.
	global int
	depth  int
	// behind are the look-behinds, whose width is known when all is read; highest is the highest group that a condition asks for, written
	// at the place named.
	behind  []*node
	highest int
	asked   int
}

// maxDepth bounds how deep groups may be nested.
const maxDepth = 500

func (p *parser) errorf(at int, format string, args ...any) error {
	return fmt.Errorf("%s at position %d", fmt.Sprintf(format, args...), utf8.RuneCountInString(p.s[:min(at, len(p.s))]))
}

// Compile reads an expression.
func Compile(expression string, flags int) (*Regexp, error) {
	for {
		p := &parser{s: expression, flags: flags, names: []string{""}, open: map[int]bool{}, global: flags}
		root, err := p.alternatives()
		if err != nil {
			return nil, err
		}
		if p.global&Verbose != 0 && flags&Verbose == 0 {
			flags |= Verbose // what stands in front of (?x) is read again, as Python does
			continue
		}
		if p.i < len(p.s) {
			return nil, p.errorf(p.i, "unbalanced parenthesis")
		}
		if p.highest > p.groups {
			return nil, p.errorf(p.asked, "invalid group reference %d", p.highest)
		}
		for _, n := range p.behind {
			lo, hi := width(n.subs[0])
			if lo != hi {
				return nil, fmt.Errorf("look-behind requires fixed-width pattern")
			}
			n.width = lo
		}
		if p.global&ASCII == 0 {
			p.global |= Unicode
		}
		re := &Regexp{root: root, groups: p.groups, names: p.names, flags: p.global}
		re.prefix = prefixOf(root)
		return re, nil
	}
}

// prefixOf is the text that every match begins with.
func prefixOf(n *node) string {
	var b strings.Builder
	list := []*node{n}
	if n.op == opSequence {
		list = n.subs
	}
	for _, x := range list {
		if x.op != opLiteral || x.fold {
			break
		}
		b.WriteRune(x.char)
	}
	return b.String()
}

func (p *parser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *parser) take(prefix string) bool {
	if strings.HasPrefix(p.s[p.i:], prefix) {
		p.i += len(prefix)
		return true
	}
	return false
}

func (p *parser) alternatives() (*node, error) {
	var list []*node
	for {
		n, err := p.sequence(len(list) == 0)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if !p.take("|") {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return &node{op: opAlternatives, subs: list}, nil
}

func (p *parser) sequence(first bool) (*node, error) {
	flags := p.flags
	var list []*node
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '|' || c == ')' {
			break
		}
		if flags&Verbose != 0 {
			if strings.IndexByte(" \t\n\r\f\v", c) >= 0 {
				p.i++
				continue
			}
			if c == '#' {
				for p.i < len(p.s) && p.s[p.i] != '\n' {
					p.i++
				}
				continue
			}
		}
		at := p.i
		if lo, hi, ok := p.quantifier(); ok {
			if hi >= 0 && hi < lo {
				return nil, p.errorf(at+1, "min repeat greater than max repeat")
			}
			if len(list) == 0 {
				return nil, p.errorf(at, "nothing to repeat")
			}
			last := list[len(list)-1]
			switch last.op {
			case opStart, opEnd, opLineStart, opLineEnd, opDollar, opBoundary, opEmpty:
				return nil, p.errorf(at, "nothing to repeat")
			case opRepeat:
				return nil, p.errorf(at, "multiple repeat")
			}
			r := &node{op: opRepeat, subs: []*node{last}, min: lo, max: hi}
			switch {
			case p.take("?"):
				r.lazy = true
			case p.take("+"):
				r.possessive = true
			}
			list[len(list)-1] = r
			continue
		}
		n, err := p.atom(first && len(list) == 0)
		if err != nil {
			return nil, err
		}
		flags = p.flags
		if n != nil {
			list = append(list, n)
		}
	}
	switch len(list) {
	case 0:
		return &node{op: opEmpty}, nil
	case 1:
		return list[0], nil
	}
	return &node{op: opSequence, subs: list}, nil
}

// quantifier reads *, +, ? and {m,n}; a brace that is none stands for itself.
func (p *parser) quantifier() (lo, hi int, ok bool) {
	switch p.peek() {
	case '*':
		p.i++
		return 0, -1, true
	case '+':
		p.i++
		return 1, -1, true
	case '?':
		p.i++
		return 0, 1, true
	case '{':
	default:
		return 0, 0, false
	}
	j := p.i + 1
	digits := func() string {
		from := j
		for j < len(p.s) && p.s[j] >= '0' && p.s[j] <= '9' {
			j++
		}
		return p.s[from:j]
	}
	a := digits()
	b, comma := a, false
	if j < len(p.s) && p.s[j] == ',' {
		j++
		b, comma = digits(), true
	}
	if j >= len(p.s) || p.s[j] != '}' || a == "" && !comma {
		return 0, 0, false
	}
	lo, _ = strconv.Atoi(a)
	if hi = -1; b != "" {
		hi, _ = strconv.Atoi(b)
	}
	p.i = j + 1
	return lo, hi, true
}

func (p *parser) atom(first bool) (*node, error) {
	at := p.i
	switch c := p.s[p.i]; c {
	case '(':
		return p.group(first)
	case '[':
		return p.class()
	case '.':
		p.i++
		return &node{op: opAny, all: p.flags&DotAll != 0}, nil
	case '^':
		p.i++
		if p.flags&Multiline != 0 {
			return &node{op: opLineStart}, nil
		}
		return &node{op: opStart}, nil
	case '$':
		p.i++
		if p.flags&Multiline != 0 {
			return &node{op: opLineEnd}, nil
		}
		return &node{op: opDollar}, nil
	case '\\':
		return p.escape()
	}
	r, n := utf8.DecodeRuneInString(p.s[at:])
	p.i += n
	return p.literal(r), nil
}

func (p *parser) literal(r rune) *node {
	return &node{op: opLiteral, char: r, fold: p.flags&IgnoreCase != 0, ascii: p.flags&ASCII != 0}
}

// group reads what begins with a parenthesis. It is nil for what stands for nothing: a comment, flags.
func (p *parser) group(first bool) (*node, error) {
	at := p.i
	if p.depth++; p.depth > maxDepth {
		return nil, p.errorf(at, "groups nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	p.i++
	out := &node{op: opSequence}
	capture := false
	name := ""
	outer := p.flags
	switch {
	case !p.take("?"):
		capture = true
	case strings.HasPrefix(p.s[p.i:], "P") && !strings.HasPrefix(p.s[p.i:], "P<") && !strings.HasPrefix(p.s[p.i:], "P="),
		strings.HasPrefix(p.s[p.i:], "<") && !strings.HasPrefix(p.s[p.i:], "<=") && !strings.HasPrefix(p.s[p.i:], "<!"):
		_, n := utf8.DecodeRuneInString(p.s[p.i+1:])
		return nil, p.errorf(at+1, "unknown extension ?%s", p.s[p.i:p.i+1+n])
	case p.take("P<"):
		var err error
		if name, err = p.name(">"); err != nil {
			return nil, err
		}
		capture = true
	case p.take("P="):
		n, err := p.name(")")
		if err != nil {
			return nil, err
		}
		for i, known := range p.names {
			if known == n && i > 0 {
				return p.reference(i, at)
			}
		}
		return nil, p.errorf(at+4, "unknown group name %s", quoted(n))
	case p.take(":"):
	case p.take("#"):
		end := strings.IndexByte(p.s[p.i:], ')')
		if end < 0 {
			return nil, p.errorf(at, "missing ), unterminated comment")
		}
		p.i += end + 1
		return nil, nil
	case p.take("="):
		out = &node{op: opLook}
	case p.take("!"):
		out = &node{op: opLook, negative: true}
	case p.take("<="):
		out = &node{op: opLook, behind: true}
	case p.take("<!"):
		out = &node{op: opLook, behind: true, negative: true}
	case p.take(">"):
		out = &node{op: opAtomic}
	case p.take("("):
		n, err := p.name(")")
		if err != nil {
			return nil, err
		}
		out = &node{op: opCondition, group: -1}
		if v, err := strconv.Atoi(n); err == nil {
			out.group = v
		} else {
			for i, known := range p.names {
				if known == n && i > 0 {
					out.group = i
				}
			}
		}
		if out.group < 0 {
			return nil, p.errorf(at+3, "unknown group name %s", quoted(n))
		}
		if out.group == 0 {
			return nil, p.errorf(at+3, "bad group number")
		}
	default:
		add, drop, scoped, err := p.inlineFlags(at)
		if err != nil {
			return nil, err
		}
		if !scoped {
			if !first || p.depth > 1 {
				return nil, p.errorf(at, "global flags not at the start of the expression")
			}
			p.flags |= add
			p.global |= add
			return nil, nil
		}
		p.flags = p.flags&^drop | add
	}
	number := 0
	if capture {
		p.groups++
		number = p.groups
		for i, known := range p.names {
			if name != "" && known == name {
				return nil, p.errorf(at+4, "redefinition of group name %s as group %d; was group %d", quoted(name), number, i)
			}
		}
		p.names = append(p.names, name)
		p.open[number] = true
	}
	body, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.errorf(at, "missing ), unterminated subpattern")
	}
	p.flags = outer
	switch {
	case capture:
		delete(p.open, number)
		return &node{op: opGroup, group: number, subs: []*node{body}}, nil
	case out.op == opSequence:
		switch body.op {
		case opRepeat, opEmpty, opStart, opEnd, opLineStart, opLineEnd, opDollar, opBoundary:
			return &node{op: opSequence, subs: []*node{body}}, nil // what follows may repeat it, in parentheses
		}
		return body, nil
	case out.op == opCondition:
		if out.group > p.highest {
			p.highest, p.asked = out.group, at+3
		}
		yes, no := body, &node{op: opEmpty}
		if body.op == opAlternatives {
			if len(body.subs) > 2 {
				return nil, p.errorf(p.i-1, "conditional backref with more than two branches")
			}
			yes, no = body.subs[0], body.subs[1]
		}
		out.subs = []*node{yes, no}
		return out, nil
	case out.behind:
		p.behind = append(p.behind, out)
	}
	out.subs = []*node{body}
	return out, nil
}

func quoted(s string) string { return "'" + s + "'" }

func (p *parser) name(end string) (string, error) {
	i := strings.Index(p.s[p.i:], end)
	if i < 0 {
		return "", p.errorf(p.i, "missing %s, unterminated name", end)
	}
	name := p.s[p.i : p.i+i]
	if name == "" {
		return "", p.errorf(p.i, "missing group name")
	}
	for k, r := range name {
		if !isWord(r, false) || k == 0 && r >= '0' && r <= '9' && !allDigits(name) {
			return "", p.errorf(p.i, "bad character in group name %s", quoted(name))
		}
	}
	p.i += i + len(end)
	return name, nil
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// inlineFlags reads (?i), (?i:…) and (?s-i:…), behind the question mark.
func (p *parser) inlineFlags(at int) (add, drop int, scoped bool, err error) {
	to, minus := &add, false
	for ; p.i < len(p.s); p.i++ {
		bit := map[byte]int{'i': IgnoreCase, 'L': Locale, 'm': Multiline, 's': DotAll, 'u': Unicode, 'x': Verbose, 'a': ASCII}[p.s[p.i]]
		switch c := p.s[p.i]; {
		case bit != 0:
			*to |= bit
		case c == '-' && !minus:
			to, minus = &drop, true
		case c == ':':
			p.i++
			return add, drop, true, nil
		case c == ')' && !minus && add != 0:
			p.i++
			return add, drop, false, nil
		default:
			_, n := utf8.DecodeRuneInString(p.s[p.i:])
			return 0, 0, false, p.errorf(at+1, "unknown extension ?%s", p.s[at+2:p.i+n])
		}
	}
	return 0, 0, false, p.errorf(p.i, "missing -, : or )")
}

func (p *parser) reference(group, at int) (*node, error) {
	if group > p.groups {
		return nil, p.errorf(at+1, "invalid group reference %d", group)
	}
	if p.open[group] {
		return nil, p.errorf(at, "cannot refer to an open group")
	}
	return &node{op: opReference, group: group, fold: p.flags&IgnoreCase != 0, ascii: p.flags&ASCII != 0}, nil
}

// escape reads a backslash outside of a class.
func (p *parser) escape() (*node, error) {
	at := p.i
	if p.i+1 >= len(p.s) {
		return nil, p.errorf(at, "bad escape (end of pattern)")
	}
	ascii := p.flags&ASCII != 0
	switch c := p.s[p.i+1]; c {
	case 'A':
		p.i += 2
		return &node{op: opStart}, nil
	case 'Z':
		p.i += 2
		return &node{op: opEnd}, nil
	case 'b', 'B':
		p.i += 2
		return &node{op: opBoundary, negative: c == 'B', ascii: ascii}, nil
	case 'd', 'D', 'w', 'W', 's', 'S':
		p.i += 2
		return &node{op: opSet, set: &set{kinds: []kind{{c | 0x20, c < 'a', ascii}}}}, nil
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		j := p.i + 2
		octal := func(k int) bool { return k < len(p.s) && p.s[k] >= '0' && p.s[k] <= '7' }
		if octal(p.i+1) && octal(j) && octal(j+1) {
			v, _ := strconv.ParseUint(p.s[p.i+1:j+2], 8, 16)
			if v > 0o377 {
				return nil, p.errorf(at, "octal escape value %s outside of range 0-0o377", p.s[p.i:j+2])
			}
			p.i = j + 2
			return p.literal(rune(v)), nil
		}
		if j < len(p.s) && p.s[j] >= '0' && p.s[j] <= '9' {
			j++
		}
		group, _ := strconv.Atoi(p.s[p.i+1 : j])
		p.i = j
		return p.reference(group, at)
	}
	r, err := p.character()
	if err != nil {
		return nil, err
	}
	return p.literal(r), nil
}

// character reads an escape that stands for one character.
func (p *parser) character() (rune, error) {
	at := p.i
	c := p.s[p.i+1]
	if plain := strings.IndexByte("abfnrtv", c); plain >= 0 {
		p.i += 2
		return rune("\a\b\f\n\r\t\v"[plain]), nil
	}
	switch c {
	case 'x', 'u', 'U':
		n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
		end := p.i + 2
		for end < len(p.s) && end < p.i+2+n && strings.IndexByte("0123456789abcdefABCDEF", p.s[end]) >= 0 {
			end++
		}
		if end != p.i+2+n {
			return 0, p.errorf(at, "incomplete escape %s", p.s[at:end])
		}
		v, err := strconv.ParseUint(p.s[p.i+2:end], 16, 32)
		if err != nil || v > utf8.MaxRune {
			return 0, p.errorf(at, "bad escape %s", p.s[at:end])
		}
		p.i = end
		return rune(v), nil
	case '0', '1', '2', '3', '4', '5', '6', '7':
		end := p.i + 2
		for end < len(p.s) && end < p.i+4 && p.s[end] >= '0' && p.s[end] <= '7' {
			end++
		}
		v, _ := strconv.ParseUint(p.s[p.i+1:end], 8, 16)
		if v > 0o377 {
			return 0, p.errorf(at, "octal escape value %s outside of range 0-0o377", p.s[at:end])
		}
		p.i = end
		return rune(v), nil
	}
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '8' || c == '9' {
		return 0, p.errorf(at, "bad escape \\%c", c)
	}
	r, n := utf8.DecodeRuneInString(p.s[p.i+1:])
	p.i += 1 + n
	return r, nil
}

// width is how many characters a node takes at least and at most; a very large number stands for no bound.
func width(n *node) (lo, hi int) {
	const unbounded = 1 << 30
	sum := func(subs []*node) {
		for _, s := range subs {
			a, b := width(s)
			lo, hi = min(lo+a, unbounded), min(hi+b, unbounded)
		}
	}
	switch n.op {
	case opLiteral, opAny, opSet:
		return 1, 1
	case opSequence, opGroup, opAtomic:
		sum(n.subs)
	case opAlternatives, opCondition:
		for i, s := range n.subs {
			a, b := width(s)
			if i == 0 {
				lo, hi = a, b
			}
			lo, hi = min(lo, a), max(hi, b)
		}
	case opRepeat:
		a, b := width(n.subs[0])
		lo = min(a*n.min, unbounded)
		if hi = unbounded; n.max >= 0 {
			hi = min(b*n.max, unbounded)
		}
	case opReference:
		return 0, unbounded
	}
	return lo, hi
}
