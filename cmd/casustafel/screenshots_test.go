package main

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/note"
)

// TestScreenshots takes the pictures of the README (make screenshots): it tests
// nothing, and takes none where CASUSTAFEL_SHOTS names no directory.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("CASUSTAFEL_SHOTS")
	if dir == "" {
		return
	}
	tb, n := newTable(t)
	iris := tb.watch(n, "Iris")
	card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[1].ID, "title": "Tekende het huis, zonder deur", "person": tb.person(iris, "Fenna"),
		"class": "confidential", "kind": "words", "domain": "daily_life", "seen": "shelter",
		"text": "Wat zij erbij zei:\n\n> Hier kan niemand in.\n\n- [x] tekening bewaard\n- [ ] met **Noor** bespreken, als Fenna dat wil"})
	iris.must(t, "table_card", map[string]any{"card": card})
	iris.leave()

	browser := chromium(t)
	ruben, child := tb.window(browser, n, "Ruben"), tb.window(browser, n, "Iris")
	beside(t, dir, "board-side-by-side", picture(t, child, 960, 880, false), picture(t, ruben, 960, 880, false))
	save(t, dir, "board-dark", picture(t, child, 1280, 820, true))
	save(t, dir, "board-tablet", picture(t, child, 820, 1100, false))
	save(t, dir, "board-phone", picture(t, child, 390, 844, false))
	save(t, dir, "board-meeting-room", picture(t, child, 1920, 1080, false))
	run(t, child, chromedp.EmulateViewport(1280, 820), click(`[data-card="`+card+`"] [data-act="open"]`), readersKnown(), chromedp.WaitVisible(`[data-note="rendered"]`))
	save(t, dir, "card-panel", picture(t, child, 1280, 820, false))
	save(t, dir, "card-panel-phone", picture(t, child, 390, 844, true))
	pictureOfANote(t, tb, n, browser, child, dir)
	picturesOfTheChair(t, tb, n, browser, dir)
	picturesOfPeople(t, tb, n, browser, dir)
	run(t, child, chromedp.EmulateViewport(1280, 820), chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`[data-act="lock"]`))
	save(t, dir, "my-cases", picture(t, child, 820, 900, false))
	run(t, child, click(`[data-act="lock"]`), chromedp.WaitVisible(`[data-lock]`))
	save(t, dir, "lock", picture(t, child, 820, 900, false))
}

// pictureOfANote is a text that Iris has open while Daan writes in it.
func pictureOfANote(t *testing.T, tb *table, n *node, browser, iris context.Context, dir string) {
	t.Helper()
	author := tb.sit(n, "Iris")
	card := tableNote(t, author, "Wat spreken we deze week af?")
	ask(t, author, "write_note", map[string]any{"card": card, "base": "", "changes": note.Between("", "## Deze week\n\n- [x] huisarts gebeld\n- [ ] @Mirthe belt Noor op dinsdag\n\n::: woorden\n“Ik wil één iemand bellen, niet vijf.”\n:::\n\nNoor belt voortaan Daan.")})
	daan := tb.window(browser, n, "Daan")
	run(t, iris, chromedp.KeyEvent("\u001b"), closed(), chromedp.EmulateViewport(1280, 820), writes(card))
	run(t, daan, chromedp.EmulateViewport(1280, 820), writes(card), types(" Hij staat er elke avond"), stored())
	// Where the pointer rests on a caret, its name stays.
	run(t, iris, chromedp.WaitVisible(`dialog [data-caret]`), reads(look[string](t, daan, written)), chromedp.WaitVisible(`[data-along="1"]`), points(`dialog [data-caret]`))
	save(t, dir, "note-together", picture(t, iris, 1280, 800, false))
	run(t, iris, chromedp.EmulateViewport(1280, 820), escape(), chromedp.WaitVisible(`dialog [data-note]`), escape(), closed())
}

// picturesOfTheChair are the attendance list, the Scherm and Kijk als.
func picturesOfTheChair(t *testing.T, tb *table, n *node, browser context.Context, dir string) {
	t.Helper()
	hanneke := tb.window(browser, n, "Hanneke")
	run(t, hanneke, chromedp.EmulateViewport(1280, 820), click(`[data-act="attendance"]`))
	for _, name := range []string{"Daan", "Iris", "Mirthe", "Ruben"} {
		run(t, hanneke, click(`dialog [value="`+string(tb.users[name])+`"]`), chromedp.WaitVisible(`dialog [value="`+string(tb.users[name])+`"]:checked`))
	}
	run(t, hanneke, chromedp.KeyEvent("\u001b"), closed(), click(`[data-act="show-screen"]`), chromedp.WaitVisible(`[data-act="blank-screen"]`))
	page := n.origins[0] + "/cases/" + string(tb.id)
	run(t, hanneke, chromedp.Navigate(page+"/screen"), chromedp.WaitVisible(`[data-screen="shown"]`))
	save(t, dir, "scherm", picture(t, hanneke, 1920, 1080, false))
	run(t, hanneke, chromedp.Navigate(page+"/as/"+string(tb.users["Ruben"])), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitVisible(`[data-card]`))
	save(t, dir, "kijk-als", picture(t, hanneke, 1280, 820, false))
}

// picture is what a window shows, and no more than that.
func picture(t *testing.T, ctx context.Context, width, height int64, dark bool) []byte {
	t.Helper()
	run(t, ctx, chromedp.EmulateViewport(width, height))
	scheme(t, ctx, dark)
	shown, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func save(t *testing.T, dir, name string, shown []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name+".png"), shown, 0o644); err != nil {
		t.Fatal(err)
	}
}

// beside puts two pictures next to each other.
func beside(t *testing.T, dir, name string, left, right []byte) {
	t.Helper()
	const gap = 16
	var parts []image.Image
	wide, high := 0, 0
	for _, shown := range [][]byte{left, right} {
		part, err := png.Decode(bytes.NewReader(shown))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
		wide, high = wide+part.Bounds().Dx(), max(high, part.Bounds().Dy())
	}
	both := image.NewRGBA(image.Rect(0, 0, wide+gap, high))
	at := 0
	for _, part := range parts {
		draw.Draw(both, part.Bounds().Add(image.Pt(at, 0)), part, image.Point{}, draw.Src)
		at += part.Bounds().Dx() + gap
	}
	var out bytes.Buffer
	if err := png.Encode(&out, both); err != nil {
		t.Fatal(err)
	}
	save(t, dir, name, out.Bytes())
}

// picturesOfPeople are the team, who can see what, who may do what, and the access log.
func picturesOfPeople(t *testing.T, tb *table, n *node, browser context.Context, dir string) {
	t.Helper()
	card := tb.cardTitled(n, "Hanneke", "Post blijft dicht: niet kunnen, eerder dan niet willen.")
	page := n.origins[0] + "/cases/" + string(tb.id)
	hanneke, els := tb.window(browser, n, "Hanneke"), tb.enters(n, "Els")
	for name, to := range map[string]string{"team": page + "/team", "who-can-see-what": page + "/access?about=c" + string(card), "who-may-what": n.origins[0] + "/policy?role=perpetrator_support"} {
		run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(to), chromedp.WaitVisible(`main h1`))
		save(t, dir, name, picture(t, hanneke, 1280, 900, false))
	}
	run(t, els, chromedp.Navigate(n.origins[0]+"/records"), chromedp.WaitVisible(`.log`))
	save(t, dir, "access-log", picture(t, els, 1280, 900, false))
	month := tb.aBusyMonth(n).Format("2006-01")
	run(t, els, chromedp.Navigate(n.origins[0]+"/overview"), choose(`#month`, month), click(`[data-act="month"]`), arrives(`document.querySelector(".period:focus")`))
	save(t, dir, "access-overview", picture(t, els, 1280, 1100, false))
	run(t, els, chromedp.Navigate(n.origins[0]+"/reviews/"+month), chromedp.WaitVisible(`.counts`))
	save(t, dir, "access-month", picture(t, els, 1280, 1100, false))
}
