package note

import (
	"encoding/json"
	"strconv"
	"strings"
)

// MarshalJSON writes changes as ChangeSet.toJSON() does: a number keeps so many
// units, a list deletes as many as its first and puts the lines after it in their
// place.
func (c Changes) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 2+8*len(c.sections)+len(c.text)+len(c.text)/8)
	out = append(out, '[')
	at := 0
	for i, s := range c.sections {
		if i > 0 {
			out = append(out, ',')
		}
		if s.ins == keep {
			out = strconv.AppendInt(out, int64(s.del), 10)
			continue
		}
		out = append(out, '[')
		out = strconv.AppendInt(out, int64(s.del), 10)
		if s.size > 0 {
			for line := range strings.SplitSeq(c.text[at:at+s.size], "\n") {
				quoted, err := json.Marshal(line)
				if err != nil {
					return nil, err
				}
				out = append(append(out, ','), quoted...)
			}
			at += s.size
		}
		out = append(out, ']')
	}
	return append(out, ']'), nil
}

// UnmarshalJSON is Decode.
func (c *Changes) UnmarshalJSON(raw []byte) error {
	decoded, err := Decode(raw)
	if err != nil {
		return err
	}
	*c = decoded
	return nil
}
