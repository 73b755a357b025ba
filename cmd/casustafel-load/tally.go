package main

import "fmt"

// tally counts what one participant received. Every author's edits of a stream
// must come one after the other, none missing and none twice.
type tally struct {
	last [][streams]int // by author
}

func newTally(authors int) tally { return tally{last: make([][streams]int, authors)} }

// count takes a card that came with a title's number and tells which edit it is.
func (t *tally) count(author, stream, number int) (edit, error) {
	if author < 0 || author >= len(t.last) || stream < 0 || stream >= streams {
		return edit{}, fmt.Errorf("an edit of author %d, stream %d, whom nobody knows", author, stream)
	}
	e := edit{author, stream, t.last[author][stream] + 1}
	if want := e.titleNumber(); number != want {
		return e, fmt.Errorf("author %d, stream %d: title %d came where %d was due: an edit was lost, doubled or out of order", author, stream, number, want)
	}
	t.last[author][stream] = e.n
	return e, nil
}
