// Package markdown turns the text of a card or of minutes into HTML that is safe to
// show: one renderer for everything that people write. It is pure; what it gives
// loads nothing, runs nothing and leads away only where somebody presses.
package markdown

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Bounds of one text. What goes beyond them is shown as it was typed.
const (
	MaxSource = 16 << 10
	MaxOutput = 256 << 10
	maxDepth  = 100 // elements within each other
	within    = 2 * time.Second
)

// ErrTooMuch means that the text is larger, makes more HTML or takes longer than
// is good for those who wait for it.
var ErrTooMuch = errors.New("too much to render")

// dialect is CommonMark with task lists, struck words, blocks of our own and
// pointers to cards and people. Tables are left out: a few lines of pipes make
// megabytes. A line that somebody ended stays ended.
var dialect = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(blockParsers()...),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(), util.Prioritized(pointers{}, 450))...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithASTTransformers(util.Prioritized(belowTitle{}, 100)),
	)),
	goldmark.WithExtensions(extension.Strikethrough, extension.TaskList),
	goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(
		util.Prioritized(plainWords{}, 1), util.Prioritized(kindBlocks{}, 1), util.Prioritized(pointed{}, 1),
	)),
)

// HTML renders a text in Markdown, with what it points to as far as links has it.
func HTML(source string, links Links) (string, error) {
	if len(source) > MaxSource {
		return "", ErrTooMuch
	}
	type result struct {
		html string
		err  error
	}
	done := make(chan result, 1) // whoever is too late is not waited for
	go func() {
		html, err := render(source, links)
		done <- result{html, err}
	}()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case r := <-done:
		return r.html, r.err
	case <-late.C:
		return "", ErrTooMuch
	}
}

func render(source string, links Links) (rendered string, err error) {
	defer func() {
		if recover() != nil { // a fault of the parser is no fault of the server's
			rendered, err = "", ErrTooMuch
		}
	}()
	known := parser.NewContext()
	known.Set(targetsKey, links.index())
	parsed := dialect.Parser().Parse(text.NewReader([]byte(source)), parser.WithContext(known))
	if tooDeep(parsed) {
		return "", ErrTooMuch
	}
	out := &bounded{}
	if err := dialect.Renderer().Render(out, []byte(source), parsed); err != nil {
		return "", err
	}
	clean := safe.Sanitize(out.String())
	if len(clean) > MaxOutput {
		return "", ErrTooMuch
	}
	return clean, nil
}

// tooDeep tells whether more stands within each other than a browser keeps apart
// (512 elements), or than anybody reads.
func tooDeep(parsed ast.Node) bool {
	depth := 0
	err := ast.Walk(parsed, func(_ ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
		} else if depth++; depth > maxDepth {
			return ast.WalkStop, ErrTooMuch
		}
		return ast.WalkContinue, nil
	})
	return err != nil
}

// bounded holds what was written, up to MaxOutput.
type bounded struct{ strings.Builder }

var _ io.Writer = (*bounded)(nil)

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > MaxOutput {
		return 0, ErrTooMuch
	}
	return b.Builder.Write(p)
}
