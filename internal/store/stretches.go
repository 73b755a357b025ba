package store

// stretchDays is how far from the place where reading begins each stretch ends.
var stretchDays = []int{31, 124, 496}

// stretches cut what is asked for into periods, the one to be read first in front. Each
// month of the log that a query may look into costs it, whatever is there: so a page of
// what is often is read from its last month alone, and what is seldom is looked for
// further and further away.
func (v Review) stretches() (list []Review) {
	near := v.After.At
	if v.Newer && near.Before(v.From) || !v.Newer && !v.Until.IsZero() && (near.IsZero() || near.After(v.Until)) {
		if near = v.Until; v.Newer {
			near = v.From
		}
	}
	if near.IsZero() {
		near = v.Now
	}
	rest := v
	for _, days := range stretchDays {
		if near.IsZero() {
			break
		}
		next := rest
		if v.Newer {
			end := near.AddDate(0, 0, days)
			if !v.Until.IsZero() && !end.Before(v.Until) || !v.Now.IsZero() && end.After(v.Now) {
				break
			}
			next.Until, rest.From = end, end
		} else {
			begin := near.AddDate(0, 0, -days)
			if !begin.After(v.From) {
				break
			}
			next.From, rest.Until = begin, begin
		}
		list = append(list, next)
	}
	return append(list, rest)
}
