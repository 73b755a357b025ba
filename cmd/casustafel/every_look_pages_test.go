package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// pages are what is on the record of having looked at them. Which of them is refused
// to whom the answer tells.
var pages = []struct {
	path   string
	form   url.Values    // posted; nil: the page is only looked at
	events []audit.Event // when it is shown, in their order
	refuse audit.Event   // when it is not
}{
	{"/", nil, []audit.Event{"list_cases"}, ""},
	{"/me/accesses", nil, []audit.Event{"own_accesses"}, ""},
	{"/records", nil, []audit.Event{"view_records"}, "view_records"},
	{"/hats", nil, []audit.Event{"view_hats"}, "view_hats"},
	{"/cases/{id}/team", nil, []audit.Event{"view_team"}, "view_team"},
	{"/cases/{id}/access", nil, []audit.Event{"view_sight"}, "view_sight"},
	{"/cases/{id}/records", nil, []audit.Event{"view_case_records"}, "view_case_records"},
	{"/cases/{id}/team/exclusions", nil, []audit.Event{"list_exclusions"}, "list_exclusions"},
	{"/cases/{id}/links", nil, []audit.Event{"list_links"}, "list_links"},
	{"/records/export", url.Values{"reason": {"incident"}, "format": {"csv"}}, []audit.Event{"export_log", "export_log_ended"}, "export_log"},
	{"/cases/{id}/export", url.Values{}, nil, "export"}, // nobody said yes
}

// manages tells of a manager, who has no seat, and to whom My cases says how many reviews
// wait.
func (p *looker) manages() bool { return p.name == "Els" || p.name == "Bo" }

func (p *looker) page() {
	asked := one(p.whim, pages)
	id := casework.CaseID("")
	path := asked.path
	if strings.Contains(path, "{id}") {
		if id = one(p.whim, p.all.cases); p.chance(10) {
			id = noCase
		}
		path = strings.ReplaceAll(path, "{id}", string(id))
	}
	status, err := p.visit(path, asked.form)
	switch {
	case err != nil:
		p.fail(path, err)
	case status == http.StatusOK && asked.events != nil:
		for _, event := range asked.events {
			p.did(event, true, id, "")
		}
		if path == "/" && p.manages() {
			p.did("count_reviews", true, "", "")
		}
	case (status == http.StatusNotFound || status == http.StatusForbidden) && asked.refuse != "":
		p.did(asked.refuse, false, id, "")
		if asked.refuse == "export" { // whoever sits there is told so on the page of seconds
			p.did("list_seconds", false, id, "")
			last := &p.journal[len(p.journal)-1]
			last.may, last.withheld = true, true
		}
	default:
		p.fail(path, status)
	}
}

// visit opens a page, or posts a form, and gives the status of the answer.
func (p *looker) visit(path string, form url.Values) (int, error) {
	if form == nil {
		status, _, err := p.browser.Get(p.all.t.Context(), path)
		return status, err
	}
	response, err := p.browser.Post(p.all.t.Context(), path, form)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

func (p *looker) signInAnew() {
	if p.at != nil {
		p.leave()
	}
	response, err := p.browser.Post(p.all.t.Context(), "/sign-out", url.Values{})
	if err != nil {
		p.fail("sign out", err)
		return
	}
	response.Body.Close() //nolint:errcheck // nothing is read
	p.did("sign_out", true, "", "")
	link, err := p.all.node.app.NewSignInLink(p.all.t.Context(), p.user)
	if err != nil {
		p.fail("make a link", err)
		return
	}
	if p.browser, err = liveclient.SignIn(p.all.t.Context(), p.all.node.origins[0], link); err != nil {
		p.fail("sign in", err)
	}
	p.did("sign_in", true, "", "")
}
