package jinja

import (
	"fmt"
	"testing"
)

// TestDict runs a dict of many entries against a plain model of it.
func TestDict(t *testing.T) {
	d := NewDict(0)
	var order []int
	has := map[int]int{}
	seed := uint32(1)
	next := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	for step := range 20000 {
		k := next(60)
		key := Value(Int(k))
		if next(2) == 0 {
			key = Float(k) // the same key
		}
		switch next(3) {
		case 0, 1:
			if _, ok := has[k]; !ok {
				order = append(order, k)
			}
			has[k] = step
			if err := d.Store(key, Int(step)); err != nil {
				t.Fatal(err)
			}
		case 2:
			if _, ok := has[k]; ok {
				delete(has, k)
				for i, o := range order {
					if o == k {
						order = append(order[:i:i], order[i+1:]...)
						break
					}
				}
			}
			if err := d.Remove(key); err != nil {
				t.Fatal(err)
			}
		}
		if d.Len() != len(has) {
			t.Fatalf("step %d: %d entries, want %d", step, d.Len(), len(has))
		}
		v, ok, _ := d.Lookup(Int(k))
		if want, there := has[k]; ok != there || ok && v != Int(want) {
			t.Fatalf("step %d: key %d is %v, %v", step, k, v, ok)
		}
		if step%500 == 0 {
			var got []int
			for k := range d.Copy().Entries {
				f, _, _ := asFloat(k)
				got = append(got, int(f))
			}
			if fmt.Sprint(got) != fmt.Sprint(order) && len(order) > 0 {
				t.Fatalf("step %d: order %v, want %v", step, got, order)
			}
		}
	}
}

// TestDeepCopy checks that a copy shares no list or dict with its original, and keeps sharing and cycles.
func TestDeepCopy(t *testing.T) {
	l := NewList(Int(1))
	d := NewDict(0)
	d.Set("a", l)
	d.Set("b", Tuple{l})
	d.Set("self", d)
	c := d.DeepCopy()
	l.Items[0] = Int(9)
	a, _ := c.Get("a")
	b, _ := c.Get("b")
	self, _ := c.Get("self")
	if Repr(a) != "[1]" || b.(Tuple)[0] != a || self != Value(c) {
		t.Errorf("%s", Repr(c))
	}
}
