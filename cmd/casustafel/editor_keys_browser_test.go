package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const (
	control = 2
	shift   = 8
)

func tab(with int64) chromedp.Action[chromedp.Void] { return presses("Tab", "Tab", 9, with) }

func escape() chromedp.Action[chromedp.Void] { return presses("Escape", "Escape", 27, 0) }

// toHints is the key that leads from the text to the hints about its words.
func toHints() chromedp.Action[chromedp.Void] { return presses(".", "Period", 190, control) }

func focused(selector string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`document.activeElement?.matches(%q)`, selector))
}

// Without a pointer Iris comes into the text and out of it again, to the toolbar,
// to the hints about her words, as soon as she typed them, and back.
func TestKeysOfTheEditor(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	card := tableNote(t, tb.sit(n, "Iris"), "Wat spreken we af?")
	iris := tb.window(chromium(t), n, "Iris")
	const offer = `dialog [data-act="let-stand"]`
	run(t, iris, chromedp.EmulateViewport(1280, 900), writes(card), types("De dader"), toHints(), focused(offer), escape(), inEditor(), types(" en het slachtoffer"),
		toHints(), focused(offer), chromedp.WaitVisible(`dialog [data-wording="2"]`), tab(shift), inEditor(), types("."), chromedp.WaitVisible(`.cm-content .wording-mark`))

	// What the underline says to who points at it is in the list for everybody.
	run(t, iris, points(`.cm-content .wording-mark`), chromedp.WaitVisible(`.wording-tip`))
	if tip, list := look[string](t, iris, `document.querySelector(".wording-tip").textContent`), look[string](t, iris, `document.querySelector("dialog [data-wording] .about").textContent`); tip != list {
		t.Errorf("the underline says %q, the list %q", tip, list)
	}
	says(t, iris, `dialog .wording-place [role="status"]`, "Er zijn 2 hints over woordkeus.")
	accessible(t, iris, "a hint at a word")
	shoot(t, iris, "editor-hint", 1280, 900, false)
	shoot(t, iris, "editor-hint-dark", 1280, 900, true)

	run(t, iris, toHints(), focused(offer), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`dialog [data-wording="1"]`), focused(offer), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`dialog [data-wording]`), inEditor(),
		chromedp.WaitNotPresent(`.wording-mark`), toHints(), types(" Samen."), reads("De dader en het slachtoffer. Samen."), stored(),
		tab(0), focused(`dialog [data-act="read"]`), tab(shift), inEditor(), tab(shift), focused(`dialog [data-tool="bold"]`), tab(0), inEditor(),
		escape(), focused(`dialog [data-act="write"]`), chromedp.KeyEvent("\r"), inEditor(), types(" Ja."), reads("De dader en het slachtoffer. Samen. Ja."),
		escape(), focused(`dialog [data-act="write"]`), escape(), closed(), focused(`[data-card="`+string(card)+`"] [data-act="open"]`))
}

// points rests the pointer on what the selector finds.
func points(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		at, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(`(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector(%q).getBoundingClientRect())`, selector)))
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseMoved", X: at[0], Y: at[1]})
		return err
	})
}
