package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/websocket"
)

// speaker is a participant's way of speaking with one kind of server.
type speaker interface {
	// join opens a connection and returns once the server has let it in.
	join(context.Context) (*websocket.Conn, error)
	// ask gives the next frame of an edit; prepares means that the same edit is
	// asked for once more when this frame is answered.
	ask(e edit) (frame []byte, prepares bool, err error)
	// hear reads a frame: each edit that it brings, or that it answers what was
	// asked last.
	hear(frame []byte, edited func(author, stream, number int) error) (answered bool, err error)
	// selective servers send confidential edits only to those who may read them.
	selective() bool
}

func dial(ctx context.Context, address, path string, header http.Header, subprotocols ...string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{Subprotocols: subprotocols, WriteBufferSize: 1 << 10, ReadBufferSize: 2 << 10}
	conn, response, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(address, "http")+path, header)
	if err != nil && response != nil {
		return nil, fmt.Errorf("open a socket: %s: %w", response.Status, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	return conn, nil
}

// bareSpeaker speaks with a reference server.
type bareSpeaker struct {
	address string
	seat    seat
}

// framePad makes a reference's frames as long as Casustafel's are on average.
var framePad = strings.Repeat("x", 480)

func (b *bareSpeaker) selective() bool { return false }

func (b *bareSpeaker) join(ctx context.Context) (*websocket.Conn, error) {
	conn, err := dial(ctx, b.address, "/?room="+url.QueryEscape(b.seat.room), nil)
	if err != nil {
		return nil, err
	}
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("join: %w", err), conn.Close())
		}
		if bytes.HasPrefix(frame, []byte(`{"t":"hello"`)) {
			return conn, nil
		}
	}
}

func (b *bareSpeaker) ask(e edit) ([]byte, bool, error) {
	return fmt.Appendf(nil, `{"t":"edit","room":"%s","card":{"title":{"body":"%s"},"rest":"%s"}}`, b.seat.room, e.title(), framePad), false, nil
}

func (b *bareSpeaker) hear(frame []byte, edited func(author, stream, number int) error) (bool, error) {
	if bytes.HasPrefix(frame, []byte(`{"t":"answer"`)) {
		return true, nil
	}
	author, stream, number, at, err := nextTitle(frame)
	if err != nil || at < 0 {
		return false, err
	}
	return false, edited(author, stream, number)
}
