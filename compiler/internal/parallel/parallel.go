// Package parallel spreads independent work over goroutines in a way that leaves the result in order.
package parallel

import (
	"sync"
	"sync/atomic"
)

// Each calls f for 0 to n-1 on at most workers goroutines. Which goroutine gets which index is open: f must write its result to
// a place of its own.
func Each(n, workers int, f func(i int)) {
	if workers > n {
		workers = n
	}
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}
