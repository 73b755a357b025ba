package note

// Map gives these changes as they are after over, which is of the same text. Where
// both insert at one spot, what over inserts comes first, unless before is set.
func (c Changes) Map(over Changes, before bool) (Changes, error) {
	if c.Before() != over.Before() {
		return Changes{}, ErrLength
	}
	if over.Empty() {
		return c, nil
	}
	b := builder{sections: make([]section, 0, len(c.sections)+len(over.sections))}
	mine, theirs := walkAlong(c), walkAlong(over)
	// inserted is the last section of mine whose text was put in: such a section may
	// go piece by piece, its text goes once.
	for inserted := 0; ; {
		switch {
		case mine.done() && theirs.done():
			return Changes{sections: b.sections, text: c.text}, nil
		case mine.ins == keep && theirs.ins == keep:
			n := min(mine.del, theirs.del)
			b.add(n, keep, false)
			mine.forward(n)
			theirs.forward(n)
		case theirs.ins >= 0 && (mine.ins < 0 || inserted == mine.next ||
			mine.off == 0 && (theirs.del < mine.del || theirs.del == mine.del && !before)):
			inserted = b.over(&mine, &theirs, inserted)
		case mine.ins >= 0:
			inserted = b.upTo(&mine, &theirs, inserted)
		default:
			return Changes{}, ErrLength
		}
	}
}

// over adds a change of theirs that comes before the next of mine, as kept, with
// what of mine lies within.
func (b *builder) over(mine, theirs *walk, inserted int) int {
	b.add(theirs.ins, keep, false)
	for left := theirs.del; left > 0; {
		piece := min(mine.del, left)
		if mine.ins >= 0 && inserted < mine.next && mine.del <= piece {
			b.again(0, mine.ins, mine.text)
			inserted = mine.next
		}
		mine.forward(piece)
		left -= piece
	}
	theirs.step()
	return inserted
}

// upTo adds the part of a change of mine up to where theirs insert something.
func (b *builder) upTo(mine, theirs *walk, inserted int) int {
	del, left := 0, mine.del
scan:
	for left > 0 {
		switch {
		case theirs.ins == keep:
			piece := min(left, theirs.del)
			del += piece
			left -= piece
			theirs.forward(piece)
		case theirs.ins == 0 && theirs.del < left:
			left -= theirs.del
			theirs.step()
		default:
			break scan
		}
	}
	if inserted < mine.next {
		b.again(del, mine.ins, mine.text)
	} else {
		b.add(del, 0, false)
	}
	inserted = mine.next
	mine.forward(mine.del - left)
	return inserted
}

// again adds a section with a text that the changes hold already.
func (b *builder) again(del, ins int, text string) {
	if b.add(del, ins, false); text != "" {
		b.sections[len(b.sections)-1].size += len(text)
	}
}
