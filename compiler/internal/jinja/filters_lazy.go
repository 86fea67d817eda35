package jinja

// generate makes the generator of a lazy filter. begin runs when the first item is asked for.
func generate(c *invocation, begin func() (func() (Value, bool, error), error)) (Value, error) {
	depth := 1
	if source, ok := c.v.(*Generator); ok {
		if depth = source.depth + 1; depth > maxRepr {
			return nil, limitErrorf("maximum recursion depth exceeded: a generator draws from %d others", source.depth)
		}
	}
	var next func() (Value, bool, error)
	done := false
	return &Generator{name: "generator", depth: depth, it: nextFunc(func() (Value, bool, error) {
		if done {
			return nil, false, nil
		}
		if next == nil {
			var err error
			if next, err = begin(); err != nil {
				done = true
				return nil, false, err
			}
		}
		v, ok, err := next()
		done = !ok || err != nil
		return v, ok, err
	})}, nil
}

func filterBatch(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		ended := false
		var ahead Value
		return func() (Value, bool, error) {
			var row []Value
			if ahead != nil {
				row, ahead = append(row, ahead), nil
			}
			for !ended {
				v, ok, err := it.next()
				if err == nil {
					err = c.x.charge(1)
				}
				if err != nil {
					return nil, false, err
				}
				if !ok {
					ended = true
					break
				}
				if Equal(Int(len(row)), c.arg(0)) {
					ahead = v
					return &List{row}, true, nil
				}
				row = append(row, v)
			}
			if len(row) == 0 {
				return nil, false, nil
			}
			if fill := c.or(1, None); fill != None {
				less, err := c.x.compare(OpLt, Int(len(row)), c.arg(0))
				if err != nil {
					return nil, false, err
				}
				if less {
					n, err := needInt(c.arg(0))
					if err != nil {
						return nil, false, err
					}
					if err := c.x.charge(n); err != nil {
						return nil, false, err
					}
					for len(row) < n {
						row = append(row, fill)
					}
				}
			}
			return &List{row}, true, nil
		}, nil
	})
}

func filterSlice(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		seq, err := c.x.collect(c.v)
		if err != nil {
			return nil, err
		}
		slices, err := needInt(c.arg(0))
		if err != nil {
			return nil, err
		}
		if slices == 0 {
			return nil, &pyError{zeroDivision, "integer division or modulo by zero"}
		}
		per, extra := 0, 0
		if slices > 0 {
			per, extra = len(seq)/slices, len(seq)%slices
		}
		offset, n := 0, 0
		return func() (Value, bool, error) {
			if n >= slices {
				return nil, false, nil
			}
			if err := c.x.charge((1 + per) * itemCost); err != nil {
				return nil, false, err
			}
			start := offset + n*per
			if n < extra {
				offset++
			}
			end := offset + (n+1)*per
			row := append([]Value(nil), seq[start:end]...)
			if fill := c.or(1, None); fill != None && n >= extra {
				row = append(row, fill)
			}
			n++
			return &List{row}, true, nil
		}, nil
	})
}

func filterItems(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		switch v := c.v.(type) {
		case *Undefined:
			return (&sliceIterator{}).next, nil
		case *Dict:
			return (&dictIterator{d: v, kind: viewItems, live: v.live}).next, nil
		}
		if entries, ok := entriesOf(c.v); ok {
			var pairs []Value
			for k, val := range entries {
				pairs = append(pairs, Tuple{k, val})
			}
			return (&sliceIterator{items: pairs}).next, nil
		}
		return nil, typeErrorf("Can only get item pairs from a mapping.")
	})
}

// callFilter applies a filter by name.
func (x *exec) callFilter(name, v Value, args []Value, kwargs []Kwarg) (Value, error) {
	s, ok := asString(name)
	if ok && x.tmpl != nil {
		if host := x.tmpl.opts.Filters[s]; host != nil {
			return x.call(host, append([]Value{v}, args...), kwargs, x.tmpl.span)
		}
		if b := x.lang.filters[s]; b != nil {
			return b.invoke(invocation{x: x, v: v}, args, kwargs)
		}
	}
	return nil, &pyError{filterError, "No filter named " + Repr(name) + "."}
}

func (x *exec) callTest(name, v Value, args []Value, kwargs []Kwarg) (bool, error) {
	s, ok := asString(name)
	if ok && x.tmpl != nil {
		if host := x.tmpl.opts.Tests[s]; host != nil {
			v, err := x.call(host, append([]Value{v}, args...), kwargs, x.tmpl.span)
			return err == nil && Truth(v), err
		}
		if b := x.lang.tests[s]; b != nil {
			v, err := b.invoke(invocation{x: x, v: v}, args, kwargs)
			return err == nil && Truth(v), err
		}
	}
	return false, &pyError{filterError, "No test named " + Repr(name) + "."}
}

func filterMap(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		if !Truth(c.v) {
			return (&sliceIterator{}).next, nil
		}
		var apply func(Value) (Value, error)
		if len(c.extra) == 0 && hasKey(c.kwargs, "attribute") {
			var attribute, fallback Value
			for _, k := range c.kwargs {
				switch k.Name {
				case "attribute":
					attribute = k.Value
				case "default":
					fallback = k.Value
				default:
					return nil, typeErrorf("Unexpected keyword argument %s", quote(k.Name))
				}
			}
			apply = c.x.getter(attribute, false, fallback).get
		} else {
			if len(c.extra) == 0 {
				return nil, typeErrorf("map requires a filter argument")
			}
			apply = func(v Value) (Value, error) { return c.x.callFilter(c.extra[0], v, c.extra[1:], c.kwargs) }
		}
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		return func() (Value, bool, error) {
			v, ok, err := it.next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := c.x.charge(1); err != nil {
				return nil, false, err
			}
			v, err = apply(v)
			return v, err == nil, err
		}, nil
	})
}

func hasKey(kwargs []Kwarg, name string) bool {
	for _, k := range kwargs {
		if k.Name == name {
			return true
		}
	}
	return false
}

// selector is select, reject and their variants on an attribute.
func selector(keep, byAttr bool) func(invocation) (Value, error) {
	return func(c invocation) (Value, error) {
		return generate(&c, func() (func() (Value, bool, error), error) {
			if !Truth(c.v) {
				return (&sliceIterator{}).next, nil
			}
			args := c.extra
			var attribute *getter
			if byAttr {
				if len(args) == 0 {
					return nil, typeErrorf("Missing parameter for attribute name")
				}
				attribute = c.x.getter(args[0], false, nil)
				args = args[1:]
			}
			it, err := c.x.iterate(c.v)
			if err != nil {
				return nil, err
			}
			return func() (Value, bool, error) {
				for {
					item, ok, err := it.next()
					if err != nil || !ok {
						return nil, false, err
					}
					if err := c.x.charge(1); err != nil {
						return nil, false, err
					}
					v := item
					if attribute != nil {
						if v, err = attribute.get(item); err != nil {
							return nil, false, err
						}
					}
					pass := false
					if len(args) > 0 {
						if pass, err = c.x.callTest(args[0], v, args[1:], c.kwargs); err != nil {
							return nil, false, err
						}
					} else {
						pass = Truth(v)
					}
					if pass == keep {
						return item, true, nil
					}
				}
			}, nil
		})
	}
}

func filterUnique(c invocation) (Value, error) {
	return generate(&c, func() (func() (Value, bool, error), error) {
		get := c.x.getter(c.arg(1), !c.flag(0), nil)
		it, err := c.x.iterate(c.v)
		if err != nil {
			return nil, err
		}
		seen := &Dict{}
		return func() (Value, bool, error) {
			for {
				v, ok, err := it.next()
				if err == nil {
					err = c.x.charge(1)
				}
				if err != nil || !ok {
					return nil, false, err
				}
				k, err := get.get(v)
				if err != nil {
					return nil, false, err
				}
				_, known, err := seen.Lookup(k)
				if err != nil {
					return nil, false, err
				}
				if !known {
					_ = seen.Store(k, None) // Lookup has shown that it can be hashed
					return v, true, nil
				}
			}
		}, nil
	})
}
