package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// blockParsers are those of CommonMark and of our own. Every line is held against
// every list and quotation that it stands in: some thousands of lines in some
// thousands of lists take seconds and a gigabyte, so that deeper ones stay words.
func blockParsers() []util.PrioritizedValue {
	all := parser.DefaultBlockParsers()
	for i, one := range all {
		switch p := one.Value.(parser.BlockParser); p {
		case parser.NewListParser(), parser.NewBlockquoteParser():
			all[i].Value = shallow{p}
		}
	}
	return append(all, util.Prioritized(blocks{}, 750))
}

type shallow struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxDepth-10 { // what stands within it counts as well
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}
