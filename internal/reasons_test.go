package internal_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/static"
)

// Every reason that something is refused for has words of its own in every
// language: without them somebody reads only that it did not work.
func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var reason ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Refuse" && len(n.Args) == 2 {
					reason = n.Args[1]
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Reason" {
					reason = n.Value
				}
			}
			literal, ok := reason.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			found++
			word, err := strconv.Unquote(literal.Value)
			for _, language := range []string{"nl", "en"} {
				if err != nil || static.Locale(language)["reason."+word] == "" {
					t.Errorf("%s: %q has no words in %s", path, word, language)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || found < 50 {
		t.Errorf("%d reasons, %v", found, err)
	}
}

// A key that stands twice in a locale loses one of its words without a sign.
func TestLocalesHaveEachKeyOnce(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"nl", "en"} {
		text, err := os.Open("../static/locales/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[json.Token]bool{}
		words := json.NewDecoder(text)
		for n := 0; ; n++ { // {, key, words, key, words ... }
			token, err := words.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if key := n%2 == 1; key && seen[token] {
				t.Errorf("%s: %s stands twice", language, token)
			} else if key {
				seen[token] = true
			}
		}
		_ = text.Close()
	}
}
