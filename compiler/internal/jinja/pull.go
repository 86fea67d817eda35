package jinja

// Pull begins an iteration over a value, as Python's iter() does, for the functions of a host: next gives the items one by one,
// as often as it is asked. Each item counts as a step of the call's thread.
func Pull(c *Call, v Value) (next func() (Value, bool, error), err error) {
	th := c.Thread
	if th == nil {
		th = &Thread{}
	}
	th.start()
	x := &exec{th: th}
	it, err := x.iterate(v)
	if err != nil {
		return nil, err
	}
	return func() (Value, bool, error) {
		if err := x.charge(1); err != nil {
			return nil, false, err
		}
		return it.next()
	}, nil
}
