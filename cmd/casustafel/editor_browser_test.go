package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// tableNote puts a card on the table in whose text everybody may write.
func tableNote(t *testing.T, writer *liveclient.Client, title string) casework.CardID {
	t.Helper()
	made := ask(t, writer, "draft_card", map[string]any{"column": writer.State.Columns[0].ID, "title": title, "class": "shared", "kind": "fact"}).Made
	ask(t, writer, "table_card", map[string]any{"card": made})
	return casework.CardID(made)
}

// writes opens a card and its editor.
func writes(card casework.CardID) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(click(`[data-card="`+string(card)+`"] [data-act="open"]`), click(`dialog [data-act="write"]`), inEditor())
}

func inEditor() chromedp.Action[chromedp.Void] {
	return holds(`document.activeElement?.matches("dialog .cm-content")`)
}

// stored waits until all that was typed in the editor is with the server.
func stored() chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(`dialog [data-stored="stored"]`)
}

// pastes puts a text on the editor as the clipboard does.
func pastes(script string) chromedp.Action[chromedp.Void] {
	return evaluate(`(() => { const data = new DataTransfer(); data.setData("text/plain", ` + script + `); data.setData("text/html", "<b>nooit</b>");
		document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); })()`)
}

// written is the text as the editor has it.
const written = `[...document.querySelectorAll("dialog .cm-line")].map((line) => [...line.childNodes].filter((n) => !n.matches?.(".other-caret")).map((n) => n.textContent).join("")).join("\n")`

func reads(words string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`%s === %q`, written, words))
}

// types types as a keyboard of any language does.
func types(words string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: words})
		return err
	})
}

// presses takes a key down and up as a keyboard does: a page that takes it gets no sign of it.
func presses(key, name string, number int64, with int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for _, what := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: what, Key: key, Code: name, WindowsVirtualKeyCode: number, Modifiers: with}); err != nil {
				return err
			}
		}
		return nil
	})
}

func enter() chromedp.Action[chromedp.Void] { return presses("Enter", "Enter", 13, 0) }

const offered = `.cm-tooltip-autocomplete .offer[aria-selected="true"]`

// chosen takes what is offered. The editor leaves out keys in the first moment that
// an offer is there: they were meant for the text.
func chosen() chromedp.Action[chromedp.Void] {
	return chromedp.Steps(holds(`document.querySelector('`+offered+`') && performance.now() - (document.querySelector('.cm-tooltip-autocomplete').since ??= performance.now()) > 100`), enter())
}

// Iris and Daan write in one note at once. Iris loses the line for a while and
// writes on; back on it both read the same, with every word of both. Then the
// card is shielded while Daan writes: of it he keeps his own words alone.
func TestTwoWriteInOneNote(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line, far := tb.behindNetwork(t, serveCmd{})
	author := tb.sit(near, "Iris")
	card := tableNote(t, author, "Wat spreken we af?")
	iris, daan := tb.window(chromium(t), far, "Iris"), tb.window(chromium(t), near, "Daan")
	run(t, iris, forbidden(), chromedp.EmulateViewport(1280, 900), writes(card), types("Noor belt één iemand."), stored())
	run(t, daan, chromedp.EmulateViewport(1280, 900), writes(card), reads("Noor belt één iemand."), types(" Daan, 👩‍👧 elke dag."), stored())
	run(t, iris, reads("Noor belt één iemand. Daan, 👩‍👧 elke dag."), chromedp.WaitVisible(`dialog [data-caret]`))
	tells(t, iris, `dialog [data-along]`, "Daan schrijft mee")
	shoot(t, iris, "note-two-writers", 1280, 900, false)

	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`dialog .cm-content`), chromedp.KeyEvent("\u001b"), chromedp.WaitVisible(`dialog [data-note="rendered"]`))
	run(t, iris, holds(`document.activeElement?.matches("[data-act=write]")`), chromedp.KeyEvent("e"), inEditor())
	line.is(func() { line.cut = true })
	run(t, iris, chromedp.WaitVisible(`[data-state="offline"]`), types("\nOok Ans 🦊"), chromedp.WaitVisible(`dialog [data-stored="offline"]`))
	run(t, daan, types("\nIn het weekend niet."), stored())
	line.is(func() {})
	run(t, iris, retried(), chromedp.WaitNotPresent(`[data-state="offline"]`), stored())
	both := "Noor belt één iemand. Daan, 👩‍👧 elke dag.\nIn het weekend niet.\nOok Ans 🦊"
	run(t, iris, reads(both))
	run(t, daan, reads(both))
	until(t, author, func(liveclient.Message) bool { return author.State.Cards[card].Text.Body == both })

	ask(t, author, "shield_card", map[string]any{"card": card, "class": "private"})
	run(t, daan, chromedp.WaitVisible(`dialog [data-gone]`))
	if page := text(t, daan); strings.Contains(page, "Ook Ans") || strings.Contains(page, "Wat spreken we af?") {
		t.Error("of the shielded note something is left with Daan")
	}
	run(t, iris, types(" ja"), stored(), reads(both+" ja"))
	if bad, err := chromedp.Run(iris, chromedp.Evaluate[[]string](`window.violations`)); err != nil || len(bad) > 0 {
		t.Error("the content policy stood in the way:", bad, err)
	}
}

// Daan has no line while the note is shielded from him: back on it, what he typed
// himself is there to copy, and nothing of the note.
func TestTheRightToWriteGoesWithoutALine(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line, far := tb.behindNetwork(t, serveCmd{})
	author := tb.sit(near, "Iris")
	card := tableNote(t, author, "Wat spreken we af?")
	daan := tb.window(chromium(t), far, "Daan")
	ask(t, author, "write_note", map[string]any{"card": card, "base": "", "changes": []any{[]any{0, "Het adres is Lindelaan 4."}}})
	run(t, daan, chromedp.EmulateViewport(390, 844), writes(card), reads("Het adres is Lindelaan 4."))
	line.is(func() { line.cut = true })
	run(t, daan, chromedp.WaitVisible(`[data-state="offline"]`), types(" Zij belt woensdag."), chromedp.WaitVisible(`dialog [data-stored="offline"]`))
	shoot(t, daan, "note-offline-phone", 390, 844, true)
	ask(t, author, "shield_card", map[string]any{"card": card, "class": "private"})
	line.is(func() {})
	run(t, daan, retried(), chromedp.WaitVisible(`dialog [data-gone] [data-lost]`))
	if page := text(t, daan); strings.Contains(page, "Lindelaan") {
		t.Error("words of the shielded note are left with Daan")
	}
	own, err := chromedp.Run(daan, chromedp.Evaluate[string](`document.querySelector("dialog [data-lost] textarea").value`))
	if err != nil || own != "Zij belt woensdag." {
		t.Errorf("Daan keeps %q, %v", own, err)
	}
	accessible(t, daan, "own words of a note that is gone")
	shoot(t, daan, "note-gone-phone", 390, 844, false)
}

// The editor with the keyboard alone: lists go on, too much on the clipboard is
// refused with nothing lost, what is offered is chosen with Enter, and a word is
// hinted at. Of the cards, only those are offered that every reader of the note may
// see.
func TestEditorOfANote(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	author := tb.sit(n, "Iris")
	card, known := tableNote(t, author, "Wat spreken we af?"), tableNote(t, author, "Zwemles gaat weer door")
	ask(t, author, "shield_card", map[string]any{"card": tableNote(t, author, "Zwemles zonder Joris"), "class": "private"})
	iris := tb.window(chromium(t), n, "Iris")
	const list = "## Afspraken\n\n- [ ] Ans bellen\n- [ ] school bellen"
	run(t, iris, chromedp.EmulateViewport(1280, 900), writes(card), types("## Afspraken"), enter(), enter(), types("- [ ] Ans bellen"), enter(), types("school bellen"),
		reads(list), pastes(`"x".repeat(1_000_000)`), chromedp.WaitVisible(`dialog [data-kept="full"]`), reads(list))
	shoot(t, iris, "note-too-much", 1280, 900, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), pastes(`"\u202e\r\n\r\n"`), chromedp.WaitVisible(`dialog [data-kept="signs"]`), reads(list+"\n\n"),
		types("Zie #zwemles"), chromedp.WaitVisible(offered))
	if found := look[[]string](t, iris, `[...document.querySelectorAll('.offer .cm-completionLabel')].map((label) => label.textContent)`); !slices.Equal(found, []string{"#" + string(known[:5])}) {
		t.Errorf("offered are %v, not the one card that every reader of the note sees", found)
	}
	accessible(t, iris, "offers in a note")
	shoot(t, iris, "note-offers", 1280, 900, false)
	shoot(t, iris, "note-offers-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chosen(), types("met @Da"), chromedp.WaitVisible(offered), chosen(), types("over de dader"), stored(),
		holds(`/Zie #[2-9A-Z]{5} met @Daan over de dader$/.test(`+written+`)`), chromedp.WaitVisible(`.cm-content .wording-mark`), chromedp.WaitVisible(`dialog [data-wording="1"]`))
	accessible(t, iris, "editor of a note")
	shoot(t, iris, "note-editor", 1280, 900, false)
	shoot(t, iris, "note-editor-phone", 390, 844, false)
	shoot(t, iris, "note-editor-tablet-dark", 820, 1100, true)
}
