package note

// done is the ins of the section behind the last one.
const done = -2

// walk goes through the sections of changes, in pieces.
type walk struct {
	of   Changes
	next int // the section after this one
	end  int // bytes of the inserted text, up to and with this section's

	del, ins int // what is left of this section
	off      int // what was taken of it, in units of the side that is walked along
	text     string
}

func walkAlong(c Changes) walk {
	w := walk{of: c}
	w.step()
	return w
}

// step goes to the next section.
func (w *walk) step() {
	w.off = 0
	if w.next == len(w.of.sections) {
		w.del, w.ins, w.text = 0, done, ""
		return
	}
	s := w.of.sections[w.next]
	w.next++
	w.del, w.ins, w.text = s.del, s.ins, w.of.text[w.end:w.end+s.size]
	w.end += s.size
}

func (w *walk) done() bool { return w.ins == done }

// forward goes n units of the text before.
func (w *walk) forward(n int) {
	if n == w.del {
		w.step()
		return
	}
	w.del -= n
	w.off += n
}

// after is what is left of the section in the text after.
func (w *walk) after() int {
	if w.ins < 0 {
		return w.del
	}
	return w.ins
}

// piece takes the text of the next n units of what is inserted.
func (w *walk) piece(n int) (string, error) {
	size, err := bytesOf(w.text, n)
	if err != nil {
		return "", err
	}
	return w.text[:size], nil
}

// forwardAfter goes n units of the text after.
func (w *walk) forwardAfter(n int) error {
	switch {
	case w.ins == keep:
		w.forward(n)
	case n == w.ins:
		w.step()
	default:
		size, err := bytesOf(w.text, n)
		if err != nil {
			return err
		}
		w.text = w.text[size:]
		w.ins -= n
		w.off += n
	}
	return nil
}
