package runner

import (
	"cmp"
	"slices"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// schedule is the order of the steps.
type schedule struct {
	steps    []plan.Step
	children [][]int
	waiting  []int // how many parents have not ended
	level    []int
	skip     []*job // set for steps that will be skipped: what the cause is
	begun    []bool
	at       map[node.ID]int
	ready    []*job
	// units are the unit tests that run together with a step, by the step's place.
	units map[int][]int
	index int
	total int
}

func newSchedule(steps []plan.Step, total int) *schedule {
	s := &schedule{steps: steps, children: make([][]int, len(steps)), waiting: make([]int, len(steps)), level: make([]int, len(steps)),
		skip: make([]*job, len(steps)), begun: make([]bool, len(steps)), at: make(map[node.ID]int, len(steps)), total: total}
	for i := range steps {
		s.at[steps[i].Node] = i
	}
	// A unit test that another step waits for is of that step's model, and runs with it.
	led := make([]bool, len(steps))
	for i := range steps {
		for _, p := range steps[i].Parents {
			if at, ok := s.at[p]; ok && at != i && steps[at].Kind == node.UnitTest {
				if s.units == nil {
					s.units = map[int][]int{}
				}
				s.units[i], led[at] = append(s.units[i], at), true
			}
		}
	}
	var first []int
	for i := range steps {
		if led[i] {
			continue
		}
		for _, p := range steps[i].Parents {
			if at, ok := s.at[p]; ok && at != i && !led[at] {
				s.children[at] = append(s.children[at], i)
				s.waiting[i]++
			}
		}
		if s.waiting[i] == 0 {
			first = append(first, i)
		}
	}
	// Depth is the longest way from a step without parents.
	left, queue := slices.Clone(s.waiting), slices.Clone(first)
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, c := range s.children[i] {
			s.level[c] = max(s.level[c], s.level[i]+1)
			if left[c]--; left[c] == 0 {
				queue = append(queue, c)
			}
		}
	}
	s.push(first)
	return s
}

// push makes steps ready, and numbers them.
func (s *schedule) push(steps []int) {
	slices.SortFunc(steps, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.level[a], s.level[b]), cmp.Compare(s.steps[a].Node, s.steps[b].Node))
	})
	for _, i := range steps {
		j := &job{step: &s.steps[i], total: s.total}
		if cause := s.skip[i]; cause != nil {
			j.skip, j.cause, j.causeMessage = true, cause.cause, cause.causeMessage
		}
		for _, u := range s.units[i] {
			s.index++
			j.before = append(j.before, &job{step: &s.steps[u], total: s.total, index: s.index})
		}
		if !j.step.Silent {
			s.index++
			j.index = s.index
		}
		s.ready = append(s.ready, j)
	}
}

func (s *schedule) next() *job {
	j := s.ready[0]
	s.ready = s.ready[1:]
	s.begun[s.at[j.step.Node]] = true
	for _, u := range j.before {
		s.begun[s.at[u.step.Node]] = true
	}
	return j
}

// ended makes the children of a step ready, or, if it did not end well, marks all its descendants as skipped.
func (s *schedule) ended(j *job, f event.NodeFinished) {
	i := s.at[j.step.Node]
	if (f.Status.Bad() || f.Status == event.Skipped) && !j.step.Continue {
		cause := &job{cause: f.Node}
		if f.Cause != "" {
			cause.cause = f.Cause
		}
		if j.step.Silent {
			cause.causeMessage = f.Message
		}
		s.mark(i, cause)
	}
	var ready []int
	for _, c := range s.children[i] {
		if s.waiting[c]--; s.waiting[c] == 0 {
			ready = append(ready, c)
		}
	}
	s.push(ready)
}

func (s *schedule) mark(i int, cause *job) {
	for _, c := range s.children[i] {
		if s.skip[c] == nil {
			s.skip[c] = cause
			s.mark(c, cause)
		}
	}
}

// left are the steps that were never begun.
func (s *schedule) left() []*plan.Step {
	var out []*plan.Step
	for i := range s.steps {
		if !s.begun[i] {
			out = append(out, &s.steps[i])
		}
	}
	return out
}
