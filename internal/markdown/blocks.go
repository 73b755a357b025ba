package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// kinds are the blocks of our own, by the word that opens them: the kinds of
// cards that the weighing of a report keeps apart.
var kinds = map[string]string{"feit": "fact", "interpretatie": "interpretation", "woorden": "words"}

// deepest is how many blocks of our own may stand within each other.
const deepest = 8

var kindBlock = ast.NewNodeKind("KindBlock")

// block is a part of a text that says what it is:
//
//	::: feit
//	Miste negen schooldagen.
//	:::
type block struct {
	ast.BaseBlock
	kind string
}

// Kind implements ast.Node.
func (*block) Kind() ast.NodeKind { return kindBlock }

// Dump implements ast.Node.
func (b *block) Dump(source []byte, level int) {
	ast.DumpHelper(b, source, level, map[string]string{"kind": b.kind}, nil)
}

// blocks parses them. One that nobody closes runs to the end of what it stands in.
type blocks struct{}

// Trigger implements parser.BlockParser.
func (blocks) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (blocks) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	word, ok := fence(line[pc.BlockOffset():])
	kind := kinds[strings.ToLower(word)]
	if !ok || kind == "" || depth(pc) >= deepest {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &block{kind: kind}, parser.HasChildren
}

// Continue implements parser.BlockParser.
func (blocks) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	indent, at := util.IndentWidth(line, reader.LineOffset())
	if word, ok := fence(line[at:]); !ok || word != "" || !closes(node, indent, pc) {
		return parser.Continue | parser.HasChildren
	}
	reader.AdvanceToEOL()
	return parser.Close
}

// Close implements parser.BlockParser.
func (blocks) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (blocks) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (blocks) CanAcceptIndentedLine() bool { return false }

// fence reads what follows three colons or more.
func fence(line []byte) (word string, ok bool) {
	words := strings.TrimLeft(string(line), ":")
	return strings.TrimSpace(words), len(line)-len(words) >= 3
}

func depth(pc parser.Context) (n int) {
	for _, opened := range pc.OpenedBlocks() {
		if opened.Node.Kind() == kindBlock {
			n++
		}
	}
	return n
}

// closes tells whether a closing line, indented so much, is that of this block, and
// not of one within it, nor a line of code.
func closes(node ast.Node, indent int, pc parser.Context) bool {
	within := false
	for _, opened := range pc.OpenedBlocks() {
		switch n := opened.Node.(type) {
		case *block, *ast.FencedCodeBlock:
			if within {
				return false
			}
			within = n == node
		case *ast.Blockquote:
			if within {
				return true // its lines begin with its mark
			}
		case *ast.ListItem:
			if within && indent < n.Offset {
				return true // it ends here
			}
			if within {
				indent -= n.Offset
			}
		}
	}
	return indent <= 3
}

// kindBlocks renders them. Their names, in the language of the reader, are put
// in where they are shown.
type kindBlocks struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (kindBlocks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindBlock, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		b := n.(*block)
		element := "section"
		if b.kind == "words" {
			element = "blockquote"
		}
		tag := "</" + element + ">\n"
		if entering {
			tag = "<" + element + ` data-kind="` + b.kind + "\">\n"
		}
		_, err := w.WriteString(tag)
		return ast.WalkContinue, err
	})
}
