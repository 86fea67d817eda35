package yamldoc

import (
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/weft-data/weft/compiler/diag"
)

// mapping fills in the entries of a mapping: merge keys are replaced by what they name, keys that are equal in Python are
// one entry, at the place of the first and with the value of the last. It returns where the last child ends.
func (d *document) mapping(n *Node, y *yaml.Node, depth, end int, size *int) int {
	var merged []Pair
	own := make([]Pair, 0, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		ky, vy := y.Content[i], y.Content[i+1]
		key, s := d.convert(ky, depth+1)
		*size += s
		value, s := d.convert(vy, depth+1)
		*size += s
		end = d.endOf(value, d.endOf(key, end))
		if isMergeKey(ky) {
			merged = d.merge(merged, vy, value)
			continue
		}
		d.refuseSpecial(vy, value)
		if key.Kind == Sequence || key.Kind == Mapping {
			at := key.Span.Start - d.base
			template := at > 0 && strings.HasPrefix(d.text[at-1:], "{{")
			if template {
				at--
			}
			h := d.fail(diag.YAMLKey, at, key.Span.End-d.base, "%s cannot be a key", key.Kind)
			if template {
				h.Hint = "a value that begins with `{{` must be put in quotes"
			}
			panic(halt{*h})
		}
		own = append(own, Pair{Name: keyName(key), Key: key, Value: value})
	}
	if merged == nil {
		n.Pairs = d.unique(own)
		return end
	}
	*size += len(merged)
	if d.aliased += len(merged); d.aliased > MaxAliased {
		d.stop(diag.YAMLLimit, n.Span.Start-d.base, n.Span.Start-d.base, "aliases repeat more than %d values", MaxAliased)
	}
	pairs := keepLast(merged)
	n.Pairs = keepLast(append(pairs, d.unique(own)...))
	return end
}

func isMergeKey(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "<<" && (y.Style == 0 || y.Style&yaml.TaggedStyle != 0 && y.ShortTag() == "!!merge")
}

// merge appends what a merge key brings. Of a list of mappings the first wins, so they are appended from the last.
func (d *document) merge(into []Pair, y *yaml.Node, value *Node) []Pair {
	switch value.Kind {
	case Mapping:
		return append(into, value.Pairs...)
	case Sequence:
		for i := len(value.Items) - 1; i >= 0; i-- {
			if value.Items[i].Kind != Mapping {
				at := value.Items[i].Span
				d.stop(diag.YAMLAlias, at.Start-d.base, at.End-d.base, "expected a mapping for merging, found %s", value.Items[i].Kind)
			}
			into = append(into, value.Items[i].Pairs...)
		}
		return into
	}
	at := d.offset(y)
	d.stop(diag.YAMLAlias, at, at+1, "expected a mapping or a list of mappings for merging, found %s", value.Kind)
	return nil
}

// few is how many keys are compared one by one before a map pays off.
const few = 8

// unique drops the earlier of equal keys, with a warning at the later.
func (d *document) unique(pairs []Pair) []Pair {
	first := firstIndex(pairs)
	if first == nil {
		return pairs
	}
	out := pairs[:0]
	moved := make([]int, len(pairs))
	for i, p := range pairs {
		j := first[i]
		if j == i {
			moved[i] = len(out)
			out = append(out, p)
			continue
		}
		earlier := out[moved[j]].Key.Span
		d.diags = append(d.diags, diag.Diagnostic{Code: diag.YAMLDuplicateKey, Severity: diag.Warning, Deprecation: true, Span: p.Key.Span,
			Detail:  "the key " + strconv.Quote(p.Name) + " stands twice in one mapping, first on line " + strconv.Itoa(earlier.Position().Line) + "; the last one counts",
			Related: []diag.Related{{Span: earlier, Message: "the first one, which has no effect"}}})
		replace(&out[moved[j]], p)
	}
	return out
}

// replace puts a later entry of an equal key: Python keeps the first key (which matters where 1 and True meet).
func replace(old *Pair, p Pair) {
	if old.Name != p.Name {
		p.Name, p.Key = old.Name, old.Key
	}
	*old = p
}

// keepLast is unique without a word, for what merge keys bring.
func keepLast(pairs []Pair) []Pair {
	first := firstIndex(pairs)
	if first == nil {
		return pairs
	}
	out := make([]Pair, 0, len(pairs))
	moved := make([]int, len(pairs))
	for i, p := range pairs {
		if j := first[i]; j != i {
			replace(&out[moved[j]], p)
			continue
		}
		moved[i] = len(out)
		out = append(out, p)
	}
	return out
}

// firstIndex gives for each pair the index of the first with an equal key, or nil if all keys differ.
func firstIndex(pairs []Pair) []int {
	var first []int
	note := func(i, j int) {
		if first == nil {
			first = make([]int, len(pairs))
			for k := range first {
				first[k] = k
			}
		}
		first[i] = first[j]
	}
	if len(pairs) <= few {
		for i := 1; i < len(pairs); i++ {
			for j := range i {
				if sameKey(pairs[i].Key, pairs[j].Key) {
					note(i, j)
					break
				}
			}
		}
		return first
	}
	seen := make(map[string]int, len(pairs))
	for i := range pairs {
		h := hashKey(pairs[i].Key)
		if j, ok := seen[h]; ok {
			note(i, j)
			continue
		}
		seen[h] = i
	}
	return first
}

func sameKey(a, b *Node) bool {
	if a.Kind == String && b.Kind == String {
		return a.Str == b.Str
	}
	return a.Kind != String && b.Kind != String && hashKey(a) == hashKey(b)
}

// hashKey is equal for keys that are equal in Python, where True, 1 and 1.0 are the same key.
func hashKey(n *Node) string {
	switch n.Kind {
	case String:
		return "s" + n.Str
	case Bool:
		if n.Bool {
			return "n1"
		}
		return "n0"
	case Int:
		if n.Big {
			return "n" + n.Str
		}
		return "n" + strconv.FormatInt(n.Int, 10)
	case Float:
		if f := new(big.Float); n.Float == n.Float && n.Float-n.Float == 0 {
			if i, exact := f.SetFloat64(n.Float).Int(nil); exact == big.Exact {
				return "n" + i.String()
			}
		}
		return "f" + strconv.FormatFloat(n.Float, 'g', -1, 64)
	case Date, DateTime:
		return "t" + n.ISOFormat()
	}
	return "-"
}

// keyName is Python's str() of a key.
func keyName(n *Node) string {
	switch n.Kind {
	case Null:
		return "None"
	case Bool:
		if n.Bool {
			return "True"
		}
		return "False"
	case Int:
		if !n.Big {
			return strconv.FormatInt(n.Int, 10)
		}
	case Float:
		return FormatFloat(n.Float)
	case Date, DateTime:
		return strings.Replace(n.ISOFormat(), "T", " ", 1)
	}
	return n.Str
}
