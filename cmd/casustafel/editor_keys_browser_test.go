package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/note"
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

// Daan was away while Iris wrote on: what is new is marked in the text. While he
// writes, Iris erases it all: he is out of it, nothing of it is left with him, and
// what he writes anew is a text like any other.
func TestNewAndErasedWhileOpen(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	const address, fresh = "Het adres is Lindelaan 4.", " Zij overleggen eerst."
	author, before := tb.watch(n, "Iris"), tb.watch(tb.node("of another visit"), "Daan")
	card := author.must(t, "draft_card", map[string]any{"column": author.sees().Columns[0].ID, "title": "Waar gaan we heen?", "class": "shared", "kind": "fact", "text": address})
	author.must(t, "table_card", map[string]any{"card": card})
	before.until(t, "the card", func() bool { _, there := before.state.Cards[cardOf(card)]; return there })
	if err := before.client.SayGoodbye(); err != nil {
		t.Fatal(err)
	}
	author.until(t, "his last look", func() bool { news := tb.mine(n, "Daan").News; return !news.First && news.Fresh+news.Changed == 0 })
	author.must(t, "write_note", map[string]any{"card": card, "base": author.sees().Cards[cardOf(card)].Text.Base, "changes": note.Between(address, address+fresh)})

	daan := tb.window(chromium(t), n, "Daan")
	run(t, daan, chromedp.EmulateViewport(1280, 900), click(fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card)), click(`dialog [data-act="history"]`),
		chromedp.Focus(`[data-unread] [data-act="since"]`), chromedp.KeyEvent("\r"), focused(`[data-since="told"] h4`))
	tells(t, daan, `[data-since] ins`, "toegevoegd: Zij overleggen eerst.")
	accessible(t, daan, "what is new in a note")
	shoot(t, daan, "note-since", 1280, 900, false)
	shoot(t, daan, "note-since-phone-dark", 390, 844, true)
	run(t, daan, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`[data-act="since-away"]`), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`[data-since]`), focused(`.history h3`),
		chromedp.KeyEvent("e"), inEditor(), reads(address+fresh))

	author.must(t, "redact", map[string]any{"card": card})
	run(t, daan, chromedp.WaitNotPresent(`[data-editor]`), focused(`dialog [data-act="write"]`), chromedp.WaitVisible(`[data-line="erased"]`), chromedp.WaitNotPresent(`[data-act="look"]`))
	if page := text(t, daan); strings.Contains(page, "Lindelaan") || strings.Contains(page, "overleggen") {
		t.Error("of the erased text something is left with Daan")
	}
	shoot(t, daan, "note-erased", 1280, 900, false)
	run(t, daan, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\r"), inEditor(), types("Zij overleggen eerst."), reads("Zij overleggen eerst."), stored(), escape())
	says(t, daan, `dialog [data-note]`, "Zij overleggen eerst.")
	author.until(t, "what was written anew", func() bool { return author.state.Cards[cardOf(card)].Text.Body == "Zij overleggen eerst." })
}
