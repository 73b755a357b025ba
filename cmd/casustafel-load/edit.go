package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// Every participant writes two streams of edits: on cards for the whole table,
// and on cards that only some at the table may read.
const (
	shared = iota
	confidential
	streams
)

// edit is the nth of a stream; n counts from 1.
type edit struct {
	author int // place in the room
	stream int
	n      int
}

// streamOf is the stream of a participant's kth edit: every fourth is confidential.
func streamOf(k int) int {
	if k%4 == 0 {
		return confidential
	}
	return shared
}

// What an edit does: of sixteen one puts a new card on the table, four move a
// card to the other of two columns, eleven give it another title.
type deed int

const (
	newCard deed = iota
	moved
	retitled
)

func (e edit) deed() deed {
	switch turn := (e.n + e.author) % 16; {
	case e.n == 1 || turn == 1:
		return newCard
	case turn%4 == 3:
		return moved
	}
	return retitled
}

// titleNumber is the edit that a card's title tells after this one: moving
// leaves the title, and never follows a move.
func (e edit) titleNumber() int {
	if e.deed() == moved {
		return e.n - 1
	}
	return e.n
}

// A title tells whose it is and which edit gave it; the rest is as long as
// titles of real cards are.
const titleFormat = "Edit %03d.%d.%07d: slaapt door sinds de kamer aan de tuin"

var (
	titleStart  = []byte(`"body":"Edit `)
	titleDigits = len(`003.1.0000017`)
)

func (e edit) title() string { return fmt.Sprintf(titleFormat, e.author, e.stream, e.titleNumber()) }

// nextTitle finds the first title in a frame: whose, its number, and where in
// the frame it stands; at is negative when there is none.
//
// Frames are searched, not decoded, so that the clients' share of the machine
// stays small next to the server's. Should their form change, titles are no
// longer found and everything counts as lost.
func nextTitle(frame []byte) (author, stream, number, at int, err error) {
	at = bytes.Index(frame, titleStart)
	if at < 0 {
		return 0, 0, 0, at, nil
	}
	digits := frame[at+len(titleStart):]
	if len(digits) < titleDigits {
		return 0, 0, 0, at, fmt.Errorf("a title is cut off")
	}
	for _, part := range []struct {
		into     *int
		from, to int
	}{{&author, 0, 3}, {&stream, 4, 5}, {&number, 6, titleDigits}} {
		if *part.into, err = strconv.Atoi(string(digits[part.from:part.to])); err != nil {
			return 0, 0, 0, at, fmt.Errorf("a title does not count: %w", err)
		}
	}
	return author, stream, number, at, nil
}
