package main

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// network is a bad one between a browser and a node: it is slow, falls still,
// is cut, or loses one direction without a word.
type network struct {
	t        *testing.T
	listener net.Listener
	mu       sync.Mutex
	changed  *sync.Cond
	to       string // address of the node
	delay    time.Duration
	cut      bool
	still    bool     // nothing comes through, both ways
	deaf     bool     // what the node says is lost
	refused  string   // what begins with this path is not asked of the node
	asked    []string // the paths that browsers asked for
	conns    map[net.Conn]struct{}
}

// behindNetwork serves the table from a node that browsers reach over a network
// of the test's.
func (tb *table) behindNetwork(t *testing.T, s serveCmd) (*network, *node) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &network{t: t, listener: listener, conns: map[net.Conn]struct{}{}}
	w.changed = sync.NewCond(&w.mu)
	s.Node, s.limits, s.Origins = "far", unlimited, []string{"http://" + listener.Addr().String()}
	n := tb.startAs(s, tb.db())
	w.to = n.server.Addr
	t.Cleanup(func() {
		w.is(func() { w.cut = true })
		listener.Close() //nolint:errcheck // the test is over
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	go w.accept()
	return w, n
}

// is changes what the network is like; connections that are there notice.
func (w *network) is(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay, w.cut, w.still, w.deaf, w.refused = 0, false, false, false, ""
	change()
	if w.cut {
		for c := range w.conns {
			c.Close() //nolint:errcheck // that is the point
		}
	}
	w.changed.Broadcast()
}

func (w *network) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.mu.Lock()
		cut, to := w.cut, w.to
		w.mu.Unlock()
		far, err := net.Dial("tcp", to)
		if err != nil || cut {
			near.Close() //nolint:errcheck // nobody is there
			if far != nil {
				far.Close() //nolint:errcheck // likewise
			}
			continue
		}
		w.mu.Lock()
		w.conns[near], w.conns[far] = struct{}{}, struct{}{}
		w.mu.Unlock()
		go w.carry(near, far, false)
		go w.carry(far, near, true)
	}
}

// carry takes what one side says to the other, as the network is at that moment.
func (w *network) carry(from, to net.Conn, down bool) {
	defer from.Close() //nolint:errcheck // it ends with whoever goes first
	defer to.Close()   //nolint:errcheck // likewise
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		for w.still && !w.cut {
			w.changed.Wait()
		}
		delay, lost := w.delay, w.deaf && down
		if path, ok := requested(buffer[:n]); ok && !down {
			if w.refused != "" && strings.HasPrefix(path, w.refused) {
				w.mu.Unlock()
				return
			}
			w.asked = append(w.asked, path)
		}
		w.mu.Unlock()
		time.Sleep(delay) // it is a slow line
		if !lost && n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// requested is the path of the request that begins here.
func requested(said []byte) (string, bool) {
	line, _, _ := bytes.Cut(said, []byte(" HTTP/1.1\r\n"))
	method, path, ok := strings.Cut(string(line), " ")
	return path, ok && (method == "GET" || method == "POST") && strings.HasPrefix(path, "/")
}

// askedSince is what browsers asked for after the first n.
func (w *network) askedSince(n int) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked[n:])
}
