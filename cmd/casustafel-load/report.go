package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report gathers the figures of all rounds.
type report struct {
	servers []*server
	lines   []*line
}

// line is one figure of one part.
type line struct {
	part, name string
	values     map[string][]float64 // by server, one a round
}

func newReport(servers []*server) *report { return &report{servers: servers} }

func (r *report) add(part, server string, all figures) {
	for _, f := range all {
		i := slices.IndexFunc(r.lines, func(l *line) bool { return l.part == part && l.name == f.name })
		if i < 0 {
			i = len(r.lines)
			r.lines = append(r.lines, &line{part, f.name, map[string][]float64{}})
		}
		r.lines[i].values[server] = append(r.lines[i].values[server], f.value)
	}
}

// write writes the table: medians with least and most, and Casustafel's ratios
// to both references, each of the values of one round.
func (r *report) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "part\tfigure")
	for _, s := range r.servers {
		fmt.Fprintf(w, "\t%s", s.name)
	}
	fmt.Fprintf(w, "\tto %s\tto %s\n", bareReference, committing)
	for _, l := range r.lines {
		fmt.Fprintf(w, "%s\t%s", l.part, l.name)
		for _, s := range r.servers {
			fmt.Fprintf(w, "\t%s", spread(l.values[s.name], ""))
		}
		fmt.Fprintf(w, "\t%s\t%s\n", spread(l.ratios(bareReference), "x"), spread(l.ratios(committing), "x"))
	}
	return w.Flush()
}

// ratios of Casustafel to a reference, round by round.
func (l *line) ratios(reference string) []float64 {
	var all []float64
	for i, v := range l.values[reference] {
		if v > 0 {
			all = append(all, l.values[casustafel][i]/v)
		}
	}
	return all
}

// spread is the median, with the least and the most.
func spread(values []float64, unit string) string {
	if len(values) == 0 {
		return "-"
	}
	sorted := slices.Sorted(slices.Values(values))
	median := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		median = (median + sorted[len(sorted)/2-1]) / 2
	}
	return fmt.Sprintf("%s%s (%s-%s)", short(median), unit, short(sorted[0]), short(sorted[len(sorted)-1]))
}

func short(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
