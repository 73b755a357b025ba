package web

import (
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/casustafel/casustafel/internal/app"
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

//go:embed words/*.json
var wordFiles embed.FS

// ownWords are the words of pages that no script shows.
var ownWords = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range languages {
		raw, err := wordFiles.ReadFile("words/" + lang + ".json")
		if err != nil {
			panic("web: " + err.Error()) // it is embedded
		}
		var words map[string]string
		if err := json.Unmarshal(raw, &words); err != nil {
			panic("web: words/" + lang + ".json: " + err.Error())
		}
		all[lang] = words
	}
	return all
})

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
func (b base) optional(key string) string {
	if words := static.Locale(b.Language)[key]; words != "" {
		return words
	}
	return ownWords()[b.Language][key]
}

// setLanguage changes the language that one reads in.
func (s *site) setLanguage(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session, _ := app.SessionIn(r.Context())
	if err := s.App.SetLanguage(r.Context(), session.Account.ID, form.Get("language")); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
