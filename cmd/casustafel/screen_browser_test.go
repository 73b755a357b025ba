package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The chair ticks who is in the room and shows the Scherm in a window of its
// own: only what everybody reads is there. Who is ticked later, or sits down
// without being on the list, blanks it; the chair shows it again.
func TestSchermInTheMeetingRoom(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke := tb.window(browser, n, "Hanneke")
	tick := func(name string) chromedp.Action[chromedp.Void] {
		box := fmt.Sprintf(`dialog [value="%s"]`, tb.users[name])
		return chromedp.Steps(click(box), chromedp.WaitVisible(box+`:checked`))
	}
	run(t, hanneke, click(`[data-act="attendance"]`), tick("Daan"), tick("Iris"),
		typeInto(`dialog [name="guest"]`, "Wijkagent Piet"), typeInto(`dialog [name="from"]`, "politie"), click(`dialog [type="submit"]`),
		chromedp.WaitVisible(`dialog [data-guest]`))
	accessible(t, hanneke, "attendance")
	shoot(t, hanneke, "attendance", 1280, 900, false)
	shoot(t, hanneke, "attendance-phone", 390, 844, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\u001b"), closed(), chromedp.WaitVisible(`[data-act="attendance"]:focus`))

	screen, quit := chromedp.NewContext(hanneke)
	t.Cleanup(quit)
	const blank, shown = `[data-screen="blank"]`, `[data-screen="shown"]`
	run(t, screen, chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)+"/screen"), chromedp.WaitVisible(blank))
	accessible(t, screen, "a blank Scherm")
	shoot(t, screen, "scherm-blank", 1280, 720, true)
	if body := text(t, screen); strings.Contains(body, "Zilverlinde") || strings.Contains(body, "Fenna") {
		t.Error("a blank Scherm tells of the case")
	}
	run(t, hanneke, click(`[data-act="show-screen"]`), chromedp.WaitVisible(`[data-act="blank-screen"]`))
	run(t, screen, chromedp.WaitVisible(shown))
	accessible(t, screen, "the Scherm")
	shoot(t, screen, "scherm", 1920, 1080, false)
	shoot(t, screen, "scherm-720", 1280, 720, true)
	body := text(t, screen)
	for _, hidden := range []string{"Post blijft dicht", "Intake GGzE", "Berichten nemen toe", "Bram mag woensdag", "Werkaantekening"} {
		if strings.Contains(body, hidden) {
			t.Errorf("%q is on the Scherm", hidden)
		}
	}
	if !strings.Contains(body, "Ik slaap pas als Bram slaapt") {
		t.Error("what the whole table may read is not on the Scherm")
	}
	if controls, err := chromedp.Run(screen, chromedp.Evaluate[int](`document.querySelectorAll("#board input, #board button:not([data-act=leave-screen]), #board textarea, #board select, dialog").length`)); err != nil || controls != 0 {
		t.Errorf("the Scherm has %d things to press or fill in, %v", controls, err)
	}

	// Ruben is ticked, and it is blank until the chair shows it again.
	run(t, hanneke, click(`[data-act="attendance"]`), tick("Ruben"), chromedp.KeyEvent("\u001b"), closed())
	run(t, screen, chromedp.WaitVisible(blank))
	run(t, hanneke, click(`[data-act="show-screen"]`), chromedp.WaitVisible(`[data-act="blank-screen"]`))
	run(t, screen, chromedp.WaitVisible(shown))
	// Mirthe sits down.
	mirthe := tb.window(browser, n, "Mirthe")
	run(t, screen, chromedp.WaitVisible(blank))
	run(t, hanneke, chromedp.WaitVisible(`[data-unlisted]`))
	shoot(t, hanneke, "unlisted", 1280, 900, false)
	shoot(t, hanneke, "unlisted-tablet", 820, 1100, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(`[data-act="tick-late"]`), chromedp.WaitNotPresent(`[data-unlisted]`), click(`[data-act="show-screen"]`))
	run(t, screen, chromedp.WaitVisible(shown))
	run(t, mirthe, chromedp.WaitVisible(`[data-screen-on]`))
	accessible(t, hanneke, "the board of who leads")
	// One key blanks it, also while the answer to what was done before hangs.
	run(t, hanneke, chromedp.WaitVisible(`[data-act="blank-screen"]`), chromedp.KeyEvent("b"))
	run(t, screen, chromedp.WaitVisible(blank))
	run(t, hanneke, evaluate(answersHang), click(`[data-act="show-screen"]`), chromedp.WaitVisible(`[data-act="blank-screen"]`))
	run(t, screen, chromedp.WaitVisible(shown))
	run(t, hanneke, chromedp.KeyEvent("b"), evaluate(`answersCome()`), chromedp.WaitVisible(`[data-act="show-screen"]`))
	run(t, screen, chromedp.WaitVisible(blank))
	// The way back to the board asks who is there.
	run(t, screen, click(`[data-act="leave-screen"]`), chromedp.WaitVisible(`[data-lock]`))
	run(t, hanneke, chromedp.WaitVisible(`[data-lock]`))
	run(t, screen, holds(`document.readyState === "complete" && location.pathname.endsWith("`+string(tb.id)+`")`), chromedp.WaitVisible(`[data-lock]`))
	bare(t, screen, "after the Scherm")
	run(t, screen, click(`[data-act="unlock"]`), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitVisible(`[data-act="attendance"]`))
}

// answersHang keeps the answers to what a page sends from now on from it, until answersCome.
const answersHang = `(() => {
	const send = WebSocket.prototype.send, held = [];
	WebSocket.prototype.send = function (frame) {
		WebSocket.prototype.send = send;
		const hear = this.onmessage;
		this.onmessage = (event) => JSON.parse(event.data).t === "answer" ? held.push(event) : hear.call(this, event);
		window.answersCome = () => { this.onmessage = hear; held.forEach((event) => hear.call(this, event)); };
		this.send(frame);
	};
})()`

// The chair looks as Ruben: what both read, in a frame, with nothing to write in
// and a way back. Nobody else gets there.
func TestKijkAlsInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	hanneke, iris := tb.window(browser, n, "Hanneke"), tb.window(browser, n, "Iris")
	const live, lens = `[data-state="live"]`, `[data-lens]`
	as := fmt.Sprintf(`/cases/%s/as/%s`, tb.id, tb.users["Ruben"])
	run(t, hanneke, click(`[data-act="look-as"]`), chromedp.WaitVisible(`dialog [data-as]`))
	accessible(t, hanneke, "whom to look as")
	shoot(t, hanneke, "kijk-als-list", 390, 844, false)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(fmt.Sprintf(`dialog [href="%s"]`, as)), chromedp.WaitVisible(lens), chromedp.WaitVisible(live), chromedp.WaitVisible(`[data-card]`))
	accessible(t, hanneke, "Kijk als")
	shoot(t, hanneke, "kijk-als", 1280, 900, false)
	shoot(t, hanneke, "kijk-als-phone", 390, 844, true)
	body := text(t, hanneke)
	for _, hidden := range []string{"Post blijft dicht", "Intake GGzE", "Bram mag woensdag", "Werkaantekening"} {
		if strings.Contains(body, hidden) {
			t.Errorf("as Ruben, Hanneke reads %q", hidden)
		}
	}
	for _, read := range []string{"Berichten nemen toe", "Ik slaap pas als Bram slaapt"} {
		if !strings.Contains(body, read) {
			t.Errorf("as Ruben, Hanneke does not read %q", read)
		}
	}
	for _, act := range []string{"draft", "edit", "move", "table", "add-column", "add-person", "attendance", "look-as", "undo", "case"} {
		if strings.Contains(body, fmt.Sprintf(`data-act="%s"`, act)) {
			t.Errorf("as Ruben, Hanneke can %s", act)
		}
	}
	if fields, err := chromedp.Run(hanneke, chromedp.Evaluate[int](`document.querySelectorAll("#board textarea, #board input[type=text], #board input:not([type])").length`)); err != nil || fields != 0 {
		t.Errorf("there are %d fields to type in, %v", fields, err)
	}
	// She is at the table herself; what was said about sharing she reads, and changes nothing of it.
	tells(t, hanneke, fmt.Sprintf(`.seat.here[data-member="%s"]`, tb.users["Hanneke"]), "kijkt mee")
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.WaitNotPresent(`[data-only="change"]`), click(`[data-only="read"]`), chromedp.WaitVisible(`dialog [data-form="record-consent"]`))
	if forms := look[int](t, hanneke, `document.querySelectorAll("dialog form").length`); forms != 0 {
		t.Errorf("as Ruben, Hanneke has %d forms about a person", forms)
	}
	run(t, hanneke, chromedp.KeyEvent("\u001b"), closed(), click(`[data-act="leave-lens"]`), chromedp.WaitNotPresent(lens), chromedp.WaitVisible(live), chromedp.WaitVisible(`[data-act="attendance"]`))
	if cut := look[bool](t, hanneke, `(({scrollWidth, clientWidth}, add) => scrollWidth > clientWidth || add.getBoundingClientRect().right > innerWidth)(document.querySelector(".family ul"), document.querySelector("[data-act=add-person]"))`); cut {
		t.Error("five persons of the family and the way to add one do not stand beside each other")
	}
	for _, c := range []struct{ path, end string }{{as, `[data-ended="lens"]`}, {fmt.Sprintf("/cases/%s/screen", tb.id), `[data-screen="blank"]`}} {
		run(t, iris, chromedp.Navigate(n.origins[0]+c.path), chromedp.WaitVisible(c.end))
		accessible(t, iris, "no place at "+c.path)
		if body := text(t, iris); strings.Contains(body, "Fenna") || strings.Contains(body, "Zilverlinde") {
			t.Errorf("Iris reads of the case at %s", c.path)
		}
	}
}
