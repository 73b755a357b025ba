package note

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Between gives changes that lead from one text to another: word by word, so that
// two who changed different words of one text can be joined.
func Between(was, now string) Changes {
	head := common(was, now)
	tail := commonEnd(was[head:], now[head:])
	var b builder
	b.add(Length(was[:head]), keep, false)
	b.differ(words(was[head:len(was)-tail]), words(now[head:len(now)-tail]))
	b.add(Length(was[len(was)-tail:]), keep, false)
	return b.changes()
}

// common is how many bytes two texts begin with alike, whole characters.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}

// commonEnd is how many bytes two texts end with alike, whole characters.
func commonEnd(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	return n
}

// words cuts a text into words and what stands between them, sign by sign.
func words(text string) []string {
	var all []string
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) })
		switch {
		case n < 0:
			n = len(text)
		case n == 0:
			_, n = utf8.DecodeRuneInString(text)
		}
		all = append(all, text[:n])
		text = text[n:]
	}
	return all
}

func inWord(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.N) }

// differ adds how one list of words becomes the other.
func (b *builder) differ(was, now []string) {
	steps, ok := shortest(was, now)
	if !ok {
		b.drop(was)
		b.put(now)
		return
	}
	for _, s := range steps {
		switch {
		case s == alike:
			b.add(Length(was[0]), keep, false)
			was, now = was[1:], now[1:]
		case s == dropped:
			b.drop(was[:1])
			was = was[1:]
		default:
			b.put(now[:1])
			now = now[1:]
		}
	}
}

// drop deletes words, as one change with what was changed just before them.
func (b *builder) drop(words []string) {
	for _, word := range words {
		b.add(Length(word), 0, b.changing())
	}
}

// put inserts words, as one change with what was changed just before them.
func (b *builder) put(words []string) {
	for _, word := range words {
		b.add(0, Length(word), b.changing())
		b.insert(word)
	}
}

func (b *builder) changing() bool {
	return len(b.sections) > 0 && b.sections[len(b.sections)-1].ins != keep
}
