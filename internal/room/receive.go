package room

import (
	"bytes"
	"encoding/json"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
)

// message is a frame from a client. Each has a file of its own.
type message interface {
	// handle runs on the reader's goroutine; false: the frame makes no sense now.
	handle(*client) bool
}

// answerable is a message whose sender waits for an answer.
type answerable interface {
	message
	// refuse makes the answer that says why not.
	refuse(*refusal) any
}

var messages = map[string]func() message{
	"join":  func() message { return &join{} },
	"do":    func() message { return &do{} },
	"who":   func() message { return &who{} },
	"focus": func() message { return &focus{} },

	"render":  func() message { return &render{} },
	"history": func() message { return &history{} },
	"version": func() message { return &version{} },
	"targets": func() message { return &targets{} },
	"caret":   func() message { return &caret{} },
}

// receive decodes and handles one frame; false when it cannot be understood.
func (c *client) receive(frame []byte) bool {
	m, ok := decode(frame)
	if !ok {
		return false
	}
	if _, joining := m.(*join); joining == (c.room != nil) {
		return false // joining comes first, and once
	}
	return c.onlyLooks(m) || m.handle(c)
}

func decode(frame []byte) (message, bool) {
	var named struct {
		Type string `json:"t"`
	}
	if json.Unmarshal(frame, &named) != nil {
		return nil, false
	}
	make, ok := messages[named.Type]
	if !ok {
		return nil, false
	}
	m := make()
	d := json.NewDecoder(bytes.NewReader(frame))
	d.DisallowUnknownFields()
	return m, d.Decode(m) == nil
}

// tooFast answers a frame over the rate without carrying it out.
func (c *client) tooFast(frame []byte) {
	if m, ok := decode(frame); ok {
		c.turnDown(m, &refusal{Kind: casework.TooMany, Reason: "rate"})
	}
}

// turnDown leaves a message undone, and says why if its sender waits for an answer.
func (c *client) turnDown(m message, why *refusal) {
	if q, ok := m.(answerable); ok {
		c.send(encode(q.refuse(why)))
	}
}

// encode makes the frame of a message to clients.
func encode(m any) outgoing {
	body, err := json.Marshal(m)
	if err != nil {
		panic(err) // our own types always encode
	}
	return prepare(body)
}

func prepare(body []byte) outgoing {
	frame, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
	if err != nil {
		panic(err) // only for an unknown kind of message
	}
	return outgoing{frame: frame, size: len(body)}
}

// badFrame tells that the last frame could not be understood.
type badFrame struct {
	Type   string `json:"t"`
	Reason string `json:"reason"`
}
