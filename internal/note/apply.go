package note

import "strings"

// Apply gives the text after the changes.
func (c Changes) Apply(text string) (string, error) {
	var out strings.Builder
	out.Grow(len(text) + len(c.text))
	inserted := 0
	for _, s := range c.sections {
		n, err := bytesOf(text, s.del)
		if err != nil {
			return "", err
		}
		if s.ins == keep {
			out.WriteString(text[:n])
		} else {
			out.WriteString(c.text[inserted : inserted+s.size])
			inserted += s.size
		}
		text = text[n:]
	}
	if text != "" {
		return "", ErrLength
	}
	return out.String(), nil
}

// Invert gives the changes that lead back to the text before, which is given.
func (c Changes) Invert(text string) (Changes, error) {
	back := builder{sections: make([]section, 0, len(c.sections))}
	for _, s := range c.sections {
		n, err := bytesOf(text, s.del)
		if err != nil {
			return Changes{}, err
		}
		if s.ins == keep {
			back.sections = append(back.sections, s)
		} else {
			back.sections = append(back.sections, section{del: s.ins, ins: s.del})
			back.insert(text[:n])
		}
		text = text[n:]
	}
	if text != "" {
		return Changes{}, ErrLength
	}
	return back.changes(), nil
}
