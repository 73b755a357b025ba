package note

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of what is read: far beyond any note, so that what was rebased or
// composed within a note always fits.
const (
	maxUnits = 1 << 20
	maxBytes = 1 << 20
	maxParts = 1 << 17
)

// Decode reads changes from their JSON. It looks at the bytes themselves: what
// encoding/json makes of half a surrogate pair is another text, and it takes
// numbers that no text has.
func Decode(raw []byte) (Changes, error) {
	if len(raw) > maxBytes {
		return Changes{}, ErrTooMuch
	}
	if !utf8.Valid(raw) {
		return Changes{}, ErrForm
	}
	d := decoder{raw: raw}
	if err := d.list(d.section); err != nil {
		return Changes{}, err
	}
	if d.blank(); d.at != len(raw) {
		return Changes{}, ErrForm
	}
	return d.changes(), nil
}

// decoder reads from raw, at at.
type decoder struct {
	builder
	raw   []byte
	at    int
	parts int
	units int // of both texts together
}

// next is the next byte that is no blank, 0 at the end.
func (d *decoder) next() byte {
	if d.blank(); d.at < len(d.raw) {
		return d.raw[d.at]
	}
	return 0
}

func (d *decoder) blank() {
	for d.at < len(d.raw) && (d.raw[d.at] == ' ' || d.raw[d.at] == '\t' || d.raw[d.at] == '\n' || d.raw[d.at] == '\r') {
		d.at++
	}
}

// took goes beyond a byte, when it comes next.
func (d *decoder) took(b byte) bool {
	if d.next() != b {
		return false
	}
	d.at++
	return true
}

// list reads a JSON array, item by item.
func (d *decoder) list(item func(i int) error) error {
	if !d.took('[') {
		return ErrForm
	}
	if d.took(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := item(i); err != nil {
			return err
		}
		if d.took(']') {
			return nil
		}
		if !d.took(',') {
			return ErrForm
		}
	}
}

func (d *decoder) section(int) error {
	if d.parts++; d.parts > maxParts {
		return ErrTooMuch
	}
	if d.next() != '[' {
		n, err := d.number()
		d.add(n, keep, false)
		return err
	}
	return d.replacement()
}

// replacement reads what is deleted, and the lines that come in its place.
func (d *decoder) replacement() error {
	del, began := -1, len(d.text)
	err := d.list(func(i int) (err error) {
		switch i {
		case 0:
			del, err = d.number()
			return err
		case 1:
			return d.line()
		}
		d.text = append(d.text, '\n')
		return d.line()
	})
	if err != nil {
		return err
	}
	if del < 0 {
		return ErrForm
	}
	ins := Length(string(d.text[began:]))
	if d.units += ins; d.units > maxUnits {
		return ErrTooMuch
	}
	if d.add(del, ins, false); ins > 0 {
		d.sections[len(d.sections)-1].size += len(d.text) - began
	}
	return nil
}

// number reads how many units: no sign, fraction or exponent.
func (d *decoder) number() (int, error) {
	if d.next() == '0' {
		d.at++
		return 0, nil
	}
	n, from := 0, d.at
	for ; d.at < len(d.raw) && d.raw[d.at] >= '0' && d.raw[d.at] <= '9'; d.at++ {
		if n = n*10 + int(d.raw[d.at]-'0'); n > maxUnits {
			return 0, ErrTooMuch
		}
	}
	if d.at == from {
		return 0, ErrForm
	}
	if d.units += n; d.units > maxUnits {
		return 0, ErrTooMuch
	}
	return n, nil
}

// line reads a JSON string that is one line, and adds it to the text.
func (d *decoder) line() error {
	if !d.took('"') {
		return ErrForm
	}
	for d.at < len(d.raw) {
		from := d.at
		for d.at < len(d.raw) && d.raw[d.at] >= ' ' && d.raw[d.at] != '"' && d.raw[d.at] != '\\' {
			d.at++
		}
		d.text = append(d.text, d.raw[from:d.at]...)
		switch {
		case d.at == len(d.raw) || d.raw[d.at] < ' ':
			return ErrForm
		case d.raw[d.at] == '"':
			d.at++
			return nil
		}
		if err := d.escape(); err != nil {
			return err
		}
	}
	return ErrForm
}

// escape reads what begins with a backslash.
func (d *decoder) escape() error {
	if d.at+2 > len(d.raw) {
		return ErrForm
	}
	d.at += 2
	switch c := d.raw[d.at-1]; c {
	case '"', '\\', '/':
		d.text = append(d.text, c)
	case 'b':
		d.text = append(d.text, '\b')
	case 'f':
		d.text = append(d.text, '\f')
	case 't':
		d.text = append(d.text, '\t')
	case 'n', 'r':
		return ErrLineBreak
	case 'u':
		return d.unicode()
	default:
		return ErrForm
	}
	return nil
}

// unicode reads the digits of \u, and of its second half where it is of a pair.
func (d *decoder) unicode() error {
	r, ok := d.digits()
	switch {
	case !ok:
		return ErrForm
	case r == '\n' || r == '\r':
		return ErrLineBreak
	case !utf16.IsSurrogate(r):
		d.text = utf8.AppendRune(d.text, r)
		return nil
	case d.at+2 > len(d.raw) || d.raw[d.at] != '\\' || d.raw[d.at+1] != 'u':
		return ErrHalfPair
	}
	d.at += 2
	second, ok := d.digits()
	if !ok {
		return ErrForm
	}
	if r = utf16.DecodeRune(r, second); r == utf8.RuneError {
		return ErrHalfPair
	}
	d.text = utf8.AppendRune(d.text, r)
	return nil
}

func (d *decoder) digits() (rune, bool) {
	if d.at+4 > len(d.raw) {
		return 0, false
	}
	var r rune
	for _, c := range d.raw[d.at : d.at+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	d.at += 4
	return r, true
}
