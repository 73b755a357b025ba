package note

import "slices"

// A step on the way from one list of words to another.
type step int

const (
	alike step = iota
	dropped
	added
)

// farthest bounds how many words two lists may differ in to be compared word by
// word.
const farthest = 500

// shortest finds a shortest way from one list of words to another (Myers, An
// O(ND) Difference Algorithm); not when they are too far apart.
func shortest(was, now []string) ([]step, bool) {
	var rounds []round
	for d := 0; d <= farthest; d++ {
		this := make(round, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x, _ := start(rounds, d, k)
			for x < len(was) && x-k < len(now) && was[x] == now[x-k] {
				x++
			}
			this[k+d] = x
			if x >= len(was) && x-k >= len(now) {
				return wayBack(append(rounds, this), len(was), len(now)), true
			}
		}
		rounds = append(rounds, this)
	}
	return nil, false
}

// round is how far one gets with d words that differ: for each diagonal from -d to
// d how many of the first list are behind.
type round []int

// start is where round d goes on from on a diagonal, and by which step.
func start(rounds []round, d, k int) (x int, by step) {
	if d == 0 {
		return 0, alike
	}
	before := rounds[d-1]
	at := func(k int) int { return before[k+d-1] }
	if k == -d || k != d && at(k-1) < at(k+1) {
		return at(k + 1), added
	}
	return at(k-1) + 1, dropped
}

// wayBack reads the steps from the end.
func wayBack(rounds []round, x, y int) []step {
	var steps []step
	for d := len(rounds) - 1; d >= 0; d-- {
		from, by := start(rounds, d, x-y)
		for ; x > from; x, y = x-1, y-1 {
			steps = append(steps, alike)
		}
		switch by {
		case added:
			steps, y = append(steps, added), y-1
		case dropped:
			steps, x = append(steps, dropped), x-1
		}
	}
	slices.Reverse(steps)
	return steps
}
