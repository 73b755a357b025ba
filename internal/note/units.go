package note

import "math/bits"

// Length is the length of a text in UTF-16 units, as editors count it.
func Length(text string) int {
	n, i := 0, 0
	for ; i+8 <= len(text); i += 8 {
		n += unitsOf(eight(text, i))
	}
	for ; i < len(text); i++ {
		n += units(text[i])
	}
	return n
}

// units counts, at the first byte of a character, its UTF-16 units.
func units(b byte) int {
	switch {
	case b&0xc0 == 0x80: // a later byte
		return 0
	case b >= 0xf0: // beyond the basic plane
		return 2
	}
	return 1
}

const each = 0x0101010101010101

// unitsOf counts the UTF-16 units of eight bytes at once.
func unitsOf(w uint64) int {
	high := w >> 7 & each // not ASCII
	if high == 0 {
		return 8
	}
	later := high &^ (w >> 6)
	wide := high & (w >> 6) & (w >> 5) & (w >> 4)
	return 8 - bits.OnesCount64(later) + bits.OnesCount64(wide)
}

func eight(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// bytesOf is how many bytes hold the first n UTF-16 units of a text.
func bytesOf(text string, n int) (int, error) {
	i := 0
	for n > 8 && i+8 <= len(text) { // they are nine when a wide character begins at the last
		n -= unitsOf(eight(text, i))
		i += 8
	}
	for ; n > 0; i++ {
		if i >= len(text) {
			return 0, ErrLength
		}
		if n -= units(text[i]); n < 0 {
			return 0, ErrSplitPair
		}
	}
	for i < len(text) && units(text[i]) == 0 {
		i++
	}
	return i, nil
}
