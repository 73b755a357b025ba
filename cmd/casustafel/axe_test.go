package main

import (
	"context"
	"encoding/json"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

var axeSource = sync.OnceValues(func() ([]byte, error) {
	return os.ReadFile("../../static/node_modules/axe-core/axe.min.js")
})

// accessible holds what a window shows now to axe, in both colour schemes.
func accessible(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	axe, err := axeSource()
	if err != nil {
		t.Fatal("axe-core: run make test, which installs it:", err)
	}
	for _, dark := range []bool{false, true} {
		scheme(t, ctx, dark)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](string(axe)+";0", chromedp.EvalAsValue)); err != nil {
			t.Fatal(err)
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document).then(r => JSON.stringify(r.passes.length < 5 ? ["axe did not look"] : r.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html)])))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		var violations []any
		if err := json.Unmarshal([]byte(found), &violations); err != nil || len(violations) > 0 {
			t.Errorf("%s (dark: %v): %s %v", what, dark, found, err)
		}
	}
}
