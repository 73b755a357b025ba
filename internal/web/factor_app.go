package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/boombuler/barcode/qr"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// appPage shows the secret for an app that makes codes, and asks for the first.
type appPage struct {
	base
	SetUp   app.TOTPSetUp
	Picture picture
	Code    fields
	First   bool // it is the factor one comes in with
}

// Spaced is the secret as one types it over.
func (p appPage) Spaced() string {
	var groups []string
	for group := range slices.Chunk([]byte(p.SetUp.Secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

func (s *site) appPage(w http.ResponseWriter, r *http.Request) error {
	if !s.mayAddFactor(w, r) {
		return nil
	}
	set, err := s.App.NewTOTP(whoever(r))
	if err != nil {
		return err
	}
	return s.showApp(w, r, http.StatusOK, appPage{SetUp: set, Code: s.codeField(r)})
}

// mayAddFactor tells whether who asks has just shown a factor, or has none yet;
// else it asks for one.
func (s *site) mayAddFactor(w http.ResponseWriter, r *http.Request) bool {
	if _, half := app.HalfIn(r.Context()); !half {
		return s.provenFor(w, r, "/factors/app")
	}
	ways, err := s.App.SecondWays(r.Context(), whoever(r), hostOf(r))
	switch {
	case err != nil:
		s.fail(w, r, err)
	case !ways.None():
		toProve(w, r, "/factors/app")
	}
	return err == nil && ways.None()
}

func (s *site) showApp(w http.ResponseWriter, r *http.Request, status int, page appPage) error {
	_, page.First = app.HalfIn(r.Context())
	page.base = s.base(r)
	page.Stylesheet = "factor.css"
	var err error
	if page.Picture, err = pictureOf(page.SetUp.Address); err != nil {
		return err
	}
	return s.render(w, status, "factor_app", page)
}

// addApp takes the app when it shows a right code. A wrong one leaves the secret
// as it was: the app has it already.
func (s *site) addApp(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session, token := whoever(r), form.Get("set_up")
	added, err := s.App.AddTOTP(r.Context(), session, token, form.Get("code"), s.address(r))
	if kind := casework.KindOf(err); err != nil && kind == casework.Invalid {
		page := appPage{Code: s.codeField(r)}
		page.Code.blame("code", reasonKey(err))
		holds := false
		if page.SetUp, holds = s.App.TOTPAgain(session, token); !holds {
			if page.SetUp, err = s.App.NewTOTP(session); err != nil {
				return err
			}
		}
		return s.showApp(w, r, statuses[kind], page)
	}
	if err != nil {
		return s.orSignIn(w, r, err)
	}
	return s.added(w, r, added)
}

// codesPage shows recovery codes, this once.
type codesPage struct {
	base
	Codes []string
	Next  string
}

// added leads on after a new factor: past the recovery codes, if there are new ones.
func (s *site) added(w http.ResponseWriter, r *http.Request, added app.Added) error {
	next := "/me?done=factor"
	if added.Fresh != "" {
		http.SetCookie(w, cookie(added.Fresh))
		next = "/start"
	}
	if len(added.Codes) == 0 {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return s.showCodes(w, r, added.Codes, next)
}

func (s *site) showCodes(w http.ResponseWriter, r *http.Request, codes []string, next string) error {
	page := codesPage{base: s.base(r), Codes: codes, Next: next}
	page.Stylesheet, page.Script = "factor.css", "factor.js"
	return s.render(w, http.StatusOK, "recovery_codes", page)
}

// quiet is the white margin that readers of QR codes need.
const quiet = 4

// picture is a QR code as one path of squares, from its corner inside the margin.
type picture struct {
	Width int // with its margin
	Path  string
}

func pictureOf(text string) (picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return picture{}, fmt.Errorf("draw a QR code: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return picture{size + 2*quiet, path.String()}, nil
}
