package note

// Compose gives both changes in one: these, and next upon the text after them.
func (c Changes) Compose(next Changes) (Changes, error) {
	switch {
	case c.After() != next.Before():
		return Changes{}, ErrLength
	case c.Empty():
		return next, nil
	case next.Empty():
		return c, nil
	}
	b := builder{
		sections: make([]section, 0, len(c.sections)+len(next.sections)),
		text:     make([]byte, 0, len(c.text)+len(next.text)),
	}
	first, second := walkAlong(c), walkAlong(next)
	for open := false; ; { // open: what comes is still part of the section before
		switch {
		case first.done() && second.done():
			return b.changes(), nil
		case first.ins == 0: // deleted by the first
			b.add(first.del, 0, open)
			first.step()
		case second.del == 0 && !second.done(): // inserted by the second
			b.add(0, second.ins, open)
			b.insert(second.text)
			second.step()
		case first.done() || second.done():
			return Changes{}, ErrLength
		default:
			n, had := min(first.after(), second.del), len(b.sections)
			if err := b.both(&first, &second, n, open); err != nil {
				return Changes{}, err
			}
			open = (first.ins > n || second.ins >= 0 && second.del > n) && (open || len(b.sections) > had)
			if err := first.forwardAfter(n); err != nil {
				return Changes{}, err
			}
			second.forward(n)
		}
	}
}

// both adds a piece of n units that the first leaves or inserts and the second
// goes over. What replaces goes with the first piece of what it replaces.
func (b *builder) both(first, second *walk, n int, open bool) error {
	del, ins, text := n, second.ins, second.text
	if ins >= 0 && second.off > 0 {
		ins, text = 0, ""
	}
	if first.ins != keep {
		if del = first.del; first.off > 0 {
			del = 0
		}
		if second.ins == keep {
			kept, err := first.piece(n)
			if err != nil {
				return err
			}
			ins, text = n, kept
		}
	}
	b.add(del, ins, open)
	b.insert(text)
	return nil
}
