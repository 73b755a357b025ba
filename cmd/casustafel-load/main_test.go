package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/cmd/casustafel-load/reference"
)

// The load program starts itself again to serve a reference.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "reference" {
		main()
		return
	}
	os.Exit(m.Run())
}

// Everything at once, as small as can be: every part measures something at
// every server, and nothing is lost, doubled or shown to the wrong reader.
func TestSmallRun(t *testing.T) {
	c := benchCmd{size: size{Rooms: 2, MaxRooms: 2, Clients: 5, HotClients: 10, Writers: 6, Idle: 20, Events: 300, Rounds: 1},
		Rate: 100, HotRate: 50, Typing: 60, Window: 300 * time.Millisecond, WarmUp: 50 * time.Millisecond, Parts: []string{"paced", "max", "hot", "note", "idle", "join"}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"paced  p99 ms", "max    edits/s", "hot    p50 ms", "note   p50 ms", "idle   KiB/connection", "join   after history, later ms", "join   after writing, later ms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, out.String())
		}
	}
}

// meddler stands between clients and a reference server and does something to
// one frame with an edit on its way to a client.
type meddler struct {
	behind string // address of the server
	edits  atomic.Int64
	meddle func(frame []byte) (instead [][]byte)
}

// meddleWith is which edit, counted over all clients, something is done to.
const meddleWith = 40

func (m *meddler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	front, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer front.Close()
	back, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(m.behind, "http")+r.URL.String(), nil)
	if err != nil {
		return
	}
	defer back.Close()
	go func() {
		defer back.Close()
		for {
			kind, frame, err := front.ReadMessage()
			if err != nil || back.WriteMessage(kind, frame) != nil {
				return
			}
		}
	}()
	for {
		kind, frame, err := back.ReadMessage()
		if err != nil {
			return
		}
		frames := [][]byte{frame}
		if bytes.Contains(frame, titleStart) && m.edits.Add(1) == meddleWith {
			frames = m.meddle(frame)
		}
		for _, f := range frames {
			if front.WriteMessage(kind, f) != nil {
				return
			}
		}
	}
}

// The count can fail: one frame of hundreds is lost, doubled or foreign, and the
// run says so.
func TestCountNotices(t *testing.T) {
	for _, c := range []struct {
		what   string
		meddle func([]byte) [][]byte
		want   string // in the error; empty: none
	}{
		{"nothing", func(f []byte) [][]byte { return [][]byte{f} }, ""},
		{"an edit is lost", func([]byte) [][]byte { return nil }, "lost"},
		{"an edit comes twice", func(f []byte) [][]byte { return [][]byte{f, f} }, "doubled"},
		{"an edit of nobody", func([]byte) [][]byte { return [][]byte{[]byte(`{"title":{"body":"Edit 099.0.0000001: x"}}`)} }, "nobody knows"},
		{"a title that does not count", func([]byte) [][]byte { return [][]byte{[]byte(`{"title":{"body":"Edit aaa.b.cccccccc: x"}}`)} }, "does not count"},
	} {
		t.Run(c.what, func(t *testing.T) {
			behind := httptest.NewServer(reference.New(nil))
			t.Cleanup(behind.Close)
			front := httptest.NewServer(&meddler{behind: behind.URL, meddle: c.meddle})
			t.Cleanup(front.Close)
			err := smallTraffic(t, front.URL, func(address string, s seat) speaker { return &bareSpeaker{address, s} })
			switch {
			case c.want == "" && err != nil:
				t.Fatal(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Fatalf("got %v, want an error that says %q", err, c.want)
			}
		})
	}
}

// A server that ought to be selective and is not shows confidential edits.
func TestCountNoticesWrongReaders(t *testing.T) {
	server := httptest.NewServer(reference.New(nil))
	t.Cleanup(server.Close)
	err := smallTraffic(t, server.URL, func(address string, s seat) speaker { return &promisingSpeaker{bareSpeaker{address, s}} })
	if err == nil || !strings.Contains(err.Error(), "got a confidential edit") {
		t.Fatalf("got %v, want an error about a confidential edit", err)
	}
}

// promisingSpeaker says of a reference server that it is selective.
type promisingSpeaker struct{ bareSpeaker }

func (*promisingSpeaker) selective() bool { return true }

// smallTraffic lets two rooms of five write until everybody wrote eight edits.
func smallTraffic(t *testing.T, address string, speak func(string, seat) speaker) error {
	t.Helper()
	var seats []seat
	for _, room := range []string{"one", "two"} {
		for place := range len(roles) {
			seats = append(seats, seat{room: room, place: place, role: roleAt(place)})
		}
	}
	r := &running{server: &server{speaker: speak}, address: address}
	c, err := gatherCrowd(t.Context(), r, seats)
	if err != nil {
		t.Fatal(err)
	}
	for k := 1; k <= 8 && err == nil; k++ {
		err = inParallel(len(c.people), len(c.people), func(i int) error { return c.people[i].write(c.ctx, streamOf(k), 0) })
	}
	if err == nil {
		err = c.allArrived()
	}
	if left := c.leave(); err == nil {
		err = left
	}
	return err
}
