package jinja

// int gives an argument as a machine integer; ok=false if it was not given or is none.
func (c *invocation) int(i int, missing int) (int, error) {
	v := c.arg(i)
	if v == nil {
		return missing, nil
	}
	return needInt(v)
}

func needInt(v Value) (int, error) {
	n, big, ok := asInt(v)
	switch {
	case !ok:
		return 0, typeErrorf("'%s' object cannot be interpreted as an integer", v.TypeName())
	case big != nil:
		return 0, &pyError{overflowError, "Python int too large to convert to C ssize_t"}
	}
	return int(n), nil
}

// str gives an argument that must be a str.
func (c *invocation) str(i int) (string, error) {
	v := c.arg(i)
	if s, ok := asString(v); ok {
		return s, nil
	}
	return "", typeErrorf("%s() argument %d must be str, not %s", "method", i+1, v.TypeName())
}

// text is str() of the value a filter works on.
func (c *invocation) text() (string, error) { return textOf(c.v) }

// soft is the value's own text if it is a str, else str() of it; mark says that it is Markup.
func (c *invocation) soft() (s string, mark bool, err error) {
	_, mark = c.v.(Markup)
	s, err = textOf(c.v)
	return s, mark, err
}

// wrap makes the result Markup where the value was.
func wrap(s string, mark bool) Value {
	if mark {
		return Markup(s)
	}
	return boxString(s)
}

// flag is the truth of an optional argument.
func (c *invocation) flag(i int) bool {
	v := c.arg(i)
	return v != nil && Truth(v)
}
