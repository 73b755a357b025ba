package web

import (
	"context"

	"github.com/casustafel/casustafel/internal/app"
)

// mailLetter writes to somebody in that person's language. One that does not
// arrive is logged, without whom it was for: what it tells is told by the pages too.
func (s *site) mailLetter(ctx context.Context, l app.Letter) {
	b := base{Language: languageOf(&l.To, "")}
	words := []string{"name", l.Name, "by", l.By, "organisation", l.To.OrganisationName, "link", s.Origins[0]}
	if !l.At.IsZero() {
		words = append(words, "at", b.Day(l.At)+" "+l.At.In(app.Here).Format("15:04"))
	}
	if err := s.Mail.Send(ctx, l.To.Login, b.T("letter.subject"), b.T("letter."+string(l.Kind), words...)); err != nil {
		s.Log.WarnContext(ctx, "a letter was not mailed", "request", app.RequestIn(ctx), "kind", string(l.Kind), "err", err)
	}
}
