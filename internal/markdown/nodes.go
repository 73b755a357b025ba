package markdown

import (
	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// titleLevel is the level of the heading that a note stands under.
const titleLevel = 3

// belowTitle keeps the headings of a note below the title that it belongs to.
type belowTitle struct{}

// Transform implements parser.ASTTransformer.
func (belowTitle) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	level := titleLevel // of the heading before, so that none is skipped
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(h.Level+titleLevel, level+1, 6)
			level = h.Level
		}
		return ast.WalkContinue, nil
	})
}

// plainWords renders what would load, run or be a field as the words it is:
// nothing that somebody typed is lost.
type plainWords struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (plainWords) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil // its description stays, the picture is not fetched
	})
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		return ast.WalkSkipChildren, writeLines(w, source, n.(*ast.RawHTML).Segments)
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			_, err := w.WriteString("</p>\n")
			return ast.WalkContinue, err
		}
		if _, err := w.WriteString("<p>"); err != nil {
			return ast.WalkStop, err
		}
		block := n.(*ast.HTMLBlock)
		if err := writeLines(w, source, block.Lines()); err != nil || !block.HasClosure() {
			return ast.WalkContinue, err
		}
		_, err := w.Write(util.EscapeHTML(block.ClosureLine.Value(source)))
		return ast.WalkContinue, err
	})
	r.Register(extension.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		box := "☐ "
		if n.(*extension.TaskCheckBox).IsChecked {
			box = "☑ "
		}
		_, err := w.WriteString(box)
		return ast.WalkContinue, err
	})
}

func writeLines(w util.BufWriter, source []byte, lines *text.Segments) error {
	for i := range lines.Len() {
		line := lines.At(i)
		if _, err := w.Write(util.EscapeHTML(line.Value(source))); err != nil {
			return err
		}
	}
	return nil
}
