package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

var axeSource = sync.OnceValues(func() ([]byte, error) {
	return os.ReadFile("../../static/node_modules/axe-core/axe.min.js")
})

// accessible holds what a window shows now to axe, in the light; in the dark all that
// differs is colours.
func accessible(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	axe, err := axeSource()
	if err != nil {
		t.Fatal("axe-core: run make test, which installs it:", err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any]("window.axe || "+string(axe)+";0", chromedp.EvalAsValue)); err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		dark   bool
		rules  string
		passes int
	}{{false, ``, 5}, {true, `runOnly: ["color-contrast"]`, 1}} {
		scheme(t, ctx, look.dark)
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`axe.run(document, {selectors: false, resultTypes: ["violations"], %s}).then(r => JSON.stringify(r.passes.length < %d ? ["axe did not look"] : r.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html)])))`, look.rules, look.passes), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		var violations []any
		if err := json.Unmarshal([]byte(found), &violations); err != nil || len(violations) > 0 {
			t.Errorf("%s (dark: %v): %s %v", what, look.dark, found, err)
		}
	}
}
