// Package liveclient speaks the live protocol from Go: for tests against a real
// server and for the load generator.
package liveclient

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Browser is somebody signed in at a server: a jar of cookies.
type Browser struct {
	Base string // http://host:port
	HTTP *http.Client
}

// SignIn spends a sign-in link's token.
func SignIn(ctx context.Context, base, token string) (*Browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	b := &Browser{Base: base, HTTP: &http.Client{Jar: secureOnLoopback{jar}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	response, err := b.Post(ctx, "/enter", url.Values{"token": {token}})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusSeeOther {
		return nil, fmt.Errorf("sign in: %s", response.Status)
	}
	return b, nil
}

// SignedIn is somebody with a session already, by its cookie.
func SignedIn(base, cookie, session string) (*Browser, error) {
	at, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	kept := secureOnLoopback{jar}
	kept.SetCookies(at, []*http.Cookie{{Name: cookie, Value: session, Path: "/", Secure: true}})
	return &Browser{Base: base, HTTP: &http.Client{Jar: kept}}, nil
}

// secureOnLoopback sends Secure cookies over plain HTTP, as browsers do on this
// machine's own address.
type secureOnLoopback struct{ http.CookieJar }

func (j secureOnLoopback) secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

func (j secureOnLoopback) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(j.secure(u), cookies)
}

func (j secureOnLoopback) Cookies(u *url.URL) []*http.Cookie { return j.CookieJar.Cookies(j.secure(u)) }

// Post sends a form as a page of the server would.
func (b *Browser) Post(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.Base)
	return b.HTTP.Do(r)
}

// Get reads a page.
func (b *Browser) Get(ctx context.Context, path string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.Base+path, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := b.HTTP.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	all, err := io.ReadAll(response.Body)
	return response.StatusCode, string(all), err
}

// Message is a frame from the server, in its own words and as JSON.
type Message struct {
	Type string `json:"t"`
	Raw  []byte `json:"-"`

	// answer and readers
	ID    casework.CommandID `json:"id"`
	OK    bool               `json:"ok"`
	Made  string             `json:"made"`
	Error *Refusal           `json:"error"`
	// hello and change
	Seat   string           `json:"seat"`
	Cursor string           `json:"cursor"`
	Whole  *view.Projection `json:"whole"`
	Me     struct {
		User casework.UserID `json:"user"`
		Role casework.Role   `json:"role"`
	} `json:"me"`
	Here []Present `json:"here"`
	// carets
	Carets []Caret `json:"carets"`
	// happened
	Lines  []view.Line     `json:"lines"`
	Unread casework.TextID `json:"unread"`
	// told
	Body string `json:"body"`

	Change *view.Difference `json:"-"` // of a change
}

// Refusal is why a command was not carried out.
type Refusal struct {
	Kind   casework.ErrorKind `json:"kind"`
	Reason string             `json:"reason"`
	Rule   string             `json:"rule"`
	Why    string             `json:"why"`
}

// Present is somebody at the table.
type Present struct {
	User casework.UserID `json:"user"`
	Card casework.CardID `json:"card"`
}

// Caret is where somebody writes.
type Caret struct {
	User   casework.UserID `json:"user"`
	Card   casework.CardID `json:"card"`
	Base   casework.TextID `json:"base"`
	Anchor int             `json:"anchor"`
	Head   int             `json:"head"`
}

// Client is one open board.
type Client struct {
	conn *websocket.Conn
	send sync.Mutex

	// The latest of each; of the goroutine that calls Next.
	State  view.Projection
	Here   []Present
	Carets []Caret
	Seat   string
	Cursor string
}

// Dial opens a socket and asks to join a case; cursor and seat may be empty.
func (b *Browser) Dial(ctx context.Context, id casework.CaseID, cursor, seat string) (*Client, error) {
	c, err := b.Open(ctx)
	if err != nil {
		return nil, err
	}
	return c, c.Send(map[string]any{"t": "join", "case": id, "cursor": cursor, "seat": seat})
}

// Open opens a socket and says nothing.
func (b *Browser) Open(ctx context.Context) (*Client, error) {
	base, err := url.Parse(b.Base)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Origin": {b.Base}}
	for _, c := range b.HTTP.Jar.Cookies(base) {
		header.Add("Cookie", c.String())
	}
	dialer := websocket.Dialer{Subprotocols: []string{"casustafel.1"}}
	conn, response, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(b.Base, "http")+"/live", header)
	if err != nil {
		if response != nil {
			return nil, fmt.Errorf("open a socket: %s: %w", response.Status, err)
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	return &Client{conn: conn}, nil
}

// Send sends any message.
func (c *Client) Send(message any) error {
	c.send.Lock()
	defer c.send.Unlock()
	return c.conn.WriteJSON(message)
}

// SendRaw sends a frame as it is.
func (c *Client) SendRaw(kind int, frame []byte) error {
	c.send.Lock()
	defer c.send.Unlock()
	return c.conn.WriteMessage(kind, frame)
}

// Do asks for a command and gives its id; the answer comes by Next.
func (c *Client) Do(command string, with any) (casework.CommandID, error) {
	id := casework.NewID[casework.CommandID](rand.Reader)
	return id, c.DoAs(id, command, with)
}

// DoAs asks for a command under a given id.
func (c *Client) DoAs(id casework.CommandID, command string, with any) error {
	return c.Send(map[string]any{"t": "do", "id": id, "cmd": command, "with": with})
}

// Next waits for the next message and keeps State, Here, Seat and Cursor up to
// date with it.
func (c *Client) Next() (Message, error) {
	_, frame, err := c.conn.ReadMessage()
	if err != nil {
		return Message{}, err
	}
	m := Message{Raw: frame}
	if err := json.Unmarshal(frame, &m); err != nil {
		return m, fmt.Errorf("read a frame: %w", err)
	}
	switch m.Type {
	case "hello":
		c.Seat, c.Cursor, c.Here = m.Seat, m.Cursor, m.Here
		if m.Whole != nil {
			c.State = *m.Whole
		}
	case "change":
		var d view.Difference
		if err := json.Unmarshal(frame, &d); err != nil {
			return m, fmt.Errorf("read a change: %w", err)
		}
		c.State, c.Cursor, m.Change = c.State.Apply(&d), m.Cursor, &d
	case "here":
		c.Here = m.Here
	case "carets":
		c.Carets = m.Carets
	case "me":
		c.Seat = m.Seat
	}
	return m, nil
}

// Until reads messages until one satisfies; it gives that one.
func (c *Client) Until(satisfies func(Message) bool) (Message, error) {
	for {
		m, err := c.Next()
		if err != nil || satisfies(m) {
			return m, err
		}
	}
}

// Ask asks for a command and reads on until its answer.
func (c *Client) Ask(command string, with any) (Message, error) {
	id, err := c.Do(command, with)
	if err != nil {
		return Message{}, err
	}
	return c.Until(func(m Message) bool { return m.Type == "answer" && m.ID == id })
}

// SayGoodbye closes as a browser does that goes elsewhere; reading ends when the
// server has heard it.
func (c *Client) SayGoodbye() error {
	return c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Minute))
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Kill ends it without a goodbye.
func (c *Client) Kill() error { return c.conn.NetConn().Close() }

// CloseCode is the code with which the server ended the connection, 0 when it
// gave none.
func CloseCode(err error) int {
	var e *websocket.CloseError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
