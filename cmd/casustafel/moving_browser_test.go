package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/casustafel/casustafel/internal/casework"
)

// Iris drags a card to another column: a line shows where it would go, and it
// stands there at once for her and then for Ruben. A column that is taken away
// while she drags over it leaves the card where it lies.
func TestCardIsDragged(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke := tb.sit(n, "Hanneke")
	columns := hanneke.State.Columns
	facts, words, last := columns[0].ID, columns[1].ID, columns[len(columns)-1].ID
	card, before := hanneke.State.Order[facts][1], hanneke.State.Order[words][1]
	iris, ruben := tb.window(browser, n, "Iris"), tb.window(browser, n, "Ruben")
	run(t, iris, chromedp.EmulateViewport(1920, 1080), forbidden())

	from, to := way(t, iris, card, face(before), .1)
	run(t, iris, hold(from), drag(to), chromedp.WaitVisible(face(before)+`[data-drop="before"]`), chromedp.WaitVisible(face(card)+`[data-dragging]`))
	shoot(t, iris, "dragging", 1920, 1080, false)
	shoot(t, iris, "dragging-dark", 1920, 1080, true)
	run(t, iris, release(to), stands(words, hanneke.State.Order[words][0], card), stands(words, card, before))
	run(t, ruben, stands(words, card, before))
	tells(t, iris, `[data-moved]`, "Verplaatst naar Eigen woorden, na ‘Ik slaap pas als Bram slaapt.’")
	run(t, iris, chromedp.WaitNotPresent(`[data-drop], [data-dragging], [data-saving]`))

	// The column goes from under the pointer, and a card of hers with it.
	from, to = way(t, iris, card, fmt.Sprintf(`[data-column="%s"] header`, last), .5)
	run(t, iris, hold(from), drag(to), chromedp.WaitVisible(fmt.Sprintf(`[data-column="%s"] .cards[data-drop]`, last)))
	ask(t, hanneke, "remove_column", map[string]any{"column": last, "to": facts})
	run(t, iris, chromedp.WaitNotPresent(fmt.Sprintf(`[data-column="%s"]`, last)), release(to),
		chromedp.WaitNotPresent(`[data-dragging]`), stands(words, card, before))

	// Her board goes on as before.
	end := hanneke.State.Order[facts]
	from, to = way(t, iris, card, fmt.Sprintf(`[data-column="%s"] [data-act="draft"]`, facts), .5)
	run(t, iris, hold(from), drag(to), chromedp.WaitVisible(face(end[len(end)-1])+`[data-drop="after"], .cards [data-drop]`), release(to))
	run(t, ruben, chromedp.WaitVisible(fmt.Sprintf(`[data-column="%s"] %s`, facts, face(card))))
	if broken, err := chromedp.Run(iris, chromedp.Evaluate[string](`violations.join()`)); err != nil || broken != "" {
		t.Errorf("the page's policy was broken: %s %v", broken, err)
	}
}

// The same by keyboard alone, and with a thumb.
func TestCardIsMovedWithoutDragging(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, chromedp.EmulateViewport(1280, 900))
	seen := tb.sit(n, "Iris").State
	facts, words, concerns := seen.Columns[0].ID, seen.Columns[1].ID, seen.Columns[3].ID
	card := seen.Order[facts][0]
	run(t, iris, chromedp.Focus(face(card)+` [data-act="move"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`dialog [name="column"]:checked:focus`),
		chromedp.KeyEvent(kb.ArrowDown), chromedp.WaitVisible(fmt.Sprintf(`dialog [name="column"][value="%s"]:checked`, words)), chromedp.KeyEvent("\t"),
		chromedp.WaitVisible(`dialog [name="after"]:focus`), chromedp.KeyEvent(kb.ArrowDown), chromedp.WaitVisible(`dialog [name="after"][value=""]:checked`))
	accessible(t, iris, "where to move a card")
	shoot(t, iris, "move-dialog", 1280, 900, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\r"), closed(), stands(words, card, seen.Order[words][0]),
		chromedp.WaitVisible(face(card)+` [data-act="open"]:focus`))
	tells(t, iris, `[data-moved]`, "Verplaatst naar Eigen woorden, vooraan")

	run(t, iris, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	shoot(t, iris, "move-phone-before", 390, 844, false)
	run(t, iris, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.ScrollIntoView(face(card)))
	touch(t, iris, face(card)+` [data-act="move"]`)
	run(t, iris, chromedp.WaitVisible(`dialog [name="column"]:checked`))
	touch(t, iris, fmt.Sprintf(`dialog label:has([value="%s"])`, concerns))
	run(t, iris, chromedp.WaitVisible(fmt.Sprintf(`dialog [name="column"][value="%s"]:checked`, concerns)))
	accessible(t, iris, "where to move a card, on a phone")
	small, err := chromedp.Run(iris, chromedp.Evaluate[string](`[...document.querySelectorAll("dialog label, dialog button")].filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML).join("\n")`))
	if err != nil || small != "" {
		t.Errorf("too small for a thumb: %s %v", small, err)
	}
	shoot(t, iris, "move-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	touch(t, iris, `dialog [data-act="confirm"]`)
	run(t, iris, closed(), stands(concerns, seen.Order[concerns][0], card))
}

// Without a connection a card stands where Iris put it, and says that this is
// not saved. What others did meanwhile comes first: her move of the same card is
// the later one, and the column that is gone takes no card.
func TestMovesThatMeet(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke := tb.sit(n, "Hanneke")
	columns := hanneke.State.Columns
	facts, words, questions, last := columns[0].ID, columns[1].ID, columns[2].ID, columns[len(columns)-1].ID
	both, stays := hanneke.State.Order[facts][0], hanneke.State.Order[facts][1]
	iris, ruben := tb.window(browser, n, "Iris"), tb.window(browser, n, "Ruben")
	if _, err := chromedp.Call(iris, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: switchable}); err != nil {
		t.Fatal(err)
	}
	run(t, ruben, chromedp.EmulateViewport(1280, 900))
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.Reload(), chromedp.WaitVisible(`[data-state="live"]`))
	move := func(who context.Context, card casework.CardID, column casework.ColumnID) {
		t.Helper()
		run(t, who, click(face(card)+` [data-act="move"]`), click(fmt.Sprintf(`dialog [name="column"][value="%s"]`, column)), click(`dialog [type="submit"]`), closed())
	}

	run(t, iris, evaluate(`line(false)`), chromedp.WaitVisible(`[data-state="offline"]`))
	move(iris, both, words)
	move(iris, stays, last)
	run(t, iris, chromedp.WaitVisible(inColumn(words, both)+` [data-saving]`), chromedp.WaitVisible(inColumn(last, stays)+` [data-saving]`))
	shoot(t, iris, "moved-offline", 1280, 900, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900))

	move(ruben, both, questions)
	ask(t, hanneke, "remove_column", map[string]any{"column": last, "to": questions})
	run(t, ruben, chromedp.WaitVisible(inColumn(questions, both)))
	run(t, iris, evaluate(`line(true)`), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitNotPresent(`[data-saving]`),
		chromedp.WaitVisible(inColumn(words, both)), chromedp.WaitVisible(inColumn(facts, stays)))
	run(t, ruben, chromedp.WaitVisible(inColumn(words, both)), chromedp.WaitVisible(inColumn(facts, stays)))
	run(t, iris, chromedp.WaitVisible(`[data-refused-command="move_card"][data-reason="column_gone"]`))
	accessible(t, iris, "a move that could not be")
	shoot(t, iris, "move-corrected", 1280, 900, false)
}

const (
	// switchable lets a test take the page's line down and bring it back.
	switchable = `(() => {
		const Real = WebSocket, open = [];
		let up = true;
		window.WebSocket = class extends Real { constructor(at, protocol) { super(up ? at : at.replace("/live", "/nowhere"), protocol); open.push(this); } };
		window.line = (on) => { up = on; if (on) dispatchEvent(new Event("online")); else open.splice(0).forEach((socket) => socket.close()); };
	})()`
)

func face(card casework.CardID) string { return fmt.Sprintf(`[data-card="%s"]`, card) }

func inColumn(column casework.ColumnID, card casework.CardID) string {
	return fmt.Sprintf(`[data-column="%s"] %s`, column, face(card))
}

// stands waits until the one card stands directly before the other in the column.
func stands(column casework.ColumnID, first, second casework.CardID) chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(fmt.Sprintf(`[data-column="%s"] %s + %s`, column, face(first), face(second)))
}

// forbidden gathers what the page's content security policy forbids.
func forbidden() chromedp.Action[chromedp.Void] {
	return evaluate(`window.violations = []; addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective))`)
}

type point struct{ X, Y float64 }

// spot is a point in the middle of an element, at a part of its height.
func spot(t *testing.T, ctx context.Context, selector string, part float64) point {
	t.Helper()
	run(t, ctx, chromedp.WaitVisible(selector))
	at, err := chromedp.Run(ctx, chromedp.Evaluate[point](fmt.Sprintf(`(() => { const element = document.querySelector(%q); element.scrollIntoViewIfNeeded();
		const box = element.getBoundingClientRect(); return {X: box.left + box.width / 2, Y: box.top + box.height * %g}; })()`, selector, part)))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// way is from a card to a part of the height of an element. Either may scroll
// into view and so move the other: the card is where it was measured, or the test fails.
func way(t *testing.T, ctx context.Context, card casework.CardID, end string, part float64) (from, to point) {
	t.Helper()
	spot(t, ctx, end, part)
	from = spot(t, ctx, face(card)+` .top`, .5)
	to = spot(t, ctx, end, part)
	if !look[bool](t, ctx, fmt.Sprintf(`document.elementFromPoint(%g, %g)?.closest(%q) != null`, from.X, from.Y, face(card))) {
		t.Fatalf("card %s does not lie where it is to be taken up", card)
	}
	return from, to
}

func hold(at point) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(mouse(input.DispatchMouseEventTypeMouseMoved, at, 0), mouse(input.DispatchMouseEventTypeMousePressed, at, 1))
}

// drag moves in a few steps: a browser starts a drag after some distance only.
func drag(to point) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(mouse(input.DispatchMouseEventTypeMouseMoved, point{to.X - 30, to.Y - 30}, 1), mouse(input.DispatchMouseEventTypeMouseMoved, point{to.X - 5, to.Y}, 1), mouse(input.DispatchMouseEventTypeMouseMoved, to, 1))
}

func release(at point) chromedp.Action[chromedp.Void] {
	return mouse(input.DispatchMouseEventTypeMouseReleased, at, 0)
}

func mouse(kind input.DispatchMouseEventType, at point, held int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y, Button: input.MouseButtonLeft, Buttons: held, ClickCount: 1})
		return err
	})
}
