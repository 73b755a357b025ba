package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/casework"
)

// readForm reads what was posted; the query of the address is not part of it.
// An error of its own says nothing of what was typed.
func readForm(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return nil, tooLarge
		}
		return nil, casework.Refuse(casework.Invalid, "bad_text")
	}
	return r.PostForm, nil
}

// textField reads a field that is to be text.
func textField(form url.Values, name string) (string, error) {
	text := form.Get(name)
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", casework.Refuse(casework.Invalid, "bad_text")
	}
	return text, nil
}

// caseForm reads a form about the case that the address names.
func caseForm(r *http.Request) (casework.CaseID, url.Values, error) {
	id, err := caseOf(r)
	if err != nil {
		return "", nil, err
	}
	form, err := readForm(r)
	return id, form, err
}
