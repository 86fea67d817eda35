package glue

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// filter compiles the Expression of GetPartitions: SQL comparisons of partition keys with literals (=, <>, !=, <, <=, >, >=, IN,
// BETWEEN, LIKE, IS NULL), AND, OR, NOT, parentheses. Integer keys compare as numbers, all others as texts, as Glue documents it.
func (t *table) filter(expression string) (func([]string) bool, *wire.Error) {
	p := exprParser{tokens: exprTokens.FindAllString(expression, -1), keys: map[string]int{}, numeric: map[int]bool{}}
	if strings.TrimSpace(strings.Join(p.tokens, "")) == "" {
		return func([]string) bool { return true }, nil
	}
	keys, _ := t.doc["PartitionKeys"].([]any)
	for i, k := range keys {
		k := k.(map[string]any)
		p.keys[strings.ToLower(k["Name"].(string))] = i
		typ, _ := k["Type"].(string)
		switch strings.ToLower(typ) {
		case "int", "bigint", "smallint", "tinyint", "long", "integer":
			p.numeric[i] = true
		}
	}
	e := p.or()
	if p.failed != "" || p.at < len(p.tokens) {
		return nil, wire.Errorf("InvalidInputException", "Unsupported expression '%s' %s", expression, p.failed)
	}
	return e, nil
}

var exprTokens = regexp.MustCompile(`'(?:[^']|'')*'|"[^"]*"|` + "`[^`]*`" + `|<=|>=|<>|!=|[=<>(),]|[A-Za-z_][\w$]*|-?\d+(?:\.\d+)?|\S`)

type exprParser struct {
	tokens  []string
	at      int
	keys    map[string]int
	numeric map[int]bool
	failed  string
}

type condition = func([]string) bool

func (p *exprParser) peek() string {
	if p.at < len(p.tokens) {
		return strings.ToUpper(p.tokens[p.at])
	}
	return ""
}

func (p *exprParser) take(word string) bool {
	if p.peek() == word {
		p.at++
		return true
	}
	return false
}

func (p *exprParser) need(word string) {
	if !p.take(word) && p.failed == "" {
		p.failed = "expected " + word + ", found " + p.peek()
	}
}

func (p *exprParser) or() condition {
	left := p.and()
	for p.failed == "" && p.take("OR") {
		l, r := left, p.and()
		left = func(v []string) bool { return l(v) || r(v) }
	}
	return left
}

func (p *exprParser) and() condition {
	left := p.not()
	for p.failed == "" && p.take("AND") {
		l, r := left, p.not()
		left = func(v []string) bool { return l(v) && r(v) }
	}
	return left
}

func (p *exprParser) not() condition {
	if p.take("NOT") {
		c := p.not()
		return func(v []string) bool { return !c(v) }
	}
	if p.take("(") {
		c := p.or()
		p.need(")")
		return c
	}
	return p.comparison()
}

// defaultPartition is the value that Hive writes for null.
const defaultPartition = "__HIVE_DEFAULT_PARTITION__"

func (p *exprParser) comparison() condition {
	never := func([]string) bool { return false }
	if p.at >= len(p.tokens) {
		p.failed = "ends too early"
		return never
	}
	name := strings.ToLower(strings.Trim(p.tokens[p.at], "\"`"))
	key, ok := p.keys[name]
	if !ok {
		p.failed = "unknown partition key " + p.tokens[p.at]
		return never
	}
	p.at++
	negated := p.take("NOT")
	var c condition
	switch op := p.peek(); op {
	case "=", "<>", "!=", "<", "<=", ">", ">=":
		p.at++
		lit := p.literal()
		c = func(v []string) bool { return holds(op, p.compare(key, v[key], lit)) }
	case "IN":
		p.at++
		p.need("(")
		list := []string{p.literal()}
		for p.failed == "" && p.take(",") {
			list = append(list, p.literal())
		}
		p.need(")")
		c = func(v []string) bool {
			for _, l := range list {
				if p.compare(key, v[key], l) == 0 {
					return true
				}
			}
			return false
		}
	case "BETWEEN":
		p.at++
		low := p.literal()
		p.need("AND")
		high := p.literal()
		c = func(v []string) bool { return p.compare(key, v[key], low) >= 0 && p.compare(key, v[key], high) <= 0 }
	case "LIKE":
		p.at++
		like := regexp.QuoteMeta(p.literal())
		re := regexp.MustCompile("(?s)^" + strings.NewReplacer("%", ".*", "_", ".").Replace(like) + "$")
		c = func(v []string) bool { return re.MatchString(v[key]) }
	case "IS":
		p.at++
		not := p.take("NOT")
		p.need("NULL")
		c = func(v []string) bool { return (v[key] == defaultPartition) != not }
	default:
		p.failed = "expected a comparison, found " + op
		return never
	}
	if negated {
		inner := c
		return func(v []string) bool { return !inner(v) }
	}
	return c
}

func (p *exprParser) literal() string {
	if p.at >= len(p.tokens) {
		p.failed = "ends too early"
		return ""
	}
	t := p.tokens[p.at]
	p.at++
	// DATE '2024-01-01' and TIMESTAMP '…' are their texts.
	if u := strings.ToUpper(t); (u == "DATE" || u == "TIMESTAMP") && p.at < len(p.tokens) {
		t = p.tokens[p.at]
		p.at++
	}
	if strings.HasPrefix(t, "'") && len(t) >= 2 {
		return strings.ReplaceAll(t[1:len(t)-1], "''", "'")
	}
	if _, err := strconv.ParseFloat(t, 64); err != nil {
		p.failed = "expected a literal, found " + t
	}
	return t
}

func (p *exprParser) compare(key int, a, b string) int {
	if p.numeric[key] {
		x, errx := strconv.ParseInt(a, 10, 64)
		y, erry := strconv.ParseInt(b, 10, 64)
		if errx == nil && erry == nil {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	}
	return strings.Compare(a, b)
}

func holds(op string, c int) bool {
	switch op {
	case "=":
		return c == 0
	case "<>", "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}
