package web

import "net/http"

// fewReviewers is the key of what a page says when nobody, or one person alone, reviews the
// access log of the reader's organisation; empty: there are more.
func (s *site) fewReviewers(r *http.Request, none, one string) (string, error) {
	n, err := s.App.Reviewers(r.Context(), sessionIn(r))
	switch {
	case err != nil || n > 1:
		return "", err
	case n == 1:
		return one, nil
	}
	return none, nil
}

// sole is that key for the one who reviews.
func (s *site) sole(r *http.Request) (string, error) {
	return s.fewReviewers(r, "", "reviewers.sole")
}
