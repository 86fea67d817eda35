package jinja

import (
	"strings"
	"unicode/utf8"
)

func stripper(left, right bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		_, mark := c.v.(Markup)
		t, err := strip(s, c.arg(0), left, right)
		return wrap(t, mark), err
	}
}

func strip(s string, chars Value, left, right bool) (string, error) {
	in := isSpace
	if chars != nil && chars != None {
		set, ok := asString(chars)
		if !ok {
			return "", typeErrorf("strip arg must be None or str")
		}
		in = func(r rune) bool { return strings.ContainsRune(set, r) }
	}
	if left {
		s = strings.TrimLeftFunc(s, in)
	}
	if right {
		s = strings.TrimRightFunc(s, in)
	}
	return s, nil
}

// pieces makes the list that a splitting method gives.
func (c *invocation) pieces(parts []string) (Value, error) {
	if err := c.x.charge(len(parts) * itemCost); err != nil {
		return nil, err
	}
	_, mark := c.v.(Markup)
	out := make([]Value, len(parts))
	for i, p := range parts {
		out[i] = wrap(p, mark)
	}
	return &List{out}, nil
}

func (c *invocation) splitArgs() (s, sep string, bySpace bool, limit int, err error) {
	s, _ = asString(c.v)
	if limit, err = c.int(1, -1); err != nil {
		return
	}
	v := c.or(0, None)
	if v == None {
		return s, "", true, limit, nil
	}
	sep, ok := asString(v)
	switch {
	case !ok:
		err = typeErrorf("must be str or None, not %s", v.TypeName())
	case sep == "":
		err = valueErrorf("empty separator")
	}
	return s, sep, false, limit, err
}

func strSplit(c invocation) (Value, error) {
	s, sep, bySpace, limit, err := c.splitArgs()
	if err != nil {
		return nil, err
	}
	if !bySpace {
		if limit >= 0 {
			limit++
		}
		if limit == 0 {
			limit = 1
		}
		return c.pieces(strings.SplitN(s, sep, limit))
	}
	var parts []string
	for s = strings.TrimLeftFunc(s, isSpace); s != ""; s = strings.TrimLeftFunc(s, isSpace) {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 || limit >= 0 && len(parts) >= limit {
			parts = append(parts, s)
			break
		}
		parts = append(parts, s[:end])
		s = s[end:]
	}
	return c.pieces(parts)
}

func strRsplit(c invocation) (Value, error) {
	s, sep, bySpace, limit, err := c.splitArgs()
	if err != nil {
		return nil, err
	}
	if limit < 0 {
		return strSplit(c)
	}
	var parts []string
	if bySpace {
		s = strings.TrimRightFunc(s, isSpace)
	}
	for len(parts) < limit {
		if bySpace {
			i := strings.LastIndexFunc(s, isSpace)
			if s == "" || i < 0 {
				break
			}
			_, n := utf8.DecodeRuneInString(s[i:])
			parts = append(parts, s[i+n:])
			s = strings.TrimRightFunc(s[:i], isSpace)
			continue
		}
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		parts = append(parts, s[i+len(sep):])
		s = s[:i]
	}
	if bySpace && strings.TrimLeftFunc(s, isSpace) == "" {
		s = ""
	}
	if s != "" || !bySpace {
		parts = append(parts, s)
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return c.pieces(parts)
}

// splitLines is str.splitlines.
func splitLines(s string, keep bool) []string {
	var out []string
	for s != "" {
		end, next := len(s), len(s)
		for i, r := range s {
			if r == '\n' || r == '\r' || r == '\v' || r == '\f' || r >= 0x1c && r <= 0x1e || r == 0x85 || r == 0x2028 || r == 0x2029 {
				end, next = i, i+utf8.RuneLen(r)
				if r == '\r' && strings.HasPrefix(s[next:], "\n") {
					next++
				}
				break
			}
		}
		if keep {
			end = next
		}
		out = append(out, s[:end])
		s = s[next:]
	}
	return out
}

func strSplitlines(c invocation) (Value, error) {
	s, _ := asString(c.v)
	return c.pieces(splitLines(s, c.flag(0)))
}

func partition(last bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		s, _ := asString(c.v)
		_, mark := c.v.(Markup)
		sep, ok := asString(c.arg(0))
		if !ok {
			return nil, typeErrorf("must be str, not %s", c.arg(0).TypeName())
		}
		if sep == "" {
			return nil, valueErrorf("empty separator")
		}
		i := strings.Index(s, sep)
		if last {
			i = strings.LastIndex(s, sep)
		}
		parts := [3]string{s, "", ""}
		switch {
		case i >= 0:
			parts = [3]string{s[:i], sep, s[i+len(sep):]}
		case last:
			parts = [3]string{"", "", s}
		}
		return Tuple{wrap(parts[0], mark), wrap(parts[1], mark), wrap(parts[2], mark)}, nil
	}
}

func strCut(c invocation, cut func(s, t string) string) (Value, error) {
	s, _ := asString(c.v)
	_, mark := c.v.(Markup)
	t, ok := asString(c.arg(0))
	if !ok {
		return nil, typeErrorf("%s() argument must be str, not %s", "removeprefix", c.arg(0).TypeName())
	}
	return wrap(cut(s, t), mark), nil
}
