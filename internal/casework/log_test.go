package casework_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
)

// logged is an event as the log keeps it, the bodies of its texts beside it.
type logged struct {
	Seq     int64                      `json:"seq"`
	Ink     int64                      `json:"ink,omitempty"` // of a step
	Actor   casework.UserID            `json:"actor"`
	At      time.Time                  `json:"at"`
	Command casework.CommandID         `json:"command"`
	Undoes  casework.CommandID         `json:"undoes,omitempty"`
	Type    string                     `json:"type"`
	Data    json.RawMessage            `json:"data"`
	Texts   map[casework.TextID]string `json:"texts,omitempty"`
}

func toLog(t testing.TB, events []casework.Event) []logged {
	t.Helper()
	var log []logged
	for _, e := range events {
		data, err := json.Marshal(e.Change)
		if err != nil {
			t.Fatal(err)
		}
		l := logged{Seq: e.Seq, Ink: e.Ink, Actor: e.Actor, At: e.At, Command: e.Command, Undoes: e.Undoes, Type: e.Change.Type(), Data: data}
		for _, x := range e.Change.Texts() {
			if x.ID != "" && e.Undoes == "" {
				if l.Texts == nil {
					l.Texts = map[casework.TextID]string{}
				}
				l.Texts[x.ID] = x.Body
			}
		}
		log = append(log, l)
	}
	return log
}

func (l logged) change(t testing.TB) casework.Change {
	t.Helper()
	if l.Ink > 0 {
		step := &casework.NoteWritten{}
		if err := json.Unmarshal(l.Data, step); err != nil {
			t.Fatal(err)
		}
		return step
	}
	change, err := casework.DecodeChange(l.Type, l.Data)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// eraseSteps takes the words out of what was written in a note before.
func eraseSteps(before []casework.Event, card casework.CardID) {
	for _, e := range before {
		if step, ok := e.Change.(*casework.NoteWritten); ok && step.Card == card {
			step.Changes, step.Erased = note.Changes{}, true
		}
	}
}

// fromLog reads events as a node does: texts of erased objects are gone.
func fromLog(t testing.TB, log []logged) []casework.Event {
	t.Helper()
	var events []casework.Event
	bodies := map[casework.TextID]string{}
	object := map[string][]casework.TextID{}
	for _, l := range log {
		change := l.change(t)
		for id, body := range l.Texts {
			bodies[id] = body
			object[casework.ObjectOf(change)] = append(object[casework.ObjectOf(change)], id)
		}
		if erased, ok := change.(*casework.TextsErased); ok {
			for _, id := range object[erased.Object()] {
				delete(bodies, id)
			}
			eraseSteps(events, erased.Card)
		}
		events = append(events, casework.Event{Seq: l.Seq, Ink: l.Ink, Actor: l.Actor, At: l.At, Command: l.Command, Undoes: l.Undoes, Change: change})
	}
	for _, e := range events {
		for _, x := range e.Change.Texts() {
			open(bodies, x)
		}
	}
	return events
}

func open(bodies map[casework.TextID]string, x *casework.Text) {
	body, kept := bodies[x.ID]
	x.Body, x.Redacted = body, x.ID != "" && !kept
}

// whole is a state with the bodies of its texts, as readable JSON.
type whole struct {
	State *casework.State            `json:"state"`
	Words map[casework.TextID]string `json:"words"`
}

func wholeOf(t testing.TB, s *casework.State) string {
	t.Helper()
	w := whole{State: s, Words: map[casework.TextID]string{}}
	s.WithTexts(func(x *casework.Text) {
		w.Words[x.ID] = x.Body
		if x.Redacted {
			w.Words[x.ID] = "erased"
		}
	})
	raw, err := json.MarshalIndent(w, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw) + "\n"
}

func fold(t testing.TB, id casework.CaseID, events []casework.Event) *casework.State {
	t.Helper()
	s, err := casework.NewState(id).Apply(events...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
