// Package web is the pages and the doors of the server: routes, one file a
// page, what guards them all, and templates. What a person may see or do is
// decided below it.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/mail"
	"github.com/casustafel/casustafel/internal/pdf"
	"github.com/casustafel/casustafel/internal/wording"
	"github.com/casustafel/casustafel/static"
)

// Config is what the pages work with. App, Live, Ready and at least one of
// Origins must be given; every other field has a usable zero value.
type Config struct {
	App *app.App
	// Live takes over GET /live of somebody who is signed in (app.SessionIn)
	// and comes from one of Origins.
	Live   http.Handler
	Ready  func(context.Context) error // why this node cannot serve now
	Warned func() bool                 // it serves, but whoever runs it has to look; may be nil
	// Origins are the exact addresses of this server in a browser, such as
	// "https://tafel.example.org". A request to any other host is refused.
	Origins []string
	// TrustedProxies may say with X-Forwarded-For from where a request came.
	TrustedProxies []netip.Prefix
	// LockAfter is how long a page may be left alone before it locks; 0: for ever.
	LockAfter time.Duration
	Wording   []wording.Hint // which words get a hint while somebody types
	Mail      *mail.Sender   // nil: links are shown, to be passed on by hand
	PDF       *pdf.Printer   // nil: no files are made of pages
	Demo      bool           // refuses what came through a proxy
	Log       *slog.Logger
	Random    io.Reader // identifiers are drawn from it
	Now       func() time.Time
}

// site is what all pages share. It does not change once it is made.
type site struct {
	Config
	origins   origins
	templates templates
	csrf      *http.CrossOriginProtection
	assets    fs.FS
	wording   string // the hints as the board page takes them
}

// New makes the handler of all pages.
func New(c Config) (http.Handler, error) {
	s, err := newSite(c)
	if err != nil {
		return nil, err
	}
	return s.handler(), nil
}

func newSite(c Config) (*site, error) {
	if c.App == nil || c.Live == nil || c.Ready == nil {
		return nil, errors.New("web: app, live door and readiness must be given")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &site{Config: c, csrf: http.NewCrossOriginProtection(), assets: static.Dist()}
	var err error
	if s.origins, err = parseOrigins(c.Origins); err != nil {
		return nil, err
	}
	if s.wording, err = forPage(c.Wording); err != nil {
		return nil, err
	}
	for _, origin := range c.Origins {
		if err := s.csrf.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin: %w", err)
		}
	}
	if s.templates, err = parseTemplates(); err != nil {
		return nil, err
	}
	if s.Mail != nil {
		s.App.Post(s.mailLetter)
	}
	return s, nil
}

func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.routes() {
		mux.Handle(route.pattern, s.serve(route))
	}
	return s.observe(s.guard(mux))
}

// Server makes the server of a handler at an address, with the time-outs that
// keep slow and silent clients from piling up. A connection that was handed to
// the live door has its own.
func Server(address string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Addr: address, Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}
