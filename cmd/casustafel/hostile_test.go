package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/room"
)

// bystander is somebody who works on while others misbehave: every test here
// ends with an answer to it.
func bystander(t *testing.T, tb *table, n *node) (worksOn func()) {
	t.Helper()
	w := tb.watch(n, "Daan")
	return func() {
		t.Helper()
		w.must(t, "draft_card", map[string]any{"column": w.sees().Columns[0].ID, "title": "Ging gewoon door", "class": "private", "kind": "fact"})
	}
}

// Frames that make no sense end the connection of whoever sends them, with one
// code, and nobody else's.
func TestFramesThatMakeNoSense(t *testing.T) {
	tb, n := newTable(t)
	defer bystander(t, tb, n)()
	iris := tb.browser(n, "Iris")
	join := fmt.Sprintf(`{"t":"join","case":%q}`, tb.id)
	deep := `{"t":"do","id":"23456789ABCDEFGH","cmd":"undo","with":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`
	for name, frame := range map[string]struct {
		kind int
		body string
	}{
		"not json": {textFrame, "hallo"}, "empty": {textFrame, ""}, "an array": {textFrame, "[]"}, "null": {textFrame, "null"},
		"no name": {textFrame, "{}"}, "an unknown name": {textFrame, `{"t":"sudo"}`}, "a field too many": {textFrame, `{"t":"focus","x":1}`},
		"binary": {binaryFrame, join}, "a second join": {textFrame, join}, "deep": {textFrame, deep},
		"half": {textFrame, join[:20]}, "a wrong type": {textFrame, `{"t":"do","id":7}`},
		"a focus that is no id":   {textFrame, `{"t":"focus","card":"../../etc"}`},
		"a caret before the text": {textFrame, `{"t":"caret","card":"ZZZZZZZZZZZZZZZZ","base":"ZZZZZZZZZZZZZZZZ","anchor":-1,"head":0}`},
		"a caret beyond any text": {textFrame, `{"t":"caret","card":"ZZZZZZZZZZZZZZZZ","base":"ZZZZZZZZZZZZZZZZ","anchor":0,"head":16385}`},
		"a caret at half a unit":  {textFrame, `{"t":"caret","card":"ZZZZZZZZZZZZZZZZ","base":"ZZZZZZZZZZZZZZZZ","anchor":0.5,"head":0}`},
		"a caret in nothing":      {textFrame, `{"t":"caret","anchor":1,"head":1}`},
		"no utf-8":                {textFrame, "{\"t\":\"focus\",\"card\":\"\xff\xfe\"}"},
		"64 KiB and one byte":     {textFrame, `{"t":"focus","card":"` + strings.Repeat("A", 64<<10-20) + `"}`},
		"a megabyte of nothing":   {textFrame, strings.Repeat(" ", 1<<20)},
	} {
		w := tb.sat(iris, "Iris", tb.id, nil)
		if err := w.client.SendRaw(frame.kind, []byte(frame.body)); err != nil {
			t.Logf("%s: %v", name, err) // it may be cut off while it sends
		}
		if code := w.closedWith(t); code != 4102 {
			t.Errorf("%s: the connection ended with %d (%v)", name, code, w.err)
		}
	}
	for name, frame := range map[string]string{
		"a command before joining": `{"t":"do","id":"23456789ABCDEFGH","cmd":"close_case","with":{}}`,
		"a focus before joining":   `{"t":"focus"}`,
	} {
		c := dial(t, iris, n.origins[0])
		if err := c.WriteMessage(textFrame, []byte(frame)); err != nil {
			t.Fatal(err)
		}
		if code := endOf(c); code != 4102 {
			t.Errorf("%s: the connection ended with %d", name, code)
		}
	}
}

// Commands that are wrong get an answer that says so and change nothing; the
// connection stays.
func TestCommandsThatAreWrong(t *testing.T) {
	tb, n := newTable(t)
	defer bystander(t, tb, n)()
	iris, ruben := tb.watch(n, "Iris"), tb.watch(n, "Ruben")
	column := iris.sees().Columns[0].ID
	card := iris.must(t, "draft_card", map[string]any{"column": column, "title": "Een kaart", "class": "private", "kind": "fact"})
	other := tb.openCase(n, "Iris")
	there := tb.sat(tb.browser(n, "Iris"), "Iris", other, nil)
	elsewhere := there.must(t, "draft_card", map[string]any{"column": there.sees().Columns[0].ID, "title": "Elders", "class": "private", "kind": "fact"})
	gone := iris.must(t, "add_column", map[string]any{"title": "Verdwijnt"})
	iris.must(t, "remove_column", map[string]any{"column": gone, "to": column})
	absent := strings.Repeat("Z", casework.IDLength)
	draft := func(title string) string {
		return fmt.Sprintf(`"draft_card","with":{"column":%q,"title":%s,"class":"private","kind":"fact"}`, column, title)
	}
	for name, test := range map[string]struct {
		do   string
		kind casework.ErrorKind
	}{
		"an unknown command":      {`"drop_table","with":{}`, casework.Invalid},
		"a field too many":        {`"close_case","with":{"force":true}`, casework.Invalid},
		"with that is a list":     {`"close_case","with":[]`, casework.Invalid},
		"a NUL":                   {draft(`"a\u0000b"`), casework.Invalid},
		"a control character":     {draft(`"a\u0007b"`), casework.Invalid},
		"a newline in a title":    {draft(`"a\nb"`), casework.Invalid},
		"a lone high surrogate":   {draft(`"a\ud800b"`), casework.Invalid},
		"a lone low surrogate":    {draft(`"a\udc00b"`), casework.Invalid},
		"a raw surrogate":         {draft("\"a\xed\xa0\x80b\""), casework.Invalid},
		"10,000 characters":       {draft(`"` + strings.Repeat("é", 10_000) + `"`), casework.Invalid},
		"nothing":                 {draft(`"  "`), casework.Invalid},
		"a card of another case":  {fmt.Sprintf(`"table_card","with":{"card":%q}`, elsewhere), casework.NotFound},
		"a card that is nowhere":  {fmt.Sprintf(`"table_card","with":{"card":%q}`, absent), casework.NotFound},
		"a column that is gone":   {fmt.Sprintf(`"move_card","with":{"card":%q,"column":%q}`, card, gone), casework.NotFound},
		"an anchor of elsewhere":  {fmt.Sprintf(`"move_card","with":{"card":%q,"column":%q,"after":%q}`, card, column, elsewhere), casework.NotFound},
		"a case as a card":        {fmt.Sprintf(`"archive_card","with":{"card":%q}`, other), casework.NotFound},
		"a stale base":            {fmt.Sprintf(`"retitle_card","with":{"card":%q,"title":"x","base":%q}`, card, absent), casework.Conflict},
		"somebody else's undo":    {fmt.Sprintf(`"undo","with":{"command":%q}`, absent), casework.NotFound},
		"what is not one's right": {`"close_case","with":{}`, casework.Denied},
	} {
		id := casework.NewID[casework.CommandID](rand.Reader)
		if err := iris.client.SendRaw(textFrame, fmt.Appendf(nil, `{"t":"do","id":%q,"cmd":%s}`, id, test.do)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, ok := iris.answerTo(within(t), id)
		switch {
		case !ok:
			t.Fatalf("%s: no answer, the connection ended: %v", name, iris.err)
		case m.OK || m.Error == nil || m.Error.Kind != test.kind:
			t.Errorf("%s: %s", name, m.Raw)
		}
	}
	if m, ok := iris.askAs(within(t), "short", "reopen_case", nil); !ok || m.OK {
		t.Errorf("an id that is none: %s", m.Raw)
	}
	// A hidden card and one that is nowhere give the same answer.
	one, _ := ruben.ask(within(t), "table_card", map[string]any{"card": card})
	two, _ := ruben.ask(within(t), "table_card", map[string]any{"card": absent})
	if a, b := strings.Replace(string(one.Raw), string(one.ID), "", 1), strings.Replace(string(two.Raw), string(two.ID), "", 1); a != b {
		t.Errorf("hidden: %s, absent: %s", a, b)
	}
}

// A command that is given twice is carried out once and answered twice; the
// same id of somebody else is another command.
func TestRepeatedCommand(t *testing.T) {
	tb, n := newTable(t)
	b := tb.node("second")
	iris, again, daan := tb.watch(n, "Iris"), tb.watch(b, "Iris"), tb.watch(n, "Daan")
	id := casework.NewID[casework.CommandID](rand.Reader)
	with := map[string]any{"column": iris.sees().Columns[0].ID, "title": "Eenmaal", "class": "private", "kind": "fact"}
	first, _ := iris.askAs(within(t), id, "draft_card", with)
	second, _ := again.askAs(within(t), id, "draft_card", with)
	other, _ := daan.askAs(within(t), id, "draft_card", with)
	if !first.OK || first.Made == "" || second.Made != first.Made || !other.OK || other.Made == first.Made {
		t.Errorf("answers: %s, %s, and to another: %s", first.Raw, second.Raw, other.Raw)
	}
	var stored int
	if err := tb.sql().Get(&stored, `SELECT count(*) FROM event WHERE command = $1`, id); err != nil || stored != 2 {
		t.Errorf("%d events of the command by two users, %v", stored, err)
	}
}

// Who may open a socket: somebody signed in, from a page of ours, and not too
// often.
func TestDoorOfTheLiveSocket(t *testing.T) {
	tb, first := newTable(t)
	defer bystander(t, tb, first)()
	n := tb.startAs(serveCmd{Node: "strict", limits: room.Limits{PerUser: 3}}, tb.db())
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	iris := tb.browser(n, "Iris")
	for name, origin := range map[string]string{"foreign": "https://kwaad.example", "missing": "", "of another port": "http://127.0.0.1:1", "null": "null"} {
		if _, response, err := open(iris, origin, "casustafel.1"); err == nil || response == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("origin %s: %v", name, err)
		}
	}
	stranger := &liveclient.Browser{Base: n.origins[0], HTTP: &http.Client{Jar: noCookies{}}}
	if code := endOf(dial(t, stranger, n.origins[0])); code != 4100 {
		t.Errorf("without a cookie the connection ended with %d", code)
	}
	old, _, err := open(iris, n.origins[0], "casustafel.0")
	if err != nil {
		t.Fatal(err)
	}
	if code := endOf(old); code != 4104 {
		t.Errorf("in another protocol the connection ended with %d", code)
	}
	if _, err := tb.join(iris, "Iris", casework.CaseID(strings.Repeat("Z", casework.IDLength)), nil); liveclient.CloseCode(err) != 4101 {
		t.Errorf("no such case: %v", err)
	}
	if _, err := tb.join(tb.browser(n, "Els"), "Els", tb.id, nil); liveclient.CloseCode(err) != 4101 {
		t.Errorf("not a member: %v", err)
	}
	var seated []*watcher
	for len(seated) < 3 {
		w, err := tb.join(iris, "Iris", tb.id, nil)
		if liveclient.CloseCode(err) == 4103 {
			continue // those of before are still on their way out
		}
		if err != nil {
			t.Fatal(err)
		}
		seated = append(seated, w)
	}
	if _, err := tb.join(iris, "Iris", tb.id, nil); liveclient.CloseCode(err) != 4103 {
		t.Errorf("a connection too many: %v", err)
	}
}

// A session that ends in the middle of an edit ends the connection; what was
// answered before it is there.
func TestSessionThatEndsMidway(t *testing.T) {
	tb, n := newTable(t)
	defer bystander(t, tb, n)()
	browser := tb.browser(n, "Iris")
	iris := tb.sat(browser, "Iris", tb.id, nil)
	made := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Nog net", "class": "private", "kind": "fact"})
	response, err := browser.Post(t.Context(), "/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close() //nolint:errcheck // nothing is read
	if code := iris.closedWith(t); code != 4100 {
		t.Errorf("signed out, the connection ended with %d", code)
	}
	if code := endOf(dial(t, browser, n.origins[0])); code != 4100 {
		t.Errorf("a new connection of a session that is over ended with %d", code)
	}
	if _, there := tb.watch(n, "Iris").sees().Cards[cardOf(made)]; !there {
		t.Error("an answered card is gone")
	}
}

// Too many frames are answered so, then end the connection; others have no part
// in it.
func TestFlood(t *testing.T) {
	tb, first := newTable(t)
	defer bystander(t, tb, first)()
	n := tb.startAs(serveCmd{Node: "strict"}, tb.db())
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	iris, daan := tb.watch(n, "Iris"), tb.watch(n, "Daan")
	said := func() bool {
		for _, m := range iris.answers {
			if m.Error != nil && m.Error.Kind == casework.TooMany {
				return true
			}
		}
		return false
	}
	for range 150 { // more than a burst, less than what ends the connection
		if _, err := iris.client.Do("reopen_case", map[string]any{}); err != nil {
			t.Fatal(err)
		}
	}
	iris.until(t, "an answer that says it is too much", said)
	for range 2000 {
		if _, err := iris.client.Do("reopen_case", map[string]any{}); err != nil {
			break // it was closed
		}
	}
	daan.must(t, "draft_card", map[string]any{"column": daan.sees().Columns[0].ID, "title": "Gaat door", "class": "private", "kind": "fact"})
	if code := iris.closedWith(t); code != 4003 {
		t.Errorf("the flood ended with %d (%v)", code, iris.err)
	}
}

// A client that never reads is closed with "too slow"; its neighbours get
// everything meanwhile.
func TestClientThatNeverReads(t *testing.T) {
	tb, first := newTable(t)
	defer bystander(t, tb, first)()
	n := tb.startAs(serveCmd{Node: "narrow", Metrics: freeAddress(t), limits: room.Limits{FramesPerSecond: 1e6, Burst: 1e6, QueueBytes: 128 << 10}}, tb.db())
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	iris, ruben := tb.watch(n, "Iris"), tb.watch(n, "Ruben")
	slow := dial(t, tb.browser(n, "Mirthe"), n.origins[0])
	if err := slow.WriteJSON(map[string]any{"t": "join", "case": tb.id}); err != nil {
		t.Fatal(err)
	}
	seated := func() bool {
		return slices.ContainsFunc(iris.here, func(p liveclient.Present) bool { return p.User == tb.users["Mirthe"] })
	}
	iris.until(t, "the slow one to sit down", seated)
	card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Lang", "class": "shared", "kind": "fact",
		"person": tb.person(iris, "Fenna")})
	iris.must(t, "table_card", map[string]any{"card": card})
	text := strings.Repeat("lang ", 3000)
	last := ""
	closedAsSlow := func() bool {
		return strings.Contains(metricsOf(t, n), `casustafel_closes_total{reason="slow"} 1`)
	}
	edits := 0
	for ; edits < 4000 && (edits%50 > 0 || !closedAsSlow()); edits++ {
		last = fmt.Sprint(text, edits)
		was := iris.sees().Cards[cardOf(card)].Text
		whole := []any{[]any{len(was.Body), last}} // all of it anew, so that much is told
		iris.must(t, "write_note", map[string]any{"card": card, "base": was.Base, "changes": whole})
	}
	ruben.until(t, "the last edit", func() bool { return ruben.state.Cards[cardOf(card)].Text.Body == last })
	if !closedAsSlow() {
		t.Errorf("it was not closed as slow after %d edits", edits)
	}
}

// dial opens a socket as a page would, without joining.
func dial(t *testing.T, b *liveclient.Browser, origin string) *websocket.Conn {
	t.Helper()
	c, _, err := open(b, origin, "casustafel.1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() }) //nolint:errcheck // may be closed already
	return c
}

func open(b *liveclient.Browser, origin, protocol string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	request, err := http.NewRequest(http.MethodGet, b.Base, nil) //nolint:noctx // only for its address
	if err != nil {
		return nil, nil, err
	}
	for _, c := range b.HTTP.Jar.Cookies(request.URL) {
		header.Add("Cookie", c.String())
	}
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, NetDialContext: smallBuffer}
	return dialer.Dial("ws"+strings.TrimPrefix(b.Base, "http")+"/live", header)
}

// smallBuffer keeps the kernel from reading much on behalf of who does not.
func smallBuffer(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if tcp, ok := c.(*net.TCPConn); ok {
		err = tcp.SetReadBuffer(4 << 10)
	}
	return c, err
}

// endOf reads a connection to its end and gives the code.
func endOf(c *websocket.Conn) int {
	c.SetReadDeadline(time.Now().Add(time.Minute)) //nolint:errcheck // a hang is told by the test's own end
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return liveclient.CloseCode(err)
		}
	}
}

// noCookies is the jar of a stranger.
type noCookies struct{ http.CookieJar }

func (noCookies) Cookies(*url.URL) []*http.Cookie { return nil }

// freeAddress is one that nothing listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody came
	return l.Addr().String()
}

// metricsOf is what a node that serves metrics tells there.
func metricsOf(t testing.TB, n *node) string {
	t.Helper()
	response, err := http.Get("http://" + n.metrics.Addr + "/metrics") //nolint:noctx // of a test
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
