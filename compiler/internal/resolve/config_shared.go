package resolve

import (
	"strconv"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Nodes of a folder that say the same in their properties and config() calls have the same config. As with folders, one state and
// one finished mapping stand for all of them: a large project has thousands of models that say no more than `materialized='table'`.

// stateKey is everything that a state is made of: the folders' configs, and what the node itself says, written down.
type stateKey struct {
	own, over *folderConfig
	text      string
}

// shared gives the state that nodes with this key share, and makes it of build when it is asked for a second time: what only one node
// says is its own. A state with problems is never shared, because each of its nodes has to report them.
func (c *configs) shared(own, over *folderConfig, patch, calls *jinja.Dict, build func() (*state, []configProblem)) (*state, []configProblem) {
	var room [256]byte
	text, plain := appendKey(room[:0], patch, 0)
	if plain {
		text, plain = appendKey(text, calls, 0)
	}
	if !plain {
		return build()
	}
	key := stateKey{own, over, string(text)}
	c.mu.Lock()
	s, seen := c.states[key]
	if !seen {
		c.states[key] = nil
	}
	c.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s, problems := build()
	if !seen || len(problems) > 0 {
		return s, problems
	}
	if _, bad := s.clone().finish(); len(bad) > 0 {
		return s, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if first := c.states[key]; first != nil {
		return first, nil
	}
	c.states[key] = s
	return s, nil
}

// keyDepth is how deep values may be nested that are written down as keys.
const keyDepth = 8

// appendKey writes a value down so that only equal values of equal types read the same; false: it has parts that cannot be.
func appendKey(b []byte, v jinja.Value, depth int) ([]byte, bool) {
	if depth > keyDepth {
		return b, false
	}
	ok := true
	switch v := v.(type) {
	case jinja.Str:
		b = append(strconv.AppendInt(append(b, 's'), int64(len(v)), 10), ':')
		b = append(b, v...)
	case jinja.Int:
		b = append(strconv.AppendInt(append(b, 'i'), int64(v), 10), ';')
	case jinja.Bool:
		b = append(strconv.AppendBool(b, bool(v)), ';')
	case jinja.NoneType:
		b = append(b, 'n')
	case *jinja.List:
		b = append(b, '[')
		for _, x := range v.Items {
			if b, ok = appendKey(b, x, depth+1); !ok {
				return b, false
			}
		}
		b = append(b, ']')
	case *jinja.Dict:
		b = append(b, '{')
		if v == nil {
			return append(b, '}'), true
		}
		for k, x := range v.Entries {
			if b, ok = appendKey(b, k, depth+1); !ok {
				return b, false
			}
			if b, ok = appendKey(b, x, depth+1); !ok {
				return b, false
			}
		}
		b = append(b, '}')
	default:
		return b, false
	}
	return b, true
}
