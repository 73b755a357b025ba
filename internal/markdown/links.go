package markdown

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// codeLength is how many characters of a card's id people call it by.
const codeLength = 5

// Links tells what a text may point to for the one who is to read it. Whatever is
// not in it stays the words that were typed, whether or not it exists.
type Links struct {
	Cards  []string          // ids; "#K7QF2" points to the one card whose id begins so
	People map[string]string // names by id of user; "@Daan" points to the one who is called so
}

// pointer is a place in a text that points to a card or to somebody.
type pointer struct {
	ast.BaseInline
	words     text.Segment
	attribute string
	id        string
}

var kindPointer = ast.NewNodeKind("Pointer")

// Kind implements ast.Node.
func (*pointer) Kind() ast.NodeKind { return kindPointer }

// Dump implements ast.Node.
func (p *pointer) Dump(source []byte, level int) {
	ast.DumpHelper(p, source, level, map[string]string{p.attribute: p.id}, nil)
}

// targets is Links in the form in which it is looked up.
type targets struct {
	cards map[string]string // id by code
	names []called          // the longest first
}

type called struct{ name, user string }

// index leaves out what could be either of two: a link never guesses.
func (l Links) index() targets {
	t := targets{cards: map[string]string{}}
	for _, id := range l.Cards {
		if len(id) >= codeLength {
			t.cards[id[:codeLength]] = only(t.cards, id[:codeLength], id)
		}
	}
	whole, first := map[string]string{}, map[string]string{}
	for user, name := range l.People {
		name = strings.ToLower(name)
		whole[name] = only(whole, name, user)
		if word, _, more := strings.Cut(name, " "); more {
			first[word] = only(first, word, user)
		}
	}
	for word, user := range first {
		if _, taken := whole[word]; !taken {
			whole[word] = user
		}
	}
	for name, user := range whole {
		if name != "" && user != "" {
			t.names = append(t.names, called{name, user})
		}
	}
	slices.SortFunc(t.names, func(a, b called) int {
		return cmp.Or(cmp.Compare(len(b.name), len(a.name)), cmp.Compare(a.name, b.name))
	})
	return t
}

// only gives the id, or nothing when another one goes by the same.
func only(taken map[string]string, by, id string) string {
	if other, ok := taken[by]; ok && other != id {
		return ""
	}
	return id
}

var targetsKey = parser.NewContextKey()

// pointers parses them.
type pointers struct{}

// Trigger implements parser.InlineParser.
func (pointers) Trigger() []byte { return []byte{'#', '@'} }

// Parse implements parser.InlineParser.
func (pointers) Parse(_ ast.Node, reader text.Reader, pc parser.Context) ast.Node {
	may, ok := pc.Get(targetsKey).(targets)
	if before := reader.PrecendingCharacter(); !ok || partOfWord(before) || strings.ContainsRune("#@/&", before) {
		return nil
	}
	line, segment := reader.PeekLine()
	found := &pointer{}
	var length int
	if line[0] == '#' {
		found.attribute = "data-card"
		found.id, length = may.card(string(line[1:min(len(line), 1+codeLength)]))
	} else {
		found.attribute = "data-user"
		found.id, length = may.user(string(line[1:]))
	}
	if found.id == "" || len(line) > 1+length && partOfWord(first(line[1+length:])) {
		return nil
	}
	found.words = segment.WithStop(segment.Start + 1 + length)
	reader.Advance(1 + length)
	return found
}

func (t targets) card(code string) (id string, length int) {
	return t.cards[strings.ToUpper(code)], len(code)
}

func (t targets) user(words string) (id string, length int) {
	for _, c := range t.names {
		if n, ok := begins(words, c.name); ok && (n == len(words) || !partOfWord(first([]byte(words[n:])))) {
			return c.user, n
		}
	}
	return "", 0
}

// begins tells how much of the words is the name, in capitals or not.
func begins(words, name string) (length int, ok bool) {
	for _, want := range name {
		r, size := utf8.DecodeRuneInString(words[length:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0, false
		}
		length += size
	}
	return length, true
}

func first(line []byte) rune {
	r, _ := utf8.DecodeRune(line)
	return r
}

// partOfWord tells whether a pointer that touches this is none: it belongs to an
// address for mail, or to a longer name.
func partOfWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}

// pointed renders them.
type pointed struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (pointed) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindPointer, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		p := n.(*pointer)
		words := string(util.EscapeHTML(p.words.Value(source)))
		switch {
		case inLink(p): // which leads elsewhere
		case p.attribute == "data-card":
			words = `<a data-card="` + p.id + `">` + words + "</a>"
		default:
			words = `<span data-user="` + p.id + `">` + words + "</span>"
		}
		_, err := w.WriteString(words)
		return ast.WalkContinue, err
	})
}

func inLink(n ast.Node) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if n.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}
