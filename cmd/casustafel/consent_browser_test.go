package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/casustafel/casustafel/internal/casework"
)

// Noor told Daan not to share with Ruben. Daan puts it down, and is told when he
// is about to share her card, which stays possible. Of what she said, and that
// she said anything, nothing reaches Ruben: not on his page, not in a frame.
func TestConsentIsToldToWhomItConcerns(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	daan, ruben := tb.window(browser, n, "Daan"), tb.window(browser, n, "Ruben")
	frames := tb.watch(n, "Ruben")
	noor := tb.person(frames, "Noor")

	own := fmt.Sprintf(`[data-form="record-consent"] [data-sharing="perpetrator_support"] [data-by="%s"]`, tb.users["Daan"])
	run(t, daan, openPerson(noor), choose(`[data-form="record-consent"] [name="sharing"]`, "perpetrator_support"),
		answer("none"), chromedp.WaitNotPresent(own), answer("refused"), chromedp.WaitVisible(own+`[data-consent="refused"]`))
	// Everything of it works by keyboard alone: the next answer up, and Enter.
	run(t, daan, choose(`[data-form="record-consent"] [name="sharing"]`, "table"), chromedp.WaitVisible(`[data-form="record-consent"] [value="agreed"]:checked`), idle(), chromedp.Focus(`[data-form="record-consent"] [value="none"]`),
		chromedp.KeyEvent(kb.ArrowUp), chromedp.WaitVisible(`[data-form="record-consent"] [value="unsafe"]:checked`), chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(`[data-form="record-consent"] [data-sharing="table"] [data-consent="unsafe"]`))
	accessible(t, daan, "consent of a person")
	shootEach(t, daan, "consent", `[data-form="record-consent"]`)
	run(t, daan, chromedp.KeyEvent("\u001b"), closed())

	card := tb.cardTitled(n, "Daan", "Post blijft dicht: niet kunnen, eerder dan niet willen.")
	for _, c := range frames.sees().Consents {
		if c.Person == noor {
			t.Errorf("Ruben knows of %v", c)
		}
	}
	run(t, daan, click(fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card)), click(`dialog [data-act="share"]`), choose(`dialog [name="class"]`, "shared"),
		readersKnown(), chromedp.WaitVisible(`dialog [data-consent-notice="refused"]`), chromedp.WaitVisible(`dialog [data-consent-notice="unsafe"]`))
	accessible(t, daan, "sharing against a refusal")
	shootEach(t, daan, "consent-share", `[data-sharing-consent]`)
	run(t, daan, click(`dialog [type="submit"]`), closed())
	run(t, ruben, chromedp.WaitVisible(fmt.Sprintf(`[data-card="%s"]`, card)))

	// Ruben may record what Joris says, and finds nothing of Noor's.
	joris := tb.person(frames, "Joris")
	run(t, ruben, chromedp.WaitNotPresent(fmt.Sprintf(`[data-person="%s"] [data-act="edit-person"]`, noor)), openPerson(joris))
	page := text(t, ruben)
	frames.until(t, "the shared card", func() bool { return frames.state.Cards[card].ID != "" })
	for _, word := range []string{"geweigerd", "weigerde", "refused", "unsafe", "record_consent"} {
		if frames.got(word) {
			t.Errorf("%q came to Ruben", word)
		}
		if strings.Contains(page, `data-consent="`+word) || strings.Contains(page, "Noor "+word) {
			t.Errorf("%q stands on Ruben's page", word)
		}
	}
	if changes := countFrames(frames, `"t":"change"`); changes != 1 {
		t.Errorf("%d changes came to Ruben, for one card that he came to see", changes)
	}
}

// Iris says that Joris has custody of the children as well, and is told what
// their age asks when she puts a card on the table.
func TestCustodyAndAgeAreHints(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	frames := tb.watch(n, "Iris")
	joris := tb.person(frames, "Joris")
	for name, rule := range map[string]string{"Fenna": "from12", "Bram": "under12"} {
		child := tb.person(frames, name)
		run(t, iris, openPerson(child), chromedp.WaitVisible(fmt.Sprintf(`[data-age-rule=%q]`, rule)),
			click(fmt.Sprintf(`[data-form="custody"] [value="%s"]`, joris)), click(`[data-form="custody"] [data-act="confirm"]`))
		frames.until(t, "the custody of "+name, func() bool {
			return slices.Contains(frames.state.Custody, casework.Custody{Child: child, Person: joris})
		})
		accessible(t, iris, "custody")
		shootEach(t, iris, "custody-"+name, `[data-form="custody"]`)
		run(t, iris, chromedp.KeyEvent("\u001b"), closed())
		draft := frames.must(t, "draft_card", map[string]any{"column": frames.sees().Columns[0].ID, "title": "begin", "person": child, "class": "shared", "kind": "fact"})
		run(t, iris, click(fmt.Sprintf(`[data-card="%s"] [data-act="table"]`, draft)), readersKnown(),
			chromedp.WaitVisible(fmt.Sprintf(`[data-sharing-consent] [data-age-rule=%q]`, rule)))
		if said := text(t, iris); !strings.Contains(said, "Gezag over "+name+": Noor en Joris.") {
			t.Errorf("at a card of %s it is not said who has custody", name)
		}
		shootEach(t, iris, "consent-table-"+name, `[data-sharing-consent]`)
		run(t, iris, click(`dialog [type="submit"]`), closed())
	}
}

// Names of two hundred characters without a blank, from right to left, and of
// signs that are several characters each: everything of a person stays in its
// place, on a phone too.
func TestPersonDialogsHoldAnyName(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	frames := tb.watch(n, "Iris")
	add := func(kind, name string) casework.PersonID {
		return casework.PersonID(frames.must(t, "add_person", map[string]any{"kind": kind, "class": "shared", "name": name}))
	}
	child := add("child", strings.Repeat("Wilhelminaantje", 14)[:200])
	for _, name := range []string{"נועה בת־שבע", "👩‍👧‍👦 Zoë 🌿", strings.Repeat("ليلى", 50), strings.Repeat("👨‍👩‍👧", 40)} {
		adult := add("parent", name)
		frames.must(t, "give_custody", map[string]any{"child": child, "person": adult})
	}
	tb.member(n, tb.users["Iris"], casework.Member{Role: casework.ChildWorker, Beside: []casework.PersonID{child}})
	run(t, iris, openPerson(child), chromedp.WaitVisible(`[data-form="custody"]`), chromedp.WaitVisible(`[data-age-rule="unknown"]`))
	for _, width := range []int64{390, 820, 1280} {
		run(t, iris, chromedp.EmulateViewport(width, 900))
		wide, err := chromedp.Run(iris, chromedp.Evaluate[string](`[document.documentElement, ...document.querySelectorAll("dialog, dialog *")]
			.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== "inline" && !e.matches("input, .visually-hidden"))
			.map((e) => e.tagName + "." + e.className + " " + e.scrollWidth + ">" + e.clientWidth).join(", ")`))
		if err != nil || wide != "" {
			t.Errorf("at %d these are wider than their place: %s %v", width, wide, err)
		}
	}
	accessible(t, iris, "a person with a long name")
	shootEach(t, iris, "names", `[data-form="custody"]`)
}

func openPerson(id casework.PersonID) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(click(fmt.Sprintf(`[data-person="%s"] [data-act="edit-person"]`, id)), chromedp.WaitVisible(`[data-form="record-consent"]`))
}

// answer chooses an answer and saves it.
func answer(of string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(click(fmt.Sprintf(`[data-form="record-consent"] [value=%q]`, of)), idle(), click(`[data-form="record-consent"] [data-act="confirm"]`))
}

// idle waits until the answer before is saved: what it changed may be seen sooner.
func idle() chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(`[data-form="record-consent"] [data-act="confirm"]:not([aria-disabled="true"])`)
}

// shootEach shoots a part of a dialog on a phone, a tablet, a desktop, and in the dark.
func shootEach(t *testing.T, ctx context.Context, name, part string) {
	t.Helper()
	run(t, ctx, chromedp.ScrollIntoView(part))
	shoot(t, ctx, name+"-phone", 390, 844, false)
	shoot(t, ctx, name+"-tablet", 820, 1100, false)
	shoot(t, ctx, name+"-dark", 1280, 900, true)
	shoot(t, ctx, name, 1280, 900, false)
}

// countFrames tells how many frames that hold the words came.
func countFrames(w *watcher, words string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, f := range w.frames {
		n += strings.Count(string(f), words)
	}
	return n
}
