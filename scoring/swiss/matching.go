package swiss

// graph says who may still meet whom.
type graph [][]bool

// grow makes a matching as large as it can be among the vertices that are in,
// starting from the one given (mate[v] is v's partner or -1), and returns how
// many are left alone. Edmonds' blossom algorithm, each search O(n²) to O(n³):
// an odd circle met on the way is drawn together to its base.
func (g graph) grow(mate []int, in []bool) (alone int) {
	for v := range g {
		if !in[v] || mate[v] >= 0 {
			continue
		}
		s := newSearch(g, mate, in)
		if end := s.from(v); end >= 0 {
			s.turn(end)
		} else {
			alone++
		}
	}
	return alone
}

// search looks for a path that begins and ends alone and changes sides at
// every step.
type search struct {
	g       graph
	mate    []int
	in      []bool
	parent  []int
	base    []int
	reached []bool
	queue   []int
}

func newSearch(g graph, mate []int, in []bool) *search {
	s := &search{g: g, mate: mate, in: in, parent: make([]int, len(g)), base: make([]int, len(g)), reached: make([]bool, len(g))}
	for i := range g {
		s.parent[i], s.base[i] = -1, i
	}
	return s
}

// from returns the other end of such a path, or -1.
func (s *search) from(root int) int {
	s.reached[root] = true
	s.queue = append(s.queue, root)
	for len(s.queue) > 0 {
		v := s.queue[0]
		s.queue = s.queue[1:]
		for to := range s.g {
			if !s.in[to] || !s.g[v][to] || s.base[v] == s.base[to] || s.mate[v] == to {
				continue
			}
			switch {
			case to == root || s.mate[to] >= 0 && s.parent[s.mate[to]] >= 0:
				s.contract(v, to)
			case s.parent[to] < 0:
				s.parent[to] = v
				if s.mate[to] < 0 {
					return to
				}
				s.reached[s.mate[to]] = true
				s.queue = append(s.queue, s.mate[to])
			}
		}
	}
	return -1
}

// contract draws the odd circle through v and to together.
func (s *search) contract(v, to int) {
	base := s.common(v, to)
	inside := make([]bool, len(s.g))
	s.mark(inside, v, base, to)
	s.mark(inside, to, base, v)
	for i := range s.g {
		if !inside[s.base[i]] {
			continue
		}
		s.base[i] = base
		if !s.reached[i] {
			s.reached[i] = true
			s.queue = append(s.queue, i)
		}
	}
}

// common is where the ways back from both meet.
func (s *search) common(a, b int) int {
	seen := make([]bool, len(s.g))
	for {
		a = s.base[a]
		seen[a] = true
		if s.mate[a] < 0 {
			break
		}
		a = s.parent[s.mate[a]]
	}
	for {
		b = s.base[b]
		if seen[b] {
			return b
		}
		b = s.parent[s.mate[b]]
	}
}

func (s *search) mark(inside []bool, v, base, child int) {
	for s.base[v] != base {
		inside[s.base[v]] = true
		inside[s.base[s.mate[v]]] = true
		s.parent[v] = child
		child = s.mate[v]
		v = s.parent[child]
	}
}

// turn changes the sides along the path that ends at v.
func (s *search) turn(v int) {
	for v >= 0 {
		before := s.parent[v]
		next := s.mate[before]
		s.mate[v], s.mate[before] = before, v
		v = next
	}
}
