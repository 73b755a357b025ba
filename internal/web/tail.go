package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// tailWithin is how long a browser may take to take in what is told.
const tailWithin = 20 * time.Second

// tail tells a browser of new lines of the access log, as server-sent events, for as
// long as their reader may know of them. Each has the lines as the page has them.
func (s *site) tail(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	sealed := r.URL.Query().Get("newer")
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		sealed = last // the browser lost the connection, and goes on
	}
	place, ok := s.App.OpenRecordPlace(sealed)
	if !ok {
		return casework.Absent()
	}
	page := s.base(r)
	stream := http.NewResponseController(w)
	began := false
	say := func(text string) error {
		_ = stream.SetWriteDeadline(time.Now().Add(tailWithin)) // where there is none, nothing waits
		if !began {
			began = true
			_ = stream.SetReadDeadline(time.Time{}) // it only listens
			w.Header().Set("Content-Type", "text/event-stream")
			w.WriteHeader(http.StatusOK)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		return stream.Flush()
	}
	err := s.App.TailRecords(r.Context(), session, place, func(lines []app.RecordLine, place string) error {
		if len(lines) == 0 {
			return say("event: beat\ndata:\n\n") // still there? It asks the same
		}
		event, err := s.tailEvent(page, lines, s.App.SealRecordPlace(place))
		if err != nil {
			return err
		}
		return say(event)
	})
	if !began {
		return err
	}
	// Without a word the browser would come again.
	_ = say("event: ended\ndata:\n\n")
	return nil
}

// tailEvent are lines on their way.
func (s *site) tailEvent(page base, lines []app.RecordLine, place string) (string, error) {
	var rows bytes.Buffer
	for _, line := range lines {
		if err := s.templates["records"].ExecuteTemplate(&rows, "row", recordRow{page, line}); err != nil {
			return "", fmt.Errorf("render lines of the log: %w", err)
		}
	}
	data, err := json.Marshal(struct {
		Count int    `json:"count"`
		Rows  string `json:"rows"`
	}{len(lines), rows.String()})
	return fmt.Sprintf("id: %s\nevent: lines\ndata: %s\n\n", place, data), err
}
