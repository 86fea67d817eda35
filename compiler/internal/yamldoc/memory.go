package yamldoc

// Memory is room for one tree at a time, for those who take what they need out of a tree and let it go: reading another file
// overwrites the tree before it, and costs no allocation where the tree is no larger. Strings taken out of a tree stay valid. One
// goroutine uses a Memory at a time; the zero value is ready.
type Memory struct {
	nodes slab[Node]
	items slab[*Node]
	pairs slab[Pair]
	// openItems and openPairs are the stacks of collections that are being read.
	openItems []*Node
	openPairs []Pair
}

func (m *Memory) reset() {
	m.nodes.reset()
	m.items.reset()
	m.pairs.reset()
}

// slab hands out parts of a few large blocks.
type slab[T any] struct {
	blocks      [][]T
	block, used int
}

// take hands out n values with whatever they held before. want is how many will be needed in all, by a rough guess.
func (s *slab[T]) take(n, want int) []T {
	for ; s.block < len(s.blocks); s.block, s.used = s.block+1, 0 {
		if b := s.blocks[s.block]; len(b)-s.used >= n {
			part := b[s.used : s.used+n : s.used+n]
			s.used += n
			return part
		}
	}
	s.blocks = append(s.blocks, make([]T, max(n, 8, min(256, want))))
	s.used = n
	return s.blocks[s.block][:n:n]
}

func (s *slab[T]) reset() { s.block, s.used = 0, 0 }
