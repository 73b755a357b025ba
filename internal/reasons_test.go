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
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/static"
)

// reason is why something is refused, as the program has it.
type reason struct {
	word, at string
	typed    bool // of casework.Invalid: what was sent cannot be
}

// reasons are all that stand in the program.
func reasons(t *testing.T) (all []reason) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var why, kind ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Refuse" && len(n.Args) == 2 {
					kind, why = n.Args[0], n.Args[1]
				}
			case *ast.CompositeLit:
				kind, why = valueOf(n, "Kind"), valueOf(n, "Reason")
			}
			literal, ok := why.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			word, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			of, _ := kind.(*ast.SelectorExpr)
			all = append(all, reason{word, path, of != nil && of.Sel.Name == "Invalid"})
			return true
		})
		return nil
	})
	if err != nil || len(all) < 50 {
		t.Errorf("%d reasons, %v", len(all), err)
	}
	return all
}

// valueOf is what a field is set to; nil when it is not.
func valueOf(literal *ast.CompositeLit, field string) ast.Expr {
	for _, element := range literal.Elts {
		if set, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := set.Key.(*ast.Ident); ok && key.Name == field {
				return set.Value
			}
		}
	}
	return nil
}

// Every reason that something is refused for has words of its own in every
// language: without them somebody reads only that it did not work.
func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	for _, r := range reasons(t) {
		for _, language := range []string{"nl", "en"} {
			if static.Locale(language)["reason."+r.word] == "" {
				t.Errorf("%s: %q has no words in %s", r.at, r.word, language)
			}
		}
	}
}

// counted are the reasons of what was sent and cannot be that are more than a slip of the
// keyboard all the same, or may be: a refusal for one counts for alarms if it is on record.
var counted = []string{"asked_named", "bad_frame", "code_differs", "column_same", "custody_by_child", "custody_no_child", "factor_demo", "from_past", "given_to_self", "given_what",
	"glass_reason", "guest_one_day", "keep_shorter", "kind_opens", "lend_beyond_place", "lend_too_long", "link_itself", "named_empty", "no_colleague", "no_passkeys", "no_seat",
	"organisation_name", "passkey_failed", "password_common", "password_is_login", "password_long", "password_odd", "password_repeats", "password_short",
	"policy_too_large", "reason_empty", "remark_too_long", "reset_self", "setup_over", "text_not_rendered", "text_too_long",
	"unsigned", "until_past", "would_narrow", "would_widen"}

// Whoever adds a reason that could be a slip of the keyboard says whether it is one, here
// or in internal/audit: what is one counts for no alarm.
func TestEveryReasonIsATypoOrCounts(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	for _, r := range reasons(t) {
		typo, counts := slices.Contains(audit.Typos, r.word), slices.Contains(counted, r.word)
		if there[r.word] = true; (r.typed || strings.HasPrefix(r.word, "bad_")) && typo == counts {
			t.Errorf("%s: %q is to be either in audit.Typos (a slip of the keyboard, which counts for no alarm) or in counted", r.at, r.word)
		}
	}
	for _, word := range slices.Concat(audit.Typos, counted) {
		if !there[word] {
			t.Errorf("%q is no reason any more", word)
		}
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
