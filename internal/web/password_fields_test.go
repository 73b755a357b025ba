package web

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/identity"
)

// Wherever a password is typed it is masked, may be pasted or filled in by whatever
// keeps it, and is not cut off.
func TestPasswordFields(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b, locked, nobody := p.signedIn(t, "iris"), p.signedIn(t, "iris"), &browser{place: p}
	locked.post("/lock")
	ada := p.administrator(t, "ada@linde.example", "De Linde")
	token := link(t, ada.post("/organisation/invite", "login", "daan@linde.example", "name", "Daan", "discipline", "chair", "language", "nl").Body.String())
	for name, c := range map[string]struct {
		page   *httptest.ResponseRecorder
		fields map[string]string
	}{
		"sign-in":    {nobody.get("/sign-in"), map[string]string{"password": "current-password"}},
		"locked":     {locked.get("/"), map[string]string{"password": "current-password"}},
		"own page":   {b.get("/me"), map[string]string{"current": "current-password", "fresh": "new-password"}},
		"invitation": {nobody.post("/invitation", "token", token), map[string]string{"password": "new-password"}},
	} {
		for field, complete := range c.fields {
			found := find(t, c.page, "input", "name", field)
			if len(found) != 1 || attr(found[0], "type") != "password" || attr(found[0], "autocomplete") != complete {
				t.Errorf("%s: the field %s is %v", name, field, found)
				continue
			}
			if most, err := strconv.Atoi(attr(found[0], "maxlength")); err == nil && most < identity.PasswordMax {
				t.Errorf("%s: the field %s takes %d characters", name, field, most)
			}
		}
		if strings.Contains(c.page.Body.String(), "onpaste") {
			t.Errorf("%s: pasting is held up", name)
		}
	}
}
