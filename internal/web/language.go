package web

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/static"
)

// languages that pages can be read in; the first is for who says nothing.
var (
	languages = []string{"nl", "en"}
	matcher   = language.NewMatcher([]language.Tag{language.Dutch, language.English})
)

// languageOf is the account's language, else what the browser asks for.
func languageOf(account *identity.Account, accept string) string {
	if account != nil && slices.Contains(languages, account.Language) {
		return account.Language
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return languages[0]
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return languages[0]
	}
	return languages[index]
}

// T gives the words of a key in the page's language, with {name} replaced by
// what follows it in pairs. Words for a reason that has none are the general
// ones; any other key stands for itself.
func (b base) T(key string, pairs ...string) string {
	words := b.optional(key)
	if words == "" && strings.HasPrefix(key, "reason.") {
		words = b.optional("reason.other")
	}
	if words == "" {
		words = key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		words = strings.ReplaceAll(words, "{"+pairs[i]+"}", pairs[i+1])
	}
	return words
}

// optional gives the words of a key; empty when there are none.
func (b base) optional(key string) string { return b.in(b.Language, key) }

func (base) in(language, key string) string { return static.Locale(language)[key] }

// setLanguage changes the language that one reads in.
func (s *site) setLanguage(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := whoever(r)
	if err := s.App.SetLanguage(r.Context(), session.Account.ID, form.Get("language")); err != nil {
		return err
	}
	back := "/"
	if form.Get("back") == "me" {
		back = "/me"
	}
	if id := casework.CaseID(form.Get("case")); casework.ValidID(id) {
		back = "/cases/" + string(id) // the board that was open; only ever a path of our own
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}
