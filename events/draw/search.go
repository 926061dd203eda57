package draw

import "slices"

// Seeds of one delegation on lines of their own, and byes, can make it impossible
// to spread every delegation evenly at every level of a bracket. Then splitting
// from the top may not have found the best: single exchanges follow, and small
// brackets are searched whole.

const (
	searchLines = 16      // the largest bracket that is searched
	searchSteps = 400_000 // and after so many entrants tried the search gives up
)

// pairs counts as [Apart] does, for the lines as they are now.
func (s *sheet) pairs() []int {
	for l, i := range s.on {
		if i >= 0 {
			s.ranked[i].Number = l + 1
		}
	}
	return countPairs(Bracket, s.ranked, len(s.on), s.byID)
}

// number gives every delegation with more than one entrant a number from 1, by its
// best rank; the others have nobody to be kept apart from, and 0.
func (s *sheet) number() {
	s.group = make([]int, len(s.ranked))
	members, number := map[string]int{}, map[string]int{}
	for _, of := range s.of {
		members[of]++
	}
	for i, of := range s.of {
		if of == "" || members[of] < 2 {
			continue
		}
		if number[of] == 0 {
			number[of] = len(number) + 1
		}
		s.group[i] = number[of]
	}
}

// least is what no draw can go below: each delegation alone spread over the blocks
// of lines as evenly as their byes allow.
func (s *sheet) least() []int {
	members := map[int]int{}
	for _, g := range s.group {
		if g > 0 {
			members[g]++
		}
	}
	sums := []int{}
	for block := 2; block < len(s.on); block *= 2 {
		sum := 0
		for _, n := range members {
			in := make([]int, len(s.on)/block)
			for range n {
				emptiest := -1
				for b := range in {
					if in[b] < s.room(b*block, block) && (emptiest < 0 || in[b] < in[emptiest]) {
						emptiest = b
					}
				}
				sum += in[emptiest]
				in[emptiest]++
			}
		}
		sums = append(sums, sum)
	}
	return sums
}

// room is how many start in a block of lines.
func (s *sheet) room(from, lines int) (n int) {
	for _, i := range s.on[from : from+lines] {
		if i >= 0 {
			n++
		}
	}
	return n
}

// climb exchanges two of a tier as long as that gives fewer pairs in round 1, or as
// many and fewer by round 2, and so on.
func (s *sheet) climb() {
	if slices.Equal(s.pairs(), s.least()) {
		return
	}
	met := meetings{}
	for l, i := range s.on {
		if i >= 0 {
			met.add(len(s.on), l, s.group[i], 1)
		}
	}
	for again := true; again; {
		again = false
		for a := range s.on {
			for b := range a {
				if s.on[a] >= 0 && s.on[b] >= 0 && s.tier[s.on[a]] == s.tier[s.on[b]] && s.gains(met, a, b) {
					s.on[a], s.on[b] = s.on[b], s.on[a]
					again = true
				}
			}
		}
	}
}

// gains tries an exchange and keeps it in the count if there is less of pairs.
func (s *sheet) gains(met meetings, a, b int) bool {
	x, y, lines := s.group[s.on[a]], s.group[s.on[b]], len(s.on)
	if x == y {
		return false
	}
	turn := func(x, y int) (change levels) { // x leaves line a, y leaves b; then x comes to b, y to a
		away, also := met.add(lines, a, x, -1), met.add(lines, b, y, -1)
		here, there := met.add(lines, b, x, 1), met.add(lines, a, y, 1)
		for l := range change {
			change[l] = here[l] + there[l] - away[l] - also[l]
		}
		return change
	}
	change := turn(x, y)
	for _, n := range change {
		if n < 0 {
			return true
		} else if n > 0 {
			break
		}
	}
	turn(y, x) // back
	return false
}

// meetings counts a delegation's entrants in each block of lines: level 0 are
// blocks of 2, level 1 of 4.
type meetings map[[3]int]int

// levels has a number for each level of the largest bracket, 512 lines.
type levels [8]int

// add puts one of a delegation on a line, or takes one away, and gives for each
// level how many others of it are in the block.
func (m meetings) add(lines, line, group, by int) (others levels) {
	if group == 0 {
		return others
	}
	for level := 0; 2<<level < lines; level++ {
		k := [3]int{level, line >> (level + 1), group}
		n := m[k]
		m[k] = n + by
		others[level] = min(n, n+by)
	}
	return others
}

// search looks at every way to put the delegations on the lines, and takes the
// first that is better than what there is: fewer pairs in round 1, then by round 2
// and so on. It notes whether all were looked at.
func (s *sheet) search() {
	best := s.pairs()
	if len(s.on) > searchLines || slices.Equal(best, s.least()) {
		return
	}
	x := &searcher{sheet: s, best: best, cost: make([]int, len(best)), left: map[[2]int]int{}, met: meetings{}, put: make([]int, len(s.on))}
	for _, i := range s.on {
		if i >= 0 {
			x.left[[2]int{s.tier[i], s.group[i]}]++
		}
	}
	x.line(0)
	s.exhausted = x.steps < searchSteps
	if x.found != nil {
		s.rearrange(x.found)
	}
}

// searcher is a search at work. put and found are delegations by line.
type searcher struct {
	*sheet
	best, cost []int
	left       map[[2]int]int // tier, delegation → who is not on a line yet
	met        meetings       // who is there already
	put, found []int
	steps      int
}

// line tries every delegation on a line and goes on to the next. Pairs never get
// fewer on the way, so what is no better than the best is left at once.
func (x *searcher) line(l int) {
	for l < len(x.on) && x.on[l] < 0 {
		l++
	}
	if l == len(x.on) {
		x.best, x.found = slices.Clone(x.cost), slices.Clone(x.put)
		return
	}
	i := x.on[l]
	for _, g := range x.choices(i) {
		key := [2]int{x.tier[i], g}
		if x.left[key] == 0 {
			continue
		}
		if x.steps++; x.steps >= searchSteps {
			return
		}
		x.left[key]--
		x.put[l] = g
		x.meet(l, g, +1)
		if slices.Compare(x.cost, x.best) < 0 {
			x.line(l + 1)
		}
		x.meet(l, g, -1)
		x.left[key]++
	}
}

// choices are the delegations, the one that is on the line now first.
func (x *searcher) choices(i int) []int {
	most := slices.Max(x.group)
	list := []int{x.group[i]}
	for g := range most + 1 {
		if g != x.group[i] {
			list = append(list, g)
		}
	}
	return list
}

// meet counts one more, or one less, of a delegation on a line.
func (x *searcher) meet(l, g, by int) {
	others := x.met.add(len(x.on), l, g, by)
	for level := range x.cost {
		x.cost[level] += by * others[level]
	}
}

// rearrange puts entrants on the lines that their delegation is to have. Who can
// stay, stays.
func (s *sheet) rearrange(found []int) {
	before := slices.Clone(s.on)
	var moving []int
	for l, i := range before {
		if i >= 0 && s.group[i] != found[l] {
			moving = append(moving, i)
		}
	}
	slices.Sort(moving)
	for l, i := range before {
		if i < 0 || s.group[i] == found[l] {
			continue
		}
		k := slices.IndexFunc(moving, func(m int) bool { return s.group[m] == found[l] && s.tier[m] == s.tier[i] })
		s.on[l] = moving[k]
		moving = slices.Delete(moving, k, k+1)
	}
}
