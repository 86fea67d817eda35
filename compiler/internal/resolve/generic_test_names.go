package resolve

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// maxTestName is the length from which the file name and alias of a test are shortened.
const maxTestName = 64

// testNames makes the name of a generic test of its kind, the name of what it tests, and its arguments in the order of their
// names. full goes into the unique id; short, for files and aliases, has a hash instead of its end where full is long.
func testNames(kind, target string, args *jinja.Dict) (short, full string) {
	identifier := kind + "_" + target
	var sb strings.Builder
	sb.WriteString(identifier)
	sb.WriteByte('_')
	keys := make([]string, 0, args.Len())
	for k := range args.Entries {
		if name := jinja.Text(k); name != "model" {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	n := 0
	part := func(v jinja.Value) {
		if n > 0 {
			sb.WriteString("__")
		}
		n++
		writeClean(&sb, jinja.Text(v))
	}
	for _, k := range keys {
		v, _ := args.Get(k)
		switch v := v.(type) {
		case *jinja.Dict:
			for _, x := range v.Entries {
				part(x)
			}
		case *jinja.List:
			for _, x := range v.Items {
				part(x)
			}
		case jinja.Tuple:
			for _, x := range v {
				part(x)
			}
		default:
			part(v)
		}
	}
	full = sb.String()
	if utf8.RuneCountInString(full) < maxTestName {
		return full, full
	}
	sum := md5.Sum([]byte(full))
	head := identifier
	if utf8.RuneCountInString(head) > 30 {
		head = string([]rune(head)[:30])
	}
	return head + "_" + hex.EncodeToString(sum[:]), full
}

// writeClean writes a text with each run of characters that a name cannot have as one underscore.
func writeClean(sb *strings.Builder, s string) {
	gap := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' {
			sb.WriteByte(c)
			gap = false
		} else if !gap {
			sb.WriteByte('_')
			gap = true
		}
	}
}

// testHash is the end of a generic test's unique id: of its name and of Python's repr of its metadata with all mappings sorted
// and all scalars as text.
func testHash(name, test, namespace string, kwargs *jinja.Dict) string {
	var sb strings.Builder
	sb.Grow(512)
	sb.WriteString(name)
	sb.WriteString("{'kwargs': ")
	writeHashable(&sb, kwargs)
	sb.WriteString(", 'name': ")
	writeQuoted(&sb, test)
	sb.WriteString(", 'namespace': ")
	if namespace == "" {
		namespace = "None"
	}
	writeQuoted(&sb, namespace)
	sb.WriteByte('}')
	sum := md5.Sum([]byte(sb.String()))
	return hex.EncodeToString(sum[:])[22:]
}

func writeHashable(sb *strings.Builder, v jinja.Value) {
	switch v := v.(type) {
	case *jinja.Dict:
		type pair struct {
			key   string
			text  bool
			shown jinja.Value
			value jinja.Value
		}
		var room [8]pair
		pairs := room[:0]
		for k, x := range v.Entries {
			s, ok := k.(jinja.Str)
			if !ok {
				s = jinja.Str(jinja.Text(k))
			}
			pairs = append(pairs, pair{string(s), ok, k, x})
		}
		slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
		sb.WriteByte('{')
		for i, p := range pairs {
			if i > 0 {
				sb.WriteString(", ")
			}
			if p.text {
				writeQuoted(sb, p.key)
			} else {
				sb.WriteString(jinja.Repr(p.shown))
			}
			sb.WriteString(": ")
			writeHashable(sb, p.value)
		}
		sb.WriteByte('}')
	case *jinja.List:
		sb.WriteByte('[')
		for i, x := range v.Items {
			if i > 0 {
				sb.WriteString(", ")
			}
			writeHashable(sb, x)
		}
		sb.WriteByte(']')
	case jinja.Str:
		writeQuoted(sb, string(v))
	default:
		writeQuoted(sb, jinja.Text(v))
	}
}

func writeQuoted(sb *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '\'' || c == '\\' {
			sb.WriteString(jinja.Repr(jinja.Str(s)))
			return
		}
	}
	sb.WriteByte('\'')
	sb.WriteString(s)
	sb.WriteByte('\'')
}

func quoted(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '\'' || c == '\\' {
			return jinja.Repr(jinja.Str(s))
		}
	}
	return "'" + s + "'"
}
