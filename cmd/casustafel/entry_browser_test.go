package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// line is the field of the first column.
const line = `[data-column] [name="line"]`

// Three cards without a mouse: bring Fenna forward, type, Enter. Each is a draft
// of Iris alone, of the column's kind and as narrow as she is used to for Fenna.
func TestFastEntryByKeyboard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	fenna := tb.person(tb.watch(n, "Iris"), "Fenna")
	run(t, iris, press("2"), chromedp.WaitVisible(fmt.Sprintf(`[data-person="%s"] [aria-pressed="true"]`, fenna)),
		press("n"), chromedp.WaitVisible(line+`:focus`))
	says(t, iris, `[data-column] [data-act="stance"]`, "Vanuit Fenna · feit · hele tafel · concept")
	titles := []string{"Sliep vannacht door", "Telde tot tien", "Belde haar juf"}
	for _, title := range titles {
		run(t, iris, chromedp.KeyEvent(title), chromedp.KeyEvent("\r"), chromedp.WaitVisible(line+`:focus`))
	}
	says(t, iris, `[data-column] [data-made]`, "Concept gemaakt")
	for _, title := range titles {
		card := tb.cardTitled(n, "Iris", title)
		run(t, iris, chromedp.WaitVisible(fmt.Sprintf(`[data-card="%s"] [data-act="table"]`, card)))
	}
	made, _ := cardTitled(tb.watch(n, "Iris").sees(), titles[0])
	if made.Person != fenna || made.Kind != casework.Fact || made.Class != casework.Shared || !made.Tabled.IsZero() {
		t.Errorf("it became %+v", made)
	}
	if _, seen := cardTitled(tb.watch(n, "Daan").sees(), titles[0]); seen {
		t.Error("a line is on the table")
	}
	accessible(t, iris, "fast entry")

	// The sentence below is the way to change it; what is half typed goes along to the whole form.
	run(t, iris, chromedp.KeyEvent("Adres van school"), click(`[data-column] [data-act="stance"]`), choose(`[name="line-class"]`, "private"))
	says(t, iris, `[data-column] [data-act="stance"]`, "Vanuit Fenna · feit · alleen eigen discipline · concept")
	accessible(t, iris, "what a line becomes")
	shoot(t, iris, "entry", 1280, 900, false)
	shoot(t, iris, "entry-dark", 1280, 900, true)
	shoot(t, iris, "entry-phone", 390, 844, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`[data-column] [data-act="draft"]`), readersKnown(),
		chromedp.WaitVisible(`dialog [name="title"]`), click(`dialog [type="submit"]`), closed())
	if whole, ok := cardTitled(tb.watch(n, "Iris").sees(), "Adres van school"); !ok || whole.Class != casework.Private || whole.Person != fenna {
		t.Errorf("the whole form made %+v", whole)
	}
}

// Somebody takes the person off the table while a line about that person is half
// typed: it says so, becomes what the fewest can read, and waits to be seen.
func TestLineOfAPersonWhoGoes(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := tb.watch(n, "Hanneke")
	kim := hanneke.must(t, "add_person", map[string]any{"kind": "network", "class": "shared", "name": "Kim"})
	chair := tb.window(chromium(t), n, "Hanneke")
	run(t, chair, click(fmt.Sprintf(`[data-person="%s"] [data-act="forward"]`, kim)), typeInto(line, "Belt elke dag"))
	says(t, chair, `[data-column] [data-act="stance"]`, "Vanuit Kim · feit · hele tafel · concept")
	hanneke.must(t, "remove_person", map[string]any{"person": kim})
	run(t, chair, chromedp.WaitVisible(`[data-shifted]`))
	says(t, chair, `[data-column] [data-act="stance"]`, "Professional · feit · alleen eigen discipline · concept")
	accessible(t, chair, "a line that shifted")
	shoot(t, chair, "entry-shifted", 1280, 900, false)
	run(t, chair, chromedp.Focus(line), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`[data-problem]`))
	if _, sent := cardTitled(hanneke.sees(), "Belt elke dag"); sent {
		t.Error("it was sent before it was seen")
	}
	run(t, chair, chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`[data-problem]`))
	says(t, chair, `[data-column] [data-made]`, "Concept gemaakt")
	if made, ok := cardTitled(tb.watch(n, "Hanneke").sees(), "Belt elke dag"); !ok || made.Class != casework.Private || made.Person != "" {
		t.Errorf("it became %+v", made)
	}
}

// Hanneke writes what Daan says on the phone: the two of them see it, and it is
// Daan's own once he confirms. What looks like an address is pointed out before
// somebody of the partner's side gets it.
func TestWritingForAColleague(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke, daan := tb.window(browser, n, "Hanneke"), tb.window(browser, n, "Daan")
	run(t, hanneke, press("1"), retype(line, "@Ruben: nu op 5611 AB"), chromedp.WaitVisible(`.entry [data-naming-what="postcode"]`), retype(line, "@da"), chromedp.WaitNotPresent(`.entry [data-naming]`), chromedp.WaitVisible(`[role="option"][aria-selected="true"]`))
	accessible(t, hanneke, "colleagues")
	shoot(t, hanneke, "entry-colleagues", 1280, 900, false)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`[role="option"]`), chromedp.KeyEvent("Noor slaapt weer"))
	says(t, hanneke, `[data-column] [data-act="stance"]`, "Voor Daan · Vanuit Noor · feit · vertrouwelijk · nog te bevestigen")
	run(t, hanneke, chromedp.KeyEvent("\r"), chromedp.WaitVisible(`[data-asked]`))
	says(t, hanneke, `[data-asked]`, "Voor Daan, nog niet bevestigd")
	says(t, daan, `[data-asked]`, "Hanneke schreef dit voor jou")
	shoot(t, hanneke, "asked-writer", 1280, 900, false)
	for _, name := range []string{"Iris", "Mirthe", "Ruben"} {
		if _, seen := cardTitled(tb.watch(n, name).sees(), "Noor slaapt weer"); seen {
			t.Errorf("%s sees what waits for Daan", name)
		}
	}
	run(t, daan, chromedp.EmulateViewport(1280, 900), click(`[data-act="answer"]`), readersKnown())
	accessible(t, daan, "a card to confirm")
	shoot(t, daan, "asked-confirm", 1280, 900, false)
	shoot(t, daan, "asked-confirm-phone", 390, 844, true)
	run(t, daan, chromedp.EmulateViewport(1280, 900), click(`dialog [data-act="confirm-card"]`), closed(), chromedp.WaitNotPresent(`[data-asked]`))
	card := fmt.Sprintf(`[data-card="%s"]`, tb.cardTitled(n, "Daan", "Noor slaapt weer"))
	run(t, daan, chromedp.WaitVisible(card+` [data-act="table"]`))
	run(t, hanneke, chromedp.WaitNotPresent(`[data-asked]`))
	if body := text(t, hanneke); strings.Contains(body, "Noor slaapt weer") {
		t.Error("Daan's draft is still on Hanneke's page")
	}
}

// Several pasted lines are looked at first; what is refused stays, with why.
func TestPastedLines(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	paste := func(lines string) {
		run(t, iris, evaluate(fmt.Sprintf(`(() => { const data = new DataTransfer(); data.setData("text/plain", %q);
			document.querySelector('%s').dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); })()`, lines, line)))
	}
	run(t, iris, chromedp.Focus(line))
	paste(strings.Repeat("regel\n", 51))
	says(t, iris, `[data-problem]`, "Dat zijn 51 regels. Plak er hoogstens 50 tegelijk.")
	paste("- Sliep vannacht door\n\n2. Telde tot tien\n• " + strings.Repeat("woord ", 60) + "\nWeg ermee")
	run(t, iris, chromedp.WaitVisible(`dialog [data-pasted]:nth-child(4)`))
	accessible(t, iris, "pasted lines")
	shoot(t, iris, "paste", 1280, 900, false)
	shoot(t, iris, "paste-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`dialog [data-pasted]:nth-child(4) [data-act="remove-line"]`), chromedp.WaitNotPresent(`dialog [data-pasted]:nth-child(4)`),
		chromedp.WaitVisible(`dialog [data-pasted]:nth-child(3) [data-act="remove-line"]:focus`))
	run(t, iris, typeInto(`dialog [data-pasted]:nth-child(2) input`, strings.Repeat("x", 200)), click(`dialog [type="submit"]`),
		chromedp.WaitVisible(`dialog [data-pasted] [data-reason="title_too_long"]`), chromedp.WaitNotPresent(`dialog [data-pasted]:nth-child(2)`))
	shoot(t, iris, "paste-refused", 1280, 900, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), retype(`dialog [data-pasted] input`, "Telde tot elf"), click(`dialog [type="submit"]`), closed(), chromedp.WaitVisible(line+`:focus`))
	for _, title := range []string{"Sliep vannacht door", "Telde tot elf"} {
		tb.cardTitled(n, "Iris", title)
	}
	if _, made := cardTitled(tb.watch(n, "Iris").sees(), "Weg ermee"); made {
		t.Error("a line that was taken away is a card")
	}
}

// The keys are listed, and can be turned off for who dictates.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, press("?"), chromedp.WaitVisible(`dialog .shortcut-table`))
	accessible(t, iris, "shortcuts")
	shoot(t, iris, "shortcuts", 1280, 900, false)
	shoot(t, iris, "shortcuts-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\u001b"), closed(), chromedp.WaitVisible(`[data-act="shortcuts"]:focus`),
		press("/"), chromedp.WaitVisible(`[data-filters] button:focus`),
		press("f"), chromedp.WaitVisible(`[data-act="forward"][aria-pressed="true"]`))
	says(t, iris, `[data-told]`, "Noor staat naar voren")
	// In a field a letter is a letter.
	run(t, iris, press("n"), chromedp.WaitVisible(line+`:focus`), chromedp.KeyEvent("nu?"))
	if typed := look[string](t, iris, fmt.Sprintf(`document.querySelector('%s').value`, line)); typed != "nu?" {
		t.Errorf("typed %q", typed)
	}
	run(t, iris, click(`[data-act="shortcuts"]`), click(`dialog [name="shortcuts-on"]`), chromedp.KeyEvent("\u001b"), closed(), chromedp.WaitVisible(`[data-act="shortcuts"]:focus`))
	// Tab comes after them: it goes on from the button, and by then they did what they do.
	run(t, iris, press("n"), press("?"), chromedp.KeyEvent("\t"), chromedp.WaitVisible(`.tools [data-act="hints"]:focus`))
	if look[bool](t, iris, `document.activeElement.name === "line" || document.querySelector("dialog[open]") !== null`) {
		t.Error("a key that is turned off does something")
	}
}

// Without a connection lines are typed on: they are shown as not sent yet, and
// are cards as soon as it is back. One whose column went is told with the rest.
func TestLinesWithoutAConnection(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line0, far := tb.behindNetwork(t, serveCmd{})
	iris, hanneke := tb.window(chromium(t), far, "Iris"), tb.sit(near, "Hanneke")
	columns := hanneke.State.Columns
	field := fmt.Sprintf(`[data-column="%s"] [name="line"]`, columns[0].ID)
	line0.is(func() { line0.cut = true })
	run(t, iris, chromedp.WaitVisible(`[data-state="offline"]`), chromedp.Focus(field), chromedp.KeyEvent("Sliep vannacht door"), chromedp.KeyEvent("\r"),
		chromedp.KeyEvent("Telde tot tien"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`[data-sent="waiting"]:nth-child(2)`),
		chromedp.Focus(fmt.Sprintf(`[data-column="%s"] [name="line"]`, columns[1].ID)), chromedp.KeyEvent("In de kolom die verdwijnt"), chromedp.KeyEvent("\r"))
	accessible(t, iris, "lines that wait")
	shoot(t, iris, "entry-offline", 1280, 900, false)
	ask(t, hanneke, "remove_column", map[string]any{"column": columns[1].ID, "to": columns[0].ID})
	line0.is(func() {})
	run(t, iris, retried(), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitVisible(`[data-refused="1"]`), chromedp.WaitNotPresent(`[data-sent="waiting"]`))
	for _, title := range []string{"Sliep vannacht door", "Telde tot tien"} {
		tb.cardTitled(near, "Iris", title)
	}
}

// A column goes while a line is half typed there: the words stay, and go back
// into a field that is left.
func TestLineOfAColumnThatGoes(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris, hanneke := tb.window(chromium(t), n, "Iris"), tb.watch(n, "Hanneke")
	columns := hanneke.sees().Columns
	field := fmt.Sprintf(`[data-column="%s"] [name="line"]`, columns[0].ID)
	run(t, iris, chromedp.Focus(fmt.Sprintf(`[data-column="%s"] [name="line"]`, columns[1].ID)), chromedp.KeyEvent("Half af"))
	hanneke.must(t, "remove_column", map[string]any{"column": columns[1].ID, "to": columns[0].ID})
	says(t, iris, `[data-sent="refused"] .words-of`, "Half af")
	run(t, iris, click(`[data-act="take-line"]`), chromedp.WaitNotPresent(`[data-sent]`), chromedp.WaitVisible(field+`:focus`))
	if typed := look[string](t, iris, fmt.Sprintf(`document.querySelector('%s').value`, field)); typed != "Half af" {
		t.Errorf("back in the field: %q", typed)
	}
}

// A case begins with the columns that were chosen, by keyboard.
func TestCaseFromATemplate(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := tb.window(chromium(t), n, "Hanneke")
	run(t, hanneke, chromedp.Navigate(n.origins[0]+"/"), typeInto(`form[action="/cases"] [name="name"]`, "Wilgenpad"), chromedp.Focus(`[name="template"]:checked`))
	run(t, hanneke, evaluate(`document.querySelector('[name="template"][value="three_columns"]').focus()`), chromedp.KeyEvent(" "), chromedp.WaitVisible(`[name="template"][value="three_columns"]:checked`))
	accessible(t, hanneke, "choosing a template")
	shoot(t, hanneke, "template", 1280, 900, false)
	shoot(t, hanneke, "template-phone", 390, 844, true)
	run(t, hanneke, click(`form[action="/cases"] .btn.primary`), chromedp.WaitVisible(`[data-column]:nth-child(3)`))
	says(t, hanneke, `[data-column] h2 span`, "Waar maken we ons zorgen over?")
	run(t, hanneke, click(`[data-column] [data-act="edit-column"]`), chromedp.WaitVisible(`dialog [data-form="label-column"]`))
	if kind := look[string](t, hanneke, `document.querySelector('dialog [data-form="label-column"] select').value`); kind != "concern" {
		t.Errorf("new cards there are %q", kind)
	}
	accessible(t, hanneke, "a column and its kind")
	run(t, hanneke, choose(`dialog [data-form="label-column"] select`, "question"), click(`dialog [data-form="label-column"] [type="submit"]`), closed(), chromedp.Focus(line))
	says(t, hanneke, `[data-column] [data-act="stance"]`, "Professional · vraag · vertrouwelijk · concept")
}

// press presses one key and brings no letter, as a key that the page took does not.
func press(key string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for _, typ := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: typ, Key: key}); err != nil {
				return err
			}
		}
		return nil
	})
}
