package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/static"
)

//go:embed templates/*.html
var files embed.FS

// templates holds each page's template under its name, with what all share: the
// layout, the way to unlock, a field of a form, what pages about the log have. A page that has sections has them
// in files of their own, such as me.password.html of me.html.
type templates map[string]*template.Template

var shared = []string{"layout", "unlock", "field", "log"}

func parseTemplates() (templates, error) {
	names, err := files.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	all := templates{}
	for _, file := range names {
		name := strings.TrimSuffix(file.Name(), ".html")
		if slices.Contains(shared, name) || strings.Contains(name, ".") {
			continue
		}
		parts := []string{path.Join("templates", file.Name())}
		for _, other := range shared {
			parts = append(parts, path.Join("templates", other+".html"))
		}
		for _, other := range names {
			if strings.HasPrefix(other.Name(), name+".") && other != file {
				parts = append(parts, path.Join("templates", other.Name()))
			}
		}
		t, err := template.New(name).Option("missingkey=error").ParseFS(files, parts...)
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		all[name] = t
	}
	return all, nil
}

// base is what the layout needs of every page.
type base struct {
	Language   string
	Account    *identity.Account // nil: nobody is signed in, or the session is locked
	Owner      *identity.Account // of the session, also when it is locked
	Half       *identity.Account // of a session that lacks its second factor
	Now        int64             // milliseconds since 1970, as the server has it
	LockFailed bool              // an attempt to unlock was refused
	Passkey    bool              // the session can be unlocked by passkey here
	LockAfter  int64             // milliseconds without a sign of life until the page locks; 0: never
	Built      bool              // the assets are there
	Stylesheet string
	Script     string // empty: the page needs none
	Alone      bool   // the script draws everything, the frame too
	Manages    bool   // the users of the own organisation
}

func (s *site) base(r *http.Request) base {
	b := base{Built: static.Built(), Stylesheet: "page.css", Now: s.Config.Now().UnixMilli(), LockAfter: s.LockAfter.Milliseconds()}
	if session, ok := app.SessionIn(r.Context()); ok {
		b.Account, b.Owner, b.Passkey = &session.Account, &session.Account, session.Passkey && s.App.PasskeysAt(hostOf(r))
		b.Manages = s.App.MayManageUsers(session.Account.Discipline)
	}
	if session, ok := app.LockedIn(r.Context()); ok {
		b.Owner, b.Passkey = &session.Account, session.Passkey && s.App.PasskeysAt(hostOf(r))
	}
	reader := b.Owner
	if session, ok := app.HalfIn(r.Context()); ok {
		b.Half, reader = &session.Account, &session.Account
	}
	b.Language = languageOf(reader, r.Header.Get("Accept-Language"))
	return b
}

// account is the base of the pages about accounts and about the access log.
func (s *site) account(r *http.Request) base {
	b := s.base(r)
	b.Stylesheet, b.Script = "account.css", "account.js"
	return b
}

// Asset is the address of a built asset; empty when there is none.
func (base) Asset(name string) string {
	file, ok := static.Asset(name)
	if !ok {
		return ""
	}
	return "/assets/" + file
}

// render writes a whole page or nothing: what cannot be made is an error before
// the first byte.
func (s *site) render(w http.ResponseWriter, status int, name string, page any) error {
	var out bytes.Buffer
	if err := s.templates[name].ExecuteTemplate(&out, "layout", page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the one who asked may have gone
	return nil
}
